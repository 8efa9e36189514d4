"""The three steps of an upload, new assets and new versions."""

import hashlib
from typing import Any

import aiohttp

from .conftest import Until
from .installation import CAMPAIGNS, HERO, THREE_VERSIONS, Celum

SKU = {"id": 643, "type": "TEXT", "value": "SKU-1"}


async def test_an_asset_is_made_of_an_upload(celum: Celum, picture: bytes, until: Until) -> None:
    reserved = await celum.good("POST", "/upload", {"filename": "hero.jpg", "filesize": len(picture)})
    assert reserved["url"] == f"{celum.url}/__files/upload/{reserved['handle']}"
    sent = await celum.send("POST", reserved["url"], data=picture, headers={"Content-Type": "application/octet-stream"})
    assert (sent.status, sent.body) == (200, b"")
    values = [SKU, {"id": 660, "type": "COLLECTION_REFERENCE", "value": [512]}]
    body = {"name": "Hero", "parentId": CAMPAIGNS, "typeId": 2200, "uploadHandle": reserved["handle"]}
    made = await celum.call("POST", "/assets", {**body, "informationFieldValues": values})
    assert made.status == 201
    asset = made.body
    assert (asset["name"], asset["typeId"], asset["releaseStatus"]) == ("Hero", 2200, "UNRELEASED")
    assert (asset["availability"], asset["parentIds"]) == ({"type": "DIRECT", "available": True}, [CAMPAIGNS])
    assert asset["validationStatus"] == {
        "assetTypeSet": True,
        "requiredFieldsValid": True,
        "permissionDefiningCollectionValid": True,
    }
    assert asset["creation"]["userId"] == 12
    version = asset["currentVersion"]
    assert (version["filename"], version["filesize"], version["fileExtension"]) == ("hero.jpg", len(picture), "jpg")
    assert (version["fileCategory"], version["previewState"]) == ("IMAGE", "PROCESSING")
    assert version["fileChecksum"] == hashlib.md5(picture, usedforsecurity=False).hexdigest()
    assert "previewUrls" not in version
    assert asset["id"] > HERO
    assert await celum.values(asset["id"]) == {
        643: "SKU-1",
        660: [{"id": 512, "name": {"en": "Lucerne", "de": "Luzern"}}],
    }
    await until(lambda: celum.sandbox.tenant.catalog.get(asset["id"]).version.state == "SUCCEEDED")
    version = (await celum.asset(asset["id"]))["currentVersion"]
    assert version["previewSize"] == {"width": 1024, "height": 683}
    assert set(version["previewUrls"]) == {"THUMB", "PREVIEW", "LARGE"}


async def test_bytes_come_by_put_and_as_a_form_too(celum: Celum) -> None:
    reserved = await celum.good("POST", "/upload", {"filename": "a.txt", "filesize": 5})
    key = {"X-API-KEY": "whatever", "Content-Type": "text/plain"}
    assert (await celum.send("PUT", reserved["url"], data=b"plain", headers=key)).status == 200
    form = aiohttp.FormData()
    form.add_field("note", "ignored")
    form.add_field("file", b"forms", filename="a.txt", content_type="text/plain")
    assert (await celum.send("POST", reserved["url"], data=form)).status == 200
    asset = await celum.create(uploadHandle=reserved["handle"], name=None)
    assert asset["name"] == "a.txt"
    link = await celum.get(f"/assets/{asset['id']}/download?downloadFormatId=1")
    assert (await celum.send("GET", link["url"])).body == b"forms"


async def test_a_form_without_a_file_is_refused(celum: Celum) -> None:
    reserved = await celum.good("POST", "/upload", {"filename": "a.txt", "filesize": 5})
    form = aiohttp.FormData()
    form.add_field("document", b"forms", filename="a.txt")
    for data, headers in ((form, {}), (b"plain", {"Content-Type": "multipart/form-data; boundary=x"})):
        refused = await celum.send("POST", reserved["url"], data=data, headers=headers)
        assert (refused.status, refused.body["code"]) == (400, "BAD_REQUEST")


async def test_another_length_than_announced_is_refused(celum: Celum) -> None:
    reserved = await celum.good("POST", "/upload", {"filename": "a.txt", "filesize": 5})
    refused = await celum.send("POST", reserved["url"], data=b"too long")
    assert (refused.status, refused.body["message"]) == (400, "5 bytes were announced, 8 have come")
    assert (await celum.send("POST", reserved["url"], data=b"right")).status == 200


async def test_a_handle_serves_once_and_for_a_day(celum: Celum) -> None:
    async def fault_of(handle: str) -> Any:
        refused = await celum.call("POST", "/assets", {"parentId": CAMPAIGNS, "uploadHandle": handle})
        return refused.status, refused.fault

    wrong = (400, {"type": "ARGUMENT", "argument": "uploadHandle"})
    used, kept = await celum.upload(b"one"), await celum.upload(b"two")
    empty = await celum.good("POST", "/upload", {"filename": "a.txt", "filesize": 5})
    assert (await celum.create(uploadHandle=used))["currentVersion"]["filesize"] == 3
    assert [await fault_of(handle) for handle in (used, empty["handle"], "nonsense")] == [wrong] * 3
    await celum.pass_time(hours=24)
    assert await fault_of(kept) == wrong
    late = await celum.send("POST", empty["url"], data=b"later")
    assert (late.status, late.body["code"]) == (400, "BAD_REQUEST")
    unknown = await celum.send("POST", f"{celum.url}/__files/upload/nonsense", data=b"x")
    assert (unknown.status, unknown.body["entity"]) == (403, "upload")


