"""The live lane: takes what the inbox holds, a page at a time, most urgent first. The inbox row is its only checkpoint."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from lockgate.engine import resolve
from lockgate.engine.bound import Bound
from lockgate.engine.busy import Busy
from lockgate.engine.guard import GuardTripped, Watchman
from lockgate.engine.look import backoff, waits_for
from lockgate.engine.reconcile import Page, reconcile
from lockgate.kit.errors import ConnectorError, Transient
from lockgate.kit.services import Clock
from lockgate.ledger import Ledger, inbox, parked
from lockgate.ledger.deliveries.standing import count_held
from lockgate.ledger.inbox import InboxRow
from lockgate.ledger.parked import Parked
from lockgate.model.plan import Account

log = structlog.get_logger("lockgate.live")

PAGE = 64
"""Items of one page: enough to fill a target's batch, few enough that an urgent page does not wait long."""
PAGES_AT_ONCE = 3
RECALL_PAGES = 1
"""Further pages that only recalls may use, so that a withdrawal never queues behind files."""
POLL = 1.0
"""Seconds after which the inbox is read without being woken: hints of other processes."""
COUNTERPART = "~"
"""First character of an inbox key that names an item of the target (`~product|id`) whose arrival may wake parked ones."""

Listener = Callable[[Bound, Page], None]


