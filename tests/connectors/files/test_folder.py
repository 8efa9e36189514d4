"""A folder of this machine: only below what the operator allows, and never over a link."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lockgate.connectors.files.settings import FilesSettings
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.errors import NeedsOperator, NotFound, Rejected
from lockgate.model.item import Rendition

from .conftest import Connect, picture

Put = Callable[[str, bytes | str], Path]


async def ids(connect: Connect, **settings: object) -> list[str]:
    async with connect(**settings) as files:
        return [ref.id async for page in files.index("asset", None) for ref in page.records]


@pytest.mark.parametrize("allowed", [(), ("/nowhere",)])
async def test_a_folder_the_operator_did_not_name_is_not_touched(connect: Connect, allowed: tuple[str, ...]) -> None:
    async with connect(allowed=allowed) as files:
        with pytest.raises(NeedsOperator, match="LOCKGATE_FOLDERS"):
            await files.check()
        with pytest.raises(NeedsOperator, match="LOCKGATE_FOLDERS"):
            await files.upsert("asset", [Write(key="k", fields={}, file=picture(b"x"))])


async def test_a_link_to_a_folder_elsewhere_is_no_way_around(connect: Connect, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    inside = tmp_path / "allowed"
    inside.mkdir()
    (inside / "way").symlink_to(outside)
    async with connect(address=f"file://{inside}/way", allowed=(str(inside),)) as files:
        with pytest.raises(NeedsOperator, match="may not use"):
            await files.check()


async def test_links_in_the_folder_are_neither_listed_nor_read(
    connect: Connect, tmp_path: Path, root: Path, put: Put
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("nobody's business")
    put("here.txt", "ours")
    (root / "link.txt").symlink_to(secret)
    (root / "way").symlink_to(tmp_path)
    assert await ids(connect) == ["here.txt"]
    async with connect() as files:
        for path in ("link.txt", "way/secret.txt"):
            rendition = Rendition(name="original", filename="x", address=path, version="")
            with pytest.raises((NotFound, Rejected)):
                async with files.open(path, rendition):
                    pass
            assert await files.fetch("asset", [path]) == []


@pytest.mark.parametrize("path", ["../secret.txt", "a/../../secret.txt", "/etc/passwd", "a//b", ".", "a\0b"])
async def test_a_path_that_leads_out_is_refused(connect: Connect, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.txt").write_text("nobody's business")
    async with connect() as files:
        with pytest.raises(Rejected, match="no path below"):
            async with files.open(path, Rendition(name="original", filename="x", address=path, version="")):
                pass


async def test_nothing_is_written_over_a_link(connect: Connect, tmp_path: Path, root: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "sub").symlink_to(outside)
    async with connect(name="sub/{id}{ext}") as files:
        (answer,) = await files.upsert("asset", [Write(key="k", fields={}, file=picture(b"x"))])
    assert isinstance(answer, Rejected)
    assert "link" in answer.sentence
    assert list(outside.iterdir()) == []


async def test_a_pipe_in_the_folder_holds_nobody_up(connect: Connect, root: Path, put: Put) -> None:
    os.mkfifo(root / "pipe.txt")
    put("here.txt", "ours")
    assert await ids(connect) == ["here.txt"]


async def test_a_folder_that_is_not_mounted_is_no_empty_one(connect: Connect, root: Path, put: Put) -> None:
    put("here.txt", "ours")
    async with connect() as files:
        assert [page async for page in files.index("asset", None)]
        await asyncio.to_thread(root.rename, root.with_name("elsewhere"))
        with pytest.raises(NeedsOperator, match="mount its disk"):
            _ = [page async for page in files.index("asset", None)]


async def test_files_that_are_not_meant_are_left_alone(connect: Connect, put: Put) -> None:
    for path in ("a.jpg.part", ".hidden", "~$open.docx", "b.tmp", ".git/config", ".closed/x.jpg", "x.crdownload"):
        put(path, "not meant")
    put("drafts/c.txt", "no")
    put("Approved/d.TXT", "yes")
    put("approved/deep/e.txt", "yes")
    put("approved/f.pdf", "no")
    found = await ids(connect, include=["approved/**/*.txt"], exclude=["drafts/**"])
    assert found == ["Approved/d.TXT", "approved/deep/e.txt"]


async def test_an_exact_name_that_is_taken_is_refused_and_the_file_stays(
    connect: Connect, root: Path, put: Put
) -> None:
    put("4711.png", "somebody else's")
    async with connect(name="{sku}{ext}") as files:
        writes = [
            Write(key=f"flow:{at}", fields={"sku": sku}, file=picture(b"ours"))
            for at, sku in enumerate(["4711", "4712", "4712"])
        ]
        theirs, first, second = [(await files.upsert("asset", [one]))[0] for one in writes]
        again = (await files.upsert("asset", [writes[1]]))[0]
    assert isinstance(theirs, Rejected)
    assert "somebody else's" in theirs.sentence
    assert isinstance(first, Receipt)
    assert isinstance(second, Rejected)
    assert "another item" in second.sentence
    assert isinstance(again, Receipt)
    assert (root / "4711.png").read_text() == "somebody else's"


async def test_two_at_once_cannot_take_one_name(connect: Connect, root: Path) -> None:
    async with connect(name="{sku}{ext}") as files, connect(name="{sku}{ext}") as others:
        writes = [Write(key=f"flow:{at}", fields={"sku": "4711"}, file=picture(b"%d" % at)) for at in range(6)]
        found = await asyncio.gather(
            *(one.upsert("asset", [write]) for one, write in zip((files, others) * 3, writes, strict=True))
        )
    taken = [at for at, (answer,) in enumerate(found) if isinstance(answer, Receipt)]
    assert len(taken) == 1
    assert (root / "4711.png").read_bytes() == b"%d" % taken[0]


async def test_a_file_of_another_kind_gets_another_name_and_the_old_one_goes(connect: Connect, root: Path) -> None:
    async with connect() as files:
        await files.upsert("asset", [Write(key="k", fields={"title": "Larch"}, file=picture(b"png"))])
        (name,) = pictures(root)
        write = Write(key="k", fields={"title": "Another"}, file=picture(b"same kind"))
        await files.upsert("asset", [write])
        assert pictures(root) == [name]
        await files.upsert("asset", [Write(key="k", fields={}, file=picture(b"tiff", "x.tiff"))])
    assert sorted(one.suffix for one in files_in(root)) == [".json", ".tiff"]


def files_in(root: Path) -> list[Path]:
    return [one for one in root.iterdir() if one.is_file()]


def pictures(root: Path) -> list[str]:
    return [one.name for one in root.glob("*.png")]


FULL = """
import asyncio, resource, sys, signal
from pathlib import Path
from lockgate.connectors.files.connector import Files
from lockgate.connectors.files.settings import FilesSettings
from lockgate.kit.conformance.bench import source
from lockgate.kit.contract import Write
from lockgate.kit.egress import Egress
from lockgate.kit.limits import Limits
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services

