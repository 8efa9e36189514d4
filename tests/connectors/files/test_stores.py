"""Stores over the wire: signatures as documented, SFTP against another implementation on loopback, hosts that may not be called."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncssh
import msgspec
import pytest
from yarl import URL

from lockgate.connectors.files.connector import Files
from lockgate.connectors.files.settings import FilesSettings
from lockgate.connectors.files.stores.signing import Keys, signed
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.egress import Egress
from lockgate.kit.errors import NeedsOperator, Transient
from lockgate.kit.limits import Limits, Patience
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services

from .conftest import picture

HASTY = Patience(attempts=2, total=5, first_wait=0.01, longest_wait=0.02, connect=30, read=30)
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
DOCUMENTED = Keys(access="AKIAIOSFODNN7EXAMPLE", secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region="us-east-1")


@pytest.mark.parametrize(
    ("method", "path", "headers", "payload", "signature"),
    [
        (
            "GET",
            "/test.txt",
            {"Range": "bytes=0-9"},
            EMPTY,
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT",
            "/test%24file.text",
            {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        ("GET", "/?lifecycle", {}, EMPTY, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("GET", "/?max-keys=2&prefix=J", {}, EMPTY, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
)
def test_requests_are_signed_as_the_examples_of_the_reference_are(
    method: str, path: str, headers: dict[str, str], payload: str, signature: str
) -> None:
    url = URL(f"https://examplebucket.s3.amazonaws.com{path}")
    sent = signed(method, url, DOCUMENTED, datetime(2013, 5, 24, tzinfo=UTC), headers, payload)
    assert sent["Authorization"].endswith(f"Signature={signature}")


class Gate(asyncssh.SSHServer):
    """Lets in one user by password."""

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002 (nobody comes in without)
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("lockgate", "ferry-crossing")


class Ssh(msgspec.Struct):
    port: int
    known: str
    fingerprint: str


@pytest.fixture
async def ssh(root: Path) -> AsyncIterator[Ssh]:
    key = asyncssh.generate_private_key("ssh-ed25519")

    def served(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=str(root).encode())

    server = await asyncssh.listen("127.0.0.1", 0, server_factory=Gate, server_host_keys=[key], sftp_factory=served)
    port = server.get_port()
    yield Ssh(port, f"[127.0.0.1]:{port} {key.export_public_key().decode().strip()}", key.get_fingerprint())
    server.close()
    await server.wait_closed()


@asynccontextmanager
async def connected(spool: Path, *, private: bool = True, **settings: Any) -> AsyncIterator[Files]:
    told = FilesSettings.model_validate({"settle": 0, **settings})
    services = Services(
        connection="exchange",
        egress=Egress(hosts=told.site_hosts(), private=private),
        limits=Limits(),
        patience=HASTY,
        spool=spool,
    )
    async with Files(told, Profile(), services) as files:
        yield files


def login(ssh: Ssh, **more: Any) -> dict[str, Any]:
    at = f"sftp://127.0.0.1:{ssh.port}/"
    return {"address": at, "user": "lockgate", "password": "ferry-crossing", "known_hosts": ssh.known, **more}


async def test_sftp_reads_and_writes(ssh: Ssh, root: Path, tmp_path: Path) -> None:
    async with connected(tmp_path / "spool", **login(ssh)) as files:
        await files.check()
        (receipt,) = await files.upsert("asset", [Write(key="k", fields={"title": "Larch"}, file=picture(b"bytes"))])
        assert isinstance(receipt, Receipt)
        (ref,) = [ref async for page in files.index("asset", None) for ref in page.records]
        assert (root / ref.id).read_bytes() == b"bytes"
        (item,) = await files.fetch("asset", [ref.id])
        assert item.title == {"und": "Larch"}
        await files.withdraw("asset", [receipt.ref], "hide")
        assert not (root / ref.id).exists()


async def test_a_host_key_that_is_not_written_down_is_refused_and_shown(ssh: Ssh, tmp_path: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    for known in ("", f"[127.0.0.1]:{ssh.port} {other}"):
        async with connected(tmp_path / "spool", **login(ssh, known_hosts=known)) as files:
            with pytest.raises(NeedsOperator) as refused:
                await files.check()
        assert ssh.fingerprint in refused.value.sentence
        assert ssh.known in refused.value.sentence


async def test_a_wrong_password_is_refused_and_not_repeated(ssh: Ssh, tmp_path: Path) -> None:
    async with connected(tmp_path / "spool", **login(ssh, password="not-this-one")) as files:
        with pytest.raises(NeedsOperator) as refused:
            await files.check()
    assert "not-this-one" not in f"{refused.value} {refused.value.detail}"


async def test_a_private_key_that_is_none_is_told(ssh: Ssh, tmp_path: Path) -> None:
    async with connected(tmp_path / "spool", **login(ssh, private_key="no key")) as files:
        with pytest.raises(NeedsOperator, match="cannot be read"):
            await files.check()


def test_a_private_key_out_of_a_field_of_one_line_is_whole() -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    pasted = key.export_private_key().decode().replace("\n", "")
    told = FilesSettings.model_validate({"address": "sftp://files.example/", "private_key": pasted})
    assert told.private_key is not None
    assert asyncssh.import_private_key(told.private_key.get_secret_value()).public_data == key.public_data


async def test_a_folder_that_is_not_there_is_told(ssh: Ssh, tmp_path: Path) -> None:
    settings = login(ssh) | {"address": f"sftp://127.0.0.1:{ssh.port}/nowhere"}
    async with connected(tmp_path / "spool", **settings) as files:
        with pytest.raises(NeedsOperator, match="no folder /nowhere"):
            await files.check()


ADDRESSES: dict[str, Callable[[str], dict[str, Any]]] = {
    "sftp": lambda host: {"address": f"sftp://{host}/x", "user": "u", "password": "p"},
    "dav": lambda host: {"address": f"dav://{host}/x", "user": "u", "password": "p"},
    "s3": lambda host: {"address": "s3://bucket/x", "endpoint": f"http://{host}", "user": "u", "password": "p"},
    "ftp": lambda host: {"address": f"ftp://{host}/x", "user": "u", "password": "p"},
}


@pytest.mark.parametrize("kind", ADDRESSES)
@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost:9"])
async def test_a_private_address_is_called_only_when_the_operator_allows(tmp_path: Path, kind: str, host: str) -> None:
    async with connected(tmp_path / "spool", private=False, **ADDRESSES[kind](host)) as files:
        with pytest.raises(NeedsOperator, match="private address"):
            await files.check()


@pytest.mark.parametrize("kind", ADDRESSES)
async def test_a_server_that_is_not_there_is_tried_again_later(tmp_path: Path, kind: str) -> None:
    async with connected(tmp_path / "spool", **ADDRESSES[kind]("127.0.0.1:1")) as files:
        with pytest.raises(Transient, match="cannot be reached"):
            await files.check()
