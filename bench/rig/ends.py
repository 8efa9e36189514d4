"""The rig's own processes: built from its source where that is beside the checkout, in a scratch folder, with data made once."""

import asyncio
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from bench.machine import Cost, cost

SOURCES = Path(__file__).resolve().parents[3] / "shared" / "bench"
SCRATCH = Path(os.environ.get("LOCKGATE_BENCH_SCRATCH", Path(tempfile.gettempdir()) / "lockgate-bench"))
CONNECTIONS = 32


class NoRig(Exception):
    """The rig cannot be used here; the message says why."""


@cache
def binary() -> Path:
    """The rig, built once for each state of its source. Raises NoRig."""
    source = SOURCES / "rig.c"
    if not source.exists():
        raise NoRig("the rig is not there: rig.c is looked for in ../shared/bench beside the checkout")
    if shutil.which("gcc") is None:
        raise NoRig("the rig cannot be built: there is no gcc")
    built = SCRATCH / f"rig-{fingerprint(source)}"
    if not built.exists():
        make(["gcc", "-O2", "-o"], built, [source])
    return built


@cache
def data(records: int, changed: int = 0) -> Path:
    """A file of so many records, of which so many per cent differ from the plain one. Made once and kept in the scratch folder."""
    generator = SOURCES / "gen.py"
    name = f"records-{records}{f'-changed-{changed}' if changed else ''}-{fingerprint(generator)}.dat"
    made = SCRATCH / name
    if not made.exists():
        sys.stderr.write(f"making {records:,} records …\n")
        more = ["--changed", str(changed)] if changed else []
        make([sys.executable, generator], made, [str(records), *more])
    return made


@cache
def blob(megabytes: int) -> Path:
    """A file of random bytes."""
    generator = SOURCES / "gen.py"
    made = SCRATCH / f"blob-{megabytes}-{fingerprint(generator)}.bin"
    if not made.exists():
        make([sys.executable, generator, "--blob"], made, [str(megabytes)])
    return made


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def make(command: list[Any], made: Path, more: list[Any]) -> None:
    """Run a program that writes a file; it gets its name only when it is whole."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    part = made.with_name(f"{made.name}.{os.getpid()}.part")
    subprocess.run([*command, part, *more], check=True)  # noqa: S603 (the compiler, and the rig's own generator)
    part.replace(made)


@dataclass
class End:
    """A running source or sink."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cost(self) -> Cost:
        return cost(self.pid)

    async def stats(self) -> dict[str, Any]:
        async with aiohttp.ClientSession() as http, http.get(f"{self.url}/stats") as answer:
            told: dict[str, Any] = msgspec.json.decode(await answer.read())
            return told

    async def reset(self) -> None:
        async with aiohttp.ClientSession() as http, http.post(f"{self.url}/reset", data=b"") as answer:
            answer.raise_for_status()


@asynccontextmanager
async def source(records: Path, file: Path | None = None, port: int = 0) -> AsyncIterator[End]:
    async with end("source", port, records, *([file] if file else [])) as running:
        yield running


@asynccontextmanager
async def sink(*options: str, port: int = 0) -> AsyncIterator[End]:
    async with end("sink", port, *options) as running:
        yield running


@asynccontextmanager
async def end(role: str, port: int, *more: Any) -> AsyncIterator[End]:
    port = port or free_port()
    process = await asyncio.create_subprocess_exec(
        binary(), role, str(port), *map(str, more), stderr=asyncio.subprocess.PIPE
    )
    try:
        if process.stderr is None or not (said := await process.stderr.readline()).startswith(role.encode()):
            raise NoRig(f"the rig's {role} did not start on port {port}: {said.decode().strip()}")
        yield End(port, process.pid)
    finally:
        process.terminate()
        await process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


async def load(url: str, records: Path, *options: str) -> dict[str, Any]:
    """Send events with the records to an address, and answer what the generator counted."""
    host, _, path = url.removeprefix("http://").partition("/")
    process = await asyncio.create_subprocess_exec(
        binary(), "load", host.rpartition(":")[2], f"/{path}", records, "-c", str(CONNECTIONS), *options,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await process.communicate()
    told: dict[str, Any] = msgspec.json.decode(said)
    return told
