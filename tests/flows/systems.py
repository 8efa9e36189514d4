"""Any system's sandbox over real HTTP, and what people do in it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from tests.world import send

from lockgate.kit.sandbox import Sandbox, SandboxConfig, serving
from lockgate.kit.sandbox.registry import load

KEY = "key-of-the-sandbox"


@dataclass
class System:
    """Open with `served`."""

    url: str
    http: aiohttp.ClientSession
    sandbox: Sandbox

    @property
    def settings(self) -> Mapping[str, Any]:
        """What a connection to it says."""
        return self.sandbox.connection()

    async def act(self, action: str, **arguments: Any) -> Any:
        """What a person does in the system's own pages."""
        return await send(self.http, "POST", f"{self.url}/__sandbox/actions/{action}", arguments)

    async def later(self, seconds: float) -> None:
        """Let time pass there."""
        await send(self.http, "PUT", f"{self.url}/__sandbox/clock", {"advance_seconds": seconds})

    async def calls(self, method: str, path: str) -> int:
        """How many calls of a method it has had whose path holds a text."""
        async with self.http.get(f"{self.url}/__sandbox/calls") as answer:
            calls = await answer.json()
        return sum(one["method"] == method and path in one["path"] for one in calls)


@asynccontextmanager
async def served(id: str, content: Path | None = None, *, key: str = KEY, **options: Any) -> AsyncIterator[System]:
    """The sandbox of this name, filled with the content or with samples of its own."""
    sandbox = load(id)(SandboxConfig(key=key, content=content, options=options))
    async with serving(sandbox) as url, aiohttp.ClientSession() as http:
        yield System(url, http, sandbox)
