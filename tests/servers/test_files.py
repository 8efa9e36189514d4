"""The connector for folders against real servers: OpenSSH, WsgiDAV, Swift's S3 and pyftpdlib, each seen by somebody else as well."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncssh
import obstore
import pytest
from obstore.store import S3Store
from tests.servers.running.ftp import Ftp
from tests.servers.running.s3 import S3
from tests.servers.running.sftp import Sftp
from tests.servers.running.webdav import WebDav

from lockgate.connectors.files.connector import Files
from lockgate.connectors.files.settings import FilesSettings
from lockgate.kit.contract import FileSource, FileStream, Page, Receipt, Write
from lockgate.kit.egress import Egress
from lockgate.kit.errors import NeedsOperator
from lockgate.kit.limits import Limits, Patience
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services
from lockgate.kit.transfer import file_source

KINDS = ("sftp", "webdav", "s3", "ftp")
BIG = os.urandom(1 << 16) * 96
"""6 MiB: some stretches of SFTP, many chunks of the others."""
WAIT = 60


class Others:
    """Somebody else who works in the same folder, without our code."""

    def names(self) -> set[str]:
        """What can be seen, our own folder aside."""
        return {one for one in self.listed() if not one.startswith((".lockgate/", ".closed/"))}

    def listed(self) -> list[str]:
        raise NotImplementedError

    def put(self, path: str, content: bytes) -> None:
        raise NotImplementedError

    def read(self, path: str) -> bytes:
        raise NotImplementedError


class OnDisk(Others):
    """By the folder that the server serves."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def listed(self) -> list[str]:
        return [one.relative_to(self.root).as_posix() for one in self.root.rglob("*") if one.is_file()]

    def put(self, path: str, content: bytes) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()


class InBucket(Others):
    """By another client of S3."""

    def __init__(self, server: S3, prefix: str) -> None:
        self.prefix = prefix
        self.store = S3Store(
            server.bucket,
            endpoint=server.url,
            access_key_id=server.access_key,
            secret_access_key=server.secret_key,
            region=server.region,
            virtual_hosted_style_request=False,
            client_options={"allow_http": True},
        )

    def listed(self) -> list[str]:
        pages = obstore.list(self.store, prefix=self.prefix)
        return [str(one["path"]).removeprefix(f"{self.prefix}/") for page in pages for one in page]

    def put(self, path: str, content: bytes) -> None:
        obstore.put(self.store, f"{self.prefix}/{path}", content)

    def read(self, path: str) -> bytes:
        return bytes(obstore.get(self.store, f"{self.prefix}/{path}").bytes())


class Ground:
    """One folder of one server, for one test."""

    def __init__(self, settings: dict[str, Any], others: Others, spool: Path) -> None:
        self.settings, self.others, self.spool = settings, others, spool

    @asynccontextmanager
    async def connected(self, **changes: Any) -> AsyncIterator[Files]:
        settings = FilesSettings.model_validate({"settle": 0, **self.settings, **changes})
        services = Services(
            connection="exchange",
            egress=Egress(hosts=settings.site_hosts(), private=True),
            limits=Limits(),
            patience=Patience(attempts=3, first_wait=0.05, longest_wait=0.2, read=WAIT, connect=WAIT),
            spool=self.spool,
        )
        async with Files(settings, Profile(), services) as files:
            yield files


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ground(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Ground:
    """A fresh folder of the server, and how the connector is told of it."""
    folder = f"test-{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]}"
    server = request.getfixturevalue(f"{kind}_server")
    settings, others = GROUNDS[kind](server, folder)
    return Ground(settings, others, tmp_path / "spool")


def on_sftp(server: Sftp, folder: str) -> tuple[dict[str, Any], Others]:
    settings = {
        "address": f"sftp://{server.host}:{server.port}{server.root}/{folder}",
        "user": server.user,
        "private_key": server.user_key.read_text(),
        "known_hosts": server.known_hosts,
    }
    return settings, OnDisk(server.root / folder)


def on_webdav(server: WebDav, folder: str) -> tuple[dict[str, Any], Others]:
    address = server.url.replace("http://", "dav://") + folder
    return {"address": address, "user": server.user, "password": server.password}, OnDisk(server.root / folder)


def on_s3(server: S3, folder: str) -> tuple[dict[str, Any], Others]:
    settings = {
        "address": f"s3://{server.bucket}/{folder}",
        "endpoint": server.url,
        "user": server.access_key,
        "password": server.secret_key,
        "region": server.region,
    }
    return settings, InBucket(server, folder)


def on_ftp(server: Ftp, folder: str) -> tuple[dict[str, Any], Others]:
    address = f"ftp://{server.host}:{server.port}/{folder}"
    return {"address": address, "user": server.user, "password": server.password}, OnDisk(server.root / folder)


GROUNDS: dict[str, Callable[[Any, str], tuple[dict[str, Any], Others]]] = {
    "sftp": on_sftp,
    "webdav": on_webdav,
    "s3": on_s3,
    "ftp": on_ftp,
}


def source(content: bytes, *, stated: bool = True, halfway: Callable[[], Awaitable[None]] | None = None) -> FileSource:
    """A file that may stop in its middle until it is told to go on."""

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(content), 1 << 18):
            if halfway is not None and at * 2 >= len(content) and at * 2 < len(content) + (1 << 19):
                await halfway()
            yield content[at : at + (1 << 18)]

    @asynccontextmanager
    async def opened() -> AsyncIterator[FileStream]:
        length = len(content) if stated else None
        yield FileStream(filename="larch.png", media_type="image/png", length=length, chunks=chunks())

    return file_source(opened, filename="larch.png", media_type="image/png", length=len(content) if stated else None)


