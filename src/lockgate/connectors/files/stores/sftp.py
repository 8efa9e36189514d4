"""SFTP by asyncssh. The server proves who it is by a key that is written down in the connection's settings."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import ClassVar, TypeVar, cast

import asyncssh
from asyncssh.constants import FILEXFER_TYPE_DIRECTORY, FILEXFER_TYPE_REGULAR

from lockgate.connectors.files.address import Address
from lockgate.connectors.files.stores.base import Entry, Sent, guarded, parents, part_of, passing_part_of
from lockgate.connectors.files.stores.resuming import Opened, ResumingStore
from lockgate.connectors.files.stores.ssh import Login, connected, named
from lockgate.kit.contract import FileSource
from lockgate.kit.errors import ConnectorError, NeedsOperator
from lockgate.kit.services import Services
from lockgate.kit.transfer import verified

T = TypeVar("T")

STRETCH = 2 * 1024 * 1024
"""Bytes asked for or handed over at once: asyncssh splits them into requests that are under way together."""
GONE = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)
SSH = (asyncssh.Error, OSError, asyncio.TimeoutError)
"""What asyncssh raises when the network or the other side fails."""


class SftpStore(ResumingStore):
    title: ClassVar[str] = "SFTP server"
    how: ClassVar[str] = (
        "A file is written as .name.part and renamed over the old one by posix-rename@openssh.com; a server without that"
        " extension has the old file removed a moment before."
    )

    def __init__(self, address: Address, login: Login, services: Services) -> None:
        super().__init__(address, services)
        self.login = login
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None
        self._connecting = asyncio.Lock()

    async def close(self) -> None:
        connection, self._connection, self._client = self._connection, None, None
        if connection is not None:
            connection.close()
            with suppress(*SSH):
                await connection.wait_closed()

    async def check(self) -> str:
        async def look(client: asyncssh.SFTPClient) -> bool:
            return bool(await client.isdir(self._at("")))

        if not await self._do(look):
            raise NeedsOperator(
                f"There is no folder /{self.address.path} at {self.address.host}: make it or correct the address.",
                code="no_folder",
            )
        return f"{self.address.host}, folder /{self.address.path}"

    async def listing(self, folder: str) -> AsyncIterator[Entry]:
        async def listed(client: asyncssh.SFTPClient) -> list[Entry]:
            return [entry async for one in client.scandir(self._at(folder)) if (entry := entry_of(folder, one))]

        try:
            entries = await self._do(listed)
        except asyncssh.SFTPError as error:
            if not isinstance(error, GONE) or not folder:
                raise named(error, self.services.connection, self.address) from error
            return
        for entry in entries:
            yield entry

    async def stat(self, path: str) -> Entry | None:
        guarded(path)

        async def looked(client: asyncssh.SFTPClient) -> Entry | None:
            return as_entry(path, await client.lstat(self._at(path)))

        try:
            entry = await self._do(looked)
        except GONE:
            return None
        return None if entry is None or entry.folder else entry

    async def opened(self, path: str, at: int) -> Opened:
        async def opened(client: asyncssh.SFTPClient) -> asyncssh.SFTPClientFile:
            return await client.open(self._at(path), "rb")

        file = await self._named(self._do(opened))

        async def close() -> None:
            with suppress(*SSH):
                await file.close()

        return self._chunks(file, at), close

    async def _chunks(self, file: asyncssh.SFTPClientFile, at: int) -> AsyncIterator[bytes]:
        while chunk := await self._named(self._patiently(file.read(STRETCH, at))):
            at += len(chunk)
            yield cast("bytes", chunk)  # text it is only where the file was opened as such

    async def write(self, path: str, source: FileSource) -> Sent:
        part = part_of(guarded(path))
        async with source.open() as stream, self.limiter.file():
            chunks = verified(stream, length=source.length, expected=source.expected)
            try:
                await self._named(self._written(part, chunks))
                await self.move(part, path)
            except BaseException:
                with suppress(*SSH, ConnectorError):
                    await self._do(lambda client: client.remove(self._at(part)))
                raise
        return Sent(str(chunks.sha256), chunks.bytes)

    async def _written(self, part: str, chunks: AsyncIterator[bytes]) -> None:
        client = await self._connect()
        await self._folders(client, part)
        async with await self._patiently(client.open(self._at(part), "wb")) as file:
            held = bytearray()
            async for chunk in chunks:
                held += chunk
                if len(held) >= STRETCH:
                    await self._patiently(file.write(bytes(held)))
                    held.clear()
            await self._patiently(file.write(bytes(held)))

    async def put(self, path: str, body: bytes, *, fresh: bool = False) -> bool:
        """The plain rename of SFTP fails where the new name is taken, which is what `fresh` needs."""
        part = passing_part_of(guarded(path))
        await self._named(self._do(lambda client: self._put(client, part, body)))
        if not fresh:
            await self.move(part, path)
            return True
        try:
            await self._do(lambda client: client.rename(self._at(part), self._at(path)))
        except ConnectorError:
            await self.remove(part)
            if await self.stat(path) is not None:
                return False
            raise
        return True

    async def _put(self, client: asyncssh.SFTPClient, path: str, body: bytes) -> None:
        await self._folders(client, path)
        async with await client.open(self._at(path), "wb") as file:
            await file.write(body)

    async def _folders(self, client: asyncssh.SFTPClient, path: str) -> None:
        for folder in parents(path):
            if not await self._patiently(client.isdir(self._at(folder))):
                with suppress(asyncssh.SFTPFailure, asyncssh.SFTPFileAlreadyExists):
                    await self._patiently(client.mkdir(self._at(folder)))

    async def move(self, path: str, to: str) -> None:
        guarded(path), guarded(to)

        async def renamed(client: asyncssh.SFTPClient) -> None:
            await self._folders(client, to)
            try:
                await client.posix_rename(self._at(path), self._at(to))
            except asyncssh.SFTPOpUnsupported:
                with suppress(*GONE):
                    await client.remove(self._at(to))
                await client.rename(self._at(path), self._at(to))

        await self._named(self._do(renamed))

    async def remove(self, path: str) -> None:
        guarded(path)
        with suppress(*GONE):
            await self._do(lambda client: client.remove(self._at(path)))

    # ── the connection ───────────────────────────────────────────────────────────────────────────────────────────

    def _at(self, path: str) -> str:
        return "/" + "/".join(part for part in (self.address.path, path) if part)

    async def _do(self, call: Callable[[asyncssh.SFTPClient], Awaitable[T]]) -> T:
        """Ask the server. That something is not there is left to the caller; all else is named."""
        async with self.limiter.call():
            try:
                return await self._patiently(call(await self._connect()))
            except GONE:
                raise
            except SSH as error:
                raise await self._failed(error) from error

    async def _failed(self, error: BaseException) -> ConnectorError:
        """The failure in words; a connection that broke is not used again."""
        if isinstance(error, asyncssh.SFTPNoConnection | asyncssh.SFTPConnectionLost | asyncssh.ConnectionLost):
            await self.close()
        return named(error, self.services.connection, self.address)

    async def _named(self, call: Awaitable[T]) -> T:
        try:
            return await call
        except SSH as error:
            raise await self._failed(error) from error

    async def _patiently(self, call: Awaitable[T]) -> T:
        async with asyncio.timeout(self.services.patience.read):
            return await call

    async def _connect(self) -> asyncssh.SFTPClient:
        async with self._connecting:
            if self._client is not None and self._connection is not None and not self._connection.is_closed():
                return self._client
            await self.close()
            self._connection = await connected(self.address, self.login, self.services)
            self._client = await self._patiently(self._connection.start_sftp_client())
            return self._client


def entry_of(folder: str, one: asyncssh.SFTPName) -> Entry | None:
    name = str(one.filename)
    if name in {".", ".."}:
        return None
    return as_entry(f"{folder}/{name}" if folder else name, one.attrs)


def as_entry(path: str, attrs: asyncssh.SFTPAttrs) -> Entry | None:
    """Links are not followed: they, and what is neither file nor folder, are not there for us."""
    if attrs.type == FILEXFER_TYPE_DIRECTORY:
        return Entry(path=path, folder=True)
    if attrs.type != FILEXFER_TYPE_REGULAR:
        return None
    seconds, fraction = attrs.mtime or 0, attrs.mtime_ns or 0
    size = attrs.size or 0
    return Entry(path=path, size=size, modified=seconds + fraction / 1e9, tag=f"{seconds:x}.{fraction:x}-{size:x}")
