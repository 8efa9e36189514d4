"""What of a record is decoded: a structure made of the paths that are wanted, so that the rest of it costs nothing.

All values of a record come with one call (`operator.attrgetter`). A record whose objects are not where they usually are (null, a
list where PHP has nothing) is read by the slower way.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter, itemgetter
from typing import Any

import msgspec

from lockgate.connectors.rest.definition import paths, templates
from lockgate.connectors.rest.definition.paths import MISSING, Step

Values = Any
"""What is taken out of one record: a tuple, or the record itself where expressions read it."""
Want = Callable[[Values], Any]


class Layout:
    """Say what is wanted with `want`, then `build`; `type` decodes a record, `take` gives what the wants read."""

    def __init__(self, *, whole: bool, settings: Mapping[str, Any]) -> None:
        self.type: Any = Any
        self.take: Callable[[Any], Values] = lambda record: record
        self._whole, self._settings = whole, settings
        self._leaves: dict[tuple[str, ...], int] = {}

    def want(self, path: str) -> Want:
        """What reads this path, or expression over `record`, from the values of a record."""
        if path.startswith("="):
            filled, settings = templates.value(path), self._settings
            return lambda record: quietly(filled, {"record": record, "settings": settings})
        if self._whole:
            return paths.getter(path)
        names, rest = parted(paths.steps(path))
        index = self._leaves.setdefault(names, len(self._leaves))
        return self._rest(index, rest)

    def place(self, path: str) -> int | None:
        """Where among the values what is wanted at a path stands as it is; None for what is worked out."""
        if self._whole or path.startswith("="):
            return None
        names, rest = parted(paths.steps(path))
        return None if rest else self._leaves.get(names)

    def _rest(self, index: int, rest: tuple[Step, ...]) -> Want:
        if not rest:
            return itemgetter(index)
        if any(one in {paths.ALL, paths.ANY} for one in rest):
            return lambda values: list(paths.each(values[index], rest))
        return lambda values: paths.walk(values[index], rest)

    def build(self) -> None:
        if self._whole or not self._leaves:
            return
        tree: Tree = {}
        for names in sorted(self._leaves, key=len):
            grow(tree, names)
        self.type, ways = structure(tree)
        reads = [below(ways, names) for names in self._leaves]
        getter = attrgetter(*(way for way, _ in reads))
        single = len(reads) == 1

        def take(record: Any) -> tuple[Any, ...]:
            try:
                found = getter(record)
            except AttributeError:
                return tuple(slowly(record, way, rest) for way, rest in reads)
            return (found,) if single else found

        rests = [(at, rest) for at, (_, rest) in enumerate(reads) if rest]
        self.take = take if not rests else lambda record: finished(take(record), rests)


def quietly(filled: Callable[[Any], Any], scope: Mapping[str, Any]) -> Any:
    """An expression that cannot be answered for a record states nothing."""
    try:
        return filled(scope)
    except templates.NoValue:
        return MISSING


def parted(steps: tuple[Step, ...]) -> tuple[tuple[str, ...], tuple[Step, ...]]:
    """The names at the beginning, and what follows."""
    cut = next(
        (at for at, one in enumerate(steps) if isinstance(one, int) or one in {paths.ALL, paths.ANY}), len(steps)
    )
    return tuple(str(one) for one in steps[:cut]), steps[cut:]


class Leaf:
    """The end of a path, and what is decoded there."""

    __slots__ = ("type",)

    def __init__(self, type: Any) -> None:
        self.type = type


Tree = dict[str, Any]
"""Names to trees and leaves."""


def grow(tree: Tree, names: tuple[str, ...], type: Any = Any) -> None:
    """Put a path into the tree; what lies below a leaf is read from the leaf's own value. Shorter paths come first."""
    *way, last = names
    for name in way:
        inner = tree.setdefault(name, {})
        if isinstance(inner, Leaf):
            return
        tree = inner
    tree.setdefault(last, Leaf(type))


def structure(tree: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """A structure for a tree of names, and by name the attribute and what is below it."""
    fields: list[Any] = []
    ways: dict[str, Any] = {}
    names: dict[str, str] = {}
    for number, (name, inner) in enumerate(tree.items()):
        attribute = f"m{number}"
        names[attribute] = name
        if isinstance(inner, Leaf):
            fields.append((attribute, inner.type, MISSING))
            ways[name] = (attribute, {})
        else:
            made, inside = structure(inner)
            # A list or null may stand for an object that is not there.
            fields.append(
                (attribute, made | None | str | int | float | bool | list[Any], msgspec.field(default_factory=made))
            )
            ways[name] = (attribute, inside)
    return msgspec.defstruct("Record", fields, rename=names, gc=False), ways


def below(ways: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The attributes that lead to a path, and the names that are left below its leaf."""
    way: list[str] = []
    for at, name in enumerate(names):
        attribute, inside = ways[name]
        way.append(attribute)
        if not inside:
            return ".".join(way), names[at + 1 :]
        ways = inside
    return ".".join(way), ()


def slowly(record: Any, way: str, rest: tuple[str, ...]) -> Any:  # noqa: ARG001 (what is left is read by `finished`)
    for name in way.split("."):
        record = getattr(record, name, MISSING)
    return record


def finished(values: tuple[Any, ...], rests: list[tuple[int, tuple[str, ...]]]) -> tuple[Any, ...]:
    made = list(values)
    for at, rest in rests:
        made[at] = paths.walk(made[at], rest)
    return tuple(made)
