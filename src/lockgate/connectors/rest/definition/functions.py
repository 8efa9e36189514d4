"""What expressions may call beside CEL's own functions, and how a value is written as text."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec


def as_text(value: Any) -> str:
    """A value inside a text: booleans as `true`, lists with commas, instants as ISO 8601 in UTC."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, list | tuple):
        return ",".join(map(as_text, value))
    if isinstance(value, Mapping):
        return msgspec.json.encode(value).decode()
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)


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


def lower(text: Any) -> str:
    return as_text(text).lower()


def sha256(text: Any) -> str:
    return hashlib.sha256(as_text(text).encode()).hexdigest()


OURS: Mapping[str, Any] = {
    "base64": b64,
    "join": join,
    "json": json,
    "lower": lower,
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
