"""Binaries in and out."""

import hashlib
import io
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest
from PIL import Image

from .caller import COFFEE_MAKER, FILES, FOLDERS, PRODUCTS, Caller, form, value


def picture(kind: str, size: tuple[int, int] = (640, 480)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, kind)
    return target.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


async def test_an_upload_becomes_a_file_in_the_default_folder(portal: Caller) -> None:
    content, last = picture("TIFF"), await portal.last_event("all_file")
    said = {"title": [{"value": "Front", "dimensions": {"locale": "en_US"}}], "ext_id": [{"value": "dam-77"}]}
    answer = await portal.upload(content, "front.tif", "image/tiff", said)
    assert answer.status == 201
    (id,) = answer.json
    found = await portal.ok("GET", f"{FILES}/{id}")
    names = ("name", "parent_path", "mimetype", "file_size", "width", "height", "ext_id")
    assert [value(found, name) for name in names] == [
        *("front.tif", "Data/Uploads", "image/tiff"),
        *(len(content), 640, 480, "dam-77"),
    ]
    assert found["title"] == said["title"]
    assert await portal.news("all_file", last) == [(id, 2, 2)]


async def test_the_original_comes_back_as_it_was_sent(portal: Caller) -> None:
    content = picture("TIFF") + bytes(range(256)) * 5000
    id = await portal.uploaded(content, "front.tif", "image/tiff")
    for usage in ("Original", "original", "ORIGINAL"):
        answer = await portal("GET", f"{FILES}/{id}/media/{usage}")
        assert (answer.status, answer.body) == (200, content)
        assert answer.headers["Content-Type"] == "image/tiff"
        assert answer.headers["Content-Length"] == str(len(content))
        assert answer.headers["Content-Disposition"] == 'attachment; filename="front.tif"'
    changed = value(await portal.ok("GET", f"{FILES}/{id}"), "mod_time_img")
    assert (
        abs(
            parsedate_to_datetime(answer.headers["Last-Modified"]).timestamp()
            - datetime.fromisoformat(changed).timestamp()
        )
        < 1
    )


async def test_every_binary_that_was_put_in_is_told_also_of_deleted_objects(portal: Caller) -> None:
    first = await portal.uploaded(b"first", "front.txt", "text/plain")
    await portal.ok("PUT", f"{FILES}/{first}/media/original", data=form(b"second", "front.txt", "text/plain"))
    await portal.ok("DELETE", f"{FILES}/{first}")
    told = await portal.act("binaries")
    assert [(one["id"], one["sha256"], one["bytes"]) for one in told] == [
        (first, hashlib.sha256(b"first").hexdigest(), 5),
        (first, hashlib.sha256(b"second").hexdigest(), 6),
    ]
    assert await portal.act("binaries", after=told[0]["n"]) == told[1:]


