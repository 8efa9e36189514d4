"""The aiohttp session of a connection, and what its failures mean."""

from collections.abc import Awaitable, Callable

import aiohttp

from lockgate.kit.egress import GuardedResolver, PrivateAddressError
from lockgate.kit.errors import ConnectorError, ContractBroken, NeedsOperator, Transient
from lockgate.kit.http.retry import AgainError
from lockgate.kit.services import Services

AUTO_HEADERS = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
"""Headers aiohttp would compute for each request; ours are fixed."""


def new_session(services: Services) -> aiohttp.ClientSession:
    """One per connection: no cookies, no environment proxies, private addresses refused when a name is looked up."""
    patience = services.patience
    return aiohttp.ClientSession(
        # The limiter bounds concurrency; a second bound here could make an upload wait for the download that feeds it.
        connector=aiohttp.TCPConnector(limit=0, resolver=GuardedResolver(services.egress), ttl_dns_cache=60),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=AUTO_HEADERS,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=patience.connect, sock_read=patience.read),
        trust_env=False,
    )


class BrokenOffError(aiohttp.ClientConnectionError):
    """A request that ended without an answer, in words that aiohttp takes for no reason to send it again."""


Send = Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]]


async def sent_once(request: aiohttp.ClientRequest, send: Send) -> aiohttp.ClientResponse:
    """Middleware for a request that must reach the other side once at most.

    aiohttp by itself repeats a PUT or DELETE when a connection ends without an answer. The vendor may have done it by then.
    """
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as problem:
        raise BrokenOffError(str(problem)) from problem


BROKEN = (aiohttp.ClientError, TimeoutError, OSError)
"""What aiohttp raises when the network or the other side fails."""


def failure(problem: BaseException, who: str, what: str) -> ConnectorError | AgainError:
    """The error for one of BROKEN; AgainError where a repeat may help."""
    if isinstance(problem, aiohttp.ClientSSLError):
        return untrusted(problem, who)
    if isinstance(problem, aiohttp.ClientConnectorError):
        return unreachable(problem, who)
    if isinstance(problem, TimeoutError):
        sentence = f"{who} did not answer {what} in time."
        unsent = isinstance(problem, aiohttp.ConnectionTimeoutError)
        return AgainError(Transient(sentence, code="timeout"), unsent=unsent)
    if isinstance(problem, aiohttp.InvalidURL):
        return NeedsOperator(f"The address of {who} is not usable; correct it in the connection's settings.")
    if isinstance(problem, aiohttp.ClientResponseError):
        return ContractBroken(f"{who} answered {what} with something that is not HTTP.", detail=problem.message)
    return AgainError(Transient(f"{who} broke {what} off.", code="broken_off", detail=type(problem).__name__))


def untrusted(problem: aiohttp.ClientSSLError, who: str) -> ConnectorError:
    if isinstance(problem, aiohttp.ClientConnectorCertificateError):
        sentence = (
            f"The TLS certificate of {who} cannot be trusted; check its address, or have its certificate put right."
        )
    else:
        sentence = f"No TLS connection to {who} comes about; check its address and port: is https spoken there?"
    return NeedsOperator(sentence, code="tls", detail=str(problem))


def unreachable(problem: aiohttp.ClientConnectorError, who: str) -> ConnectorError | AgainError:
    if isinstance(problem.os_error, PrivateAddressError):
        return NeedsOperator(str(problem.os_error), code="egress")
    why = "its name is not known" if isinstance(problem, aiohttp.ClientConnectorDNSError) else "it refuses connections"
    return AgainError(
        Transient(f"{who} cannot be reached: {why}.", code="unreachable", detail=str(problem)), unsent=True
    )
