"""Which hosts a connection may call. Private addresses only when the operator allows; no redirect elsewhere."""

import socket
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Any

import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from lockgate.kit.errors import NeedsOperator

TRANSLATED = IPv6Network("64:ff9b::/96")
"""NAT64 (RFC 6052): the last four bytes are the IPv4 address that is really called."""


class Egress(msgspec.Struct, frozen=True, kw_only=True):
    """`hosts` as `host`, `host:port` or `*.host`; `private` lets loopback and private addresses through.

    `host` alone allows every port. `*.host` allows what is below `host`, not `host` itself.
    """

    hosts: tuple[str, ...]
    private: bool = False
    folders: tuple[str, ...] = ()
    """Folders of this machine below which a connection may read and write; none unless the operator named them."""

    def allows(self, url: str) -> bool:
        return not refusal(self, url)

    def check(self, url: str) -> None:
        """Raises NeedsOperator, with the remedy, for an address this connection may not call."""
        if reason := refusal(self, url):
            raise NeedsOperator(reason, code="egress")

    async def reach(self, host: str, port: int) -> list[str]:
        """The addresses, as numbers, under which a host may be called by another protocol than HTTP.

        Connect to one of these and not to the name: what was checked is then what is called. Raises NeedsOperator for a
        host that may not be called, OSError for a name that is not known.
        """
        if reason := refused_host(self, host.lower(), port):
            raise NeedsOperator(reason, code="egress")
        try:
            found = await GuardedResolver(self).resolve(host, port, socket.AF_UNSPEC)
        except PrivateAddressError as private:
            raise NeedsOperator(str(private), code="egress") from private
        return [str(one["host"]) for one in found]

    def path(self, asked: str) -> Path:
        """A file or folder of this machine with its links resolved, if the operator allows it. Raises NeedsOperator."""
        real = Path(asked).resolve()
        if not any(real.is_relative_to(Path(one).resolve()) for one in self.folders):
            raise NeedsOperator(
                f"This installation may not use {asked}; whoever runs it names the folders that may be used in LOCKGATE_FOLDERS.",
                code="egress",
            )
        return real


def refusal(egress: Egress, url: str | URL) -> str:
    """Why the address may not be called, as a sentence; empty when it may."""
    try:
        parsed = URL(url)
    except ValueError:
        return "An address that is none was to be called; correct the address in the connection's settings."
    return refused_origin(egress, parsed.scheme, (parsed.raw_host or "").lower(), parsed.port, parsed.user is not None)


@lru_cache(maxsize=1024)
def refused_origin(egress: Egress, scheme: str, host: str, port: int | None, user: bool) -> str:
    if scheme not in {"http", "https"} or not host or port is None:
        return f"Only http and https addresses with a host may be called, not {scheme or 'an address'} without them."
    if user:
        return f"The address of {host} holds a user name; put credentials in the connection's settings instead."
    return refused_host(egress, host, port)


def refused_host(egress: Egress, host: str, port: int) -> str:
    """Why the host may not be called on this port, whatever is spoken there; empty when it may."""
    if not any(matches(pattern, host, port) for pattern in egress.hosts):
        return (
            f"This connection may not call {host}:{port}; add it to the hosts the connection may call if that is meant."
        )
    if not egress.private and (address := literal(host)) and not public(address):
        return private_sentence(host)
    return ""


def private_sentence(host: str) -> str:
    return f"{host} is a private address; allow private addresses for this connection if the system is in your own network."


def matches(pattern: str, host: str, port: int) -> bool:
    name, wanted, below = parsed(pattern)
    if wanted is not None and wanted != port:
        return False
    return host.endswith(f".{name}") if below else plain(host) == name


@lru_cache(maxsize=1024)
def parsed(pattern: str) -> tuple[str, int | None, bool]:
    """`host:port`, `[v6]:port`, `*.host`, `host` or a bare IPv6 address: host, port, whether what is below it is meant."""
    text = pattern.strip().lower()
    below = text.startswith("*.")
    text = text.removeprefix("*.")
    name, port = text, ""
    if text.startswith("["):
        name, _, port = text[1:].partition("]")
    elif text.count(":") == 1:
        name, _, port = text.partition(":")
    port = port.removeprefix(":")
    return plain(name), int(port) if port.isdigit() else None, below


def plain(host: str) -> str:
    """A host in the one form in which two are compared: addresses shortened, names in their ASCII form."""
    if address := literal(host):
        return str(address)
    return host if host.isascii() else str(URL.build(scheme="http", host=host).raw_host)


def literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is on the open internet, looking through IPv4 carried in IPv6."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in TRANSLATED:
            inner = IPv4Address(address.packed[-4:])
        if inner is not None:
            return public(inner)
    return address.is_global and not address.is_multicast


class PrivateAddressError(OSError):
    """A name that leads to a private address, found when it was looked up."""

    def __init__(self, host: str) -> None:
        super().__init__(private_sentence(host))


class GuardedResolver(AbstractResolver):
    """Looks names up and refuses private addresses: what is checked is what is connected to, so rebinding gains nothing."""

    def __init__(self, egress: Egress, inner: AbstractResolver | None = None) -> None:
        self.egress = egress
        self.inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self.inner.resolve(host, port, family)
        if not self.egress.private and not all(is_public(one) for one in found):
            raise PrivateAddressError(host)
        return found

    async def close(self) -> None:
        await self.inner.close()


def is_public(result: ResolveResult | dict[str, Any]) -> bool:
    address = literal(str(result["host"]))
    return address is not None and public(address)
