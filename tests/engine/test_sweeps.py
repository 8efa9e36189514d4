"""Once a day everything is looked at and the target asked, so that no lost event and no strange hand outlives it."""

import asyncio
from datetime import timedelta

from tests.engine.asking import shows, visible
from tests.world import FLOW, World, until

from lockgate.app.lockgate import Lockgate
from lockgate.engine.engine import new_run
from lockgate.engine.sweeps import SWEEP, begin_due
from lockgate.ledger import Ledger, cursors, runs
from lockgate.ledger.runs import Run


async def sweeps(app: Lockgate) -> list[Run]:
    return (await app.ledger.read(lambda c: runs.page(c, flow=FLOW, kind="sweep"))).rows


async def ended(app: Lockgate, number: int) -> bool:
    return [one.state for one in await sweeps(app)] == ["done"] * number


async def test_a_sweep_begins_by_itself_a_day_later_and_once(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    async with scene.lockgate() as app:
        await scene.run(app)
        copy = await scene.portal.file(asset)
        assert copy is not None
        change = [{"id": copy["id"], "copyright": [{"value": "somebody else"}]}]
        await scene.portal.call("PATCH", "modules/file/objects", change)
    async with scene.lockgate(watching=True) as app:
        await until(lambda: counting(app))
    scene.clock.ahead += timedelta(hours=23)
    async with scene.lockgate(watching=True) as app:
        await until(app.working.idle)
        assert await sweeps(app) == []
    scene.clock.ahead += timedelta(hours=2)
    async with scene.lockgate(watching=True) as app:
        await until(lambda: ended(app, 1))
        assert "copyright" not in (await scene.portal.file(asset) or {"copyright": "no copy"})
    async with scene.lockgate(watching=True) as app:
        await until(app.working.idle)
        assert await ended(app, 1)


async def counting(app: Lockgate) -> bool:
    """Whether the time until the next sweep has begun to be counted."""
    return await app.ledger.read(lambda c: cursors.get(c, FLOW, SWEEP)) is not None


async def test_a_sweep_closes_what_somebody_opened_of_an_item_that_is_gone(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    async with scene.lockgate(watching=True) as app:
        await scene.run(app)
        await scene.celum.act("delete", id=int(asset))
        await scene.run(app)
        await until(lambda: stands(scene, asset, "archived", published=False), within=60)
        await until(app.working.idle, within=60)  # else somebody opens it while it is read back
        copy = await scene.portal.file(asset)
        assert copy is not None
        await scene.portal.act("publish", module="file", id=copy["id"], channel="webshop")
        await scene.run(app)
        assert await stands(scene, asset, "archived", published=True)
        await scene.run(app, "sweep", verify=True)
        await until(lambda: stands(scene, asset, "archived", published=False), within=60)


async def stands(scene: World, asset: str, status: str, *, published: bool) -> bool:
    copy = await scene.portal.file(asset)
    return copy is not None and (copy["status"], bool(copy.get("publish_webshop"))) == (status, published)


async def test_of_two_processes_one_begins_the_sweep(scene: World) -> None:
    async with scene.lockgate() as app:
        bound = app.working.flows[FLOW]
        async with await Ledger.open(app.settings.database_url) as other:
            first = [new_run(bound, "sweep", scene.clock, number, {}) for number in range(2)]
            assert not await app.ledger.write(lambda c: begin_due(c, bound, first[0]))
            scene.clock.ahead += timedelta(days=2)
            due = [new_run(bound, "sweep", scene.clock, number, {}) for number in range(2, 4)]
            begun = await asyncio.gather(
                app.ledger.write(lambda c: begin_due(c, bound, due[0])),
                other.write(lambda c: begin_due(c, bound, due[1])),
            )
            assert sorted(begun) == [False, True]
            assert len(await sweeps(app)) == 1


async def test_no_sweep_begins_beside_one_that_is_not_done(small: World) -> None:
    async with small.lockgate() as app:
        bound = app.working.flows[FLOW]
        runs_made = []
        for number in range(3):
            run = new_run(bound, "sweep", small.clock, number, {})
            runs_made.append(await app.ledger.write(lambda c, run=run: begin_due(c, bound, run)))  # type: ignore[misc]
            small.clock.ahead += timedelta(days=2)
        assert runs_made == [False, True, False]


async def test_a_file_that_somebody_put_in_the_place_of_ours_is_replaced_again(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1", content=b"ours")
    async with small.lockgate() as app:
        await small.run(app)
        copy = await small.portal.file(asset)
        assert copy is not None
        await small.portal.replace(copy["id"], b"somebody else's file")
        await small.run(app, "sweep", verify=True)
    assert await small.portal.content(copy["id"]) == b"ours"


async def test_a_copy_that_somebody_hid_or_unlinked_is_shown_again(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate() as app:
        await small.run(app)
        copy = await small.portal.file(asset)
        assert copy is not None
        await small.portal.call(
            "PATCH", "modules/file/objects", [{"id": copy["id"], "status": [{"value": "archived"}]}]
        )
        product = (await small.portal.call("GET", "modules/product/objects?query=article_number%20%3D%20'SEED-1'"))[
            "result"
        ][0]["id"]
        await small.portal.call("PATCH", "modules/product/objects", [{"id": product, "images": [{"value": []}]}])
        await small.run(app, "sweep", verify=True)
    assert await visible(small, asset)
    assert await shows(small, "SEED-1", asset)


async def test_a_copy_that_somebody_opened_against_the_gates_is_closed_again(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate() as app:
        await small.run(app)
        await small.celum.act("unrelease", id=int(asset))
        await small.run(app)
        copy = await small.portal.file(asset)
        assert copy is not None
        await small.portal.call(
            "PATCH", "modules/file/objects", [{"id": copy["id"], "status": [{"value": "approved"}]}]
        )
        await small.run(app, "sweep", verify=True)
    assert not await visible(small, asset)
