"""Values as people and programs write them into records, in the form in which an item holds them. Pure."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from lockgate.kit.seed import periods
from lockgate.model.item import UND, Text
from lockgate.model.rights import Period

SEPARATORS = re.compile(r"[;|,\n]")
YES = {"true", "yes", "ja", "y", "x", "1", "cleared", "freigegeben"}
GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
NEVER = Period(datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(0, UTC))
"""No instant at all: what a date that is none permits."""


class Unreadable(ValueError):
    """A value that is not what it should be; the message is a sentence without its field."""


def text(value: Any) -> Text:
    """A text by language. A bare text has none stated."""
    if isinstance(value, dict):
        return {
            tag(str(language)): str(said).strip()
            for language, said in value.items()
            if said is not None and str(said).strip()
        }
    if isinstance(value, list | tuple):
        value = "; ".join(str(one) for one in value)
    plain = "" if value is None else str(value).strip()
    return {UND: plain} if plain else {}


def tag(language: str) -> str:
    """`de_DE` as BCP 47 writes it; anything that is no tag is "not stated"."""
    if not TAG.fullmatch(language):
        return UND
    head, *rest = language.replace("_", "-").split("-")
    return "-".join([head.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


def words(value: Any) -> tuple[str, ...]:
    """A list of words, or one text with `;`, `|`, `,` or line breaks between them; each once, in order."""
    parts: Iterable[Any] = (
        value if isinstance(value, list | tuple) else SEPARATORS.split("" if value is None else str(value))
    )
    return tuple(dict.fromkeys(word for one in parts if (word := str(one).strip())))


def yes(value: Any) -> bool:
    return value is True or str(value).strip().lower() in YES


def day(value: Any) -> date | datetime:
    """A day, or an instant. Of a year or month alone nothing is assumed. Raises Unreadable."""
    said = str(value).strip()
    try:
        if found := GERMAN.fullmatch(said):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if re.fullmatch(r"\d{8}", said):
            return periods.compact(said)
        if re.match(r"\d{4}-\d\d-\d\d", said):
            return periods.parsed(said)
    except ValueError as error:
        raise Unreadable(f"{said!r} is no date such as 2026-12-31") from error
    raise Unreadable(f"{said!r} is no date such as 2026-12-31")


def opens(value: Any, zone: str) -> datetime | None:
    """The first instant of a period that begins then. Raises Unreadable."""
    if value in (None, ""):
        return None
    at = day(value)
    return at if isinstance(at, datetime) else Period.of_days(at, None, zone).from_


def closes(value: Any, zone: str) -> datetime | None:
    """The first instant after a period that ends then; of a plain day, the midnight after it. Raises Unreadable."""
    if value in (None, ""):
        return None
    at = day(value)
    return at if isinstance(at, datetime) else Period.of_days(None, at, zone).until


def instant(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None


def as_json(value: Any) -> Any:
    """A value of a spreadsheet as JSON: dates in ISO 8601, whole numbers without a fraction, the rest as it is."""
    if isinstance(value, datetime):
        plain = (value.hour, value.minute, value.second) == (0, 0, 0) and value.tzinfo is None
        return value.date().isoformat() if plain else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if value is None or isinstance(value, bool | int | float | str | dict | list):
        return value
    return str(value)
