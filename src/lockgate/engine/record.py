"""Turn the outcomes of a page into ledger rows: one commit holds the deliveries, links, parked rows, audit and the caller's own."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from lockgate.engine.bound import Bound
from lockgate.engine.look import Look
from lockgate.kit.contract import Held
from lockgate.ledger import audit, deliveries, intents, links, parked, tallies
from lockgate.ledger.audit import Entry
from lockgate.ledger.deliveries import Delivery
from lockgate.ledger.links import LinkRow
from lockgate.ledger.parked import Parked
from lockgate.model.item import pick
from lockgate.model.plan import Account, Outcome
from lockgate.model.verdict import earliest

SETTLED = frozenset({Outcome.WRITTEN, Outcome.UNCHANGED, Outcome.BLOCKED})
"""Outcomes after which nothing is in doubt any more."""


def record(
    c: Connection,
    bound: Bound,
    looks: Sequence[Look],
    account: Account,
    run: str,
    extra: Callable[[Connection, Account], None] | None,
) -> None:
    """Write all that came of the page. Called once, inside the transaction that makes it true."""
    flow, now = bound.flow.name, bound.clock()
    number = audit.append(c, now, flow, run, [entry(look) for look in looks if tells(look)])
    deliveries.put(c, [delivery(bound, look, number if tells(look) else None) for look in looks])
    links.put(c, [row for look in looks for row in link_rows(bound, look)])
    links.remove(c, [row for look in looks for row in look.links if (row.kind, row.id, row.field) in look.unlink_done])
    waiting = [look for look in looks if look.outcome is Outcome.PARKED]
    parked.put(c, [parked_row(bound, look) for look in waiting])
    parked.remove(c, flow, [look.key for look in looks if look.outcome is not Outcome.PARKED])
    intents.clear(c, flow, [look.key for look in looks if look.outcome in SETTLED])
    tallies.add(c, flow, now, account)
    if extra is not None:
        extra(c, account)


def tells(look: Look) -> bool:
    """Whether this look is news: something was done, or the outcome or its reason changed."""
    before = look.before
    if look.outcome is Outcome.UNCHANGED:
        return False
    return (
        look.outcome is Outcome.WRITTEN
        or look.withdrawn
        or before is None
        or (before.outcome, before.code)
        != (
            look.outcome,
            look.code,
        )
    )


def entry(look: Look) -> Entry:
    act = "withdrawn" if look.withdrawn else (look.outcome or Outcome.FAILED).value
    return Entry(
        act=act,
        key=look.key,
        digest=look.sha256 or "",
        code=look.code,
        prev=look.before.audit_n if look.before else None,
        detail=evidence(look),
    )


def evidence(look: Look) -> dict[str, object]:
    """What an auditor wants to see beside the act: what was decided on, what was done, where."""
    facts: dict[str, object] = {
        "reason": look.reason,
        "actions": sorted(action.value for action in look.actions),
        "revision": look.item.revision if look.item else None,
        "version": look.rendition.version if look.rendition else None,
        "ref": look.ref or (look.before.ref if look.before else None),
        "linked": sorted(id for _, id, _ in look.link_done),
        "unlinked": sorted(id for _, id, _ in look.unlink_done),
        "gates": [f"{one.gate}: {one.decision.value}: {one.reason}" for one in look.verdicts],
    }
    return {name: fact for name, fact in facts.items() if fact}


def delivery(bound: Bound, look: Look, number: int | None) -> Delivery:
    """The row of this item after the look: the outcome, and what the target now holds."""
    before, now = look.before, bound.clock()
    base = before or unheard(bound, look)
    seen = msgspec.structs.replace(
        base,
        outcome=look.outcome or Outcome.FAILED,
        code=look.code,
        reason=look.reason,
        verdicts=list(look.verdicts),
        due=earliest(verdict.due for verdict in look.verdicts),
        at=now,
        audit_n=number if number is not None else base.audit_n,
    )
    return after_write(look, now_known(bound, look, seen))


def now_known(bound: Bound, look: Look, row: Delivery) -> Delivery:
    """What is known of the item itself; a look that failed does not count as having seen this revision."""
    item = look.item
    if item is None:
        return msgspec.structs.replace(row, rev="")
    seen = look.outcome in SETTLED
    return msgspec.structs.replace(
        row,
        rev=bound.revision(item.revision) if seen else "",
        title=pick(item.title) or (item.renditions[0].filename if item.renditions else item.id),
        url=item.url,
        identifiers={kind: list(values) for kind, values in item.identifiers.items()},
    )


def after_write(look: Look, row: Delivery) -> Delivery:
    """What the target holds after the look, as far as it was confirmed."""
    if look.vanished:
        return msgspec.structs.replace(row, held="none", ref=None, file_version="", fields_digest="", since=row.at)
    if look.withdrawn:
        return msgspec.structs.replace(row, held="hidden", since=row.at)
    if look.ref is None:
        return row
    confirmed = look.outcome is Outcome.WRITTEN
    file_known = bool(look.sha256) or (confirmed and look.rendition is not None)
    return msgspec.structs.replace(
        row,
        ref=look.ref,
        held="live" if look.verdict is not None and look.verdict.allows else row.held,
        file_version=look.rendition.version if file_known and look.rendition else row.file_version,
        file_digest=look.sha256 or row.file_digest,
        fields_digest=look.fields_digest if confirmed else "",
        since=row.at if confirmed else row.since,
        extras=extras(look, row) if file_known else row.extras,
    )


def extras(look: Look, row: Delivery) -> dict[str, object]:
    told = {
        "fields": look.fields,
        "source_digest": look.rendition.digest if look.rendition else None,
        "filename": look.rendition.filename if look.rendition else None,
        "target_url": look.url,
    }
    return {**row.extras, **{name: fact for name, fact in told.items() if fact is not None}}


def link_rows(bound: Bound, look: Look) -> list[LinkRow]:
    ref = look.ref or (look.before.ref if look.before else None) or ""
    return [
        LinkRow(flow=bound.flow.name, key=look.key, kind=kind, id=id, field=field, ref=ref, at=bound.clock())
        for kind, id, field in sorted(look.link_done)
    ]


def parked_row(bound: Bound, look: Look) -> Parked:
    now = bound.clock()
    later = now + timedelta(seconds=look.retry_after) if look.retry_after is not None else None
    tries = (look.waiting.tries if look.waiting else 0) + (look.retry_after is not None)
    return Parked(
        flow=bound.flow.name,
        key=look.key,
        code=look.code,
        reason=look.reason,
        waits=look.waits,
        since=look.waiting.since if look.waiting else now,
        tries=tries,
        next_try=later,
    )


def adopted(bound: Bound, look: Look, held: Held) -> Delivery:
    """The row of a copy that the target turned out to hold although its write was never recorded."""
    base = look.before or unheard(bound, look)
    return msgspec.structs.replace(base, ref=held.ref, held="hidden" if held.hidden else "live", fields_digest="")


def unheard(bound: Bound, look: Look) -> Delivery:
    """The row of an item that this flow never recorded."""
    now = bound.clock()
    return Delivery(flow=bound.flow.name, key=look.key, outcome=Outcome.FAILED, at=now, since=now)


def corrected(bound: Bound, look: Look, held: Held | None) -> Delivery | None:
    """What the ledger knows, put right by what the target was seen to hold."""
    before = look.before
    if before is None:
        return None
    if held is None:
        look.links = ()
        return msgspec.structs.replace(before, ref=None, held="none", file_version="", fields_digest="")
    row = msgspec.structs.replace(before, ref=held.ref, held="hidden" if held.hidden else "live")
    look.links = tuple(link for link in look.links if link.id in held.links)
    written = bound.target.as_held(bound.as_kind, before.extras.get("fields", {}))
    if any(held.fields.get(name) != value for name, value in written.items() if name in held.fields):
        row = msgspec.structs.replace(row, fields_digest="")
    return row
