"""Send copies: their files one by one and several at once, their fields in batches."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

import msgspec

from lockgate.engine.belief import missing
from lockgate.engine.blame import answered, minding, together
from lockgate.engine.bound import Bound
from lockgate.engine.busy import Minded
from lockgate.engine.consult import consult
from lockgate.engine.look import Look
from lockgate.failpoints import passed
from lockgate.kit.contract import FileSource, FileStream, Receipt, Write
from lockgate.kit.errors import Conflict, ConnectorError, NotFound
from lockgate.kit.transfer import file_source
from lockgate.ledger import holds
from lockgate.model.item import Item, Rendition
from lockgate.model.plan import Action

FILES_AT_ONCE = 8
"""Files of one page that travel at the same time; the connection's own limit may be lower."""
FIELDS_AT_ONCE = 250
"""Field-only writes handed to the target in one call."""
STALE = timedelta(seconds=15)
"""An item that waited longer for its turn is read and asked about once more before its file is sent."""
SENDS_FILE = frozenset({Action.CREATE, Action.REPLACE_FILE})
WRITES = SENDS_FILE | {Action.UPDATE}


async def send_all(bound: Bound, looks: Sequence[Look]) -> None:
    gate = asyncio.Semaphore(FILES_AT_ONCE)
    with_file = [look for look in looks if sends_file(look)]
    fields_only = [look for look in looks if look.actions & WRITES and not sends_file(look)]
    await together(
        *(minding(look, send(bound, look, gate)) for look in with_file),
        *(update(bound, batch) for batch in batches(fields_only, FIELDS_AT_ONCE)),
    )


def sends_file(look: Look) -> bool:
    return look.rendition is not None and bool(look.actions & SENDS_FILE)


async def send(bound: Bound, look: Look, gate: asyncio.Semaphore) -> None:
    """Create the copy or replace its file. A copy that vanished at the target is created again."""
    async with gate:
        if not await still_allowed(bound, look):
            return
        answer = await one(bound, look)
        if isinstance(answer, NotFound) and look.before is not None and look.before.ref is not None:
            forget_copy(look)
            answer = await one(bound, look)
    take(look, answer)
    passed("copy.written")


async def still_allowed(bound: Bound, look: Look) -> bool:
    """Whether what was decided still holds; else the item is put off, to be looked at again at once."""
    now = bound.clock()
    due = look.verdict.due if look.verdict else None
    if look.at is not None and now - look.at < STALE and (due is None or now < due):
        return True
    recalled = await bound.ledger.read(lambda c: holds.get(c, bound.flow.name, [look.key]))
    items = await bound.source.fetch(bound.kind, [look.key])
    anew = Look(look.key, hold=recalled.get(look.key), item=items[0] if items else None, at=bound.clock())
    consult(bound, anew)
    if anew.opening and anew.item and look.item and anew.item.revision == look.item.revision:
        look.at, look.verdicts, look.verdict = anew.at, anew.verdicts, anew.verdict
        return True
    look.park("changed", "it changed while it waited to be sent; it is looked at again", retry_after=0.0)
    return False


def forget_copy(look: Look) -> None:
    """The target has our copy no longer: it is made anew, links included."""
    look.before = missing(look)
    look.actions.add(Action.CREATE)
    if look.link_to:
        look.actions.add(Action.LINK)


async def one(bound: Bound, look: Look) -> Receipt | ConnectorError:
    return (await bound.target.upsert(bound.as_kind, [write_of(bound, look, with_file=True)]))[0]


async def update(bound: Bound, looks: Sequence[Look]) -> None:
    async def call(some: Sequence[Look]) -> list[Receipt | ConnectorError]:
        return await bound.target.upsert(bound.as_kind, [write_of(bound, look, with_file=False) for look in some])

    for look, answer in await answered(looks, call):
        if isinstance(answer, NotFound):
            forget_copy(look)
            await minding(look, send(bound, look, asyncio.Semaphore()))
        else:
            take(look, answer)
            passed("fields.written")


def write_of(bound: Bound, look: Look, *, with_file: bool) -> Write:
    return Write(
        key=bound.key_at_target(look.key),
        ref=look.before.ref if look.before else None,
        fields=look.fields,
        file=source_of(bound, look) if with_file else None,
    )


def source_of(bound: Bound, look: Look) -> FileSource | None:
    """The rendition as the gates saw it: exactly that version, with the digest the source states for it."""
    item, rendition = look.item, look.rendition
    if item is None or rendition is None:
        return None
    return file_source(
        partial(as_seen, bound, look, item, rendition),
        filename=rendition.filename,
        media_type=rendition.media_type or "application/octet-stream",
        length=rendition.length,
        expected=rendition.digest,
    )


@asynccontextmanager
async def as_seen(bound: Bound, look: Look, item: Item, rendition: Rendition) -> AsyncIterator[FileStream]:
    """The open file, as long as the item is ours to send: a process that stood still may find it in other hands.

    That the source has it no longer must not be taken for the target having lost its copy.
    """
    if look.grip is not None:
        await look.grip.sure()
    async with AsyncExitStack() as stack:
        try:
            stream = await stack.enter_async_context(bound.source.open(item.id, rendition))
        except NotFound as error:
            raise Conflict(f"it changed while its file was asked for: {error.sentence}", code="changed") from error
        if look.grip is not None and look.grip.locks.needed:
            stream = msgspec.structs.replace(stream, chunks=Minded(look.grip, stream.chunks))
        yield stream


def take(look: Look, answer: Receipt | ConnectorError) -> None:
    """Note a confirmed write, or park the item with the target's reason."""
    if isinstance(answer, ConnectorError):
        look.fail(answer)
        return
    look.wrote = True
    look.ref, look.url = answer.ref, answer.url or look.url
    look.sha256, look.bytes = answer.sha256 or look.sha256, look.bytes + answer.bytes


def batches(looks: Sequence[Look], size: int) -> Iterable[Sequence[Look]]:
    return (looks[start : start + size] for start in range(0, len(looks), size))
