"""One attempt at one request: credentials, egress, redirects, renewed keys, failures named, one log line."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import aiohttp
import msgspec
from yarl import URL

from lockgate.kit.egress import refusal
from lockgate.kit.errors import ConnectorError, ContractBroken, NeedsOperator, Transient
from lockgate.kit.http.answer import Sent, retry_after
from lockgate.kit.http.auth import Auth, SignedAuth
from lockgate.kit.http.body import FileBody
from lockgate.kit.http.retry import BRIEF, REPEATABLE, AgainError
from lockgate.kit.http.session import BROKEN, failure, new_session, sent_once
from lockgate.kit.limits import Limiter
from lockgate.kit.scrub import Scrubber
from lockgate.kit.services import Services
from lockgate.kit.telling import tell

ALWAYS = {"User-Agent": "Lockgate", "Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HOPS = 5
HARMLESS = frozenset({"accept", "accept-encoding", "range", "if-range"})
"""Headers of ours that may follow a redirect to another origin."""
ERROR_BODY = 64 * 1024


class Call(msgspec.Struct, kw_only=True):
    """One request, however often it is attempted."""

    method: str
    url: URL
    headers: dict[str, str]
    data: bytes | FileBody | None = None
    repeatable: bool
    renewed: bool = False
    """Whether credentials were renewed for it: that is tried once."""


Refuse = Callable[[int, bytes, Sent], ConnectorError]


class Exchange:
    """The network side of a client: sends calls, hands back successful answers, raises named errors for all else."""

    def __init__(self, base: URL, services: Services, auth: Auth, refuse: Refuse) -> None:
        self.base = base
        self.services = services
        self.auth = auth
        self.refuse = refuse
        self.limiter = Limiter(services.limits, services.patience)
        self._origin = origin(base)
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        self._logger: Any = None
        self._renewing = asyncio.Lock()
        self._generation = 0

    async def close(self) -> None:
        session, self._session, self._closed = self._session, None, True
        if session is not None:
            await session.close()

    def scrubber(self) -> Scrubber:
        """For texts that may hold what was sent or answered; knows the credentials of this instant."""
        return Scrubber.of((*self.auth.secrets(), self.services.hook_secret))

    async def open(self, call: Call) -> aiohttp.ClientResponse:
        """One attempt: a successful answer whose body is not read yet. The caller closes it, and holds the limiter's room."""
        began, generation = time.perf_counter(), self._generation
        status = 0
        try:
            response = await self._send(call)
            status = response.status
            if 200 <= status < 300:
                self.limiter.served()
                return response
            try:
                body = (await read(response, ERROR_BODY))[:ERROR_BODY]
            finally:
                leave(call, response)
            raise await self._refused(call, response, body, generation)
        except BROKEN as problem:
            raise self.named(call, problem) from problem
        finally:
            self._log(call, status, time.perf_counter() - began)

    def named(self, call: Call, problem: BaseException) -> ConnectorError | AgainError:
        """A failure of the network below (one of BROKEN) as ours, in words."""
        named = failure(problem, self.services.connection, self.summary(call).what)
        scrub = self.scrubber()
        error = named.error if isinstance(named, AgainError) else named
        error.detail = scrub.text(error.detail)
        return named

    async def _send(self, call: Call) -> aiohttp.ClientResponse:
        url, headers = call.url, call.headers
        for _ in range(HOPS):
            self._guard(url)
            response = await self._request(call, url, self._headers(call, url, headers))
            if response.status not in REDIRECTS or "Location" not in response.headers:
                return response
            leave(call, response)
            target = self._redirected(call, url, response.headers["Location"])
            if origin(target) != origin(url):
                headers = {name: value for name, value in headers.items() if name.lower() in HARMLESS}
            url = target
        raise ContractBroken(
            f"{self.services.connection} sends {self.summary(call).what} from one address to the next."
        )

    async def _request(self, call: Call, url: URL, headers: dict[str, str]) -> aiohttp.ClientResponse:
        send = self.session().request
        if not call.repeatable and call.method in REPEATABLE:
            send = partial(send, middlewares=(sent_once,))
        if not isinstance(call.data, FileBody):
            return await send(call.method, url, data=call.data, headers=headers, allow_redirects=False)
        async with asyncio.timeout(None) as stall:
            # aiohttp bounds how long an answer may take, not how long the other side may leave our bytes lying.
            with call.data.watched(stall, self.services.patience.read):
                return await send(call.method, url, data=call.data, headers=headers, allow_redirects=False)

    def _guard(self, url: URL) -> None:
        if reason := refusal(self.services.egress, url):
            raise NeedsOperator(self.scrubber().text(reason), code="egress")

    def _headers(self, call: Call, url: URL, headers: Mapping[str, str]) -> dict[str, str]:
        if origin(url) != self._origin:
            return {**ALWAYS, **headers}
        made = {**ALWAYS, **self.auth.headers(), **headers}
        if isinstance(self.auth, SignedAuth):
            made |= self.auth.sign(call.method, url, None if isinstance(call.data, FileBody) else call.data or b"")
        return made

    def _redirected(self, call: Call, url: URL, location: str) -> URL:
        try:
            target = url.join(URL(location))
        except ValueError as problem:
            raise ContractBroken(
                f"{self.services.connection} sends {self.summary(call).what} on to an address that is none."
            ) from problem
        if call.method in {"GET", "HEAD"}:
            return target
        raise NeedsOperator(
            f"{self.services.connection} sends {self.summary(call).what} on to {target.scheme}://{target.authority}; "
            "if that is the system, set it as the address of this connection.",
            code="redirected",
        )

    async def _refused(
        self, call: Call, response: aiohttp.ClientResponse, body: bytes, generation: int
    ) -> ConnectorError | AgainError:
        status = response.status
        wait = retry_after(response.headers, self.services.clock())
        error = self.refuse(status, body, self.summary(call, wait))
        if status == 401 and origin(response.url) == self._origin and await self._renew(call, generation):
            return AgainError(error, wait=0.0, unsent=True)
        if status == 429:
            pause = self.limiter.refused(wait)
            wait = pause if wait is None else wait
        return AgainError(error, wait=wait) if status in BRIEF else error

    async def _renew(self, call: Call, generation: int) -> bool:
        """New credentials, once per call, and once for all the calls that were refused together."""
        if call.renewed:
            return False
        call.renewed = True
        async with self._renewing:
            if self._generation == generation and await self.auth.refresh():
                self._generation += 1
            return self._generation != generation

    def summary(self, call: Call, wait: float | None = None) -> Sent:
        url = self.scrubber().text(str(call.url))
        path = self.scrubber().text(call.url.path)
        return Sent(connection=self.services.connection, method=call.method, url=url, path=path, retry_after=wait)

    def session(self) -> aiohttp.ClientSession:
        if self._closed:
            raise Transient(f"{self.services.connection} was set up anew meanwhile; it is tried again.", code="closed")
        if self._session is None:
            self._session = new_session(self.services)
            # Bound when the first call is made: by then whoever runs us has said how to log.
            self._logger = self.services.log.bind(connection=self.services.connection)
        return self._session

    def _log(self, call: Call, status: int, seconds: float) -> None:
        if self._logger is not None and self._logger.is_enabled_for(logging.DEBUG):
            url = self.scrubber().text(str(call.url))
            tell(self._logger.debug, "request", method=call.method, url=url, status=status, ms=round(seconds * 1000, 1))


def leave(call: Call, response: aiohttp.ClientResponse) -> None:
    """Give the connection back; one on which half a file was sent is closed."""
    if isinstance(call.data, FileBody) and not call.data.ended:
        response.close()
    else:
        response.release()


async def read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The body, whole when it is not longer than the limit; else its beginning, longer than the limit."""
    parts, size = [], 0
    while size <= limit and (part := await response.content.readany()):
        parts.append(part)
        size += len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.raw_host, url.port