async def written(files: Files, content: bytes, key: str = "flow:1", **how: Any) -> Receipt:
    fields = {"title": "Lärche & Söhne #1 (50%)"}
    (answer,) = await files.upsert("asset", [Write(key=key, fields=fields, file=source(content, **how))])
    assert isinstance(answer, Receipt), answer
    return answer


async def test_check_says_where_it_is(ground: Ground) -> None:
    ground.others.put("here.txt", b"something")
    async with ground.connected() as files:
        info = await files.check()
    assert info.product
    assert len(info.notes) == 2


async def test_wrong_credentials_are_refused_in_words(ground: Ground) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    wrong = {"private_key": other} if "private_key" in ground.settings else {"password": "not-this-one"}
    async with ground.connected(**wrong) as files:
        with pytest.raises(NeedsOperator) as refused:
            await files.check()
    assert "not-this-one" not in f"{refused.value.sentence} {refused.value.detail}"


async def test_what_is_written_is_what_others_read(ground: Ground) -> None:
    async with ground.connected() as files:
        receipt = await written(files, BIG)
        again = await written(files, BIG)
        assert receipt.sha256 == again.sha256 == hashlib.sha256(BIG).hexdigest()
        assert (receipt.created, again.created) == (True, False)
        assert await files.file_digest("asset", receipt.ref) == receipt.sha256
    names = ground.others.names()
    (name,) = (one for one in names if one.endswith(".png"))
    assert names == {name, f"{name}.json"}
    assert name.startswith("Lärche & Söhne #1 (50%)-")
    assert ground.others.read(name) == BIG


async def test_a_file_of_unknown_length_arrives(ground: Ground) -> None:
    async with ground.connected() as files:
        receipt = await written(files, BIG, stated=False)
        assert await files.file_digest("asset", receipt.ref) == hashlib.sha256(BIG).hexdigest()


async def test_nobody_sees_part_of_a_file(ground: Ground) -> None:
    seen: list[set[str]] = []

    async def look() -> None:
        """Long enough for what was sent to have come."""
        for _ in range(5):
            await asyncio.sleep(0.02)
            found = await asyncio.to_thread(ground.others.names)
            seen.append({one for one in found if not one.rsplit("/", maxsplit=1)[-1].startswith(".")})

    async with ground.connected() as files:
        await written(files, BIG, halfway=look)
        await written(files, BIG[::-1], key="flow:2")
    assert seen
    assert not any(seen), "a name could be seen before its file was whole"
    assert not [one for one in ground.others.names() if one.endswith(".part")]


async def test_a_replaced_file_is_the_old_one_until_it_is_the_new_one(ground: Ground) -> None:
    old, new, seen = BIG[: 1 << 20], BIG[::-1], set[bytes]()
    async with ground.connected() as files:
        await written(files, old)
        (name,) = (one for one in ground.others.names() if one.endswith(".png"))

        async def look() -> None:
            seen.add(await asyncio.to_thread(ground.others.read, name))

        await written(files, new, halfway=look)
    assert seen == {old}
    assert ground.others.read(name) == new


async def test_a_source_that_breaks_off_leaves_nothing(ground: Ground) -> None:
    async def break_off() -> None:
        raise NeedsOperator("The source broke off.")

    async with ground.connected() as files:
        with pytest.raises(NeedsOperator, match="broke off"):
            await written(files, BIG, halfway=break_off)
        assert await files.held("asset", ["flow:1"]) == {}
    assert ground.others.names() == set()


