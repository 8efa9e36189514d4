"""What people do in CELUM's own user interface."""

from pathlib import Path

from .conftest import Until
from .installation import HERO, UNRELEASED, Celum, Receiver


async def test_drafts_are_released_and_taken_back(celum: Celum, receiver: Receiver, until: Until) -> None:
    await celum.control("PUT", "webhook", {"url": receiver.url})
    released = await celum.act("approve_draft")
    assert (released["id"], released["releaseStatus"]) == (UNRELEASED, "RELEASED")
    assert released["modification"]["userId"] == 1
    assert (await celum.act("unrelease", id=HERO))["releaseStatus"] == "UNRELEASED"
    assert (await celum.act("release", id=HERO))["releaseStatus"] == "RELEASED"
    await until(lambda: len(receiver.raw) == 5)
    assert receiver.types == ["ASSET_UPDATED", "ASSET_RELEASED", "ASSET_UPDATED", "ASSET_UPDATED", "ASSET_RELEASED"]
    assert [event["entity"]["id"] for event in receiver.events] == [UNRELEASED, UNRELEASED, HERO, HERO, HERO]
    none_left = await celum.send("POST", f"{celum.url}/__sandbox/actions/approve_draft", json={})
    assert (none_left.status, none_left.body) == (409, {"error": "No asset waits for its release."})


async def test_availability_is_opened_closed_and_dated(celum: Celum) -> None:
    dated = await celum.act("set_availability", **{"id": HERO, "from": "2026-01-01", "to": "2026-02-01T00:00:00Z"})
    window = {"type": "DATED", "from": "2026-01-01T00:00:00.000Z", "to": "2026-02-01T00:00:00.000Z"}
    assert dated["availability"] == window == (await celum.asset(HERO))["availability"]
    assert (await celum.act("set_availability", id=HERO))["availability"] == {"type": "DIRECT", "available": True}


async def test_rights_are_cleared_narrowed_and_withdrawn(celum: Celum) -> None:
    await celum.act("set_rights", id=HERO, cleared=False, regions=["DE", "Lucerne", "WORLD"])
    values = await celum.values(HERO)
    assert values[653] is False
    assert [region["name"]["en"] for region in values[660]] == ["Germany", "Lucerne", "WORLD"]
    germany = values[660][0]["id"]
    await celum.act("set_rights", id=HERO, cleared=None, regions=["germany"])
    values = await celum.values(HERO)
    assert 653 not in values
    assert [region["id"] for region in values[660]] == [germany]
    await celum.act("set_rights", id=HERO, regions=[])
    assert 660 not in await celum.values(HERO)
    await celum.act("set_field", id=HERO, field=644, value={"de": "Neu"})
    assert (await celum.values(HERO))[644] == {"en": "Hero shot", "de": "Neu"}


async def test_a_file_from_disk_becomes_the_new_version(celum: Celum, picture: bytes, tmp_path: Path) -> None:
    path = tmp_path / "retouched.jpg"
    path.write_bytes(picture)
    asset = await celum.act("upload_version", id=HERO, path=str(path))
    path.unlink()
    version = asset["currentVersion"]
    assert (version["filename"], version["filesize"], version["previewState"]) == (
        "retouched.jpg",
        len(picture),
        "PROCESSING",
    )
    link = await celum.get(f"/assets/{HERO}/download?downloadFormatId=1")
    assert (await celum.send("GET", link["url"])).body == picture
    assert (await celum.get(f"/assets/{HERO}/versions"))["totalElements"] == 2


async def test_an_asset_is_deleted(celum: Celum) -> None:
    assert (await celum.act("delete", id=HERO))["id"] == HERO
    assert (await celum.call("GET", f"/assets/{HERO}")).status == 403


async def test_what_cannot_be_done_is_said_in_a_sentence(celum: Celum) -> None:
    for action, arguments, sentence in (
        ("release", {"id": 9}, "Asset 9 is missing or not accessible."),
        ("delete", {"id": "x"}, "id must be the number of an asset, not 'x'."),
        ("upload_version", {"id": HERO, "path": "/nowhere/at.all"}, "There is no file /nowhere/at.all."),
        ("set_rights", {"id": HERO, "copyright": "x"}, "There is no field 707 here."),
        ("set_rights", {"id": HERO, "cleared": "yes"}, "Field 653 of type BOOLEAN takes true or false."),
        ("set_availability", {"id": HERO, "until": "x"}, "set_availability takes id, from and to, not until."),
    ):
        refused = await celum.send("POST", f"{celum.url}/__sandbox/actions/{action}", json=arguments)
        assert (refused.status, refused.body) == (409, {"error": sentence})
