"""The live lane: takes what the inbox holds, a page at a time, most urgent first. The inbox row is its only checkpoint."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Connection

from lockgate.engine import counterparts
from lockgate.engine.ahead import Ahead
from lockgate.engine.blame import defect
from lockgate.engine.bound import Bound
from lockgate.engine.busy import Busy, Grip
from lockgate.engine.guard import WINDOW, Watchman
from lockgate.engine.halts import Halts
from lockgate.engine.intake import Stored
from lockgate.engine.look import backoff
from lockgate.engine.reconcile import Page, reconcile
from lockgate.kit.errors import ConnectorError, NeedsOperator, Transient
from lockgate.kit.services import Clock
from lockgate.kit.telling import tell
from lockgate.ledger import Ledger, LedgerError, inbox, parked
from lockgate.ledger.inbox import LANES, VERIFY, InboxRow
from lockgate.ledger.parked import Parked
from lockgate.model.plan import Account

log = structlog.get_logger("lockgate.live")

FILES_PAGE = 64
"""Items of one page that sends files: enough to fill a target's batch, few enough that it does not take long."""
RECORDS_PAGE = 500
"""Items of one page of records."""
COMPANY, COMPANY_WAIT = 64, 0.03
"""A page costs as much for one record as for fifty: beside one that has just begun, a further one of its flow is begun with so
many records, or after so many seconds."""
PAGES_AT_ONCE = 3
RECALL_PAGES = 1
"""Further pages that only recalls may use, so that a withdrawal never queues behind files."""
POLL = 1.0
"""Seconds after which the inbox is read without being woken."""
SHARED_POLLS = (0.02, 0.25)
"""The same where other processes take hints in: as long as there is something to do, and when there was nothing for a while."""
LONGEST_RECALL = 60.0
"""Seconds: the longest pause before a recall is tried again when a system does not answer."""
LIVELY = 1.0
"""Seconds for which the lane counts as lively after it began a page."""
PAUSE = 1.0
"""Seconds without new pages after the database failed."""

Listener = Callable[[Bound, Page], None]


class Begun(NamedTuple):
    """A page under way: of which flow as it was bound, and since when."""

    bound: Bound
    at: float


