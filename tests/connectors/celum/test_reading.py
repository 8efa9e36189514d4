"""The connector reading a sandbox of 450 assets and more, over HTTP."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from lockgate.connectors.celum.connector import Celum
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.contract import capabilities
from lockgate.kit.errors import NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.profile import Match, Profile
from lockgate.model.item import Item, Rendition
from lockgate.model.lifecycle import Status

Connect = Callable[..., AbstractAsyncContextManager[Celum]]
NOW = datetime.now(UTC)


async def everything(dam: Celum, after: str | None = None) -> list[Any]:
    return [page async for page in dam.index("asset", after)]


async def one(dam: Celum, id: int | str) -> Item:
    (item,) = await dam.fetch("asset", [str(id)])
    return item


async def read(dam: Celum, item: Item | str, rendition: Rendition | None) -> bytes:
    assert rendition is not None
    async with dam.open(item if isinstance(item, str) else item.id, rendition) as stream:
        return b"".join([chunk async for chunk in stream.chunks])


async def test_check_tells_who_we_are_and_what_we_see(tenant: Any, connect: Connect) -> None:
    async with connect() as dam:
        info = await dam.check()
    assert (info.product, info.account) == ("CELUM Content", "svc-connector")
    assert info.version
    assert f"The account sees {len(await tenant.assets())} assets." in info.notes


async def test_a_refused_key_says_what_to_do(connect: Connect) -> None:
    async with connect(key="not-the-key") as dam:
        with pytest.raises(NeedsOperator, match="enter the key alone"):
            await dam.check()


async def test_a_user_with_a_password_will_do_instead_of_a_key(connect: Connect) -> None:
    async with connect(user="svc-connector", password="key-of-the-sandbox") as dam:
        assert (await dam.check()).account == "svc-connector"
    async with connect(user="svc-connector", password="not-the-password") as dam:
        with pytest.raises(NeedsOperator) as refused:
            await dam.check()
    assert "not-the-password" not in f"{refused.value} {refused.value.detail}"


async def test_a_user_nobody_knows_is_no_account_to_act_for(connect: Connect) -> None:
    async with connect(act_as="nobody") as dam:
        with pytest.raises(NeedsOperator, match="does not allow our account"):
            await dam.check()


async def test_a_known_user_may_be_acted_for(connect: Connect) -> None:
    async with connect(act_as="svc-connector") as dam:
        assert (await dam.check()).account == "svc-connector"


async def test_a_collection_that_is_not_there_is_found_at_set_up(connect: Connect) -> None:
    async with connect(collection=999_999) as dam:
        with pytest.raises(NeedsOperator, match="Collection 999999 is not there"):
            await dam.check()


async def test_the_index_has_every_asset_once_in_pages_of_200(tenant: Any, connect: Connect) -> None:
    ids = {str(asset["id"]) for asset in await tenant.assets()}
    async with connect() as dam:
        pages = await everything(dam)
    found = [ref.id for page in pages for ref in page.records]
    assert len(ids) >= 450
    assert len(found) == len(ids)
    assert set(found) == ids
    assert [len(page.records) for page in pages][:2] == [200, 200]
    assert pages[0].total == len(ids)


async def test_a_server_with_smaller_pages_than_asked_loses_nothing(tenant: Any, connect: Connect) -> None:
    async with connect(quirks=Quirks(page_size=1000, ids_per_search=1000)) as dam:
        found = [ref.id for page in await everything(dam) for ref in page.records]
        items = await dam.fetch("asset", found)
    assert len(found) == len(items) == len(await tenant.assets())


async def test_an_index_goes_on_after_its_cursor(connect: Connect) -> None:
    async with connect() as dam:
        pages = await everything(dam)
        rest = await everything(dam, pages[0].cursor)
    assert [page.records for page in rest] == [page.records for page in pages[1:]]


async def test_an_asset_deleted_in_the_middle_of_an_index_hides_no_other(tenant: Any, connect: Connect) -> None:
    ids = [str(asset["id"]) for asset in await tenant.assets()]
    seen: list[str] = []
    async with connect() as dam:
        async for page in dam.index("asset", None):
            seen += [ref.id for ref in page.records]
            if len(seen) == 200:
                await tenant.call("DELETE", f"assets/{ids[0]}")
    assert seen == ids


async def test_index_and_fetch_state_the_same_revision_for_every_asset(connect: Connect) -> None:
    async with connect() as dam:
        index = {ref.id: ref.revision for page in await everything(dam) for ref in page.records}
        items = await dam.fetch("asset", list(index))
    assert {item.id: item.revision for item in items} == index


async def test_assets_that_are_gone_or_never_were_are_left_out(tenant: Any, connect: Connect) -> None:
    made = await tenant.create("here")
    gone = await tenant.create("gone")
    await tenant.call("DELETE", f"assets/{gone['id']}")
    wanted = [str(made["id"]), str(made["id"]), str(gone["id"]), "999999999", "no-number", "-1", ""]
    async with connect() as dam:
        assert [item.id for item in await dam.fetch("asset", wanted)] == [str(made["id"])]
        assert await dam.fetch("asset", []) == []


async def test_a_collection_narrows_index_and_fetch_with_all_below_it(tenant: Any, connect: Connect) -> None:
    folder = await tenant.folder()
    child = await tenant.call("POST", "collections", {"name": {"en": "Only these"}, "parentId": folder}, expect=201)
    below = await tenant.call("POST", "collections", {"name": {"en": "Deeper"}, "parentId": child["id"]}, expect=201)
    inside = [await tenant.create("a", parentId=child["id"]), await tenant.create("b", parentId=below["id"])]
    outside = await tenant.create("c")
    wanted = [str(asset["id"]) for asset in inside]
    async with connect(collection=child["id"]) as dam:
        assert [ref.id for page in await everything(dam) for ref in page.records] == wanted
        assert [item.id for item in await dam.fetch("asset", [*wanted, str(outside["id"])])] == wanted
        assert any("2 assets below collection" in note for note in (await dam.check()).notes)


async def test_the_seed_has_every_state_an_asset_can_be_in(connect: Connect) -> None:
    async with connect() as dam:
        ids = [ref.id for page in await everything(dam) for ref in page.records]
        items = await dam.fetch("asset", ids)
    assert {Status.APPROVED, Status.DRAFT} <= {item.status for item in items}
    assert any(item.window.ended(NOW) for item in items), "an expired one"
    assert any(item.missing == ("file",) and not item.renditions for item in items), "a placeholder"
    assert any(len(item.relations) == 2 for item in items), "one in two collections"
    assert all(
        item.rights is None or not item.rights.permissions or item.rights.permissions[0].source for item in items
    )


async def test_a_window_closes_without_the_asset_changing(tenant: Any, connect: Connect) -> None:
    dated = {"type": "DATED", "from": "2026-01-01T00:00:00.000Z", "to": "2026-06-30T22:00:00.000Z"}
    asset = await tenant.create("season", b"winter")
    await tenant.call("PATCH", f"assets/{asset['id']}", {"availability": dated})
    async with connect() as dam:
        window = (await one(dam, asset["id"])).window
    assert window.holds(datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC))
    assert window.ended(datetime(2026, 6, 30, 22, tzinfo=UTC))


async def test_references_beyond_the_servers_limit_are_named(stingy_tenant: Any, connect: Connect) -> None:
    regions = await stingy_tenant.call("GET", "collections?parentId=500&page=1&size=200")
    chosen = regions["content"][:3]
    values = [{"id": 660, "type": "COLLECTION_REFERENCE", "value": [region["id"] for region in chosen]}]
    asset = await stingy_tenant.create("far", typeId=2200, informationFieldValues=values)
    by = Profile(matches={"asset": (Match(canonical="fields.regions", field="regions"),)})
    async with connect(site=stingy_tenant.url, by=by) as dam:
        item = await one(dam, asset["id"])
    async with connect(site=stingy_tenant.url, by=by, quirks=Quirks(reference_lookup=False)) as dam:
        unnamed = await one(dam, asset["id"])
    assert item.fields["regions"] == [region["name"]["en"] for region in chosen]
    assert unnamed.fields["regions"][1:] == [f"#{region['id']}" for region in chosen[1:]]


async def test_the_schema_is_the_tenants_own(connect: Connect) -> None:
    async with connect() as dam:
        schema = await dam.schema()
        again = await dam.schema()
    assert {"sku", "regions", "cleared", "shot-on"} <= {field.name for field in schema.kinds["asset"]}
    assert schema.digest == again.digest


async def test_a_new_version_is_a_new_file_and_the_old_one_can_still_be_opened(tenant: Any, connect: Connect) -> None:
    asset = await tenant.create("hero", b"the first bytes")
    async with connect() as dam:
        before = await one(dam, asset["id"])
        handle = await tenant.upload(b"the second, longer bytes", "hero_v2.txt")
        await tenant.call("POST", f"assets/{asset['id']}/versions", {"filename": "hero_v2.txt", "uploadHandle": handle})
        after = await one(dam, asset["id"])
        assert after.revision != before.revision
        old, new = before.rendition("original"), after.rendition("original")
        assert old is not None
        assert new is not None
        assert (old.version, old.filename, old.length) != (new.version, new.filename, new.length)
        assert await read(dam, after, new) == b"the second, longer bytes"
        assert await read(dam, after, old) == b"the first bytes"


async def test_all_versions_are_listed_however_small_the_pages(tenant: Any, connect: Connect) -> None:
    asset = await tenant.create("hero", b"1")
    for content in (b"2", b"3"):
        handle = await tenant.upload(content, "hero.txt")
        await tenant.call("POST", f"assets/{asset['id']}/versions", {"filename": "hero.txt", "uploadHandle": handle})
    async with connect(quirks=Quirks(page_size=2)) as dam:
        versions = await dam.client.versions(asset["id"])
    assert [version["active"] for version in versions] == [True, False, False]


async def test_asset_types_can_be_read(connect: Connect) -> None:
    async with connect() as dam:
        assert "product-image" in {one.name for one in await dam.configured("asset-types")}


async def test_the_digest_stated_is_that_of_the_bytes(tenant: Any, connect: Connect) -> None:
    asset = await tenant.create("hero", b"the first bytes")
    async with connect() as dam:
        original = (await one(dam, asset["id"])).rendition("original")
    assert original is not None
    assert original.digest == f"md5:{hashlib.md5(b'the first bytes', usedforsecurity=False).hexdigest()}"
    assert (original.length, original.media_type) == (15, "text/plain")


async def test_a_version_that_was_deleted_is_not_found(tenant: Any, connect: Connect) -> None:
    asset = await tenant.create("hero", b"the first bytes")
    async with connect() as dam:
        before = await one(dam, asset["id"])
        handle = await tenant.upload(b"other", "hero.txt")
        await tenant.call("POST", f"assets/{asset['id']}/versions", {"filename": "hero.txt", "uploadHandle": handle})
        old = before.rendition("original")
        assert old is not None
        await tenant.call("DELETE", f"assets/{asset['id']}/versions/{old.version}")
        with pytest.raises(NotFound):
            await read(dam, before, old)


async def test_an_asset_that_is_gone_cannot_be_opened(tenant: Any, connect: Connect) -> None:
    asset = await tenant.create("hero", b"the first bytes")
    async with connect() as dam:
        item = await one(dam, asset["id"])
        await tenant.call("DELETE", f"assets/{asset['id']}")
        with pytest.raises(NotFound, match="no such asset"):
            await read(dam, item, item.rendition("original"))
        with pytest.raises(NotFound):
            await read(dam, "../users", item.rendition("original"))


async def test_a_format_that_is_not_allowed_is_about_the_asset_and_not_the_account(
    tenant: Any, connect: Connect
) -> None:
    asset = await tenant.create("hero", b"the first bytes")
    async with connect() as dam:
        item = await one(dam, asset["id"])
        original = item.rendition("original")
        assert original is not None
        with pytest.raises(Rejected, match="may not download") as refused:
            await read(dam, item, msgspec.structs.replace(original, address="8"))
    assert refused.value.code == "download.forbidden"


async def test_a_refused_argument_is_named_in_the_sentence(connect: Connect) -> None:
    async with connect() as dam:
        await dam.schema()
        with pytest.raises(Rejected, match=r"information field sku \(643\)"):
            await dam.client.search(
                {"type": "ASSET_BOOLEAN_INFORMATION_FIELD", "informationFieldId": 643, "value": True}
            )


async def test_other_kinds_and_strange_cursors_are_refused_in_words(connect: Connect) -> None:
    async with connect() as dam:
        with pytest.raises(Rejected, match="no items of kind product"):
            await dam.fetch("product", ["1"])
        with pytest.raises(Rejected, match="cursor of a CELUM index"):
            await everything(dam, "page-2")
        with pytest.raises(Rejected, match="cursor of a CELUM connection"):
            _ = [page async for page in dam.changes("asset", "2026-01-01")]


async def test_a_short_overload_is_waited_out(tenant: Any, connect: Connect) -> None:
    await tenant.fault(match="POST /assets/search", kind="status", status=503, retry_after=0, times=2)
    async with connect() as dam:
        assert len(await everything(dam)) >= 3


async def test_a_lasting_overload_says_to_try_later(tenant: Any, connect: Connect) -> None:
    await tenant.fault(match="*", kind="status", status=503)
    async with connect() as dam:
        with pytest.raises(Transient):
            await dam.check()


async def test_a_download_that_breaks_off_is_taken_up_where_it_broke(tenant: Any, connect: Connect) -> None:
    content = bytes(range(256)) * 4096
    asset = await tenant.create("hero", content)
    async with connect() as dam:
        item = await one(dam, asset["id"])
        await tenant.fault(match="GET /__files/*", kind="cut", times=1)
        assert await read(dam, item, item.rendition("original")) == content


async def test_an_expired_download_address_is_asked_for_anew(tenant: Any, connect: Connect) -> None:
    asset = await tenant.create("hero", b"the first bytes")
    async with connect() as dam:
        item = await one(dam, asset["id"])
        await tenant.fault(match="GET /__files/*", kind="status", status=403, times=1)
        assert await read(dam, item, item.rendition("original")) == b"the first bytes"
        await tenant.fault(match="GET /__files/*", kind="status", status=410)
        with pytest.raises(Transient, match="no longer valid"):
            await read(dam, item, item.rendition("original"))


def test_it_is_a_source_and_a_target_with_all_operations_of_both() -> None:
    reading = {"check", "schema", "changes", "index", "fetch", "open", "receive"}
    writing = {"find", "held", "file_digest", "upsert", "link", "withdraw", "show"}
    assert reading | writing <= set(capabilities(Celum))
