"""The only module that knows the durable engine (DBOS Transact): runs of many pages that go on where a crash cut them.

What is journaled is a run's id and, per page, the cursor: everything else is in the ledger. A page may be worked twice
(after a crash between its commit and its checkpoint); it then finds itself recorded there. So the two stores need no
common transaction.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Literal, Protocol, TypedDict, TypeVar

import sqlalchemy
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID
from dbos import error as dbos_error

from lockgate.engine import journal
from lockgate.failpoints import passed
from lockgate.kit.errors import Transient
from lockgate.ledger import LedgerError
from lockgate.ledger.itemlocks import HOLDER

NAME = "lockgate"
VERSION = "1"
"""Kept constant: runs begun by an older Lockgate go on under a newer one, since a page's work is not part of the journal."""
FIRST_RETRY, RETRIES = 2.0, 11
"""A page whose system does not answer is tried again for about half an hour, doubling; then the run fails and says why."""
ENDING = 1.0
"""Seconds a run that has just ended gets to write that down."""


Standing = Literal["working", "left", "over"]
STANDING: dict[str, Standing] = {"PENDING": "working", "ENQUEUED": "working", "DELAYED": "working", "CANCELLED": "left"}


class StepResult(TypedDict):
    """What the journal keeps of a page. `stop` ends the run (its row says why)."""

    cursor: str | None
    last: bool
    stop: bool


class Work(Protocol):
    """What a run does. Each call is safe to repeat."""

    async def page(self, run: str, number: int, cursor: str | None) -> StepResult: ...

    async def vanished(self, run: str) -> None: ...

    async def finish(self, run: str, error: str | None) -> None: ...


T = TypeVar("T")


