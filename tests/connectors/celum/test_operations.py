"""Operations beyond the engine's contract, over HTTP: what each does at CELUM, and that a repeat does it once."""

import zipfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from lockgate.connectors.celum.connector import Celum
from lockgate.kit.conformance.bench import source
from lockgate.kit.contract import FileStream, capabilities
from lockgate.kit.errors import Conflict, NotFound, Rejected, Transient

Studio = Callable[..., AbstractAsyncContextManager[Celum]]
UPLOADS = "4700"
PROVIDER = "lockgate"


async def read(stream: FileStream) -> bytes:
    return b"".join([chunk async for chunk in stream.chunks])


async def pictures(tenant: Any, number: int) -> list[str]:
    """Assets that renditions can be made of."""
    found = [one for one in await tenant.assets() if one["currentVersion"]["fileCategory"] == "IMAGE"]
    return [str(one["id"]) for one in found[:number]]


# ── collections ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_collection_is_made_once_however_often_it_is_asked_for(studio: Studio) -> None:
    async with studio() as dam:
        made = await dam.create_collection({"en": "Spring", "de": "Frühling"}, UPLOADS)
        again = await dam.create_collection({"en": "Spring"}, UPLOADS)
        below = [one.id for one in await dam.collections(UPLOADS)]
    assert (again.id, made.names) == (made.id, {"en": "Spring", "de": "Frühling"})
    assert below.count(made.id) == 1


async def test_a_lost_answer_makes_no_second_collection(tenant: Any, studio: Studio) -> None:
    async with studio() as dam:
        await tenant.fault(match="POST */collections", kind="cut", times=1)
        made = await dam.create_collection({"en": "Autumn"}, UPLOADS)
        named = [one for one in await dam.collections(UPLOADS) if one.names == {"en": "Autumn"}]
    assert [one.id for one in named] == [made.id]


async def test_a_path_is_built_level_by_level_and_found_again(studio: Studio) -> None:
    async with studio() as dam:
        end = await dam.ensure_path(["2026", "Spring", "Shop"], UPLOADS)
        again = await dam.ensure_path(["2026", "Spring", "Shop"], UPLOADS)
        deep = await dam.collection(end.id)
    assert end.id == again.id
    assert deep.path[-2:] == ("2026", "Spring")
    assert deep.permissions["upload"] is True


async def test_a_renamed_collection_keeps_its_names_in_other_languages(studio: Studio) -> None:
    async with studio() as dam:
        made = await dam.create_collection({"en": "Sale", "de": "Ausverkauf"}, UPLOADS)
        renamed = await dam.rename_collection(made.id, {"en": "Clearance"})
    assert renamed.names == {"en": "Clearance", "de": "Ausverkauf"}


async def test_a_moved_collection_takes_what_is_below_it_along(studio: Studio) -> None:
    async with studio() as dam:
        one, other = [await dam.create_collection({"en": name}, UPLOADS) for name in ("One", "Other")]
        inner = await dam.create_collection({"en": "Inner"}, one.id)
        moved = await dam.move_collection(one.id, other.id)
        root = await dam.move_collection(one.id, None)
        below = await dam.collection(inner.id)
    assert (moved.parent, root.parent) == (other.id, None)
    assert below.path == ("One",)


async def test_a_root_is_made_of_a_type_and_never_of_both(studio: Studio) -> None:
    async with studio() as dam:
        types = {one.name: one for one in await dam.configured("collection-types")}
        root = await dam.create_collection({"en": "Catalogue"}, type=types["folders"].id)
        with pytest.raises(Rejected, match="one of both"):
            await dam.create_collection({"en": "Catalogue"}, UPLOADS, types["folders"].id)
    assert (root.parent, root.type) == (None, types["folders"].id)
    assert types["folders"].traits["permissionDefining"]


async def test_a_validation_level_is_set_and_given_back_to_what_is_above(studio: Studio) -> None:
    async with studio() as dam:
        made = await dam.create_collection({"en": "Loose"}, UPLOADS)
        own = await dam.set_validation(made.id, "TOLERANT")
        inherited = await dam.set_validation(made.id, None)
    assert (own.validation, own.inherited, inherited.inherited) == ("TOLERANT", False, True)


async def test_only_an_empty_collection_is_deleted(studio: Studio) -> None:
    async with studio() as dam:
        made = await dam.create_collection({"en": "Gone soon"}, UPLOADS)
        assert await dam.delete_collection(made.id)
        assert not await dam.delete_collection(made.id)
        with pytest.raises(Rejected, match="not empty"):
            await dam.delete_collection(UPLOADS)


