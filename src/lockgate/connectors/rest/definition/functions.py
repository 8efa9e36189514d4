"""What expressions may call beside CEL's own functions, and how a value is written as text."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec


def as_text(value: Any) -> str:
    """A value inside a text: booleans as `true`, lists with commas, instants as ISO 8601 in UTC, objects as JSON."""
    kind = type(value)
    if kind is str or kind is int:
        return str(value)
    if kind is float and value.is_integer():
        return f"{value:.0f}"
    written = next((write for known, write in WRITTEN.items() if isinstance(value, known)), str)
    return written(value)


WRITTEN: Mapping[Any, Any] = {
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "",
    datetime: lambda value: value.isoformat().replace("+00:00", "Z"),
    list: lambda value: ",".join(map(as_text, value)),
    tuple: lambda value: ",".join(map(as_text, value)),
    Mapping: lambda value: msgspec.json.encode(value).decode(),
}


def b64(text: Any) -> str:
    return base64.b64encode(as_text(text).encode()).decode()


def join(values: Any, separator: str = ",") -> str:
    return separator.join(map(as_text, values))


def split(text: Any, separator: str) -> list[str]:
    return [one.strip() for one in as_text(text).split(separator) if one.strip()]


def json(value: Any) -> str:
    """A value as JSON text, for systems that take JSON inside a parameter."""
    return msgspec.json.encode(value).decode()


def replace(text: Any, old: str, new: str) -> str:
    return as_text(text).replace(old, new)


def lines(text: Any) -> list[str]:
    """The lines of a text, empty ones too."""
    return as_text(text).replace("\r\n", "\n").split("\n")


def lower(text: Any) -> str:
    return as_text(text).lower()


def sha256(text: Any) -> str:
    return hashlib.sha256(as_text(text).encode()).hexdigest()


PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")


def newest(values: Any) -> Any:
    """The latest of several instants of one form, numbers, ISO texts or objects of year … microsecond; null when there is none."""
    known = [one for one in values if one]
    return max(
        known, key=lambda one: [one.get(name, 0) for name in PARTS] if isinstance(one, Mapping) else one, default=None
    )


def last(values: Any) -> Any:
    """The last of a list; no value where it is empty."""
    return values[-1]


OURS: Mapping[str, Any] = {
    "base64": b64,
    "join": join,
    "json": json,
    "last": last,
    "lines": lines,
    "lower": lower,
    "newest": newest,
    "replace": replace,
    "sha256": sha256,
    "split": split,
    "text": as_text,
}
KNOWN = frozenset(OURS) | {
    "bytes", "contains", "double", "duration", "dyn", "endsWith", "int", "matches", "max", "min", "size",
    "startsWith", "string", "timestamp", "type", "uint", "has", "bool",
    "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear",
    "getHours", "getMinutes", "getSeconds", "getMilliseconds",
}  # fmt: skip
