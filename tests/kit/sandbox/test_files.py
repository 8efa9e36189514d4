"""Files over HTTP: taken in as streams, answered with ranges."""

import hashlib
from collections.abc import AsyncIterator

import aiohttp

from .conftest import Served, Until

BYTES = bytes(range(256)) * 12_000  # three megabytes: several pieces


async def pieces() -> AsyncIterator[bytes]:
    for start in range(0, len(BYTES), 100_000):
        yield BYTES[start : start + 100_000]


async def upload(toy: Served) -> None:
    async with toy.http.put(f"{toy.url}/v1/notes/100/file", data=pieces()) as answer:
        assert answer.status == 200


async def test_a_body_is_saved_as_it_comes_with_its_digests(toy: Served) -> None:
    async with toy.http.put(f"{toy.url}/v1/notes/100/file", data=pieces()) as answer:
        assert await answer.json() == {
            "sha256": hashlib.sha256(BYTES).hexdigest(),
            "md5": hashlib.md5(BYTES, usedforsecurity=False).hexdigest(),
            "size": len(BYTES),
        }
    assert list(toy.sandbox.state.spool.iterdir()) == []


async def test_a_file_is_answered_whole_with_name_type_and_length(toy: Served) -> None:
    await upload(toy)
    async with toy.http.get(f"{toy.url}/v1/notes/100/file") as answer:
        assert await answer.read() == BYTES
        assert answer.content_disposition is not None
        assert answer.content_disposition.filename == "grüße.txt"
        assert answer.content_type == "text/plain"
        assert answer.content_length == len(BYTES)


async def test_a_part_of_a_file_is_answered_where_a_range_is_asked(toy: Served) -> None:
    await upload(toy)
    async with toy.http.get(f"{toy.url}/v1/notes/100/file", headers={"Range": "bytes=1000000-"}) as answer:
        assert (answer.status, await answer.read()) == (206, BYTES[1_000_000:])
    async with toy.http.get(f"{toy.url}/v1/notes/100/file", headers={"Range": "bytes=9000000-"}) as answer:
        assert answer.status == 416


async def test_head_tells_the_length_and_a_known_file_is_not_sent_again(toy: Served) -> None:
    await upload(toy)
    async with toy.http.head(f"{toy.url}/v1/notes/100/file") as head:
        assert (head.status, head.content_length) == (200, len(BYTES))
    async with toy.http.get(f"{toy.url}/v1/notes/100/file", headers={"If-None-Match": head.headers["ETag"]}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")


async def test_a_client_that_leaves_half_way_leaves_no_file_behind(toy: Served, until: Until) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield BYTES
        raise ConnectionAbortedError

    try:
        async with toy.http.put(f"{toy.url}/v1/notes/100/file", data=broken()):
            pass
    except (aiohttp.ClientError, ConnectionAbortedError):
        pass
    await until(lambda: len(toy.sandbox.calls) == 1)
    assert (await toy.call("GET", "/v1/notes/100"))[1] == {"id": 100, "text": "first"}
    assert list(toy.sandbox.state.spool.iterdir()) == []


async def test_the_parts_of_a_form_are_read_in_order_files_as_streams(toy: Served) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("object", '{"title":"grün"}', content_type="application/json")
    form.add_field("file", pieces(), filename="bericht ü.tif", content_type="image/tiff")
    form.add_field("empty", b"", filename="empty.txt")
    async with toy.http.post(f"{toy.url}/v1/forms", data=form) as answer:
        field, file, empty = await answer.json()
    assert (field["name"], field["filename"], field["text"], field["type"]) == (
        "object",
        None,
        '{"title":"grün"}',
        "application/json",
    )
    assert (file["name"], file["filename"], file["type"]) == ("file", "bericht ü.tif", "image/tiff")
    assert (file["size"], file["sha256"]) == (len(BYTES), hashlib.sha256(BYTES).hexdigest())
    assert (empty["filename"], empty["size"]) == ("empty.txt", 0)


async def test_a_file_name_in_plain_utf8_is_understood(toy: Served) -> None:
    body = '--B\r\nContent-Disposition: form-data; name="file"; filename="Maß.txt"\r\n\r\nabc\r\n--B--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=B"}
    async with toy.http.post(f"{toy.url}/v1/forms", data=body.encode(), headers=headers) as answer:
        assert [part["filename"] for part in await answer.json()] == ["Maß.txt"]


async def test_what_is_no_form_or_half_a_form_is_a_wrong_call(toy: Served) -> None:
    assert (await toy.call("POST", "/v1/forms", {"no": "form"}))[0] == 400
    for body in (b"--B\r\nContent-Disposition: form-data; name=x\r\n\r\nabc", b"nonsense"):
        headers = {"Content-Type": "multipart/form-data; boundary=B"}
        async with toy.http.post(f"{toy.url}/v1/forms", data=body, headers=headers) as answer:
            assert answer.status == 400
    assert list(toy.sandbox.state.spool.iterdir()) == []
