"""The measured process, from the side of who measures."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from bench.machine import Cost, cost, forget_peak
from bench.subject import Role

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Lockgate:
    """A Lockgate of its own process that does what it is told."""

    process: asyncio.subprocess.Process
    role: Role

    @property
    def pid(self) -> int:
        return self.process.pid

    def cost(self) -> Cost:
        return cost(self.pid)

    def forget_peak(self) -> None:
        forget_peak(self.pid)

    async def tell(self, word: str, **given: Any) -> Any:
        """Have it do something (a method of `Subject`); its answer."""
        if self.process.stdin is None:
            raise AssertionError("it is started with pipes")
        self.process.stdin.write(msgspec.json.encode((word, given)) + b"\n")
        return await self.said(word)

    async def stop(self) -> None:
        """End it; a second call does nothing."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        await self.process.wait()

    async def said(self, word: str) -> Any:
        if self.process.stdout is None:
            raise AssertionError("it is started with pipes")
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"Lockgate ended during {word!r}")
        return msgspec.json.decode(line)


@asynccontextmanager
async def lockgate(role: Role) -> AsyncIterator[Lockgate]:
    """A fresh process; it ends with the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.subject", msgspec.json.encode(role).decode(), cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**24,
    )  # fmt: skip
    made = Lockgate(process, role)
    try:
        await made.said("its start")
        yield made
    finally:
        await made.stop()
