"""Products come, go and change their numbers: assets find them, lose them and wait for them by themselves."""

from functools import partial
from hashlib import sha256

from tests.engine.asking import nothing_waits, reword, row, shows, titled, visible, waiting
from tests.world import FLOW, World, until

from lockgate.app.lockgate import Lockgate
from lockgate.ledger import audit


async def parked_as(app: Lockgate, asset: str, code: str) -> bool:
    held = (await waiting(app)).get(asset)
    return held is not None and held.code == code


async def test_a_deleted_product_parks_its_assets_and_a_new_one_takes_them(scene: World) -> None:
    product = await scene.portal.product("NEW-1")
    asset = await scene.celum.asset("Kettle", sku="NEW-1")
    async with scene.lockgate(watching=True, hooks=True) as app:
        await scene.run(app)
        await scene.portal.act("delete", module="product", id=product)
        await until(lambda: parked_as(app, asset, "product.missing"))
        await until(app.working.idle)
        await scene.portal.product("NEW-1")
        await until(lambda: shows(scene, "NEW-1", asset))
        await until(lambda: nothing_waits(app))


async def test_a_product_that_changes_its_number_loses_the_assets_and_gets_those_that_waited(scene: World) -> None:
    product = await scene.portal.product("OLD-1")
    old = await scene.celum.asset("Old", sku="OLD-1")
    new = await scene.celum.asset("New", sku="NEW-1")
    async with scene.lockgate(watching=True, hooks=True) as app:
        done = await scene.run(app)
        assert (done.account.written, done.account.parked) == (1, 1)
        change = [{"id": product, "article_number": [{"value": "NEW-1"}]}]
        await scene.portal.call("PATCH", "modules/product/objects", change)
        await until(lambda: shows(scene, "NEW-1", new))
        await until(lambda: parked_as(app, old, "product.missing"))


async def test_a_product_that_joins_a_family_shows_the_assets_of_the_family(small: World) -> None:
    await small.portal.product("POT-S", family="POTS")
    asset = await small.celum.asset("Pots", family="POTS")
    async with small.lockgate(watching=True, hooks=True) as app:
        await small.run(app)
        await small.portal.product("POT-L", family="POTS")
        await until(lambda: shows(small, "POT-L", asset))
        assert await shows(small, "POT-S", asset)


async def test_an_asset_of_a_family_is_woken_by_the_product_that_stands_for_it(small: World) -> None:
    """A family is found by an article number, too, so an article of that number ends the waiting."""
    asset = await small.celum.asset("Pots", family="POTS")
    async with small.lockgate(watching=True, hooks=True) as app:
        await small.run(app)
        assert await parked_as(app, asset, "product.missing")
        await until(app.working.idle)
        await small.portal.product("POTS")
        await until(lambda: shows(small, "POTS", asset))


async def test_two_products_of_one_number_park_the_asset_until_one_of_them_changes(small: World) -> None:
    await small.portal.product("TWIN-1")
    other = await small.portal.product("TWIN-2", gtin="4006381333948")
    await small.portal.product("TWIN-3", gtin="4006381333948")
    asset = await small.celum.asset("Twins", gtin="4006381333948")
    async with small.lockgate(watching=True, hooks=True) as app:
        await small.run(app)
        assert await parked_as(app, asset, "product.ambiguous")
        await until(app.working.idle)
        change = [{"id": other, "gtin": [{"value": "4006381333955"}]}]
        await small.portal.call("PATCH", "modules/product/objects", change)
        await until(lambda: shows(small, "TWIN-3", asset))
        assert await shows(small, "TWIN-2")


async def test_a_copy_that_lost_its_product_is_kept_right_while_it_waits(small: World) -> None:
    """What the portal shows stays the newest version; only the link is missing."""
    asset = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate() as app:
        await small.run(app)
        await small.celum.act("set_field", id=int(asset), field=643, value="NOWHERE-1")
        await small.celum.new_version(asset, b"second")
        await small.celum.call("PATCH", f"assets/{asset}", {"name": "Kettle, second"})
        done = await small.run(app)
        assert (done.account.parked, done.account.reasons) == (1, {"product.missing": 1})
        assert await shows(small, "SEED-1")
        copy = await small.portal.file(asset)
        assert copy is not None
        assert await small.portal.content(copy["id"]) == b"second"
        assert await titled(small, asset, "Kettle, second")
        assert (await row(app, asset)).held == "live"


async def test_a_recipe_may_deliver_what_has_no_product_and_link_it_when_there_is_one(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="NEW-1")
    async with scene.lockgate(watching=True, hooks=True) as app:
        await reword(app, "missing: park", "missing: skip")
        done = await scene.run(app)
        assert (done.account.written, done.account.linked) == (1, 0)
        assert await visible(scene, asset)
        await until(app.working.idle)
        await scene.portal.product("NEW-1")
        await until(lambda: shows(scene, "NEW-1", asset))


async def test_links_of_one_product_do_not_look_at_its_assets_again_and_again(small: World) -> None:
    """Linking changes the product, which the portal announces: that must not set everything going once more."""
    assets = [await small.celum.asset(f"Picture {n}", sku="SEED-1") for n in range(5)]
    async with small.lockgate(watching=True, hooks=True) as app:
        pages: list[int] = []
        await small.run(app)
        await until(app.working.idle)
        app.working.listen(lambda _, page: pages.append(page.account.read))
        late = await small.celum.asset("Late", sku="SEED-1")
        await until(lambda: shows(small, "SEED-1", *assets, late))
        await until(app.working.idle)
        assert sum(pages) < 2 * (len(assets) + 1)


async def test_a_file_sent_while_its_product_is_missing_stands_in_the_audit(scene: World) -> None:
    asset = await scene.celum.asset("Kettle", sku="SEED-9")
    product = await scene.portal.product("SEED-9")
    async with scene.lockgate() as app:
        await scene.run(app)
        await scene.portal.act("delete", module="product", id=product)
        told = []
        for content in (b"the second version", b"the third version"):
            await scene.celum.new_version(asset, content)
            assert (await scene.run(app)).account.reasons == {"product.missing": 1}
            number = (await row(app, asset)).audit_n
            (last,) = await app.ledger.read(partial(audit.timeline, flow=FLOW, key=asset, last_n=number, limit=1))
            told.append((last.entry.act, last.entry.digest == sha256(content).hexdigest()))
        assert told == [("parked", True), ("parked", True)]
