"""A folder of this machine. No link is followed on the way to a file, so nothing outside of the folder can be reached."""

import asyncio
import errno
import os
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, ClassVar, ParamSpec, TypeVar

from lockgate.connectors.files.stores.base import Entry, Sent, Store, guarded, part_of, passing_part_of
from lockgate.kit.contract import FileSource
from lockgate.kit.egress import Egress
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.services import Services
from lockgate.kit.transfer import CHUNK, NO_ROOM, aiter_file, verified

P = ParamSpec("P")
T = TypeVar("T")

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
"""Without blocking: a pipe that somebody put there must not hold us."""
WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


class LocalStore(Store):
    title: ClassVar[str] = "folder"
    local: ClassVar[bool] = True
    how: ClassVar[str] = (
        "A file is written as .name.part, brought to the disk and renamed: others see it whole or not at all."
    )

    def __init__(self, root: str, services: Services) -> None:
        self.root, self.services = root, services

    async def close(self) -> None:
        """Nothing is kept open between calls."""

    async def check(self) -> str:
        await self._do(self._look)
        return self.root

    def _look(self) -> None:
        with self._folder("") as at:
            os.close(os.dup(at))

    async def listing(self, folder: str) -> AsyncIterator[Entry]:
        for entry in await self._do(self._listed, folder):
            yield entry

    def _listed(self, folder: str) -> list[Entry]:
        """What lies in a folder. Links and what is neither file nor folder are not there for us."""
        found: list[Entry] = []
        with suppress(FileNotFoundError), self._folder(folder) as at, os.scandir(at) as entries:
            for one in entries:
                path = f"{folder}/{one.name}" if folder else one.name
                with suppress(FileNotFoundError):
                    if (entry := entry_of(path, one.stat(follow_symlinks=False))) is not None:
                        found.append(entry)
        return found

    async def stat(self, path: str) -> Entry | None:
        return await self._do(self._stat, guarded(path))

    def _stat(self, path: str) -> Entry | None:
        try:
            with self._folder_of(path) as (at, name):
                entry = entry_of(path, os.stat(name, dir_fd=at, follow_symlinks=False))
        except (FileNotFoundError, NotADirectoryError):
            return None
        return None if entry is None or entry.folder else entry

    @asynccontextmanager
    async def read(self, path: str) -> AsyncIterator[AsyncIterator[bytes]]:
        file = await self._do(self._open, guarded(path))
        try:
            yield aiter_file(lambda: file.read(CHUNK))
        finally:
            await asyncio.to_thread(file.close)

    @asynccontextmanager
    async def here(self, path: str) -> AsyncIterator[Path | None]:
        """By the open file rather than by its name, under which a link may lie by then."""
        file = await self._do(self._open, guarded(path))
        try:
            yield Path(f"/proc/self/fd/{file.fileno()}")
        finally:
            await asyncio.to_thread(file.close)

    def _open(self, path: str) -> BinaryIO:
        with self._folder_of(path) as (at, name):
            handle = os.open(name, READ, dir_fd=at)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise Rejected(f"{path} is no regular file; it is not opened.", code="path")
        return os.fdopen(handle, "rb", buffering=0)

    async def write(self, path: str, source: FileSource) -> Sent:
        part = part_of(guarded(path))
        async with source.open() as stream:
            chunks = verified(stream, length=source.length, expected=source.expected)
            file = await self._do(self._create, part)
            try:
                async for chunk in chunks:
                    await self._do(file.write, chunk)
                await self._do(finish, file)
                await self._do(self._rename, part, path)
            except BaseException:
                await asyncio.to_thread(file.close)
                await self._do(self._remove, part)
                raise
        return Sent(str(chunks.sha256), chunks.bytes)

    def _create(self, path: str) -> BinaryIO:
        """A new file, made with the folders above it."""
        with self._folder_of(path, make=True) as (at, name):
            return os.fdopen(os.open(name, WRITE, 0o644, dir_fd=at), "wb")

    async def put(self, path: str, body: bytes, *, fresh: bool = False) -> bool:
        return await self._do(self._put, guarded(path), body, fresh)

    def _put(self, path: str, body: bytes, fresh: bool) -> bool:
        part = passing_part_of(path)
        try:
            with self._create(part) as file:
                file.write(body)
                finish(file)
            if fresh:
                return self._linked(part, path)
            self._rename(part, path)
        finally:
            self._remove(part)
        return True

    def _linked(self, part: str, path: str) -> bool:
        """A second name for a file, which is given only where nothing has it."""
        with self._folder_of(path) as (at, name):
            try:
                os.link(part.rsplit("/", maxsplit=1)[-1], name, src_dir_fd=at, dst_dir_fd=at)
            except FileExistsError:
                return False
        return True

    async def move(self, path: str, to: str) -> None:
        await self._do(self._rename, guarded(path), guarded(to))

    def _rename(self, path: str, to: str) -> None:
        with self._folder_of(path) as (at, name), self._folder_of(to, make=True) as (there, other):
            os.rename(name, other, src_dir_fd=at, dst_dir_fd=there)
            os.fsync(there)

    async def remove(self, path: str) -> None:
        await self._do(self._remove, guarded(path))

    def _remove(self, path: str) -> None:
        try:
            with self._folder_of(path) as (at, name):
                os.unlink(name, dir_fd=at)
        except (FileNotFoundError, NotADirectoryError):
            return

    # ── the way to a file ────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _folder_of(self, path: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
        folder, _, name = path.rpartition("/")
        with self._folder(folder, make=make) as at:
            yield at, name

    @contextmanager
    def _folder(self, folder: str, *, make: bool = False) -> Iterator[int]:
        """The folder, opened part by part from the root, so that a link put there meanwhile is not followed either."""
        at = opened_root(self.root, self.services.egress)
        try:
            for part in folder.split("/") if folder else ():
                inner = entered(at, part, make)
                os.close(at)
                at = inner
            yield at
        finally:
            os.close(at)

    async def _do(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run it in a thread; what the system refuses is named by what to do next."""
        try:
            return await asyncio.to_thread(call, *args, **kwargs)
        except OSError as error:
            raise named(error, self.root) from error


def opened_root(root: str, egress: Egress) -> int:
    """A folder that is not there is a disk that is not mounted, and never an empty one."""
    try:
        return os.open(egress.path(root), FOLDER)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NeedsOperator(
            f"There is no folder {root}: make it, mount its disk, or correct the address.", code="no_folder"
        ) from error


def entered(at: int, part: str, make: bool) -> int:
    try:
        return os.open(part, FOLDER, dir_fd=at)
    except FileNotFoundError:
        if not make:
            raise
    with suppress(FileExistsError):
        os.mkdir(part, 0o755, dir_fd=at)
    return os.open(part, FOLDER, dir_fd=at)


def entry_of(path: str, known: os.stat_result) -> Entry | None:
    """Two files written in one second differ by the fractions, and those put over each other by their number on the disk."""
    if stat.S_ISDIR(known.st_mode):
        return Entry(path=path, folder=True)
    if not stat.S_ISREG(known.st_mode) or surrogate(path):
        return None
    tag = f"{known.st_mtime_ns:x}-{known.st_size:x}-{known.st_ino:x}"
    return Entry(path=path, size=known.st_size, modified=known.st_mtime, tag=tag)


def surrogate(path: str) -> bool:
    """Whether a name is no UTF-8: nobody could be told of it."""
    return any("\ud800" <= letter <= "\udfff" for letter in path)


def finish(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()


def named(error: OSError, root: str) -> ConnectorError:
    """The error of the system in words."""
    what, code = error.strerror or type(error).__name__, error.errno
    if code in NO_ROOM:
        return Transient(
            f"There is no room in {root}: make room there; it is tried again by itself.", code="store.full"
        )
    if code in {errno.ELOOP, errno.ENOTDIR}:
        return Rejected(f"A path in {root} leads over a link or a file; links are not followed.", code="path")
    if code == errno.ENOENT:
        return NotFound(f"A file or folder in {root} is not there.")
    if code in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return NeedsOperator(
            f"Lockgate may not do that in {root} ({what}); give its user the right to read and write there."
        )
    if code == errno.ENAMETOOLONG:
        return Rejected(f"A name is too long for {root}.", code="path")
    return Transient(f"{root} cannot be used at the moment ({what}).", code="store")
