"""WebDAV (RFC 4918) over the kit's own HTTP: egress, limits, short repeats and range resume are those of every connection."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import ClassVar
from urllib.parse import quote, unquote, urlsplit

from lxml import etree

from lockgate.connectors.files.address import Address
from lockgate.connectors.files.stores.base import (
    Entry,
    Sent,
    Store,
    guarded,
    http_seconds,
    parents,
    part_of,
    passing_part_of,
)
from lockgate.connectors.files.stores.xml import parsed
from lockgate.kit.contract import FileSource
from lockgate.kit.errors import Conflict, ConnectorError, ContractBroken, NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.http import Auth, RestClient
from lockgate.kit.services import Services

D = "{DAV:}"
ASKED = (
    b'<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>'
    b"<resourcetype/><getcontentlength/><getlastmodified/><getetag/></prop></propfind>"
)
XML = {"Content-Type": "application/xml; charset=utf-8"}


class AlreadyThere(Rejected):
    """There is a folder, or a server that lets none be made; what is put into it then tells."""


class DavClient(RestClient):
    errors: ClassVar[dict[int, type[ConnectorError]]] = {
        405: AlreadyThere,  # what MKCOL answers for a folder that is there (RFC 4918, 9.3.1)
        423: Transient,  # locked by somebody who is editing it
        507: Transient,  # no room
    }

    def reason(self, body: bytes) -> str:  # noqa: ARG002 (see below)
        """Servers explain themselves in HTML, XML or not at all: nothing of that is for an operator."""
        return ""


class DavStore(Store):
    title: ClassVar[str] = "WebDAV server"
    how: ClassVar[str] = "A file is put as .name.part and moved over the old one: others see it whole or not at all."

    def __init__(self, address: Address, auth: Auth, services: Services) -> None:
        scheme = "https" if address.kind == "davs" else "http"
        host = f"[{address.host}]" if ":" in address.host else address.host
        self.base = f"{scheme}://{host}:{address.port}/{quote(address.path)}".rstrip("/")
        self.root = unquote(urlsplit(self.base).path)
        self.services = services
        self.client = DavClient(self.base, services, auth)
        self._known: set[str] = set()
        """Folders that were seen or made."""

    async def close(self) -> None:
        await self.client.close()

    async def check(self) -> str:
        try:
            found = await self._asked("", depth="0")
        except NotFound as error:
            raise NeedsOperator(
                f"There is no folder {self.base}: make it or correct the address.", code="no_folder"
            ) from error
        if not found or not found[0].folder:
            raise NeedsOperator(f"{self.base} is no folder of a WebDAV server; correct the address.", code="no_folder")
        return self.base

    async def listing(self, folder: str) -> AsyncIterator[Entry]:
        try:
            found = await self._asked(folder, depth="1")
        except NotFound:
            if not folder:
                raise
            return
        begins = f"{folder}/" if folder else ""
        for entry in found:
            below = entry.path.removeprefix(begins)
            if entry.path.startswith(begins) and below and "/" not in below:
                yield entry

    async def stat(self, path: str) -> Entry | None:
        try:
            found = await self._asked(guarded(path), depth="0")
        except NotFound:
            return None
        return next((entry for entry in found if entry.path == path and not entry.folder), None)

    async def _asked(self, path: str, depth: str) -> list[Entry]:
        url = self._url(path) + ("/" if depth == "1" or not path else "")
        answer = await self.client.request(
            "PROPFIND", url, headers={**XML, "Depth": depth}, body=ASKED, repeatable=True
        )
        if answer.status != 207:
            raise ContractBroken(f"{self.services.connection} answered PROPFIND with {answer.status}, not 207.")
        return [entry for one in parsed(answer.body, "PROPFIND").iter(f"{D}response") if (entry := self._entry(one))]

    def _entry(self, response: etree._Element) -> Entry | None:
        """A member; None for one that is not below our root, or of which nothing is told."""
        path = unquote(urlsplit((response.findtext(f"{D}href") or "").strip()).path).rstrip("/")
        if path != self.root and not path.startswith(f"{self.root}/"):
            return None
        told = next(
            (one for one in response.iter(f"{D}propstat") if " 200" in (one.findtext(f"{D}status") or "")), None
        )
        if told is None:
            return None
        return entry_of(path.removeprefix(self.root).lstrip("/"), told)

    @asynccontextmanager
    async def read(self, path: str) -> AsyncIterator[AsyncIterator[bytes]]:
        async with self.client.stream(self._url(guarded(path))) as stream:
            yield stream.chunks

    async def write(self, path: str, source: FileSource) -> Sent:
        part = part_of(guarded(path))
        await self._folders(part)
        try:
            sent = await self.client.upload("PUT", self._url(part), source)
            await self.move(part, path)
        except BaseException as error:
            if isinstance(error, Conflict):
                self._known.clear()  # a folder we made is gone: RFC 4918, 9.7.1
            with suppress(ConnectorError):
                await self.remove(part)  # there are servers that keep what came of a body that broke off
            raise
        return Sent(sent.sha256, sent.bytes)

    async def put(self, path: str, body: bytes, *, fresh: bool = False) -> bool:
        await self._folders(guarded(path))
        target = path if fresh else passing_part_of(path)
        headers = {"Content-Type": "application/octet-stream", **({"If-None-Match": "*"} if fresh else {})}
        try:
            await self.client.request("PUT", self._url(target), headers=headers, body=body, repeatable=not fresh)
        except Conflict:
            self._known.clear()
            if fresh and await self.stat(path) is not None:
                return False
            raise
        if not fresh:
            await self.move(target, path)
        return True

    async def _folders(self, path: str) -> None:
        for folder in parents(path):
            if folder in self._known:
                continue
            with suppress(AlreadyThere):
                await self.client.request("MKCOL", self._url(folder), repeatable=True)
            self._known.add(folder)

    async def move(self, path: str, to: str) -> None:
        await self._folders(guarded(to))
        headers = {"Destination": self._url(to), "Overwrite": "T"}
        await self.client.request("MOVE", self._url(guarded(path)), headers=headers)

    async def remove(self, path: str) -> None:
        try:
            await self.client.request("DELETE", self._url(guarded(path)))
        except NotFound:
            return

    def _url(self, path: str) -> str:
        return f"{self.base}/{quote(path)}" if path else self.base


def entry_of(path: str, told: etree._Element) -> Entry:
    if told.find(f".//{D}resourcetype/{D}collection") is not None:
        return Entry(path=path, folder=True)
    size = (told.findtext(f".//{D}getcontentlength") or "").strip()
    modified = (told.findtext(f".//{D}getlastmodified") or "").strip()
    tag = (told.findtext(f".//{D}getetag") or "").strip().removeprefix("W/").strip('"')
    return Entry(
        path=path,
        size=int(size) if size.isdecimal() else 0,
        modified=http_seconds(modified),
        tag=tag or f"{modified}-{size}",
    )
