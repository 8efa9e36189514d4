"""Large files in parts: announced, sent piece by piece, closed; what then makes a document names them by their key."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from lockgate.connectors.opentext.client.errors import PART_THERE
from lockgate.connectors.opentext.client.http import OtcsHttp
from lockgate.kit.contract import FileSource, FileStream
from lockgate.kit.errors import ConnectorError, ContractBroken, Rejected
from lockgate.kit.http import segment
from lockgate.kit.transfer import Spooled, aiter_file, file_source

PARTS = "/api/v2/multipart"
CHUNK = 256 * 1024


class PartCalls(OtcsHttp):
    """The calls of large uploads."""

    async def takes_parts(self, length: int) -> bool:
        """Whether a file of this length travels in parts: it is large by our settings, and the server takes it so."""
        if length < self.quirks.parts_from:
            return False
        try:
            told = await self.get(f"{PARTS}/settings")
        except Rejected:  # servers without the call take files in one piece
            return False
        least, most = told.get("min_size"), told.get("max_size")
        fits = (not isinstance(least, int) or length >= least) and (not isinstance(most, int) or length <= most)
        return told.get("is_enabled") is True and fits

    async def sent_in_parts(self, kept: Spooled) -> str:
        """Send a file that lies on disk; the key of the whole. What broke off is cancelled."""
        source = kept.source
        fields = {"file_name": source.filename, "file_size": kept.length, "mime_type": source.media_type}
        begun = await self.form("POST", PARTS, fields)
        key, size, count = begun.get("upload_key"), begun.get("part_size"), begun.get("num_parts")
        if not (isinstance(key, str) and key and isinstance(size, int) and isinstance(count, int)):
            raise ContractBroken("A large upload was begun without key, size and number of its parts.", code="parts")
        if size < 1 or -(-kept.length // size) != count:
            raise ContractBroken(f"{kept.length} bytes are to go in {count} parts of {size}.", code="parts")
        path = f"{PARTS}/{segment(key)}"
        try:
            for number in range(count):
                await self._part(f"{path}/{number + 1}", slice_of(kept, number * size, size))
            await self.form("POST", path, {})
        except BaseException:
            with suppress(ConnectorError):
                await self.request("DELETE", path)
            raise
        return key

    async def _part(self, path: str, source: FileSource) -> None:
        """A part may be sent again: the server knows those it has."""
        try:
            await self.upload("POST", path, source, field="part_content", repeatable=True)
        except Rejected as error:
            if error.code != PART_THERE:
                raise


def slice_of(kept: Spooled, begin: int, size: int) -> FileSource:
    """So many bytes of a file on disk, from a place on; fewer at its end."""
    length, name = min(size, kept.length - begin), kept.source.filename
    media_type = "application/octet-stream"

    @asynccontextmanager
    async def opened() -> AsyncIterator[FileStream]:
        reading = await asyncio.to_thread(Slice, kept.path, begin, length)
        try:
            yield FileStream(filename=name, media_type=media_type, length=length, chunks=aiter_file(reading.read))
        finally:
            await asyncio.to_thread(reading.file.close)

    return file_source(opened, filename=name, media_type=media_type, length=length)


class Slice:
    """A file open at a place, of which so many bytes are read."""

    def __init__(self, path: Path, begin: int, length: int) -> None:
        self.file = path.open("rb")
        self.file.seek(begin)
        self.left = length

    def read(self) -> bytes:
        piece = self.file.read(min(CHUNK, self.left))
        self.left -= len(piece)
        return piece
