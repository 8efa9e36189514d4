"""Links, renditions, ranges, ZIPs, jobs, previews."""

import io
import zipfile
from typing import Any

from PIL import Image

from .installation import HERO, PLACEHOLDER, SECOND, THREE_VERSIONS, Celum


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size


async def test_the_original_comes_by_a_link_without_a_key(celum: Celum, picture: bytes) -> None:
    asset = await celum.create(uploadHandle=await celum.upload(picture, "pöster.jpg"))
    link = await celum.get(f"/assets/{asset['id']}/download?downloadFormatId=1")
    assert link["filename"] == "pöster.jpg"
    assert link["url"].startswith(f"{celum.url}/__files/download/")
    file = await celum.send("GET", link["url"])
    assert (file.status, file.body, file.headers["Content-Type"]) == (200, picture, "image/jpeg")
    assert "p%C3%B6ster.jpg" in file.headers["Content-Disposition"]
    part = await celum.send("GET", link["url"], headers={"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, picture[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(picture)}"


async def test_a_link_ends_after_an_hour_and_cannot_be_forged(celum: Celum) -> None:
    url = (await celum.get(f"/assets/{HERO}/download?downloadFormatId=1"))["url"]
    for wrong in (url[:-1], url + "x", url.replace("/d-", "/p-"), f"{celum.url}/__files/download/nonsense"):
        assert (await celum.send("GET", wrong)).status == 403
    preview = (await celum.asset(HERO))["currentVersion"]["previewUrls"]["THUMB"]
    assert (await celum.send("GET", preview.replace("/preview/", "/download/"))).status == 403
    assert (await celum.send("GET", url.replace("/download/", "/preview/"))).status == 403
    await celum.pass_time(hours=0.9)
    assert (await celum.send("GET", url)).status == 200
    await celum.pass_time(hours=0.2)
    late = await celum.send("GET", url)
    assert (late.status, late.body) == (403, {"code": "FORBIDDEN", "message": "The link has expired"})


async def test_renditions_are_real_pictures_of_the_promised_size(celum: Celum) -> None:
    sheet = (await celum.found({"type": "ASSET_FILE_EXTENSION", "values": ["pdf"]}))[0]
    for id, format, size in (
        (HERO, 8, (1024, 768)),
        (HERO, 9, (256, 192)),
        (SECOND, 8, (480, 640)),
        (sheet, 9, (181, 256)),
    ):
        link = await celum.get(f"/assets/{id}/download?downloadFormatId={format}")
        file = await celum.send("GET", link["url"])
        assert (size_of(file.body), file.headers["Content-Type"]) == (size, "image/jpeg")
    assert link["filename"] == f"sheet-{sheet}_9.jpg"
    pdf = await celum.get(f"/assets/{sheet}/download?downloadFormatId=5")
    assert (await celum.send("GET", pdf["url"])).body.startswith(b"%PDF")


async def test_formats_an_asset_does_not_have_are_forbidden(celum: Celum) -> None:
    text = (await celum.found({"type": "ASSET_FILE_EXTENSION", "values": ["txt"]}))[0]
    broken = await celum.create(uploadHandle=await celum.upload(b"no picture", "broken.jpg"))
    for id, format in ((PLACEHOLDER, 1), (HERO, 5), (text, 8), (HERO, 99), (broken["id"], 8)):
        refused = await celum.call("GET", f"/assets/{id}/download?downloadFormatId={format}")
        assert (refused.status, refused.body["code"], "entity" in refused.body) == (403, "FORBIDDEN", False)
    assert (await celum.call("GET", f"/assets/{HERO}/download")).fault["argument"] == "downloadFormatId"
    formats = (await celum.get(f"/assets/{text}?inclusions=downloadFormats"))["downloadFormats"]
    assert [format["id"] for format in formats] == [1]


async def test_an_older_version_is_downloaded_by_its_number(celum: Celum) -> None:
    asset = await celum.create(uploadHandle=await celum.upload(b"first", "a.txt"))
    body = {"filename": "b.txt", "uploadHandle": await celum.upload(b"second", "b.txt")}
    await celum.good("POST", f"/assets/{asset['id']}/versions", body)
    old = asset["currentVersion"]["id"]
    for query, filename, data in (("", "b.txt", b"second"), (f"&versionId={old}", "a.txt", b"first")):
        link = await celum.get(f"/assets/{asset['id']}/download?downloadFormatId=1{query}")
        assert (link["filename"], (await celum.send("GET", link["url"])).body) == (filename, data)


async def test_several_assets_come_as_a_zip_and_one_as_itself(celum: Celum) -> None:
    one = await celum.get(f"/assets/download?assetIds={HERO}&downloadFormatId=1")
    assert one["filename"] == f"packshot-{HERO}.jpg"
    several = await celum.get(f"/assets/download?assetIds={HERO},{SECOND}&assetIds={HERO}&downloadFormatId=9")
    assert several["filename"] == "assets.zip"
    for _ in range(2):
        file = await celum.send("GET", several["url"])
        assert file.headers["Content-Type"] == "application/zip"
        assert zipfile.ZipFile(io.BytesIO(file.body)).namelist() == [
            f"packshot-{HERO}_9.jpg",
            f"portrait-{SECOND}_9.jpg",
        ]
    assert (await celum.call("GET", "/assets/download?downloadFormatId=1")).fault["argument"] == "assetIds"
    assert (await celum.call("GET", "/assets/download?assetIds=9&downloadFormatId=1")).body["entity"] == "asset"


async def test_files_of_one_name_do_not_cover_each_other_in_a_zip(celum: Celum) -> None:
    made = [await celum.create(uploadHandle=await celum.upload(data, "same.txt")) for data in (b"one", b"two")]
    ids = ",".join(str(asset["id"]) for asset in made)
    link = await celum.get(f"/assets/download?assetIds={ids}&downloadFormatId=1")
    archive = zipfile.ZipFile(io.BytesIO((await celum.send("GET", link["url"])).body))
    assert {name: archive.read(name) for name in archive.namelist()} == {"same.txt": b"one", "same (2).txt": b"two"}


async def job(celum: Celum, *items: tuple[int, int]) -> list[Any]:
    """What the start and three polls of a job answer."""
    body = {"type": "DOWNLOAD", "items": [{"assetId": asset, "formatId": format} for asset, format in items]}
    started = await celum.call("POST", "/jobs", body)
    assert started.status == 201
    return [started.body, *[await celum.get(f"/jobs/{started.body['id']}") for _ in range(3)]]


async def test_a_job_is_in_progress_then_finished_for_good(celum: Celum) -> None:
    started, first, second, third = await job(celum, (HERO, 8), (SECOND, 8))
    assert started == first == {"id": "job-1", "status": "PROGRESS", "type": "DOWNLOAD"}
    assert (second["status"], second["failedItems"], second["download"]["filename"]) == ("FINISHED", [], "assets.zip")
    assert third["status"] == "FINISHED"
    archive = zipfile.ZipFile(io.BytesIO((await celum.send("GET", second["download"]["url"])).body))
    assert size_of(archive.read(f"packshot-{HERO}_8.jpg")) == (1024, 768)


async def test_a_job_tells_which_items_could_not_be_converted(celum: Celum) -> None:
    broken = (await celum.create(uploadHandle=await celum.upload(b"no picture", "broken.jpg")))["id"]
    *_, partly = await job(celum, (broken, 8), (HERO, 8), (HERO, 5))
    assert partly["failedItems"] == [{"assetId": broken, "formatId": 8}, {"assetId": HERO, "formatId": 5}]
    assert (partly["status"], partly["download"]["filename"]) == ("FINISHED", f"packshot-{HERO}_8.jpg")
    *_, never = await job(celum, (broken, 8))
    assert (never["status"], never["failedItems"], "download" in never) == (
        "FAILED",
        [{"assetId": broken, "formatId": 8}],
        False,
    )
    for body, argument in (
        ({"type": "UPLOAD", "items": []}, "type"),
        ({"type": "DOWNLOAD"}, "items"),
        ({"type": "DOWNLOAD", "items": [{"assetId": HERO}]}, "formatId"),
    ):
        assert (await celum.call("POST", "/jobs", body)).fault["argument"] == argument


async def test_previews_are_pictures_and_sounds_are_themselves(celum: Celum) -> None:
    urls = (await celum.asset(HERO))["currentVersion"]["previewUrls"]
    for kind, size in (("THUMB", (256, 192)), ("PREVIEW", (1024, 768)), ("LARGE", (1600, 1200))):
        assert size_of((await celum.send("GET", urls[kind])).body) == size
    jingle = (await celum.search({"type": "ASSET_FILE_EXTENSION", "values": ["wav"]}))["content"][0]
    sound = await celum.send("GET", jingle["currentVersion"]["previewUrls"]["AUDIO"])
    assert (sound.body[:4], len(sound.body)) == (b"RIFF", jingle["currentVersion"]["filesize"])
    await celum.pass_time(hours=25)
    assert (await celum.send("GET", urls["THUMB"])).status == 403


async def test_a_preview_of_a_broken_picture_is_missing(celum: Celum) -> None:
    asset = await celum.create(uploadHandle=await celum.upload(b"no picture", "broken.jpg"))
    token = celum.sandbox.tenant.links.seal("p", asset["currentVersion"]["id"], "THUMB")
    gone = await celum.send("GET", f"{celum.url}/__files/preview/{token}")
    assert (gone.status, gone.body["entity"]) == (403, "preview")
    await celum.good("DELETE", f"/assets/{THREE_VERSIONS}")
    deleted = celum.sandbox.tenant.links.seal("d", 5001, 1)
    assert (await celum.send("GET", f"{celum.url}/__files/download/{deleted}")).body["entity"] == "version"
