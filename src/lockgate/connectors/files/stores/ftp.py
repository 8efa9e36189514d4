"""FTP and FTP over TLS by Python's own ftplib, in threads: one control connection for each call that is under way."""

import asyncio
import ftplib
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from socket import socket
from typing import ClassVar, TypeVar

from lockgate.connectors.files.address import Address
from lockgate.connectors.files.stores.base import Entry, Sent, guarded, parents, part_of, passing_part_of
from lockgate.connectors.files.stores.resuming import Opened, ResumingStore
from lockgate.kit.contract import FileSource
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.services import Services
from lockgate.kit.transfer import CHUNK, aiter_file, verified

T = TypeVar("T")

FAILED: tuple[type[Exception], ...] = (ftplib.Error, OSError, EOFError)
KEPT = 4
"""Idle control connections that are kept."""
FACTS = ["type", "size", "modify", "unique"]


LOGIN = (NeedsOperator, "{host} refused our credentials; check the user and password of this connection.")
FULL = (Transient, "There is no room at {host}: make room there; it is tried again by itself.")
BY_CODE: Mapping[str, tuple[type[ConnectorError], str]] = {
    **dict.fromkeys(("530", "430", "331", "332"), LOGIN),
    **dict.fromkeys(("552", "452"), FULL),
    "553": (Rejected, "{host} does not take that name ({said})."),
}
"""What the server answers (RFC 959) and what it means."""
OTHERWISE: Mapping[bool, tuple[type[ConnectorError], str]] = {
    True: (Rejected, "{host} refused that ({said})."),
    False: (Transient, "{host} cannot be reached or broke off ({said})."),
}
"""By whether it was an answer that a repeat will not change."""


