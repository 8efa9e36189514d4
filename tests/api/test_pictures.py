"""Small pictures of items and of their copies, over HTTP: small, kept, never anything but a picture."""

import pytest
from tests.api.drawing import color_of, looked_at, picture, png, shown, size_of
from tests.api.place import Answer, Place
from tests.world import FLOW, until

from lockgate.app.pictures import PIXELS, Pictures

pytestmark = pytest.mark.asyncio(loop_scope="module")


def near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(found, wanted, strict=True))


async def test_an_item_is_shown_small_whatever_the_gates_say(watching: Place) -> None:
    key = await picture(watching, "red draft", png("red"), released=False)
    await looked_at(watching, key, "blocked")
    answer = await shown(watching, key)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/webp")
    assert max(size_of(answer)) <= PIXELS
    assert near(color_of(answer), (255, 0, 0))
    assert (await shown(watching, key, "copy/thumbnail")).status == 404


async def test_old_and_new_are_shown_side_by_side(watching: Place) -> None:
    key = await picture(watching, "changing", png("red"))
    await looked_at(watching, key, "written")
    await watching.world.celum.act("unrelease", id=int(key))
    await watching.world.celum.new_version(key, png("blue"), "changing.png")
    await looked_at(watching, key, "blocked")
    assert near(color_of(await shown(watching, key)), (0, 0, 255))
    assert near(color_of(await shown(watching, key, "copy/thumbnail")), (255, 0, 0))


async def test_a_picture_is_read_once_and_confirmed_by_its_tag(watching: Place) -> None:
    key = await picture(watching, "kept", png("teal"))
    await looked_at(watching, key, "written")
    first = await shown(watching, key)

    async def unasked() -> bool:
        """Whether it is shown without a call; the flow itself may make some meanwhile."""
        before = await watching.world.celum_calls()
        again = await shown(watching, key)
        return (again.raw, await watching.world.celum_calls()) == (first.raw, before)

    await until(unasked, within=30)
    same = await shown(watching, key, headers={"If-None-Match": first.headers["Etag"]})
    assert (same.status, same.raw) == (304, b"")
    assert first.headers["Cache-Control"].startswith("private")
    assert first.headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_a_file_that_only_says_it_is_a_picture_is_not_shown(watching: Place) -> None:
    key = await picture(watching, "not a picture", b"<html><script>alert(1)</script></html>")
    await looked_at(watching, key, "written")
    assert (await shown(watching, key)).status == 404


async def test_what_is_no_picture_or_is_not_there_has_none(watching: Place) -> None:
    assert (await shown(watching, watching.assets["packshot 1"])).status == 404
    assert (await shown(watching, "99999999")).status == 404
    answer = await watching.api.call("GET", "/api/v1/items/no-such-flow/1/thumbnail")
    assert answer.status == 404


async def test_pictures_not_asked_for_longest_make_room(watching: Place) -> None:
    keys = [await picture(watching, f"room {n}", png(color)) for n, color in enumerate(("red", "lime", "navy"))]
    for key in keys:
        await looked_at(watching, key, "written")
    one = len((await shown(watching, keys[0])).raw)
    pictures = Pictures(watching.app.settings.home / "few-pictures", kept=one * 2 + one // 2)
    files = [await pictures.of_item(watching.app, FLOW, key) for key in keys]
    assert [file.exists() for file in files] == [False, False, True]
    assert near(
        color_of(Answer(200, {}, (await pictures.of_item(watching.app, FLOW, keys[0])).read_bytes())), (255, 0, 0)
    )
