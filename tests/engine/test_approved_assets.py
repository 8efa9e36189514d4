"""Use case A1 over real HTTP against both sandboxes: approved assets reach their products, once, and leave them in time."""

from datetime import timedelta

from tests.world import FLOW, World, until

from lockgate.app.lockgate import Lockgate
from lockgate.ledger import deliveries, parked


async def test_an_approved_asset_arrives_with_its_file_its_fields_and_its_link(scene: World) -> None:
    asset = await scene.celum.asset("Kettle front", sku="SEED-1", content=b"the kettle")
    async with scene.lockgate() as app:
        done = await scene.run(app)
    assert (done.state, done.account.read, done.account.written, done.account.linked) == ("done", 1, 1, 1)
    copy = await scene.portal.file(asset)
    assert copy is not None
    assert await scene.portal.content(copy["id"]) == b"the kettle"
    assert copy["status"] == "approved"
    assert "Kettle front" in copy["title"].values()
    assert "AT" in copy["usage_rights"]
    assert await scene.portal.images("SEED-1") == [copy["id"]]


async def test_a_second_run_writes_nothing(scene: World) -> None:
    await scene.celum.asset("Kettle front", sku="SEED-1")
    async with scene.lockgate() as app:
        await scene.run(app)
        before = await scene.portal.uploads()
        again = await scene.run(app)
        swept = await scene.run(app, "sweep", verify=True)
    assert (again.account.read, again.account.unchanged) == (1, 1)
    assert (swept.account.read, swept.account.unchanged) == (1, 1)
    assert await scene.portal.uploads() == before


async def test_what_is_not_approved_cleared_or_covered_never_arrives(scene: World) -> None:
    await scene.celum.asset("Draft", sku="SEED-1", released=False)
    await scene.celum.asset("Uncleared", sku="SEED-1", cleared=None, regions=())
    await scene.celum.asset("Elsewhere", sku="SEED-1", regions=("US",))
    ended = await scene.celum.asset("Ended", sku="SEED-1")
    await scene.celum.window(ended, scene.clock() - timedelta(days=1))
    async with scene.lockgate() as app:
        done = await scene.run(app)
    assert done.account.blocked == 4
    assert done.account.reasons == {"approved.no": 1, "rights.unknown": 1, "rights.territory": 1, "window.ended": 1}
    assert await scene.portal.files() == []


