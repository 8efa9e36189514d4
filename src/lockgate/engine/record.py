"""Turn the outcomes of a page into ledger rows: one commit holds deliveries, links, parked rows, audit and the caller's own."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from lockgate.engine.belief import unheard, without_copy
from lockgate.engine.bound import Bound
from lockgate.engine.look import Look
from lockgate.ledger import LedgerError, audit, deliveries, flows, intents, links, parked, tallies
from lockgate.ledger.audit import Entry
from lockgate.ledger.deliveries import Delivery
from lockgate.ledger.deliveries.standing import last_told
from lockgate.ledger.links import LinkRow
from lockgate.ledger.parked import Parked
from lockgate.model.item import pick
from lockgate.model.plan import Account, Outcome
from lockgate.model.verdict import earliest

SETTLED = frozenset({Outcome.WRITTEN, Outcome.UNCHANGED, Outcome.BLOCKED})
"""Outcomes after which an item need not be looked at again before it changes."""


class FlowGone(LedgerError):
    """The flow was removed while the page was worked."""


def record(c: Connection, bound: Bound, looks: Sequence[Look], account: Account, run: str) -> None:
    """Write all that came of the page. Called once, inside the transaction that makes it true."""
    flow, now = bound.flow.name, bound.clock()
    if not flows.there(c, flow):
        raise FlowGone(f"flow {flow} was removed: nothing of it is recorded any more")
    links.put(c, [row for look in looks for row in link_rows(bound, look)])
    links.remove(c, [row for look in looks for row in ended_links(look)])
    parked.put(c, [parked_row(bound, look) for look in looks if look.outcome is Outcome.PARKED])
    parked.remove(c, flow, [look.key for look in looks if look.outcome is not Outcome.PARKED])
    for begun, keys in no_doubts(looks).items():
        intents.clear(c, flow, keys, begun)
    tallies.add(c, flow, now, account)
    news = [look for look in looks if tells(look)]
    # Read here, not with the rest: a person may have acted on the item while it was being worked.
    last = last_told(c, flow, [look.key for look in looks])
    number = audit.append(c, now, flow, run, [entry(look, last.get(look.key)) for look in news]) if news else None
    if number is not None:
        last |= dict.fromkeys((look.key for look in news), number)
    deliveries.put(c, [delivery(bound, look, last.get(look.key)) for look in looks])


def no_doubts(looks: Sequence[Look]) -> dict[datetime, list[str]]:
    """The items about which nothing is unsure any more, by the instant of the intent that is done with.

    An intent of another instant was noted by a process that lost its hold of the item: it stays, and is looked into.
    """
    done: dict[datetime, list[str]] = {}
    for look in looks:
        begun = look.begun or (look.doubt.at if look.doubt else None)
        if begun is not None and not look.unsure:
            done.setdefault(begun, []).append(look.key)
    return done


def tells(look: Look) -> bool:
    """Whether this look is news: something was done, or the outcome or its reason changed."""
    before = look.before
    if (
        look.outcome is Outcome.WRITTEN
        or look.wrote
        or look.shown
        or look.withdrawn
        or look.unlink_done
        or cut_off(look)
    ):
        return True
    if look.outcome is Outcome.UNCHANGED:
        return False
    return before is None or (before.outcome, before.code) != (look.outcome, look.code)


def entry(look: Look, previous: int | None) -> Entry:
    act = "withdrawn" if look.withdrawn else (look.outcome or Outcome.FAILED).value
    return Entry(
        act=act,
        key=look.key,
        digest=look.sha256 or "",
        code=look.code,
        prev=previous,
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
        "chosen": f"{look.choice.who} chose {look.choice.label}" if look.choice else None,
        "linked": sorted(id for _, id, _ in look.link_done),
        "unlinked": sorted(id for _, id, _ in look.unlink_done),
        "gates": [f"{one.gate}: {one.decision.value}: {one.reason}" for one in look.verdicts],
        "interrupted": cut_off(look),
    }
    return {name: fact for name, fact in facts.items() if fact}


def cut_off(look: Look) -> dict[str, object]:
    """What was begun before, let through by all gates then, and never confirmed: it may have been done. Empty otherwise."""
    if look.doubt is None or not look.asked:
        return {}
    begun = look.doubt
    return {
        "at": begun.at.isoformat(),
        "actions": begun.action.split(),
        "version": begun.file_version,
        "run": begun.run,
    }


def cut_offs(looks: Sequence[Look]) -> list[Entry]:
    """The same as entries of their own, for looks that begin something new: that takes the place of what was begun before."""
    found = ((look, cut_off(look)) for look in looks)
    return [Entry(act="interrupted", key=look.key, detail={"interrupted": told}) for look, told in found if told]


def delivery(bound: Bound, look: Look, number: int | None) -> Delivery:
    """The row of this item after the look: the outcome, and what the target now holds. `number`: its last audit row."""
    base = look.before or unheard(bound, look)
    seen = msgspec.structs.replace(
        base,
        outcome=look.outcome or Outcome.FAILED,
        code=look.code,
        reason=look.reason,
        at=bound.clock(),
        audit_n=number,
    )
    return after_write(bound, look, now_known(bound, look, seen))


def now_known(bound: Bound, look: Look, row: Delivery) -> Delivery:
    """What is known of the item itself; a look that failed does not count as having seen this revision."""
    if look.verdict is None:  # it could not be read: what was known still stands
        return msgspec.structs.replace(row, rev="")
    row = msgspec.structs.replace(row, verdicts=list(look.verdicts), due=next_due(look))
    item = look.item
    if item is None:
        return msgspec.structs.replace(row, rev="")
    return msgspec.structs.replace(
        row,
        rev=bound.revision(item.revision) if look.outcome in SETTLED else "",
        title=pick(item.title) or (item.renditions[0].filename if item.renditions else item.id),
        url=item.url,
        identifiers={kind: list(values) for kind, values in item.identifiers.items()},
    )


def next_due(look: Look) -> datetime | None:
    """The first instant after the look at which a verdict may change: one before it would have it looked at for ever."""
    return earliest(one.due for one in look.verdicts if one.due and look.at and one.due > look.at)


def after_write(bound: Bound, look: Look, row: Delivery) -> Delivery:
    """What the target holds after the look, as far as it was confirmed."""
    removed = look.withdrawn and (row.ref is None or bound.flow.deliver.closed == "remove")
    if look.vanished or removed:
        return msgspec.structs.replace(without_copy(row), since=row.at)
    if look.withdrawn:
        return msgspec.structs.replace(row, held="hidden", since=row.at)
    if look.wrote:
        row = written(look, row)
    if look.shown:
        row = msgspec.structs.replace(row, held="live", since=row.at)
    if look.opening and look.fields_digest and row.ref is not None and look.confirmed:
        version = look.rendition.version if look.rendition is not None else ""
        row = msgspec.structs.replace(row, file_version=version, fields_digest=look.fields_digest)
    return row


def written(look: Look, row: Delivery) -> Delivery:
    """The row after the target confirmed a write: what it holds of us is what was sent."""
    sent = look.sha256 is not None
    return msgspec.structs.replace(
        row,
        ref=look.ref,
        held="live" if row.held == "none" else row.held,
        file_version=look.rendition.version if sent and look.rendition else row.file_version,
        file_digest=look.sha256 or row.file_digest,
        fields_digest=look.fields_digest,
        since=row.at,
        extras=extras(look, row, same_bytes=sent or not look.unsure),
    )


def extras(look: Look, row: Delivery, *, same_bytes: bool) -> dict[str, object]:
    """What people are shown; `same_bytes` says that the target's file is the rendition."""
    told: dict[str, object | None] = {"fields": look.fields, "target_url": look.url}
    if look.rendition is not None:
        told["filename"] = look.rendition.filename
        told["length"] = look.rendition.length if same_bytes else row.extras.get("length")
        told["source_digest"] = look.rendition.digest if same_bytes else row.extras.get("source_digest")
    return {**row.extras, **{name: fact for name, fact in told.items() if fact is not None}}


def link_rows(bound: Bound, look: Look) -> list[LinkRow]:
    """Links that were made, and those that were seen to stand."""
    ref = look.ref or (look.before.ref if look.before else None) or ""
    made = [
        LinkRow(flow=bound.flow.name, key=look.key, kind=kind, id=id, field=field, ref=ref, at=bound.clock())
        for kind, id, field in sorted(look.link_done)
    ]
    seen = [row for row in look.links if look.asked and (row.kind, row.id, row.field) not in look.unlink_done]
    return [*seen, *made]


def ended_links(look: Look) -> list[LinkRow]:
    """Links that were taken away, or that the target turned out not to have; not those that were made just now."""
    gone = [*look.lost_links, *(row for row in look.links if (row.kind, row.id, row.field) in look.unlink_done)]
    return [row for row in gone if (row.kind, row.id, row.field) not in look.link_done]


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
