"""Do what the looks say: write copies, show, link, withdraw. Confirmed by the target before it counts.

Before anything is created or a file is replaced, an intent is committed; after a crash it says that the target must be
asked first. So no crash can leave a second copy.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

import structlog

from lockgate.engine.bound import Bound
from lockgate.engine.look import LinkTo, Look
from lockgate.engine.record import adopted
from lockgate.kit.contract import FileSource, Link, Receipt, Write
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound
from lockgate.kit.transfer import file_source
from lockgate.ledger import intents
from lockgate.ledger.intents import Intent
from lockgate.model.item import Item, Rendition
from lockgate.model.plan import Action, Outcome

log = structlog.get_logger("lockgate.engine")

FILES_AT_ONCE = 8
"""Files of one page that travel at the same time; the connection's own limit may be lower."""
FIELDS_AT_ONCE = 50
"""Field-only writes handed to the target in one call."""
SENDS_FILE = frozenset({Action.CREATE, Action.REPLACE_FILE})
WRITES = SENDS_FILE | {Action.UPDATE}


async def apply(bound: Bound, looks: Sequence[Look], run: str) -> None:
    """Settle every look that is not settled yet."""
    open_looks = [look for look in looks if look.outcome is None]
    closing = [look for look in open_looks if look.verdict is not None and not look.verdict.allows]
    opening = [look for look in open_looks if look.verdict is not None and look.verdict.allows]
    await together(*(guard(look, settle_doubt(bound, look)) for look in open_looks if look.doubt is not None))
    await begin(bound, opening, run)
    await together(withdraw(bound, closing), write(bound, opening))
    for look in open_looks:
        conclude(look)


async def begin(bound: Bound, looks: Sequence[Look], run: str) -> None:
    """Commit the intents of all that would be dangerous to do twice."""
    now = bound.clock()
    rows = [
        Intent(flow=bound.flow.name, key=look.key, action=action.value, file_version=version(look), at=now, run=run)
        for look in looks
        if look.outcome is None
        for action in sorted(look.actions & SENDS_FILE)
    ]
    if rows:
        await bound.ledger.write(lambda c: intents.begin(c, rows))


def version(look: Look) -> str:
    return look.rendition.version if look.rendition else ""


async def settle_doubt(bound: Bound, look: Look) -> None:
    """A write was begun and not recorded: ask the target what came of it, and plan only what is still missing."""
    key = bound.key_at_target(look.key)
    held = (await bound.target.held(bound.as_kind, [key])).get(key)
    if held is None:
        return
    look.before = adopted(bound, look, held)
    look.ref = held.ref
    if look.verdict is None or not look.verdict.allows:
        look.actions = set() if held.hidden else {Action.WITHDRAW}
        return
    look.actions -= SENDS_FILE
    look.actions.add(Action.UPDATE)
    if held.hidden:
        look.actions.add(Action.SHOW)
    if not await holds_file(bound, look, held.ref, held.length):
        look.actions.add(Action.REPLACE_FILE)


async def holds_file(bound: Bound, look: Look, ref: str, length: int | None) -> bool:
    """Whether the target's file has the bytes of the rendition: by length, then by digest where the source states one."""
    wanted = look.rendition
    if wanted is None or wanted.digest is None or (length is not None and length != wanted.length):
        return False
    algorithm, _, digest = wanted.digest.partition(":")
    return await bound.target.file_digest(bound.as_kind, ref, algorithm) == digest


async def write(bound: Bound, looks: Sequence[Look]) -> None:
    """Files one by one and several at once, fields in batches, then what makes copies visible and linked."""
    with_file = [look for look in looks if look.outcome is None and look.actions & SENDS_FILE]
    fields_only = [look for look in looks if look.outcome is None and look.actions & WRITES == {Action.UPDATE}]
    gate = asyncio.Semaphore(FILES_AT_ONCE)
    await together(
        *(guard(look, send(bound, look, gate)) for look in with_file),
        *(update(bound, batch) for batch in batches(fields_only, FIELDS_AT_ONCE)),
    )
    await show(bound, [look for look in looks if look.outcome is None and Action.SHOW in look.actions])
    await link(bound, [look for look in looks if look.outcome is None and look.actions & {Action.LINK, Action.UNLINK}])


async def send(bound: Bound, look: Look, gate: asyncio.Semaphore) -> None:
    """Create the copy or replace its file. A copy that vanished at the target is created again."""
    async with gate:
        answer = await one(bound, write_of(bound, look, with_file=True))
        if isinstance(answer, NotFound) and look.before is not None and look.before.ref is not None:
            look.before, look.links = None, ()
            look.actions.add(Action.LINK)
            answer = await one(bound, write_of(bound, look, with_file=True))
    take(look, answer)


async def one(bound: Bound, write: Write) -> Receipt | ConnectorError:
    return (await bound.target.upsert(bound.as_kind, [write]))[0]


async def update(bound: Bound, looks: Sequence[Look]) -> None:
    answers = await bound.target.upsert(bound.as_kind, [write_of(bound, look, with_file=False) for look in looks])
    for look, answer in zip(looks, answers, strict=True):
        if isinstance(answer, NotFound):
            look.actions.add(Action.CREATE)
            await guard(look, send(bound, look, asyncio.Semaphore()))
        else:
            take(look, answer)


