"""Reading that goes on where a connection broke, for stores that are asked for bytes from a place on."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from lockgate.connectors.files.address import Address
from lockgate.connectors.files.stores.base import Entry, Store, guarded
from lockgate.kit.errors import NotFound, Transient
from lockgate.kit.http.retry import AgainError, repeated
from lockgate.kit.limits import Limiter, Patience
from lockgate.kit.services import Services

Chunks = AsyncIterator[bytes]
Opened = tuple[Chunks, Callable[[], Awaitable[None]]]
PROGRESS = 1024 * 1024
"""A break after at least so many new bytes counts as the first one again."""


class ResumingStore(Store):
    """A store at a host of its own, whose files can be opened in their middle. It is called through a limiter of ours."""

    def __init__(self, address: Address, services: Services) -> None:
        self.address, self.services = address, services
        self.limiter = Limiter(services.limits, services.patience)

    @abstractmethod
    async def opened(self, path: str, at: int) -> Opened:
        """The bytes from a place on, and how to let go of them. Raises NotFound, Transient."""

    @asynccontextmanager
    async def read(self, path: str) -> AsyncIterator[AsyncIterator[bytes]]:
        guarded(path)
        async with self.limiter.file():
            reading = Resumed(path, self.services.patience, lambda: self.stat(path), lambda at: self.opened(path, at))
            await reading.start()
            try:
                yield reading
            finally:
                await reading.close()


class Resumed:
    """The bytes of a file. After a break it is asked for the rest, where it is still the same file."""

    def __init__(
        self,
        path: str,
        patience: Patience,
        stat: Callable[[], Awaitable[Entry | None]],
        open: Callable[[int], Awaitable[Opened]],
    ) -> None:
        self._path, self._patience, self._stat, self._open = path, patience, stat, open
        self._entry: Entry | None = None
        self._chunks: Chunks | None = None
        self._close: Callable[[], Awaitable[None]] | None = None
        self._at = self._broke_at = self._breaks = 0

    async def start(self) -> None:
        """Open it. Raises NotFound."""
        self._entry = await self._stat()
        if self._entry is None:
            raise NotFound(f"{self._path} is not there any more.")
        self._chunks, self._close = await self._open(0)

    def __aiter__(self) -> "Resumed":
        return self

    async def __anext__(self) -> bytes:
        while self._chunks is not None:
            try:
                chunk = await anext(self._chunks)
            except StopAsyncIteration:
                await self._ended()
                raise
            except Transient as broken:
                await self._resume(broken)
                continue
            self._at += len(chunk)
            return chunk
        raise StopAsyncIteration

    async def _ended(self) -> None:
        """These stores tell of no version, so a file that somebody wrote over while it was read is noticed here."""
        await self.close()
        now = await self._stat()
        if now is None or self._entry is None or now.tag != self._entry.tag or self._at != now.size:
            raise self._changed()

    def _changed(self) -> Transient:
        return Transient(
            f"{self._path} changed while it was read; it is read again from its beginning.", code="file.changed"
        )

    async def _resume(self, broken: Transient) -> None:
        self._breaks = 1 if self._at - self._broke_at >= PROGRESS else self._breaks + 1
        self._broke_at = self._at
        if self._breaks >= self._patience.attempts:
            raise broken
        await self.close()
        self._chunks, self._close = await repeated(self._patience, True, self._again)

    async def _again(self) -> Opened:
        try:
            now = await self._stat()
            if now is None or self._entry is None or now.tag != self._entry.tag:
                raise self._changed()
            return await self._open(self._at)
        except Transient as error:
            if error.code == "file.changed":
                raise
            raise AgainError(error) from error

    async def close(self) -> None:
        if self._close is not None:
            close, self._close = self._close, None
            await close()
