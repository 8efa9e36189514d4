"""One file into a real store and out of it again, with SHA-256 on the way, beside rclone on the same server in the same round."""

import asyncio
import hashlib
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from tests.servers.running import s3, sftp, webdav
from tests.servers.running.processes import NotInstalled, NotStarted

from bench.figures import Figures, Parts
from bench.jobs.files import rates, spent
from bench.place import Place
from bench.process import ROOT

SIZE = 256
"""MiB."""
PATH = "bench/blob.bin"
CLEAN = ["env", "-u", "AWS_CA_BUNDLE"]
"""A bundle of certificates that the environment names stops this rclone's S3, which speaks no TLS here."""


class Both(NamedTuple):
    """One store, as the connector and as rclone are told of it."""

    settings: dict[str, Any]
    remote: str
    flags: list[str]


async def stores(place: Place) -> Parts:
    """Each store in turn. A server that this machine does not have is told as not run."""
    parts: Parts = {}
    blob = await asyncio.to_thread(made, place.folder / "blob.bin", 4 if place.quick else SIZE)
    for name, running in list(STORES.items())[: 1 if place.quick else len(STORES)]:
        folder = place.folder / name
        folder.mkdir()
        try:
            async with running(folder) as both:
                place.say(name)
                parts |= await one(place, name, both, blob)
        except (NotInstalled, NotStarted) as reason:
            place.not_run[name] = str(reason)
    if not parts:
        raise RuntimeError(f"no server is installed: {'; '.join(place.not_run.values())}")
    if not shutil.which("rclone"):
        place.not_run["rclone"] = "it is not installed"
    return parts


def made(path: Path, mib: int) -> Path:
    """Bytes that nothing can compress."""
    with path.open("wb") as file:
        for _ in range(mib):
            file.write(os.urandom(1 << 20))
    return path


async def one(place: Place, name: str, both: Both, blob: Path) -> Parts:
    back = place.folder / "back.bin"
    parts = {
        f"{name}, into it, Lockgate": await by_us(both, blob, blob, into=True),
        f"{name}, out of it, Lockgate": await by_us(both, blob, back, into=False),
    }
    if shutil.which("rclone"):
        remote, size = f"{both.remote}/clone.bin", await asyncio.to_thread(megabytes, blob)
        command = [*CLEAN, "rclone", "copyto", "--config", os.devnull, "--retries", "1", *both.flags]
        parts[f"{name}, into it, rclone"] = rates(size, await spent([[*command, blob, remote]]))
        parts[f"{name}, out of it, rclone"] = rates(size, await spent([[*command, remote, back]]))
    return parts


async def by_us(both: Both, blob: Path, place: Path, *, into: bool) -> Figures:
    told = {"settings": both.settings, "into": into, "place": str(place), "path": PATH}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.send", cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate(msgspec.json.encode(told) + b"\n")
    if process.returncode:
        raise RuntimeError("the file did not get there")
    found = msgspec.json.decode(said)
    if found["sha256"] != await asyncio.to_thread(digest, blob):
        raise RuntimeError("the file did not arrive as it is")
    return rates(found["bytes"] / 1e6, found)


def megabytes(path: Path) -> float:
    return path.stat().st_size / 1e6


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ── the stores ───────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def on_sftp(folder: Path) -> AsyncIterator[Both]:
    async with sftp.running(folder) as server:
        known = folder / "known_hosts"
        known.write_text(server.known_hosts)
        settings = {
            "address": f"sftp://{server.host}:{server.port}{server.root}",
            "user": server.user,
            "private_key": server.user_key.read_text(),
            "known_hosts": server.known_hosts,
        }
        flags = ["--sftp-host", server.host, "--sftp-port", str(server.port), "--sftp-user", server.user]
        flags += ["--sftp-key-file", str(server.user_key), "--sftp-known-hosts-file", str(known)]
        yield Both(settings, f":sftp:{server.root}", flags)


@asynccontextmanager
async def on_webdav(folder: Path) -> AsyncIterator[Both]:
    async with webdav.running(folder) as server:
        address = server.url.replace("http://", "dav://")
        settings = {"address": address, "user": server.user, "password": server.password}
        flags = ["--webdav-url", server.url, "--webdav-user", server.user]
        if shutil.which("rclone"):
            flags += ["--webdav-pass", await said("rclone", "obscure", server.password)]
        yield Both(settings, ":webdav:", flags)


@asynccontextmanager
async def on_s3(folder: Path) -> AsyncIterator[Both]:
    async with s3.running(folder) as server:
        settings = {
            "address": f"s3://{server.bucket}",
            "endpoint": server.url,
            "user": server.access_key,
            "password": server.secret_key,
            "region": server.region,
        }
        flags = ["--s3-provider", "Other", "--s3-endpoint", server.url, "--s3-region", server.region]
        flags += ["--s3-access-key-id", server.access_key, "--s3-secret-access-key", server.secret_key]
        yield Both(settings, f":s3:{server.bucket}", flags)


async def said(*words: str) -> str:
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    return out.decode().strip()


STORES: dict[str, Callable[[Path], AbstractAsyncContextManager[Both]]] = {
    "SFTP": on_sftp,
    "WebDAV": on_webdav,
    "S3": on_s3,
}
