"""Two flows between the same systems: an item is carried by one of them, and the other leaves its copy alone."""

import pytest
from tests.world import BINDING, FLOW, World, until

from lockgate.app.lockgate import Lockgate
from lockgate.ledger import deliveries

SECOND = "second"


async def second(app: Lockgate, markets: str) -> None:
    text = BINDING.replace(f"flow: {FLOW}", f"flow: {SECOND}").replace("[DE, AT, CH]", markets)
    await app.add_flow(text, "a second flow")


async def carried(app: Lockgate, flow: str) -> dict[str, int]:
    """What a full run of this flow comes to, by reason; what was written counts as such."""
    run = await app.working.wait((await app.working.run(flow)).id)
    assert run.state == "done"
    return {**run.account.reasons, "written": run.account.written}


@pytest.mark.parametrize("markets", ["[DE]", "[US]"], ids=["also allowed", "not allowed"])
async def test_a_second_flow_leaves_the_copies_of_the_first_alone(scene: World, markets: str) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    async with scene.lockgate() as app:
        await scene.run(app)
        before = await scene.portal.file(asset)
        await second(app, markets)
        why = "copy.taken" if markets == "[DE]" else "rights.territory"
        assert await carried(app, SECOND) == {why: 1, "written": 0}
        assert await carried(app, SECOND) == {why: 1, "written": 0}
        assert await scene.portal.file(asset) == before


async def test_what_the_first_flow_gives_up_the_second_takes_over(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    async with scene.lockgate(watching=True) as app:
        await scene.run(app)
        before = await scene.portal.file(asset)
        await second(app, "[DE]")
        assert await carried(app, SECOND) == {"copy.taken": 1, "written": 0}
        await app.remove_flow(FLOW)
        await app.working.retry(SECOND)

        async def ours() -> object:
            known = (await app.ledger.read(lambda c: deliveries.get(c, SECOND, [asset]))).get(asset)
            return known is not None and known.held == "live"

        await until(ours, within=60)
        after = await scene.portal.file(asset)
        assert before is not None
        assert after is not None
        assert after["id"] == before["id"]
