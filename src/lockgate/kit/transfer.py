"""Files on their way: digests and lengths checked as bytes pass, one read for several targets, never in memory."""

import asyncio
import errno
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path

import msgspec

from lockgate.kit.contract import FileSource, FileStream
from lockgate.kit.errors import ContractBroken, NotFound, Transient
from lockgate.model.item import Item, Rendition

CHUNK = 256 * 1024
"""Bytes read at once; the most of a file that is in memory at a time, per transfer."""

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""The disk, what its user may have of it, or the longest file allowed is used up."""

WORTH_A_THREAD = 64 * 1024
"""Bytes from which on hashing them elsewhere, while they are sent, is worth the way there."""

Opener = Callable[[], AbstractAsyncContextManager[FileStream]]
Progress = Callable[[int], None]
"""Called with the number of bytes of each chunk, as it passes."""


class Verified:
    """Chunks that are counted and hashed as they pass; the end is reached only when length and digest are as stated.

    `sha256` is the digest (hex) once the end was reached, None before. Raises ContractBroken instead of ending.
    """

    def __init__(
        self,
        chunks: AsyncIterator[bytes],
        *,
        filename: str = "the file",
        length: int | None = None,
        expected: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.bytes = 0
        self.sha256: str | None = None
        self._chunks = chunks
        self._filename = filename
        self._length = length
        self._sha = hashlib.sha256()
        self._algorithm, self._expected = split_digest(expected)
        self._stated = own_hash(self._algorithm)
        self._progress = progress
        self._hashing: asyncio.Future[None] | None = None

    def __aiter__(self) -> "Verified":
        return self

    async def __anext__(self) -> bytes:
        try:
            chunk = await anext(self._chunks)
        except StopAsyncIteration:
            await self._hashed()
            self._finish()
            raise
        self._count(chunk)
        await self._hashed()
        self._hash(chunk)
        return chunk

    def _hash(self, chunk: bytes) -> None:
        """A big chunk is hashed in a thread while it goes its way: half of the time a file takes would be its digest."""
        if len(chunk) < WORTH_A_THREAD:
            self._update(chunk)
        else:
            self._hashing = asyncio.get_running_loop().run_in_executor(None, self._update, chunk)

    async def _hashed(self) -> None:
        if self._hashing is not None:
            await self._hashing
            self._hashing = None

    def _update(self, chunk: bytes) -> None:
        self._sha.update(chunk)
        if self._stated is not None:
            self._stated.update(chunk)

    def _count(self, chunk: bytes) -> None:
        self.bytes += len(chunk)
        if self._length is not None and self.bytes > self._length:
            raise ContractBroken(
                f"{self._filename} is longer than the {self._length} bytes that were stated.", code="file.length"
            )
        if self._progress is not None:
            self._progress(len(chunk))

    def _finish(self) -> None:
        if self._length is not None and self.bytes != self._length:
            raise ContractBroken(
                f"{self._filename} ended after {self.bytes} of {self._length} bytes that were stated.",
                code="file.length",
            )
        found = (self._stated or self._sha).hexdigest()
        if self._expected and found != self._expected:
            raise ContractBroken(
                f"{self._filename} has the {self._algorithm} digest {found}, but {self._expected} was stated.",
                code="file.digest",
            )
        self.sha256 = self._sha.hexdigest()


def split_digest(stated: str | None) -> tuple[str, str]:
    """`md5:ABC…` as algorithm and hex digest; `sha256` and nothing where nothing is stated."""
    if stated is None:
        return "sha256", ""
    algorithm, colon, digest = stated.lower().partition(":")
    if not colon or algorithm not in hashlib.algorithms_available:
        raise ContractBroken(f"A digest reads algorithm:hex, with an algorithm that is known, not {stated!r}.")
    return algorithm, digest


def own_hash(algorithm: str) -> "hashlib._Hash | None":
    return None if algorithm == "sha256" else hashlib.new(algorithm, usedforsecurity=False)


def verified(stream: FileStream, *, length: int | None = None, expected: str | None = None) -> Verified:
    """The stream's chunks as Verified ones; those that are already are not hashed a second time."""
    if isinstance(stream.chunks, Verified):
        return stream.chunks
    known = stream.length if length is None else length
    return Verified(stream.chunks, filename=stream.filename, length=known, expected=expected)


def file_source(
    open: Opener,
    *,
    filename: str,
    media_type: str,
    length: int | None = None,
    expected: str | None = None,
    progress: Progress | None = None,
) -> FileSource:
    """A file that targets may open as often as they need; each reading checks the stated length and digest.

    `open` is how the source is opened once (`lambda: dam.open(id, rendition)`), `expected` the digest it states (`md5:…`).
    """
    split_digest(expected)

    @asynccontextmanager
    async def opened() -> AsyncIterator[FileStream]:
        async with open() as stream:
            known = agreed_length(filename, length, stream.length)
            chunks = Verified(stream.chunks, filename=filename, length=known, expected=expected, progress=progress)
            yield FileStream(filename=filename, media_type=media_type, length=known, chunks=chunks)

    return FileSource(filename=filename, media_type=media_type, length=length, expected=expected, open=opened)


