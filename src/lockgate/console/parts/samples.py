"""What a real item says under the canonical names of its profile, shortly."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from lockgate.console.parts.markup import Piece, joined
from lockgate.model import paths
from lockgate.model.item import Item, pick
from lockgate.model.rights import Rule, Scope


def said(item: Item, canonical: str) -> Piece:
    """What an item says under a canonical name, shortly."""
    value = read(item, canonical)
    if isinstance(value, dict):
        value = pick(value)
    if isinstance(value, list | tuple | frozenset | set):
        return joined((str(one) for one in list(value)[:3]), ", ")
    return "" if value is None else str(value)[:60]


def read(item: Item, canonical: str) -> Any:
    """The item's value under a canonical name; what only rights or window carry is told apart by its part of them."""
    if paths.known(canonical):
        return paths.value(item, canonical)
    rules = item.rights.permissions if item.rights else ()
    if canonical == "rights.cleared":
        return "yes" if rules else "no"
    if canonical == "rights.prohibited":
        rules = item.rights.prohibitions if item.rights else ()
    part = PARTS.get(canonical)
    if part is not None:
        return sorted({word for rule in rules for word in listed(part(rule))})
    periods = [item.window] if canonical.startswith("window.") else [rule.period for rule in rules]
    edge = EDGES.get(canonical.rpartition(".")[2])
    return [f"{at:%Y-%m-%d}" for at in map(edge, periods) if at is not None] if edge else None


def listed(scope: Scope) -> Iterable[str]:
    return [scope] if isinstance(scope, str) else scope


PARTS: dict[str, Callable[[Rule], Scope]] = {
    "rights.territories": attrgetter("territories"),
    "rights.prohibited": attrgetter("territories"),
    "rights.channels": attrgetter("channels"),
}
EDGES = {"from": attrgetter("from_"), "until": attrgetter("until")}
