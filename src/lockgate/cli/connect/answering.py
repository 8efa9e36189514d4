"""The answer to a consent: caught by this machine when the browser is led to it, or typed in."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiohttp import web
from yarl import URL

from lockgate.cli.output import ERR, refuse
from lockgate.kit.consent import Question

PATIENCE = 900.0
"""Seconds for a person to sign in and consent."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
THANKS = "Lockgate has the answer. You can close this page."
STRANGE = "This is not the answer that Lockgate waits for: open the address it showed last."


def show(sentence: str) -> None:
    """A line on standard error, which no program reads."""
    ERR.print(sentence, markup=False, soft_wrap=True)


async def answered(question: Question) -> str:
    """The address to which the browser was led. Ends the command where nobody consents in time."""
    told: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with caught(question, told) as listening:
        show("Open this address in a browser, and consent there:\n")
        show(question.address)
        where = "Should the browser run on another machine, paste" if listening else "Then paste"
        show(f"\n{where} the whole address to which it is led ({question.redirect}?…):")
        with typed(told):
            try:
                return await asyncio.wait_for(told, PATIENCE)
            except TimeoutError:
                refuse("nobody consented in time; give the command again", json=False)


@asynccontextmanager
async def caught(question: Question, told: "asyncio.Future[str]") -> AsyncIterator[bool]:
    """Within the block the redirect is answered, if it leads to this machine; says whether it is."""
    place = URL(question.redirect)

    async def redirected(request: web.Request) -> web.Response:
        if request.query.get("state") != question.state:
            return web.Response(status=400, text=STRANGE)
        if not told.done():
            told.set_result(f"{question.redirect}?{request.query_string}")
        return web.Response(text=THANKS)

    served = web.Application()
    served.router.add_get(place.path, redirected)
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        yield await listens(runner, place)
    finally:
        await runner.cleanup()


async def listens(runner: web.AppRunner, place: URL) -> bool:
    if place.scheme != "http" or place.host not in LOOPBACK:
        return False
    try:
        await web.TCPSite(runner, place.host, place.port).start()
    except OSError as taken:
        show(f"{place.host}:{place.port} cannot be listened on ({taken.strerror}).")
        return False
    return True


@contextmanager
def typed(told: "asyncio.Future[str]") -> Iterator[None]:
    """Within the block, a line on standard input is an answer as well."""
    loop, held = asyncio.get_running_loop(), bytearray()
    descriptor = sys.stdin.fileno()

    def take() -> None:
        piece = os.read(descriptor, 65536)
        held.extend(piece)
        if not piece:
            loop.remove_reader(descriptor)
        whole = held.rpartition(b"\n")[0] if piece else held
        line = next(filter(None, map(bytes.strip, bytes(whole).splitlines())), b"")
        if line and not told.done():
            told.set_result(line.decode("utf-8", "replace"))

    try:
        loop.add_reader(descriptor, take)
    except OSError:  # a file or nothing at all: nobody types there
        yield
        return
    try:
        yield
    finally:
        loop.remove_reader(descriptor)