def write_of(bound: Bound, look: Look, *, with_file: bool) -> Write:
    return Write(
        key=bound.key_at_target(look.key),
        ref=look.before.ref if look.before else None,
        fields=look.fields,
        file=source_of(bound, look) if with_file else None,
    )


def source_of(bound: Bound, look: Look) -> FileSource:
    """The rendition as the gates saw it: exactly that version, with the digest the source states for it."""
    item, rendition = need(look)
    return file_source(
        lambda: bound.source.open(item.id, rendition),
        filename=rendition.filename,
        media_type=rendition.media_type or "application/octet-stream",
        length=rendition.length,
        expected=rendition.digest,
    )


def need(look: Look) -> tuple[Item, Rendition]:
    if look.item is None or look.rendition is None:
        raise AssertionError("only an item that is there, with a rendition, is written")
    return look.item, look.rendition


def take(look: Look, answer: Receipt | ConnectorError) -> None:
    """Note a confirmed write, or park the item with the target's reason."""
    if isinstance(answer, ConnectorError):
        look.fail(answer)
        return
    look.ref, look.url = answer.ref, answer.url or look.url
    look.sha256, look.bytes = answer.sha256 or look.sha256, look.bytes + answer.bytes


def ref_of(look: Look) -> str:
    ref = look.ref or (look.before.ref if look.before else None)
    if ref is None:
        raise AssertionError(f"{look.key} has no copy at the target to act on")
    return ref


async def show(bound: Bound, looks: Sequence[Look]) -> None:
    for look, answer in await in_order(looks, lambda refs: bound.target.show(bound.as_kind, refs)):
        take(look, answer)


async def withdraw(bound: Bound, looks: Sequence[Look]) -> None:
    """Take our links away and close the copies; only a copy that was read back closed counts as withdrawn."""
    live = [look for look in looks if Action.WITHDRAW in look.actions]
    for look in live:
        look.link_to = frozenset()
    await link(bound, [look for look in live if look.links])
    policy = bound.flow.deliver.closed
    still = [look for look in live if look.outcome is None]
    for look, answer in await in_order(still, lambda refs: bound.target.withdraw(bound.as_kind, refs, policy)):
        look.vanished = isinstance(answer, NotFound)
        if isinstance(answer, ConnectorError) and not look.vanished:
            look.fail(answer)
        else:
            look.withdrawn = True


Call = Callable[[Sequence[str]], Awaitable[list[Receipt | ConnectorError]]]


async def in_order(looks: Sequence[Look], call: Call) -> list[tuple[Look, Receipt | ConnectorError]]:
    """Call the target with the refs of the looks and pair its answers with them."""
    if not looks:
        return []
    answers = await call([ref_of(look) for look in looks])
    return list(zip(looks, answers, strict=True))


async def link(bound: Bound, looks: Sequence[Look]) -> None:
    """Attach and detach, all looks of the page in one call: several may belong to one product."""
    wanted: list[tuple[Look, LinkTo, Link]] = [
        (look, to, Link(kind=to[0], id=to[1], field=to[2], ref=ref_of(look), present=present))
        for look in looks
        for present, tos in ((True, look.link_to - look.linked_to()), (False, look.linked_to() - look.link_to))
        for to in sorted(tos)
    ]
    if not wanted:
        return
    answers = await bound.target.link([link for _, _, link in wanted])
    for (look, to, link), answer in zip(wanted, answers, strict=True):
        if isinstance(answer, ConnectorError) and not (isinstance(answer, NotFound) and not link.present):
            look.fail(answer)
        elif link.present:
            look.link_done.add(to)
            look.linked = True
        else:
            look.unlink_done.add(to)


async def together(*work: Awaitable[None]) -> None:
    """Run all to their end, then raise the first error: nothing goes on unwatched behind a failed page."""
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


async def guard(look: Look, work: Awaitable[None]) -> None:
    """What goes wrong with one item stays with it; what concerns the whole connection goes up."""
    try:
        await work
    except NeedsOperator:
        raise
    except ConnectorError as error:
        look.fail(error)
    except (OSError, RuntimeError, ValueError, TypeError, KeyError, AssertionError) as error:
        log.exception("writing an item failed", key=look.key)
        look.settle(Outcome.FAILED, "defect", f"Lockgate failed on this item: {type(error).__name__}: {error}")


def conclude(look: Look) -> None:
    """The outcome of a look whose work went through."""
    if look.outcome is not None:
        return
    if look.verdict is None or not look.verdict.allows:
        look.settle(Outcome.BLOCKED, look.code, look.reason)
    elif look.actions:
        look.settle(Outcome.WRITTEN, "", "delivered")
    else:
        look.settle(Outcome.UNCHANGED, "", "the target holds it already")


def batches(looks: Sequence[Look], size: int) -> Iterable[Sequence[Look]]:
    return (looks[start : start + size] for start in range(0, len(looks), size))
