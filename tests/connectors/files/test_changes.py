"""What changed is told by comparing looks, so neither times nor seconds can lose anything; what is being written is not taken."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from lockgate.connectors.files.connector import Files
from lockgate.kit.contract import Page
from lockgate.kit.errors import Rejected, Transient

from .conftest import Clock, Connect

Put = Callable[[str, bytes | str], Path]
OLD = 1_000_000_000
"""A long time ago, in seconds since 1970."""


async def told(files: Files, cursor: str | None, kind: str = "asset") -> tuple[list[str], str]:
    pages: list[Page[Any]] = [page async for page in files.changes(kind, cursor)]
    return [f"{event.type} {event.id}" for page in pages for event in page.records], pages[-1].cursor


async def refs(pages: AsyncIterator[Page[Any]]) -> dict[str, str]:
    return {ref.id: ref.revision async for page in pages for ref in page.records}


def age(path: Path, at: float = OLD) -> Path:
    os.utime(path, (at, at))
    return path


async def test_files_of_one_second_are_all_told_and_so_are_old_ones_moved_in(connect: Connect, put: Put) -> None:
    age(put("a.txt", "1"))
    async with connect() as files:
        _, cursor = await told(files, None)
        for name in ("b.txt", "c.txt"):
            age(put(name, "same second as a.txt"))
        assert (await told(files, cursor))[0] == ["asset.changed b.txt", "asset.changed c.txt"]


async def test_a_file_replaced_in_the_same_second_by_one_as_long_is_told(
    connect: Connect, root: Path, put: Put
) -> None:
    age(put("a.txt", "one"))
    async with connect() as files:
        _, cursor = await told(files, None)
        age(put("new", "two")).replace(root / "a.txt")
        assert (await told(files, cursor))[0] == ["asset.changed a.txt"]


async def test_what_was_told_is_told_again_from_the_same_cursor_and_not_from_the_next(
    connect: Connect, root: Path, put: Put
) -> None:
    put("a.txt", "1")
    async with connect() as files:
        _, first = await told(files, None)
        put("b.txt", "2")
        (root / "a.txt").unlink()
        events, second = await told(files, first)
        assert events == ["asset.changed b.txt", "asset.gone a.txt"]
        assert await told(files, first) == (events, second)
        assert await told(files, second) == ([], second)
        assert await files.fetch("asset", ["a.txt"]) == []


async def test_a_lost_journal_reports_all_there_is(connect: Connect, tmp_path: Path, put: Put) -> None:
    put("a.txt", "1")
    async with connect() as files:
        _, cursor = await told(files, None)
    for one in (tmp_path / "spool").iterdir():
        one.unlink()
    async with connect() as files:
        assert (await told(files, cursor))[0] == ["asset.changed a.txt"]


async def test_a_cursor_that_is_none_is_refused(connect: Connect) -> None:
    async with connect() as files:
        with pytest.raises(Rejected, match="no cursor"):
            await told(files, "yesterday")


async def test_a_file_is_taken_once_it_has_stayed_as_it_is(connect: Connect, clock: Clock, put: Put) -> None:
    age(put("old.txt", "1"))
    async with connect(settle=10) as files:
        _, cursor = await told(files, None)
        path = age(put("new.txt", "half"), clock.at.timestamp())
        assert await told(files, cursor) == ([], cursor)
        assert await files.fetch("asset", ["new.txt"]) == []
        clock.pass_(8)
        path.write_text("all of it")
        age(path, clock.at.timestamp())
        clock.pass_(8)
        assert await told(files, cursor) == ([], cursor)
        clock.pass_(3)
        assert (await told(files, cursor))[0] == ["asset.changed new.txt"]
        assert [item.id for item in await files.fetch("asset", ["new.txt"])] == ["new.txt"]


async def test_a_server_whose_clock_is_wrong_only_costs_time(connect: Connect, clock: Clock, put: Put) -> None:
    async with connect(settle=10) as files:
        _, cursor = await told(files, None)
        age(put("tomorrow.txt", "1"), clock.at.timestamp() + 86_400)
        assert (await told(files, cursor))[0] == []
        clock.pass_(11)
        assert (await told(files, cursor))[0] == ["asset.changed tomorrow.txt"]


async def test_a_known_file_that_is_being_written_anew_stays_as_it_was(
    connect: Connect, clock: Clock, put: Put
) -> None:
    """It is not gone, or its copies would be withdrawn; and its bytes are not given for the old ones."""
    age(put("a.txt", "old"))
    async with connect(settle=10) as files:
        (before,) = await files.fetch("asset", ["a.txt"])
        age(put("a.txt", "new, but only hal"), clock.at.timestamp())
        (during,) = await files.fetch("asset", ["a.txt"])
        assert during == before
        assert await refs(files.index("asset", None)) == {"a.txt": before.revision}
        with pytest.raises(Transient, match="replaced meanwhile"):
            async with files.open("a.txt", during.renditions[0]):
                pass
        clock.pass_(20)
        (after,) = await files.fetch("asset", ["a.txt"])
        assert after.revision != before.revision


async def test_a_part_is_nothing_until_it_is_renamed(connect: Connect, root: Path, put: Put) -> None:
    async with connect() as files:
        _, cursor = await told(files, None)
        part = put("a.jpg.part", "half")
        assert (await told(files, cursor))[0] == []
        part.rename(root / "a.jpg")
        assert (await told(files, cursor))[0] == ["asset.changed a.jpg"]


async def test_a_changed_sidecar_changes_its_file(connect: Connect, root: Path, put: Put) -> None:
    put("a.txt", "1")
    async with connect() as files:
        _, cursor = await told(files, None)
        for sidecar in ("a.txt.json", "a.txt.xmp", "a.xmp"):
            put(sidecar, "{}")
            events, cursor = await told(files, cursor)
            assert events == ["asset.changed a.txt"]
        (root / "a.txt.json").unlink()
        assert (await told(files, cursor))[0] == ["asset.changed a.txt"]


async def test_a_file_that_changes_while_it_is_read_is_never_given_as_whole(connect: Connect, put: Put) -> None:
    put("a.bin", bytes(1 << 20))
    async with connect() as files:
        (item,) = await files.fetch("asset", ["a.bin"])
        async with files.open("a.bin", item.renditions[0]) as stream:
            assert await anext(stream.chunks)
            put("a.bin", bytes(1 << 20) + b"more")
            with pytest.raises(Transient, match="replaced meanwhile"):
                _ = [chunk async for chunk in stream.chunks]


async def test_an_index_goes_on_from_any_of_its_ids(connect: Connect, put: Put) -> None:
    for number in range(5):
        put(f"in/{number}.txt", "x")
    async with connect() as files:
        assert list(await refs(files.index("asset", None))) == [f"in/{number}.txt" for number in range(5)]
        assert list(await refs(files.index("asset", "in/2.txt"))) == ["in/3.txt", "in/4.txt"]


async def test_files_are_found_by_what_their_sidecars_say_as_long_as_they_say_it(
    connect: Connect, root: Path, put: Put
) -> None:
    put("a.txt", "1")
    put("a.txt.json", '{"ids": {"gtin": "4006381333931", "sku": ["A", "B"]}}')
    async with connect() as files:
        assert await files.find("asset", "gtin", ["04006381333931", "4006381333930"]) == {"04006381333931": ["a.txt"]}
        assert await files.find("asset", "sku", ["A", "B", "C"]) == {"A": ["a.txt"], "B": ["a.txt"]}
    put("a.txt.json", '{"ids": {"sku": "C"}}')
    async with connect() as files:
        assert await files.find("asset", "sku", ["A", "C"]) == {"C": ["a.txt"]}
    (root / "a.txt").unlink()
    async with connect() as files:
        assert await files.find("asset", "sku", ["C"]) == {}
