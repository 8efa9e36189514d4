"""Terminals in which a reader would type: real shells, whose output is looked at."""

import asyncio
import os
import re
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from .pages import pattern

DONE = "@@ready@@"


class Screen:
    """What a terminal has shown so far; lines are found in order."""

    def __init__(self) -> None:
        self.text = ""
        self.grown = asyncio.Event()
        self.place = 0

    def show(self, text: str) -> None:
        self.text += text
        self.grown.set()

    async def find(self, fragments: list[str], within: float) -> None:
        """Wait until the fragments have appeared, each after the one before."""
        deadline = asyncio.get_running_loop().time() + within
        for fragment in fragments:
            while (found := pattern(fragment).search(self.text, self.place)) is None:
                await self.more(fragment, deadline)
            self.place = found.end()

    async def more(self, fragment: str, deadline: float) -> None:
        self.grown.clear()
        rest = deadline - asyncio.get_running_loop().time()
        try:
            await asyncio.wait_for(self.grown.wait(), max(rest, 0))
        except TimeoutError:
            seen = self.text[self.place :]
            raise AssertionError(f"{fragment!r} did not appear; what did:\n{seen}") from None


class Terminal:
    """One shell. `async with Terminal(folder, env) as terminal`."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self.folder, self.env = folder, dict(env)
        self.screen = Screen()

    async def __aenter__(self) -> Self:
        self.shell = await asyncio.create_subprocess_exec(
            "bash", "--noprofile", "--norc",
            cwd=self.folder, env=self.env, start_new_session=True,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        self.reading = asyncio.create_task(self.read())
        return self

    async def read(self) -> None:
        assert self.shell.stdout is not None
        while part := await self.shell.stdout.read(65536):
            self.screen.show(part.decode("utf-8", "replace"))

    def type(self, line: str) -> None:
        """Type a line and do not wait for its end."""
        assert self.shell.stdin is not None
        self.shell.stdin.write(f"{line}\n".encode())

    async def run(self, line: str, within: float = 60) -> tuple[int, str]:
        """Type a line and wait for its end; its exit status and what it showed."""
        begun = len(self.screen.text)
        self.type(f"{line}\necho {DONE}$?{DONE}")
        await self.screen.find([f"{DONE}…{DONE}"], within)
        shown = self.screen.text[begun:]
        status = re.search(f"{DONE}(\\d+){DONE}", shown)
        assert status is not None
        return int(status[1]), shown[: status.start()]

    async def interrupt(self) -> None:
        """Ctrl-C: everything that runs in the foreground of this terminal is told."""
        assert self.shell.stdin is not None
        self.shell.stdin.close()
        self.kill(signal.SIGINT)

    def kill(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.shell.pid, number)
        except ProcessLookupError:
            return

    async def __aexit__(self, *_: object) -> None:
        """Nothing that was started here stays."""
        assert self.shell.stdin is not None
        self.shell.stdin.close()
        self.kill(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.shell.wait(), 10)
            await asyncio.wait_for(self.reading, 10)
        except TimeoutError:
            self.kill(signal.SIGKILL)
            await self.shell.wait()
            await self.reading
