"""Files a vendor is still making: it answers 202 until they are there."""

from typing import Any

import pytest
from aiohttp import web

from lockgate.kit.errors import Transient
from lockgate.kit.http import RestClient
from lockgate.kit.services import Services


def made_after(calls: int, pause: str) -> Any:
    left = [calls]

    async def answer(_request: web.Request) -> web.StreamResponse:
        left[0] -= 1
        return web.Response(status=202, headers={"Retry-After": pause}) if left[0] >= 0 else web.Response(body=b"made")

    return answer


async def test_a_file_that_is_soon_made_is_waited_for(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(made_after(1, "0"))
    async with RestClient(vendor.url, services) as client, client.stream("/file/1") as stream:
        assert [chunk async for chunk in stream.chunks] == [b"made"]


async def test_a_file_that_takes_long_is_tried_again_later(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(made_after(9, "600"))
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(Transient, match="still preparing the file of GET /file/1") as told:
            async with client.stream("/file/1"):
                pass
    assert (told.value.code, told.value.retry_after, len(vendor.seen)) == ("file.not_ready", 600, 1)
