"""The page function: looks at a handful of items and makes the target hold what it should.

Live lane, full sync, plan, apply and recall all call it; they differ in which keys they hand in, and in what else goes
into the commit that records the outcome. Nothing here remembers anything: a crash only means a second look.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from lockgate.engine import apply, belief, consult, record, resolve
from lockgate.engine.blame import alone, blame
from lockgate.engine.bound import Bound
from lockgate.engine.busy import Grip, LostGrip
from lockgate.engine.guard import Watchman
from lockgate.engine.look import Look
from lockgate.engine.mapping import differences, digest, shape
from lockgate.failpoints import passed
from lockgate.ledger import choices, deliveries, holds, inbox, intents, links, parked
from lockgate.ledger.inbox import VERIFY, Hint
from lockgate.model.item import Rendition
from lockgate.model.plan import Account, Action, FieldChange, Outcome

Extra = Callable[[Connection, Account], None]
"""What a caller adds to the recording commit: removing inbox rows, counting a run's page."""

NONE_TOLD: Mapping[str, bytes] = {}


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
    grip: Grip,
    extra: Extra | None = None,
    verify: bool = False,
    records: Mapping[str, bytes] = NONE_TOLD,
    bulk: bool = False,
) -> Page:
    """Look, decide, write, record. `verify` also asks the target what it really holds; `grip` holds the keys; `records` are
    those that events carried, by key: these items are not read. `bulk` has what is live recorded first.

    Raises GuardTripped before anything is withdrawn, ConnectorError when a system as a whole does not answer, LostGrip when
    another process may have worked the items meanwhile; what concerns single items is settled and recorded.
    """
    looks = await judge(bound, keys, verify=verify, binding=True, records=records)
    for look in looks:
        look.grip = grip
    async with watchman.watching(looks), minding_grip(bound, looks, run):
        await apply.apply(bound, looks, run, bulk=bulk)
        passed("page.written")
        account = tally(looks)

        def job(c: Connection) -> None:
            record.record(c, bound, looks, account, run)
            watchman.note(c, looks)
            if extra is not None:
                extra(c, account)
            grip.check(c)

        await bound.ledger.write(job, bulk=bulk)
        passed("page.recorded")
    return Page(looks, account)


@asynccontextmanager
async def minding_grip(bound: Bound, looks: Sequence[Look], run: str) -> AsyncIterator[None]:
    """Where another process may have worked the items meanwhile, have them looked at anew: target, file and links."""
    try:
        yield
    except LostGrip:
        again = [Hint(flow=bound.flow.name, key=look.key, lane="recall", reason=VERIFY) for look in looks]
        doubt = apply.noted(bound, [look for look in looks if look.actions], run)

        def job(c: Connection) -> None:
            doubt(c)
            inbox.hint(c, again)

        await bound.ledger.write(job)
        raise


async def judge(
    bound: Bound,
    keys: Sequence[str],
    *,
    verify: bool = False,
    binding: bool = False,
    records: Mapping[str, bytes] = NONE_TOLD,
) -> list[Look]:
    """All of a look but the writing: what `plan` shows and `reconcile` does.

    `binding` says that the looks will be acted on, so what misses its counterpart waits for it from here on.
    """
    looks = await remember(bound, keys)
    await alone([look for look in looks if look.key in records], partial(told, bound, records))
    await alone([look for look in looks if look.key not in records], partial(fetch, bound))
    for look in looks:
        if look.outcome is None:
            consult.consult(bound, look)
    await belief.ask_target(bound, looks, verify=verify)
    await resolve.counterparts(bound, [look for look in looks if look.outcome is None and look.opening], binding)
    for look in looks:
        if look.outcome is None:
            guarded(look, partial(diff, bound, look))
    await belief.spare_resending(bound, looks)
    return looks


