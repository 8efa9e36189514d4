"""Files from and to a vendor: resumed downloads, uploads that never look whole when they are not."""

import asyncio
import hashlib
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from aiohttp import BodyPartReader, web

from lockgate.kit.contract import FileSource, FileStream
from lockgate.kit.errors import ContractBroken, NeedsOperator, Rejected, Transient
from lockgate.kit.http import ApiKey, Part, RestClient
from lockgate.kit.services import Services
from lockgate.kit.transfer import CHUNK, file_source

BYTES = bytes(range(256)) * 8192
SHA = hashlib.sha256(BYTES).hexdigest()


def stored(content: bytes = BYTES, *, cuts: tuple[int, ...] = (), ranges: bool = True, tag: str | None = '"v1"') -> Any:
    """Serves a file; each of the first answers breaks off after so many bytes."""
    left = list(cuts)

    async def answer(request: web.Request) -> web.StreamResponse:
        start = 0
        if ranges and (wanted := request.headers.get("Range")) and request.headers.get("If-Range") in {None, tag}:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        headers = {"Content-Length": str(len(content) - start), "Content-Type": "image/png"}
        headers["Content-Disposition"] = "attachment; filename=\"x.png\"; filename*=UTF-8''..%2Fk%C3%A4se.png"
        if tag:
            headers["ETag"] = tag
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        response = web.StreamResponse(status=206 if start else 200, headers=headers)
        await response.prepare(request)
        end = start + left.pop(0) if left else len(content)
        await response.write(content[start:end])
        if end < len(content):
            assert request.transport is not None
            request.transport.close()
        return response

    return answer


async def whole(stream: FileStream) -> bytes:
    return b"".join([chunk async for chunk in stream.chunks])


