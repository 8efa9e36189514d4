"""A clock that is set while Lockgate works: what is due acts, and nothing waits for an instant that moved away."""

from datetime import UTC, datetime, timedelta

from tests.engine.asking import visible
from tests.world import FLOW, World, until

from lockgate.ledger import inbox, parked

PATIENCE = 60.0


async def test_what_is_put_off_is_tried_although_the_clock_went_back(scene: World) -> None:
    asset = await scene.celum.asset("Picture", sku="SEED-1")
    async with scene.lockgate(watching=True) as app:

        async def put_off() -> bool:
            return (
                await app.ledger.read(parked.next_ready) is not None
                or await app.ledger.read(inbox.next_ready) is not None
            )

        await scene.celum.fault({"match": "GET *", "kind": "status", "status": 503})
        await app.working.look_again(FLOW, [asset])
        await until(put_off, within=PATIENCE)
        scene.clock.ahead = timedelta(hours=-1)
        await scene.celum.fault()
        await until(lambda: visible(scene, asset), within=PATIENCE)


async def test_a_copy_is_hidden_at_its_instant_by_a_clock_that_went_ahead(scene: World) -> None:
    asset = await scene.celum.asset("Picture", sku="SEED-1")
    await scene.celum.window(asset, datetime.now(UTC) + timedelta(minutes=30))
    async with scene.lockgate(watching=True) as app:

        async def hidden() -> bool:
            return not await visible(scene, asset)

        await app.working.look_again(FLOW, [asset])
        await until(lambda: visible(scene, asset), within=PATIENCE)
        scene.clock.ahead = timedelta(hours=1)
        await until(hidden, within=PATIENCE)
