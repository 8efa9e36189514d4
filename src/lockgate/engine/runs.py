"""Runs over many items: full sync, sweep, plan and apply. What is done is recorded once, whatever crashes.

A run is a row of the ledger and a durable run of the same id. A step of it covers many pages of the source's index, worked in
chunks side by side. A chunk's account enters the run's in the commit that records its outcomes; a step that is worked again
after a crash leaves out what is recorded of it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial

import msgspec
from sqlalchemy import Connection

from lockgate.engine.bound import Bound
from lockgate.engine.busy import Busy
from lockgate.engine.crew import Crew, ahead
from lockgate.engine.guard import Watchman
from lockgate.engine.live import Listener
from lockgate.engine.look import Look
from lockgate.engine.reconcile import Page, field_changes, judge, planned, reconcile, tally
from lockgate.engine.stretch import Pace, Stretch
from lockgate.failpoints import passed
from lockgate.kit.contract import Page as IndexPage
from lockgate.kit.contract import Ref
from lockgate.kit.errors import NeedsOperator, Transient
from lockgate.kit.seen import Seen
from lockgate.ledger import deliveries, inbox, intents, plans, runs
from lockgate.ledger.deliveries import counting
from lockgate.ledger.deliveries.standing import closed_as, hidden_as, unless_closed
from lockgate.ledger.inbox import VERIFY, Hint
from lockgate.ledger.runs import Run
from lockgate.model.item import pick
from lockgate.model.plan import Account, Action, Change

PARTS = 100_000
"""A step of a run is recorded in parts, numbered from step × PARTS on."""
ITEMS, SECONDS = 50_000, 5.0
"""A step of a run ends after so many items or so long: then it is journaled, and heeds that the run was cancelled."""
AT_ONCE = 4
"""Chunks of a run in work at the same time: while one waits for a system or the database, the others go on."""


class Step(msgspec.Struct, frozen=True):
    """Where a run goes on: the cursor after the pages just done; `last` when there is no further page."""

    cursor: str | None
    last: bool


class Runner:
    """The work of runs, page by page; `durable` decides when each page is called."""

    def __init__(self, flows: Mapping[str, Bound], busy: Busy, listen: Listener, lively: Callable[[], bool]) -> None:
        self.flows, self.busy, self.listen, self.lively = flows, busy, listen, lively
        self.totals: dict[str, int] = {}
        """How many items the source of each flow last said it has."""
        self._seen: dict[str, Seen] = {}
        self._watchmen: dict[str, Watchman] = {}
        self._paces: dict[str, Pace] = {}

    async def page(self, bound: Bound, run: Run, number: int, cursor: str | None) -> Step:
        """Work the next pages of the source's index. Raises GuardTripped and ConnectorError; calling it again is safe."""
        if number == 0:
            self._seen[run.id] = Seen()
        done, part = await covered(bound, run, number)
        end = asyncio.get_running_loop().time() + SECONDS
        pages = aclosing(ahead(bound.source.index(bound.kind, cursor)))
        async with Crew(AT_ONCE) as crew, self._stretch(bound, run, crew, part) as stretch, pages as index:
            async for page in index:
                if not page.records:
                    break
                await self._note(bound, run, page)
                await stretch.take([ref for ref in page.records if ref.id not in done] if done else page.records)
                cursor = page.cursor
                if stretch.taken >= ITEMS or asyncio.get_running_loop().time() > end:
                    return Step(cursor, last=False)
        if not self._same_rules(bound):
            raise left_off(bound.flow.name)
        return Step(cursor, last=True)

    async def _note(self, bound: Bound, run: Run, page: IndexPage[Ref]) -> None:
        """What is known from a page of the index alone."""
        if run.id in self._seen:
            self._seen[run.id].add([ref.id for ref in page.records])
        if page.total is not None:
            self.totals[bound.flow.name] = page.total
            if page.total != run.total:
                run.total = page.total
                await bound.ledger.write(lambda c: runs.update(c, run.id, total=page.total))

    @asynccontextmanager
    async def _stretch(self, bound: Bound, run: Run, crew: Crew, part: int) -> AsyncIterator[Stretch]:
        work = self._plan if run.kind == "plan" else self._chunk
        stretch = Stretch(bound, run, crew, self._pace(bound, run), partial(work, bound, run), part)
        yield stretch
        account = await stretch.close()
        if account.read:
            passed("page.passed")
            self.listen(bound, Page([], account))

    async def _chunk(self, bound: Bound, run: Run, page: int, keys: Sequence[str]) -> None:
        self._still_at_work(bound)
        clock = asyncio.get_running_loop().time
        async with self.busy.hold(bound.flow.name, keys) as grip:
            began = clock()
            done = await reconcile(
                bound,
                keys,
                run=run.id,
                watchman=self._watchman(bound, run),
                grip=grip,
                verify=bool(run.params.get("verify")),
                extra=lambda c, account: count(c, run.id, page, account, keys),
                bulk=True,
            )
        self._pace(bound, run).took(len(keys), clock() - began)
        self.listen(bound, done)

    def _still_at_work(self, bound: Bound) -> None:
        """Raises NeedsOperator when the flow was put down or says something else; Transient when only a connection changed."""
        if not self._same_rules(bound):
            raise left_off(bound.flow.name)
        if self.flows[bound.flow.name] is not bound:
            raise Transient(f"a connection of flow {bound.flow.name} changed; the page is worked with the new one")

    def _same_rules(self, bound: Bound) -> bool:
        now = self.flows.get(bound.flow.name)
        return now is not None and now.flow.digest == bound.flow.digest

    def _watchman(self, bound: Bound, run: Run) -> Watchman:
        """A run's guard counts over the whole run; its count stands in the ledger."""
        if run.id not in self._watchmen:
            self._watchmen[run.id] = Watchman(bound, run.id, confirmed=int(run.params.get("confirmed", 0)))
        return self._watchmen[run.id]

    def _pace(self, bound: Bound, run: Run) -> Pace:
        if run.id not in self._paces:
            self._paces[run.id] = Pace(self.lively, files=bound.flow.deliver.rendition is not None)
        return self._paces[run.id]

    async def _plan(self, bound: Bound, run: Run, page: int, keys: Sequence[str]) -> None:
        looks = await judge(bound, keys, verify=bool(run.params.get("verify")))
        for look in looks:
            look.outcome = planned(look)
        account = tally(looks)
        await bound.ledger.write(partial(drawn, run=run.id, page=page, looks=looks, account=account))
        passed("plan.drawn")
        self.listen(bound, Page([], account))

    async def listed(self, bound: Bound, run: Run) -> None:
        """Apply a plan: look at exactly the items it names, as they are now. Raises as `page`.

        Whoever applies a plan has seen how many copies it withdraws: the guard lets those pass.
        """
        plan = str(run.params["plan"])
        agreed = (await bound.ledger.read(lambda c: plans.summary(c, plan))).get(Action.WITHDRAW, 0)
        watchman = self._watchman(bound, run)
        watchman.confirmed = max(watchman.confirmed, agreed)
        done, part = await covered(bound, run, 0)
        after: str | None = ""
        async with Crew(AT_ONCE) as crew:
            while after is not None:
                page = await bound.ledger.read(
                    partial(plans.changes, plan=plan, after=after or None, limit=self._pace(bound, run).size)
                )
                if keys := [change.key for change in page.rows if change.key not in done]:
                    await crew.add(partial(self._chunk, bound, run, part, keys))
                part, after = part + 1, page.next

    async def vanished(self, bound: Bound, run: Run) -> None:
        """After a complete index: what is delivered or was open and the source no longer lists is looked at again.

        Also what was begun and never recorded: of an item that was deleted after a crash nothing else tells that a copy stands.
        Only looked at: the item itself is asked for before anything is withdrawn, whatever the index left out.
        """
        seen, flow, after = self._seen.pop(run.id, None), bound.flow.name, ""
        all_recorded = seen is not None
        if seen is None:  # the first pages were worked by another process, or before a crash
            seen = Seen()
            async for page in bound.source.index(bound.kind, None):
                seen.add([ref.id for ref in page.records])
        begun = await bound.ledger.read(partial(intents.begun, flow=flow))
        if lost := [key for key in begun if key not in seen]:
            await bound.ledger.write(partial(hint_all, flow=flow, keys=lost))
        if run.params.get("verify"):
            await bound.ledger.write(partial(hint_hidden, flow=flow, seen=seen))
        if all_recorded and await bound.ledger.read(partial(all_listed, flow=flow, seen=seen)):
            return
        while keys := await bound.ledger.read(partial(deliveries.keys_after, flow=flow, after=after, limit=1000)):
            if lost := [key for key in keys if key not in seen]:
                await bound.ledger.write(partial(hint_lost, flow=flow, keys=lost))
                passed("vanished.hinted")
            after = keys[-1]

    def forget(self, run_id: str) -> None:
        self._seen.pop(run_id, None)
        self._watchmen.pop(run_id, None)
        self._paces.pop(run_id, None)


