"""Files checked as they pass, and kept on disk for several targets."""

import hashlib
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lockgate.kit.contract import FileSource, FileStream
from lockgate.kit.errors import ContractBroken, Transient
from lockgate.kit.transfer import Opener, digest, file_source, path_source, spooled

CONTENT = bytes(range(256)) * 4000
SHA = hashlib.sha256(CONTENT).hexdigest()


class Original:
    """Opens a file in memory, and counts how often."""

    def __init__(self, content: bytes = CONTENT, *, length: int | None = None, breaks: bool = False) -> None:
        self.content = content
        self.length = length
        self.breaks = breaks
        self.opened = 0

    async def chunks(self) -> AsyncIterator[bytes]:
        half = len(self.content) // 2
        yield self.content[:half]
        if self.breaks:
            raise Transient("the source broke off")
        yield self.content[half:]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[FileStream]:
        self.opened += 1
        yield FileStream(filename="x.bin", media_type="image/png", length=self.length, chunks=self.chunks())


def source(open: Opener, length: int | None = None, expected: str | None = None) -> FileSource:
    return file_source(open, filename="x.bin", media_type="image/png", length=length, expected=expected)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def read(file: FileSource) -> bytes:
    async with file.open() as stream:
        return b"".join([chunk async for chunk in stream.chunks])


@pytest.mark.parametrize(
    "expected",
    [
        None,
        f"sha256:{SHA}",
        f"MD5:{hashlib.md5(CONTENT, usedforsecurity=False).hexdigest().upper()}",
        f"sha1:{hashlib.sha1(CONTENT, usedforsecurity=False).hexdigest()}",
    ],
)
async def test_a_file_as_stated_is_read_again_and_again(expected: str | None) -> None:
    original = Original(length=len(CONTENT))
    file = source(original.open, len(CONTENT), expected)
    assert await read(file) == CONTENT
    assert await read(file) == CONTENT
    assert original.opened == 2


@pytest.mark.parametrize(
    ("content", "offered", "stated", "expected", "code"),
    [
        (CONTENT, None, None, "md5:" + "0" * 32, "file.digest"),
        (CONTENT, None, len(CONTENT) + 1, None, "file.length"),
        (CONTENT, None, len(CONTENT) - 1, None, "file.length"),
        (CONTENT, len(CONTENT), len(CONTENT) + 1, None, "file.length"),
        (CONTENT, len(CONTENT) + 1, None, None, "file.length"),
        (b"", None, None, f"sha256:{SHA}", "file.digest"),
    ],
    ids=["digest", "shorter", "longer", "offered other length", "offered more than came", "empty"],
)
async def test_a_file_that_is_not_as_stated_breaks_the_contract(
    content: bytes, offered: int | None, stated: int | None, expected: str | None, code: str
) -> None:
    with pytest.raises(ContractBroken) as caught:
        await read(source(Original(content, length=offered).open, stated, expected))
    assert caught.value.code == code


def test_a_digest_nobody_can_check_is_not_passed_over() -> None:
    with pytest.raises(ContractBroken, match="an algorithm that is known"):
        source(Original().open, expected="quick:1234")


async def test_progress_is_told_as_bytes_pass() -> None:
    told: list[int] = []
    file = file_source(Original().open, filename="x", media_type="image/png", progress=told.append)
    await read(file)
    assert sum(told) == len(CONTENT)
    assert len(told) == 2


async def test_a_spooled_file_is_read_once_and_written_often(tmp_path: Path) -> None:
    original = Original(length=len(CONTENT))
    async with spooled(source(original.open, expected=f"sha256:{SHA}"), tmp_path / "spool") as kept:
        assert (kept.sha256, kept.length) == (SHA, len(CONTENT))
        assert await read(kept.source) == CONTENT
        assert await read(kept.source) == CONTENT
    assert original.opened == 1
    assert names(tmp_path / "spool") == []


@pytest.mark.parametrize(
    ("original", "expected", "error"),
    [(Original(breaks=True), None, Transient), (Original(), "sha256:" + "0" * 64, ContractBroken)],
    ids=["breaks off", "other digest"],
)
async def test_nothing_stays_of_a_file_that_could_not_be_spooled(
    original: Original, expected: str | None, error: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(error):
        async with spooled(source(original.open, expected=expected), tmp_path):
            raise AssertionError("a file that is not as stated was handed on")
    assert names(tmp_path) == []


async def test_a_full_disk_is_said_and_passes_by_itself(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (len(CONTENT) // 2, hard)
    )  # as full as a disk can be made for one process
    try:
        with pytest.raises(Transient, match=r"There is no room for .* make room"):
            async with spooled(source(Original().open), tmp_path):
                raise AssertionError("a file that does not fit was handed on")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert names(tmp_path) == []
    async with spooled(source(Original().open), tmp_path) as kept:
        assert kept.length == len(CONTENT)


async def test_what_happens_to_a_spooled_file_on_disk_is_noticed(tmp_path: Path) -> None:
    async with spooled(source(Original().open), tmp_path) as kept:
        kept.path.write_bytes(CONTENT[:-1] + b"!")
        with pytest.raises(ContractBroken):
            await read(kept.source)


async def test_a_file_on_disk_has_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(CONTENT)
    async with path_source(path, filename="x.bin", media_type="image/png").open() as stream:
        assert stream.length == len(CONTENT)
        assert await digest(stream) == (SHA, len(CONTENT))
    async with path_source(path, filename="x.bin", media_type="image/png").open() as stream:
        assert await digest(stream, "md5") == (hashlib.md5(CONTENT, usedforsecurity=False).hexdigest(), len(CONTENT))
