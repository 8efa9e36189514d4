"""A system that does not answer, answers nonsense, or refuses us: nothing is lost, nothing is told twice, and it ends by itself."""

from datetime import timedelta

from structlog.testing import capture_logs
from tests.engine.asking import CHANGE_FILES, DOWN, UPLOAD, hidden, nothing_waits, row, visible, waiting
from tests.world import CELUM_KEY, DAM, FLOW, World, until

from lockgate.app.lockgate import Lockgate
from lockgate.ledger import connections, inbox

WHOLE_PORTAL = {"match": "*", **DOWN}


async def hinted(app: Lockgate) -> int:
    return sum((await app.ledger.read(inbox.counts)).get(FLOW, {}).values())


async def test_what_a_portal_that_is_down_did_not_take_is_delivered_once_it_is_back(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    await scene.portal.fault({"match": UPLOAD, **DOWN})
    async with scene.lockgate(watching=True) as app:
        await app.working.look_again(FLOW, [asset])
        await until(lambda: parked_as(app, asset, "transient"))
        assert not await visible(scene, asset)
        await scene.portal.fault()
        scene.clock.ahead += timedelta(minutes=1)
        await until(lambda: visible(scene, asset))
        await until(lambda: nothing_waits(app))


async def parked_as(app: Lockgate, asset: str, code: str) -> bool:
    held = (await waiting(app)).get(asset)
    return held is not None and held.code == code


async def test_items_stay_in_the_inbox_while_the_source_cannot_be_read(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate() as app:
        await app.working.look_again(FLOW, [asset])
    await small.celum.fault({"match": "POST */assets/search", **DOWN})
    async with small.lockgate(watching=True) as app:
        await until(lambda: was_put_off(app))
        assert await hinted(app) == 1
        assert await waiting(app) == {}
        await small.celum.fault()
        small.clock.ahead += timedelta(minutes=1)
        await until(lambda: visible(small, asset))
        await until(app.working.idle)
        assert await hinted(app) == 0


async def was_put_off(app: Lockgate) -> bool:
    return await app.ledger.read(inbox.next_ready) is not None


async def test_a_copy_that_could_not_be_closed_is_tried_until_it_was_seen_closed(scene: World) -> None:
    """Also where the portal refuses for good, as it seems: a copy that must not be seen is never left to itself."""
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    async with scene.lockgate(watching=True) as app:
        await scene.run(app)
        await scene.celum.act("unrelease", id=int(asset))
        await scene.portal.fault({"match": CHANGE_FILES, "kind": "status", "status": 400})
        await app.working.look_again(FLOW, [asset])
        await until(lambda: parked_as(app, asset, "withdraw.rejected"))
        first = (await waiting(app))[asset]
        assert first.next_try is not None
        assert await scene.portal.images("SEED-1") == []
        scene.clock.ahead += timedelta(minutes=1)
        await until(lambda: tried(app, asset, 2))
        await scene.portal.fault()
        scene.clock.ahead += timedelta(minutes=2)
        await until(lambda: hidden(scene, asset))
        await until(lambda: nothing_waits(app))
        assert (await row(app, asset)).held == "hidden"


async def tried(app: Lockgate, asset: str, times: int) -> bool:
    held = (await waiting(app)).get(asset)
    return held is not None and held.tries >= times


async def test_a_copy_is_hidden_although_its_product_cannot_be_changed(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate(watching=True) as app:
        await small.run(app)
        await small.celum.act("unrelease", id=int(asset))
        await small.portal.fault({"match": "PATCH /api/modules/product/objects", "kind": "status", "status": 400})
        await app.working.look_again(FLOW, [asset])
        await until(lambda: hidden(small, asset))
        await until(lambda: parked_as(app, asset, "withdraw.rejected"))
        await small.portal.fault()
        small.clock.ahead += timedelta(minutes=2)
        await until(lambda: nothing_waits(app))
    assert await small.portal.images("SEED-1") == []


async def test_retries_of_one_withdrawal_do_not_trip_the_guard(small: World) -> None:
    small.binding += "guard: {share: 0.1, least: 2}\n"
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate(watching=True) as app:
        await small.run(app)
        await small.celum.act("unrelease", id=int(asset))
        await small.portal.fault({"match": CHANGE_FILES, **DOWN})
        await app.working.look_again(FLOW, [asset])
        for times in range(1, 6):
            await until(lambda times=times: tried(app, asset, times))  # type: ignore[misc]
            small.clock.ahead += timedelta(minutes=6)
        await small.portal.fault()
        small.clock.ahead += timedelta(minutes=6)
        await until(lambda: hidden(small, asset))


async def test_a_refused_key_stops_the_flow_tells_once_and_goes_on_with_a_new_key(scene: World) -> None:
    assets = [await scene.celum.asset(f"Picture {n}", sku="SEED-1") for n in range(3)]
    async with scene.lockgate() as app:
        await app.working.look_again(FLOW, assets)
    await scene.celum.fault({"match": "*", "kind": "status", "status": 401})
    with capture_logs() as logs:
        async with scene.lockgate(watching=True) as app:
            await until(lambda: halted(app))
            await until(lambda: problem_at(app, DAM))
            for _ in range(3):
                scene.clock.ahead += timedelta(minutes=20)
                asked = await scene.celum_calls()
                await until(lambda asked=asked: asked_again(scene, asked))  # type: ignore[misc]
            assert await hinted(app) == 3
            await scene.celum.fault()
            near = {"private_addresses": True}
            await app.connections.add(DAM, "celum", {"site": scene.celum.url, "key": CELUM_KEY, **near})
            await app.rebind(DAM)
            for asset in assets:
                await until(lambda asset=asset: visible(scene, asset), within=60)  # type: ignore[misc]
            assert app.working.halts.reasons == {}
    assert sum(one["event"] == "a flow waits for a person" for one in logs) == 1


async def halted(app: Lockgate) -> bool:
    return FLOW in app.working.halts.reasons


async def problem_at(app: Lockgate, connection: str) -> bool:
    found = await app.ledger.read(lambda c: connections.get(c, connection))
    return found is not None and found.state == "problem" and "key" in (found.problem or "")


async def asked_again(scene: World, before: int) -> bool:
    return await scene.celum_calls() > before


async def test_a_right_given_back_at_the_vendor_is_noticed_by_itself(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate(watching=True) as app:
        await small.portal.fault({"match": "*", "kind": "status", "status": 403})
        await app.working.look_again(FLOW, [asset])
        await until(lambda: halted(app))
        await small.portal.fault()
        small.clock.ahead += timedelta(minutes=1)
        await until(lambda: visible(small, asset))
        await until(app.working.idle)
        assert app.working.halts.reasons == {}


async def test_a_run_waits_for_a_portal_that_is_away_for_a_moment(small: World) -> None:
    await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate() as app:
        await small.portal.fault({"match": "GET /api/modules/product/objects*", "times": 1, **DOWN})
        done = await small.run(app)
    assert (done.state, done.account.written) == ("done", 1)


async def test_a_run_that_is_refused_ends_with_the_reason_in_words(small: World) -> None:
    async with small.lockgate() as app:
        await small.celum.fault({"match": "*", "kind": "status", "status": 401})
        done = await small.run(app)
    assert done.state == "failed"
    assert "credentials" in done.note


async def test_one_item_the_source_cannot_read_stops_no_other(small: World) -> None:
    """CELUM refuses a search for many because of one asset; then it is asked for each by itself."""
    async with small.lockgate() as app:
        await small.run(app)
        assets = [await small.celum.asset(f"Picture {n}", sku="SEED-1") for n in range(4)]
        refused = {"kind": "status", "status": 400, "after": 1, "times": 2}  # not the index, but the page and its first
        await small.celum.fault({"match": "POST */assets/search", **refused})
        done = await small.run(app)
    assert done.account.balanced()
    assert (done.account.read, done.account.written, done.account.parked) == (4, 3, 1)
    assert done.account.reasons == {"rejected": 1}
    assert len(await small.portal.files()) == len(assets) - 1
