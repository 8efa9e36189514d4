"""Small pictures of items, read from the source when somebody looks. Nothing of them is kept."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

from fastapi.responses import StreamingResponse

from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.model.item import Item, Rendition

SHOWN = ("image/jpeg", "image/png", "image/webp", "image/gif")
"""What a browser shows as a picture and never as a page."""
BY_NAME = ("thumb", "small", "preview", "medium", "large")
"""Words in the names of renditions that are meant for looking at, the smallest first."""
LARGEST = 8 * 1024 * 1024
"""Bytes of an original that is shown where the source has nothing smaller."""
PREVIEW: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in SHOWN}}
}


async def preview(app: Lockgate, flow: str, key: str) -> StreamingResponse:
    """The item's smallest picture. Raises Refused where there is none, ConnectorError when the source does not answer."""
    await app.flows.row(flow)
    bound = (app.engine.flows.get(flow) if app.engine else None) or await app.flows.bound(flow)
    items = await bound.source.fetch(bound.kind, [key])
    chosen = smallest(items[0]) if items else None
    if chosen is None:
        raise Refused(f"{flow} has no picture of {key!r}", missing=True)
    async with AsyncExitStack() as stack:
        file = await stack.enter_async_context(bound.source.open(key, chosen))
        if file.media_type not in SHOWN:
            raise Refused(f"{flow} has no picture of {key!r} that can be shown: it is {file.media_type}", missing=True)
        return StreamingResponse(
            carried(stack.pop_all(), file.chunks),
            media_type=file.media_type,
            headers={"cache-control": "private, max-age=60", "content-security-policy": "sandbox; default-src 'none'"},
        )
    raise AssertionError("the stack hides no errors")


async def carried(stack: AsyncExitStack, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The bytes of an open file, which is closed at the end of them."""
    async with stack:
        async for chunk in chunks:
            yield chunk


def smallest(item: Item) -> Rendition | None:
    """A rendition made for looking at; the original where there is none and it is a picture that is not too long."""
    for word in BY_NAME:
        for one in item.renditions:
            if word in one.name.lower() and one.media_type in {None, *SHOWN}:
                return one
    originals = (one for one in item.renditions if one.media_type in SHOWN and (one.length or LARGEST) < LARGEST)
    return next(originals, None)
