"""Uvicorn as a guest of the running loop: signals are the owner's, and when it has left no connection stays open."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn

NOTICED = 0.005
"""Seconds in which a connection that its caller closed is seen closed."""
TURNS = 5
"""Turns of the loop within which whoever was let in is known, and whoever was sent away is gone."""


class Server(uvicorn.Server):
    """Serves until `leave` is called. `listening` is set once it can be reached."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self.leaving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def main_loop(self) -> None:
        """Wait to be told to leave; as it comes it would look ten times a second, which is half of what idling costs."""
        await self.leaving.wait()

    def leave(self) -> None:
        self.should_exit = True
        self.leaving.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """At once where nobody is connected any more; as it comes it always waits a tenth of a second.

        The door is shut first: whoever was let in at the last moment is known, and can be sent away, only some turns
        later. Whoever is still there when the time for leaving is over is cut off.
        """
        for server in self.servers:
            server.close()
        await asyncio.sleep(NOTICED)
        await turns()
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await turns()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def turns() -> None:
    """Counted, not timed: on a machine that is late anyway a pause may be over before anything else was done."""
    for _ in range(TURNS):
        await asyncio.sleep(0)
