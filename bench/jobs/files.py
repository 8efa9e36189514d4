"""One big file from a source to a target over HTTP with SHA-256 on the way, beside what people would use for it by hand."""

import asyncio
import hashlib
import os
import shutil
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from bench.figures import Figures, Parts
from bench.place import Place
from bench.process import ROOT
from bench.rig import ends
from bench.rig.ends import End

SIZES = (64, 2048)
"""MiB."""


async def files(place: Place) -> Parts:
    """Each size by Lockgate's kit, by curl and by rclone."""
    parts: Parts = {}
    for size in SIZES[: 1 if place.quick else 2]:
        blob = ends.blob(size)
        async with ends.source(ends.data(1000), blob) as source, ends.sink() as sink:
            await settle(blob)
            name = f"{size} MiB" if size < 1024 else f"{size // 1024} GiB"
            place.say(f"files of {name}")
            parts[f"{name}, Lockgate"] = await carried(source, sink, blob)
            parts[f"{name}, curl to a file, sha256sum, curl"] = await by_curl(place, source, sink, size)
            if shutil.which("rclone"):
                parts[f"{name}, rclone copy and check"] = await by_rclone(place, source, size)
    if not shutil.which("rclone"):
        place.not_run["rclone"] = "it is not installed"
    return parts


async def settle(blob: Path) -> None:
    """Read the file once, so that the first reader does not pay for the disk."""
    await asyncio.to_thread(digest, blob)


@cache
def digest(blob: Path) -> str:
    with blob.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def at(source: End) -> str:
    return f"{source.url}/bin/asset-000.bin"


async def carried(source: End, sink: End, blob: Path) -> Figures:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.carry", at(source), f"{sink.url}/blob/carried", cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await process.communicate()
    told = msgspec.json.decode(said)
    if told["sha256"] != digest(blob):
        raise RuntimeError("the file did not arrive as it is")
    return rates(told["bytes"] / 1e6, told)


async def by_curl(place: Place, source: End, sink: End, size: int) -> Figures:
    """Through a file on disk: curl cannot hash, and a sink wants to know the length first."""
    file = place.folder / "curled"
    steps = [
        ["curl", "-sS", "-o", file, at(source)],
        ["sha256sum", file],
        ["curl", "-sS", "-o", os.devnull, "-T", file, f"{sink.url}/blob/curled"],
    ]
    return rates(size * 2**20 / 1e6, await spent(steps))


async def by_rclone(place: Place, source: End, size: int) -> Figures:
    """From an HTTP listing to a folder, then all of it read again and compared: what it does to be sure."""
    place_to = str(place.folder / "cloned")
    only = ["--include", "asset-000.bin", "--http-url", f"{source.url}/bin/"]
    steps = [
        ["rclone", "copy", ":http:", place_to, *only],
        ["rclone", "check", "--download", ":http:", place_to, *only],
    ]
    return rates(size * 2**20 / 1e6, await spent(steps))


async def spent(steps: list[list[Any]]) -> dict[str, float]:
    """Run programs one after the other; the seconds, the CPU seconds of all and the peak memory of the biggest."""
    told, begun = {"cpu": 0.0, "peak_mb": 0.0}, time.perf_counter()
    for step in steps:
        cpu, peak = await ended([str(word) for word in step])
        told["cpu"] += cpu
        told["peak_mb"] = max(told["peak_mb"], peak)
    return {**told, "seconds": time.perf_counter() - begun}


async def ended(words: list[str]) -> tuple[float, float]:
    """Run a program to its end; its CPU seconds and its peak memory in MB."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-S", ROOT / "bench" / "spent.py", *words, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    status, cpu, peak = msgspec.json.decode(said, type=tuple[int, float, float])
    if status:
        raise RuntimeError(f"{' '.join(words)} ended with status {status}")
    return cpu, peak


def rates(megabytes: float, told: dict[str, float]) -> Figures:
    return {
        "MB per CPU s": megabytes / max(told["cpu"], 0.01),
        "MB/s": megabytes / told["seconds"],
        "peak memory, MB": told["peak_mb"],
    }
