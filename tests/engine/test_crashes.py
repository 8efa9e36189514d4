"""The real process killed with -9: nothing lost, nothing twice, every account in balance."""

from collections import Counter
from functools import partial

import pytest
from tests.engine.processes import driver, ready
from tests.world import FLOW, World, until

from lockgate.app.lockgate import Lockgate
from lockgate.ledger import audit, deliveries, intents, runs
from lockgate.ledger.runs import Run

pytestmark = pytest.mark.slow


async def prepared(scene: World, number: int) -> list[str]:
    """Assets for one product, and an installation that knows both systems."""
    assets = [
        await scene.celum.asset(f"Picture {n}", sku="SEED-1", content=f"bytes of {n}".encode()) for n in range(number)
    ]
    async with scene.lockgate():
        pass
    return assets


async def stand_once(scene: World, assets: list[str]) -> None:
    """Each asset stands once in the portal with its own bytes, and the product shows exactly these."""
    files = {str(one["ext_id"]): one for one in await scene.portal.files()}
    assert len(files) == len(await scene.portal.files())
    assert sorted(files) == sorted(f"dam:{asset}" for asset in assets)
    for number, asset in enumerate(assets):
        assert await scene.portal.content(files[f"dam:{asset}"]["id"]) == f"bytes of {number}".encode()
    shown = Counter(await scene.portal.images("SEED-1"))
    assert shown == Counter(one["id"] for one in files.values())


async def test_killed_in_the_middle_of_a_run_and_started_again(scene: World) -> None:
    assets = await prepared(scene, 40)
    await scene.portal.fault({"match": "POST /api/modules/file/objects", "kind": "slow", "delay_ms": 30})
    async with driver(scene) as process:
        await ready(process)
        await until(lambda: some(scene, 5))
        process.kill()
        await process.wait()
    left = len(await scene.portal.files())
    assert left < len(assets)
    await scene.portal.fault()
    async with scene.lockgate() as app:
        (interrupted,) = (await app.ledger.read(lambda c: runs.page(c, flow=FLOW))).rows
        done = await app.working.wait(interrupted.id)
        assert (done.state, done.account.read, done.account.written) == ("done", 40, 40)
        assert done.account.balanced()
        await stand_once(scene, assets)
        assert not await app.ledger.read(lambda c: intents.get(c, FLOW, assets))
        assert (await app.ledger.read(audit.verify)).holds


async def nothing_begun(app: Lockgate) -> bool:
    return await app.ledger.read(lambda c: intents.begun(c, FLOW)) == []


async def some(scene: World, number: int) -> bool:
    return len(await scene.portal.files()) >= number


async def test_killed_between_the_target_s_write_and_the_record(scene: World) -> None:
    """The portal stores the file, but its answer never comes: the process dies not knowing, and does not send it twice."""
    (asset,) = await prepared(scene, 1)
    await scene.portal.fault({"match": "POST /api/modules/file/objects", "kind": "slow", "bytes_per_second": 1})
    async with driver(scene) as process:
        await ready(process)
        await until(lambda: some(scene, 1))
        process.kill()
        await process.wait()
    await scene.portal.fault()
    sent = await scene.portal.uploads()
    async with scene.lockgate() as app:
        row = await app.ledger.read(lambda c: deliveries.get(c, FLOW, [asset]))
        assert row == {}
        assert await app.ledger.read(lambda c: intents.get(c, FLOW, [asset]))
        done: Run = await scene.run(app)
        assert done.account.written == 1
        assert await app.ledger.read(lambda c: intents.get(c, FLOW, [asset])) == {}
        told = [entry for page in await app.ledger.read(lambda c: audit.recent(c, FLOW)) for entry in page.entries]
        assert ["create" in one.detail["interrupted"]["actions"] for one in told] == [True] * len(told)
        assert {one.act for one in told} == {"written", "interrupted"}
    await stand_once(scene, [asset])
    assert await scene.portal.uploads() == sent