class Live:
    """Runs until cancelled. `wake` tells it that something was hinted."""

    def __init__(self, ledger: Ledger, flows: Mapping[str, Bound], busy: Busy, clock: Clock, listen: Listener) -> None:
        self.ledger, self.flows, self.busy, self.clock, self.listen = ledger, flows, busy, clock, listen
        self.watchmen: dict[str, Watchman] = {}
        self.buckets: frozenset[int] | None = None
        """Buckets this process may work; None means all."""
        self._woken = asyncio.Event()
        self._pages: set[asyncio.Task[None]] = set()

    @property
    def working(self) -> bool:
        return bool(self._pages)

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Take pages as long as there is room and something to do."""
        try:
            while True:
                self._woken.clear()
                if not await self._fill():
                    await self._rest()
        finally:
            for task in self._pages:
                task.cancel()
            await asyncio.gather(*self._pages, return_exceptions=True)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(POLL):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _fill(self) -> bool:
        """Start one page if there is room and work for it."""
        room = PAGES_AT_ONCE - len(self._pages)
        if room + RECALL_PAGES <= 0:
            return False
        rows = await self._take(only_recalls=room <= 0)
        if not rows:
            return False
        task = asyncio.create_task(self._page(rows))
        self._pages.add(task)
        task.add_done_callback(self._done)
        await asyncio.sleep(0)
        return True

    def _done(self, task: asyncio.Task[None]) -> None:
        self._pages.discard(task)
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a page broke off; its items are looked at again", exc_info=error)

    async def _take(self, *, only_recalls: bool) -> list[InboxRow]:
        """The most urgent rows that nobody works on, all of one flow."""
        now, active = self.clock(), list(self.flows)
        rows = await self.ledger.read(lambda c: inbox.take(c, limit=PAGE * (PAGES_AT_ONCE + 2), now=now, flows=active))
        free = [row for row in rows if self._mine(row) and (row.lane == "recall" or not only_recalls)]
        return [row for row in free if row.flow == free[0].flow][:PAGE] if free else []

    def _mine(self, row: InboxRow) -> bool:
        return (self.buckets is None or row.bucket in self.buckets) and self.busy.free(row.flow, row.key)

    async def _page(self, rows: Sequence[InboxRow]) -> None:
        bound = self.flows[rows[0].flow]
        async with self.busy.hold(bound.flow.name, [row.key for row in rows]):
            try:
                await self._counterparts(bound, [row for row in rows if row.key.startswith(COUNTERPART)])
                await self._items(bound, [row for row in rows if not row.key.startswith(COUNTERPART)])
            except ConnectorError as error:
                await self._later(rows, error)

    async def _items(self, bound: Bound, rows: Sequence[InboxRow]) -> None:
        if not rows:
            return
        verify = any(row.reason == VERIFY for row in rows)
        try:
            page = await self._reconcile(bound, rows, verify)
        except GuardTripped as tripped:
            page = await self._ask(bound, rows, tripped)
        self.listen(bound, page)

    async def _reconcile(self, bound: Bound, rows: Sequence[InboxRow], verify: bool) -> Page:
        run = f"live-{self.clock():%Y-%m-%d}"

        def extra(c: Connection, _: Account) -> None:
            inbox.done(c, [row.id for row in rows])

        return await reconcile(
            bound,
            [row.key for row in rows],
            run=run,
            watchman=await self._watchman(bound),
            extra=extra,
            verify=verify,
            announced={row.key for row in rows if row.reason == DUE},
        )

    async def _watchman(self, bound: Bound) -> Watchman:
        """The flow's watchman of the live lane, with the present number of live copies."""
        flow = bound.flow
        watchman = self.watchmen.setdefault(flow.name, Watchman(flow.guard, 0))
        watchman.live = await self.ledger.read(lambda c: count_held(c, flow.name, "live"))
        return watchman

    async def _ask(self, bound: Bound, rows: Sequence[InboxRow], tripped: GuardTripped) -> Page:
        """Too many withdrawals at once: park these items until a person confirms. Nothing was written."""
        now, flow = self.clock(), bound.flow.name
        reason = f"{tripped.sentence}: `lockgate parked retry {flow} --reason guard --confirm` lets them go"
        held = [
            Parked(flow=flow, key=row.key, code="guard", reason=reason, waits=(), since=now, tries=0, next_try=None)
            for row in rows
        ]

        def job(c: Connection) -> None:
            parked.put(c, held)
            inbox.done(c, [row.id for row in rows])

        await self.ledger.write(job)
        account = Account(read=len(rows), parked=len(rows), reasons={"guard": len(rows)})
        return Page([], account)

    async def _later(self, rows: Sequence[InboxRow], error: ConnectorError) -> None:
        """The system as a whole did not answer: keep the rows and come back to them."""
        log.warning("put off", flow=rows[0].flow, items=len(rows), why=error.sentence)
        asked = error.retry_after if isinstance(error, Transient) else None
        now = self.clock()
        groups: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            groups[row.tries].append(row.id)

        def job(c: Connection) -> None:
            for tries, ids in groups.items():
                inbox.postpone(c, ids, now + timedelta(seconds=backoff(tries, asked) / 6), tries + 1)

        await self.ledger.write(job)

    async def _counterparts(self, bound: Bound, rows: Sequence[InboxRow]) -> None:
        """Items of the target changed: wake what waits for their identifiers. Not yet readable ones are tried again."""
        for kind in {kind_of(row) for row in rows}:
            mine = {row.key.partition("|")[2]: row for row in rows if kind_of(row) == kind}
            items = await bound.target.fetch(kind, list(mine))
            names = {
                waits_for(item.system, kind, by, value)
                for item in items
                for by, values in item.identifiers.items()
                for value in values
            }
            missing = [mine[id] for id in set(mine) - {item.id for item in items}]
            await self.ledger.write(partial(settle, names=names, mine=mine, missing=missing, now=self.clock()))
        self.wake()


DUE = "due"
"""Reason of a hint by an item's own dates."""
VERIFY = "verify"
"""Reason of a hint that also asks the target what it holds."""
READABLE_TRIES = 5


def kind_of(row: InboxRow) -> str:
    return row.key.removeprefix(COUNTERPART).partition("|")[0]


def settle(
    c: Connection, names: set[str], mine: Mapping[str, InboxRow], missing: Sequence[InboxRow], now: datetime
) -> None:
    """Wake what waited for these names; rows whose item is not readable yet stay for a few tries."""
    if names:
        resolve.wake(c, names)
    again = [row for row in missing if row.tries < READABLE_TRIES]
    for row in again:
        inbox.postpone(c, [row.id], now + timedelta(seconds=2.0**row.tries), row.tries + 1)
    kept = {row.id for row in again}
    inbox.done(c, [row.id for row in mine.values() if row.id not in kept])
