"""Programs of others as processes of ours: started in their folder, waited for, and ended with all they started."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp

Ready = Callable[[], Awaitable[bool]]
"""Whether a server answers by now."""

SLOW = 180.0
"""Seconds that a server may take to start: many times what it takes, for machines that do other things, too."""

GUARD = """
read -r told && exit
for how in TERM TERM TERM TERM TERM KILL; do
  kill -s $how -- "-$1" 2>/dev/null || kill -s $how "$1" 2>/dev/null || exit
  sleep 1
done
"""
"""Waits for a word; where whoever would say it has died, it ends the processes of a group: politely, then by force."""


class NotInstalled(Exception):
    """This machine does not have the server; the message says what is missing."""


class NotStarted(RuntimeError):
    """The server is there and did not start, or a step of its set-up failed; the message ends with what it said last."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def last_words(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""


async def run(command: Sequence[object], *, folder: Path, env: Mapping[str, str] | None = None) -> str:
    """Run a step of a set-up to its end; what it printed. Raises NotStarted when it fails."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        cwd=folder,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = await process.communicate()
    if process.returncode:
        raise NotStarted(
            f"{Path(str(command[0])).name} ended with {process.returncode}: {(err or out).decode(errors='replace')[:2000]}"
        )
    return out.decode()


@asynccontextmanager
async def process(
    name: str,
    command: Sequence[object],
    *,
    folder: Path,
    ready: Ready,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> AsyncIterator[None]:
    """Run a server, in its folder or in `cwd`, until the block ends. It writes to `folder/<name>.log`.

    `ready` is asked until it says yes. Raises NotStarted.
    """
    log = folder / f"{name}.log"
    with log.open("wb") as writing:
        started = subprocess.Popen(  # noqa: S603, ASYNC220 - a server under test; not bound to this loop, so fixtures may hold it
            [str(part) for part in command],
            cwd=cwd or folder,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with ended_with_us(started.pid):
        try:
            await _until_ready(name, started, log, ready)
            yield
        finally:
            await _end(started)


@contextmanager
def ended_with_us(pid: int) -> Iterator[None]:
    """Should this process die within the block, even by force, the process group `pid` is ended all the same."""
    guard = ["/bin/sh", "-c", GUARD, "guard", str(pid)]
    with subprocess.Popen(guard, stdin=subprocess.PIPE, start_new_session=True) as watching:  # noqa: S603 - our own text
        try:
            yield
        finally:
            watching.communicate(b"done\n")


async def _until_ready(name: str, started: subprocess.Popen[bytes], log: Path, ready: Ready) -> None:
    deadline = asyncio.get_running_loop().time() + SLOW
    while not await ready():
        if started.poll() is not None:
            raise NotStarted(f"{name} ended with {started.returncode} before it listened:\n{last_words(log)}")
        if asyncio.get_running_loop().time() > deadline:
            raise NotStarted(f"{name} does not answer after {SLOW:.0f} seconds:\n{last_words(log)}")
        await asyncio.sleep(0.05)


async def _end(started: subprocess.Popen[bytes], within: float = 10.0) -> None:
    """End the process and those it forked: politely, then by force."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, how)
        deadline = asyncio.get_running_loop().time() + within
        while started.poll() is None and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 - asked, not told
            await asyncio.sleep(0.02)
    started.wait()


def listening(port: int) -> Ready:
    """Whether something accepts connections at the port."""

    async def ready() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return True

    return ready


def answering(url: str) -> Ready:
    """Whether the address answers anything but a failure of its own."""

    async def ready() -> bool:
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as http,
                http.get(url, allow_redirects=False) as answer,
            ):
                return answer.status < 500
        except (aiohttp.ClientError, TimeoutError):
            return False

    return ready