class Live:
    """Runs until cancelled. `wake` tells it that something was hinted."""

    def __init__(
        self, ledger: Ledger, flows: Mapping[str, Bound], busy: Busy, halts: Halts, clock: Clock, listen: Listener
    ) -> None:
        self.ledger, self.flows, self.busy, self.halts = ledger, flows, busy, halts
        self.clock, self.listen = clock, listen
        self._watchmen: dict[str, Watchman] = {}
        self._woken = asyncio.Event()
        self._ahead = Ahead(ledger)
        self._pages: dict[asyncio.Task[bool], Begun] = {}
        self._held_back = False
        """Whether rows wait for company."""
        self._unread = True
        self._resting = self._worked = self._read_at = 0.0

    @property
    def working(self) -> bool:
        return bool(self._pages)

    @property
    def lively(self) -> bool:
        """Whether a page was begun within the last second."""
        return asyncio.get_running_loop().time() - self._worked < LIVELY

    def wake(self) -> None:
        """There is something new in the inbox."""
        self._unread = True
        self._woken.set()

    def offer(self, stored: Stored | None) -> None:
        """This is new in the inbox, or something that is not told."""
        if stored is None or not self._ahead.offer(stored):
            self._unread = True
        self._woken.set()

    async def run(self) -> None:
        """Take pages as long as there is room and something to do."""
        try:
            self._ahead.read_anew()
            await self._read()
            while True:
                self._woken.clear()
                if self._unread or self._ahead.short or asyncio.get_running_loop().time() > self._read_at + POLL:
                    await self._read()
                if not self._fill():
                    await self._rest()
        finally:
            await end(self._pages)

    async def drain(self, bound: Bound, patience: float) -> None:
        """Wait for the pages of a flow as it was bound; those that take longer are broken off, and looked at again."""
        mine = [task for task, page in self._pages.items() if page.bound is bound]
        if mine:
            _, late = await asyncio.wait(mine, timeout=patience)
            await end(late)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._pause()):
                await self._woken.wait()
        except TimeoutError:
            if self._held_back:
                return
            self._ahead.read_anew()  # it costs nothing where nothing waits, and finds what nobody told of
            self.wake()

    def _pause(self) -> float:
        if self._held_back:
            return COMPANY_WAIT
        if not self.busy.shared:
            return POLL
        eager, calm = SHARED_POLLS
        return eager if self.lively else calm

    async def _read(self) -> None:
        """See what is new in the inbox."""
        self._unread, self._read_at = False, asyncio.get_running_loop().time()
        await self._ahead.read([name for name in self.flows if self.halts.open(name)], self.clock())

    def _fill(self) -> bool:
        """Start one page if there is room and work for it."""
        self._held_back, room = False, PAGES_AT_ONCE - len(self._pages)
        if room + RECALL_PAGES <= 0 or asyncio.get_running_loop().time() < self._resting:
            return False
        rows = self._ahead.page(self._free, self._size, self._worth, LANES if room > 0 else LANES[:1])
        if not rows:
            return False
        bound = self.flows[rows[0].flow]
        self._worked = asyncio.get_running_loop().time()
        self.busy.seize(bound.flow.name, [row.key for row in rows])
        task = asyncio.create_task(self._page(bound, rows), name=f"page of {bound.flow.name}")
        self._pages[task] = Begun(bound, self._worked)
        task.add_done_callback(partial(self._done, rows=rows))
        return True

    def _done(self, task: asyncio.Task[bool], rows: Sequence[InboxRow]) -> None:
        del self._pages[task]
        self._ahead.end(rows)
        self._unread |= self.busy.shared
        self._woken.set()
        error = None if task.cancelled() else task.exception()
        if error is None and not task.cancelled() and task.result():
            return
        self._ahead.read_anew()  # its rows are still in the inbox, and nobody waits for their instant
        self.wake()
        if error is not None:
            self._resting = asyncio.get_running_loop().time() + PAUSE
            tell(log.error, "a page broke off; its items are looked at again", exc_info=error)

    def _free(self, row: InboxRow) -> bool:
        return row.flow in self.flows and self.halts.open(row.flow) and self.busy.free(row.flow, row.key)

    def _size(self, row: InboxRow) -> int:
        """How many items a page that begins with this one may have."""
        if self.halts.trying(row.flow):
            return 1
        return RECORDS_PAGE if self.flows[row.flow].flow.deliver.rendition is None else FILES_PAGE

    def _worth(self, rows: Sequence[InboxRow]) -> bool:
        """Whether these may be begun now: recalls always, and files, which take long anyway."""
        first, since = rows[0], asyncio.get_running_loop().time() - COMPANY_WAIT
        if first.lane == "recall" or len(rows) >= COMPANY or self._size(first) != RECORDS_PAGE:
            return True
        young = any(page.bound.flow.name == first.flow and page.at > since for page in self._pages.values())
        self._held_back |= young
        return not young

    async def _page(self, bound: Bound, rows: Sequence[InboxRow]) -> bool:
        """Work rows; answers whether that is done, or put off until some instant."""
        async with self.busy.grip(bound.flow.name, [row.key for row in rows]) as grip:
            mine = await self._still_there(rows, grip)
            try:
                await self._work(bound, [row for row in mine if counterparts.is_counterpart(row)], grip)
                await self._work(bound, [row for row in mine if not counterparts.is_counterpart(row)], grip)
            except NeedsOperator as error:
                if self.flows.get(bound.flow.name) is bound:  # else it was bound anew meanwhile, perhaps with a new key
                    await self.halts.stop(bound, error)
                return False
            except ConnectorError as error:
                await self._later(mine, error)
            except LedgerError as error:
                self._resting = asyncio.get_running_loop().time() + PAUSE
                tell(log.warning, "the database failed; the items are looked at again", why=str(error))
                return False
            else:
                await self.halts.clear(bound)
            return True

    async def _still_there(self, rows: Sequence[InboxRow], grip: Grip) -> list[InboxRow]:
        """The rows that are ours to work: no other process holds them, or has worked them since they were read."""
        if not self.busy.shared:
            return list(rows)
        ours = set(grip.keys)
        there = await self.ledger.read(lambda c: inbox.present(c, [row.id for row in rows if row.key in ours]))
        self._ahead.leave(row for row in rows if row.id not in there)
        return [row for row in rows if row.id in there]

    async def _work(self, bound: Bound, rows: Sequence[InboxRow], grip: Grip) -> None:
        """Work rows; where a defect of ours breaks them off, each alone, and give up only the one that causes it."""
        if not rows:
            return
        try:
            if counterparts.is_counterpart(rows[0]):
                await counterparts.announce(bound, rows)
                self.wake()
            else:
                self.listen(bound, await self._items(bound, rows, grip))
        except (ConnectorError, LedgerError):
            raise
        except Exception as error:  # noqa: BLE001 - it must neither stop the other items nor come back at once
            if len(rows) == 1:
                await self._give_up(bound, rows[0], error)
                return
            for row in rows:
                await self._work(bound, [row], grip)

    async def _items(self, bound: Bound, rows: Sequence[InboxRow], grip: Grip) -> Page:
        def extra(c: Connection, _: Account) -> None:
            inbox.done(c, [row.id for row in rows])

        return await reconcile(
            bound,
            [row.key for row in rows],
            run=f"live-{self.clock():%Y-%m-%d}",
            watchman=self._watchman(bound),
            grip=grip,
            extra=extra,
            verify=any(row.reason == VERIFY for row in rows),
            records={row.key: row.body for row in rows if row.body is not None},
        )

    def _watchman(self, bound: Bound) -> Watchman:
        """The flow's watchman; a flow that was changed gets a new one, its count stands in the ledger."""
        known = self._watchmen.get(bound.flow.name)
        if known is None or known.bound is not bound:
            known = self._watchmen[bound.flow.name] = Watchman(bound, bound.flow.name, window=WINDOW, asks=False)
        return known

    async def _later(self, rows: Sequence[InboxRow], error: ConnectorError) -> None:
        """The system as a whole did not answer: keep the rows and come back to them."""
        tell(log.warning, "put off", flow=rows[0].flow, items=len(rows), why=error.sentence)
        asked = error.retry_after if isinstance(error, Transient) else None
        now = self.clock()
        longest = LONGEST_RECALL if rows[0].lane == "recall" else 3600.0
        groups: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            groups[row.tries].append(row.id)

        def job(c: Connection) -> None:
            for tries, ids in groups.items():
                pause = max(asked or 0.0, min(backoff(tries, None) / 6, longest))
                inbox.postpone(c, ids, now + timedelta(seconds=pause), tries + 1)

        await self.ledger.write(job)

    async def _give_up(self, bound: Bound, row: InboxRow, error: Exception) -> None:
        """Our own defect on this one item: park it with what went wrong, so that a person sees it and nothing repeats it."""
        tell(log.error, "an item failed by a defect", flow=row.flow, key=row.key, exc_info=error)
        waiting = Parked(flow=row.flow, key=row.key, code="defect", reason=defect(error), since=self.clock())

        def job(c: Connection) -> None:
            parked.put(c, [waiting])
            inbox.done(c, [row.id])

        await self.ledger.write(job)
        self.listen(bound, Page([], Account(read=1, parked=1, reasons={"defect": 1})))


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks and see them end."""
    gone = list(tasks)
    for task in gone:
        task.cancel()
    await asyncio.gather(*gone, return_exceptions=True)
