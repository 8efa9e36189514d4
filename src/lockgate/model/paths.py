"""Canonical names as recipes write them: `title`, `ids.sku`, `rights.summary`, `keywords.campaign`, `fields.season`."""

from collections.abc import Callable
from typing import Any

from lockgate.model import rights
from lockgate.model.item import Item, pick
from lockgate.model.verdict import earliest


def until(item: Item) -> str | None:
    """The first instant at which the item or a permission ends, as ISO 8601 in UTC."""
    ends = [rule.period.until for rule in item.rights.permissions] if item.rights else []
    end = earliest([item.window.until, *ends])
    return end.isoformat().replace("+00:00", "Z") if end else None


def credit(item: Item) -> str | None:
    """The credit line that is owed, else the one that the item states."""
    duties = item.rights.duties if item.rights else ()
    owed = next((duty.text for duty in duties if duty.action == "attribute"), None)
    return owed if owed is not None else pick(item.texts.get("credit", {}))


def media_type(item: Item) -> str | None:
    original = item.rendition("original")
    return original.media_type if original else None


SIMPLE: dict[str, Callable[[Item], Any]] = {
    "id": lambda item: item.id,
    "kind": lambda item: item.kind,
    "title": lambda item: item.title,
    "status": lambda item: item.status.value,
    "language": lambda item: list(item.languages),
    "locale": lambda item: list(item.languages),
    "keywords": lambda item: sorted({word for words in item.keywords.values() for word in words}),
    "modified": lambda item: item.modified.isoformat() if item.modified else None,
    "url": lambda item: item.url,
    "rights.summary": lambda item: rights.summary(item.rights),
    "rights.statement": lambda item: item.rights.statement if item.rights else None,
    "rights.until": until,
    "rights.credit": credit,
    "format": media_type,
}

OPEN: dict[str, Callable[[Item, str], Any]] = {
    "ids": lambda item, name: list(item.identifiers.get(name, ())),
    "texts": lambda item, name: item.texts.get(name, {}),
    "keywords": lambda item, name: list(item.keywords.get(name, ())),
    "fields": lambda item, name: item.fields.get(name),
}


def known(path: str) -> bool:
    """Whether `value` can read this path."""
    head, _, rest = path.partition(".")
    return path in SIMPLE or (head in OPEN and bool(rest))


def reader(path: str) -> Callable[[Item], Any]:
    """What reads this path from items; made once where a path is read many times. Raises KeyError where `known` says no."""
    if path in SIMPLE:
        return SIMPLE[path]
    head, _, rest = path.partition(".")
    if not rest:
        raise KeyError(path)
    read = OPEN[head]
    return lambda item: read(item, rest)


def value(item: Item, path: str) -> Any:
    """The item's value at a canonical path, as JSON: text maps by language, lists, scalars or None.

    Raises KeyError for a path that `known` does not know.
    """
    return reader(path)(item)


def stated(value: Any) -> bool:
    """Whether a value says anything. Zero and false do; null, a blank text, an empty list and an empty map do not."""
    if isinstance(value, str):
        return not value.isspace() and value != ""
    if isinstance(value, dict):
        return any(map(stated, value.values()))
    if isinstance(value, list | tuple):
        return any(map(stated, value))
    return value is not None
