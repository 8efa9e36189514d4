"""Installations worked by processes of their own, for tests that kill them."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.world import World


@asynccontextmanager
async def driver(scene: World, *arguments: str) -> AsyncIterator[Process]:
    """The installation worked by a process of its own, which is gone at the end."""
    words = [str(scene.settings.home), scene.settings.database, *arguments]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.engine.driver", *words, stdout=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ready(process: Process) -> None:
    """Wait until it has opened the installation."""
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
