"""Operations beyond the engine's contract, over HTTP: channels, history, values by dimension, variants, folders."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import pytest

from lockgate.connectors.fourallportal.connector import FourAllPortal
from lockgate.connectors.fourallportal.operations.objects import Value
from lockgate.connectors.fourallportal.operations.structure import named
from lockgate.kit.contract import Receipt, capabilities
from lockgate.kit.errors import ConnectorError, ContractBroken, NotFound, Rejected

Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]
PRODUCTS, FOLDERS = "/api/modules/product/objects", "/api/modules/folder/objects"


# ── channels ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_product_is_published_to_one_channel_and_is_seen_there_alone(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1")
    async with connect() as portal:
        assert await portal.shown("webshop", "product", [id]) == []
        for _ in range(2):
            (answer,) = await portal.publish("product", [id], ["webshop"])
            assert isinstance(answer, Receipt)
        (there,) = await portal.shown("webshop", "product", [id])
        elsewhere = await portal.shown("marketplace", "product", [id])
        (told,) = await portal.publications("product", [id, "no-such-id"])
    assert (there.id, there.identifiers["sku"], elsewhere) == (id, ("LARCH-1",), [])
    assert (told.id, told.channels) == (id, ("webshop",))


async def test_an_end_of_publication_without_a_channel_is_of_all(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1", publish_webshop=True, publish_marketplace=True)
    async with connect() as portal:
        await portal.unpublish("product", [id], ["webshop"])
        (one,) = await portal.publications("product", [id])
        await portal.unpublish("product", [id])
        (none,) = await portal.publications("product", [id])
        (gone,) = await portal.publish("product", ["no-such-id"], ["webshop"])
    assert (one.channels, none.channels) == (("marketplace",), ())
    assert isinstance(gone, NotFound)
    assert "no product no-such-id" in gone.sentence


async def test_a_channel_nobody_has_set_up_is_named(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1")
    async with connect() as portal:
        with pytest.raises(Rejected, match="cannot be published to print; there are webshop, marketplace"):
            await portal.publish("product", [id], ["print"])
        with pytest.raises(NotFound):
            await portal.shown("print", "product", [id])


@pytest.mark.parametrize("form", ["list", "object", "raw"])
async def test_what_a_channel_shows_is_read_in_each_form_it_may_come_in(
    tenant: Any, connect: Connect, form: str
) -> None:
    id = await tenant.product("LARCH-1", publish_webshop=True, tags=["new"])
    await tenant.switch(undimensioned=form)
    async with connect() as portal:
        (item,) = await portal.shown("webshop", "product", [id])
    assert (item.identifiers["sku"], item.fields["tags"]) == (("LARCH-1",), ["new"])


async def test_a_status_step_is_taken_or_refused_in_words(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1", status="draft")
    async with connect() as portal:
        (done,) = await portal.set_status("product", [id], "in_review")
        (refused,) = await portal.set_status("product", [id], "draft")
    assert isinstance(done, Receipt)
    assert isinstance(refused, ConnectorError)
    assert refused.code == "status.step"
    assert await tenant.value(PRODUCTS, id, "status") == "in_review"


# ── history ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_history_says_who_changed_what_from_what_to_what(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1", price=9.5)
    await tenant.set(PRODUCTS, {"id": id, "price": 12.0})
    await tenant.act("delete", module="product", id=id)
    async with connect() as portal:
        gone, price, *created = await portal.history("product", id)
        (alone,) = [one for one in await portal.history("product", id, field="price") if one.what == "changed"]
        later = await portal.history("product", id, since=datetime(2099, 1, 1, tzinfo=UTC))
    assert (gone.what, gone.field) == ("deleted", None)
    assert (price.what, price.field, price.before, price.after) == ("changed", "price", 9.5, 12.0)
    assert {one.what for one in created} == {"created"}
    assert (alone, later) == (price, [])
    assert price.by
    assert price.at is not None


async def test_a_long_history_is_read_to_its_end(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1")
    for price in range(7):
        await tenant.set(PRODUCTS, {"id": id, "price": price})
    async with connect(page_size=3) as portal:
        found = await portal.history("product", id, field="price")
    assert [one.after for one in found] == [6, 5, 4, 3, 2, 1, 0]
    assert len({one.id for one in found}) == 7


async def test_a_history_nobody_has_is_not_found(connect: Connect) -> None:
    async with connect() as portal:
        with pytest.raises(NotFound):
            await portal.history("product", "no-such-id")


# ── values, relations ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_values_are_set_for_a_channel_and_a_locale_and_cleared_apart(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1")
    german = Value(value="Lärche", locale="de_DE", channel="webshop")
    english = Value(value="Larch", locale="en_US", channel="webshop")
    async with connect() as portal:
        await portal.set_values("product", id, "name", [german, english])
        both = await portal.values("product", id, "name")
        await portal.set_values("product", id, "name", [Value(value=None, locale="en_US", channel="webshop")])
        left = await portal.values("product", id, "name")
    assert sorted(both, key=lambda one: one.value) == [english, german]
    assert left == [german]


async def test_a_dimension_or_field_that_is_not_there_is_refused(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1")
    async with connect() as portal:
        with pytest.raises(Rejected):
            await portal.set_values("product", id, "name", [Value(value="Mélèze", locale="fr_FR")])
        with pytest.raises(Rejected, match="no field 'colour'"):
            await portal.values("product", id, "colour")
        with pytest.raises(NotFound):
            await portal.set_values("product", "no-such-id", "price", [Value(value=1.0)])
    assert await tenant.value(PRODUCTS, id, "name") is None


async def test_variants_are_made_listed_and_let_go(tenant: Any, connect: Connect) -> None:
    master, one, two = [await tenant.product(number) for number in ("LARCH", "LARCH-1", "LARCH-2")]
    async with connect() as portal:
        for variant in (one, two, one):
            await portal.make_variant(variant, master)
        assert sorted(await portal.variants(master)) == sorted([one, two])
        await portal.make_variant(one, None)
        assert await portal.variants(master) == [two]
        with pytest.raises(Rejected, match="no field 'images' that links to one object"):
            await portal.set_link("product", one, "images", two)
    writes = [call for call in await tenant.calls("PATCH", "/product/objects") if call["status"] == 200]
    assert len(writes) == 3 + 2 + 1  # three products made, two variants, one let go: what stood already was not written


async def test_who_refers_to_a_file_is_known_from_the_far_end(tenant: Any, connect: Connect) -> None:
    image = await tenant.upload()
    product = await tenant.product("LARCH-1", images=[image], main_image=image)
    async with connect() as portal:
        assert await portal.referring("asset", image) == {"product.images": [product], "product.main_image": [product]}
        assert await portal.referring("product", product) == {}


async def test_an_object_has_the_picture_of_its_main_image(tenant: Any, connect: Connect) -> None:
    image = (await tenant.call("GET", "/api/modules/file/objects?limit=1&query=mimetype%20LIKE%20'image/%25'"))[
        "result"
    ]
    product = await tenant.product("LARCH-1", main_image=image[0]["id"])
    bare = await tenant.product("LARCH-2")
    async with connect() as portal:
        async with portal.picture("product", product, "small") as stream:
            content = b"".join([chunk async for chunk in stream.chunks])
        with pytest.raises(NotFound):
            async with portal.picture("product", bare):
                pass
    assert content[:2] == b"\xff\xd8"


async def test_a_person_may_have_anything_deleted(tenant: Any, connect: Connect) -> None:
    id = await tenant.product("LARCH-1")
    async with connect() as portal:
        assert await portal.delete_object("product", id)
        assert not await portal.delete_object("product", id)


# ── what was set up ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_choices_and_connectors_are_read(connect: Connect) -> None:
    async with connect() as portal:
        found = await portal.choices(["product_status", "no_such_list"])
        feeds = {one.name: one for one in await portal.connectors()}
    assert list(found) == ["product_status"]
    assert found["product_status"]["in_review"] == "In review"
    assert feeds["webshop_product"].conditions == ("publish_webshop = TRUE",)
    assert (feeds["all_file"].module, feeds["all_file"].conditions) == ("file", ())


def test_the_list_of_connectors_may_come_in_three_forms() -> None:
    assert named([{"connector_name": "a"}, {"name": "b"}]) == named(["a", "b"]) == named({"a": {}, "b": {}})
    with pytest.raises(ContractBroken):
        named("a")


async def test_a_folder_path_is_made_once_and_a_folder_renamed(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        made = await portal.ensure_folder(["Partners", "Agencies", "2026"])
        again = await portal.ensure_folder(["Partners", "Agencies", "2026"])
        beside = await portal.ensure_folder(["2027"], below=await portal.ensure_folder(["Partners", "Agencies"]))
        await portal.rename_folder(made, "2026, closed")
        with pytest.raises(NotFound):
            await portal.rename_folder("no-such-id", "x")
    assert made == again != beside
    assert await tenant.value(FOLDERS, made, "path") == "Partners/Agencies/2026, closed"


async def test_a_lost_answer_makes_no_second_folder(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        await tenant.fault({"match": "PATCH */folder/objects", "kind": "cut", "times": 1})
        made = await portal.ensure_folder(["Partners"])
        assert await portal.ensure_folder(["Partners"]) == made


def test_each_operation_says_what_it_does_and_what_a_repeat_costs() -> None:
    told = capabilities(FourAllPortal)
    assert {told[name].effect for name in ("history", "shown", "publications", "values", "variants")} == {"read"}
    assert (told["publish"].effect, told["unpublish"].effect) == ("upsert", "withdraw")
    assert (told["ensure_folder"].idempotent, told["set_link"].idempotent) == ("look-up", "look-up")
