"""Lockgate is stopped after the portal did something and before anybody recorded it: the next look finds out and mends.

The portal does each call at once and lets the answer wait for ever, so the process leaves not knowing.
"""

from collections.abc import Awaitable, Callable

from tests.engine.asking import (
    CHANGE_FILES,
    CHANGE_PRODUCTS,
    DOWN,
    SLOW_ANSWER,
    hidden,
    in_doubt,
    row,
    shows,
    titled,
    visible,
)
from tests.world import FLOW, World, until

from lockgate.ledger import audit, links


async def delivered(scene: World) -> str:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    async with scene.lockgate() as app:
        done = await scene.run(app)
        assert done.account.written == 1
    return asset


async def broken_off(
    scene: World, fault: dict[str, object], asset: str, happened: Callable[[], Awaitable[bool]]
) -> None:
    """Work the asset until the portal has done it, and leave before it has answered."""
    await scene.portal.fault(fault)
    async with scene.lockgate(watching=True) as app:
        await app.working.look_again(FLOW, [asset])
        await until(happened)
        assert await in_doubt(app, asset)
    await scene.portal.fault()


async def worked_off(scene: World, asset: str) -> None:
    """Look at it once more, in a process that knows only what was recorded."""
    async with scene.lockgate(watching=True) as app:
        await until(app.working.idle)
        assert not await in_doubt(app, asset)
        assert (await app.ledger.read(audit.verify)).holds


async def test_a_withdrawal_nobody_recorded_is_undone_when_the_gate_opened_again_meanwhile(small: World) -> None:
    asset = await delivered(small)
    await small.celum.act("unrelease", id=int(asset))
    fault = {"match": CHANGE_FILES, **SLOW_ANSWER}
    await broken_off(small, fault, asset, lambda: hidden(small, asset))
    await small.celum.act("release", id=int(asset))
    await worked_off(small, asset)
    assert await visible(small, asset)
    assert await shows(small, "SEED-1", asset)


async def test_a_withdrawal_nobody_recorded_is_recorded_once_it_is_seen(small: World) -> None:
    asset = await delivered(small)
    await small.celum.act("unrelease", id=int(asset))
    await broken_off(small, {"match": CHANGE_PRODUCTS, **SLOW_ANSWER}, asset, lambda: shows(small, "SEED-1"))
    async with small.lockgate(watching=True) as app:
        await until(app.working.idle)
        known = await row(app, asset)
        (last,) = await app.ledger.read(lambda c: audit.timeline(c, FLOW, asset, known.audit_n, limit=1))
    assert (known.held, known.code, last.entry.act) == ("hidden", "approved.no", "withdrawn")
    assert await hidden(small, asset)


async def test_a_copy_shown_again_and_not_recorded_is_hidden_when_the_gate_closed_meanwhile(small: World) -> None:
    asset = await delivered(small)
    async with small.lockgate() as app:
        await small.celum.act("unrelease", id=int(asset))
        await small.run(app)
    assert await hidden(small, asset)
    await small.celum.act("release", id=int(asset))
    await broken_off(small, {"match": CHANGE_FILES, **SLOW_ANSWER}, asset, lambda: visible(small, asset))
    await small.celum.act("unrelease", id=int(asset))
    await worked_off(small, asset)
    assert await hidden(small, asset)
    assert await shows(small, "SEED-1")


async def test_a_link_nobody_recorded_is_taken_away_when_the_asset_moved_to_another_product(small: World) -> None:
    await small.portal.product("OTHER-1")
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    await broken_off(small, {"match": CHANGE_PRODUCTS, **SLOW_ANSWER}, asset, lambda: shows_something(small, "SEED-1"))
    await small.celum.act("set_field", id=int(asset), field=643, value="OTHER-1")
    await worked_off(small, asset)
    assert await shows(small, "SEED-1")
    assert await shows(small, "OTHER-1", asset)
    async with small.lockgate() as app:
        known = await app.ledger.read(lambda c: links.get(c, FLOW, [asset]))
    assert len(known[asset]) == 1


async def shows_something(scene: World, sku: str) -> bool:
    return bool(await scene.portal.images(sku))


async def test_fields_nobody_recorded_are_written_again_when_they_changed_back(small: World) -> None:
    asset = await delivered(small)
    await small.celum.call("PATCH", f"assets/{asset}", {"name": "Kettle, other name"})
    fault = {"match": CHANGE_FILES, **SLOW_ANSWER}
    await broken_off(small, fault, asset, lambda: titled(small, asset, "Kettle, other name"))
    await small.celum.call("PATCH", f"assets/{asset}", {"name": "Kettle"})
    await worked_off(small, asset)
    assert await titled(small, asset, "Kettle")


async def test_a_file_nobody_recorded_is_not_sent_twice(small: World) -> None:
    asset = await delivered(small)
    await small.celum.new_version(asset, b"second")
    copy = await small.portal.file(asset)
    assert copy is not None

    async def replaced() -> bool:
        return await small.portal.content(copy["id"]) == b"second"

    await broken_off(small, {"match": "PUT /api/modules/file/objects/*", **SLOW_ANSWER}, asset, replaced)
    sent = await small.portal.uploads()
    await worked_off(small, asset)
    assert await small.portal.uploads() == sent
    async with small.lockgate() as app:
        assert (await small.run(app)).account.unchanged == 1


async def test_a_copy_that_was_removed_while_it_was_in_doubt_is_made_anew(small: World) -> None:
    asset = await delivered(small)
    await small.celum.call("PATCH", f"assets/{asset}", {"name": "Kettle, other name"})
    fault = {"match": CHANGE_FILES, **SLOW_ANSWER}
    await broken_off(small, fault, asset, lambda: titled(small, asset, "Kettle, other name"))
    copy = await small.portal.file(asset)
    assert copy is not None
    await small.portal.call("DELETE", f"modules/file/objects/{copy['id']}")
    await worked_off(small, asset)
    assert await titled(small, asset, "Kettle, other name")
    assert await shows(small, "SEED-1", asset)


async def test_fields_that_failed_are_written_even_if_the_file_could_not_be_read_back_in_between(scene: World) -> None:
    asset = await delivered(scene)
    await scene.celum.new_version(asset, b"the second version")
    await scene.celum.call("PATCH", f"assets/{asset}", {"name": "Renamed"})
    async with scene.lockgate() as app:
        await scene.portal.fault({"match": CHANGE_FILES, **DOWN})
        assert (await scene.run(app)).account.parked == 1
        await scene.portal.fault({"match": "GET */media/*", **DOWN})
        assert (await scene.run(app)).account.parked == 1
        assert await in_doubt(app, asset)
        await scene.portal.fault()
        await scene.run(app)
        assert await titled(scene, asset, "Renamed")
        assert not await in_doubt(app, asset)
