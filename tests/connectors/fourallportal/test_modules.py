"""Every module by its schema: kinds of a tenant's own, objects written by our key, relations, the older login."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from pydantic import ValidationError

from lockgate.connectors.fourallportal.connector import FourAllPortal, PortalSettings
from lockgate.kit.contract import Link, Receipt, Write
from lockgate.kit.errors import Conflict, ConnectorError, NeedsOperator, Rejected
from lockgate.kit.profile import Match, Profile, hints_for, propose

Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]
FILES, PRODUCTS, FOLDERS = (f"/api/modules/{name}/objects" for name in ("file", "product", "folder"))
FIELDS = {
    "ids.sku": "article_number",
    "title": "name",
    "images": "images",
    "parent": "parent_product",
    "status": "status",
}
PROFILE = Profile(
    matches={
        "product": tuple(Match(canonical=name, field=field) for name, field in FIELDS.items()),
        "folder": (Match(canonical="title", field="name"), Match(canonical="fields.parent", field="parent_id")),
    }
)


async def put(portal: FourAllPortal, key: str, **fields: Any) -> Receipt:
    (answer,) = await portal.upsert("product", [Write(key=key, fields=fields)])
    assert isinstance(answer, Receipt), answer
    return answer


# ── kinds ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_every_module_is_a_kind_with_its_schema(connect: Connect) -> None:
    async with connect() as portal:
        schema = await portal.schema()
        modules = {one.name: one for one in await portal.list_modules()}
    assert set(schema.kinds) == {"asset", "product", "folder"}
    assert {name: one.kind for name, one in modules.items()} == {
        "file": "asset", "product": "product", "folder": "folder"
    }  # fmt: skip
    assert {one.name for one in schema.kinds["folder"]} == {"name", "parent_id", "path", "upload_allowed"}


async def test_a_module_of_the_tenants_own_is_proposed_confirmed_and_read(tenant: Any, connect: Connect) -> None:
    """Nothing is known of it before: the profile comes from its schema alone."""
    async with connect(by=Profile()) as fresh:
        proposed = propose(await fresh.schema(), fresh.hints)
    known = {one.canonical: one.field for one in proposed["folder"]}
    assert (known["title"], known["fields.parent"]) == ("name", "parent_id")
    top = await tenant.set(FOLDERS, {"name": "Partners"})
    inner = await tenant.set(FOLDERS, {"name": "Agencies", "parent_id": top})
    async with connect(by=Profile(matches=proposed)) as portal:
        refs = {ref.id: ref.revision async for page in portal.index("folder", None) for ref in page.records}
        (item,) = await portal.fetch("folder", [inner])
    assert (item.kind, item.title, item.fields["parent"]) == ("folder", {"und": "Agencies"}, top)
    assert refs[inner] == item.revision
    assert [(one.type, one.kind, one.id) for one in item.relations] == [("fields.parent", "folder", top)]


def test_a_kind_with_hints_of_its_own_does_not_take_those_for_any() -> None:
    assert {hint.canonical for hint in hints_for("asset", FourAllPortal.hints)} >= {"usage_rights"}
    assert {hint.kind for hint in hints_for("brand", FourAllPortal.hints)} == {"brand"}
    assert "usage_rights" not in {hint.canonical for hint in hints_for("brand", FourAllPortal.hints)}


async def test_a_portal_that_does_not_list_its_modules_has_those_that_are_named(tenant: Any, connect: Connect) -> None:
    await tenant.fault({"match": "GET /api/modules", "kind": "status", "status": 404})
    async with connect(modules=["folder"], by=PROFILE) as portal:
        assert set((await portal.schema()).kinds) == {"asset", "product", "folder"}
    async with connect() as portal:
        with pytest.raises(Rejected, match="its kinds are asset, product"):
            await portal.fetch("folder", ["x"])


async def test_changes_of_a_module_without_a_feed_are_none_and_no_error(connect: Connect) -> None:
    async with connect() as portal:
        pages = [page async for page in portal.changes("folder", None)]
    assert [page.records for page in pages] == [[]]


# ── writing objects ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_product_is_made_once_under_our_key_and_updated(tenant: Any, connect: Connect) -> None:
    async with connect(by=PROFILE) as portal:
        made = await put(portal, "pim:1", **{"ids.sku": "LARCH-1", "title": {"en": "Larch"}})
        again = await put(portal, "pim:1", title={"en": "Larch, small"})
        held = (await portal.held("product", ["pim:1"]))["pim:1"]
        (item,) = await portal.fetch("product", [made.ref])
        assert dict(portal.as_held("product", {"title": {"en": "Larch, small"}})) == {"title": item.title}
    assert (made.created, again.created, again.ref, held.ref) == (True, False, made.ref, made.ref)
    assert (item.title, item.identifiers["sku"]) == ({"en": "Larch, small"}, ("LARCH-1",))
    assert await tenant.value(PRODUCTS, made.ref, "ext_id") == "pim:1"


@pytest.mark.parametrize("kind", ["cut", "reset", "wrong_length"])
async def test_a_lost_answer_makes_no_second_product(tenant: Any, connect: Connect, kind: str) -> None:
    before = (await tenant.call("GET", f"{PRODUCTS}?limit=1&totalCount=true"))["total_count"]
    async with connect(by=PROFILE) as portal:
        await tenant.fault({"match": "PATCH */product/objects", "kind": kind, "times": 1})
        for _ in range(2):
            (answer,) = await portal.upsert("product", [Write(key="pim:1", fields={"ids.sku": "LARCH-1"})])
        assert isinstance(answer, Receipt)
    assert (await tenant.call("GET", f"{PRODUCTS}?limit=1&totalCount=true"))["total_count"] == before + 1


async def test_a_module_without_a_field_for_our_key_is_not_written(connect: Connect) -> None:
    async with connect(by=PROFILE) as portal:
        with pytest.raises(NeedsOperator, match="no field 'ext_id' for our key"):
            await portal.upsert("folder", [Write(key="x", fields={"title": "Partners"})])


async def test_a_number_that_another_product_has_parks_ours(tenant: Any, connect: Connect) -> None:
    await tenant.product("LARCH-1")
    async with connect(by=PROFILE) as portal:
        (answer,) = await portal.upsert("product", [Write(key="pim:1", fields={"ids.sku": "LARCH-1"})])
    assert isinstance(answer, Rejected)
    assert answer.code == "value.taken"


async def test_a_key_that_is_taken_and_cannot_be_seen_is_tried_again(tenant: Any, connect: Connect) -> None:
    async with connect(by=PROFILE) as portal:
        await portal.held("product", ["pim:1"])
        await tenant.switch(read_delay=60)
        await put(portal, "pim:1", **{"ids.sku": "LARCH-1"})
        (answer,) = await portal.upsert("product", [Write(key="pim:1", fields={"ids.sku": "LARCH-2"})])
    assert isinstance(answer, Conflict)


async def test_our_product_is_hidden_shown_and_removed_and_nobody_elses(tenant: Any, connect: Connect) -> None:
    await tenant.switch(status_rule=False)
    theirs = await tenant.product("OAK-1")
    async with connect(by=PROFILE) as portal:
        ours = (await put(portal, "pim:1", **{"ids.sku": "LARCH-1", "status": "approved"})).ref
        await portal.withdraw("product", [ours], "hide")
        assert (await portal.held("product", ["pim:1"]))["pim:1"].hidden
        await portal.show("product", [ours])
        assert not (await portal.held("product", ["pim:1"]))["pim:1"].hidden
        removed, refused, gone = await portal.withdraw("product", [ours, theirs, "no-such-id"], "remove")
        assert await portal.held("product", ["pim:1"]) == {}
    assert isinstance(removed, Receipt)
    assert isinstance(gone, Receipt)
    assert isinstance(refused, Rejected)
    assert refused.code == "not_ours"


async def test_our_copy_of_a_file_is_removed_with_its_links(tenant: Any, connect: Connect) -> None:
    ours = await tenant.upload()
    await tenant.set(FILES, {"id": ours, "ext_id": "dam:1"})
    product = await tenant.product("LARCH-1", images=[ours])
    async with connect() as portal:
        (answer,) = await portal.withdraw("asset", [ours], "remove")
    assert isinstance(answer, Receipt)
    assert await tenant.images(product) == []


async def test_relations_say_what_a_product_leads_to(tenant: Any, connect: Connect) -> None:
    image = await tenant.upload()
    master = await tenant.product("LARCH")
    variant = await tenant.product("LARCH-1", images=[image], parent_product=master)
    async with connect(by=PROFILE) as portal:
        (item,) = await portal.fetch("product", [variant])
    assert {(one.type, one.kind, one.id) for one in item.relations} == {
        ("images", "asset", image), ("parent", "product", master)
    }  # fmt: skip


async def test_a_list_of_links_of_any_module_is_attached_to(tenant: Any, connect: Connect) -> None:
    """Products here lead to files; the list's own target is what is looked for when one is gone."""
    image = await tenant.upload()
    product = await tenant.product("LARCH-1")
    async with connect(by=PROFILE) as portal:
        there = Link(kind="product", id=product, field="images", ref=image)
        missing = Link(kind="product", id=product, field="images", ref="no-such-file")
        done, lost = await portal.link([there, missing])
    assert isinstance(done, Receipt)
    assert isinstance(lost, ConnectorError)
    assert await tenant.images(product) == [image]