async def test_a_file_comes_with_name_type_and_length(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(stored())
    async with RestClient(vendor.url, services) as client, client.stream("/file/1") as stream:
        assert (stream.filename, stream.media_type, stream.length) == ("käse.png", "image/png", len(BYTES))
        assert await whole(stream) == BYTES


async def test_a_broken_download_goes_on_from_the_byte_it_reached(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(stored(cuts=(700_000, 500_000)))
    async with RestClient(vendor.url, services) as client, client.stream("/file/1") as stream:
        assert await whole(stream) == BYTES
    ranges = [request.headers.get("Range") for request in vendor.seen]
    assert ranges == [None, "bytes=700000-", "bytes=1200000-"]


async def test_where_ranges_are_not_served_it_is_read_again_without_repeating_a_byte(
    vendor_of: Any, services: Services
) -> None:
    vendor = await vendor_of(stored(cuts=(700_000, 900_000), ranges=False, tag=None))
    async with RestClient(vendor.url, services) as client, client.stream("/file/1") as stream:
        assert await whole(stream) == BYTES
    assert len(vendor.seen) == 3


async def test_a_file_that_changed_meanwhile_is_not_pieced_together(vendor_of: Any, services: Services) -> None:
    old, new = stored(cuts=(700_000,)), stored(tag='"v2"')

    async def changing(request: web.Request) -> web.StreamResponse:
        answer: web.StreamResponse = await (old if len(vendor.seen) == 1 else new)(request)
        return answer

    vendor = await vendor_of(changing)
    async with RestClient(vendor.url, services) as client, client.stream("/file/1") as stream:
        with pytest.raises(Transient, match="changed while it was read"):
            await whole(stream)


async def test_a_download_that_keeps_breaking_is_given_up(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(stored(cuts=(1000,) * 50))
    async with RestClient(vendor.url, services) as client, client.stream("/file/1") as stream:
        with pytest.raises(Transient, match=f"at byte 3000 of {len(BYTES)}"):
            await whole(stream)
    assert len(vendor.seen) == services.patience.attempts


async def test_what_goes_wrong_with_the_reader_is_not_blamed_on_the_vendor(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(stored())
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(OSError, match="disk full"):
            await read_to_full_disk(client)


async def read_to_full_disk(client: RestClient) -> None:
    async with client.stream("/file/1") as stream:
        await anext(stream.chunks)
        raise OSError("disk full")


async def test_a_file_at_another_host_is_fetched_without_our_key(vendor_of: Any, services: Services) -> None:
    store, vendor = await vendor_of(stored()), await vendor_of(stored())
    async with RestClient(vendor.url, services, ApiKey("k-1234")) as client, client.stream(f"{store.url}/f") as stream:
        assert await whole(stream) == BYTES
    assert "X-API-KEY" not in store.seen[0].headers


def source(
    content: bytes = BYTES, *, expected: str | None = None, breaks_at: int | None = None, told: bool = True
) -> FileSource:
    """A file that may break off, and may not be told the length of."""
    length = len(content) if told else None

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(content), CHUNK):
            if breaks_at is not None and at >= breaks_at:
                raise Transient("the source broke off")
            yield content[at : at + CHUNK]

    @asynccontextmanager
    async def opened() -> AsyncIterator[FileStream]:
        yield FileStream(filename="käse.png", media_type="image/png", length=length, chunks=chunks())

    return file_source(opened, filename="käse.png", media_type="image/png", length=length, expected=expected)


class Taker:
    """Takes uploads and notes which came whole."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.bodies: list[bytes] = []
        self.started = 0
        self.headers: list[Any] = []

    async def __call__(self, request: web.Request) -> web.Response:
        self.started += 1
        self.headers.append(request.headers)
        body = await request.read()
        self.bodies.append(body)
        return web.json_response({"size": len(body)}, status=self.statuses.pop(0) if self.statuses else 201)


async def test_a_raw_upload_arrives_with_its_length_and_is_hashed_on_the_way(
    vendor_of: Any, services: Services
) -> None:
    taker = Taker()
    vendor = await vendor_of(taker)
    async with RestClient(vendor.url, services) as client:
        sent = await client.upload("POST", "/upload", source(expected=f"md5:{hashlib.md5(BYTES).hexdigest()}"))  # noqa: S324
        assert client.decode(sent.answer) == {"size": len(BYTES)}
    assert (sent.sha256, sent.bytes) == (SHA, len(BYTES))
    assert taker.bodies == [BYTES]
    assert taker.headers[0]["Content-Length"] == str(len(BYTES))
    assert taker.headers[0]["Content-Type"] == "image/png"


async def test_a_form_carries_its_parts_and_the_file(vendor_of: Any, services: Services) -> None:
    got: dict[str, Any] = {}

    async def take(request: web.Request) -> web.Response:
        got["length"] = request.headers.get("Content-Length")
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            got[str(part.name)] = (part.filename, part.headers.get("Content-Type"), await part.read())
        return web.Response(status=201)

    vendor = await vendor_of(take)
    about = Part(name="object", content=b'{"a":1}', media_type="application/json")
    async with RestClient(vendor.url, services) as client:
        await client.upload("POST", "/objects", source(), field="file", parts=[about])
    assert got["object"] == (None, "application/json", b'{"a":1}')
    assert got["file"] == ("käse.png", "image/png", BYTES)
    assert int(got["length"]) > len(BYTES)


@pytest.mark.parametrize("field", [None, "file"])
@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (source(breaks_at=CHUNK * 3), Transient),
        (source(expected="sha256:" + "0" * 64), ContractBroken),
        (source(BYTES[:1000], expected="md5:" + "0" * 32), ContractBroken),
        (source(b"", expected="md5:" + "0" * 32), ContractBroken),
        (source(breaks_at=CHUNK * 3, told=False), Transient),
        (source(expected="sha256:" + "0" * 64, told=False), ContractBroken),
    ],
    ids=[
        "breaks off",
        "other digest",
        "small other",
        "empty other",
        "unknown length breaks off",
        "unknown length other",
    ],
)
async def test_a_target_never_sees_the_whole_of_a_file_that_is_not_as_stated(
    vendor_of: Any, services: Services, broken: FileSource, error: type[Exception], field: str | None
) -> None:
    taker = Taker()
    vendor = await vendor_of(taker)
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(error):
            await client.upload("POST", "/upload", broken, field=field)
    assert taker.bodies == []


@pytest.mark.parametrize("field", [None, "file"])
async def test_a_file_of_unknown_length_arrives_whole(vendor_of: Any, services: Services, field: str | None) -> None:
    taker = Taker()
    vendor = await vendor_of(taker)
    async with RestClient(vendor.url, services) as client:
        sent = await client.upload("POST", "/upload", source(told=False), field=field)
    assert (sent.sha256, sent.bytes) == (SHA, len(BYTES))
    assert BYTES in taker.bodies[0]
    assert "Content-Length" not in taker.headers[0]


async def test_a_source_that_fails_at_once_costs_the_target_no_call(vendor_of: Any, services: Services) -> None:
    taker = Taker()
    vendor = await vendor_of(taker)
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(Transient, match="the source broke off"):
            await client.upload("PUT", "/upload", source(breaks_at=0))
    assert taker.started == 0


@pytest.mark.parametrize(("method", "bodies"), [("PUT", 2), ("POST", 1)])
async def test_an_upload_is_repeated_from_its_beginning_when_that_does_no_harm(
    vendor_of: Any, services: Services, method: str, bodies: int
) -> None:
    taker = Taker(503)
    vendor = await vendor_of(taker)
    async with RestClient(vendor.url, services) as client:
        try:
            await client.upload(method, "/upload", source())
        except Transient:
            assert method == "POST"
    assert taker.bodies == [BYTES] * bodies


async def test_a_refusal_before_the_end_is_told_as_such_and_the_client_goes_on(
    vendor_of: Any, services: Services
) -> None:
    async def full(request: web.Request) -> web.Response:
        if request.path == "/upload":
            await request.content.read(1000)
            return web.json_response({"message": "too large"}, status=413, headers={"Connection": "close"})
        return web.json_response({"ok": True})

    vendor = await vendor_of(full)
    async with RestClient(vendor.url, services) as client:
        with pytest.raises((Rejected, Transient)):
            await client.upload("POST", "/upload", source(BYTES * 8))
        assert await client.get_json("/next") == {"ok": True}


async def test_a_target_that_stops_reading_is_left_after_a_while(vendor_of: Any, services: Services) -> None:
    async def deaf(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    vendor = await vendor_of(deaf)
    brief = msgspec.structs.replace(services, patience=msgspec.structs.replace(services.patience, read=0.2, attempts=1))
    async with RestClient(vendor.url, brief) as client:
        with pytest.raises(Transient) as caught:
            await client.upload("POST", "/upload", source(BYTES * 16))
    assert caught.value.code == "timeout"


async def test_a_file_that_is_not_ours_to_send_anywhere_stays(vendor_of: Any, services: Services) -> None:
    taker = Taker()
    vendor = await vendor_of(taker)
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(NeedsOperator, match=r"may not call files\.example"):
            await client.upload("POST", "https://files.example/upload", source())


async def test_a_big_file_passes_through_without_ever_being_in_memory(vendor_of: Any, services: Services) -> None:
    size, chunk = 64 * 1024 * 1024, bytes(CHUNK)

    async def serve(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(size)})
        await response.prepare(request)
        for _ in range(size // CHUNK):
            await response.write(chunk)
        return response

    async def take(request: web.Request) -> web.Response:
        got = 0
        while part := await request.content.readany():
            got += len(part)
        return web.json_response(got)

    store, target = await vendor_of(serve), await vendor_of(take)
    async with RestClient(store.url, services) as reader, RestClient(target.url, services) as writer:
        file = file_source(lambda: reader.stream("/big"), filename="big.bin", media_type="video/mp4", length=size)
        tracemalloc.start()
        try:
            sent = await writer.upload("POST", "/upload", file)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert writer.decode(sent.answer) == size
    assert peak < 8 * 1024 * 1024
