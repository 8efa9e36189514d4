"""Categories: their attributes, how values are kept and shown, and what is taken in, flat or nested.

Values are kept by the flat keys of the categories call: `C_A`, and `C_S_R_A` for a member of row R of set S.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .errors import bad
from .records import Attribute, Node
from .times import written_date

TYPES = {"String": -1, "Date": -7, "Integer": 2, "Boolean": 5, "User": 14, "Set": -18}
LANGUAGES = "_multilingual"
_KEY = re.compile(r"(\d+)_(\d+)(?:_(\d+|x)(?:_(\d+))?)?(_multilingual)?")

Values = dict[str, Any]


class Category:
    """A category as its node defines it."""

    def __init__(self, node: Node) -> None:
        self.id = node.id
        self.name = node.name
        self.attributes = {one.id: one for one in node.definition}

    def top(self) -> list[Attribute]:
        return [one for one in self.attributes.values() if one.set is None]

    def within(self, set_id: int) -> list[Attribute]:
        return [one for one in self.attributes.values() if one.set == set_id]

    # --- showing ---

    def flat(self, values: Values) -> Values:
        """Every key with its value, in the order of the definition; what nobody filled in is null or an empty list."""
        shown: Values = {}
        for key, attribute in self._keys(values):
            shown[key] = values.get(key, [] if attribute.multi else None)
            if key + LANGUAGES in values:
                shown[key + LANGUAGES] = values[key + LANGUAGES]
        return shown

    def nested(self, values: Values) -> Values:
        """As forms carry them: rows of a set as a list."""
        flat, shown = self.flat(values), {}
        for one in self.top():
            if one.type != "Set":
                shown[f"{self.id}_{one.id}"] = flat[f"{self.id}_{one.id}"]
            elif one.multi:
                rows = range(1, self.rows(one, values) + 1)
                shown[f"{self.id}_{one.id}"] = [self._row(one, row, flat, "x") for row in rows]
            else:
                shown[f"{self.id}_{one.id}"] = self._row(one, 1, flat, "1")
        return shown

    def _row(self, set_: Attribute, row: int, flat: Values, as_row: str) -> Values:
        stem = f"{self.id}_{set_.id}"
        return {f"{stem}_{as_row}_{one.id}": flat[f"{stem}_{row}_{one.id}"] for one in self.within(set_.id)}

    def definitions(self) -> dict[str, dict[str, Any]]:
        """The definition of each key: the category first, a set just before its members."""
        shown = {str(self.id): _described(str(self.id), self.name, "Set", persona="category")}
        for one in self.top():
            key = f"{self.id}_{one.id}"
            shown[key] = _attribute(key, one)
            for member in self.within(one.id):
                shown[f"{key}_x_{member.id}"] = _attribute(f"{key}_x_{member.id}", member)
        return shown

    def map(self) -> dict[str, list[str]]:
        found = {str(self.id): [f"{self.id}_{one.id}" for one in self.top()]}
        for one in self.top():
            if one.type == "Set":
                found[f"{self.id}_{one.id}"] = [f"{self.id}_{one.id}_x_{member.id}" for member in self.within(one.id)]
        return found

    def rows(self, set_: Attribute, values: Values) -> int:
        """How many rows a set has: at least the one that is there to be filled in."""
        stem = f"{self.id}_{set_.id}_"
        return max([1, *(int(key[len(stem) :].split("_")[0]) for key in values if key.startswith(stem))])

    def _keys(self, values: Values) -> Iterator[tuple[str, Attribute]]:
        for one in self.top():
            if one.type != "Set":
                yield f"{self.id}_{one.id}", one
                continue
            for row in range(1, self.rows(one, values) + 1):
                for member in self.within(one.id):
                    yield f"{self.id}_{one.id}_{row}_{member.id}", member

    # --- taking in ---

    def changed(self, values: Values, sent: Mapping[str, Any]) -> Values:
        """The values with those sent put in. 400 for keys of another category and values that do not fit."""
        after = dict(values)
        for key, value in sent.items():
            if key not in {"category_id", f"{self.id}_1"}:
                self._take(after, key, value)
        return after

    def _take(self, after: Values, key: str, value: Any) -> None:
        match = _KEY.fullmatch(key)
        if match is None or int(match[1]) != self.id or int(match[2]) not in self.attributes:
            raise self._stranger(key)
        attribute = self.attributes[int(match[2])]
        if attribute.type != "Set":
            if match[3] is not None:
                raise self._stranger(key)
            self._put(after, key, attribute, value)
        elif match[3] is None:
            self._take_rows(after, attribute, value)
        elif match[4] is None:
            self._take_row(after, attribute, match[3], value, key)
        else:
            self._take_member(after, attribute, match[3], int(match[4]), value, key)

    def _take_rows(self, after: Values, set_: Attribute, value: Any) -> None:
        """A whole set, as forms carry it."""
        rows = value if isinstance(value, list) else [value]
        for number, row in enumerate(rows, start=1):
            if not isinstance(row, dict):
                raise self._stranger(f"{self.id}_{set_.id}")
            for key, one in row.items():
                member = _KEY.fullmatch(key)
                if member is None or member[4] is None:
                    raise self._stranger(key)
                self._take_member(after, set_, str(number), int(member[4]), one, key)

    def _take_row(self, after: Values, set_: Attribute, row: str, value: Any, key: str) -> None:
        """An empty text removes the row; those behind it move up."""
        if value != "" or row == "x":
            raise self._stranger(key)
        stem, last = f"{self.id}_{set_.id}_", self.rows(set_, after)
        for number in range(int(row), last + 1):
            for member in self.within(set_.id):
                following = after.pop(f"{stem}{number + 1}_{member.id}", None)
                after.pop(f"{stem}{number}_{member.id}", None)
                if following is not None:
                    after[f"{stem}{number}_{member.id}"] = following

    def _take_member(self, after: Values, set_: Attribute, row: str, member: int, value: Any, key: str) -> None:
        attribute = self.attributes.get(member)
        if attribute is None or attribute.set != set_.id or row == "x" or (int(row) != 1 and not set_.multi):
            raise self._stranger(key)
        self._put(after, f"{self.id}_{set_.id}_{int(row)}_{member}", attribute, value)

    def _put(self, after: Values, key: str, attribute: Attribute, value: Any) -> None:
        if key.endswith(LANGUAGES):
            if not isinstance(value, dict):
                raise _unfit(attribute)
            after[key] = value
            after[key.removesuffix(LANGUAGES)] = value.get("en", next(iter(value.values()), None))
            return
        given = value if isinstance(value, list) else [value]
        if attribute.multi:
            before = after.get(key, [])
            filled = [before[at] if one == "" and at < len(before) else one for at, one in enumerate(given)]
            read = (_fitted(attribute, one) for one in (filled if attribute.set else given))
            after[key] = [one for one in read if one is not None]
        else:
            after[key] = _fitted(attribute, next((one for one in given if one not in ("", None)), None))

    def _stranger(self, key: str) -> Exception:
        return bad(
            f"Category ID '{self.id}' was specified for Categories Update, but a non-matching attribute ('{key}') was found"
        )


def by_category(sent: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """What `roles.categories` says, by category: flat keys or one object for each category, both are taken."""
    found: dict[int, dict[str, Any]] = {}
    for key, value in sent.items():
        category = key.partition("_")[0]
        if not category.isdecimal():
            continue  # `inheritance` and the like say how, not what
        if "_" in key:
            found.setdefault(int(category), {})[key] = value
        else:
            found.setdefault(int(category), {}).update(value if isinstance(value, dict) else {})
    return found


def _described(key: str, name: str, type: str, *, persona: str = "", multi: bool = False) -> dict[str, Any]:
    type_name = "Assoc" if type == "Set" else "Integer" if type == "User" else type
    return {
        "description": None,
        "hidden": False,
        "key": key,
        "key_value_pairs": False,
        "multi_value": multi,
        "name": name,
        "persona": persona,
        "type": TYPES[type],
        "type_name": type_name,
    }


def _attribute(key: str, one: Attribute) -> dict[str, Any]:
    persona = {"Set": "set", "User": "user"}.get(one.type, "")
    shown = _described(key, one.name, one.type, persona=persona, multi=one.multi)
    if one.type == "Set":
        return shown
    shown |= {"default_value": None, "read_only": one.read_only, "required": one.required}
    if one.type == "String":
        shown |= {"max_length": one.length or 254, "min_length": None, "multiline": False, "multilingual": False}
    return shown


def _fitted(attribute: Attribute, given: Any) -> Any:
    """One value as it is kept; None for an empty one."""
    if given is None or given == "":
        return None
    read = _READERS.get(attribute.type, _text)(given)
    too_long = isinstance(read, str) and attribute.length is not None and len(read) > attribute.length
    if read is None or too_long:
        raise _unfit(attribute)
    return read


def _unfit(attribute: Attribute) -> Exception:
    return bad(f"Invalid value specified for the attribute '{attribute.name}'")


def _text(given: Any) -> str | None:
    return str(given) if isinstance(given, (str, int, float)) and not isinstance(given, bool) else None


def _integer(given: Any) -> int | None:
    try:
        return None if isinstance(given, bool) else int(given)
    except (TypeError, ValueError):
        return None


def _boolean(given: Any) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(str(given).lower())


def _date(given: Any) -> str | None:
    return written_date(given) if isinstance(given, str) else None


_READERS = {"String": _text, "Integer": _integer, "User": _integer, "Boolean": _boolean, "Date": _date}
