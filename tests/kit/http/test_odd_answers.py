"""Addresses and answers at the edge of what is usual."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from lockgate.kit.errors import ContractBroken, NeedsOperator
from lockgate.kit.http import RestClient
from lockgate.kit.services import Services


async def path(request: web.Request) -> web.Response:
    return web.json_response({"path": request.raw_path})


@pytest.mark.parametrize(
    ("base", "asked", "called"), [("", "/", "/"), ("/v1/", "assets/", "/v1/assets/"), ("/v1", "/", "/v1")]
)
async def test_a_slash_at_the_end_of_a_path_is_kept(
    vendor_of: Any, services: Services, base: str, asked: str, called: str
) -> None:
    vendor = await vendor_of(path)
    async with RestClient(vendor.url + base, services) as client:
        assert (await client.get_json(asked))["path"] == called


async def test_json_deeper_than_anybody_reads_breaks_the_contract(vendor_of: Any, services: Services) -> None:
    async def deep(_: web.Request) -> web.Response:
        return web.Response(text="[" * 20_000 + "]" * 20_000, content_type="application/json")

    vendor = await vendor_of(deep)
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(ContractBroken, match="answered /assets with no JSON"):
            await client.get_json("/assets")


@pytest.mark.parametrize("address", ["http://[broken", "dam.example.com", ""])
async def test_an_address_that_is_none_needs_the_operator(services: Services, address: str) -> None:
    with pytest.raises(NeedsOperator, match="address"):
        async with RestClient(address, services) as client:
            await client.get_json("/assets")


@asynccontextmanager
async def mumbling(words: bytes) -> AsyncIterator[int]:
    """A server that says this to whoever connects; its port."""

    async def mumble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(mumble, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_something_that_does_not_speak_http_breaks_the_contract(services: Services) -> None:
    async with (
        mumbling(b"220 mail.example ESMTP\r\n\r\n") as port,
        RestClient(f"http://127.0.0.1:{port}", services) as client,
    ):
        with pytest.raises(ContractBroken, match="not HTTP"):
            await client.get_json("/assets")


async def test_a_port_without_tls_is_not_told_as_a_wrong_certificate(services: Services) -> None:
    async with (
        mumbling(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port,
        RestClient(f"https://127.0.0.1:{port}", services) as client,
    ):
        with pytest.raises(NeedsOperator, match="is https spoken there"):
            await client.get_json("/assets")


async def test_a_certificate_nobody_vouches_for_needs_the_operator(
    services: Services, self_signed: ssl.SSLContext
) -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=self_signed)
    port = server.sockets[0].getsockname()[1]
    async with server, RestClient(f"https://127.0.0.1:{port}", services) as client:
        with pytest.raises(NeedsOperator, match="certificate") as caught:
            await client.get_json("/assets")
    assert caught.value.code == "tls"
