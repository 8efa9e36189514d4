"""Which items are meant: one by its key in a flow or by any of its numbers, parked ones by reason."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from sqlalchemy import Connection

from lockgate.app import views
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.cli.reading import Document, whole
from lockgate.ledger import deliveries, parked


async def known_item(
    app: Lockgate, view: Callable[..., Awaitable[Any]], flow: str | None, key: str, **asked: Any
) -> Any:
    """The view of the item that is meant. Raises Refused when there is none, or more than one."""
    where, which = await meant(app, flow, key)
    return await view(app, where, which, **asked)


async def meant(app: Lockgate, flow: str | None, text: str) -> tuple[str, str]:
    """Flow and key of the one item this text names."""
    if flow is not None:
        await app.flows.row(flow)
    rows = await app.ledger.read(lambda c: deliveries.by_identifier(c, text))
    found = [row for row in rows if flow is None or row.flow == flow]
    exact = [row for row in found if row.key == text] or found
    if len(exact) == 1:
        return exact[0].flow, exact[0].key
    if not exact:
        raise Refused(
            f"no item {text!r} was ever looked at{f' by flow {flow}' if flow else ''}: try `lockgate item where-used {text}`",
            missing=True,
        )
    listed = ", ".join(f"{row.key} in {row.flow}" for row in exact[:10])
    raise Refused(f"{text!r} names {len(exact)} items ({listed}): give the item's id, and --flow where that is needed")


async def looked_for(app: Lockgate, flow: str | None, text: str) -> tuple[str, str]:
    """As `meant`; an item that no flow has looked at yet is taken for a key of the one flow it can be of."""
    try:
        return await meant(app, flow, text)
    except Refused as refused:
        if not refused.missing:
            raise
        names = [flow] if flow is not None else [row.name for row in await app.flows.all()]
        if len(names) != 1:
            raise
        await app.flows.row(names[0])
        return names[0], text


Meant = dict[str, list[str]]
"""Items that are meant: keys by flow."""


async def all_meant(app: Lockgate, flow: str | None, texts: list[str]) -> Meant:
    """Every item these texts name, in every flow that knows it, or in the one flow that is given.

    An item that no flow has looked at yet is taken for a key of the one flow it can be of. Raises Refused where a text
    names several items.
    """
    found: Meant = {}
    for text in texts:
        for where, key in await everywhere(app, flow, text) or [await looked_for(app, flow, text)]:
            if key not in found.setdefault(where, []):
                found[where].append(key)
    return found


async def everywhere(app: Lockgate, flow: str | None, text: str) -> list[tuple[str, str]]:
    """Flow and key of the one item this text names, in each flow that has looked at it."""
    rows = [
        row for row in await app.ledger.read(lambda c: deliveries.by_identifier(c, text)) if flow in {None, row.flow}
    ]
    exact = [row for row in rows if row.key == text] or rows
    if keys := sorted({row.key for row in exact}):
        if len(keys) > 1:
            raise Refused(f"{text!r} names {len(keys)} items ({', '.join(keys[:10])}): give the item's id")
        return [(row.flow, row.key) for row in exact]
    return []


async def recalled(app: Lockgate, chosen: Meant) -> Document:
    """How recalled items stand."""
    rows = [one for flow, keys in chosen.items() for one in (await views.recalls_of(app, flow, keys)).rows]
    return whole(rows)


async def retried(app: Lockgate, flow: str, keys: list[str]) -> Document:
    """What came of items that were retried."""
    left = await app.ledger.read(lambda c: parked.get(c, flow, keys))
    return {"flow": flow, "retried": len(keys), "still_parked": sorted(left)}


async def chosen_parked(app: Lockgate, flow: str, keys: list[str] | None, code: str | None) -> list[str]:
    """The parked items that are meant, by key. Raises Refused where one of them is not parked."""
    await app.flows.row(flow)
    if keys is None:
        return await app.ledger.read(lambda c: list(waiting(c, flow, code)))
    known = await app.ledger.read(lambda c: parked.get(c, flow, keys))
    if strange := [key for key in keys if key not in known]:
        raise Refused(f"{', '.join(strange)} is not parked in {flow}", missing=True)
    return [key for key in dict.fromkeys(keys) if code is None or known[key].code == code]


def waiting(c: Connection, flow: str, code: str | None) -> Iterator[str]:
    """Keys of the parked items of a flow, all or those with this reason."""
    after: str | None = None
    while True:
        page = parked.page(c, flow=flow, code=code, after=after, limit=1000)
        yield from (row.key for row in page.rows)
        if page.next is None:
            return
        after = page.next


async def counterpart_kind(app: Lockgate, flow: str) -> str:
    """The kind of what the flow's items are linked to. Raises Refused where there is no such thing."""
    rule = (await views.flow(app, flow)).resolve
    if rule is None:
        raise Refused(f"items of flow {flow!r} have no counterpart at the target: there is nothing to choose")
    return rule.kind