async def main(root):
    egress = Egress(hosts=(), folders=(root,))
    services = Services(connection="x", egress=egress, limits=Limits(), spool=Path(root) / ".spool")
    async with Files(FilesSettings(address=f"file://{root}"), Profile(), services) as files:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        (answer,) = await files.upsert("asset", [Write(key="k", fields={}, file=source(bytes(3 << 20)))])
        print(type(answer).__name__, answer.code, answer.sentence)

asyncio.run(main(sys.argv[1]))
"""


def test_a_disk_that_is_full_leaves_no_part_and_is_tried_again(root: Path) -> None:
    """The longest file that the process may write stands for the disk."""
    done = subprocess.run([sys.executable, "-c", FULL, str(root)], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.stdout.startswith("Transient store.full There is no room"), done.stderr
    assert [one for one in root.rglob("*") if one.is_file() and ".spool" not in one.parts] == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sftp://host/../etc", "without . and .."),
        ("sftp://user:secret@host/x", "settings of their own"),
        ("http://host/x", "sftp://host/path"),
        ("file://host/x", "three slashes"),
        ("file:relative", "three slashes"),
        ("dav:///x", "sftp://host/path"),
        ("sftp://host/x?y", "neither"),
        ("sftp://host:notaport/", "sftp://host/path"),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(address: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace(".", r"\.")):
        FilesSettings.model_validate({"address": address})


@pytest.mark.parametrize(
    ("settings", "hosts"),
    [
        ({"address": "file:///srv/x"}, ()),
        ({"address": "sftp://files.example/x"}, ("files.example:22",)),
        ({"address": "sftp://[::1]:2222/x"}, ("[::1]:2222",)),
        ({"address": "davs://files.example/x"}, ("files.example:443",)),
        ({"address": "s3://bucket/x", "region": "eu-west-1"}, ("s3.eu-west-1.amazonaws.com:443",)),
        ({"address": "s3://bucket", "endpoint": "http://s3.example:9000"}, ("s3.example:9000",)),
        ({"address": "ftps://files.example"}, ("files.example:21",)),
    ],
)
def test_only_the_stores_own_host_may_be_called(settings: dict[str, str], hosts: tuple[str, ...]) -> None:
    assert FilesSettings.model_validate(settings).site_hosts() == hosts
