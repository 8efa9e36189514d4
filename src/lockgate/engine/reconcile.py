"""The page function: looks at a handful of items and makes the target hold what it should.

Live lane, full sync, plan, apply and recall all call it; they differ in which keys they hand in, and in what else goes
into the commit that records the outcome. Nothing here remembers anything: a crash only means a second look.
"""

import asyncio
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from lockgate.engine import apply, record, resolve
from lockgate.engine.bound import Bound
from lockgate.engine.gates import decide, evaluate
from lockgate.engine.guard import Watchman
from lockgate.engine.look import Look
from lockgate.engine.mapping import differences, digest, shape
from lockgate.kit.errors import ConnectorError
from lockgate.ledger import deliveries, intents, links, parked
from lockgate.model.item import Item
from lockgate.model.plan import Account, Action, FieldChange, Outcome
from lockgate.model.verdict import Decision, Verdict, deny

log = structlog.get_logger("lockgate.engine")

Extra = Callable[[Connection, Account], None]
"""What a caller adds to the recording commit: removing inbox rows, counting a run's page."""


@dataclass(frozen=True, slots=True)
class Page:
    """What came of a page: the looks, in the order of the keys, and their account."""

    looks: list[Look]
    account: Account


async def reconcile(
    bound: Bound,
    keys: Sequence[str],
    *,
    run: str,
    watchman: Watchman,
    extra: Extra | None = None,
    verify: bool = False,
    announced: AbstractSet[str] = frozenset(),
) -> Page:
    """Look, decide, write, record. `verify` also asks the target what it really holds; `announced` are keys that are
    looked at because a date of theirs has come.

    Raises GuardTripped before anything is withdrawn, and ConnectorError when a system as a whole does not answer;
    what concerns single items is settled and recorded.
    """
    looks = await judge(bound, keys, verify=verify)
    for look in looks:
        look.announced = look.key in announced or overdue(look, bound.clock())
    watchman.check([look for look in looks if Action.WITHDRAW in look.actions], bound.clock())
    await apply.apply(bound, looks, run)
    account = tally(looks)
    await bound.ledger.write(lambda c: record.record(c, bound, looks, account, run, extra))
    await resolve.close_race(bound, looks)
    return Page(looks, account)


async def judge(bound: Bound, keys: Sequence[str], *, verify: bool = False) -> list[Look]:
    """All of a look but the writing: what `plan` shows and `reconcile` does."""
    looks, items = await asyncio.gather(remember(bound, keys), fetch(bound, keys))
    now = bound.clock()
    for look in looks:
        look.item = items.get(look.key)
        guarded(look, partial(consult, bound, look, now))
    await resolve.counterparts(bound, [look for look in looks if look.outcome is None and wants_copy(look)])
    if verify:
        await compare_with_target(bound, looks)
    for look in looks:
        if look.outcome is None:
            guarded(look, partial(diff, bound, look))
    return looks


async def remember(bound: Bound, keys: Sequence[str]) -> list[Look]:
    """Empty looks with what the ledger knows of each key."""
    flow = bound.flow.name

    def job(c: Connection) -> list[Look]:
        before = deliveries.get(c, flow, keys)
        linked = links.get(c, flow, keys)
        doubts = intents.get(c, flow, keys)
        waiting = parked.get(c, flow, keys)
        return [
            Look(
                key,
                before=before.get(key),
                links=tuple(linked.get(key, ())),
                doubt=doubts.get(key),
                waiting=waiting.get(key),
            )
            for key in dict.fromkeys(keys)
        ]

    return await bound.ledger.read(job)


async def fetch(bound: Bound, keys: Sequence[str]) -> dict[str, Item]:
    return {item.id: item for item in await bound.source.fetch(bound.kind, list(dict.fromkeys(keys)))}


def guarded(look: Look, step: Callable[[], None]) -> None:
    """Run a step for one item; a defect of ours fails this item alone, and is logged with its trace."""
    try:
        step()
    except ConnectorError as error:
        look.fail(error)
    except Exception as error:
        log.exception("a look failed", key=look.key)
        look.settle(Outcome.FAILED, "defect", f"Lockgate failed on this item: {type(error).__name__}: {error}")


