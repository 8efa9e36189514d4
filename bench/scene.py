"""One round's processes: both sandboxes, and Lockgate between them."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from bench.machine import Cost, cost
from bench.subject import Ends
from lockgate.app import demo
from lockgate.kit.sandbox.process import SandboxProcess


@dataclass
class Scene:
    """What a measurement works with. The driver's own CPU seconds are in no figure."""

    celum: SandboxProcess
    portal: SandboxProcess
    lockgate: asyncio.subprocess.Process

    async def tell(self, word: str) -> Any:
        """Have Lockgate do something; its answer."""
        assert self.lockgate.stdin is not None and self.lockgate.stdout is not None  # noqa: S101, PT018 (both are pipes)
        self.lockgate.stdin.write(f"{word}\n".encode())
        line = await self.lockgate.stdout.readline()
        if not line:
            raise RuntimeError(f"Lockgate ended during {word!r}")
        return msgspec.json.decode(line)

    def costs(self) -> dict[str, Cost]:
        pids = {"lockgate": self.lockgate.pid, "celum": self.celum.pid, "fourallportal": self.portal.pid}
        return {name: cost(pid) for name, pid in pids.items()}


@asynccontextmanager
async def scene(folder: Path, content: Path, size: int) -> AsyncIterator[Scene]:
    """Fresh sandboxes with `size` assets made from the content, and a fresh Lockgate."""
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(demo.sandboxes(folder / "sandboxes", content, size, seed=0))
        ends = Ends(made.celum.url, made.celum.key, made.portal.url, made.portal.key)
        lockgate = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.subject", str(folder / "lockgate"), msgspec.json.encode(ends).decode(),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**24,
        )  # fmt: skip
        stack.push_async_callback(end, lockgate)
        yield Scene(made.celum, made.portal, lockgate)


async def end(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None  # noqa: S101 (it is a pipe)
    process.stdin.close()
    await process.wait()
