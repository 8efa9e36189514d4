"""What a file's way may meet: a cut or short body, a change while it travels, a version that is gone."""

from datetime import timedelta

from tests.engine.asking import SLOW_ANSWER, UPLOAD, hidden, nothing_waits, shows, visible, waiting
from tests.world import FLOW, World, until

from lockgate.app.lockgate import Lockgate

FILES = "GET /__files/*"
BIG = bytes(range(256)) * 2000


async def parked_as(app: Lockgate, asset: str, code: str) -> bool:
    held = (await waiting(app)).get(asset)
    return held is not None and held.code == code


async def test_a_body_shorter_than_stated_never_becomes_a_copy(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1", content=BIG)
    async with scene.lockgate(watching=True) as app:
        await scene.celum.fault({"match": FILES, "kind": "wrong_length"})
        await app.working.look_again(FLOW, [asset])
        await until(lambda: anything_parked(app))
        assert await scene.portal.files() == []
        await scene.celum.fault()
        await app.working.retry(FLOW)
        await until(lambda: visible(scene, asset))
        await until(lambda: nothing_waits(app))
    await holds(scene, asset, BIG)


async def anything_parked(app: Lockgate) -> bool:
    return bool(await waiting(app))


async def holds(scene: World, asset: str, content: bytes) -> None:
    copy = await scene.portal.file(asset)
    assert copy is not None
    assert await scene.portal.content(copy["id"]) == content


async def test_a_body_cut_on_its_way_is_read_to_its_end(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1", content=BIG)
    async with small.lockgate() as app:
        await small.celum.fault({"match": FILES, "kind": "cut", "times": 1})
        done = await small.run(app)
    assert done.account.written == 1
    await holds(small, asset, BIG)


async def test_a_replacement_that_comes_short_leaves_the_copy_as_it_was(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1", content=b"first")
    async with small.lockgate(watching=True) as app:
        await small.run(app)
        await small.celum.fault({"match": FILES, "kind": "wrong_length"})
        await small.celum.new_version(asset, BIG)
        await app.working.look_again(FLOW, [asset])
        await until(lambda: anything_parked(app))
        await holds(small, asset, b"first")
        await small.celum.fault()
        await app.working.retry(FLOW)
        await until(lambda: nothing_waits(app))
        await until(app.working.idle)
    await holds(small, asset, BIG)


async def test_a_release_taken_back_while_the_file_travels_ends_hidden(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1", content=BIG)
    async with scene.lockgate(watching=True, hooks=True) as app:
        await scene.celum.fault({"match": FILES, "kind": "slow", "bytes_per_second": 800_000})
        await app.working.look_again(FLOW, [asset])
        await until(lambda: asked_for_file(scene))
        await scene.celum.act("unrelease", id=int(asset))
        await until(lambda: hidden(scene, asset))
        await until(app.working.idle)
    assert await shows(scene, "SEED-1")


async def asked_for_file(scene: World) -> bool:
    return await scene.celum_calls("GET", "/__files/") > 0


async def test_a_file_that_waited_too_long_for_its_turn_is_asked_about_once_more(small: World) -> None:
    """Eight files travel at a time; by the turn of the ninth its release was taken back: it is never sent."""
    assets = [await small.celum.asset(f"Picture {n}", sku="SEED-1", content=b"x" * 400) for n in range(9)]
    async with small.lockgate(watching=True, hooks=True) as app:
        await small.portal.fault({"match": UPLOAD, "kind": "slow", "delay_ms": 1500, "times": 8})
        await app.working.look_again(FLOW, assets)
        await until(lambda: under_way(small, 8))
        for asset in assets:
            await small.celum.act("unrelease", id=int(asset))
        small.clock.ahead += timedelta(minutes=1)
        await until(lambda: known(small, 8))
        await until(app.working.idle)
        await until(lambda: nothing_waits(app))
        assert len(await small.portal.files()) == 8
        assert await shows(small, "SEED-1")


async def under_way(scene: World, number: int) -> bool:
    return await scene.celum_calls("GET", "/__files/") >= number


async def known(scene: World, number: int) -> bool:
    return len(await scene.portal.files()) >= number


async def test_an_asset_deleted_while_its_new_file_is_asked_for_does_not_make_us_forget_its_copy(small: World) -> None:
    """That the source has the file no longer says nothing about the copy: it is there and has to be hidden."""
    asset = await small.celum.asset("Kettle", sku="SEED-1", content=b"first")
    async with small.lockgate(watching=True) as app:
        await small.run(app)
        await small.celum.new_version(asset, b"second")
        await small.celum.fault({"match": "GET */assets/*/download", "kind": "status", "status": 404, "times": 1})
        await app.working.look_again(FLOW, [asset])
        await until(lambda: parked_as(app, asset, "changed"))
        await small.celum.act("delete", id=int(asset))
        small.clock.ahead += timedelta(minutes=1)
        await until(lambda: hidden(small, asset))
        await until(app.working.idle)


async def test_a_slow_file_does_not_keep_a_withdrawal_waiting(small: World) -> None:
    recalled = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate(watching=True) as app:
        await small.run(app)
        slow = [await small.celum.asset(f"Slow {n}", sku="SEED-1") for n in range(6)]
        await small.portal.fault({"match": UPLOAD, **SLOW_ANSWER})
        for asset in slow:
            await app.working.look_again(FLOW, [asset])
            await until(lambda asset=asset: small.portal.file(asset))  # type: ignore[misc]
            if sum([await small.portal.file(one) is not None for one in slow]) == 3:
                break
        await app.working.recall(FLOW, [recalled], "a person is seen who did not agree", "Rae")
        await until(lambda: hidden(small, recalled))
