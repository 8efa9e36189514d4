"""A sandbox as a process of its own, so that its share of the machine shows and it cannot disturb the caller."""

import asyncio
import contextlib
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import msgspec


class SpawnFailed(RuntimeError):
    """The sandbox did not start; the message says what it said."""


class Hello(msgspec.Struct):
    """The line a sandbox prints once it listens."""

    id: str
    url: str
    key: str
    pid: int


@dataclass
class SandboxProcess:
    """A running sandbox process. Also `async with`: it is stopped at the end."""

    id: str
    url: str
    key: str
    pid: int
    _process: asyncio.subprocess.Process = field(repr=False)
    _listening: asyncio.Task[None] = field(repr=False)

    async def stop(self, within: float = 5) -> int:
        """End the process, by force when it does not go; answers its exit status."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), within)
        except TimeoutError:
            self._process.kill()
        return await _ended(self._process, self._listening)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


async def spawn(
    id: str,
    *,
    port: int = 0,
    key: str = "demo-key",
    state: Path | None = None,
    seed: int = 0,
    content: Path | None = None,
    assets: int | None = None,
    options: Mapping[str, Any] | None = None,
    host: str = "127.0.0.1",
    within: float = 60,
) -> SandboxProcess:
    """Start `python -m lockgate.kit.sandbox` and wait until it listens. It ends with this process, however that ends."""
    given: dict[str, Any] = {
        "host": host,
        "port": port,
        "key": key,
        "state": state,
        "seed": seed,
        "content": content,
        "assets": assets,
    }
    arguments = [f"--{name}={value}" for name, value in given.items() if value is not None]
    arguments += [f"--option={name}={value}" for name, value in (options or {}).items()]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "lockgate.kit.sandbox", id, *arguments, "--leave-with-parent",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for whoever started it, who then ends it when he no longer needs it
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None  # noqa: S101, PT018 (both are pipes)
    said: deque[str] = deque(maxlen=50)
    listening = asyncio.create_task(_pass_on(process.stderr, said))
    try:
        line = await asyncio.wait_for(process.stdout.readline(), within)
    except BaseException as problem:
        process.kill()
        await _ended(process, listening)
        if isinstance(problem, TimeoutError):
            raise SpawnFailed(f"The {id} sandbox did not listen within {within:g} seconds.") from problem
        raise
    if not line:
        status = await _ended(process, listening)
        raise SpawnFailed("".join(said).strip() or f"The {id} sandbox ended at once with exit status {status}.")
    hello = msgspec.json.decode(line, type=Hello)
    return SandboxProcess(hello.id, hello.url, hello.key, hello.pid, process, listening)


async def _ended(process: asyncio.subprocess.Process, listening: asyncio.Task[None]) -> int:
    """Wait for the end and let go of the pipes."""
    status = await process.wait()
    await listening
    if process.stdin:
        process.stdin.close()
        with contextlib.suppress(OSError):
            await process.stdin.wait_closed()
    return status


async def _pass_on(stream: asyncio.StreamReader, said: deque[str]) -> None:
    """Show what the sandbox complains of, and remember the end of it."""
    while line := await stream.readline():
        text = line.decode("utf-8", "replace")
        said.append(text)
        sys.stderr.write(text)