# ── relations and usage ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_relation_with_metadata_is_made_once_and_described_anew(tenant: Any, studio: Studio) -> None:
    master, variant = await pictures(tenant, 2)
    async with studio() as dam:
        made = await dam.relate(master, variant, "variant", {"view": "front"})
        again = await dam.relate(master, variant, "Variant", {"view": "back"})
        described = await dam.describe_relation(made.id, {"view": None})
        (seen,) = await dam.relations(variant, "variant", "in")
        none = await dam.relations(variant, "variant", "out")
    assert (made.fields, again.fields, described.fields) == ({"view": "front"}, {"view": "back"}, {})
    assert (seen.id, again.id, seen.source, seen.target, none) == (made.id, made.id, master, variant, [])


async def test_a_lost_answer_makes_no_second_relation(tenant: Any, studio: Studio) -> None:
    master, variant = await pictures(tenant, 2)
    async with studio() as dam:
        await tenant.fault(match="POST */relations", kind="cut", times=1)
        made = await dam.relate(master, variant, "variant")
        assert [one.id for one in await dam.relations(master)] == [made.id]
        assert await dam.unrelate(made.id)
        assert not await dam.unrelate(made.id)


async def test_an_unknown_type_or_field_of_relations_is_named(tenant: Any, studio: Studio) -> None:
    master, variant = await pictures(tenant, 2)
    async with studio() as dam:
        with pytest.raises(Rejected, match="it has variant"):
            await dam.relate(master, variant, "sequel")
        with pytest.raises(Rejected, match="no field 'angle'"):
            await dam.relate(master, variant, "variant", {"angle": "front"})


async def test_where_an_asset_is_live_is_said_once_and_taken_back_alone(tenant: Any, studio: Studio) -> None:
    (asset,) = await pictures(tenant, 1)
    theirs = {"url": "https://shop.example/p/1", "providerKey": "web-cms", "descriptionKey": "used"}
    await tenant.call("PATCH", f"assets/{asset}", {"externalReferences": {"op": "MODIFY", "add": [theirs]}})
    async with studio() as dam:
        for _ in range(2):
            said = await dam.mark_used(asset, "https://shop.example/p/1", PROVIDER, instance="de")
        both = await dam.usages(asset)
        assert await dam.unmark_used(asset, "https://shop.example/p/1", PROVIDER, "de")
        assert not await dam.unmark_used(asset, "https://shop.example/p/1", PROVIDER, "de")
        (left,) = await dam.usages(asset)
    assert {(one.provider, one.instance) for one in both} == {("web-cms", ""), (PROVIDER, "de")}
    assert said.id in {one.id for one in both}
    assert left.provider == "web-cms"


async def test_a_usage_whose_answer_was_lost_is_not_said_twice(tenant: Any, studio: Studio) -> None:
    (asset,) = await pictures(tenant, 1)
    async with studio() as dam:
        await tenant.fault(match=f"PATCH */assets/{asset}", kind="cut", times=1)
        with pytest.raises(Transient):
            await dam.mark_used(asset, "https://shop.example/p/2", PROVIDER)
        await dam.mark_used(asset, "https://shop.example/p/2", PROVIDER)
        assert len(await dam.usages(asset)) == 1


# ── versions, locks, states ──────────────────────────────────────────────────────────────────────────────────────────


async def test_versions_are_added_gone_back_to_and_deleted(tenant: Any, studio: Studio) -> None:
    asset = str((await tenant.create("versioned", b"the first"))["id"])
    async with studio() as dam:
        added = await dam.add_version(asset, source(b"the second", filename="second.txt"))
        newest, first = await dam.versions(asset)
        back = await dam.activate_version(asset, first.id)
        with pytest.raises(Rejected, match="active"):
            await dam.delete_version(asset, first.id)
        assert await dam.delete_version(asset, newest.id)
        (left,) = await dam.versions(asset)
    assert (added.id, newest.current, first.current) == (newest.id, True, False)
    assert (back.id, left.id, left.length) == (first.id, first.id, len(b"the first"))


async def test_a_version_whose_answer_was_lost_is_not_added_twice(tenant: Any, studio: Studio) -> None:
    asset = str((await tenant.create("versioned", b"the first"))["id"])
    async with studio() as dam:
        await tenant.fault(match="POST */versions", kind="cut", times=1)
        added = await dam.add_version(asset, source(b"the second", filename="second.txt"))
        newest, first = await dam.versions(asset)
    assert newest.id == added.id != first.id


async def test_our_own_lock_is_set_seen_and_taken_off(tenant: Any, studio: Studio) -> None:
    (asset,) = await pictures(tenant, 1)
    async with studio() as dam:
        lock = await dam.lock(asset, "in retouching")
        seen = await dam.locked(asset)
        await dam.unlock(asset)
        assert await dam.locked(asset) is None
    assert seen == lock
    assert (lock.comment, lock.temporary) == ("in retouching", False)


