"""What every store can do, in six verbs. A path is below the store's root, with `/`, and is checked before it gets here."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import msgspec

from lockgate.connectors.files.naming import allowed
from lockgate.kit.contract import FileSource
from lockgate.kit.errors import ContractBroken, NotFound, Rejected

SMALL = 4 * 1024 * 1024
"""The longest file that is read or written whole: records, sidecars."""
PART = ".part"
UNFINISHED = (PART, ".tmp", ".filepart", ".crdownload", ".partial")
"""Suffixes under which programs write files that are not whole yet."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A file or a folder as a listing shows it."""

    path: str
    folder: bool = False
    size: int = 0
    modified: float = 0.0
    """Seconds since 1970 by the store's clock, with what fractions it has."""
    tag: str = ""
    """Another one whenever the file is another one, as far as the store tells: its ETag, else time, size and what there is."""


class Sent(msgspec.Struct, frozen=True):
    """What was written."""

    sha256: str
    bytes: int


class Store(ABC):
    """One folder of one store. Raises ConnectorError for what the store refuses."""

    title: ClassVar[str]
    how: ClassVar[str]
    """How a file appears whole, in a sentence for the person who sets the connection up."""
    local: ClassVar[bool] = False
    """Whether the files lie on this machine."""
    exclusive: bool = True
    """Whether `put` with `fresh` is decided by the store; else by looking first."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of connections."""

    @abstractmethod
    async def check(self) -> str:
        """What answered, in a few words. Raises NeedsOperator or Transient where the folder cannot be used."""

    @abstractmethod
    def listing(self, folder: str) -> AsyncIterator[Entry]:
        """What lies directly in a folder (`""` is the root), in any order; nothing where there is no such folder."""

    @abstractmethod
    async def stat(self, path: str) -> Entry | None:
        """The file as it is now; None where there is none."""

    @abstractmethod
    def read(self, path: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes from the first to the last, taken up again where a connection broke. Raises NotFound."""

    @abstractmethod
    async def write(self, path: str, source: FileSource) -> Sent:
        """A file in the place of what there was, folders made as needed: others see the old or the new one, never a part."""

    @abstractmethod
    async def put(self, path: str, body: bytes, *, fresh: bool = False) -> bool:
        """A small file, as whole as by `write`. With `fresh` only where there is none: False when there is."""

    @abstractmethod
    async def move(self, path: str, to: str) -> None:
        """Give a file another place, over what lies there. Raises NotFound."""

    @abstractmethod
    async def remove(self, path: str) -> None:
        """Remove a file; one that is gone does no harm."""

    # ── the same for all ─────────────────────────────────────────────────────────────────────────────────────────

    async def walk(self, skip: frozenset[str] = frozenset()) -> AsyncIterator[Entry]:
        """All files below the root but those in the folders to skip and in hidden ones."""
        waiting = [""]
        while waiting:
            async for entry in self.listing(waiting.pop()):
                name = entry.path.rsplit("/", maxsplit=1)[-1]
                if not entry.folder:
                    yield entry
                elif entry.path not in skip and not name.startswith("."):
                    waiting.append(entry.path)

    @asynccontextmanager
    async def here(self, path: str) -> AsyncIterator[Path | None]:  # noqa: ARG002 (those that have files here look at it)
        """Where a file can be read on this machine, for as long as the block runs; None where it lies elsewhere."""
        yield None

    async def get(self, path: str) -> bytes | None:
        """A small file, whole; None where there is none. Raises ContractBroken when it is not small."""
        try:
            async with self.read(path) as chunks:
                return await gathered(path, chunks)
        except NotFound:
            return None


async def gathered(path: str, chunks: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > SMALL:
            raise ContractBroken(f"{path} is longer than the {SMALL} bytes that such a file may have.", code="too_long")
    return bytes(body)


def guarded(path: str) -> str:
    """The path, if it stays below the root. Raises Rejected."""
    if not allowed(path):
        raise Rejected(f"{path!r} is no path below the folder; it is not opened.", code="path")
    return path


def part_of(path: str) -> str:
    """Where a file is written before it gets its name: hidden, beside it, the same each time, so that nothing piles up."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}.{name}{PART}"


def passing_part_of(path: str) -> str:
    """The same for a small file, under a name of its own: two who write at once must not write into each other's."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}.{name}.{uuid4().hex[:8]}{PART}"


def unfinished(path: str) -> bool:
    """Whether a name says that the file is being written, or is none of those that people mean."""
    name = path.rsplit("/", maxsplit=1)[-1]
    return name.startswith((".", "~$")) or name.lower().endswith(UNFINISHED)


def parents(path: str) -> list[str]:
    """The folders above a path, the highest first."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: at + 1]) for at in range(len(parts))]


def http_seconds(date: str) -> float:
    """A date of HTTP as seconds since 1970, 0 where it is none."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return 0.0
