"""Items of the target that changed (products): who waits for them goes on, and whose link is no longer right is looked at.

The inbox names them by keys of their own, `~product|id`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from lockgate.engine import resolve
from lockgate.engine.bound import Bound
from lockgate.engine.look import waits_for
from lockgate.engine.recipe import Resolve
from lockgate.failpoints import passed
from lockgate.ledger import inbox, links
from lockgate.ledger.deliveries.standing import concerned
from lockgate.ledger.inbox import Hint, InboxRow
from lockgate.model.item import Item

MARK = "~"
"""First character of such a key."""
READABLE_TRIES = 5
"""How often an item is asked for that was announced and cannot be read yet."""
WHY = "its counterpart changed"


def is_counterpart(row: InboxRow) -> bool:
    return row.key.startswith(MARK)


def key_of(kind: str, id: str) -> str:
    return f"{MARK}{kind}|{id}"


def kind_of(row: InboxRow) -> str:
    return row.key.removeprefix(MARK).partition("|")[0]


def id_of(row: InboxRow) -> str:
    return row.key.partition("|")[2]


async def announce(bound: Bound, rows: Sequence[InboxRow]) -> None:
    """Read the counterparts as they are now, and hint the items they matter to."""
    rule = bound.flow.resolve
    for kind in sorted({kind_of(row) for row in rows}):
        mine = [row for row in rows if kind_of(row) == kind]
        if rule is None or rule.kind != kind:  # the flow has changed since
            await bound.ledger.write(partial(inbox.done, ids=[row.id for row in mine]))
            continue
        items = {item.id: item for item in await bound.target.fetch(kind, [id_of(row) for row in mine])}
        job = partial(settle, flow=bound.flow.name, rule=rule, rows=mine, items=items, now=bound.clock())
        await bound.ledger.write(job)
        passed("counterpart.settled")


def settle(
    c: Connection, flow: str, rule: Resolve, rows: Sequence[InboxRow], items: dict[str, Item], now: datetime
) -> None:
    """Hints and the end of these rows in one commit; rows whose item is not readable yet stay for a few tries."""
    resolve.wake(c, {name for row in rows for name in names(rule, id_of(row), items.get(id_of(row)))})
    linked = links.linked(c, flow, rule.kind, [id_of(row) for row in rows])
    keys: set[str] = set()
    for row in rows:
        keys |= linked.get(id_of(row), set()) ^ carriers(c, flow, rule, items.get(id_of(row)))
    inbox.hint(c, [Hint(flow=flow, key=key, lane="live", reason=WHY) for key in sorted(keys)])
    again = [row for row in rows if id_of(row) not in items and row.tries < READABLE_TRIES]
    for row in again:
        inbox.postpone(c, [row.id], now + timedelta(seconds=2.0**row.tries), row.tries + 1)
    kept = {row.id for row in again}
    inbox.done(c, [row.id for row in rows if row.id not in kept])


def names(rule: Resolve, id: str, item: Item | None) -> Iterable[str]:
    """What may be waited for that this counterpart is: its id, and each of its identifiers under any kind.

    A value is tried under each kind, since one may stand for another: a family is found by an article number, too.
    """
    yield waits_for(rule.connection, rule.kind, resolve.ID, id)
    for by in rule.by:
        yield from (waits_for(rule.connection, rule.kind, by, value) for value in values(item))


def values(item: Item | None) -> list[str]:
    return sorted({value for some in item.identifiers.values() for value in some}) if item is not None else []


def carriers(c: Connection, flow: str, rule: Resolve, item: Item | None) -> set[str]:
    """Items that name this counterpart and are shown or parked."""
    told = values(item)
    return {key for by in rule.by for key in concerned(c, flow, by, told)}
