"""Starts in a fraction of a second: a process that has loaded Lockgate once and forks a fresh one for each start.

What runs, and is killed, is the real command in a process of its own; only the seconds of importing are shared.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from prove.processes import Launch, Process

FORGE = Path(__file__).parents[1] / "tests" / "cli" / "forge.py"
PACE = 0.005


class Forked:
    """A command that the forge has forked; it leaves its id and its end in the folder."""

    def __init__(self, folder: Path, pid: int) -> None:
        self._folder, self._pid = folder, pid

    @property
    def pid(self) -> int:
        return self._pid

    async def ended(self) -> int:
        return int(await written(self._folder / "status"))


@asynccontextmanager
async def warm() -> AsyncIterator[Launch]:
    """A way to start commands while the block runs."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LOCKGATE_")}
    forge = await asyncio.create_subprocess_exec(
        sys.executable, str(FORGE), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=environment
    )
    assert forge.stdin is not None  # noqa: S101 (it is a pipe)
    assert forge.stdout is not None  # noqa: S101 (it is a pipe)
    entrance = forge.stdin
    await forge.stdout.readline()

    async def launch(arguments: Sequence[str], settings: Mapping[str, str], folder: Path) -> Process:
        asked = {"arguments": list(arguments), "environment": {**environment, **settings}, "folder": str(folder)}
        entrance.write((json.dumps(asked) + "\n").encode())
        await entrance.drain()
        return Forked(folder, int(await written(folder / "pid")))

    try:
        yield launch
    finally:
        entrance.close()
        await forge.wait()


async def written(file: Path) -> str:
    """What a file holds once it is there."""
    while not (told := found(file)):  # noqa: ASYNC110 (nobody tells of it)
        await asyncio.sleep(PACE)
    return told


def found(file: Path) -> str:
    return file.read_text() if file.exists() else ""