def left_off(flow: str) -> NeedsOperator:
    return NeedsOperator(
        f"flow {flow} is not at work any more: it was paused, changed or removed; run it again when it is"
    )


def count(c: Connection, run: str, page: int, account: Account, keys: Sequence[str]) -> None:
    runs.add_page(c, run, page, None, account, keys=keys)


async def covered(bound: Bound, run: Run, number: int) -> tuple[set[str], int]:
    """What of a step the run has done before a crash, and where its parts go on.

    Told by key: the index may hold other items by now, and which of them need no look is another answer by now, too.
    """
    first = number * PARTS
    return await bound.ledger.read(lambda c: runs.covered(c, run.id, first, first + PARTS - 1))


def drawn(c: Connection, run: str, page: int, looks: Sequence[Look], account: Account) -> None:
    """Put the changes of these looks into the plan, once."""
    if runs.add_page(c, run, page, None, account, keys=[look.key for look in looks]):
        plans.add_changes(c, run, [change(look) for look in looks if look.actions])


def all_listed(c: Connection, flow: str, seen: Seen) -> bool:
    """Whether everything recorded and not known to be gone was listed, as far as numbers tell: False where they do not.

    Asked when all that was listed is recorded. Where nothing was listed twice, there is then no more on record than was listed.
    """
    if not seen.distinct:
        return False
    missing = sum(key not in seen for key in closed_as(c, flow, "gone"))
    return sum(counting.states(c, flow).values()) - missing == len(seen)


