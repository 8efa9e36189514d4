"""Addresses and answers at the edge of what is usual."""

import asyncio
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


async def test_a_port_without_tls_is_not_told_as_a_wrong_certificate(services: Services) -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, RestClient(f"https://127.0.0.1:{port}", services) as client:
        with pytest.raises(NeedsOperator, match="is https spoken there"):
            await client.get_json("/assets")
