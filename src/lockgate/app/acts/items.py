"""What people do with items: look again, retry, drop."""

import msgspec
from sqlalchemy import Connection

from lockgate.app.acts.flows import working
from lockgate.app.acts.noting import entry, note
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.ledger import audit, deliveries, parked
from lockgate.ledger.deliveries import Delivery
from lockgate.model.plan import Outcome

GUARD = "guard"
"""Reason of what the guard holds back until a person agrees."""
DROPPED = "dropped"
WHY_DROPPED = "a person dropped it; it is looked at again when it changes"


async def look_again(app: Lockgate, flow: str, key: str, by: str) -> None:
    """Have an item looked at now, and its target asked what it holds. Raises Refused."""
    await app.flows.row(flow)
    await app.working.look_again(flow, [key])
    await app.ledger.write(lambda c: told(c, app, flow, key, "looked at by hand", by))


def told(c: Connection, app: Lockgate, flow: str, key: str, act: str, by: str) -> int:
    """Put a person's act into the item's timeline."""
    row = deliveries.get(c, flow, [key]).get(key)
    number = audit.append(c, app.clock(), flow, "", [entry(act, key, by, {}, row.audit_n if row else None)])
    deliveries.told(c, flow, key, number)
    return number


async def retry_one(app: Lockgate, flow: str, key: str, by: str, *, confirm: int | None = None) -> None:
    """Look at one parked item again. Raises Refused."""
    waiting = await parked_row(app, flow, key)
    await agreed(app, flow, waiting.code, confirm, 1)
    await app.working.retry(flow, keys=[key])
    await app.ledger.write(lambda c: told(c, app, flow, key, "retried by hand", by))


async def retry_parked(
    app: Lockgate, flow: str, by: str, *, code: str | None = None, confirm: int | None = None
) -> int:
    """Look at parked items again, all or those with this reason; answers how many.

    `confirm` is how many withdrawals a person agrees to: what the guard holds back needs that. Raises Refused.
    """
    await app.flows.row(flow)
    held = (await app.ledger.read(lambda c: parked.counts(c, flow))).get(GUARD, 0)
    await agreed(app, flow, code, confirm, held)
    number = await app.working.retry(flow, code=code)
    await note(app, "parked retried", flow, by, flow=flow, code=code, items=number, confirmed=confirm)
    return number


async def agreed(app: Lockgate, flow: str, code: str | None, confirm: int | None, held: int) -> None:
    """Pass a person's word on to the guard; refuse where it is needed and not given."""
    if confirm is not None:
        await (await working(app, flow)).confirm(flow, confirm)
    elif code == GUARD:
        raise Refused(f"these are withdrawals that the guard holds back: agree to them with confirm={max(held, 1)}")


async def parked_row(app: Lockgate, flow: str, key: str) -> parked.Parked:
    await app.flows.row(flow)
    waiting = (await app.ledger.read(lambda c: parked.get(c, flow, [key]))).get(key)
    if waiting is None:
        raise Refused(f"item {key!r} of flow {flow!r} is not parked", missing=True)
    return waiting


async def drop(app: Lockgate, flow: str, key: str, by: str) -> None:
    """Take an item off the parked ones and let it be until it changes at the source, or everything is swept.

    Raises Refused for what must not be forgotten: a copy that is to be withdrawn.
    """
    waiting = await parked_row(app, flow, key)
    revision = await seen(app, flow, key)
    async with app.working.busy.hold(flow, [key]):
        await app.ledger.write(lambda c: dropped(c, app, waiting, revision, by))


async def seen(app: Lockgate, flow: str, key: str) -> str:
    """The item's present revision under the flow's rules, empty where the source has it no longer."""
    bound = app.working.flows.get(flow) or await app.flows.bound(flow)
    items = await bound.source.fetch(bound.kind, [key])
    return bound.revision(items[0].revision) if items else ""


def dropped(c: Connection, app: Lockgate, waiting: parked.Parked, revision: str, by: str) -> None:
    flow, key = waiting.flow, waiting.key
    row = deliveries.get(c, flow, [key]).get(key)
    if waiting.code == GUARD or (row is not None and must_close(row)):
        raise Refused(f"the copy of {key!r} is still visible and must be closed: retry it, it cannot be dropped")
    parked.remove(c, flow, [key])
    if row is not None:
        at = app.clock()
        number = audit.append(c, at, flow, "", [entry("dropped", key, by, {"was": waiting.reason}, row.audit_n)])
        told = {"outcome": Outcome.BLOCKED, "code": DROPPED, "reason": WHY_DROPPED, "rev": revision, "at": at}
        deliveries.put(c, [msgspec.structs.replace(row, audit_n=number, **told)])


def must_close(row: Delivery) -> bool:
    return row.held == "live" and not all(verdict.allows for verdict in row.verdicts)
