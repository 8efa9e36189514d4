"""Writing and reading: what is acknowledged is stored, what fails is undone alone, a lost server is found again."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from tests.databases import PostgresServer

from lockgate.ledger import CommitUnknown, Ledger, LedgerClosed, LedgerError, LedgerUnavailable, cursors

TICK = 5.0


class Refused(Exception):
    """What a failing job raises."""


def keep(name: str) -> Callable[[Connection], str]:
    """A job that stores a mark by this name."""

    def job(c: Connection) -> str:
        cursors.put(c, "test", name, "kept")
        return name

    return job


def keep_and_fail(name: str) -> Callable[[Connection], None]:
    def job(c: Connection) -> None:
        cursors.put(c, "test", name, "kept")
        raise Refused(name)

    return job


async def kept(ledger: Ledger) -> list[str]:
    statement = sa.text("SELECT name FROM cursor WHERE owner = 'test' ORDER BY name")
    return await ledger.read(lambda c: list(c.execute(statement).scalars()))


class Gate:
    """A job that keeps the writer busy until it is opened, so that later jobs wait together."""

    def __init__(self) -> None:
        self._entered, self._open = threading.Event(), threading.Event()

    def __call__(self, _: Connection) -> None:
        self._entered.set()
        assert self._open.wait(TICK)

    async def entered(self) -> None:
        assert await asyncio.to_thread(self._entered.wait, TICK)

    def open(self) -> None:
        self._open.set()


async def together(ledger: Ledger, *jobs: Callable[[Connection], Any], bulk: tuple[int, ...] = ()) -> list[Any]:
    """Hand in jobs while the writer is busy, so that they are taken at once; gives results and exceptions."""
    gate = Gate()
    busy = asyncio.ensure_future(ledger.write(gate))
    await gate.entered()
    waiting = [asyncio.ensure_future(ledger.write(job, bulk=number in bulk)) for number, job in enumerate(jobs)]
    await asyncio.sleep(0)
    gate.open()
    await busy
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_failing_job_is_undone_alone(ledger: Ledger) -> None:
    first, failed, last = await together(ledger, keep("a"), keep_and_fail("b"), keep("c"))
    assert (first, last) == ("a", "c")
    assert isinstance(failed, Refused)
    assert await kept(ledger) == ["a", "c"]


async def test_a_lone_failing_job_leaves_nothing_and_the_next_one_works(ledger: Ledger) -> None:
    with pytest.raises(Refused):
        await ledger.write(keep_and_fail("a"))
    await ledger.write(keep("b"))
    assert await kept(ledger) == ["b"]


async def test_a_failing_statement_fails_only_its_own_job(ledger: Ledger) -> None:
    broken, fine = await together(ledger, lambda c: c.execute(sa.text("SELECT * FROM nowhere")), keep("a"))
    assert isinstance(broken, sa.exc.DBAPIError)
    assert fine == "a"
    assert await kept(ledger) == ["a"]


@pytest.mark.parametrize("ending", ["commit", "rollback"])
async def test_a_job_that_ends_the_transaction_is_told_so(ledger: Ledger, ending: str) -> None:
    def meddle(c: Connection) -> str:
        getattr(c, ending)()
        return ending

    answers = await together(ledger, meddle, keep("a"))
    assert all(isinstance(answer, LedgerError) and "transaction" in str(answer) for answer in answers)
    await ledger.write(keep("b"))
    assert await kept(ledger) == ["b"]


class Live:
    """A live job that runs until it is released."""

    def __init__(self, ledger: Ledger) -> None:
        self.begun, self.released = asyncio.Event(), threading.Event()
        self._loop = asyncio.get_running_loop()
        self.answer = asyncio.ensure_future(ledger.write(self._job))

    def _job(self, _: Connection) -> None:
        self._loop.call_soon_threadsafe(self.begun.set)
        self.released.wait(30)


async def test_live_jobs_that_never_pause_do_not_keep_a_bulk_job_waiting_for_ever(ledger: Ledger) -> None:
    now = Live(ledger)
    await now.begun.wait()
    bulk = asyncio.ensure_future(ledger.write(lambda _: None, bulk=True))
    deadline = asyncio.get_running_loop().time() + 30
    while not bulk.done():
        assert asyncio.get_running_loop().time() < deadline
        following = Live(ledger)
        await asyncio.sleep(0)  # it waits before the one that runs is over
        now.released.set()
        await following.begun.wait()
        await now.answer
        now = following
    now.released.set()
    await now.answer


async def test_live_jobs_overtake_bulk_jobs(ledger: Ledger) -> None:
    order: list[str] = []
    jobs = [lambda _, name=name: order.append(name) for name in ("bulk 1", "bulk 2", "live 1", "live 2")]
    await together(ledger, *jobs, bulk=(0, 1))
    assert order == ["live 1", "live 2", "bulk 1", "bulk 2"]


async def test_closing_stores_all_that_was_handed_in_and_leaves_no_thread(database_url: str) -> None:
    ledger = await Ledger.open(database_url)
    await ledger.read(lambda _: None)
    gate = Gate()
    waiting: list[asyncio.Future[Any]] = [asyncio.ensure_future(ledger.write(gate))]
    await gate.entered()
    waiting += [asyncio.ensure_future(ledger.write(keep(f"{n:02}"), bulk=n % 2 == 0)) for n in range(20)]
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(ledger.close())
    gate.open()
    await closing
    assert (await asyncio.gather(*waiting))[1:] == [f"{n:02}" for n in range(20)]
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("lockgate-ledger")]
    async with await Ledger.open(database_url) as again:
        assert len(await kept(again)) == 20


async def test_a_closed_ledger_says_so(database_url: str) -> None:
    ledger = await Ledger.open(database_url)
    await ledger.close()
    await ledger.close()
    with pytest.raises(LedgerClosed):
        await ledger.write(keep("a"))
    with pytest.raises(LedgerClosed):
        await ledger.read(lambda _: None)


async def test_several_event_loops_share_one_ledger(ledger: Ledger) -> None:
    async def elsewhere() -> str:
        return await ledger.write(keep("there"))

    there = asyncio.create_task(asyncio.to_thread(asyncio.run, elsewhere()))
    assert await ledger.write(keep("here")) == "here"
    assert await there == "there"
    assert await kept(ledger) == ["here", "there"]


async def test_whoever_stops_waiting_does_not_disturb_the_others(ledger: Ledger) -> None:
    gate = Gate()
    busy = asyncio.ensure_future(ledger.write(gate))
    await gate.entered()
    left, stayed = (asyncio.ensure_future(ledger.write(keep(name))) for name in ("left", "stayed"))
    await asyncio.sleep(0)
    left.cancel()
    gate.open()
    await busy
    assert await stayed == "stayed"
    assert await kept(ledger) == ["left", "stayed"]


async def test_a_reader_cannot_write(ledger: Ledger) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only"):
        await ledger.read(keep("a"))
    assert await kept(ledger) == []


async def test_a_reader_sees_one_state_of_the_ledger(ledger: Ledger) -> None:
    looked, written = threading.Event(), threading.Event()

    def look_twice(c: Connection) -> tuple[str | None, str | None]:
        before = cursors.get(c, "test", "a")
        looked.set()
        assert written.wait(TICK)
        return before, cursors.get(c, "test", "a")

    looking = asyncio.ensure_future(ledger.read(look_twice))
    assert await asyncio.to_thread(looked.wait, TICK)
    await ledger.write(keep("a"))
    written.set()
    assert await looking == (None, None)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://somewhere/lockgate"])
async def test_a_database_that_keeps_nothing_or_is_unknown_is_refused(url: str) -> None:
    with pytest.raises(LedgerError, match="ledger"):
        await Ledger.open(url)


async def test_a_database_nobody_serves_is_named_without_its_password() -> None:
    with pytest.raises(LedgerUnavailable) as caught:
        await Ledger.open("postgresql://lockgate:top-secret@127.0.0.1:1/lockgate")
    assert "127.0.0.1" in str(caught.value)
    assert "top-secret" not in str(caught.value)


@pytest.mark.postgres
class TestLostConnection:
    """PostgreSQL went away and came back, or did not."""

    async def test_writing_and_reading_go_on_over_a_new_connection(
        self, postgres_server: PostgresServer, postgres_url: str
    ) -> None:
        async with await Ledger.open(postgres_url) as ledger:
            await ledger.write(keep("before"))
            assert await kept(ledger) == ["before"]
            postgres_server.cut(database_of(postgres_url))
            assert await kept(ledger) == ["before"]
            await ledger.write(keep("after"))
            assert await kept(ledger) == ["after", "before"]

    async def test_jobs_that_were_not_committed_run_again(self, postgres_url: str) -> None:
        runs: list[str] = []

        def cut_once(c: Connection) -> str:
            runs.append("cutting")
            if runs == ["before", "cutting"]:
                c.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
            return keep("cut")(c)

        def before(c: Connection) -> str:
            runs.append("before")
            return keep("before")(c)

        async with await Ledger.open(postgres_url) as ledger:
            assert await together(ledger, before, cut_once, keep("after")) == ["before", "cut", "after"]
            assert await kept(ledger) == ["after", "before", "cut"]
        assert runs == ["before", "cutting", "before", "cutting"]

    async def test_a_server_that_stays_away_fails_jobs_in_words(
        self, postgres_server: PostgresServer, postgres_url: str
    ) -> None:
        async with await Ledger.open(postgres_url, patience=0.2) as ledger:
            await ledger.write(keep("before"))
            postgres_server.admit(database_of(postgres_url), False)
            postgres_server.cut(database_of(postgres_url))
            with pytest.raises(LedgerUnavailable, match="Nothing was stored"):
                await ledger.write(keep("during"))
            postgres_server.admit(database_of(postgres_url), True)
            await ledger.write(keep("after"))
            assert await kept(ledger) == ["after", "before"]

    async def test_a_connection_lost_in_the_commit_is_not_passed_off_as_either(self, postgres_url: str) -> None:
        async with await Ledger.open(postgres_url) as ledger:
            await ledger.write(lambda c: c.execute(sa.text(CUT_AT_COMMIT)).close())
            with pytest.raises(CommitUnknown, match="may or may not"):
                await ledger.write(keep("cut"))

    async def test_writers_in_each_others_way_both_get_through(self, postgres_url: str) -> None:
        held = {"a": threading.Event(), "b": threading.Event()}

        def lock(mine: str, other: str) -> Callable[[Connection], None]:
            def job(c: Connection) -> None:
                cursors.put(c, "test", mine, f"from {mine}")
                held[mine].set()
                assert held[other].wait(TICK)
                cursors.put(c, "test", other, f"from {mine}")

            return job

        async with await Ledger.open(postgres_url) as one, await Ledger.open(postgres_url) as two:
            await asyncio.gather(one.write(lock("a", "b")), two.write(lock("b", "a")))
            values = await one.read(lambda c: {cursors.get(c, "test", name) for name in ("a", "b")})
        assert len(values) == 1


CUT_AT_COMMIT = """
CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON cursor DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut();
"""


def database_of(url: str) -> str:
    return str(sa.make_url(url).database)