async def test_a_newer_version_replaces_the_file_at_the_same_object(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1", content=b"first")
    async with scene.lockgate() as app:
        await scene.run(app)
        before = await scene.portal.file(asset)
        await scene.celum.new_version(asset, b"second")
        await scene.run(app)
    after = await scene.portal.file(asset)
    assert before is not None
    assert after is not None
    assert after["id"] == before["id"]
    assert await scene.portal.content(after["id"]) == b"second"


async def test_an_asset_finds_its_product_by_gtin_and_all_products_of_a_family(scene: World) -> None:
    family = [await scene.portal.product(f"POT-{size}", family="POTS") for size in ("S", "L")]
    by_gtin = await scene.celum.asset("By GTIN", gtin="4006381333931")
    by_family = await scene.celum.asset("By family", family="POTS")
    async with scene.lockgate() as app:
        done = await scene.run(app)
    assert (done.account.written, len(family)) == (2, 2)
    copy = await scene.portal.file(by_gtin)
    assert copy is not None
    assert await scene.portal.images("SEED-1") == [copy["id"]]
    shared = await scene.portal.file(by_family)
    assert shared is not None
    assert await scene.portal.images("POT-S") == await scene.portal.images("POT-L") == [shared["id"]]


async def test_an_unknown_product_parks_the_asset_until_it_is_there(scene: World) -> None:
    asset = await scene.celum.asset("Early bird", sku="NEW-1")
    async with scene.lockgate(watching=True, hooks=True) as app:
        done = await scene.run(app)
        assert (done.account.parked, done.account.reasons) == (1, {"product.missing": 1})
        (row,) = (await app.ledger.read(lambda c: parked.page(c, flow=FLOW))).rows
        assert "NEW-1" in row.reason
        assert await scene.portal.file(asset) is None
        await scene.portal.product("NEW-1")
        await until(lambda: scene.portal.file(asset))
        await until(lambda: nothing_parked(app))
    assert len(await scene.portal.images("NEW-1")) == 1


async def nothing_parked(app: Lockgate) -> bool:
    return not (await app.ledger.read(lambda c: parked.page(c, flow=FLOW))).rows


async def test_the_poll_alone_finds_the_missing_product(scene: World) -> None:
    asset = await scene.celum.asset("Early bird", sku="NEW-1")
    async with scene.lockgate() as app:
        await scene.run(app)
        await scene.portal.product("NEW-1")
    async with scene.lockgate(watching=True):
        await until(lambda: scene.portal.file(asset))


async def test_a_release_an_edit_and_a_withdrawn_release_act_at_once_by_webhook(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1", released=False)
    async with scene.lockgate(watching=True, hooks=True) as app:
        await scene.run(app)
        await scene.celum.act("release", id=int(asset))
        copy = await until(lambda: scene.portal.file(asset))
        await until(lambda: shows(scene, [copy["id"]]))
        await scene.celum.call("PATCH", f"assets/{asset}", {"name": "Kettle, new name"})
        await until(lambda: titled(scene, asset, "Kettle, new name"))
        await scene.celum.act("unrelease", id=int(asset))
        await until(lambda: hidden(scene, asset))
        await until(lambda: shows(scene, []))
        await scene.celum.act("release", id=int(asset))
        await until(lambda: shows(scene, [copy["id"]]))
        again = await scene.portal.file(asset)
        assert again is not None
        assert again["status"] == "approved"


async def shows(scene: World, images: list[str]) -> bool:
    return await scene.portal.images("SEED-1") == images


async def hidden(scene: World, asset: str) -> bool:
    copy = await scene.portal.file(asset)
    return copy is not None and copy["status"] == "archived" and not copy.get("publish_webshop")


async def titled(scene: World, asset: str, title: str) -> bool:
    copy = await scene.portal.file(asset)
    return copy is not None and title in copy["title"].values()


async def test_an_expiry_hides_the_copy_at_its_instant_without_any_event(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    end = scene.clock() + timedelta(hours=2)
    await scene.celum.window(asset, end)
    async with scene.lockgate(watching=True) as app:
        await scene.run(app)
        assert (await scene.portal.file(asset) or {})["status"] == "approved"
        scene.clock.ahead = timedelta(hours=2)
        await until(lambda: hidden(scene, asset))
        await until(app.working.idle)
        row = (await app.ledger.read(lambda c: deliveries.get(c, FLOW, [asset])))[asset]
    assert (row.held, row.code) == ("hidden", "window.ended")
    assert row.at >= end


async def test_a_deleted_asset_leaves_the_portal(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    async with scene.lockgate(watching=True) as app:
        await scene.run(app)
        await scene.celum.call("DELETE", f"assets/{asset}")
        await scene.run(app)
        await until(lambda: hidden(scene, asset))


async def test_links_of_others_stay(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    other = await scene.celum.asset("Someone else's", sku="SEED-1")
    async with scene.lockgate() as app:
        await scene.run(app)
        kept = await scene.portal.file(other)
        await scene.celum.act("unrelease", id=int(asset))
        await scene.run(app)
    assert kept is not None
    assert await scene.portal.images("SEED-1") == [kept["id"]]


async def test_same_bytes_in_a_new_version_are_not_sent_again(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1", content=b"same")
    async with scene.lockgate() as app:
        await scene.run(app)
        before = await scene.portal.uploads()
        await scene.celum.new_version(asset, b"same")
        await scene.run(app)
    assert await scene.portal.uploads() == before


async def test_a_sweep_mends_what_somebody_broke_at_the_target(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-1")
    lost = await scene.celum.asset("Lost", sku="SEED-1")
    async with scene.lockgate() as app:
        await scene.run(app)
        copy = await scene.portal.file(asset)
        gone = await scene.portal.file(lost)
        assert copy is not None
        assert gone is not None
        await scene.portal.call(
            "PATCH", "modules/file/objects", [{"id": copy["id"], "title": [], "copyright": [{"value": "x"}]}]
        )
        await scene.portal.call("DELETE", f"modules/file/objects/{gone['id']}")
        swept = await scene.run(app, "sweep", verify=True)
    assert swept.account.written == 2
    assert await titled(scene, asset, "Kettle")
    anew = await scene.portal.file(lost)
    assert anew is not None
    assert sorted(await scene.portal.images("SEED-1")) == sorted([copy["id"], anew["id"]])
