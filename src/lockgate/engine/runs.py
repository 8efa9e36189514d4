"""Runs over many items: full sync, sweep, plan and apply. Each page is a step that is recorded once, whatever crashes.

A run is a row of the ledger and a durable run of the same id. A page's account enters the run's in the commit that
records the page's outcomes; a page that is worked again after a crash leaves out what is recorded of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from lockgate.engine.bound import Bound
from lockgate.engine.busy import Busy
from lockgate.engine.guard import Watchman
from lockgate.engine.live import Listener
from lockgate.engine.look import Look
from lockgate.engine.reconcile import Page, field_changes, judge, planned, reconcile, tally
from lockgate.engine.seen import Seen
from lockgate.failpoints import passed
from lockgate.kit.contract import Page as IndexPage
from lockgate.kit.contract import Ref
from lockgate.kit.errors import NeedsOperator, Transient
from lockgate.ledger import deliveries, inbox, plans, runs
from lockgate.ledger.deliveries.standing import settled, unless_closed
from lockgate.ledger.inbox import Hint
from lockgate.ledger.runs import Run
from lockgate.model.item import pick
from lockgate.model.plan import Account, Action, Change, Outcome

PARTS = 1000
"""A page of the index is recorded in parts, numbered from page × PARTS on."""
CHUNK = 64
"""Items that are looked at, written and recorded together within a page."""

T = TypeVar("T")


class Step(msgspec.Struct, frozen=True):
    """Where a run goes on: the cursor after the page just done; `last` when there is no further page."""

    cursor: str | None
    last: bool


class Runner:
    """The work of runs, page by page; `durable` decides when each page is called."""

    def __init__(self, flows: Mapping[str, Bound], busy: Busy, listen: Listener) -> None:
        self.flows, self.busy, self.listen = flows, busy, listen
        self.totals: dict[str, int] = {}
        """How many items the source of each flow last said it has."""
        self._seen: dict[str, Seen] = {}
        self._watchmen: dict[str, Watchman] = {}

    async def page(self, bound: Bound, run: Run, number: int, cursor: str | None) -> Step:
        """Work one page of the source's index. Raises GuardTripped and ConnectorError; calling it again is safe."""
        index = await next_page(bound, cursor)
        if index is None:
            return Step(cursor, last=True)
        if number == 0:
            self._seen[run.id] = Seen()
        if run.id in self._seen:
            self._seen[run.id].add(ref.id for ref in index.records)
        await self._note_total(bound, run, index.total)
        await self._work(bound, run, number, index.records)
        return Step(index.cursor, last=False)

    async def _note_total(self, bound: Bound, run: Run, total: int | None) -> None:
        if total is not None:
            self.totals[bound.flow.name] = total
            if total != run.total:
                await bound.ledger.write(lambda c: runs.update(c, run.id, total=total))

    async def _work(self, bound: Bound, run: Run, number: int, records: Sequence[Ref]) -> None:
        """Look at what is not recorded of this page, but for items that need no look."""
        done, part = await covered(bound, run, number)
        refs = [ref for ref in records if ref.id not in done]
        quiet = await self._quiet(bound, run, refs)
        if quiet:
            await self._pass_over(bound, run, part, quiet)
            part += 1
        keys = [ref.id for ref in refs if ref.id not in quiet]
        work = self._plan if run.kind == "plan" else self._chunk
        for step, chunk in enumerate(chunks(keys)):
            await work(bound, run, part + step, chunk)

    async def _quiet(self, bound: Bound, run: Run, refs: Sequence[Ref]) -> dict[str, tuple[Outcome, str]]:
        """Items that need no look: seen at this very revision under these very rules, and settled for good."""
        if run.params.get("verify"):
            return {}
        flow = bound.flow.name
        known = await bound.ledger.read(lambda c: settled(c, flow, [ref.id for ref in refs]))
        return {
            ref.id: (again(known[ref.id].outcome), known[ref.id].code)
            for ref in refs
            if ref.id in known and known[ref.id].rev == bound.revision(ref.revision)
        }

    async def _pass_over(self, bound: Bound, run: Run, page: int, quiet: dict[str, tuple[Outcome, str]]) -> None:
        account = Account()
        for outcome, code in quiet.values():
            account.count(outcome, code)
        await bound.ledger.write(lambda c: runs.add_page(c, run.id, page, None, account, keys=[*quiet]))
        passed("page.passed")
        self.listen(bound, Page([], account))

    async def _chunk(self, bound: Bound, run: Run, page: int, keys: Sequence[str]) -> None:
        self._still_at_work(bound)
        async with self.busy.hold(bound.flow.name, keys) as grip:
            done = await reconcile(
                bound,
                keys,
                run=run.id,
                watchman=self._watchman(bound, run),
                grip=grip,
                verify=bool(run.params.get("verify")),
                extra=lambda c, account: count(c, run.id, page, account, keys),
            )
        self.listen(bound, done)

    def _still_at_work(self, bound: Bound) -> None:
        """Raises NeedsOperator when the flow was put down or says something else; Transient when only a connection changed."""
        now = self.flows.get(bound.flow.name)
        if now is None or now.flow.digest != bound.flow.digest:
            raise left_off(bound.flow.name)
        if now is not bound:
            raise Transient(f"a connection of flow {bound.flow.name} changed; the page is worked with the new one")

    def _watchman(self, bound: Bound, run: Run) -> Watchman:
        """A run's guard counts over the whole run; its count stands in the ledger."""
        if run.id not in self._watchmen:
            self._watchmen[run.id] = Watchman(bound, run.id, confirmed=int(run.params.get("confirmed", 0)))
        return self._watchmen[run.id]

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
        number = 0
        after: str | None = None
        while True:
            done, part = await covered(bound, run, number)
            page = await bound.ledger.read(partial(plans.changes, plan=plan, after=after, limit=CHUNK))
            if keys := [change.key for change in page.rows if change.key not in done]:
                await self._chunk(bound, run, part, keys)
            if page.next is None:
                return
            number, after = number + 1, page.next

    async def vanished(self, bound: Bound, run: Run) -> None:
        """After a complete index: what is delivered or was open and the source no longer lists is looked at again.

        Only looked at: the item itself is asked for before anything is withdrawn, whatever the index left out.
        """
        seen = self._seen.pop(run.id, None)
        if seen is None:  # the first pages were worked by another process, or before a crash
            seen = Seen()
            async for page in bound.source.index(bound.kind, None):
                seen.add(ref.id for ref in page.records)
        flow, after = bound.flow.name, ""
        while keys := await bound.ledger.read(partial(deliveries.keys_after, flow=flow, after=after, limit=1000)):
            if lost := [key for key in keys if key not in seen]:
                await bound.ledger.write(partial(hint_lost, flow=flow, keys=lost))
                passed("vanished.hinted")
            after = keys[-1]

    def forget(self, run_id: str) -> None:
        self._seen.pop(run_id, None)
        self._watchmen.pop(run_id, None)


