"""Many copies closed at once are more often a mistake than a wish: the guard asks a person first."""

from datetime import timedelta

from tests.engine.asking import hidden, visible, waiting
from tests.world import BINDING, FLOW, World, until

from lockgate.app.lockgate import Lockgate

STRICT = BINDING + "guard: {share: 0.1, least: 2}\n"


async def delivered(scene: World, app: Lockgate, number: int) -> list[str]:
    assets = [await scene.celum.asset(f"Picture {n}", sku="SEED-1") for n in range(number)]
    done = await scene.run(app)
    assert done.account.written == number
    return assets


async def strict(scene: World) -> World:
    scene.binding = STRICT
    return scene


async def unrelease(scene: World, assets: list[str]) -> None:
    for asset in assets:
        await scene.celum.act("unrelease", id=int(asset))


async def standing(scene: World, assets: list[str]) -> int:
    return sum([await visible(scene, asset) for asset in assets])


async def test_a_run_that_would_close_too_many_copies_stops_and_goes_on_with_a_person_s_word(scene: World) -> None:
    await strict(scene)
    async with scene.lockgate() as app:
        assets = await delivered(scene, app, 5)
        await unrelease(scene, assets[:3])
        stopped = await scene.run(app)
        assert stopped.state == "waiting"
        assert "3 of 5 live copies would be withdrawn" in stopped.note
        assert "--confirm 3" in stopped.note
        assert await standing(scene, assets) == 5
        done = await scene.run(app, confirmed=3)
    assert (done.state, done.account.withdrawn) == ("done", 3)
    assert await standing(scene, assets) == 2


async def test_as_many_as_the_guard_lets_through_need_no_word(small: World) -> None:
    await strict(small)
    async with small.lockgate() as app:
        assets = await delivered(small, app, 4)
        await unrelease(small, assets[:2])
        done = await small.run(app)
    assert (done.state, done.account.withdrawn) == ("done", 2)


async def test_the_live_lane_holds_back_what_is_too_much_and_works_the_rest(scene: World) -> None:
    """Held back are the withdrawals only: what else is in the same page is delivered."""
    await strict(scene)
    async with scene.lockgate() as app:
        assets = await delivered(scene, app, 5)
        await unrelease(scene, assets[:4])
        new = await scene.celum.asset("New", sku="SEED-1")
        await app.working.look_again(FLOW, [*assets[:4], new])
    async with scene.lockgate(watching=True) as app:
        await until(lambda: visible(scene, new))
        await until(app.working.idle)
        held = await waiting(app)
        assert {key: one.code for key, one in held.items()} == dict.fromkeys(assets[:4], "guard")
        assert await standing(scene, assets) == 5
        await app.working.confirm(FLOW, 4)
        assert await app.working.retry(FLOW, code="guard") == 4
        await until(lambda: none_visible(scene, assets[:4]))
        await until(app.working.idle)
        assert await waiting(app) == {}


async def none_visible(scene: World, assets: list[str]) -> bool:
    return await standing(scene, assets) == 0


async def test_the_count_of_the_live_lane_outlives_a_restart(small: World) -> None:
    await strict(small)
    async with small.lockgate() as app:
        assets = await delivered(small, app, 5)
        await unrelease(small, assets[:2])
        await app.working.look_again(FLOW, assets[:2])
    async with small.lockgate(watching=True) as app:
        await until(lambda: none_visible(small, assets[:2]))
        await until(app.working.idle)
    await unrelease(small, assets[2:3])
    async with small.lockgate(watching=True) as app:
        await until(lambda: is_held_back(app, assets[2]))
    small.clock.ahead += timedelta(hours=1, minutes=2)
    async with small.lockgate(watching=True) as app:
        await app.working.retry(FLOW, code="guard")
        await until(lambda: hidden(small, assets[2]))


async def is_held_back(app: Lockgate, asset: str) -> bool:
    held = (await waiting(app)).get(asset)
    return held is not None and held.code == "guard"


async def test_what_expires_at_its_announced_instant_is_never_held_back(small: World) -> None:
    await strict(small)
    async with small.lockgate(watching=True) as app:
        assets = [await small.celum.asset(f"Picture {n}", sku="SEED-1") for n in range(5)]
        for asset in assets:
            await small.celum.window(asset, small.clock() + timedelta(hours=2))
        await small.run(app)
        await until(app.working.idle)
        small.clock.ahead = timedelta(hours=2)
        await until(lambda: none_visible(small, assets))
        await until(app.working.idle)
        assert await waiting(app) == {}


async def test_an_expiry_that_was_moved_into_the_past_is_no_announced_one(small: World) -> None:
    """Somebody set the end of many assets to yesterday: that is as sudden as any other closing."""
    await strict(small)
    async with small.lockgate() as app:
        assets = await delivered(small, app, 5)
        for asset in assets:
            await small.celum.window(asset, small.clock() - timedelta(days=1))
        stopped = await small.run(app)
    assert stopped.state == "waiting"
    assert await standing(small, assets) == 5
