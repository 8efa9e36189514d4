"""Lockgate's own processes: started as an operator starts them, killed as no operator would."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

PROGRAM = str(Path(sys.executable).with_name("lockgate"))
PATIENCE = 60.0
"""Seconds for a process to be ready."""
PACE = 0.01


class Process(Protocol):
    """A command under way, its output in files."""

    @property
    def pid(self) -> int: ...

    async def ended(self) -> int:
        """Wait for its end; the exit status, negative for a signal."""


Launch = Callable[[Sequence[str], Mapping[str, str], Path], Awaitable[Process]]
"""Start `lockgate` with these arguments and settings, output in the folder's files `out` and `err`."""


class Own:
    """A fresh interpreter that runs `lockgate`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ended(self) -> int:
        return await self._process.wait()


async def launch(arguments: Sequence[str], settings: Mapping[str, str], folder: Path) -> Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LOCKGATE_")}
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = await asyncio.create_subprocess_exec(
            PROGRAM, *arguments,
            stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=err, env={**environment, **settings}, start_new_session=True,
        )  # fmt: skip
    return Own(process)


class Lockgate:
    """One installation's processes by role: `up`, or `serve`, `worker-1` and `worker-2`."""

    def __init__(self, home: Path, logs: Path, port: int, database: str = "", launch: Launch = launch) -> None:
        self.home, self.logs, self.port, self.database, self.launch = home, logs, port, database, launch
        self.settings = {"LOCKGATE_HOME": str(home), **({"LOCKGATE_DATABASE": database} if database else {})}
        self.roles: tuple[str, ...] = ("serve", "worker-1", "worker-2") if database else ("up",)
        self.running: dict[str, Process] = {}
        self.starts = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def begin(self, role: str) -> Path:
        """Start a role without waiting; the folder of its output."""
        folder = self.logs / f"{self.starts:04d}-{role}"
        folder.mkdir(parents=True)
        self.starts += 1
        word = role.partition("-")[0]
        listening = () if word == "worker" else ("--port", str(self.port))
        self.running[role] = await self.launch((word, *listening, "--json"), self.settings, folder)
        return folder

    async def start(self, role: str) -> float:
        """Start a role and wait until it says that it is ready; the seconds that took."""
        begun = time.monotonic()
        await self.ready(role, await self.begin(role))
        return time.monotonic() - begun

    async def ready(self, role: str, folder: Path) -> dict[str, Any]:
        """Wait for the JSON document by which a process says that it works. Raises StartFailed."""
        deadline = time.monotonic() + PATIENCE
        ending = asyncio.ensure_future(self.running[role].ended())
        try:
            while (told := parsed(folder / "out")) is None:
                if ending.done() or time.monotonic() > deadline:
                    status = f"ended with {ending.result()}" if ending.done() else f"was not ready in {PATIENCE:.0f} s"
                    raise StartFailed(
                        f"{role} {status}; its output is in {folder}: {(folder / 'err').read_text()[-2000:]}"
                    )
                await asyncio.sleep(PACE)
        finally:
            ending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ending
        return told

    async def start_all(self) -> float:
        """Start what does not run; the seconds until the slowest was ready."""
        missing = [role for role in self.roles if role not in self.running]
        return max(await asyncio.gather(*(self.start(role) for role in missing)), default=0.0)

    async def kill(self, role: str) -> None:
        """kill -9, and wait until it is gone."""
        process = self.running.pop(role)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        await process.ended()

    def signal(self, role: str, number: int) -> None:
        os.kill(self.running[role].pid, number)

    async def stop(self, role: str) -> int:
        """As Ctrl-C does; the exit status."""
        process = self.running.pop(role)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGINT)
        return await process.ended()

    async def kill_all(self) -> None:
        for role in tuple(self.running):
            await self.kill(role)


class StartFailed(Exception):
    """A process did not become ready; the message holds what it said."""


def parsed(file: Path) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads(file.read_text())
    except (OSError, json.JSONDecodeError):
        return None
    return told