def left_off(flow: str) -> NeedsOperator:
    return NeedsOperator(
        f"flow {flow} is not at work any more: it was paused, changed or removed; run it again when it is"
    )


async def next_page(bound: Bound, cursor: str | None) -> IndexPage[Ref] | None:
    """The index page after the cursor, or None at the end."""
    async for page in bound.source.index(bound.kind, cursor):
        return page if page.records else None
    return None


def chunks(keys: Sequence[T]) -> Iterable[Sequence[T]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def count(c: Connection, run: str, page: int, account: Account, keys: Sequence[str]) -> None:
    runs.add_page(c, run, page, None, account, keys=keys)


async def covered(bound: Bound, run: Run, number: int) -> tuple[set[str], int]:
    """What of a page of the index the run has done before a crash, and where its parts go on.

    Told by key: the page may hold other items by now, and which of them need no look is another answer by now, too.
    """
    first = number * PARTS
    return await bound.ledger.read(lambda c: runs.covered(c, run.id, first, first + PARTS - 1))


def drawn(c: Connection, run: str, page: int, looks: Sequence[Look], account: Account) -> None:
    """Put the changes of these looks into the plan, once."""
    if runs.add_page(c, run, page, None, account, keys=[look.key for look in looks]):
        plans.add_changes(c, run, [change(look) for look in looks if look.actions])


def hint_lost(c: Connection, flow: str, keys: Sequence[str]) -> None:
    """Have items looked at that are no longer listed, but for those known to be gone and closed."""
    open = unless_closed(c, flow, keys, "gone")
    inbox.hint(c, [Hint(flow=flow, key=key, lane="live", reason="no longer listed") for key in sorted(open)])


def again(outcome: Outcome) -> Outcome:
    """How an item counts that needs no new look."""
    return Outcome.BLOCKED if outcome is Outcome.BLOCKED else Outcome.UNCHANGED


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