def hint_lost(c: Connection, flow: str, keys: Sequence[str]) -> None:
    """Have items looked at that are no longer listed, but for those known to be gone and closed."""
    hint_all(c, flow, unless_closed(c, flow, keys, "gone"))


def hint_hidden(c: Connection, flow: str, seen: Seen) -> None:
    """Who asks the target for everything asks for the copies of items that are gone, too: somebody may have opened one again."""
    gone = [key for key in hidden_as(c, flow, "gone") if key not in seen]
    inbox.hint(c, [Hint(flow=flow, key=key, lane="live", reason=VERIFY) for key in gone])


def hint_all(c: Connection, flow: str, keys: Iterable[str]) -> None:
    inbox.hint(c, [Hint(flow=flow, key=key, lane="live", reason="no longer listed") for key in sorted(keys)])


def change(look: Look) -> Change:
    before = look.before
    return Change(
        key=look.key,
        title=(pick(look.item.title) if look.item else None) or (before.title if before else "") or look.key,
        actions=tuple(sorted(look.actions)),
        fields=tuple(field_changes(look)),
        file_before=before.extras.get("filename") if before else None,
        file_after=look.rendition.filename if look.rendition else None,
        links=tuple(sorted(id for _, id, _ in look.link_to - look.linked_to())),
        reason=look.reason,
    )
