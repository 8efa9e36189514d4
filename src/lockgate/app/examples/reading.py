"""What the target holds once a step is over, read back from it through the connector."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lockgate.app.examples.stage import Stage
from lockgate.engine.bound import Bound
from lockgate.kit.contract import Held, capabilities
from lockgate.model import paths
from lockgate.model.item import Item

HIDING = frozenset({"hide", "remove"})
"""Policies after which a closed copy is not seen at the target any more."""
COPIES = "copies"
"""Says how many copies of ours the target holds."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of ours, as the target tells of it."""

    held: Held
    item: Item | None
    """The same read as an item, where the connector can."""
    linked: Sequence[Item] = ()
    """What it is linked to."""


class Unknown(Exception):
    """There is nothing of this name; the message lists what there is."""


async def copies(stage: Stage) -> dict[str, Copy]:
    """By the source item's id: our copies, hidden ones too."""
    bound, keys = stage.bound, stage.keys()
    found = await bound.target.held(bound.as_kind, [bound.key_at_target(key) for key in keys])
    named = {key: held for key in keys if (held := found.get(bound.key_at_target(key))) is not None}
    items = await fetched(bound, bound.as_kind, [held.ref for held in named.values()])
    resolve = bound.flow.resolve
    links = sorted({id for held in named.values() for id in held.links})
    linked = await fetched(bound, resolve.kind, links) if resolve else {}
    return {
        key: Copy(held, items.get(held.ref), [linked[id] for id in held.links if id in linked])
        for key, held in named.items()
    }


async def fetched(bound: Bound, kind: str, ids: Sequence[str]) -> dict[str, Item]:
    if not ids or "fetch" not in capabilities(bound.target):
        return {}
    return {item.id: item for item in await bound.target.fetch(kind, ids)}


def values(copy: Copy, name: str, resolve: str | None) -> list[Any]:
    """What stands under a name: usually one value; several where several linked items or identifiers may be meant.

    Raises Unknown.
    """
    told: Mapping[str, Any] = {"hidden": copy.held.hidden, "links": len(copy.held.links), **copy.held.fields}
    head, _, rest = name.partition(".")
    if name in told:
        return [told[name]]
    if head == resolve and paths.known(rest):
        return [paths.value(item, rest) for item in copy.linked]
    if head == "ids" and rest:
        return [value for item in everywhere(copy) for value in item.identifiers.get(rest, ())]
    if paths.known(name) and copy.item is not None:
        return [paths.value(copy.item, name)]
    raise Unknown(f"nothing of this name; our copy holds {', '.join(sorted(told))}")


def everywhere(copy: Copy) -> Iterator[Item]:
    """The items by whose identifiers a copy is found: itself and what it is linked to."""
    if copy.item is not None:
        yield copy.item
    yield from copy.linked