@pytest.mark.parametrize(
    ("usage", "longest"), [("small", 256), ("medium", 512), ("large", 1024), ("Web", 1600), ("PRINT", 2000)]
)
async def test_renditions_are_real_pictures(portal: Caller, usage: str, longest: int) -> None:
    id = await portal.uploaded(picture("PNG", (2000, 1000)), "wide.view.png", "image/png")
    answer = await portal("GET", f"{FILES}/{id}/media/{usage}")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="wide.view.jpg"'
    assert opened(answer.body).size == (longest, longest // 2)


async def test_what_cannot_be_pictured_has_a_placeholder(portal: Caller) -> None:
    broken = await portal.uploaded(b"not a picture", "broken.jpg", "image/jpeg")
    sheet = await portal.uploaded(b"a;b", "sheet.csv", "text/csv")
    for id in (broken, sheet):
        answer = await portal("GET", f"{FILES}/{id}/media/small")
        assert opened(answer.body).format == "JPEG"
    assert "width" not in await portal.ok("GET", f"{FILES}/{broken}")


async def test_unknown_usages_and_objects_are_not_found(portal: Caller) -> None:
    id = await portal.uploaded(b"x", "x.bin", "application/octet-stream")
    for path in (
        f"{FILES}/{id}/media/WebAll",
        f"{FILES}/missing/media/original",
        "/api/modules/mam/objects/x/media/small",
    ):
        await portal.refused(404, "GET", path)


async def test_products_show_their_main_image_in_previews_only(portal: Caller) -> None:
    assert opened((await portal("GET", f"{PRODUCTS}/{COFFEE_MAKER}/media/medium")).body).size == (320, 240)
    await portal.refused(404, "GET", f"{PRODUCTS}/{COFFEE_MAKER}/media/original")
    bare = await portal.product("X-1")
    await portal.refused(404, "GET", f"{PRODUCTS}/{bare}/media/small")


async def test_with_the_switch_the_first_call_for_a_rendition_has_to_wait(portal: Caller) -> None:
    await portal.options(rendition_202=True)
    id = await portal.uploaded(picture("JPEG", (50, 40)), "late.jpg", "image/jpeg")
    first = await portal("GET", f"{FILES}/{id}/media/web")
    assert (first.status, first.body, first.headers["Retry-After"]) == (202, b"", "1")
    assert (await portal("GET", f"{FILES}/{id}/media/web")).status == 200
    assert (await portal("GET", f"{FILES}/{id}/media/original")).status == 200


async def test_a_name_that_is_taken_gets_a_number(portal: Caller) -> None:
    ids = [await portal.uploaded(b"x", "cover.tif", "image/tiff") for _ in range(3)]
    names = [value(await portal.ok("GET", f"{FILES}/{id}"), "name") for id in ids]
    assert names == ["cover.tif", "cover_1.tif", "cover_2.tif"]
    await portal.ok("DELETE", f"{FILES}/{ids[1]}")
    again = await portal.uploaded(b"x", "cover.tif", "image/tiff")
    assert value(await portal.ok("GET", f"{FILES}/{again}"), "name") == "cover_1.tif"


async def test_numbers_of_names_begin_anew_after_a_reset(portal: Caller) -> None:
    for _ in range(2):
        ids = [await portal.uploaded(b"x", "again.tif", "image/tiff") for _ in range(3)]
        names = [value(await portal.ok("GET", f"{FILES}/{id}"), "name") for id in ids]
        assert names == ["again.tif", "again_1.tif", "again_2.tif"]
        await portal.ok("POST", "/__sandbox/reset")


async def test_a_name_is_stripped_of_folders_and_may_be_chosen(portal: Caller) -> None:
    plain = await portal.uploaded(b"x", "C:\\pictures\\a.tif", "image/tiff")
    chosen = await portal.uploaded(b"x", "b.tif", "image/tiff", {"name": [{"value": "c.tif"}]})
    names = [value(await portal.ok("GET", f"{FILES}/{id}"), "name") for id in (plain, chosen)]
    assert names == ["a.tif", "c.tif"]


async def test_a_type_that_is_not_said_follows_from_the_name(portal: Caller) -> None:
    id = await portal.uploaded(b"%PDF-", "a.pdf", "application/octet-stream")
    assert value(await portal.ok("GET", f"{FILES}/{id}"), "mimetype") == "application/pdf"


async def test_uploads_go_to_permitted_folders_only(portal: Caller) -> None:
    folders = {value(one, "path"): one["id"] for one in (await portal.ok("GET", FOLDERS))["result"]}
    for path in ("Data", "Data/Archive"):
        answer = await portal.upload(b"x", "x.bin", "image/tiff", {"parent_id": [{"value": folders[path]}]})
        assert (answer.status, answer.json["message"]) == (403, f"Folder '{path}' is not an upload folder")
    answer = await portal.upload(b"x", "x.bin", "image/tiff", {"parent_id": [{"value": "nowhere"}]})
    assert (answer.status, answer.json["message"]) == (400, "Unknown folder 'nowhere'")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"id": "mine"}, 400),
        ({"width": [{"value": 5}]}, 400),
        ({"colour": [{"value": 5}]}, 400),
        ({"status": [{"value": "lost"}]}, 400),
        ({"name": [{"value": 5}]}, 400),
        ({"name": "x"}, 400),
        ({"parent_id": [{"value": ["x"]}]}, 400),
        ({"name": [{"value": "x" * 256}]}, 400),
        ({"ext_id": [{"value": "taken"}]}, 409),
    ],
)
async def test_an_upload_with_wrong_metadata_leaves_no_file(portal: Caller, sent: dict[str, Any], status: int) -> None:
    await portal.uploaded(b"x", "first.tif", "image/tiff", {"ext_id": [{"value": "taken"}]})
    answer = await portal.upload(b"y", "second.tif", "image/tiff", sent)
    assert answer.status == status, answer.body
    assert await portal.find("name LIKE 'second%'", module="file") == []


