"""The feed that is written: whole, in one order, without what is withdrawn, and the same whoever writes it."""

import asyncio
import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from lockgate.kit import onix
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.errors import NotFound, Rejected

from .conftest import Connect

Put = Callable[[str, bytes | str], Path]


def write(key: str, ref: str | None = None, **fields: Any) -> Write:
    return Write(key=key, ref=ref, fields=fields)


TWO = [
    write("flow:2", title={"en": "Spruce"}, tags=["a", "b"], active=True, price=None, **{"ids.isbn": "9783161484100"}),
    write("flow:1", title={"en": "=Larch", "de": "Lärche"}, tags=[], active=False, price=9.5),
]


async def delivered(connect: Connect, feed: str, writes: list[Write]) -> None:
    async with connect(feed=feed) as files:
        answers = await files.upsert("product", writes)
    assert all(isinstance(one, Receipt) for one in answers), answers


async def test_a_csv_has_its_rows_in_order_and_a_column_for_each_language(connect: Connect, root: Path) -> None:
    await delivered(connect, "out/catalogue.csv", TWO)
    rows = list(csv.DictReader((root / "out/catalogue.csv").read_text("utf-8-sig").splitlines()))
    assert [row["key"] for row in rows] == ["flow:1", "flow:2"]
    assert list(rows[0]) == ["key", "active", "ids.isbn", "price", "tags", "title.de", "title.en"]
    assert [rows[0][one] for one in ("title.en", "title.de", "active", "price", "tags")] == [
        "=Larch",
        "Lärche",
        "false",
        "9.5",
        "",
    ]
    assert rows[1]["tags"] == "a; b"


async def test_a_workbook_holds_texts_that_begin_like_formulas_as_texts(connect: Connect, root: Path) -> None:
    await delivered(connect, "catalogue.xlsx", TWO)
    sheet = load_workbook(root / "catalogue.xlsx").worksheets[0]
    found = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert found["=Larch"] == "s"
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["key", "flow:1", "flow:2"]


@pytest.mark.parametrize("feed", ["catalogue.json", "catalogue.jsonl"])
async def test_json_holds_values_as_they_are(connect: Connect, root: Path, feed: str) -> None:
    await delivered(connect, feed, TWO)
    text = (root / feed).read_text()
    records = json.loads(text) if feed.endswith(".json") else [json.loads(line) for line in text.splitlines()]
    assert records == [{"key": one.key, **one.fields} for one in reversed(TWO)]


async def test_onix_is_a_valid_message(connect: Connect, root: Path) -> None:
    await delivered(connect, "catalogue.xml", TWO)
    with (root / "catalogue.xml").open("rb") as file:
        entries = list(onix.read(file, check=True))
    assert [problem.sentence for entry in entries for problem in entry.problems if problem.fatal] == []
    assert [(one.product.reference, one.product.title) for one in entries if one.product] == [
        ("flow:1", "=Larch"),
        ("flow:2", "Spruce"),
    ]


async def test_the_same_records_make_the_same_feed_whoever_brings_them_in_whichever_order(
    connect: Connect, root: Path
) -> None:
    for feed, writes in (("a.csv", TWO), ("b.csv", TWO[::-1])):
        for one in writes:
            await delivered(connect, feed, [one])
    assert (root / "a.csv").read_bytes() == (root / "b.csv").read_bytes()


async def test_a_withdrawn_record_leaves_the_feed_and_comes_back_as_it_was(connect: Connect, root: Path) -> None:
    await delivered(connect, "c.jsonl", TWO)
    before = (root / "c.jsonl").read_bytes()
    async with connect(feed="c.jsonl") as files:
        for _ in range(2):
            assert isinstance((await files.withdraw("product", ["flow:1"], "hide"))[0], Receipt)
        assert b"flow:1" not in (root / "c.jsonl").read_bytes()
        held = await files.held("product", ["flow:1", "flow:2", "flow:3"])
        assert {key: one.hidden for key, one in held.items()} == {"flow:1": True, "flow:2": False}
        await files.upsert("product", [write("flow:1", "flow:1", title={"en": "Changed while hidden"})])
        assert b"flow:1" not in (root / "c.jsonl").read_bytes()
        await files.upsert("product", [write("flow:1", "flow:1", **TWO[1].fields)])
        await files.show("product", ["flow:1"])
        assert (root / "c.jsonl").read_bytes() == before
        await files.withdraw("product", ["flow:1"], "remove")
        assert await files.held("product", ["flow:1"]) == {}
        (gone,) = await files.show("product", ["flow:1"])
        assert isinstance(gone, NotFound)


async def test_an_update_keeps_the_fields_of_others(connect: Connect) -> None:
    await delivered(connect, "c.csv", TWO)
    async with connect(feed="c.csv") as files:
        (missing,) = await files.upsert("product", [write("flow:9", "flow:9", price=1)])
        assert isinstance(missing, NotFound)
        await files.upsert("product", [write("flow:1", "flow:1", price=12)])
        held = (await files.held("product", ["flow:1"]))["flow:1"]
    assert held.fields == {**TWO[1].fields, "price": 12}


async def test_a_feed_that_is_not_the_one_we_wrote_counts_as_open_and_is_written_again(
    connect: Connect, root: Path, put: Put
) -> None:
    """As after a crash between the two files: what was withdrawn may still be seen, so it is withdrawn again."""
    await delivered(connect, "c.csv", TWO)
    with_both = (root / "c.csv").read_bytes()
    async with connect(feed="c.csv") as files:
        await files.withdraw("product", ["flow:1"], "hide")
        put("c.csv", with_both)
        held = await files.held("product", ["flow:1", "flow:2"])
        assert not held["flow:1"].hidden
        assert held["flow:2"].fields == {}
        await files.withdraw("product", ["flow:1"], "hide")
        assert (await files.held("product", ["flow:1"]))["flow:1"].hidden
    assert b"flow:1" not in (root / "c.csv").read_bytes()


async def test_a_lost_journal_loses_nothing_of_the_feed(connect: Connect, tmp_path: Path, root: Path) -> None:
    await delivered(connect, "c.csv", TWO)
    for one in (tmp_path / "spool").iterdir():
        one.unlink()
    await delivered(connect, "c.csv", [write("flow:3", title="Fir")])
    assert len((root / "c.csv").read_text().splitlines()) == 4


async def test_many_who_write_at_once_are_all_in_the_feed(connect: Connect, root: Path) -> None:
    async with connect(feed="c.csv") as files:
        await asyncio.gather(*(files.upsert("product", [write(f"flow:{at:03}", n=at)]) for at in range(40)))
    assert len((root / "c.csv").read_text().splitlines()) == 41


async def test_records_without_a_feed_are_refused_in_words(connect: Connect) -> None:
    async with connect() as files:
        with pytest.raises(Rejected, match="setting feed"):
            await files.upsert("product", TWO)
