"""ONIX messages written, read and checked, beside lxml and onixcheck on the same file."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec

from bench.figures import Figures, Parts
from bench.place import Place
from bench.process import ROOT

WAYS = {
    "make": "written, Lockgate",
    "read": "read, Lockgate",
    "checked": "read and checked, Lockgate",
    "parsed": "parsed and thrown away, lxml",
    "lxml": "validated as a whole, lxml",
    "onixcheck": "validated as a whole, onixcheck",
}
WHOLE = frozenset({"lxml", "onixcheck"})
"""What holds the whole message in memory."""
MOST = 20_000
"""Products that are tried that way: a tree takes several times the bytes of its file."""


async def onix(place: Place) -> Parts:
    """Each way in a process of its own, on one message of as many products as asked for."""
    file, parts = place.folder / "message.xml", dict[str, Figures]()
    for way, name in WAYS.items():
        if way in WHOLE and place.size > MOST:
            place.not_run[f"{name}, {place.size:,} products"] = "the whole message would be in memory"
            continue
        place.say(name)
        parts[name] = figures(await gone_through(way, file, place.size), place.size)
    return parts


async def gone_through(way: str, file: Path, number: int) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.messages", way, str(file), str(number), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"bench.messages {way} ended with status {process.returncode}")
    told: dict[str, Any] = msgspec.json.decode(said)
    return told


def figures(told: dict[str, Any], number: int) -> Figures:
    spent = max(told["cpu"], 0.01)
    return {
        "products per CPU s": number / spent,
        "MB per CPU s": told["bytes"] / 1e6 / spent,
        "peak memory, MB": told["peak_mb"],
    }
