"""One engine per process: holds the flows, runs the live lane, the watchers and the durable runs, and tells listeners."""

import asyncio
import itertools
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from lockgate.engine import byhand
from lockgate.engine.alive import forever, kept
from lockgate.engine.bound import Bound
from lockgate.engine.busy import Busy
from lockgate.engine.durable import Durable, StepResult
from lockgate.engine.guard import GuardTripped, agree
from lockgate.engine.halts import Halts
from lockgate.engine.live import Live, end
from lockgate.engine.reconcile import Page
from lockgate.engine.runs import Runner, left_off
from lockgate.engine.sweeps import begin_due
from lockgate.engine.watch import Watch
from lockgate.failpoints import passed
from lockgate.kit.errors import NeedsOperator
from lockgate.kit.services import Clock
from lockgate.kit.telling import tell
from lockgate.ledger import Ledger, cursors, deliveries, inbox, plans, runs
from lockgate.ledger.choices import Choice
from lockgate.ledger.inbox import VERIFY, Hint, Lane
from lockgate.ledger.itemlocks import BEAT
from lockgate.ledger.plans import Plan
from lockgate.ledger.runs import Run, State
from lockgate.model.plan import Account

log = structlog.get_logger("lockgate.engine")

T = TypeVar("T")
Told = Callable[[Bound, Page], None]
SWEEP_CHECK = 60.0
"""Seconds between looks whether a sweep is due."""
TAKE_OVER = 5.0
"""Seconds between looks for runs that nobody has started or that a dead worker left."""
DRAIN = 10.0
"""Seconds that pages of a flow get to end when it is paused, changed or removed."""
UNFINISHED: tuple[State, ...] = ("queued", "running")