async def test_somebody_elses_lock_is_tried_again_and_says_who_holds_it(tenant: Any, studio: Studio) -> None:
    (asset,) = await pictures(tenant, 1)
    async with studio(act_as="admin") as admin, studio() as dam:
        await admin.lock(asset, "by hand")
        with pytest.raises(Transient, match=r"locked in CELUM by user 1 \(by hand\)") as refused:
            await dam.mark_used(asset, "https://shop.example/p/3", PROVIDER)
        with pytest.raises(Transient):
            await dam.add_version(asset, source(b"another"))
    assert refused.value.code == "asset.locked"


async def test_a_right_missing_at_an_asset_is_named(tenant: Any, studio: Studio) -> None:
    (asset,) = await pictures(tenant, 1)
    async with studio() as dam:
        await tenant.control("PUT", "options", {"denied": "editAvailability,addVersion,manageVersions"})
        with pytest.raises(Rejected, match="lacks editAvailability, manageVersions, addVersion at asset"):
            await dam.set_availability(asset, available=False)
        may = await dam.permissions(asset)
    assert (may["editMetadata"], may["addVersion"]) == (True, False)


async def test_availability_is_a_window_or_on_or_off(tenant: Any, studio: Studio) -> None:
    (asset,) = await pictures(tenant, 1)
    async with studio() as dam:
        await dam.set_availability(asset, end=datetime(2027, 1, 1, tzinfo=UTC))
        dated = (await tenant.call("GET", f"assets/{asset}"))["availability"]
        await dam.set_availability(asset, available=False)
        off = (await tenant.call("GET", f"assets/{asset}"))["availability"]
    assert dated == {"type": "DATED", "to": "2027-01-01T00:00:00.000Z"}
    assert off == {"type": "DIRECT", "available": False}


async def test_validation_says_what_is_missing(tenant: Any, studio: Studio) -> None:
    bare = str((await tenant.create("bare"))["id"])
    async with studio() as dam:
        assert await dam.validation([bare, "999999999"]) == {bare: ("asset type",)}
        await dam.set_type(bare, "2200")
        assert await dam.validation([bare]) == {bare: ()}


# ── metadata ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_metadata_of_somebody_elses_asset_is_amended_where_it_differs(tenant: Any, studio: Studio) -> None:
    (asset,) = await pictures(tenant, 1)
    async with studio() as dam:
        (before,) = await dam.fetch("asset", [asset])
        written = {"title": "Hero", "keywords.subject": ["alpine", "new"], "texts.caption": {"de": "Held"}}
        receipt = await dam.amend(asset, written, seen=before.revision)
        (after,) = await dam.fetch("asset", [asset])
        await tenant.control("DELETE", "calls")
        await dam.amend(asset, written)
        log = await tenant.control("GET", "calls")
        with pytest.raises(Conflict):
            await dam.amend(asset, {"title": "Late"}, seen=before.revision)
    assert after.revision == receipt.revision
    assert set(after.keywords["subject"]) == {"alpine", "new"}
    assert (after.title, after.texts["caption"]) == ({"und": "Hero"}, {"de": "Held"})
    assert not [one for one in log if one["method"] == "PATCH"]


async def test_a_tag_is_made_once_and_a_keyword_never(studio: Studio) -> None:
    async with studio() as dam:
        made = await dam.make_tag("tags", "Alpine")
        assert await dam.make_tag("tags", "alpine") == made
        assert (await dam.words("tags"))[made] == ("Alpine",)
        with pytest.raises(Rejected, match="add it in CELUM"):
            await dam.make_tag("regions", "Atlantis")


async def test_an_asset_is_put_into_collections_and_taken_out(tenant: Any, studio: Studio) -> None:
    asset = str((await tenant.create("wanderer", parentId=int(UPLOADS)))["id"])
    async with studio() as dam:
        other = await dam.create_collection({"en": "Elsewhere"}, UPLOADS)
        assert await dam.place(asset, into=[other.id]) == (UPLOADS, other.id)
        assert await dam.place(asset, out_of=[UPLOADS]) == (other.id,)
        with pytest.raises(Rejected, match="needs a parent"):
            await dam.place(asset, out_of=[other.id])


async def test_a_brief_is_a_placeholder_that_is_amended_and_then_filled(studio: Studio) -> None:
    async with studio() as dam:
        brief = await dam.create_placeholder("brief:1", "Hero shot", {"ids.sku": "LARCH-1"})
        again = await dam.create_placeholder("brief:1", "Hero shot, wide", {"ids.sku": "LARCH-2"})
        (item,) = await dam.fetch("asset", [brief.ref])
        await dam.add_version(brief.ref, source(b"the picture", filename="hero.png"))
        (filled,) = await dam.fetch("asset", [brief.ref])
    assert (brief.created, again.created, again.ref) == (True, False, brief.ref)
    assert (item.title, item.identifiers["sku"], item.renditions) == ({"und": "Hero shot, wide"}, ("LARCH-2",), ())
    assert "file" in item.missing
    assert filled.rendition("original") is not None