async def test_what_others_put_and_take_is_noticed(ground: Ground) -> None:
    ground.others.put("in/old.txt", b"old")
    async with ground.connected() as files:
        cursor = await last(files.changes("asset", None))
        ground.others.put("in/deep/Grüße #1 %.txt", b"new")
        ground.others.put("in/deep/Grüße #1 %.txt.json", b'{"title": "Hello", "ids": {"sku": "4711"}}')
        pages = [page async for page in files.changes("asset", cursor)]
        assert [event.id for page in pages for event in page.records] == ["in/deep/Grüße #1 %.txt"]
        (item,) = await files.fetch("asset", ["in/deep/Grüße #1 %.txt"])
        assert (item.title, item.identifiers) == ({"und": "Hello"}, {"sku": ("4711",)})
        assert item.modified is not None
        assert abs(item.modified - files.services.clock()) < timedelta(minutes=10)
        async with files.open(item.id, item.renditions[0]) as stream:
            assert b"".join([chunk async for chunk in stream.chunks]) == b"new"
        refs = [ref.id async for page in files.index("asset", None) for ref in page.records]
        assert refs == ["in/deep/Grüße #1 %.txt", "in/old.txt"]


async def test_a_hidden_copy_is_out_of_sight_and_comes_back(ground: Ground) -> None:
    async with ground.connected() as files:
        ref = (await written(files, BIG)).ref
        before = ground.others.names()
        for _ in range(2):
            assert isinstance((await files.withdraw("asset", [ref], "hide"))[0], Receipt)
        assert ground.others.names() == set()
        assert (await files.held("asset", ["flow:1"]))["flow:1"].hidden
        for _ in range(2):
            assert isinstance((await files.show("asset", [ref]))[0], Receipt)
        assert ground.others.names() == before
        assert isinstance((await files.withdraw("asset", [ref], "remove"))[0], Receipt)
        assert [one for one in ground.others.listed() if one.endswith(".png")] == []


async def test_a_catalogue_is_written_whole_and_read_back(ground: Ground) -> None:
    async with ground.connected(feed="out/catalogue.csv") as files:
        writes = [Write(key=f"flow:{at}", fields={"title": {"de": f"Nummer {at}"}}) for at in range(20)]
        await files.upsert("product", writes)
        await files.withdraw("product", ["flow:7"], "hide")
    lines = ground.others.read("out/catalogue.csv").decode("utf-8-sig").splitlines()
    assert lines[:2] == ["key,title.de", "flow:0,Nummer 0"]
    assert len(lines) == 20
    async with ground.connected(feed="out/catalogue.csv") as files:
        held = await files.held("product", ["flow:7", "flow:8", "flow:99"])
    assert {key: one.hidden for key, one in held.items()} == {"flow:7": True, "flow:8": False}


async def test_a_strange_host_key_is_refused_with_its_fingerprint(sftp_server: Sftp, tmp_path: Path) -> None:
    settings, others = on_sftp(sftp_server, "strange")
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().split()[1]
    line = f"[{sftp_server.host}]:{sftp_server.port} ssh-ed25519 {other}"
    shown = asyncssh.import_public_key(sftp_server.host_key).get_fingerprint()
    for known in ("", line):
        async with Ground({**settings, "known_hosts": known}, others, tmp_path).connected() as files:
            with pytest.raises(NeedsOperator) as refused:
                await files.check()
        assert shown in refused.value.sentence
        assert sftp_server.known_hosts.strip() in refused.value.sentence


async def test_sftp_goes_on_where_its_connection_was_cut(sftp_server: Sftp, tmp_path: Path) -> None:
    settings, others = on_sftp(sftp_server, "cut")
    others.put("big.bin", BIG)
    async with relayed(sftp_server.port, cut_after=3 << 20) as (port, cuts):
        key = sftp_server.known_hosts.replace(f":{sftp_server.port} ", f":{port} ")
        address = settings["address"].replace(f":{sftp_server.port}/", f":{port}/")
        ground = Ground({**settings, "address": address, "known_hosts": key}, others, tmp_path)
        async with ground.connected() as files:
            (item,) = await files.fetch("asset", ["big.bin"])
            async with files.open(item.id, item.renditions[0]) as stream:
                read = b"".join([chunk async for chunk in stream.chunks])
    assert hashlib.sha256(read).digest() == hashlib.sha256(BIG).digest()
    assert cuts == [True]


@asynccontextmanager
async def relayed(to: int, *, cut_after: int) -> AsyncIterator[tuple[int, list[bool]]]:
    """A port that passes everything on, and cuts the first connection on which so many bytes came back."""
    cuts: list[bool] = []
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection("127.0.0.1", to)
        both = [asyncio.create_task(passed(reader, forth)), asyncio.create_task(counted(back, writer))]
        tasks.update(both)
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in (writer, forth):
            one.transport.abort()
        for task in both:
            task.cancel()

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = cut_after
        while data := await reader.read(1 << 16):
            left -= len(data)
            if left < 0 and not cuts:
                cuts.append(True)
                return
            writer.write(data)
            await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], cuts
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def last(pages: AsyncIterator[Page[Any]]) -> str:
    return [page.cursor async for page in pages][-1]
