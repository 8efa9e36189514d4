"""A person recalls an item: closed before all gates, at once, until it is lifted; seen done, audited, and over restarts."""

from datetime import timedelta

import pytest
from tests.engine.asking import CHANGE_FILES, DOWN, hidden, row, shows, visible, waiting
from tests.world import FLOW, World, until

from lockgate.app.lockgate import Lockgate
from lockgate.ledger import audit, holds


async def test_a_recalled_item_is_hidden_at_once_and_says_who_and_why(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    other = await scene.celum.asset("Other", sku="SEED-1")
    async with scene.lockgate(watching=True) as app:
        await scene.run(app)
        await app.working.recall(FLOW, [asset], "the wrong kettle", "Rae")
        await until(lambda: hidden(scene, asset))
        await until(app.working.idle)
        assert await shows(scene, "SEED-1", other)
        known = await row(app, asset)
        assert (known.held, known.code) == ("hidden", "recalled")
        assert known.reason == "recall: Rae recalled it: the wrong kettle"
        acts = await app.ledger.read(lambda c: audit.timeline(c, FLOW, asset, known.audit_n))
        assert [one.entry.act for one in acts] == ["withdrawn", "recalled", "written"]
        assert acts[1].entry.detail == {"by": "Rae", "reason": "the wrong kettle"}


async def test_no_run_no_edit_and_no_restart_brings_a_recalled_item_back(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    async with scene.lockgate(watching=True, hooks=True) as app:
        await scene.run(app)
        await app.working.recall(FLOW, [asset], "", "Rae")
        await until(lambda: hidden(scene, asset))
    async with scene.lockgate(watching=True, hooks=True) as app:
        await scene.celum.new_version(asset, b"second")
        await scene.celum.call("PATCH", f"assets/{asset}", {"name": "Renamed"})
        assert (await scene.run(app)).account.reasons == {"recalled": 1}
        assert (await scene.run(app, "sweep", verify=True)).account.reasons == {"recalled": 1}
        await until(app.working.idle)
        assert await hidden(scene, asset)


async def test_a_lifted_recall_leaves_it_to_the_gates_again(scene: World) -> None:
    allowed = await scene.celum.asset("Allowed", sku="SEED-1")
    closed = await scene.celum.asset("Closed", sku="SEED-1")
    async with scene.lockgate(watching=True) as app:
        await scene.run(app)
        await app.working.recall(FLOW, [allowed, closed], "to be checked", "Rae")
        await until(lambda: hidden(scene, allowed))
        await until(lambda: hidden(scene, closed))
        await scene.celum.act("unrelease", id=int(closed))
        assert await app.working.lift(FLOW, [allowed, closed, "4711"], "Rae") == [allowed, closed]
        await until(lambda: visible(scene, allowed))
        await until(app.working.idle)
        assert await hidden(scene, closed)
        assert await shows(scene, "SEED-1", allowed)
        assert (await row(app, closed)).code == "approved.no"
        assert (await app.ledger.read(holds.page)).rows == []


async def test_an_item_recalled_before_it_was_delivered_never_arrives(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate() as app:
        await app.working.recall(FLOW, [asset], "", "Rae")
        done = await small.run(app)
    assert done.account.reasons == {"recalled": 1}
    assert await small.portal.files() == []


async def test_many_recalls_need_no_second_word_from_the_guard(small: World) -> None:
    small.binding += "guard: {share: 0.1, least: 1}\n"
    assets = [await small.celum.asset(f"Picture {n}", sku="SEED-1") for n in range(4)]
    async with small.lockgate(watching=True) as app:
        await small.run(app)
        await app.working.recall(FLOW, assets, "all of them", "Rae")
        for asset in assets:
            await until(lambda asset=asset: hidden(small, asset))  # type: ignore[misc]
        await until(app.working.idle)
        assert await waiting(app) == {}


async def test_a_recall_is_not_finished_before_the_portal_was_seen_to_have_closed(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate(watching=True) as app:
        await small.run(app)
        await small.portal.fault({"match": CHANGE_FILES, **DOWN})
        await app.working.recall(FLOW, [asset], "", "Rae")
        await until(lambda: still_open(app, asset))
        assert (await row(app, asset)).held == "live"
        await small.portal.fault()
        small.clock.ahead += timedelta(minutes=1)
        await until(lambda: hidden(small, asset))
        await until(app.working.idle)
        assert (await row(app, asset)).held == "hidden"


async def still_open(app: Lockgate, asset: str) -> bool:
    held = (await waiting(app)).get(asset)
    return held is not None and held.code == "withdraw.transient"


@pytest.mark.parametrize("restart", [False, True])
async def test_a_recall_of_a_paused_flow_acts_when_it_goes_on(small: World, restart: bool) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate(watching=True) as app:
        await small.run(app)
        await app.pause(FLOW)
        await app.working.recall(FLOW, [asset], "", "Rae")
        if not restart:
            await app.resume(FLOW)
            await until(lambda: hidden(small, asset))
            return
    async with small.lockgate(watching=True) as app:
        await app.resume(FLOW)
        await until(lambda: hidden(small, asset))
