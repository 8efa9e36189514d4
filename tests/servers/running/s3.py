"""S3: OpenStack Swift with its S3 door: account, container and object server behind a proxy, one copy of everything."""

import asyncio
import getpass
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from yarl import URL

from .installed import program
from .processes import NotStarted, Ready, answering, free_ports, listening, process, run

STORES = ("account", "container", "object")
DEBIAN_PYTHON = "/usr/bin/python3"
"""The interpreter that Debian's Swift is installed for."""
RINGS = """
import sys
from swift.common.ring.builder import RingBuilder
for name, port in zip(("account", "container", "object"), sys.argv[1:]):
    ring = RingBuilder(4, 1, 1)
    ring.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port), "device": "d1", "weight": 1.0})
    ring.rebalance()
    ring.get_ring().save(name + ".ring.gz")
"""
"""Tells the servers where what lies: all of it on one device. What `swift-ring-builder` does in nine starts of Python."""

SWIFT = """\
[swift-hash]
swift_hash_path_suffix = lockgate
swift_hash_path_prefix = lockgate
[storage-policy:0]
name = Policy-0
default = yes
"""
STORE = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
workers = 0
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
disable_fallocate = true
log_name = {name}
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""
PROXY = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
workers = 0
swift_dir = {folder}
[pipeline:main]
pipeline = {pipeline}
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_{user_name} = {secret} .admin
[filter:s3api]
use = egg:swift#s3api
location = {region}
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{nowhere}
"""
PIPELINE = (
    "catch_errors gatekeeper proxy-logging cache listing_formats bulk "
    "s3api tempauth slo dlo versioned_writes symlink proxy-logging proxy-server"
)
PLAIN = (
    "catch_errors", "gatekeeper", "proxy_logging", "listing_formats", "bulk", "slo", "dlo", "versioned_writes", "symlink"
)  # fmt: skip


@dataclass(frozen=True)
class S3:
    url: str
    """The endpoint; path style, signature version 4, see `bucket`."""
    access_key: str = "test:tester"
    secret_key: str = "testing"
    region: str = "us-east-1"
    bucket: str = "lockgate"
    """An empty bucket; any other is made by `make_bucket`."""


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[S3]:
    """An S3 server that lives in the folder until the block ends. Raises NotInstalled, NotStarted."""
    programs = {name: program(f"swift-{name}-server", package=f"swift-{name}") for name in (*STORES, "proxy")}
    *ports, proxy_port, nowhere = free_ports(5)
    server = S3(url=f"http://127.0.0.1:{proxy_port}")
    (folder / "devices" / "d1").mkdir(parents=True)
    (folder / "swift.conf").write_text(SWIFT)
    await run([DEBIAN_PYTHON, "-c", RINGS, *map(str, ports)], folder=folder)
    stores = dict(zip(STORES, ports, strict=True))
    _config(folder, "proxy", _proxy(server, proxy_port, nowhere, folder))
    for name, port in stores.items():
        _config(folder, name, STORE.format(name=name, port=port, user=getpass.getuser(), folder=folder))
    ready = {name: listening(port) for name, port in stores.items()} | {"proxy": answering(f"{server.url}/info")}
    async with AsyncExitStack() as stack:
        await asyncio.gather(
            *(stack.enter_async_context(_serving(programs[name], name, folder, ready[name])) for name in ready)
        )
        await make_bucket(server, server.bucket)
        yield server


async def make_bucket(server: S3, name: str) -> None:
    """A new, empty bucket."""
    url = URL(server.url) / name
    async with aiohttp.ClientSession() as http, http.put(url, headers=_signed(server, "PUT", url)) as answer:
        if not answer.ok:
            raise NotStarted(f"no bucket {name}: {answer.status} {(await answer.text())[:500]}")


def _signed(server: S3, method: str, url: URL) -> dict[str, str]:
    """The headers of a call without a body, signed by AWS signature version 4."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    empty = hashlib.sha256(b"").hexdigest()
    headers = {"host": f"{url.host}:{url.port}", "x-amz-content-sha256": empty, "x-amz-date": stamp}
    names = ";".join(headers)
    lines = [method, url.raw_path, "", *(f"{name}:{value}" for name, value in headers.items()), "", names, empty]
    scope = f"{stamp[:8]}/{server.region}/s3/aws4_request"
    key = f"AWS4{server.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    request = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    signature = hmac.digest(key, f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{request}".encode(), "sha256").hex()
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={server.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return {**headers, "authorization": authorization}


def _serving(server: Path, name: str, folder: Path, ready: Ready) -> AbstractAsyncContextManager[None]:
    return process(name, [server, folder / f"{name}.conf", "-v"], folder=folder, ready=ready)


def _proxy(server: S3, port: int, nowhere: int, folder: Path) -> str:
    text = PROXY.format(
        port=port,
        user=getpass.getuser(),
        folder=folder,
        user_name=server.access_key.replace(":", "_"),
        secret=server.secret_key,
        region=server.region,
        nowhere=nowhere,
        pipeline=PIPELINE,
    )
    return text + "".join(f"[filter:{name.replace('proxy_', 'proxy-')}]\nuse = egg:swift#{name}\n" for name in PLAIN)


def _config(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.conf").write_text(text)