async def remember(bound: Bound, keys: Sequence[str]) -> list[Look]:
    """Empty looks with what the ledger knows of each key."""
    flow = bound.flow.name

    def job(c: Connection) -> list[Look]:
        before = deliveries.get(c, flow, keys)
        linked = links.get(c, flow, keys)
        doubts = intents.get(c, flow, keys)
        waiting = parked.get(c, flow, keys)
        recalled = holds.get(c, flow, keys)
        chosen = choices.get(c, flow, keys)
        return [
            Look(
                key,
                before=before.get(key),
                links=tuple(linked.get(key, ())),
                doubt=doubts.get(key),
                unsure=key in doubts,
                waiting=waiting.get(key),
                hold=recalled.get(key),
                choice=chosen.get(key),
            )
            for key in dict.fromkeys(keys)
        ]

    return await bound.ledger.read(job)


async def fetch(bound: Bound, looks: Sequence[Look]) -> None:
    """Read the items as they are now; those that are gone stay None."""
    items = {item.id: item for item in await bound.source.fetch(bound.kind, [look.key for look in looks])}
    for look in looks:
        look.item, look.at = items.get(look.key), bound.clock()


async def told(bound: Bound, records: Mapping[str, bytes], looks: Sequence[Look]) -> None:
    """Take the items from the records their events carried."""
    items = {item.id: item for item in bound.source.told(bound.kind, [records[look.key] for look in looks])}
    for look in looks:
        look.item, look.at = items.get(look.key), bound.clock()


def guarded(look: Look, step: Callable[[], None]) -> None:
    """Run a step for one item; a defect of ours fails this item alone, and is logged with its trace."""
    try:
        step()
    except Exception as error:  # noqa: BLE001 - it must not stop the other items
        blame(look, error)


def diff(bound: Bound, look: Look) -> None:
    """Name what has to be done, by comparing what should be with what the target holds."""
    if look.closing:
        look.actions |= closed(look)
        return
    if look.item is None:
        raise AssertionError("only an item that is there is allowed")
    if look.ending is Outcome.PARKED and not look.live:
        look.actions |= relinked(look)  # it is not written before it can go on
        return
    name = bound.flow.deliver.rendition
    look.rendition = look.item.rendition(name) if name is not None else None
    if look.rendition is None and name is not None:
        look.park("file.missing", f"it has no rendition {name!r}; it is looked at again when the item changes")
        return
    look.fields = shape(bound.flow.deliver, look.item)
    look.fields_digest = digest(look.fields)
    look.actions |= opened(look) | relinked(look)


def closed(look: Look) -> set[Action]:
    """The actions that close a copy: it is hidden, and nothing of ours points to it any more."""
    actions = {Action.WITHDRAW} if look.live else set[Action]()
    return actions | ({Action.UNLINK} if look.links else set())


def opened(look: Look) -> set[Action]:
    """The actions that make an allowed item's copy right, apart from its links."""
    before = look.before
    if before is None or before.ref is None:
        return {Action.CREATE}
    actions = set[Action]()
    if look.rendition is not None and not same_file(look, look.rendition):
        actions.add(Action.REPLACE_FILE)
    if before.fields_digest != look.fields_digest:
        actions.add(Action.UPDATE)
    if before.held == "hidden":
        actions.add(Action.SHOW)
    return actions


def relinked(look: Look) -> set[Action]:
    actions = {Action.LINK} if look.link_to - look.linked_to() else set[Action]()
    return actions | ({Action.UNLINK} if look.linked_to() - look.link_to else set())


def same_file(look: Look, rendition: Rendition) -> bool:
    """Whether the target has these bytes: by the vendor's version, or by the digest it states (same bytes, new version)."""
    if look.before is None:
        raise AssertionError("asked for known copies only")
    if look.recheck or belief.other_length(look):
        return False
    if look.before.file_version == rendition.version:
        return True
    stated = look.before.extras.get("source_digest")
    return stated is not None and stated == rendition.digest


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
    return look.outcome or look.ending or (Outcome.WRITTEN if look.actions else Outcome.UNCHANGED)


def field_changes(look: Look) -> Sequence[FieldChange]:
    """Differences of fields for a plan, against what was last written."""
    before = look.before.extras.get("fields", {}) if look.before else {}
    return differences(before, look.fields) if look.fields else ()