class Engine:
    """Start it with the flows of this process; every public call is safe to repeat.

    `watching=False` makes it work only what it is told to (a single command), without polls, timers and the live lane.
    """

    def __init__(self, ledger: Ledger, durable: Durable, clock: Clock) -> None:
        self.ledger, self.durable, self.clock = ledger, durable, clock
        self.flows: dict[str, Bound] = {}
        self.drafts: dict[str, Bound] = {}
        """Flows that are not switched on: plans are made of them, and nothing else."""
        self.busy = Busy(ledger.locks)
        self.halts = Halts(clock)
        self.live = Live(ledger, self.flows, self.busy, self.halts, clock, self._tell)
        self.watch = Watch(ledger, self.flows, self.busy, clock, self.live.wake, self.live.offer)
        self.runner = Runner(ChainMap(self.flows, self.drafts), self.busy, self._tell, lambda: self.live.lively)
        self._listeners: list[Told] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ended: dict[str, asyncio.Event] = {}
        self._watching = self._working = False
        self._counter = itertools.count()

    # ── life ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(
        self,
        flows: Mapping[str, Bound],
        *,
        drafts: Mapping[str, Bound] | None = None,
        watching: bool = True,
        working: bool = True,
    ) -> None:
        """`working=False` leaves all work to other processes: runs are queued for them, hints wait in the inbox."""
        self._watching, self._working = watching and working, working
        self.flows.update(flows)
        self.drafts.update(drafts or {})
        if working:
            if self.busy.shared:
                self._spawn("beat", forever(BEAT, self._beat, "saying that this process works"))
            await self.durable.start(self)
            passed("start.launched")
            if not self.busy.shared:
                await self._take_up()
        if self._watching:
            self._spawn("queue", forever(TAKE_OVER, self._take_over, "taking over runs"))
            self._spawn("live", kept(self.live.run, "the live lane"))
            self._spawn("timers", kept(self.watch.timers, "the timers"))
            self._spawn("sweeps", forever(SWEEP_CHECK, self._sweeps, "starting sweeps"))
        for bound in flows.values():
            self._watch_flow(bound)

    async def stop(self) -> None:
        """End all work of this process; what is broken off is looked at again by whoever starts next."""
        await end(self._tasks.values())
        self._tasks.clear()
        if self._working:
            await self.durable.stop()

    async def add(self, bound: Bound) -> None:
        """Take a flow in, or its new version; pages that began under the old one have ended when this answers."""
        name, old = bound.flow.name, self.flows.get(bound.flow.name)
        self.drafts.pop(name, None)
        self.flows[name] = bound
        await self._unwatch(name)
        self._watch_flow(bound)
        self.live.wake()
        if old is not None:
            await self.live.drain(old, DRAIN)

    def draft(self, bound: Bound) -> None:
        """Take in a flow that is not switched on, or its new version."""
        self.drafts[bound.flow.name] = bound

    async def remove(self, flow: str) -> None:
        """Stop watching and working a flow; what it waits for stays in the inbox."""
        self.drafts.pop(flow, None)
        old = self.flows.pop(flow, None)
        await self._unwatch(flow)
        if old is not None:
            await self.busy.quiet(flow, DRAIN)
            await self.live.drain(old, 0)

    async def _unwatch(self, flow: str) -> None:
        self.halts.forget(flow)
        task = self._tasks.pop(f"watch {flow}", None)
        await end([task] if task is not None else [])

    async def catch_up(self, flow: str) -> None:
        """Look for all that happened while a flow was paused, deletions too, of which no poll tells."""
        known = await self.ledger.read(lambda c: deliveries.keys_after(c, flow, "", 1))
        if known and (self._watching or not self._working):
            await self.run(flow)

    def listen(self, listener: Told) -> Callable[[], None]:
        """Call the listener after each recorded page; answers how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(self, bound: Bound, page: Page) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(bound, page)
            except Exception as error:  # noqa: BLE001 - whoever listens must not stop the work
                tell(log.error, "a listener failed", exc_info=error)

    def _watch_flow(self, bound: Bound) -> None:
        if self._watching:
            self._spawn(f"watch {bound.flow.name}", kept(partial(self.watch.poll_flow, bound), "the polls"))

    def _spawn(self, name: str, work: Any) -> None:
        self._tasks[name] = asyncio.create_task(work, name=name)

    # ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def run(self, flow: str, kind: str = "full", **params: Any) -> Run:
        """Start a run: `full` (what changed), `sweep` (everything, asking the target), `plan` (nothing is written), `apply`.

        Answers at once; `wait` waits for its end. Params: `verify` (ask the target), `confirmed` (how many withdrawals a
        person agreed to), `plan` (which one to apply). Of a draft only plans are made.
        """
        bound = self._known(flow, kind)
        if bound is None:
            raise KeyError(flow)
        run = new_run(bound, kind, self.clock, next(self._counter), params)
        await self.ledger.write(lambda c: created(c, run))
        passed("run.created")
        if self._working:
            await self.durable.begin(run.id)
            passed("run.begun")
        return run

    def _known(self, flow: str, kind: str) -> Bound | None:
        return self.flows.get(flow) or (self.drafts.get(flow) if kind == "plan" else None)

    async def wait(self, run_id: str) -> Run:
        """Wait until the run has ended (or stopped to ask) and answer its row."""
        event = self._ended.setdefault(run_id, asyncio.Event())
        try:
            while True:
                run = await self.ledger.read(lambda c: runs.get(c, run_id))
                if run is None:
                    raise KeyError(run_id)
                if run.state not in UNFINISHED:
                    return run
                try:
                    async with asyncio.timeout(1.0):
                        await event.wait()
                except TimeoutError:
                    continue
        finally:
            self._ended.pop(run_id, None)

    async def cancel(self, run_id: str) -> None:
        """End a run before its next page, in whichever process it is worked."""
        await self.finish(run_id, None, state="cancelled")
        if self._working:
            await self.durable.cancel(run_id)

    async def _beat(self) -> None:
        await self.ledger.locks.beat()
        await self.durable.beat()

    async def _take_over(self) -> None:
        """Begin runs that another process asked for, and those that a dead worker left; end those that nobody works."""
        await self.durable.recover_dead()
        queued = (await self.ledger.read(lambda c: runs.page(c, state="queued", limit=100))).rows
        for run in queued:
            if self._known(run.flow, run.kind) is not None:
                await self.durable.begin(run.id)
        await self._take_up()

    async def _take_up(self) -> None:
        """Go on with runs that a process left when it was stopped; end those that nobody works and nobody will."""
        for run in (await self.ledger.read(lambda c: runs.page(c, state="running", limit=100))).rows:
            standing = await self.durable.standing(run.id)
            if standing == "left":
                await self.durable.go_on(run.id)
            elif standing == "over":
                await self.finish(run.id, "it broke off by a defect; start it again")

    async def _sweeps(self) -> None:
        for bound in tuple(self.flows.values()):
            run = new_run(bound, "sweep", self.clock, next(self._counter), {"verify": True})
            if await self.ledger.write(partial(begin_due, bound=bound, run=run)):
                await self.durable.begin(run.id)

    # ── the durable engine's work ────────────────────────────────────────────────────────────────────────────────

    async def page(self, run: str, number: int, cursor: str | None) -> StepResult:
        """One step of a run. Raises NeedsOperator where it cannot go on, in words."""
        row = await self._row(run)
        stopped = StepResult(cursor=cursor, last=True, stop=True)
        if row.state not in UNFINISHED:
            return stopped
        bound = await self._bound_for(row, number)
        try:
            if row.kind == "apply":
                await self.runner.listed(bound, row)
                return StepResult(cursor=None, last=True, stop=False)
            if number == 0 and row.kind != "plan":
                await self.watch.mark(bound)
            step = await self.runner.page(bound, row, number, cursor)
        except GuardTripped as tripped:
            await self._ask(row, tripped)
            return stopped
        passed("step.done")
        return StepResult(cursor=step.cursor, last=step.last, stop=False)

    async def _bound_for(self, run: Run, number: int) -> Bound:
        """The flow of a run, which must be the one it began with."""
        bound = self._known(run.flow, run.kind)
        if bound is None:
            raise left_off(run.flow)
        rules = run.params.get("rules")
        if number and rules != bound.flow.digest:
            raise NeedsOperator(f"the rules of flow {run.flow} changed while it ran; run it again under the new ones")
        if rules != bound.flow.digest:
            run.params["rules"] = bound.flow.digest
            await self.ledger.write(lambda c: runs.update(c, run.id, params=run.params))
        return bound

    async def vanished(self, run: str) -> None:
        row = await self._row(run)
        bound = self.flows.get(row.flow)
        if row.kind in {"full", "sweep"} and bound is not None:
            await self.runner.vanished(bound, row)
            self.live.wake()

    async def finish(self, run: str, error: str | None, state: State = "done") -> None:
        self.runner.forget(run)
        row = await self._row(run)
        if row.state not in UNFINISHED and state != "cancelled":
            return
        balanced = row.account.balanced()
        note = error or (
            "" if balanced else "the account does not balance: this is a defect of Lockgate, please report it"
        )
        await self._end(row, "failed" if note else state, note)

    async def _ask(self, run: Run, tripped: GuardTripped) -> None:
        self.runner.forget(run.id)
        run.params["asks"] = tripped.wanted
        await self.ledger.write(lambda c: runs.update(c, run.id, params=run.params))
        await self._end(
            run, "waiting", f"{tripped.sentence}; `lockgate flow run {run.flow} --confirm {tripped.wanted}` goes on"
        )

    async def _end(self, run: Run, state: State, note: str) -> None:
        await self.ledger.write(lambda c: ended(c, run, state, note, self.clock()))
        passed("run.ended")
        if run.id in self._ended:
            self._ended[run.id].set()

    async def _row(self, run: str) -> Run:
        row = await self.ledger.read(lambda c: runs.get(c, run))
        if row is not None and row.state == "queued":
            row = await self.ledger.write(lambda c: taken_up(c, run))
        if row is None:
            raise KeyError(f"run {run} is not in the ledger")
        return row

    # ── by hand ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def look_again(self, flow: str, keys: list[str], *, lane: Lane = "live") -> None:
        """Hint items by hand; the target is asked what it holds."""
        hints = [Hint(flow=flow, key=key, lane=lane, reason=VERIFY) for key in keys]
        await self._do(lambda c: inbox.hint(c, hints))

    async def recall(self, flow: str, keys: Sequence[str], reason: str, by: str) -> None:
        """Close items by a person's word, whatever the gates say, until it is lifted. Their copies go at once."""
        await self._do(partial(byhand.recall, flow=flow, keys=keys, reason=reason, by=by, now=self.clock()))

    async def lift(self, flow: str, keys: Sequence[str], by: str) -> list[str]:
        """Take recalls back: the gates alone decide again. Answers which of the items had been recalled."""
        return await self._do(partial(byhand.lift, flow=flow, keys=keys, by=by, now=self.clock()))

    async def choose(self, choice: Choice) -> None:
        """Say which counterpart an item has, whatever it names; until it is taken back."""
        await self._do(partial(byhand.choose, choice=choice))

    async def unchoose(self, flow: str, key: str, by: str) -> bool:
        """Take a choice back; answers whether there was one."""
        return await self._do(partial(byhand.unchoose, flow=flow, key=key, by=by, now=self.clock()))

    async def confirm(self, flow: str, number: int) -> None:
        """Let the live lane of a flow withdraw this many more copies within the guard's window, in whichever process."""
        await self._do(partial(agree, flow=flow, number=number, now=self.clock()))

    async def retry(self, flow: str, *, code: str | None = None, keys: list[str] | None = None) -> int:
        """Look at parked items again: all, those with this reason, or these. Answers how many."""
        return await self._do(partial(byhand.retry, flow=flow, code=code, keys=keys))

    async def _do(self, job: Callable[[Connection], T]) -> T:
        done = await self.ledger.write(job)
        passed("order.stored")
        self.live.wake()
        return done

    async def idle(self) -> bool:
        """Whether nothing is waiting and nothing is being worked (what is put off does not count)."""
        ready = await self.ledger.read(lambda c: inbox.take(c, limit=1, now=self.clock(), flows=list(self.flows)))
        return not ready and not self.live.working


