"""A plan shows what would be done, in all detail and without doing it; applying it does exactly that, to the world as it is."""

from datetime import timedelta

from tests.engine.asking import hidden, shows, titled, visible
from tests.world import World

from lockgate.app.lockgate import Lockgate
from lockgate.ledger import plans
from lockgate.ledger.runs import Run
from lockgate.model.plan import Action, Change


async def planned(scene: World, app: Lockgate) -> tuple[Run, dict[str, Change]]:
    done = await scene.run(app, "plan")
    assert done.state == "done"
    assert done.account.balanced()
    found = await app.ledger.read(lambda c: plans.changes(c, done.id, limit=1000))
    return done, {change.key: change for change in found.rows}


async def test_a_plan_names_each_change_and_does_none_of_them(scene: World) -> None:
    new = await scene.celum.asset("New", sku="SEED-1")
    closed = await scene.celum.asset("Closed", sku="SEED-1")
    renamed = await scene.celum.asset("Before", sku="SEED-1")
    replaced = await scene.celum.asset("Replaced", sku="SEED-1", content=b"first")
    lost = await scene.celum.asset("Lost", sku="NOWHERE-1")
    same = await scene.celum.asset("Same", sku="SEED-1")
    await scene.celum.act("unrelease", id=int(new))
    async with scene.lockgate() as app:
        await scene.run(app)
        await scene.celum.act("release", id=int(new))
        await scene.celum.act("unrelease", id=int(closed))
        await scene.celum.call("PATCH", f"assets/{renamed}", {"name": "After"})
        await scene.celum.new_version(replaced, b"second")
        calls = await scene.portal.uploads()
        done, changes = await planned(scene, app)
        assert await scene.portal.uploads() == calls
        assert await visible(scene, closed)
        assert await scene.portal.file(new) is None
    assert changes.keys() == {new, closed, renamed, replaced}
    assert {Action.CREATE, Action.LINK} <= set(changes[new].actions)
    assert set(changes[closed].actions) == {Action.WITHDRAW, Action.UNLINK}
    assert "approved" in changes[closed].reason
    (title,) = [one for one in changes[renamed].fields if one.field == "title"]
    assert ("Before" in str(title.before), "After" in str(title.after)) == (True, True)
    assert Action.REPLACE_FILE in changes[replaced].actions
    account = done.account
    assert (account.read, account.written, account.blocked, account.parked, account.unchanged) == (6, 3, 1, 1, 1)
    assert lost not in changes
    assert same not in changes


async def test_applying_a_plan_does_what_it_said_and_nothing_else(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    async with scene.lockgate() as app:
        plan, _ = await planned(scene, app)
        later = await scene.celum.asset("Later", sku="SEED-1")
        done = await scene.run(app, "apply", plan=plan.id)
        assert (done.account.read, done.account.written) == (1, 1)
        assert await visible(scene, asset)
        assert await scene.portal.file(later) is None
        known = await app.ledger.read(lambda c: plans.get(c, plan.id))
        assert known is not None
        assert (known.state, known.run) == ("applied", done.id)
        again, changes = await planned(scene, app)
        assert changes.keys() == {later}
        assert again.account.unchanged == 1


async def test_a_plan_of_a_world_that_changed_is_looked_at_anew(scene: World) -> None:
    """Between plan and apply one asset lost its release and another was renamed: neither goes out as planned."""
    taken_back = await scene.celum.asset("Taken back", sku="SEED-1")
    renamed = await scene.celum.asset("Before", sku="SEED-1")
    async with scene.lockgate() as app:
        plan, changes = await planned(scene, app)
        assert changes.keys() == {taken_back, renamed}
        await scene.celum.act("unrelease", id=int(taken_back))
        await scene.celum.call("PATCH", f"assets/{renamed}", {"name": "After"})
        done = await scene.run(app, "apply", plan=plan.id)
    assert (done.account.read, done.account.written, done.account.blocked) == (2, 1, 1)
    assert await scene.portal.file(taken_back) is None
    assert await titled(scene, renamed, "After")
    assert await shows(scene, "SEED-1", renamed)


async def test_withdrawals_that_a_person_saw_in_the_plan_need_no_second_word(small: World) -> None:
    small.binding += "guard: {share: 0.1, least: 1}\n"
    assets = [await small.celum.asset(f"Picture {n}", sku="SEED-1") for n in range(4)]
    async with small.lockgate() as app:
        await small.run(app)
        for asset in assets[:2]:
            await small.celum.act("unrelease", id=int(asset))
        plan, _ = await planned(small, app)
        done = await small.run(app, "apply", plan=plan.id)
        assert (done.state, done.account.withdrawn) == ("done", 2)


async def test_withdrawals_that_came_after_the_plan_do(small: World) -> None:
    small.binding += "guard: {share: 0.1, least: 1}\n"
    assets = [await small.celum.asset(f"Picture {n}", sku="SEED-1") for n in range(4)]
    async with small.lockgate() as app:
        await small.run(app)
        for asset in assets:
            await small.celum.call("PATCH", f"assets/{asset}", {"name": f"New name of {asset}"})
        plan, changes = await planned(small, app)
        assert len(changes) == 4
        for asset in assets:
            await small.celum.act("unrelease", id=int(asset))
        stopped = await small.run(app, "apply", plan=plan.id)
        assert stopped.state == "waiting"
        assert all([await visible(small, asset) for asset in assets])


async def test_a_plan_with_verify_shows_what_somebody_changed_at_the_target(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate() as app:
        await small.run(app)
        copy = await small.portal.file(asset)
        assert copy is not None
        await small.portal.call("DELETE", f"modules/file/objects/{copy['id']}")
        _, unseen = await planned(small, app)
        assert unseen == {}
        seen = await small.run(app, "plan", verify=True)
        found = await app.ledger.read(lambda c: plans.changes(c, seen.id))
    assert [(one.key, Action.CREATE in one.actions) for one in found.rows] == [(asset, True)]


async def test_what_expired_between_plan_and_apply_is_closed(small: World) -> None:
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    await small.celum.window(asset, small.clock() + timedelta(hours=1))
    async with small.lockgate() as app:
        await small.run(app)
        await small.celum.call("PATCH", f"assets/{asset}", {"name": "Kettle, renamed"})
        plan, changes = await planned(small, app)
        assert Action.UPDATE in changes[asset].actions
        small.clock.ahead = timedelta(hours=1)
        done = await small.run(app, "apply", plan=plan.id)
    assert done.account.reasons == {"window.ended": 1}
    assert await hidden(small, asset)