def consult(bound: Bound, look: Look, now: datetime) -> None:
    """Ask the gates; what they do not allow is settled here but for the withdrawal it may need."""
    if look.item is None:
        look.verdicts = (gone(bound),)
    else:
        look.verdicts = evaluate(bound.flow.gates, look.item, now)
    look.verdict = decide(look.verdicts)
    if look.verdict.decision is Decision.ASK:
        look.park(look.verdict.code or "ask", f"{look.verdict.gate}: {look.verdict.reason}")


def gone(bound: Bound) -> Verdict:
    return deny(f"it no longer exists at {bound.flow.source.connection}, or our account may not see it", code="gone")


def wants_copy(look: Look) -> bool:
    return look.verdict is not None and look.verdict.allows


def diff(bound: Bound, look: Look) -> None:
    """Name what has to be done, by comparing what should be with what the ledger knows (or the target was seen to hold)."""
    if not wants_copy(look):
        close(look)
        return
    assert look.item is not None  # noqa: S101 - an allowed item is there
    look.rendition = look.item.rendition(bound.flow.deliver.rendition)
    if look.rendition is None:
        name = bound.flow.deliver.rendition
        look.park("file.missing", f"it has no rendition {name!r}; it is looked at again when the item changes")
        return
    look.fields = shape(bound.flow.deliver, look.item)
    look.fields_digest = digest(look.fields)
    look.actions |= opened(look)


def opened(look: Look) -> set[Action]:
    """The actions that make an allowed item's copy right."""
    before = look.before
    assert look.rendition is not None  # noqa: S101 - `diff` made sure
    if before is None or before.ref is None:
        actions = {Action.CREATE}
    else:
        actions = set()
        if not same_file(look):
            actions.add(Action.REPLACE_FILE)
        if before.fields_digest != look.fields_digest:
            actions.add(Action.UPDATE)
        if before.held == "hidden":
            actions.add(Action.SHOW)
    if look.link_to - look.linked_to():
        actions.add(Action.LINK)
    if look.linked_to() - look.link_to:
        actions.add(Action.UNLINK)
    return actions


def same_file(look: Look) -> bool:
    """Whether the target has these bytes: by the vendor's version, or by the digest it states (same bytes, new version)."""
    assert look.before is not None  # noqa: S101 - asked for known copies only
    assert look.rendition is not None  # noqa: S101
    if look.before.file_version == look.rendition.version:
        return True
    stated = look.before.extras.get("source_digest")
    return stated is not None and stated == look.rendition.digest


def close(look: Look) -> None:
    if look.live:
        look.actions.add(Action.WITHDRAW)
    assert look.verdict is not None  # noqa: S101 - `consult` came before
    reason = f"{look.verdict.gate}: {look.verdict.reason}" if look.verdict.gate else look.verdict.reason
    look.code, look.reason = look.verdict.code, reason


async def compare_with_target(bound: Bound, looks: Sequence[Look]) -> None:
    """Correct what the ledger believes by what the target really holds: somebody may have changed or removed our copy."""
    known = {bound.key_at_target(look.key): look for look in looks if look.held}
    if not known:
        return
    found = await bound.target.held(bound.as_kind, list(known))
    for key, look in known.items():
        look.before = record.corrected(bound, look, found.get(key))


def overdue(look: Look, now: datetime) -> bool:
    return look.before is not None and look.before.due is not None and look.before.due <= now


def tally(looks: Sequence[Look]) -> Account:
    account = Account()
    for look in looks:
        account.count(look.outcome or Outcome.FAILED, look.code)
        account.linked += look.linked
        account.withdrawn += look.withdrawn
        account.bytes += look.bytes
    return account


def planned(look: Look) -> Outcome:
    """The outcome a look would have if its actions succeeded."""
    if look.outcome is not None:
        return look.outcome
    if not wants_copy(look):
        return Outcome.BLOCKED
    return Outcome.WRITTEN if look.actions else Outcome.UNCHANGED


def field_changes(look: Look) -> Sequence[FieldChange]:
    """Differences of fields for a plan, against what was last written."""
    before = look.before.extras.get("fields", {}) if look.before else {}
    return differences(before, look.fields)
