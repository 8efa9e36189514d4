"""What each way to speak to a store costs, on the real servers: `python -m bench.clients [MIB]`.

One file in and out again by what the connector for folders is built on, and by libraries that could be in its place, with
SHA-256 of the bytes on the way in each case. Prints MB per CPU second of this process, servers aside, and MB/s.
"""

import asyncio
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import obstore
import opendal
import uvloop
from obstore.store import S3Store
from tests.servers.running import ftp, s3, webdav
from tests.servers.running.processes import NotInstalled, NotStarted

from bench.jobs.stores import megabytes, on_s3, on_sftp, on_webdav
from bench.send import Told, sent, taken
from lockgate.app import logs
from lockgate.connectors.files.settings import FilesSettings
from lockgate.connectors.files.stores import opened
from lockgate.kit.egress import Egress
from lockgate.kit.limits import Limits
from lockgate.kit.services import Services

CHUNK = 1 << 18
Copy = Callable[[], Awaitable[Any]]


async def main(mib: int) -> None:
    with tempfile.TemporaryDirectory() as at:
        folder, blob, back = Path(at), Path(at) / "blob", Path(at) / "back"
        with blob.open("wb") as file:
            for _ in range(mib):
                file.write(os.urandom(1 << 20))
        for name, kind in (("SFTP", of_sftp), ("WebDAV", of_webdav), ("S3", of_s3), ("FTP", of_ftp)):
            place = folder / name
            place.mkdir()
            try:
                await kind(place, blob, back)
            except (NotInstalled, NotStarted) as reason:
                say(f"{name}: not run, {reason}")


async def timed(what: str, blob: Path, into: Copy, out: Copy) -> None:
    size = await asyncio.to_thread(megabytes, blob)
    for way, copy in (("in", into), ("out", out)):
        cpu, begun = time.process_time(), time.perf_counter()
        try:
            await copy()
        except Exception as error:  # noqa: BLE001 (whatever a library raises is what there is to tell)
            say(f"{what:28} {way:4} cannot: {' '.join(str(error).split())[-90:]}")
            continue
        cpu, seconds = time.process_time() - cpu, time.perf_counter() - begun
        say(f"{what:28} {way:4} {size / cpu:8,.0f} MB per CPU s {size / seconds:8,.0f} MB/s")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


# ── ours ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def ours(what: str, settings: dict[str, Any], blob: Path, back: Path) -> None:
    told = FilesSettings.model_validate(settings)
    egress = Egress(hosts=told.site_hosts(), private=True)
    store = opened(told, Services(connection="bench", egress=egress, limits=Limits(), spool=blob.parent))
    try:
        await store.check()
        await timed(
            what,
            blob,
            lambda: sent(store, Told(settings, True, str(blob), "ours.bin")),
            lambda: taken(store, Told(settings, False, str(back), "ours.bin")),
        )
    finally:
        await store.close()


# ── others ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def by_opendal(what: str, blob: Path, back: Path, scheme: str, **options: str) -> None:
    store = opendal.AsyncOperator(scheme, **options)

    async def into() -> None:
        file = await store.open("opendal.bin", "wb")
        async for chunk in hashed(blob):
            await file.write(chunk)
        await file.close()

    async def out() -> None:
        if not await store.exists("opendal.bin"):
            await store.write(
                "opendal.bin", await asyncio.to_thread(blob.read_bytes)
            )  # whole, where it takes no pieces
        file = await store.open("opendal.bin", "rb")
        await kept(back, file.read)
        await file.close()

    await timed(what, blob, into, out)


async def by_obstore(what: str, blob: Path, back: Path, server: s3.S3) -> None:
    store = S3Store(
        server.bucket,
        endpoint=server.url,
        access_key_id=server.access_key,
        secret_access_key=server.secret_key,
        region=server.region,
        virtual_hosted_style_request=False,
        client_options={"allow_http": True},
    )

    async def into() -> None:
        await obstore.put_async(store, "obstore.bin", hashed(blob))

    async def out() -> None:
        chunks = (await obstore.get_async(store, "obstore.bin")).stream(CHUNK)

        async def read(_: int) -> bytes:
            return bytes(await anext(chunks, b""))

        await kept(back, read)

    await timed(what, blob, into, out)


async def hashed(path: Path) -> AsyncIterator[bytes]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            await asyncio.to_thread(digest.update, chunk)
            yield chunk


async def kept(path: Path, read: Callable[[int], Awaitable[bytes]]) -> None:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        while chunk := await read(CHUNK):
            await asyncio.to_thread(digest.update, chunk)
            await asyncio.to_thread(file.write, chunk)


# ── the servers ──────────────────────────────────────────────────────────────────────────────────────────────────


async def of_sftp(place: Path, blob: Path, back: Path) -> None:
    async with on_sftp(place) as both:
        await ours("SFTP, asyncssh (ours)", both.settings, blob, back)
    try:
        opendal.AsyncOperator("sftp", endpoint="ssh://127.0.0.1", user="x", key="x")
    except opendal.exceptions.Unsupported as error:
        say(f"SFTP, opendal: none, {' '.join(str(error).split())[:80]}")


async def of_webdav(place: Path, blob: Path, back: Path) -> None:
    async with on_webdav(place) as both:
        await ours("WebDAV, kit (ours)", both.settings, blob, back)
    other = place / "other"
    other.mkdir()
    async with webdav.running(other) as server:
        login = {"endpoint": server.url.rstrip("/"), "username": server.user, "password": server.password}
        await by_opendal("WebDAV, opendal", blob, back, "webdav", **login)


async def of_s3(place: Path, blob: Path, back: Path) -> None:
    async with on_s3(place) as both:
        await ours("S3, kit (ours)", both.settings, blob, back)
    other = place / "other"
    other.mkdir()
    async with s3.running(other) as server:
        await by_obstore("S3, obstore", blob, back, server)
        login = {"access_key_id": server.access_key, "secret_access_key": server.secret_key, "region": server.region}
        await by_opendal("S3, opendal", blob, back, "s3", bucket=server.bucket, endpoint=server.url, **login)


async def of_ftp(place: Path, blob: Path, back: Path) -> None:
    async with ftp.running(place) as server:
        login = {"user": server.user, "password": server.password}
        settings = {"address": f"ftp://{server.host}:{server.port}/", **login}
        await ours("FTP, ftplib (ours)", settings, blob, back)
        at = f"ftp://{server.host}:{server.port}"
        await by_opendal("FTP, opendal", blob, back, "ftp", endpoint=at, **login)


if __name__ == "__main__":
    logs.configure()
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 128))
