"""One file into a store or out of it by the connector for folders, as a process of its own: `python -m bench.send`.

Told by a line of JSON what to do. Streamed, with SHA-256 on the way. Prints what it cost.
"""

import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import uvloop

from bench.machine import cost
from lockgate.app import logs
from lockgate.connectors.files.settings import FilesSettings
from lockgate.connectors.files.stores import Store, opened
from lockgate.kit.contract import FileSource, FileStream
from lockgate.kit.egress import Egress
from lockgate.kit.limits import Limits
from lockgate.kit.services import Services
from lockgate.kit.transfer import file_source, path_source, write

TYPE = "application/octet-stream"


class Told(msgspec.Struct, frozen=True):
    """What to do. `into` says whether the file goes into the store, `place` where it lies on this machine."""

    settings: dict[str, Any]
    into: bool
    place: str
    path: str


async def main(told: Told) -> None:
    settings = FilesSettings.model_validate(told.settings)
    with TemporaryDirectory() as spool:
        egress = Egress(hosts=settings.site_hosts(), private=True)
        services = Services(connection="bench", egress=egress, limits=Limits(), spool=Path(spool))
        store = opened(settings, services)
        try:
            await store.check()
            before, begun = cost(os.getpid()), time.perf_counter()
            sha256, length = await (sent if told.into else taken)(store, told)
            seconds, after = time.perf_counter() - begun, cost(os.getpid())
        finally:
            await store.close()
    found = {"seconds": seconds, "cpu": after.cpu - before.cpu, "peak_mb": after.peak_mb}
    sys.stdout.write(msgspec.json.encode({**found, "sha256": sha256, "bytes": length}).decode() + "\n")


async def sent(store: Store, told: Told) -> tuple[str, int]:
    source = Path(told.place)
    length = os.stat(source).st_size  # noqa: PTH116 (before anything is measured)
    written = await store.write(told.path, path_source(source, filename=told.path, media_type=TYPE, length=length))
    return written.sha256, written.bytes


async def taken(store: Store, told: Told) -> tuple[str, int]:
    chunks = await write(stored(store, told.path), Path(told.place))
    return str(chunks.sha256), chunks.bytes


def stored(store: Store, path: str) -> FileSource:
    @asynccontextmanager
    async def reading() -> AsyncIterator[FileStream]:
        async with store.read(path) as chunks:
            yield FileStream(filename=path, media_type=TYPE, length=None, chunks=chunks)

    return file_source(reading, filename=path, media_type=TYPE)


if __name__ == "__main__":
    logs.configure()
    uvloop.run(main(msgspec.json.decode(sys.stdin.readline(), type=Told)))