async def test_a_picture_stands_in_for_the_preview(tenant: Any, studio: Studio) -> None:
    asset = str((await tenant.create("plan", b"text without a picture"))["id"])
    async with studio() as dam:
        await dam.set_preview(asset, source(b"a picture", filename="stand-in.png"))
    uploads = [one for one in await tenant.control("GET", "calls") if one["path"].endswith(f"/assets/{asset}")]
    assert [one["status"] for one in uploads if one["method"] == "PATCH"] == [200]


async def test_full_text_finds_names_and_fields(tenant: Any, studio: Studio) -> None:
    asset = str((await tenant.create("quince marmalade", parentId=int(UPLOADS)))["id"])
    async with studio() as dam:
        assert await dam.full_text("quince marm") == [asset]
        assert await dam.full_text("marm qui", how="terms", collection=UPLOADS) == [asset]
        assert await dam.full_text("no such words") == []


# ── downloads ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_job_converts_what_it_can_and_says_what_it_could_not(tenant: Any, studio: Studio) -> None:
    one, other = await pictures(tenant, 2)
    text = str((await tenant.create("notes", b"no picture"))["id"])
    async with studio() as dam:
        async with dam.convert([(one, "jpg_1024"), (other, "thumb"), (text, "jpg_1024")]) as made:
            content = await read(made.file)
        async with dam.convert([(one, "jpg_1024")]) as single:
            assert single.failed == ()
            assert single.file.filename.endswith(".jpg")
            assert (await read(single.file))[:2] == b"\xff\xd8"
    assert made.failed == ((text, "jpg_1024"),)
    assert len(zipfile.ZipFile(BytesIO(content)).namelist()) == 2


async def test_a_job_that_converts_nothing_or_takes_too_long_says_so(tenant: Any, studio: Studio) -> None:
    text = str((await tenant.create("notes", b"no picture"))["id"])
    async with studio() as dam:
        with pytest.raises(Rejected, match="none of 1 renditions"):
            async with dam.convert([(text, "jpg_1024")]):
                pass
        with pytest.raises(Rejected, match="no download format 'poster'"):
            async with dam.convert([(text, "poster")]):
                pass
    async with studio(quirks={"job_seconds": 0.01, "job_poll_seconds": 5}) as hasty:
        with pytest.raises(Transient) as slow:
            async with hasty.convert([(text, "original")]):
                pass
    assert slow.value.code == "job.slow"


async def test_several_originals_come_as_one_archive(tenant: Any, studio: Studio) -> None:
    first, second = [str((await tenant.create(name, name.encode()))["id"]) for name in ("one", "two")]
    async with studio() as dam, dam.bundle([first, second], "original") as stream:
        archive = zipfile.ZipFile(BytesIO(await read(stream)))
    assert sorted(archive.read(name) for name in archive.namelist()) == [b"one", b"two"]


# ── configuration ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_was_set_up_is_read_by_kind_and_by_number(studio: Studio) -> None:
    async with studio() as dam:
        (image,) = await dam.configured("asset-types")
        whole = await dam.configured_one("asset-types", image.id)
        (relation,) = await dam.configured("relation-types")
        formats = {one.name: one.traits for one in await dam.configured("download-formats")}
        roles = [await dam.configured_one("roles", one.id) for one in await dam.configured("roles")]
        groups = await dam.configured("user-groups")
        assert await dam.configured("compound-types") == []
        with pytest.raises(NotFound):
            await dam.configured_one("asset-types", "99")
    assert (whole.id, whole.name, image.fields) == (image.id, image.name, ())
    assert {"sku", "external-id"} <= set(whole.fields)
    assert (relation.name, relation.fields, formats["original"]) == ("variant", ("view",), {"original": True})
    assert roles
    assert groups


async def test_people_are_found_by_name_and_by_number(studio: Studio) -> None:
    async with studio() as dam:
        (found,) = await dam.people("svc-connector")
        same = await dam.person(found.id)
        everybody = await dam.people()
        assert (await dam.client_configuration("default"))["id"] == "default"
    assert (same, found.name, found.active) == (found, "Service Connector", True)
    assert len(everybody) == 2


def test_each_operation_says_what_it_does_and_what_a_repeat_costs() -> None:
    told = capabilities(Celum)
    assert {told[name].effect for name in ("collections", "relations", "usages", "versions", "validation")} == {"read"}
    assert {told[name].idempotent for name in ("create_collection", "relate", "mark_used", "create_placeholder")} == {
        "look-up"
    }
