"""Category attributes in the forms in which the server reads and takes them.

Keys are `{category}_{attribute}`; within a set `{category}_{set}_{row}_{attribute}`, whose definition has `x` for the row.
Reading gives them flat, one object a category or all in one. Creating a node takes them flat, creating a workspace nested by
category, an update one category a call.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

SET_MEMBER = re.compile(r"(\d+_\d+)_x_(\d+)")
STRING, DATE, INTEGER, BOOLEAN = -1, -7, 2, 5
TYPES = {"Date": "date", "Integer": "number", "Real": "number", "Boolean": "boolean", "String": "text"}
NUMBERS = {DATE: "date", INTEGER: "number", BOOLEAN: "boolean", STRING: "text"}
MEMBERS = frozenset({"user", "member", "group"})


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute of a category as its definition says."""

    key: str
    """`4711_2`, or `4711_4_x_5` within a set."""
    label: str
    """With the names of its category and set."""
    type: str = "text"
    """`text`, `number`, `boolean`, `date` or `reference` (a user or group by id)."""
    multiple: bool = False
    """Several values, or a row each in a set of several rows."""
    length: int | None = None
    required: bool = False
    read_only: bool = False

    @property
    def category(self) -> str:
        return self.key.partition("_")[0]

    @property
    def in_rows(self) -> bool:
        return "_x_" in self.key


def attributes(metadata: Any) -> dict[str, Attribute]:
    """The attributes that definitions describe; they come as one object, or as a list with one object a category."""
    found: dict[str, Attribute] = {}
    for definitions in metadata if isinstance(metadata, list) else [metadata]:
        if isinstance(definitions, dict):
            found |= {key: attribute(key, one, definitions) for key, one in definitions.items() if plain(one)}
    return found


def plain(definition: Any) -> bool:
    """Categories and sets have definitions too, but no values of their own."""
    return isinstance(definition, dict) and definition.get("persona") not in {"category", "set"}


def attribute(key: str, told: Mapping[str, Any], beside: Mapping[str, Any]) -> Attribute:
    category = key.partition("_")[0]
    rows = SET_MEMBER.fullmatch(key)
    above = [category, rows[1]] if rows else [category]
    names = [str(beside[one]["name"]) for one in above if isinstance(beside.get(one), dict) and beside[one].get("name")]
    several_rows = bool(rows and (beside.get(rows[1]) or {}).get("multi_value"))
    length = told.get("max_length")
    return Attribute(
        key=key,
        label=": ".join([*names, str(told.get("name") or key)]),
        type=type_of(told),
        multiple=several_rows or bool(told.get("multi_value")),
        length=length if isinstance(length, int) and length > 0 else None,
        required=told.get("required") is True,
        read_only=told.get("read_only") is True,
    )


def type_of(told: Mapping[str, Any]) -> str:
    if told.get("persona") in MEMBERS:
        return "reference"
    return TYPES.get(str(told.get("type_name")), NUMBERS.get(told.get("type") or 0, "text"))


def flat(categories: Any) -> dict[str, Any]:
    """All values by key, from either form of reading."""
    if isinstance(categories, dict):
        return dict(categories)
    found: dict[str, Any] = {}
    for one in categories if isinstance(categories, list) else ():
        if isinstance(one, dict):
            found |= one
    return found


def value_of(values: Mapping[str, Any], one: Attribute) -> Any:
    """The value of an attribute; within a set of several rows the list of what its rows hold."""
    if not (parts := SET_MEMBER.fullmatch(one.key)):
        return values.get(one.key)
    found = [values[key] for key in row_keys(values, parts)]
    if one.multiple:
        return found
    return found[0] if found else None


def row_keys(values: Iterable[str], parts: re.Match[str]) -> list[str]:
    """The keys of a set's member that are there, in the order of rows."""
    pattern = re.compile(rf"{parts[1]}_(\d+)_{parts[2]}")
    rows = [(int(row[1]), key) for key in values if (row := pattern.fullmatch(key))]
    return [key for _, key in sorted(rows)]


def keyed(one: Attribute, value: Any, before: Mapping[str, Any]) -> dict[str, Any]:
    """A value as the keys to write. Rows of a set that were there and have no value any more are emptied, others of it stay."""
    if not (parts := SET_MEMBER.fullmatch(one.key)):
        return {one.key: value}
    rows = value if isinstance(value, list) else [value]
    emptied: dict[str, Any] = dict.fromkeys(row_keys(before, parts), "")
    return emptied | {f"{parts[1]}_{number}_{parts[2]}": row for number, row in enumerate(rows, 1)}


def nested(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By category, as a new workspace takes them, and as updates are cut into calls."""
    found: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        found.setdefault(key.partition("_")[0], {})[key] = value
    return found
