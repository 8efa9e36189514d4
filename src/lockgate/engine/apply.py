"""Do what the looks say: write copies, show, link, withdraw. Confirmed by the target before it counts.

Before anything is done an intent is committed, with the links that are about to be made; after a crash it says that the
target must be asked first. So no crash can leave a second copy, nor one that stands open without anybody knowing.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from lockgate.engine import sending
from lockgate.engine.belief import file_actions
from lockgate.engine.blame import answered, together
from lockgate.engine.bound import Bound
from lockgate.engine.linking import link, planned_links
from lockgate.engine.look import Look
from lockgate.engine.record import cut_offs
from lockgate.failpoints import passed
from lockgate.kit.contract import Receipt
from lockgate.kit.errors import ConnectorError, NotFound
from lockgate.ledger import audit, intents, links
from lockgate.ledger.intents import Intent
from lockgate.model.plan import Action, Outcome

LINKS = frozenset({Action.LINK, Action.UNLINK})


async def apply(bound: Bound, looks: Sequence[Look], run: str, *, bulk: bool = False) -> None:
    """Settle every look that is not settled yet."""
    todo = [look for look in looks if look.outcome is None and look.actions]
    await begin(bound, todo, run, bulk=bulk)
    await together(
        withdraw(bound, [look for look in todo if look.closing]),
        write(bound, [look for look in todo if look.opening]),
    )
    for look in looks:
        conclude(look)


async def begin(bound: Bound, looks: Sequence[Look], run: str, *, bulk: bool) -> None:
    """Commit what is about to be done, unless the items may be in other hands by now."""
    if looks:
        job, grip = noted(bound, looks, run), looks[0].grip

        def ours(c: Connection) -> None:
            job(c)
            if grip is not None:
                grip.check(c)

        await bound.ledger.write(ours, bulk=bulk)
        passed("intent.stored")


def noted(bound: Bound, looks: Sequence[Look], run: str) -> Callable[[Connection], None]:
    """Notes what is begun with these items, so that the next look asks the target."""
    flow, now = bound.flow.name, bound.clock()
    rows = [
        Intent(flow=flow, key=look.key, action=action(look), file_version=version(look), at=now, run=run)
        for look in looks
    ]
    planned = [row for look in looks for row in planned_links(bound, look, now)]
    interrupted = cut_offs(looks)

    def job(c: Connection) -> None:
        intents.begin(c, rows)
        links.put(c, planned)
        if interrupted:
            audit.append(c, now, flow, run, interrupted)

    for look in looks:
        look.unsure, look.begun = True, now
    return job


def action(look: Look) -> str:
    """What is begun; a file whose sending is in doubt stays in doubt until a look was recorded, whatever is begun meanwhile."""
    return " ".join(sorted({*look.actions, *(file_actions(look.doubt) if look.doubt else ())}))


def version(look: Look) -> str:
    return look.rendition.version if look.rendition else ""


async def write(bound: Bound, looks: Sequence[Look]) -> None:
    """Files and fields, then what makes copies visible and linked."""
    await sending.send_all(bound, looks)
    await show(bound, [look for look in looks if look.outcome is None and Action.SHOW in look.actions])
    await link(bound, [look for look in looks if look.outcome is None and look.actions & LINKS])


async def show(bound: Bound, looks: Sequence[Look]) -> None:
    async def call(some: Sequence[Look]) -> list[Receipt | ConnectorError]:
        return await bound.target.show(bound.as_kind, [ref_of(look) for look in some])

    for look, answer in await answered(looks, call):
        sending.take(look, answer)
        look.shown = look.outcome is None
        passed("copy.shown")


async def withdraw(bound: Bound, looks: Sequence[Look]) -> None:
    """Close the copies first of all, then take our links away. Only what was read back closed counts as withdrawn."""

    async def call(some: Sequence[Look]) -> list[Receipt | ConnectorError]:
        return await bound.target.withdraw(bound.as_kind, [ref_of(look) for look in some], bound.flow.deliver.closed)

    for look, answer in await answered([look for look in looks if Action.WITHDRAW in look.actions], call):
        look.vanished = isinstance(answer, NotFound)
        if isinstance(answer, ConnectorError) and not look.vanished:
            look.fail(answer)
        else:
            look.withdrawn = True
            passed("copy.withdrawn")
    await link(bound, [look for look in looks if Action.UNLINK in look.actions])


def ref_of(look: Look) -> str:
    ref = look.ref or (look.before.ref if look.before else None)
    if ref is None:
        raise AssertionError(f"{look.key} has no copy at the target to act on")
    return ref


def conclude(look: Look) -> None:
    """The outcome of a look whose work went through."""
    if look.outcome is not None:
        return
    look.unsure, look.confirmed = False, True
    if look.ending is not None:
        look.settle(look.ending, look.code, look.reason)
    elif look.actions:
        look.settle(Outcome.WRITTEN, "", "delivered")
    else:
        look.settle(Outcome.UNCHANGED, "", "the target holds it already")