async def test_killed_after_the_file_and_again_after_the_fields_it_is_not_sent_twice(scene: World) -> None:
    """What the second look begins must not hide that the file of the first one was never recorded."""
    (asset,) = await prepared(scene, 1)
    async with scene.lockgate() as app:
        await scene.run(app)
    await scene.celum.new_version(asset, b"the next file")
    await scene.celum.call("PATCH", f"assets/{asset}", {"name": "Renamed"})
    for method, seen in (("PUT", holds_next_file), ("PATCH", renamed)):
        await scene.portal.fault({"match": f"{method} *", "kind": "slow", "bytes_per_second": 1})
        async with driver(scene) as process:
            await ready(process)
            await until(partial(seen, scene, asset), within=60)
            process.kill()
            await process.wait()
    await scene.portal.fault()
    async with scene.lockgate() as app:
        await scene.run(app)
        assert await nothing_begun(app)
    assert await holds_next_file(scene, asset)
    first, next = await scene.portal.act("binaries")
    assert (first["bytes"], next["bytes"]) == (len(b"bytes of 0"), len(b"the next file"))


async def holds_next_file(scene: World, asset: str) -> bool:
    copy = await scene.portal.file(asset)
    assert copy is not None
    return await scene.portal.content(copy["id"]) == b"the next file"


async def renamed(scene: World, asset: str) -> bool:
    copy = await scene.portal.file(asset)
    assert copy is not None
    return "Renamed" in copy["title"].values()


async def test_a_release_taken_back_while_nobody_was_there_closes_the_copy_nobody_recorded(scene: World) -> None:
    """The copy of a killed run is unknown to the ledger; when the gate has closed meanwhile, it must be found and hidden."""
    (asset,) = await prepared(scene, 1)
    await scene.portal.fault({"match": "POST /api/modules/file/objects", "kind": "slow", "bytes_per_second": 1})
    async with driver(scene) as process:
        await ready(process)
        await until(lambda: some(scene, 1))
        process.kill()
        await process.wait()
    await scene.portal.fault()
    await scene.celum.act("unrelease", id=int(asset))
    async with scene.lockgate() as app:
        done = await scene.run(app)
        assert done.account.blocked == 1
        copy = await scene.portal.file(asset)
        assert copy is not None
        assert copy["status"] == "archived"
        await scene.celum.act("release", id=int(asset))
        await scene.run(app)
    assert len(await scene.portal.act("binaries")) == 1, (
        "what was stored before the kill was not recorded, and is not sent again"
    )
    await stand_once(scene, [asset])


async def test_an_asset_deleted_while_nobody_was_there_closes_the_copy_nobody_recorded(scene: World) -> None:
    """Neither ledger nor index know of it, and the webhook of its end was lost: only what was begun tells of the copy."""
    (asset,) = await prepared(scene, 1)
    await scene.portal.fault({"match": "POST /api/modules/file/objects", "kind": "slow", "bytes_per_second": 1})
    async with driver(scene) as process:
        await ready(process)
        await until(lambda: some(scene, 1))
        process.kill()
        await process.wait()
    await scene.portal.fault()
    await scene.celum.act("delete", id=int(asset))
    async with scene.lockgate(watching=True) as app:
        await scene.run(app)
        await until(lambda: nothing_begun(app), within=60)
    copy = await scene.portal.file(asset)
    assert copy is not None
    assert copy["status"] == "archived"


async def test_hints_that_were_acknowledged_are_worked_after_a_kill(scene: World) -> None:
    assets = await prepared(scene, 12)
    async with scene.lockgate() as app:
        await app.working.look_again(FLOW, assets)
    await scene.portal.fault({"match": "POST /api/modules/file/objects", "kind": "slow", "delay_ms": 50})
    async with driver(scene, "--watch") as process:
        await ready(process)
        await until(lambda: some(scene, 3))
        process.kill()
        await process.wait()
    await scene.portal.fault()
    async with scene.lockgate(watching=True) as app:
        await until(lambda: some(scene, 12))
        await until(app.working.idle)
    await stand_once(scene, assets)
