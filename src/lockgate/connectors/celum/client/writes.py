"""The calls of the Content API that change something. What each answers is what CELUM holds afterwards."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from lockgate.connectors.celum.client import errors
from lockgate.connectors.celum.client.calls import Asset, CelumClient, Record
from lockgate.kit.contract import FileSource
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound
from lockgate.kit.transfer import spooled

OCTETS = "application/octet-stream"
Body = Mapping[str, Any]


class Place(msgspec.Struct):
    """Where bytes are sent to, and the handle under which they are used, once."""

    url: str
    handle: str


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A file that lies ready at CELUM, not yet part of any asset."""

    handle: str
    filename: str
    sha256: str
    bytes: int


class CelumWriter(CelumClient):
    """The same account, when it writes.

    POST is never repeated unasked: where its answer is lost, whoever called looks first. PATCH may be repeated: each of
    ours says what is to be, not by how much.
    """

    async def put(self, file: FileSource) -> Sent:
        """Send a file's bytes, in two of CELUM's three steps. It wants the length first, so one that is unknown is spooled."""
        async with self._measured(file) as known:
            told = {"filename": known.filename, "filesize": known.length}
            place: Place = await self.send_json("POST", "upload", told, repeatable=True, type=Place)
            sent = await self.upload(self.quirks.upload_method, place.url, known, media_type=OCTETS, repeatable=False)
        return Sent(handle=place.handle, filename=known.filename, sha256=sent.sha256, bytes=sent.bytes)

    @asynccontextmanager
    async def _measured(self, file: FileSource) -> AsyncIterator[FileSource]:
        if file.length is not None:
            yield file
            return
        async with spooled(file, self.services.spool) as kept:
            yield kept.source

    async def create(self, path: str, body: Body) -> Record:
        """POST of a new entity. Never repeated by itself."""
        made: Record = await self.send_json("POST", path, body, repeatable=False, type=Record)
        return made

    async def change(self, path: str, body: Body, *, repeatable: bool = True) -> Record:
        """PATCH of an entity."""
        changed: Record = await self.send_json("PATCH", path, body, repeatable=repeatable, type=Record)
        return changed

    async def change_asset(self, id: str | int, body: Body, *, repeatable: bool = True) -> Asset:
        """PATCH of an asset. A refusal of one asset (locked, a right missing there) is told from one of the account."""
        try:
            return await self.change(f"assets/{id}", body, repeatable=repeatable)
        except NeedsOperator as refused:
            raise await self.why(id, refused) from refused

    async def remove(self, path: str) -> bool:
        """DELETE; False when it is gone already."""
        try:
            await self.request("DELETE", path)
        except NotFound:
            return False
        return True

    async def why(self, id: str | int, refused: NeedsOperator) -> ConnectorError:
        """Why an asset may not be written: a lock, rights at this asset, or the account as a whole."""
        if refused.code != errors.FORBIDDEN:
            return refused
        try:
            asset = await self.asset(id, "permissions")
            me = await self.me()
        except ConnectorError:
            return refused
        return errors.locked(asset, me, refused) or errors.lacking(asset, refused) or refused