class FtpStore(ResumingStore):
    title: ClassVar[str] = "FTP server"
    how: ClassVar[str] = (
        "A file is stored as .name.part and renamed over the old one; where the server refuses that, the old file is"
        " removed a moment before."
    )
    exclusive = False

    def __init__(self, address: Address, user: str, password: str, services: Services) -> None:
        super().__init__(address, services)
        self.user, self.password = user, password
        self._idle: list[ftplib.FTP] = []

    async def close(self) -> None:
        while self._idle:
            await asyncio.to_thread(self._idle.pop().close)

    async def check(self) -> str:
        def look(ftp: ftplib.FTP) -> None:
            ftp.cwd(self._at(""))
            ftp.sendcmd("OPTS MLST type;size;modify;unique;")

        try:
            await self._do(look)
        except (NotFound, Rejected) as error:
            raise NeedsOperator(
                f"There is no folder /{self.address.path} at {self.address.host}, or the server does not know MLST"
                " (RFC 3659), without which changes cannot be seen.",
                code="no_folder",
            ) from error
        return f"{self.address.host}, folder /{self.address.path}"

    async def listing(self, folder: str) -> AsyncIterator[Entry]:
        def listed(ftp: ftplib.FTP) -> list[Entry]:
            found = ftp.mlsd(self._at(folder), FACTS)
            return [entry for name, facts in found if (entry := entry_of(folder, name, facts)) is not None]

        try:
            entries = await self._do(listed)
        except NotFound:
            if not folder:
                raise
            return
        for entry in entries:
            yield entry

    async def stat(self, path: str) -> Entry | None:
        guarded(path)

        def looked(ftp: ftplib.FTP) -> Entry | None:
            told = ftp.sendcmd(f"MLST {self._at(path)}").splitlines()
            line = next((one.strip() for one in told if one.startswith(" ")), "")
            facts = dict(fact.lower().split("=", 1) for fact in line.split(" ")[0].split(";") if "=" in fact)
            return entry_of("", path, facts)

        try:
            entry = await self._do(looked)
        except NotFound:
            return None
        return None if entry is None or entry.folder else entry

    async def opened(self, path: str, at: int) -> Opened:
        ftp = await self._taken()

        def opened() -> socket:
            ftp.voidcmd("TYPE I")
            return ftp.transfercmd(f"RETR {self._at(path)}", rest=at or None)

        data = await self._run(ftp, opened)

        async def close() -> None:
            """The control connection is not used again: the server may still speak of the transfer."""
            await asyncio.to_thread(data.close)
            await asyncio.to_thread(ftp.close)

        return self._chunks(ftp, data), close

    async def _chunks(self, ftp: ftplib.FTP, data: socket) -> AsyncIterator[bytes]:
        try:
            async for chunk in aiter_file(lambda: data.recv(CHUNK)):
                yield chunk
            await asyncio.to_thread(data.close)
            await asyncio.to_thread(ftp.voidresp)
        except FAILED as error:
            raise self._named(error) from error

    async def write(self, path: str, source: FileSource) -> Sent:
        part = part_of(guarded(path))
        async with source.open() as stream, self.limiter.file():
            chunks = verified(stream, length=source.length, expected=source.expected)
            try:
                await self._stored(part, chunks)
                await self.move(part, path)
            except BaseException:
                with suppress(ConnectorError):
                    await self.remove(part)
                raise
        return Sent(str(chunks.sha256), chunks.bytes)

    async def _stored(self, path: str, chunks: AsyncIterator[bytes]) -> None:
        ftp = await self._taken()

        def opened() -> socket:
            self._folders(ftp, path)
            ftp.voidcmd("TYPE I")
            return ftp.transfercmd(f"STOR {self._at(path)}")

        data = await self._run(ftp, opened)
        try:
            async for chunk in chunks:
                await self._run(ftp, lambda one=chunk: data.sendall(one))  # type: ignore[misc]
            await self._run(ftp, lambda: ended(data))
            await self._run(ftp, ftp.voidresp)
        except BaseException:
            await asyncio.to_thread(ftp.close)
            raise
        finally:
            await asyncio.to_thread(data.close)
        self._give_back(ftp)

    async def put(self, path: str, body: bytes, *, fresh: bool = False) -> bool:
        if fresh and await self.stat(path) is not None:
            return False
        part = passing_part_of(guarded(path))
        await self._stored(part, once(body))
        await self.move(part, path)
        return True

    def _folders(self, ftp: ftplib.FTP, path: str) -> None:
        for folder in parents(path):
            with suppress(ftplib.error_perm):  # what a folder answers that is there
                ftp.mkd(self._at(folder))

    async def move(self, path: str, to: str) -> None:
        guarded(path), guarded(to)

        def renamed(ftp: ftplib.FTP) -> None:
            self._folders(ftp, to)
            try:
                ftp.rename(self._at(path), self._at(to))
            except ftplib.error_perm:
                ftp.size(self._at(path))  # what is to be moved is there, so it is its new place that is taken
                ftp.delete(self._at(to))
                ftp.rename(self._at(path), self._at(to))

        await self._do(renamed)

    async def remove(self, path: str) -> None:
        guarded(path)
        with suppress(NotFound):
            await self._do(lambda ftp: ftp.delete(self._at(path)))

    # ── the connections ──────────────────────────────────────────────────────────────────────────────────────────

    def _at(self, path: str) -> str:
        """A line of FTP ends with a line break, so that a name must hold none."""
        if "\r" in path or "\n" in path:
            raise Rejected(f"{path!r} is no name that FTP can speak of.", code="path")
        return "/" + "/".join(part for part in (self.address.path, path) if part)

    async def _do(self, call: Callable[[ftplib.FTP], T]) -> T:
        async with self.limiter.call():
            ftp = await self._taken()
            answer = await self._run(ftp, lambda: call(ftp))
            self._give_back(ftp)
            return answer

    async def _run(self, ftp: ftplib.FTP, call: Callable[[], T]) -> T:
        """In a thread; after a failure, and when we are told to stop, the connection is closed."""
        try:
            return await asyncio.to_thread(call)
        except FAILED as error:
            await asyncio.to_thread(ftp.close)
            raise self._named(error) from error
        except BaseException:
            ftp.close()
            raise

    async def _taken(self) -> ftplib.FTP:
        while self._idle:
            ftp = self._idle.pop()
            with suppress(*FAILED):
                await asyncio.to_thread(ftp.voidcmd, "NOOP")
                return ftp
            await asyncio.to_thread(ftp.close)
        try:
            found = await self.services.egress.reach(self.address.host, self.address.port)
            return await asyncio.to_thread(self._login, found[0])
        except FAILED as error:
            raise self._named(error) from error

    def _login(self, at: str) -> ftplib.FTP:
        """To the address that was checked; data connections go to the same one, whatever the server names."""
        patience = self.services.patience
        tls = self.address.kind == "ftps"
        ftp = ftplib.FTP_TLS(context=ssl.create_default_context()) if tls else ftplib.FTP()  # noqa: S321 (as the operator set)
        try:
            ftp.connect(at, self.address.port, timeout=patience.read)
            ftp.host = self.address.host  # whose certificate is looked at
            ftp.login(self.user or "anonymous", self.password)
            if isinstance(ftp, ftplib.FTP_TLS):
                ftp.prot_p()
        except BaseException:
            ftp.close()
            raise
        return ftp

    def _give_back(self, ftp: ftplib.FTP) -> None:
        if len(self._idle) < KEPT:
            self._idle.append(ftp)
        else:
            ftp.close()

    def _named(self, error: BaseException) -> ConnectorError:
        """What the server answered (RFC 959) or the network did, in words; the password is never repeated by either."""
        host, said = self.address.host, str(error)[:200].replace(self.password or "\0", "•••")
        if said[:3] == "550":
            return no_file(host, said)
        if isinstance(error, ssl.SSLCertVerificationError):
            return NeedsOperator(f"The TLS certificate of {host} cannot be trusted; check its address.", code="tls")
        refused = isinstance(error, ftplib.Error) and said.startswith("5")
        kind, sentence = BY_CODE.get(said[:3], OTHERWISE[refused])
        return kind(sentence.format(host=host, said=said or type(error).__name__))


def no_file(host: str, said: str) -> ConnectorError:
    """550 is all that is wrong with a file: not there, or not for us."""
    if "permission" in said.lower() or "denied" in said.lower():
        return NeedsOperator(f"{host} does not let us do that ({said}); give the user the right to.", code="right")
    return NotFound(f"A file or folder at {host} is not there ({said}).")


def entry_of(folder: str, name: str, facts: dict[str, str]) -> Entry | None:
    """What MLSD tells of a member (RFC 3659, 7); `unique` is another one where a file was put over another."""
    path = f"{folder}/{name}" if folder else name
    if facts.get("type") == "dir":
        return Entry(path=path, folder=True)
    if facts.get("type") != "file":
        return None
    size, modify = facts.get("size", "0"), facts.get("modify", "")
    tag = f"{modify}-{size}-{facts.get('unique', '')}"
    return Entry(path=path, size=int(size) if size.isdecimal() else 0, modified=seconds(modify), tag=tag)


def seconds(modify: str) -> float:
    try:
        return datetime.strptime(modify[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def ended(data: socket) -> None:
    """The end of a file is the end of its connection; TLS says so first, else it would look cut."""
    if isinstance(data, ssl.SSLSocket):
        data.unwrap()
    data.close()


async def once(body: bytes) -> AsyncIterator[bytes]:
    yield body
