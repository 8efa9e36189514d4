"""Small pictures of items: read from the system that has them, made small here, and kept in a folder of bounded size.

Nothing of a vendor's file is handed on: what is shown is drawn anew, a few hundred pixels, without metadata.
"""

import asyncio
import hashlib
import io
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.engine.bound import Bound
from lockgate.kit.contract import Connector, capabilities
from lockgate.kit.errors import ContractBroken, NeedsOperator, Rejected
from lockgate.ledger import deliveries
from lockgate.ledger.deliveries import Delivery
from lockgate.model.item import Item, Rendition

MEDIA_TYPE = "image/webp"
PIXELS = 320
"""Width and height at most."""
READABLE = ("image/jpeg", "image/png", "image/webp", "image/gif")
BY_NAME = ("thumb", "small", "preview", "medium", "large")
"""Words in the names of renditions that are meant for looking at, the smallest first."""
LARGEST = 16 * 1024 * 1024
"""Bytes of a file that is read to make a small picture of it."""
MOST_PIXELS = 100_000_000
KEPT = 256 * 1024 * 1024
"""Bytes of all pictures that are kept; beyond that those go that were not asked for longest."""
NONE_FOR = 60.0
"""Seconds after which one looks again where there was no picture: many systems draw theirs a while after the file came."""
AT_ONCE = 4
"""Pictures that are made at the same time."""


class Pictures:
    """The small pictures of one installation."""

    def __init__(self, folder: Path, *, kept: int = KEPT) -> None:
        self.folder, self.kept = folder, kept
        self._room = asyncio.Semaphore(AT_ONCE)
        self._size: int | None = None

    async def of_item(self, app: Lockgate, flow: str, key: str, *, copy: bool = False) -> Path:
        """The picture of an item at its source, or with `copy` of our copy at the target.

        Raises Refused where there is none, ConnectorError when the system does not answer.
        """
        bound, row = await self._known(app, flow, key)
        if copy:
            if row is None or row.ref is None:
                raise Refused(f"there is no copy of {key!r} at {bound.flow.target.connection}", missing=True)
            state = f"{row.file_version} {row.since.isoformat()}"
            return await self._of(bound.flow.target.connection, bound.target, bound.as_kind, row.ref, state)
        state = row.rev if row is not None else ""
        return await self._of(bound.flow.source.connection, bound.source, bound.kind, key, state)

    async def _known(self, app: Lockgate, flow: str, key: str) -> tuple[Bound, Delivery | None]:
        await app.flows.row(flow)
        bound = (app.engine.flows.get(flow) if app.engine else None) or await app.flows.bound(flow)
        return bound, (await app.ledger.read(lambda c: deliveries.get(c, flow, [key]))).get(key)

    async def _of(self, connection: str, connector: Connector[Any], kind: str, id: str, state: str) -> Path:
        """`state` differs whenever the picture may; where nothing is known of that the system is asked each time."""
        if not {"fetch", "open"} <= capabilities(connector).keys():
            raise Refused(f"{connection} gives no files", missing=True)
        async with self._room:
            file = self._file(connection, kind, id, state)
            if not state or not known(file):
                items = await connector.fetch(kind, [id])
                item = items[0] if items else None
                file = file if state else self._file(connection, kind, id, item.revision if item else "")
                if not known(file):
                    await self._keep(file, await made(connector, item))
        return await asyncio.to_thread(shown, file, connection, id)

    def _file(self, *parts: str) -> Path:
        name = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        return self.folder / name[:2] / f"{name}.webp"

    async def _keep(self, file: Path, picture: bytes) -> None:
        await asyncio.to_thread(written, file, picture)
        if self._size is None:
            self._size = await asyncio.to_thread(size_of, self.folder)
        else:
            self._size += len(picture)
        if self._size > self.kept:
            self._size = await asyncio.to_thread(cleared, self.folder, self.kept * 3 // 4)


def known(file: Path) -> bool:
    """Whether the picture is kept, or was looked for just now and not found."""
    try:
        told = file.stat()
    except FileNotFoundError:
        return False
    return told.st_size > 0 or time.time() - told.st_mtime < NONE_FOR


def shown(file: Path, connection: str, id: str) -> Path:
    """The file, marked as asked for now. Raises Refused where it says that there is no picture."""
    if file.stat().st_size == 0:
        raise Refused(f"{connection} has no picture of {id!r} that can be shown", missing=True)
    os.utime(file)
    return file


def written(file: Path, picture: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}.{id(picture)}")
    fresh.write_bytes(picture)
    fresh.replace(file)


def all_of(folder: Path) -> list[tuple[float, int, Path]]:
    """Every picture: when it was asked for last, its size, its place."""
    found = []
    for file in folder.glob("*/*.webp"):
        with suppress(FileNotFoundError):  # another process cleared it
            told = file.stat()
            found.append((told.st_mtime, told.st_size, file))
    return found


def size_of(folder: Path) -> int:
    return sum(size for _, size, _ in all_of(folder))


def cleared(folder: Path, least: int) -> int:
    """Remove what was not asked for longest until so many bytes are left; answers how many are."""
    found = sorted(all_of(folder))
    left = sum(size for _, size, _ in found)
    for _, size, file in found:
        if left <= least:
            break
        file.unlink(missing_ok=True)
        left -= size
    return left


async def made(connector: Connector[Any], item: Item | None) -> bytes:
    """The small picture of an item; empty where there is none to be made."""
    chosen = smallest(item.renditions) if item is not None else None
    if item is None or chosen is None:
        return b""
    try:
        return await asyncio.to_thread(drawn, await content_of(connector, item, chosen))
    except (NeedsOperator, Rejected, ContractBroken):  # this rendition is not for us: no reason to trouble anybody
        return b""


async def content_of(connector: Connector[Any], item: Item, chosen: Rendition) -> bytes:
    """The bytes of a rendition; empty where it is no picture, or too long."""
    async with connector.open(item.id, chosen) as file:
        if file.media_type.partition(";")[0] not in READABLE or (file.length or 0) > LARGEST:
            return b""
        content = bytearray()
        async for chunk in file.chunks:
            content += chunk
            if len(content) > LARGEST:
                return b""
    return bytes(content)


def smallest(renditions: Sequence[Rendition]) -> Rendition | None:
    """A rendition made for looking at; where there is none a picture that is not too long."""
    for word in BY_NAME:
        for one in renditions:
            if word in one.name.lower() and one.media_type in {None, *READABLE}:
                return one
    pictures = (one for one in renditions if one.media_type in READABLE and (one.length or 0) <= LARGEST)
    return min(pictures, key=lambda one: one.length or LARGEST, default=None)


def drawn(content: bytes) -> bytes:
    """A picture drawn small; empty for what is none."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return b""
            opened.draft("RGB", (PIXELS, PIXELS))
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((PIXELS, PIXELS))
            small = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")
            out = io.BytesIO()
            small.save(out, "WEBP", quality=80)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return b""
