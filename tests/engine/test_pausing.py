"""A flow that is paused, resumed, changed or removed while things go on."""

from tests.engine.asking import hidden, reword, shows, visible
from tests.world import BINDING, FLOW, World, until

from lockgate.app.lockgate import Lockgate
from lockgate.ledger import deliveries, runs


async def test_nothing_moves_while_a_flow_is_paused_and_all_of_it_once_it_goes_on(scene: World) -> None:
    old = await scene.celum.asset("Old", sku="SEED-1")
    deleted = await scene.celum.asset("Deleted", sku="SEED-1")
    async with scene.lockgate(watching=True, hooks=True) as app:
        await scene.run(app)
        await until(app.working.idle)
        await app.pause(FLOW)
        sent = await scene.portal.uploads()
        new = await scene.celum.asset("New", sku="SEED-1")
        await scene.celum.act("unrelease", id=int(old))
        await scene.celum.act("delete", id=int(deleted))
        await app.working.look_again(FLOW, [new])
        assert await app.working.idle()
        assert await scene.portal.uploads() == sent
        await app.resume(FLOW)
        await until(lambda: visible(scene, new))
        await until(lambda: gone(scene, old))
        await until(lambda: gone(scene, deleted))


async def gone(scene: World, asset: str) -> bool:
    return not await visible(scene, asset)


async def test_a_flow_stays_paused_over_a_restart(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate() as app:
        await app.working.look_again(FLOW, [asset])
        await app.pause(FLOW)
    async with small.lockgate(watching=True) as app:
        assert FLOW not in app.working.flows
        await app.resume(FLOW)
        await until(lambda: visible(small, asset))


async def started(scene: World, app: Lockgate, number: int) -> str:
    """A run that is in the middle of its first page: one copy is made, the others are on their way for a while."""
    await scene.portal.fault(
        {"match": "POST /api/modules/file/objects", "kind": "slow", "after": number, "delay_ms": 1500}
    )
    run = await app.working.run(FLOW)
    await until(lambda: sent_some(scene, number))
    return run.id


async def sent_some(scene: World, number: int) -> bool:
    return len(await scene.portal.files()) >= number


async def test_a_run_of_a_flow_that_was_paused_ends_with_the_reason(scene: World) -> None:
    for number in range(12):
        await scene.celum.asset(f"Picture {number}", sku="SEED-1")
    async with scene.lockgate() as app:
        run = await started(scene, app, 1)
        await app.pause(FLOW)
        done = await app.working.wait(run)
        assert done.state == "failed"
        assert "paused, changed or removed" in done.note
        assert done.account.balanced()


async def test_a_run_taken_up_by_a_process_that_has_the_flow_no_longer_ends_with_the_reason(scene: World) -> None:
    for number in range(12):
        await scene.celum.asset(f"Picture {number}", sku="SEED-1")
    async with scene.lockgate() as app:
        run = await started(scene, app, 1)
    await scene.portal.fault()
    async with scene.lockgate(working=False) as app:
        await app.pause(FLOW)
    async with scene.lockgate(watching=True) as app:
        done = await app.working.wait(run)
        assert (done.state, done.account.balanced()) == ("failed", True)
        assert "paused, changed or removed" in done.note


async def test_a_run_does_not_go_on_under_other_rules(small: World) -> None:
    """The first pages were decided by the old rules: the run ends and says so, and the next one looks at all of it anew."""
    for number in range(12):
        await small.celum.asset(f"Picture {number}", sku="SEED-1", regions=("DE", "AT"))
    async with small.lockgate() as app:
        await app.add_flow(BINDING.replace("[DE, AT, CH]", "[DE, AT]"), "the test's flow")
        run = await started(small, app, 1)
        await app.add_flow(BINDING, "the test's flow")
        done = await app.working.wait(run)
        assert done.state == "failed"
        assert "changed" in done.note
        await small.portal.fault()
        anew = await small.run(app)
        assert anew.account.reasons == {"rights.territory": 12}
        assert not [one for one in await small.portal.files() if one["status"] == "approved"]


async def test_a_removed_flow_leaves_no_rows_behind_that_a_page_wrote_late(small: World) -> None:
    for number in range(12):
        await small.celum.asset(f"Picture {number}", sku="SEED-1")
    async with small.lockgate(watching=True) as app:
        run = await started(small, app, 1)
        await app.remove_flow(FLOW)
        await app.working.wait(run)
        assert await app.ledger.read(lambda c: deliveries.keys_after(c, FLOW, "", 10)) == []


async def test_a_cancelled_run_ends_and_stays_ended(scene: World) -> None:
    for number in range(12):
        await scene.celum.asset(f"Picture {number}", sku="SEED-1")
    async with scene.lockgate() as app:
        run = await started(scene, app, 1)
        await app.working.cancel(run)
        assert (await app.working.wait(run)).state == "cancelled"
    await scene.portal.fault()
    async with scene.lockgate(watching=True) as app:
        found = await app.ledger.read(lambda c: runs.get(c, run))
        assert found is not None
        assert found.state == "cancelled"


async def test_a_recipe_that_was_put_right_is_taken_up_at_once(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="NEW-1")
    async with small.lockgate(watching=True) as app:
        await small.run(app)
        assert await small.portal.file(asset) is None
        await reword(app, "missing: park", "missing: skip")
        await app.working.retry(FLOW)
        await until(lambda: visible(small, asset))


async def test_a_flow_installed_anew_takes_up_the_copies_of_the_former_one(scene: World) -> None:
    """Its ledger is gone, its copies are not: open ones are kept, closed ones are closed, nothing is sent again."""
    kept = await scene.celum.asset("Kept", sku="SEED-1")
    closed = await scene.celum.asset("Closed", sku="SEED-1")
    moved = await scene.celum.asset("Moved", sku="SEED-1")
    await scene.portal.product("NEW-1")
    async with scene.lockgate() as app:
        await scene.run(app)
        await app.remove_flow(FLOW)
        await scene.celum.act("unrelease", id=int(closed))
        await scene.celum.act("set_field", id=int(moved), field=643, value="NEW-1")
        sent = await scene.portal.uploads()
        await app.add_flow(BINDING, "the test's flow")
        done = await scene.run(app)
        assert (done.account.read, done.account.blocked, done.account.withdrawn) == (3, 1, 1)
        assert await scene.portal.uploads() == sent
        assert await hidden(scene, closed)
        assert await visible(scene, kept)
        assert await shows(scene, "SEED-1", kept)
        assert await shows(scene, "NEW-1", moved)
        assert (await scene.run(app, "sweep", verify=True)).account.unchanged == 2
        await scene.celum.act("unrelease", id=int(kept))
        await scene.run(app)
        assert await shows(scene, "SEED-1")