class _Home:
    """The one place where recovered runs find the engine of this process."""

    def __init__(self) -> None:
        self.work: Work | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.under_way: set[asyncio.Task[Any]] = set()
        """Steps that run in the engine's loop."""
        self.active: set[str] = set()
        """Runs of this process."""
        self.ending: set[str] = set()
        """Those of them at their very end."""

    def call(self, coroutine: Coroutine[Any, Any, T]) -> "asyncio.Future[T]":
        """Run in the engine's own loop: a recovered run is started by the durable engine in a loop of its own."""
        if self.loop is None:
            coroutine.close()
            raise RuntimeError("the durable engine runs without Lockgate's engine")
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._noted(coroutine), self.loop))

    async def _noted(self, coroutine: Coroutine[Any, Any, T]) -> T:
        task = asyncio.current_task()
        if task is not None:
            self.under_way.add(task)
        try:
            return await coroutine
        finally:
            if task is not None:
                self.under_way.discard(task)

    async def let_end(self, seconds: float) -> None:
        """Wait for runs at their very end, so long at most."""
        deadline = asyncio.get_running_loop().time() + seconds
        # The durable engine ends runs in threads of its own and tells nobody.
        while self.ending and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def break_off(self) -> None:
        """End the steps under way and see them end; they are worked again by whoever takes their runs up."""
        tasks = list(self.under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def needed(self) -> Work:
        if self.work is None:
            raise RuntimeError("the durable engine runs without Lockgate's engine")
        return self.work


_home = _Home()


def _worth_another_try(error: BaseException) -> bool:
    """Only what passes by itself: a system or the database that does not answer. All else ends the run at once, in words."""
    return isinstance(error, Transient | LedgerError | sqlalchemy.exc.DBAPIError)


@DBOS.step(
    name="page",
    retries_allowed=True,
    interval_seconds=FIRST_RETRY,
    max_attempts=RETRIES,
    should_retry=_worth_another_try,
)
async def _page(run: str, number: int, cursor: str | None) -> StepResult:
    return await _home.call(_home.needed().page(run, number, cursor))


@DBOS.step(
    name="vanished",
    retries_allowed=True,
    interval_seconds=FIRST_RETRY,
    max_attempts=RETRIES,
    should_retry=_worth_another_try,
)
async def _vanished(run: str) -> None:
    await _home.call(_home.needed().vanished(run))


@DBOS.step(name="finish", retries_allowed=True, interval_seconds=FIRST_RETRY, max_attempts=RETRIES)
async def _finish(run: str, error: str | None) -> None:
    await _home.call(_home.needed().finish(run, error))


@DBOS.workflow(name="run", max_recovery_attempts=1000)
async def _run(run: str) -> None:
    """A run: pages in order, then what is no longer listed, then the end."""
    _home.active.add(run)
    try:
        if await _worked(run):
            await _vanished(run)
            await _ended(run, None)
    except dbos_error.DBOSWorkflowCancelledError:
        raise
    except Exception as raised:  # noqa: BLE001 - whatever ended the run is written on it
        await _ended(run, sentence(raised))
    finally:
        _home.active.discard(run)


async def _worked(run: str) -> bool:
    """Work all pages; False when the run stopped before its end."""
    number, cursor = 0, None
    while True:
        step = await _page(run, number, cursor)
        passed("step.stored")
        if step["last"] or step["stop"]:
            return not step["stop"]
        number, cursor = number + 1, step["cursor"]


async def _ended(run: str, error: str | None) -> None:
    _home.ending.add(run)
    try:
        await _finish(run, error)
    finally:
        _home.ending.discard(run)


def _begin(run: str) -> None:
    with SetWorkflowID(run):
        DBOS.start_workflow(_run, run)


def sentence(error: BaseException) -> str:
    """What to tell a person, from the last of the tries."""
    tries = getattr(error, "errors", None)
    last = tries[-1] if tries else error
    return getattr(last, "sentence", None) or f"{type(last).__name__}: {last}"


class Durable:
    """The durable engine of this process; there can be one at a time. `executor` names the process for recovery.

    It is called from threads only, so it works in a loop and threads of its own: called from ours, it would replace our
    loop's thread pool by one that ends with it.
    """

    def __init__(self, url: str, executor: str = "local") -> None:
        self.url, self.executor = url, executor
        self._lock: sqlalchemy.Connection | None = None
        self._asking = asyncio.Lock()
        """One at a time may use its connection."""
        self._journal: sqlalchemy.Engine | None = None

    async def start(self, work: Work) -> None:
        """Open the journal and take up the runs that this executor left behind."""
        _home.work, _home.loop = work, asyncio.get_running_loop()
        await asyncio.to_thread(self._launch)
        if self._postgres:
            await self.recover_dead()

    @property
    def _postgres(self) -> bool:
        return self.url.startswith("postgresql")

    def _launch(self) -> None:
        config: DBOSConfig = {
            "name": NAME,
            "system_database_url": self.url,
            "application_version": VERSION,
            "executor_id": self.executor,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "ERROR",
            "enable_otlp": False,
            "notification_listener_polling_interval_sec": 0.25,  # as long it holds up a stop
        }
        self._journal = journal.engine_for(self.url)
        if self._journal is not None:
            config["system_database_engine"] = self._journal
        DBOS(config=config)
        DBOS.launch()

    async def begin(self, run: str) -> None:
        """Start a run; a second call with the same id does nothing."""
        await asyncio.to_thread(_begin, run)

    async def cancel(self, run: str) -> None:
        """End a run before its next page."""
        await asyncio.to_thread(DBOS.cancel_workflow, run)

    async def standing(self, run: str) -> Standing:
        """Whether somebody works this run, a process that was stopped left it, or nobody works it and nobody will."""
        status = await asyncio.to_thread(DBOS.get_workflow_status, run)
        if status is None:
            return "over"
        return STANDING.get(status.status, "over")

    async def go_on(self, run: str) -> None:
        """Take up a run that a process left when it was stopped."""
        await asyncio.to_thread(DBOS.resume_workflow, run)

    async def stop(self) -> None:
        """Leave the journal. Runs at their very end get a moment; pages under way are broken off and worked again later."""
        logging.getLogger("dbos").setLevel(logging.CRITICAL)  # it reports each run that is broken off as an error
        await _home.let_end(ENDING)
        for run in tuple(_home.active):
            # Else the journal would take the breaking off for the run's own failure.
            await asyncio.to_thread(DBOS.cancel_workflow, run)
        await asyncio.to_thread(DBOS.destroy)
        await _home.break_off()
        await asyncio.to_thread(self._let_go)
        if self._journal is not None:
            self._journal.dispose()  # what we gave it, it leaves to us
        _home.work = _home.loop = None

    # ── several machines on PostgreSQL: whoever dies, its runs are taken over ───────────────────────────────────────

    def _hold(self) -> None:
        """Hold a lock on our own id for as long as this process lives; the server frees it when we die.

        Where the server still keeps it for a connection that broke, it is tried again with the next beat.
        """
        engine = sqlalchemy.create_engine(
            self.url.replace("postgresql://", "postgresql+psycopg://"),
            isolation_level="AUTOCOMMIT",
            connect_args={"application_name": HOLDER},
        )
        self._lock = engine.connect()
        taken = sqlalchemy.text("select pg_try_advisory_lock(hashtext(:id))")
        if not self._lock.execute(taken, {"id": key(self.executor)}).scalar():
            self._let_go()

    async def recover_dead(self) -> list[str]:
        """Take over the runs of executors that no longer hold the lock on their id; answers those ids."""
        if not self._postgres:
            return []
        await self.beat()
        pending = await asyncio.to_thread(DBOS.list_workflows, status="PENDING")
        others = sorted({one.executor_id for one in pending if one.executor_id and one.executor_id != self.executor})
        async with self._asking:
            dead = [id for id in others if await asyncio.to_thread(self._is_dead, id)]
        if dead:
            await asyncio.to_thread(DBOS._recover_pending_workflows, dead)
        return dead

    async def beat(self) -> None:
        """Say that this process goes on, before another one takes its runs over."""
        if self._postgres:
            async with self._asking:
                await asyncio.to_thread(self._keep_hold)

    def _keep_hold(self) -> None:
        """Take the lock on our own id again after the connection that held it broke, or others would think us dead."""
        try:
            if self._lock is not None:
                self._lock.execute(sqlalchemy.text("select 1"))
                return
        except sqlalchemy.exc.DBAPIError:
            self._let_go()
        self._hold()

    def _let_go(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.invalidate()
            lock.close()
            lock.engine.dispose()

    def _is_dead(self, executor: str) -> bool:
        if self._lock is None:
            return False
        taken = self._lock.execute(
            sqlalchemy.text("select pg_try_advisory_lock(hashtext(:id))"), {"id": key(executor)}
        ).scalar()
        if taken:
            self._lock.execute(sqlalchemy.text("select pg_advisory_unlock(hashtext(:id))"), {"id": key(executor)})
        return bool(taken)


def key(executor: str) -> str:
    return f"lockgate-executor-{executor}"