# ── one channel, one locale ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_match_may_name_one_channel_which_is_read_and_written_alone(tenant: Any, connect: Connect) -> None:
    options = {"channel": "webshop"}
    shop = Match(canonical="title", field="name", options=options)
    by = Profile(matches={"product": (Match(canonical="ids.sku", field="article_number"), shop)})
    everywhere = [{"value": "Larch", "dimensions": {"locale": "en_US"}}]
    product = (await tenant.call("PATCH", PRODUCTS, [{"article_number": [{"value": "L"}], "name": everywhere}]))[0]
    await tenant.set(PRODUCTS, {"id": product, "ext_id": "pim:1"})
    async with connect(by=by) as portal:
        (before,) = await portal.fetch("product", [product])
        await put(portal, "pim:1", title={"en": "Larch from the shop"})
        (after,) = await portal.fetch("product", [product])
    async with connect(by=PROFILE) as portal:
        (plain,) = await portal.fetch("product", [product])
        values = {(one.channel, one.locale): one.value for one in await portal.values("product", product, "name")}
    assert (before.title, after.title) == ({"en": "Larch"}, {"en": "Larch from the shop"})
    assert plain.title == {"en": "Larch"}
    assert values == {(None, "en_US"): "Larch", ("webshop", "en_US"): "Larch from the shop"}


# ── the older login ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_older_login_is_made_when_it_is_needed_and_once_for_all(tenant: Any, connect: Connect) -> None:
    async with connect(key=None, user="demo", password="demo") as portal:
        assert (await portal.check()).product == "4ALLPORTAL"
        await portal.find("product", "sku", ["LARCH-1"])
    assert len(await tenant.calls("POST", "usermanagement/login")) == 1


async def test_a_wrong_password_needs_a_person_and_is_not_repeated(connect: Connect) -> None:
    async with connect(key=None, user="demo", password="not-the-password") as portal:
        with pytest.raises(NeedsOperator, match="does not accept user demo") as refused:
            await portal.check()
    assert "not-the-password" not in f"{refused.value.sentence} {refused.value.detail}"


@pytest.mark.parametrize("given", [{}, {"key": "k", "user": "u", "password": "p"}, {"user": "u"}, {"key": " "}])
def test_exactly_one_kind_of_credentials_is_wanted(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PortalSettings.model_validate({"site": "https://acme.example", **given})