async def test_an_upload_needs_its_file_part(portal: Caller) -> None:
    parts = aiohttp.FormData()
    parts.add_field("object", "{}", content_type="application/json")
    parts.add_field("picture", b"x", filename="x.tif")
    assert "Part 'file'" in await portal.refused(400, "POST", FILES, data=parts)


async def test_an_object_part_that_is_no_object_is_refused(portal: Caller) -> None:
    for content in ("[]", "{", '"x"'):
        parts = form(b"x", "x.tif", "image/tiff")
        parts.add_field("object", content, content_type="application/json")
        assert "JSON object" in await portal.refused(400, "POST", FILES, data=parts)


async def test_uploads_of_another_kind_are_refused(portal: Caller) -> None:
    await portal.refused(415, "POST", FILES, json={})
    headers = {"Content-Type": "multipart/form-data; boundary=B"}
    await portal.refused(400, "POST", FILES, data=b"--B\r\nnothing that ends", headers=headers)


async def test_uploads_that_are_too_large_are_refused(portal: Caller) -> None:
    await portal.options(max_upload=1000)
    assert (await portal.upload(b"x" * 1001, "x.bin", "image/tiff")).status == 413
    assert (await portal.upload(b"x" * 1_000_000, "x.bin", "image/tiff")).status == 413
    assert (await portal.upload(b"x" * 1000, "x.bin", "image/tiff")).status == 201


async def test_files_are_not_created_by_writing_metadata(portal: Caller) -> None:
    assert "uploading" in await portal.refused(400, "PATCH", FILES, json=[{"name": [{"value": "x.tif"}]}])
    assert "uploading" in await portal.refused(400, "PATCH", FILES, json=[{"id": "mine"}])


async def test_a_binary_is_replaced_and_metadata_stay(portal: Caller) -> None:
    id = await portal.uploaded(picture("TIFF"), "front.tif", "image/tiff", {"ext_id": [{"value": "dam-77"}]})
    before, last = await portal.ok("GET", f"{FILES}/{id}"), await portal.last_event("all_file")
    new = picture("TIFF", (10, 20))
    assert await portal.ok("PUT", f"{FILES}/{id}/media/original", data=form(new, "scan.TIF", "image/tiff")) == [id]
    after = await portal.ok("GET", f"{FILES}/{id}")
    assert (value(after, "name"), value(after, "ext_id")) == ("front.tif", "dam-77")
    assert (value(after, "width"), value(after, "file_size")) == (10, len(new))
    assert value(after, "mod_time_img") > value(before, "mod_time_img")
    assert after["mod_time"] > before["mod_time"]
    assert (await portal("GET", f"{FILES}/{id}/media/original")).body == new
    assert await portal.news("all_file", last) == [(id, 2, 1)]


async def test_another_extension_replaces_the_old_one(portal: Caller) -> None:
    id = await portal.uploaded(picture("TIFF"), "front.tif", "image/tiff")
    await portal.ok("PUT", f"{FILES}/{id}/media/original", data=form(b"%PDF-", "x.pdf", "application/pdf"))
    found = await portal.ok("GET", f"{FILES}/{id}")
    assert (value(found, "name"), value(found, "mimetype")) == ("front.pdf", "application/pdf")
    assert "width" not in found


async def test_the_binary_of_an_unknown_file_cannot_be_replaced(portal: Caller) -> None:
    await portal.refused(404, "PUT", f"{FILES}/missing/media/original", data=form(b"x", "x.tif", "image/tiff"))


@pytest.mark.parametrize("path", ["/api/modules/product/objects", "/api/modules/folder/objects"])
async def test_only_files_are_uploaded(portal: Caller, path: str) -> None:
    await portal.refused(405, "POST", path, data=form(b"x", "x.tif", "image/tiff"))
