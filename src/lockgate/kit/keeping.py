"""What a connector renews by itself and must not lose, such as a refresh token that its system replaces with each use."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

OLD = 2
"""So many values are kept: that of the settings as they are, and the one before, should the new settings not be stored."""


class Keep(Protocol):
    """Kept for one connection, as safe and as secret as its settings. Values are JSON, each grown from a `seed` of the settings.

    With another seed, such as the token of a fresh consent, nothing is kept yet.
    """

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Within the block nobody else is in one, in no process that uses this connection.

        Raises Transient when others take too long.
        """
        ...

    async def read(self, seed: str) -> Any:
        """What was kept last, by whomever; None where nothing was."""
        ...

    async def write(self, seed: str, value: Any) -> None:
        """Durable once it returns."""
        ...


class InMemory:
    """Kept as long as this object: for trials and tests."""

    def __init__(self) -> None:
        self.all: dict[str, Any] = {}
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        async with self._lock:
            yield

    async def read(self, seed: str) -> Any:
        return self.all.get(digest(seed))

    async def write(self, seed: str, value: Any) -> None:
        self.all = with_value(self.all, seed, value)


def with_value(kept: Mapping[str, Any], seed: str, value: Any) -> dict[str, Any]:
    """All that is kept once this value is, by the digests of their seeds, the newest last."""
    others = [(name, one) for name, one in kept.items() if name != digest(seed)]
    return dict([*others, (digest(seed), value)][-OLD:])


def digest(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()
