"""Values of attributes and properties, there and back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lockgate.connectors.opentext.mapping.categories import Attribute
from lockgate.kit.profile import Match, canonical, vendor_values
from lockgate.model.item import pick


class UnwritableError(ValueError):
    """The value does not fit the attribute; the message is a clause for people."""


def readable(one: Attribute, wire: Any) -> Any:
    """What the server holds, as a JSON value: dates without a time of day, nothing for an empty text."""
    if isinstance(wire, list):
        return [value for entry in wire if (value := readable(one, entry)) is not None]
    if wire in ("", None):
        return None
    if one.type == "date":
        return str(wire).removesuffix("Z").removesuffix("T00:00:00")
    if one.type == "boolean":
        return wire if isinstance(wire, bool) else str(wire).casefold() in {"true", "1"}
    return wire


def writable(one: Attribute, value: Any, *, zone: str, language: str, ends: bool) -> Any:
    """A canonical value in the server's form. Raises UnwritableError."""
    plain = pick(value, language) if isinstance(value, dict) else value
    if one.multiple:
        entries = plain if isinstance(plain, Sequence) and not isinstance(plain, str) else [plain]
        return [single(one, entry, zone, ends) for entry in entries if entry not in (None, "")]
    if isinstance(plain, list | tuple):
        plain = ", ".join(map(str, plain))
    return None if plain is None else single(one, plain, zone, ends)


def single(one: Attribute, value: Any, zone: str, ends: bool) -> Any:
    if one.type == "date":
        return day(value, zone, ends)
    if one.type == "boolean":
        return flag(value)
    if one.type in {"number", "reference"}:
        return number(value)
    text = str(value)
    return text if one.length is None or len(text) <= one.length else f"{text[: one.length - 1]}…"


def day(value: Any, zone: str, ends: bool) -> str:
    """The calendar day of an instant in the tenant's zone; of an end that is the first instant outside, the last day inside."""
    text = str(value)
    try:
        if "T" not in text:
            return date.fromisoformat(text).isoformat()
        at = datetime.fromisoformat(text)
    except ValueError as problem:
        raise UnwritableError(f"{text!r} is no date") from problem
    local = at.astimezone(ZoneInfo(zone)) if at.tzinfo else at
    return (local - timedelta(microseconds=1) if ends else local).date().isoformat()


def flag(value: Any) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if (found := known.get(str(value).casefold())) is None:
        raise UnwritableError(f"{value!r} is neither yes nor no")
    return found


def number(value: Any) -> int | float:
    if isinstance(value, bool):
        raise UnwritableError(f"{value!r} is no number")
    try:
        found = float(value)
    except (TypeError, ValueError) as problem:
        raise UnwritableError(f"{value!r} is no number") from problem
    return int(found) if found.is_integer() else found


def ours(match: Match, value: Any) -> Any:
    """Choices in our words, as far as the profile translates them."""
    if isinstance(value, list):
        return [ours(match, one) for one in value]
    if value is None or not match.values:
        return value
    return canonical(match, value) or value


def theirs(match: Match, value: Any) -> Any:
    """Choices in the tenant's words, the first where several mean the same."""
    if isinstance(value, list | tuple):
        return [theirs(match, one) for one in value]
    return next(iter(vendor_values(match, value)), value) if isinstance(value, str) and match.values else value
