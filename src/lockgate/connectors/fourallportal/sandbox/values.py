"""Values as they are written: checked by field type, brought into stored form, merged by dimensions."""

import math
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from .errors import bad
from .records import Entry
from .schema import DIMENSIONS, WEIGHTS, Field, Schema
from .times import day, instant, stamp

LinkCheck = Callable[[str, str], bool]
"""(module, id) → whether such an object exists."""


class Writer:
    """Turns what a caller sends for a field into what is stored."""

    def __init__(self, schema: Schema, exists: LinkCheck) -> None:
        self._options = schema.options
        self._exists = exists

    def read(self, field: Field, sent: Any) -> list[Entry]:
        """Checked entries with None for what is to be cleared; 400 for anything the field cannot take."""
        if not isinstance(sent, list):
            bad(f"Field '{field.name}' must be an array of {{value, dimensions}}")
        entries = [self._entry(field, one) for one in sent]
        dimensions = [_dimensions(entry) for entry in entries]
        if any(one in dimensions[:at] for at, one in enumerate(dimensions)):
            bad(f"Field '{field.name}' has two values for the same dimensions")
        return entries

    def _entry(self, field: Field, sent: Any) -> Entry:
        if not isinstance(sent, dict) or "value" not in sent or sent.keys() - {"value", "dimensions"}:
            bad(f"Field '{field.name}' takes entries of {{value, dimensions}} only")
        dimensions = self._checked_dimensions(field, sent.get("dimensions"))
        value = None if sent["value"] in (None, []) else self._value(field, sent["value"])
        return {"value": value, "dimensions": dimensions} if dimensions else {"value": value}

    def _checked_dimensions(self, field: Field, sent: Any) -> dict[str, str]:
        if sent in (None, {}, []):
            return {}
        if not isinstance(sent, dict):
            bad(f"Dimensions of field '{field.name}' must be an object")
        for name, value in sent.items():
            if name not in field.dimensions:
                bad(f"Field '{field.name}' has no dimension '{name}'")
            if value not in DIMENSIONS[name]:
                bad(f"Unknown {name} '{value}' for field '{field.name}'")
        return dict(sorted(sent.items()))

    def _value(self, field: Field, sent: Any) -> Any:
        if field.options is not None:
            return self._option(field, sent)
        if field.target is not None:
            return self._link(field, field.target, sent)
        return _READERS[field.type](field, sent)

    def _option(self, field: Field, sent: Any) -> str:
        known = self._options[field.options or ""]
        if not isinstance(sent, str) or sent not in known:
            bad(f"Unknown option '{sent}' for field '{field.name}'")
        return sent

    def _link(self, field: Field, target: str, sent: Any) -> str | list[str]:
        many = field.type == "CEExternalIdList"
        ids = _texts(field, sent) if many else [_text(field, sent)]
        for one in ids:
            if not self._exists(target, one):
                bad(f"Field '{field.name}': no {target} with id '{one}'")
        return list(dict.fromkeys(ids)) if many else ids[0]


def merge(stored: Sequence[Entry], sent: Sequence[Entry]) -> list[Entry]:
    """Entries of exactly the same dimensions are replaced or, with None, cleared; all others stay."""
    left = {_key(entry): entry for entry in stored}
    for entry in sent:
        if entry["value"] is None:
            left.pop(_key(entry), None)
        else:
            left[_key(entry)] = entry
    return list(left.values())


def _dimensions(entry: Entry) -> dict[str, str]:
    found: dict[str, str] = entry.get("dimensions") or {}
    return found


def _key(entry: Entry) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(_dimensions(entry).items()))


def _wrong(field: Field, expected: str) -> NoReturn:
    bad(f"Field '{field.name}' ({field.type}) takes {expected}")


def _text(field: Field, sent: Any) -> str:
    if not isinstance(sent, str):
        _wrong(field, "a text")
    if field.length is not None and len(sent) > field.length:
        _wrong(field, f"at most {field.length} characters")
    return sent


def _texts(field: Field, sent: Any) -> list[str]:
    if not isinstance(sent, list) or not all(isinstance(one, str) for one in sent):
        _wrong(field, "an array of texts")
    return list(sent)


def _boolean(field: Field, sent: Any) -> bool:
    if not isinstance(sent, bool):
        _wrong(field, "true or false")
    return sent


def _integer(bits: int) -> Callable[[Field, Any], int]:
    def read(field: Field, sent: Any) -> int:
        if not isinstance(sent, int) or isinstance(sent, bool) or not -(2 ** (bits - 1)) <= sent < 2 ** (bits - 1):
            _wrong(field, f"a whole number of {bits} bits")
        return sent

    return read


def _number(field: Field, sent: Any) -> float | int:
    if not isinstance(sent, int | float) or isinstance(sent, bool) or not math.isfinite(sent):
        _wrong(field, "a number")
    return sent


def _date(field: Field, sent: Any) -> str:
    try:
        return day(_text(field, sent))
    except ValueError:
        _wrong(field, f"a date like {date(2025, 3, 4)}")


def _timestamp(field: Field, sent: Any) -> str:
    try:
        return stamp(instant(_text(field, sent)))
    except ValueError:
        _wrong(field, "an ISO timestamp")


def _metric(field: Field, sent: Any) -> dict[str, Any]:
    """The server computes `normalized`; what a writer sends for it is not looked at."""
    if not isinstance(sent, dict) or "value" not in sent or sent.get("unit", "kg") not in WEIGHTS:
        _wrong(field, f"{{value, unit}} with a unit of {', '.join(WEIGHTS)}")
    unit = sent.get("unit", "kg")
    amount = _number(field, sent["value"])
    grams = Decimal(str(amount)) * WEIGHTS[unit]
    whole = grams == grams.to_integral_value()
    return {"value": amount, "unit": unit, "normalized": int(grams) if whole else float(grams)}


_READERS: dict[str, Callable[[Field, Any], Any]] = {
    "CEVarchar": _text,
    "CEText": _text,
    "CEVarcharList": _texts,
    "CEBoolean": _boolean,
    "CEInteger": _integer(32),
    "CELong": _integer(64),
    "CEDouble": _number,
    "CEDate": _date,
    "CETimestamp": _timestamp,
    "CEMetric": _metric,
}
