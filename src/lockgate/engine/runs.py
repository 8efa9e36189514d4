"""Runs over many items: full sync, sweep, plan and apply. Each page is a step that is recorded once, whatever crashes.

A run is a row of the ledger and a durable run of the same id. A page's account enters the run's in the commit that
records the page's outcomes; a page that is worked again after a crash finds itself recorded and adds nothing.
"""

from array import array
from collections.abc import AsyncIterator, Sequence
from functools import partial

import msgspec
from sqlalchemy import Connection

from lockgate.engine.bound import Bound
from lockgate.engine.busy import Busy
from lockgate.engine.guard import Watchman
from lockgate.engine.live import Listener
from lockgate.engine.look import Look
from lockgate.engine.reconcile import Page, field_changes, judge, planned, reconcile, tally
from lockgate.kit.contract import Page as IndexPage
from lockgate.kit.contract import Ref
from lockgate.ledger import deliveries, inbox, plans, runs
from lockgate.ledger.deliveries.standing import count_held, settled
from lockgate.ledger.inbox import Hint
from lockgate.ledger.runs import Run
from lockgate.model.item import pick
from lockgate.model.plan import Account, Change, Outcome

PARTS = 1000
"""A page of the index is recorded in parts, numbered from page × PARTS on."""
CHUNK = 64
"""Items that are looked at, written and recorded together within a page."""


class Step(msgspec.Struct, frozen=True):
    """Where a run goes on: the cursor after the page just done; `last` when there is no further page."""

    cursor: str | None
    last: bool


class Runner:
    """The work of runs, page by page; `durable` decides when each page is called."""

    def __init__(self, busy: Busy, listen: Listener) -> None:
        self.busy, self.listen = busy, listen
        self.totals: dict[str, int] = {}
        """How many items the source of each flow last said it has."""
        self._seen: dict[str, array[int]] = {}

    async def page(self, bound: Bound, run: Run, number: int, cursor: str | None) -> Step:
        """Work one page of the source's index. Raises GuardTripped and ConnectorError; calling it again is safe."""
        index = await next_page(bound, cursor)
        if index is None:
            return Step(cursor, last=True)
        if index.total is not None:
            self.totals[bound.flow.name] = index.total
        keys = [ref.id for ref in index.records]
        if number == 0:
            self._seen[run.id] = array("q")
        if run.id in self._seen:
            self._seen[run.id].extend(hash(key) for key in keys)
        if run.kind == "plan":
            await self._plan(bound, run, number, keys)
        else:
            await self._work(bound, run, number, index)
        return Step(index.cursor, last=False)

    async def _work(self, bound: Bound, run: Run, number: int, index: IndexPage[Ref]) -> None:
        done, part = await covered(bound, run, number)
        refs = [ref for ref in index.records if ref.id not in done]
        quiet = await self._quiet(bound, run, refs)
        if quiet:
            account = Account()
            for outcome, code in quiet.values():
                account.count(outcome, code)
            await bound.ledger.write(lambda c: runs.add_page(c, run.id, part, None, account, keys=[*quiet]))
            part += 1
        watchman = await self._watchman(bound, run)
        keys = [ref.id for ref in refs if ref.id not in quiet]
        for step, start in enumerate(range(0, len(keys), CHUNK)):
            await self._chunk(bound, run, part + step, keys[start : start + CHUNK], watchman)
        if index.total is not None and index.total != run.total:
            await bound.ledger.write(lambda c: runs.update(c, run.id, total=index.total))

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

    async def _chunk(self, bound: Bound, run: Run, page: int, keys: Sequence[str], watchman: Watchman) -> None:
        flow = bound.flow.name
        if await bound.ledger.read(lambda c: runs.has_page(c, run.id, page)):
            return
        async with self.busy.hold(flow, keys):
            done = await reconcile(
                bound,
                keys,
                run=run.id,
                watchman=watchman,
                verify=bool(run.params.get("verify")),
                extra=lambda c, account: count(c, run.id, page, account, keys),
            )
        self.listen(bound, done)

    async def _watchman(self, bound: Bound, run: Run) -> Watchman:
        """A run's guard counts over the whole run: what it withdrew before a crash is in its account."""
        flow = bound.flow
        live, now = await bound.ledger.read(lambda c: (count_held(c, flow.name, "live"), runs.get(c, run.id)))
        done = now.account.withdrawn if now else 0
        watchman = Watchman(flow.guard, live + done, confirmed=int(run.params.get("confirmed", 0)))
        if done:
            watchman.times.append((bound.clock(), done))
        return watchman

    async def _plan(self, bound: Bound, run: Run, number: int, keys: Sequence[str]) -> None:
        done, part = await covered(bound, run, number)
        keys = [key for key in keys if key not in done]
        for step, start in enumerate(range(0, len(keys), CHUNK)):
            looks = await judge(bound, keys[start : start + CHUNK], verify=True)
            for look in looks:
                look.outcome = planned(look)
            account = tally(looks)
            await bound.ledger.write(partial(drawn, run=run.id, page=part + step, looks=looks, account=account))
            self.listen(bound, Page([], account))

    async def listed(self, bound: Bound, run: Run) -> None:
        """Apply a plan: look at exactly the items it names, as they are now. Raises as `page`."""
        watchman = await self._watchman(bound, run)
        number = 0
        after: str | None = None
        while True:
            page = await bound.ledger.read(partial(plans.changes, plan=run.params["plan"], after=after, limit=CHUNK))
            await self._chunk(bound, run, number * PARTS, [change.key for change in page.rows], watchman)
            if page.next is None:
                return
            number, after = number + 1, page.next

    async def vanished(self, bound: Bound, run: Run) -> None:
        """After a complete index: what the ledger shows as delivered and the source no longer lists is looked at again."""
        seen = self._seen.pop(run.id, None)
        if seen is None:  # the first pages were worked before a crash
            seen = array("q", [hash(ref.id) async for page in pages(bound, None) for ref in page.records])
        listed = frozenset(seen)
        flow, after = bound.flow.name, ""
        while keys := await bound.ledger.read(partial(deliveries.keys_after, flow=flow, after=after, limit=1000)):
            lost = [
                Hint(flow=flow, key=key, lane="live", reason="no longer listed")
                for key in keys
                if hash(key) not in listed
            ]
            if lost:
                await bound.ledger.write(partial(inbox.hint, hints=lost))
            after = keys[-1]

    def forget(self, run_id: str) -> None:
        self._seen.pop(run_id, None)


async def next_page(bound: Bound, cursor: str | None) -> IndexPage[Ref] | None:
    """The index page after the cursor, or None at the end."""
    async for page in pages(bound, cursor):
        return page if page.records else None
    return None


def pages(bound: Bound, cursor: str | None) -> AsyncIterator[IndexPage[Ref]]:
    return bound.source.index(bound.kind, cursor)


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
