"""Finding objects: conditions and order over a module, helped by indexes where a condition allows it.

An index only narrows down which objects are looked at; the condition itself is asked of every one of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .conditions import Column, Columns, Holds, column, comparable, condition
from .errors import bad
from .folders import Folders
from .objects import ORDERS, Objects, Window
from .query import All, Expr, Some, Test, parse
from .records import Record
from .schema import Field, Module
from .times import instant, stamp

FEW = 2_000
"""More candidates than this from an index, and walking the module is no worse."""
LARGEST_PAGE = 1_000

_KINDS: Mapping[str, str] = {
    "CEBoolean": "boolean",
    "CEInteger": "number",
    "CELong": "number",
    "CEDouble": "number",
    "CEMetric": "number",
    "CEDate": "instant",
    "CETimestamp": "instant",
}


@dataclass(frozen=True, slots=True)
class Listing:
    """What is asked of a list: condition, order, part."""

    query: str = ""
    sort: tuple[tuple[str, bool], ...] = ()
    """Names with whether they go down; none means the newest first."""
    offset: int = 0
    limit: int = 50
    total: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    records: list[Record]
    total: int | None


class Search:
    """Answers listings of the object routes."""

    def __init__(self, objects: Objects, folders: Folders) -> None:
        self._objects = objects
        self._folders = folders

    def columns(self, module: Module) -> Columns[Record]:
        """Every name a condition on this module may use."""
        return self._technical() | {name: self._column(one) for name, one in module.fields.items()}

    def find(self, module: Module, listing: Listing) -> Found:
        columns = self.columns(module)
        keys = [(column(columns, name), down) for name, down in listing.sort]
        expr = parse(listing.query) if listing.query.strip() else None
        holds = condition(expr, columns) if expr is not None else None
        ids = self._candidates(module, expr)
        if ids is not None:
            records = (self._objects.live(module.name, id) for id in ids)
            matches = [one for one in records if one is not None and (holds is None or holds(one))]
            return _part(_ordered(matches, keys), listing)
        if len(listing.sort) > 1 or any(name not in ORDERS for name, _ in listing.sort):
            matches = [one for one in self._objects.walk(module.name, Window()) if holds is None or holds(one)]
            return _part(_ordered(matches, keys), listing)
        return self._walk(module, expr, holds, listing)

    def _walk(self, module: Module, expr: Expr | None, holds: Holds[Record] | None, listing: Listing) -> Found:
        name, down = listing.sort[0] if listing.sort else ("mod_time", True)
        window = Window(bounds=_bounds(expr), order=name, descending=down)
        if expr is None or _only_bounds(expr):
            total = self._objects.count(module.name, window) if listing.total else None
            window.offset, window.limit = listing.offset, listing.limit
            return Found(list(self._objects.walk(module.name, window)), total)
        matches = (one for one in self._objects.walk(module.name, window) if holds is None or holds(one))
        return _taken(matches, listing)

    def _candidates(self, module: Module, expr: Expr | None) -> set[str] | None:
        """Ids that may match, from indexes; None when the module must be walked."""
        if isinstance(expr, All):
            known = [one for one in (self._candidates(module, part) for part in expr.parts) if one is not None]
            return min(known, key=len) if known else None
        if isinstance(expr, Some):
            each = [self._candidates(module, part) for part in expr.parts]
            return None if None in each else {id for one in each if one is not None for id in one}
        return self._looked_up(module, expr) if isinstance(expr, Test) else None

    def _looked_up(self, module: Module, test: Test) -> set[str] | None:
        if test.negated or test.operator not in {"=", "IN", "LIKE"}:
            return None
        if test.field == "id" and test.operator != "LIKE":
            return {str(one) for one in test.literals}
        if test.field not in module.fields or not module.fields[test.field].indexed:
            return None
        found: list[str] = []
        for literal in test.literals:
            found += self._one(module, test, str(literal))
            if len(found) > FEW:
                return None
        return set(found)

    def _one(self, module: Module, test: Test, literal: str) -> list[str]:
        if test.operator != "LIKE":
            return self._objects.with_value(module.name, test.field, literal, FEW + 1)
        prefix = literal.replace("_", "%").split("%", 1)[0]
        return self._objects.with_prefix(module.name, test.field, prefix, FEW + 1)

    def _technical(self) -> dict[str, Column[Record]]:
        return {
            "id": Column("text", lambda record: (record.id,)),
            "module": Column("text", lambda record: (record.module,)),
            "type": Column("text", lambda record: (record.type,)),
            "created_by": Column("text", lambda record: (record.created_by,)),
            "mod_by": Column("text", lambda record: (record.mod_by,)),
            "created_time": Column("instant", lambda record: (instant(record.created_time),)),
            "mod_time": Column("instant", lambda record: (instant(record.mod_time),)),
            "mod_time_img": Column("instant", lambda record: (instant(record.mod_time_img),)),
            "has_child": Column("boolean", lambda record: (self._objects.has_child(record),)),
        }

    def _column(self, field: Field) -> Column[Record]:
        kind, name = _KINDS.get(field.type, "text"), field.name
        if name in {"path", "parent_path"}:
            return Column(kind, self._folders.paths)
        if field.type == "CEMetric":
            return Column(kind, lambda record: (one["normalized"] for one in record.values(name)))
        if kind == "instant":
            return Column(kind, lambda record: map(instant, record.values(name)))
        return Column(kind, lambda record: record.values(name))


def read_sort(given: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """`field,asc` or `field,desc`, any number of times; upwards when nothing is said."""
    keys = []
    for one in given:
        name, _, way = one.partition(",")
        if way.strip().lower() not in {"", "asc", "desc"}:
            bad(f"Sort '{one}' must be like field,asc or field,desc")
        keys.append((name.strip(), way.strip().lower() == "desc"))
    return tuple(keys)


def _ordered(records: list[Record], keys: list[tuple[Column[Record], bool]]) -> list[Record]:
    """By the keys given, else the newest first; objects without a value come last, ids decide between equals."""
    records.sort(key=lambda one: one.id)
    if not keys:
        records.sort(key=lambda one: one.mod_time, reverse=True)
    for one, down in reversed(keys):
        valued: list[tuple[Any, Record]] = [(next(iter(one.read(record)), None), record) for record in records]
        there = [pair for pair in valued if pair[0] is not None]
        there.sort(key=lambda pair: pair[0], reverse=down)
        records = [record for _, record in there] + [record for value, record in valued if value is None]
    return records


def _part(records: list[Record], listing: Listing) -> Found:
    return Found(records[listing.offset : listing.offset + listing.limit], len(records) if listing.total else None)


def _taken(matches: Iterator[Record], listing: Listing) -> Found:
    """The part asked for; reads on to the end only when the total is wanted."""
    taken: list[Record] = []
    seen = 0
    for record in matches:
        if seen >= listing.offset + listing.limit and not listing.total:
            break
        if listing.offset <= seen < listing.offset + listing.limit:
            taken.append(record)
        seen += 1
    return Found(taken, seen if listing.total else None)


def _bounds(expr: Expr | None) -> list[tuple[str, str]]:
    """Bounds of `mod_time` that every match keeps."""
    parts = expr.parts if isinstance(expr, All) else (expr,)
    return [bound for part in parts if (bound := _bound(part)) is not None]


def _only_bounds(expr: Expr) -> bool:
    parts = expr.parts if isinstance(expr, All) else (expr,)
    return all(_bound(part) is not None for part in parts)


def _bound(part: Expr | None) -> tuple[str, str] | None:
    """A comparison of `mod_time` that text in the database answers exactly: stored times have whole milliseconds."""
    if not isinstance(part, Test) or part.field != "mod_time" or part.operator not in {"<", "<=", ">", ">=", "="}:
        return None
    moment = comparable("instant", part.literals[0], part.field)
    return None if moment.microsecond % 1000 else (part.operator, stamp(moment))