def agreed_length(filename: str, stated: int | None, offered: int | None) -> int | None:
    """The length both the item and the open stream state; that they differ is known before a byte is read."""
    if stated is not None and offered is not None and stated != offered:
        raise ContractBroken(f"{filename} should have {stated} bytes, but {offered} are offered.", code="file.length")
    return offered if stated is None else stated


class Spooled(msgspec.Struct, frozen=True, kw_only=True):
    """A file kept on disk between one reading and several writings."""

    path: Path
    sha256: str
    length: int
    source: FileSource
    """Reads the file on disk, as often as asked."""


@asynccontextmanager
async def spooled(source: FileSource, folder: Path) -> AsyncIterator[Spooled]:
    """Read a source once to disk, for several targets; length and digest are checked, and the file is removed at the end.

    While it is incomplete it is called `.part`, so what a crash leaves behind is never taken for a whole file.
    """
    with room_in(folder, source.filename):
        part = await asyncio.to_thread(new_part, folder)
    whole = part.with_suffix(".file")
    try:
        with room_in(folder, source.filename):
            chunks = await write(source, part)
            await asyncio.to_thread(part.replace, whole)
        yield describe(source, whole, chunks)
    finally:
        await asyncio.to_thread(remove, part, whole)


@contextmanager
def room_in(folder: Path, filename: str) -> Iterator[None]:
    """Say so where the disk is full: that passes, and the file is asked for again."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise Transient(
            f"There is no room for {filename} in {folder}: make room there; it is tried again by itself.",
            code="spool.full",
        ) from error


def new_part(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=".part", dir=folder)
    os.close(handle)
    return Path(name)


def remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


async def write(source: FileSource, path: Path) -> Verified:
    """All bytes of the source into a file; returns the chunks with what they came to."""
    async with source.open() as stream:
        chunks = verified(stream, length=source.length, expected=source.expected)
        file = await asyncio.to_thread(path.open, "wb")
        try:
            async for chunk in chunks:
                await asyncio.to_thread(file.write, chunk)
        finally:
            await asyncio.to_thread(file.close)
    return chunks


def describe(source: FileSource, path: Path, chunks: Verified) -> Spooled:
    if chunks.sha256 is None:
        raise AssertionError("the chunks were not read to their end")
    kept = path_source(
        path,
        filename=source.filename,
        media_type=source.media_type,
        length=chunks.bytes,
        expected=f"sha256:{chunks.sha256}",
    )
    return Spooled(path=path, sha256=chunks.sha256, length=chunks.bytes, source=kept)


def path_source(
    path: Path, *, filename: str, media_type: str, length: int | None = None, expected: str | None = None
) -> FileSource:
    """A file on disk as a source."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[FileStream]:
        file = await asyncio.to_thread(path.open, "rb")
        try:
            size = (await asyncio.to_thread(path.stat)).st_size
            chunks = aiter_file(lambda: file.read(CHUNK))
            yield FileStream(filename=filename, media_type=media_type, length=size, chunks=chunks)
        finally:
            await asyncio.to_thread(file.close)

    return file_source(opened, filename=filename, media_type=media_type, length=length, expected=expected)


class FileChunks:
    """A blocking `read` as chunks, each read in a thread."""

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read

    def __aiter__(self) -> "FileChunks":
        return self

    async def __anext__(self) -> bytes:
        if chunk := await asyncio.to_thread(self._read):
            return chunk
        raise StopAsyncIteration


def aiter_file(read: Callable[[], bytes]) -> AsyncIterator[bytes]:
    return FileChunks(read)


def ending(stream: FileStream, look: Callable[[], Awaitable[object]]) -> FileStream:
    """The stream, whose end is reached only after a last look: for systems that give the newest file whatever is asked.

    `look` raises where the file is another one by then (see `same_file`).
    """

    async def chunks() -> AsyncIterator[bytes]:
        async for chunk in stream.chunks:
            yield chunk
        await look()

    return msgspec.structs.replace(stream, chunks=chunks())


def same_file(now: Item | None, rendition: Rendition, *, who: str, id: str) -> Rendition:
    """The rendition as the item has it now. Raises NotFound where it has none, Transient where it is of another version."""
    found = now.rendition(rendition.name) if now is not None else None
    if found is None:
        raise NotFound(f"{who} has no file of {id} in form {rendition.name} any more.")
    if found.version != rendition.version:
        raise Transient(f"The file of {id} was replaced meanwhile; it is read again.", code="file.version")
    return found


async def digest_there(opened: AbstractAsyncContextManager[FileStream], algorithm: str) -> str | None:
    """Hex digest of what is opened, by reading it to the end; None where it is not there."""
    try:
        async with opened as stream:
            return (await digest(stream, algorithm))[0]
    except NotFound:
        return None


async def digest(stream: FileStream, algorithm: str = "sha256") -> tuple[str, int]:
    """Hex digest and length of a stream, by reading it to the end."""
    chunks = verified(stream)
    own = own_hash(algorithm)
    async for chunk in chunks:
        if own is not None:
            own.update(chunk)
    if chunks.sha256 is None:
        raise AssertionError("the chunks were not read to their end")
    return own.hexdigest() if own is not None else chunks.sha256, chunks.bytes
