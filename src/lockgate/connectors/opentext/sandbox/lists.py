"""How lists and choices of fields are written in parameters: repeated, in braces, as JSON, with commas."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

_FIELD = re.compile(r"(?P<name>\w+-?)(?:\.(?P<how>\w+)\((?P<number>\d+)\))?(?:\{(?P<members>[^}]*)\})?")


class Wish(msgspec.Struct, frozen=True):
    """One field group that is asked for: `properties{id,name}`, `versions.element(0)`, `permissions.limit(5)`."""

    name: str
    members: tuple[str, ...] = ()
    how: str = ""
    number: int = 0


def listed(given: Iterable[Any]) -> list[str]:
    """Every value of a list parameter: repeated keys, `{A,'B'}`, `[1,2]` and `1,2` are all taken apart."""
    found: list[str] = []
    for one in given:
        if isinstance(one, (list, tuple)):
            found += listed(one)
            continue
        text = str(one).strip()
        if text[:1] in "{[" and text[-1:] in "}]":
            text = text[1:-1]
        found += [part.strip().strip("'\"") for part in text.split(",")]
    return [one for one in found if one]


def wishes(given: Iterable[str]) -> dict[str, Wish]:
    """The field groups asked for, by name."""
    found: dict[str, Wish] = {}
    for text in given:
        for match in _FIELD.finditer(text):
            members = tuple(part.strip() for part in (match["members"] or "").split(",") if part.strip())
            found[match["name"]] = Wish(match["name"], members, match["how"] or "", int(match["number"] or 0))
    return found


def narrowed(properties: Mapping[str, Any], wish: Wish | None) -> dict[str, Any]:
    """Only the members asked for, where some are."""
    if wish is None or not wish.members:
        return dict(properties)
    return {name: properties[name] for name in wish.members if name in properties}


def truth(given: Any) -> bool:
    """Booleans arrive as `True`, `true`, `1` or as a key without a value."""
    return str(given).strip().lower() in {"true", "1", "yes", ""}
