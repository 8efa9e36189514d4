"""One engine per process: holds the flows, runs the live lane, the watchers and the durable runs, and tells listeners."""

import asyncio
import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection

from lockgate.engine.bound import Bound
from lockgate.engine.busy import Busy
from lockgate.engine.durable import Durable, StepResult
from lockgate.engine.guard import GuardTripped, Watchman
from lockgate.engine.live import VERIFY, Live
from lockgate.engine.reconcile import Page
from lockgate.engine.runs import Runner
from lockgate.engine.watch import Watch, forever
from lockgate.kit.services import Clock
from lockgate.ledger import Ledger, cursors, inbox, parked, plans, runs
from lockgate.ledger.inbox import Hint, Lane
from lockgate.ledger.plans import Plan
from lockgate.ledger.runs import Run, State
from lockgate.model.plan import Account

log = structlog.get_logger("lockgate.engine")

Told = Callable[[Bound, Page], None]
SWEEP_CHECK = 60.0
"""Seconds between looks whether a sweep is due."""
SWEEP = "sweep"
"""Name of the cursor that keeps when a flow was last swept."""
TAKE_OVER = 5.0
"""Seconds between looks for runs that nobody has started or that a dead worker left."""


class Engine:
    """Start it with the flows of this process; every public call is safe to repeat.

    `watching=False` makes it work only what it is told to (a single command), without polls, timers and the live lane.
    """

    def __init__(self, ledger: Ledger, durable: Durable, clock: Clock) -> None:
        self.ledger, self.durable, self.clock = ledger, durable, clock
        self.flows: dict[str, Bound] = {}
        self.busy = Busy()
        self.live = Live(ledger, self.flows, self.busy, clock, self._tell)
        self.watch = Watch(ledger, self.flows, clock, self.live.wake)
        self.runner = Runner(self.busy, self._tell)
        self._listeners: list[Told] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ended: dict[str, asyncio.Event] = {}
        self._watching = self._working = False
        self._counter = itertools.count()

    # ── life ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self, flows: Mapping[str, Bound], *, watching: bool = True, working: bool = True) -> None:
        """`working=False` leaves all work to other processes: runs are queued for them, hints wait in the inbox."""
        self._watching, self._working = watching and working, working
        self.flows.update(flows)
        if working:
            await self.durable.start(self)
        if self._watching:
            self._spawn("live", self.live.run())
            self._spawn("timers", self.watch.timers())
            self._spawn("queue", forever(TAKE_OVER, self._take_over, "taking over runs"))
            self._spawn("sweeps", forever(SWEEP_CHECK, self._sweeps, "starting sweeps"))
        for bound in flows.values():
            self._watch_flow(bound)

    async def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()
        if self._working:
            await self.durable.stop()

    async def add(self, bound: Bound) -> None:
        """Take a flow in, or its new version."""
        await self.remove(bound.flow.name)
        self.flows[bound.flow.name] = bound
        self._watch_flow(bound)
        self.live.wake()

    async def remove(self, flow: str) -> None:
        """Stop watching and working a flow; what it waits for stays in the inbox."""
        self.flows.pop(flow, None)
        task = self._tasks.pop(f"watch {flow}", None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def listen(self, listener: Told) -> Callable[[], None]:
        """Call the listener after each recorded page; answers how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(self, bound: Bound, page: Page) -> None:
        for listener in tuple(self._listeners):
            listener(bound, page)

    def _watch_flow(self, bound: Bound) -> None:
        if self._watching:
            self._spawn(f"watch {bound.flow.name}", self.watch.poll_flow(bound))

    def _spawn(self, name: str, work: Any) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(report)
        self._tasks[name] = task

    # ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def run(self, flow: str, kind: str = "full", **params: Any) -> Run:
        """Start a run: `full` (what changed), `sweep` (everything, asking the target), `plan` (nothing is written), `apply`.

        Answers at once; `wait` waits for its end. Params: `verify` (ask the target), `confirmed` (how many withdrawals a
        person agreed to), `plan` (which one to apply).
        """
        state: State = "running" if self._working else "queued"
        run = new_run(self.flows[flow], kind, self.clock, next(self._counter), params, state)
        await self.ledger.write(lambda c: created(c, run))
        if self._working:
            await self.durable.begin(run.id)
        return run

    async def wait(self, run_id: str) -> Run:
        """Wait until the run has ended (or stopped to ask) and answer its row."""
        event = self._ended.setdefault(run_id, asyncio.Event())
        while True:
            run = await self.ledger.read(lambda c: runs.get(c, run_id))
            if run is None:
                raise KeyError(run_id)
            if run.state not in {"queued", "running"}:
                self._ended.pop(run_id, None)
                return run
            try:
                async with asyncio.timeout(1.0):
                    await event.wait()
            except TimeoutError:
                continue

    async def cancel(self, run_id: str) -> None:
        """End a run before its next page, in whichever process it is worked."""
        if self._working:
            await self.durable.cancel(run_id)
        await self.finish(run_id, None, state="cancelled")

    async def _take_over(self) -> None:
        """Begin runs that another process asked for, and those that a dead worker left."""
        await self.durable.recover_dead()
        for run in (await self.ledger.read(lambda c: runs.page(c, state="queued", limit=100))).rows:
            if run.flow in self.flows:
                await self.durable.begin(run.id)

    async def _sweeps(self) -> None:
        for bound in tuple(self.flows.values()):
            every = bound.flow.watch.sweep
            if every is None:
                continue
            last = await self.ledger.read(partial(cursors.get, owner=bound.flow.name, name=SWEEP))
            now = self.clock()
            if last is None or now - datetime.fromisoformat(last) >= every:
                await self.ledger.write(partial(cursors.put, owner=bound.flow.name, name=SWEEP, value=now.isoformat()))
                if last is not None:
                    await self.run(bound.flow.name, "sweep", verify=True)

    # ── the durable engine's work ────────────────────────────────────────────────────────────────────────────────

    async def page(self, run: str, number: int, cursor: str | None) -> StepResult:
        row = await self._row(run)
        if row.state == "cancelled":
            return StepResult(cursor=cursor, last=True, stop=True)
        bound = self.flows[row.flow]
        try:
            if row.kind == "apply":
                await self.runner.listed(bound, row)
                return StepResult(cursor=None, last=True, stop=False)
            if number == 0 and row.kind != "plan":
                await self.watch.mark(bound)
            step = await self.runner.page(bound, row, number, cursor)
        except GuardTripped as tripped:
            await self._ask(row, tripped)
            return StepResult(cursor=cursor, last=True, stop=True)
        return StepResult(cursor=step.cursor, last=step.last, stop=False)

    async def vanished(self, run: str) -> None:
        row = await self._row(run)
        if row.kind in {"full", "sweep"}:
            await self.runner.vanished(self.flows[row.flow], row)
            self.live.wake()

    async def finish(self, run: str, error: str | None, state: State = "done") -> None:
        self.runner.forget(run)
        row = await self._row(run)
        balanced = row.account.balanced()
        note = error or (
            "" if balanced else "the account does not balance: this is a defect of Lockgate, please report it"
        )
        final = "failed" if note else state
        await self.ledger.write(lambda c: ended(c, row, final, note, self.clock()))
        if run in self._ended:
            self._ended[run].set()

    async def _ask(self, run: Run, tripped: GuardTripped) -> None:
        note = f"{tripped.sentence}; `lockgate flow run {run.flow} --confirm {tripped.wanted}` goes on"
        await self.ledger.write(lambda c: ended(c, run, "waiting", note, self.clock()))
        if run.id in self._ended:
            self._ended[run.id].set()

    async def _row(self, run: str) -> Run:
        row = await self.ledger.read(lambda c: runs.get(c, run))
        if row is None:
            raise KeyError(f"run {run} is not in the ledger")
        if row.state == "queued":
            await self.ledger.write(lambda c: runs.update(c, run, state="running"))
        return row

    # ── by hand ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def look_again(self, flow: str, keys: list[str], *, lane: Lane = "live") -> None:
        """Hint items by hand; the target is asked what it holds."""
        hints = [Hint(flow=flow, key=key, lane=lane, reason=VERIFY) for key in keys]
        await self.ledger.write(lambda c: inbox.hint(c, hints))
        self.live.wake()

    async def confirm(self, flow: str, number: int) -> None:
        """Let the live lane withdraw this many more copies within the guard's window, and retry what it held back."""
        watchman = self.live.watchmen.setdefault(flow, Watchman(self.flows[flow].flow.guard, 0))
        watchman.confirmed = number + sum(count for _, count in watchman.times)

    async def retry(self, flow: str, *, code: str | None = None, keys: list[str] | None = None) -> int:
        """Look at parked items again: all, those with this reason, or these. Answers how many."""

        def job(c: Connection) -> int:
            chosen = keys if keys is not None else list(waiting(c, flow, code))
            inbox.hint(c, [Hint(flow=flow, key=key, lane="live", reason="by hand") for key in chosen])
            return len(chosen)

        number = await self.ledger.write(job)
        self.live.wake()
        return number

    async def idle(self) -> bool:
        """Whether nothing is waiting and nothing is being worked (what is put off does not count)."""
        ready = await self.ledger.read(lambda c: inbox.take(c, limit=1, now=self.clock(), flows=list(self.flows)))
        return not ready and not self.live.working


def new_run(bound: Bound, kind: str, clock: Clock, number: int, params: Mapping[str, Any], state: State) -> Run:
    """A run's row. Its id sorts by time: the durable engine's order on SQLite needs that."""
    now = clock()
    run_id = f"{now:%Y%m%dT%H%M%S}{now.microsecond:06d}-{number:04d}-{bound.flow.name}"
    return Run(
        id=run_id, flow=bound.flow.name, kind=kind, state=state, started=now, account=Account(), params=dict(params)
    )


def created(c: Connection, run: Run) -> None:
    runs.create(c, run)
    if run.kind == "plan":
        plans.create(c, Plan(id=run.id, flow=run.flow, created=run.started))


def ended(c: Connection, run: Run, state: State, note: str, at: datetime) -> None:
    """Write the end of a run, and of the plan it made or applied."""
    runs.update(c, run.id, state=state, note=note, finished=at)
    if run.kind == "plan":
        plans.update(c, run.id, state="ready" if state == "done" else "failed", account=run.account, note=note)
    elif run.kind == "apply" and state == "done":
        plans.update(c, str(run.params["plan"]), state="applied", run=run.id)


def waiting(c: Connection, flow: str, code: str | None) -> Iterator[str]:
    """Keys of the parked items of a flow, all or those with this reason."""
    page = parked.page(c, flow=flow, code=code, limit=1000)
    while True:
        yield from (row.key for row in page.rows)
        if page.next is None:
            return
        page = parked.page(c, flow=flow, code=code, after=page.next, limit=1000)


def report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a part of the engine ended by a defect", part=task.get_name(), exc_info=error)