async def test_what_is_wrong_with_a_new_asset_is_said(celum: Celum) -> None:
    operation = {"id": 643, "type": "TEXT", "value": {"op": "SET", "value": "x"}}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"parentId": None}, "parentId"),
        ({"parentId": 500}, "parentId"),
        ({"name": None}, "name"),
        ({"name": 7}, "name"),
        ({"typeId": "x"}, "typeId"),
        ({"informationFieldValues": "x"}, "informationFieldValues"),
        ({"informationFieldValues": [{"type": "TEXT"}]}, "informationFieldValues"),
    ]
    base = {"name": "x", "parentId": CAMPAIGNS, "typeId": 2200}
    for members, argument in wrong:
        refused = await celum.call("POST", "/assets", base | members)
        assert (refused.status, refused.body["code"], refused.fault["argument"]) == (400, "VALIDATION_FAILED", argument)
    refused = await celum.call("POST", "/assets", base | {"informationFieldValues": [operation]})
    assert refused.fault == {"type": "INFORMATION_FIELD", "informationFieldId": 643}
    for members, entity in (({"parentId": 9}, "collection"), ({"typeId": 9}, "assetType")):
        missing = await celum.call("POST", "/assets", base | members)
        assert (missing.status, missing.body["entity"]) == (403, entity)


async def test_an_asset_without_a_file_is_a_placeholder(celum: Celum) -> None:
    asset = await celum.create(name="To be photographed")
    version = asset["currentVersion"]
    assert (version["fileCategory"], version["filename"], version["filesize"]) == (
        "PLACEHOLDER",
        "To be photographed",
        0,
    )
    assert (version["previewState"], "previewUrls" in version) == ("SUCCEEDED", False)
    assert (await celum.get(f"/assets/{asset['id']}?inclusions=downloadFormats"))["downloadFormats"] == []
    assert (await celum.call("GET", f"/assets/{asset['id']}/download?downloadFormatId=1")).status == 403


async def test_an_asset_without_a_type_has_no_fields(celum: Celum) -> None:
    asset = await celum.create(typeId=None)
    assert "typeId" not in asset
    assert (asset["validationStatus"]["assetTypeSet"], asset["informationFieldValueSets"]) == (False, [])
    body = {"name": "x", "parentId": CAMPAIGNS, "informationFieldValues": [SKU]}
    assert (await celum.call("POST", "/assets", body)).fault["informationFieldId"] == 643


async def test_a_new_version_is_active_and_the_old_ones_stay(celum: Celum, picture: bytes) -> None:
    asset = await celum.create(uploadHandle=await celum.upload(b"first", "first.txt"))
    first = asset["currentVersion"]["id"]
    body = {"filename": "second.jpg", "uploadHandle": await celum.upload(picture)}
    added = await celum.call("POST", f"/assets/{asset['id']}/versions", body)
    assert added.status == 201
    assert (added.body["active"], added.body["filename"], added.body["fileCategory"]) == (True, "second.jpg", "IMAGE")
    page = await celum.get(f"/assets/{asset['id']}/versions?page=1&size=20")
    assert (page["totalElements"], page["hasNext"]) == (2, False)
    assert [(version["id"], version["active"]) for version in page["content"]] == [
        (added.body["id"], True),
        (first, False),
    ]
    refused = await celum.call("DELETE", f"/assets/{asset['id']}/versions/{added.body['id']}")
    assert refused.body == {"code": "BAD_REQUEST", "message": f"Version {added.body['id']} is active"}
    back = await celum.good("PATCH", f"/assets/{asset['id']}", {"currentVersion": first})
    assert (back["currentVersion"]["id"], back["currentVersion"]["filename"]) == (first, "first.txt")
    assert (await celum.call("DELETE", f"/assets/{asset['id']}/versions/{added.body['id']}")).status == 204
    assert (await celum.get(f"/assets/{asset['id']}/versions"))["totalElements"] == 1


async def test_a_version_belongs_to_its_asset(celum: Celum) -> None:
    versions = await celum.get(f"/assets/{THREE_VERSIONS}/versions?size=2")
    assert (versions["totalElements"], versions["hasNext"], len(versions["content"])) == (3, True, 2)
    for method, path, body in (
        ("DELETE", f"/assets/{HERO}/versions/5001", None),
        ("PATCH", f"/assets/{HERO}", {"currentVersion": 5001}),
        ("GET", f"/assets/{HERO}/download?downloadFormatId=1&versionId=5001", None),
    ):
        refused = await celum.call(method, path, body)
        assert (refused.status, refused.body["entity"]) == (403, "version")
    incomplete = await celum.call("POST", f"/assets/{HERO}/versions", {"uploadHandle": "x"})
    assert incomplete.fault["argument"] == "filename"


async def test_kinds_of_files_go_by_extension_and_have_the_previews_of_their_kind(celum: Celum, until: Until) -> None:
    expected = {
        "clip.mp4": ("VIDEO", {"THUMB", "PREVIEW", "LARGE", "VIDEO"}),
        "song.MP3": ("AUDIO", {"AUDIO"}),
        "notes.md": ("TEXT", None),
        "chair.glb": ("MODEL3D", None),
        "README": ("UNKNOWN", None),
    }
    made = {name: await celum.create(uploadHandle=await celum.upload(b"data", name)) for name in expected}
    await celum.pass_time(seconds=1)
    await until(lambda: celum.sandbox.tenant.catalog.in_preparation() == [])
    for name, (category, previews) in expected.items():
        version = (await celum.asset(made[name]["id"]))["currentVersion"]
        assert version["fileCategory"] == category
        assert version["previewState"] == ("SUCCEEDED" if previews else "FAILED")
        assert version.get("previewUrls", {}).keys() == (previews or set())
