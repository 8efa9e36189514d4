"""A file read from a vendor, taken up again where the connection broke."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import PurePosixPath

import aiohttp
import msgspec

from lockgate.kit.contract import FileStream
from lockgate.kit.errors import ConnectorError, ContractBroken, Transient
from lockgate.kit.http.answer import retry_after
from lockgate.kit.http.exchange import Call, Exchange
from lockgate.kit.http.retry import AgainError, again, repeated
from lockgate.kit.http.session import BROKEN

PROGRESS = 1024 * 1024
"""A break after at least so many new bytes counts as the first one again."""
CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
AS_STORED = {"Accept": "*/*", "Accept-Encoding": "identity"}
"""Bytes as they lie at the vendor: compressed ones have another length and cannot be resumed."""


@asynccontextmanager
async def downloaded(exchange: Exchange, call: Call, filename: str | None) -> AsyncIterator[FileStream]:
    """Open a file; the connection's room for files is held until the context ends."""
    patience = exchange.services.patience
    async with exchange.limiter.file():
        response = await repeated(patience, call.repeatable, partial(finished, exchange, call))
        chunks = Resumed(exchange, call, response)
        try:
            yield FileStream(
                filename=filename or offered_name(response),
                media_type=response.content_type,
                length=chunks.total,
                chunks=chunks,
            )
        finally:
            chunks.close()


async def finished(exchange: Exchange, call: Call) -> aiohttp.ClientResponse:
    """Open the file; 202 is the promise of one that is still being made."""
    response = await exchange.open(call)
    if response.status != 202:
        return response
    wait = retry_after(response.headers, exchange.services.clock())
    response.close()
    sentence = f"{exchange.services.connection} is still preparing the file of {exchange.summary(call).what}."
    raise AgainError(Transient(sentence, code="file.not_ready", retry_after=wait), wait=wait)


def offered_name(response: aiohttp.ClientResponse) -> str:
    """The name from Content-Disposition, else from the address; never with folders in it."""
    disposition = response.content_disposition
    name = (disposition.filename if disposition else None) or response.url.name
    return PurePosixPath(name.replace("\\", "/")).name or "file"


class Resumed:
    """The bytes of an answer. When it breaks off, it is asked for the rest (`Range`), or read again up to the same byte.

    That is done only where it is the same file by all the vendor states (length, ETag, Last-Modified).
    """

    def __init__(self, exchange: Exchange, call: Call, response: aiohttp.ClientResponse) -> None:
        self.total = stored_length(response)
        self._exchange = exchange
        self._call = call
        self._response = response
        self._tag, self._modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
        self._at = 0
        self._skip = 0
        self._breaks = 0
        self._broke_at = 0

    def __aiter__(self) -> "Resumed":
        return self

    async def __anext__(self) -> bytes:
        while True:
            try:
                chunk = await self._read()
            except AgainError as broken:
                await self._resume(broken)
                continue
            if not chunk:
                raise StopAsyncIteration
            if fresh := chunk[self._skip :]:
                self._skip, self._at = 0, self._at + len(fresh)
                return fresh
            self._skip -= len(chunk)

    async def _read(self) -> bytes:
        try:
            return await self._response.content.readany()
        except BROKEN as problem:
            raise self._exchange.named(self._call, problem) from problem

    def close(self) -> None:
        self._response.close()

    async def _resume(self, broken: AgainError) -> None:
        self._breaks = 1 if self._at - self._broke_at >= PROGRESS else self._breaks + 1
        self._broke_at = self._at
        patience = self._exchange.services.patience
        if (
            not self._call.repeatable
            or self._breaks >= patience.attempts
            or "Content-Encoding" in self._response.headers
        ):
            raise self._given_up(broken)
        now = asyncio.get_running_loop().time()
        await again(patience, now, True, self._reopen, broken)

    def _given_up(self, broken: AgainError) -> ConnectorError:
        error = broken.error
        where = f"byte {self._at} of {self.total}" if self.total is not None else f"byte {self._at}"
        return Transient(f"{error.sentence.rstrip('.')}, at {where}.", code=error.code, detail=error.detail)

    async def _reopen(self) -> None:
        self._response.close()
        call = msgspec.structs.replace(self._call, headers={**self._call.headers, **self._wanted()})
        response = await self._exchange.open(call)
        try:
            self._skip = self._agreed(response)
        except ConnectorError:
            response.close()
            raise
        self._response = response

    def _wanted(self) -> dict[str, str]:
        if not self._at:
            return {}
        strong = self._tag is not None and not self._tag.startswith("W/")
        return {"Range": f"bytes={self._at}-", **({"If-Range": str(self._tag)} if strong else {})}

    def _agreed(self, response: aiohttp.ClientResponse) -> int:
        """How many bytes of the new answer we have already; raises when it is another file or another part."""
        start, total = 0, stored_length(response)
        if response.status == 206:
            start, total = stated_range(response, self._call)
        stated = (("ETag", self._tag), ("Last-Modified", self._modified))
        if total != self.total or any(response.headers.get(name) != before for name, before in stated):
            raise Transient(
                "The file changed while it was read; it is read again from its beginning.", code="file.changed"
            )
        if start > self._at:
            raise ContractBroken(f"Bytes from {self._at} were asked for, but the answer begins at {start}.")
        return self._at - start


def stored_length(response: aiohttp.ClientResponse) -> int | None:
    return None if "Content-Encoding" in response.headers else response.content_length


def stated_range(response: aiohttp.ClientResponse, call: Call) -> tuple[int, int | None]:
    found = CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if found is None:
        raise ContractBroken(f"{call.method} {call.url.path} was answered with a part of a file, but not with which.")
    total = found.group(3)
    return int(found.group(1)), None if total == "*" else int(total)
