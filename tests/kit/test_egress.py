"""Which addresses a connection may call."""

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from lockgate.kit.egress import Egress, GuardedResolver, PrivateAddressError
from lockgate.kit.errors import NeedsOperator

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    ("pattern", "url", "allowed"),
    [
        ("dam.example.com", "https://dam.example.com/api", True),
        ("dam.example.com", "https://DAM.Example.COM:8443/api", True),
        ("dam.example.com", "https://dam.example.com.evil.net/", False),
        ("dam.example.com", "https://x.dam.example.com/", False),
        ("dam.example.com:8443", "https://dam.example.com:8443/", True),
        ("dam.example.com:443", "https://dam.example.com/", True),
        ("dam.example.com:8443", "https://dam.example.com/", False),
        ("*.example.com", "https://eu.files.example.com/", True),
        ("*.example.com", "https://example.com/", False),
        ("*.example.com", "https://badexample.com/", False),
        ("käse.example", "https://xn--kse-qla.example/", True),
        ("[2606:4700::1111]:443", "https://[2606:4700::1111]/", True),
        ("dam.example.com", "ftp://dam.example.com/", False),
        ("dam.example.com", "https://dam.example.com@evil.net/", False),
        ("dam.example.com", "https://user:pw@dam.example.com/", False),
        ("dam.example.com", "/relative", False),
        ("dam.example.com", "https://[broken", False),
    ],
)
def test_a_host_is_called_only_where_a_pattern_names_it(pattern: str, url: str, allowed: bool) -> None:
    assert Egress(hosts=(pattern,)).allows(url) is allowed


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.9.9",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 (an address to be refused)
        "224.0.0.1",
        "[::1]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
    ],
)
def test_a_private_address_is_called_only_when_the_operator_allows_it(host: str) -> None:
    pattern, url = f"{host}:80", f"http://{host}/latest/meta-data"
    assert not Egress(hosts=(pattern,)).allows(url)
    assert Egress(hosts=(pattern,), private=True).allows(url)


def test_a_public_address_needs_no_such_permission() -> None:
    assert Egress(hosts=(PUBLIC,)).allows(f"http://{PUBLIC}/")


def test_a_refusal_says_what_to_do_and_hides_what_stands_in_the_address() -> None:
    with pytest.raises(NeedsOperator, match=r"may not call evil\.net:443; add it to the hosts") as caught:
        Egress(hosts=("dam.example.com",)).check("https://evil.net/?token=sesame")
    assert "sesame" not in str(caught.value)


class Book(AbstractResolver):
    """Names and addresses as a test says."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.closed = False

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0) for one in self.addresses
        ]

    async def close(self) -> None:
        self.closed = True


async def test_a_name_is_refused_when_one_of_its_addresses_is_private() -> None:
    guarded = GuardedResolver(Egress(hosts=("dam.example.com",)), Book(PUBLIC, "10.0.0.1"))
    with pytest.raises(PrivateAddressError, match="allow private addresses"):
        await guarded.resolve("dam.example.com", 443)


@pytest.mark.parametrize(("private", "address"), [(False, PUBLIC), (True, "10.0.0.1")])
async def test_a_name_with_permitted_addresses_is_looked_up(private: bool, address: str) -> None:
    book = Book(address)
    guarded = GuardedResolver(Egress(hosts=("dam.example.com",), private=private), book)
    assert [one["host"] for one in await guarded.resolve("dam.example.com", 443)] == [address]
    await guarded.close()
    assert book.closed


async def test_a_host_of_another_protocol_is_reached_under_its_checked_addresses() -> None:
    assert await Egress(hosts=("localhost:22",), private=True).reach("localhost", 22)


@pytest.mark.parametrize(
    ("egress", "said"),
    [
        (Egress(hosts=("sftp.example.com",), private=True), "add it to the hosts"),
        (Egress(hosts=("localhost:2222",), private=True), "add it to the hosts"),
        (Egress(hosts=("localhost",)), "allow private addresses"),
        (Egress(hosts=("127.0.0.1",)), "allow private addresses"),
    ],
)
async def test_a_host_that_may_not_be_called_is_not_reached(egress: Egress, said: str) -> None:
    with pytest.raises(NeedsOperator, match=said):
        await egress.reach("127.0.0.1" if "127.0.0.1" in egress.hosts else "localhost", 22)