def new_run(bound: Bound, kind: str, clock: Clock, number: int, params: Mapping[str, Any]) -> Run:
    """A run's row. Its id sorts by time: the durable engine's order on SQLite needs that."""
    now = clock()
    run_id = f"{now:%Y%m%dT%H%M%S}{now.microsecond:06d}-{number:04d}-{bound.flow.name}"
    told = {**params, "rules": bound.flow.digest}
    return Run(id=run_id, flow=bound.flow.name, kind=kind, state="queued", started=now, account=Account(), params=told)


def created(c: Connection, run: Run) -> None:
    runs.create(c, run)
    if run.kind == "plan":
        plans.create(c, Plan(id=run.id, flow=run.flow, created=run.started))


def taken_up(c: Connection, id: str) -> Run | None:
    """The run, running from now on unless it was cancelled."""
    row = runs.get(c, id)
    if row is not None and row.state == "queued":
        row.state = "running"
        runs.update(c, id, state=row.state)
    return row


def ended(c: Connection, run: Run, state: State, note: str, at: datetime) -> None:
    """Write the end of a run, and of the plan it made or applied."""
    runs.update(c, run.id, state=state, note=note, finished=at)
    runs.forget_covers(c, run.id)
    cursors.drop(c, run.id)
    if run.kind == "plan":
        plans.update(c, run.id, state="ready" if state == "done" else "failed", account=run.account, note=note)
    elif run.kind == "apply" and state == "done":
        plans.update(c, str(run.params["plan"]), state="applied", run=run.id)
