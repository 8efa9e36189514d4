"""Several processes on one PostgreSQL: each item is worked by one of them at a time, and whoever dies is replaced."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from tests.engine.asking import in_doubt, row, visible
from tests.engine.processes import driver, ready
from tests.world import FLOW, World, until, world

from lockgate.app.lockgate import Lockgate
from lockgate.engine.busy import Busy
from lockgate.ledger import Ledger, deliveries, itemlocks, runs

PATIENCE = 60.0

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


@pytest.fixture
async def shared(tmp_path: Path, postgres_url: str) -> AsyncIterator[World]:
    async with world(tmp_path, postgres_url) as made:
        yield made


async def prepared(scene: World, number: int) -> list[str]:
    assets = [await scene.celum.asset(f"Picture {n}", sku="SEED-1") for n in range(number)]
    async with scene.lockgate(working=False):
        pass
    return assets


async def delivered(scene: World, number: int) -> bool:
    return len(await scene.portal.files()) >= number


async def test_the_run_of_a_killed_worker_is_taken_over_by_one_that_lives(shared: World) -> None:
    await prepared(shared, 30)
    await shared.portal.fault({"match": "POST /api/modules/file/objects", "kind": "slow", "delay_ms": 50})
    async with shared.lockgate(watching=True) as app:
        async with driver(shared) as process:
            await ready(process)
            await until(lambda: delivered(shared, 3))
            process.kill()
            await process.wait()
        await shared.portal.fault()
        (run,) = (await app.ledger.read(lambda c: runs.page(c, flow=FLOW))).rows
        done = await app.working.wait(run.id)
    assert (done.state, done.account.read, done.account.balanced()) == ("done", 30, True)
    files = [str(one["ext_id"]) for one in await shared.portal.files()]
    assert len(files) == len(set(files)) == 30


async def test_a_queued_run_is_worked_once_by_two_workers(shared: World) -> None:
    await prepared(shared, 30)
    async with driver(shared, "--watch") as one, driver(shared, "--watch") as two:
        await ready(one)
        await ready(two)
        async with shared.lockgate(working=False) as app:
            queued = await app.working.run(FLOW)
            assert queued.state == "queued"
            done = await until(lambda: finished(app, queued.id), within=60)
    assert (done.account.read, done.account.written) == (30, 30)
    assert await shared.portal.calls("POST", "/api/modules/file/objects") == 30


async def finished(app: Lockgate, run: str) -> runs.Run | None:
    found = await app.ledger.read(lambda c: runs.get(c, run))
    return found if found is not None and found.state == "done" else None


async def test_two_workers_divide_what_waits_and_send_nothing_twice(shared: World) -> None:
    assets = await prepared(shared, 40)
    async with shared.lockgate(working=False) as app:
        await app.working.look_again(FLOW, assets)
        async with driver(shared, "--watch") as one, driver(shared, "--watch") as two:
            await ready(one)
            await ready(two)
            await until(lambda: delivered(shared, 40), within=60)
            await until(app.working.idle)
    assert await shared.portal.calls("POST", "/api/modules/file/objects") == 40
    assert len(await shared.portal.images("SEED-1")) == 40


async def test_what_a_stopped_worker_holds_waits_for_it_and_is_not_done_twice(shared: World) -> None:
    """A worker that only sleeps may go on at any moment: its item is left to it."""
    (asset,) = await prepared(shared, 1)
    await shared.portal.fault({"match": "POST /api/modules/file/objects", "kind": "slow", "delay_ms": 400})
    async with driver(shared, "--watch") as process:
        await ready(process)
        async with shared.lockgate(working=False) as app:
            await app.working.look_again(FLOW, [asset])
        await until(lambda: sending(shared))
        process.send_signal(signal.SIGSTOP)
        async with shared.lockgate(watching=True) as app:
            busy = Busy(app.ledger.locks)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5), busy.hold(FLOW, [asset]):
                    pass
            process.send_signal(signal.SIGCONT)
            await until(lambda: visible(shared, asset))
            await until(app.working.idle)
            assert (await row(app, asset)).held == "live"
    assert await shared.portal.calls("POST", "/api/modules/file/objects") == 1


async def test_one_that_lost_its_hold_records_nothing_stale_and_looks_again(shared: World) -> None:
    """Its session is ended while the file is on its way, as for a process that stood still: somebody else may have the item."""
    (asset,) = await prepared(shared, 1)
    await shared.portal.fault({"match": "POST /api/modules/file/objects", "kind": "slow", "delay_ms": 1000})
    async with shared.lockgate(watching=True) as app:
        await app.working.look_again(FLOW, [asset])
        await until(lambda: sending(shared), within=PATIENCE)
        with psycopg.connect(shared.settings.database_url, autocommit=True) as server:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
            server.execute(ended, [itemlocks.HOLDER])
        await until(lambda: recorded(app, asset), within=PATIENCE)
        assert (await row(app, asset)).held == "live"
        assert not await in_doubt(app, asset)
    assert await shared.portal.calls("POST", "/api/modules/file/objects") == 1
    assert len(await shared.portal.images("SEED-1")) == 1


async def recorded(app: Lockgate, asset: str) -> bool:
    rows = await app.ledger.read(lambda c: deliveries.get(c, FLOW, [asset]))
    return asset in rows and rows[asset].held == "live" and await app.working.idle()


async def sending(scene: World) -> bool:
    return await scene.celum_calls("GET", "/__files/") > 0


async def test_items_are_free_again_when_their_process_dies(shared: World) -> None:
    (asset,) = await prepared(shared, 1)
    await shared.portal.fault({"match": "POST /api/modules/file/objects", "kind": "slow", "delay_ms": 60_000})
    async with shared.lockgate(working=False) as app:
        await app.working.look_again(FLOW, [asset])
    async with driver(shared, "--watch") as process:
        await ready(process)
        await until(lambda: sending(shared))
        process.kill()
        await process.wait()
        await shared.portal.fault()
        async with shared.lockgate(watching=True):
            await until(lambda: visible(shared, asset))


async def test_two_connections_never_hold_one_item_at_once(postgres_url: str) -> None:
    async with await Ledger.open(postgres_url) as one, await Ledger.open(postgres_url) as two:
        mine, theirs = Busy(one.locks), Busy(two.locks)
        async with mine.hold("flow", ["a", "b"]):
            theirs.seize("flow", ["b", "c"])
            async with theirs.grip("flow", ["b", "c"]) as grip:
                assert list(grip.keys) == ["c"]
        async with theirs.hold("flow", ["a", "b", "c"]) as grip:
            assert list(grip.keys) == ["a", "b", "c"]
            await grip.sure()
