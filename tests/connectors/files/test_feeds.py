"""Feeds that are read: each record an item, what is wrong is told with its line, and the rest goes on."""

import json
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from lockgate.connectors.files.connector import Files
from lockgate.connectors.files.feeds import BadFeed, rows
from lockgate.kit.profile import Match, propose
from lockgate.model.item import Item

from .conftest import Connect

Put = Callable[[str, bytes | str], Path]
FEED = {"feeds": ["feeds/*"]}
ONIX = """<ONIXMessage xmlns="http://ns.editeur.org/onix/3.0/reference" release="3.0">
<Header><Sender><SenderName>Larkfield</SenderName></Sender><SentDateTime>20260101</SentDateTime></Header>
{}
</ONIXMessage>"""
PRODUCT = """<Product><RecordReference>{0}</RecordReference><NotificationType>03</NotificationType>
<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{1}</IDValue></ProductIdentifier>
<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>BB</ProductForm>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>{0}</TitleText>
</TitleElement></TitleDetail></DescriptiveDetail></Product>"""


async def all_items(files: Files) -> dict[str, Item]:
    ids = [ref.id async for page in files.index("product", None) for ref in page.records]
    return {item.id: item for item in await files.fetch("product", ids)}


async def read(connect: Connect, **settings: Any) -> dict[str, Item]:
    async with connect(**FEED, **settings) as files:
        return await all_items(files)


def told(item: Item) -> str:
    return " ".join(item.missing)


async def test_a_wrong_row_is_told_with_its_line_and_the_rest_goes_on(connect: Connect, put: Put) -> None:
    lines = [
        "sku;title;price",
        "1;Larch;9,90",
        "2;Spruce",
        "3;Fir;1;2;3",
        ";Nobody;1",
        "1;Larch again;1",
        '4;"unclosed" x;1',
        "5;Yew;2",
    ]
    put("feeds/a.csv", "\n".join(lines))
    items = await read(connect)
    assert {id for id, item in items.items() if not item.missing} == {"1", "5"}
    assert told(items["feeds/a.csv:3"]) == "feeds/a.csv, line 3 has 2 values for 3 columns"
    assert told(items["feeds/a.csv:4"]) == "feeds/a.csv, line 4 has 5 values for 3 columns"
    assert told(items["feeds/a.csv:5"]) == "feeds/a.csv, line 5 has nothing in its column sku"
    assert "line 6 has the key 1" in told(items["feeds/a.csv:6"])
    assert "line 7 cannot be read" in told(items["feeds/a.csv:7"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_tables_of_any_habit_are_understood(connect: Connect, put: Put, delimiter: str, encoding: str) -> None:
    text = "\r\n".join(
        delimiter.join(cells) for cells in (["sku", "title"], ["1", '"Müßig, ""so""; sagt man\nhier|da\t"'], ["2", "é"])
    )
    put("feeds/a.csv", text.encode(encoding))
    items = await read(connect)
    assert items["1"].title == {"und": 'Müßig, "so"; sagt man\nhier|da'}
    assert items["2"].title == {"und": "é"}


async def test_a_workbook_gives_dates_numbers_and_texts_as_they_are_meant(connect: Connect, root: Path) -> None:
    (root / "feeds").mkdir()
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        [None],
        ["sku", "title", "rights.until", "stock"],
        [4711.0, "Larch", date(2026, 12, 31), 3],
        ["x", None, None, 0.5],
        [None, "no key"],
    ):
        sheet.append(row)
    book.save(root / "feeds" / "a.xlsx")
    items = await read(connect)
    assert items["4711"].fields == {"stock": 3, "sku": 4711}
    assert items["x"].fields == {"stock": 0.5, "sku": "x"}
    assert "line 5 has nothing" in told(items["feeds/a.xlsx:5"])


async def test_a_list_of_json_and_one_object_a_line_are_both_read(connect: Connect, put: Put) -> None:
    records = [{"id": "1", "title": {"de": "Lärche"}, "ids": {"gtin": "4006381333931"}}, {"id": 2, "deep": {"er": [1]}}]
    put("feeds/a.json", json.dumps([*records, "no object", {"title": "no key"}], indent=1))
    put("feeds/b.jsonl", '{"id": "3"}\n\n{broken\n{"id": "4"}\n')
    items = await read(connect)
    assert items["1"].title == {"de": "Lärche"}
    assert items["1"].identifiers == {"gtin": ("04006381333931",)}
    assert items["2"].fields == {"id": 2, "deep": {"er": [1]}}
    assert {"3", "4"} < set(items)
    assert "line 3 is no JSON" in told(items["feeds/b.jsonl:3"])
    wrong = [told(item) for id, item in items.items() if id.startswith("feeds/a.json:")]
    assert len(wrong) == 2
    assert any("holds no object" in one for one in wrong)


async def test_onix_products_come_with_what_they_say_and_a_broken_one_with_its_line(connect: Connect, put: Put) -> None:
    good, other = PRODUCT.format("ref-1", "9783161484100"), PRODUCT.format("ref-3", "9780306406157")
    broken = PRODUCT.format("ref-2", "9783161484100").replace("</TitleDetail>", "</TitleDetai>")
    put("feeds/a.xml", ONIX.format(f"{good}\n{broken}\n{other}"))
    items = await read(connect)
    assert items["ref-1"].identifiers["isbn"] == ("9783161484100",)
    assert items["ref-3"].title == {"und": "ref-3"}
    (wrong,) = (item for id, item in items.items() if id.startswith("feeds/a.xml:"))
    assert "line" in told(wrong)


async def test_a_feed_that_is_cut_off_says_so_and_takes_nothing_away(connect: Connect, put: Put) -> None:
    """What it lacks is not gone: nobody's copies are withdrawn because a transfer broke."""
    for name, whole in (
        ("a.csv", "sku;title;status\n1;Larch;draft\n2;Spruce, not Larch;draft"),
        ("a.jsonl", '{"id": "1", "status": "draft"}\n{"id": "2", "status": "draft"}'),
        ("q.csv", 'sku,title\n1,Larch\n2,"Spruce, not more"\n'),
        ("a.json", '[{"id": "1"}, {"id": "2"}]'),
        ("b.xml", ONIX.format(PRODUCT.format("r", "9783161484100"))),
    ):
        put(f"feeds/{name}", whole)
        async with connect(**FEED) as files:
            before = await all_items(files)
            put(f"feeds/{name}", whole[: len(whole) - 15])
            after = await all_items(files)
            assert {id: item.revision for id, item in after.items() if id in before} == {
                id: item.revision for id, item in before.items()
            }
            assert after[f"feeds/{name}"].missing
            assert any(name in note for note in (await files.check()).notes)
            put(f"feeds/{name}", whole)
            assert set(await all_items(files)) == set(before)


async def test_only_what_changed_in_a_feed_is_told(connect: Connect, root: Path, put: Put) -> None:
    put("feeds/a.csv", "sku,title\n1,Larch\n2,Spruce\n3,Fir\n")
    async with connect(**FEED) as files:
        cursor = [page.cursor async for page in files.changes("product", None)][-1]
        put("feeds/a.csv", "sku,title\n3,Fir\n2,Spruce!\n4,Yew\n")
        pages = [page async for page in files.changes("product", cursor)]
        assert [(one.type, one.id) for page in pages for one in page.records] == [
            ("product.changed", "2"),
            ("product.changed", "4"),
            ("product.gone", "1"),
        ]
        (root / "feeds/a.csv").unlink()
        gone = [page async for page in files.changes("product", pages[-1].cursor)]
        assert sorted(one.id for page in gone for one in page.records) == ["2", "3", "4"]


async def test_a_record_belongs_to_the_first_feed_that_has_it(connect: Connect, put: Put) -> None:
    put("feeds/a.csv", "sku,title\n1,Larch\n")
    put("feeds/b.csv", "sku,title\n1,Spruce\n2,Fir\n")
    items = await read(connect)
    assert items["1"].title == {"und": "Larch"}
    assert told(items["feeds/b.csv:2"]) == "feeds/b.csv, line 2 has the key 1, which feeds/a.csv has"


async def test_columns_are_proposed_and_found_by(connect: Connect, put: Put) -> None:
    put(
        "feeds/a.csv",
        "Artikelnummer;EAN;Bezeichnung;Freigabestatus\n4711;4006381333931;Lärche;freigegeben\n4712;4006381333930;Fichte;?\n",
    )
    async with connect(**FEED) as files:
        proposed = {one.canonical: one for one in propose(await files.schema(), files.hints)["product"]}
        assert {name: one.field for name, one in proposed.items()} == {
            "ids.sku": "Artikelnummer", "ids.gtin": "EAN", "title": "Bezeichnung", "status": "Freigabestatus",
        }  # fmt: skip
    async with connect(**FEED, matches=tuple(proposed.values())) as files:
        items = await all_items(files)
        assert await files.find("product", "gtin", ["4006381333931"]) == {"4006381333931": ["4711"]}
        assert await files.find("product", "sku", ["4712", "1"]) == {"4712": ["4712"]}
    assert (items["4711"].title, items["4711"].status.value) == ({"und": "Lärche"}, "approved")
    assert items["4712"].missing == ("gtin: '4006381333930' is none",)


async def test_a_choice_means_what_the_profile_says(connect: Connect, put: Put) -> None:
    put("feeds/a.csv", "sku,stage\n1,go\n2,stop\n")
    match = Match(canonical="status", field="stage", values={"go": "approved"})
    items = await read(connect, matches=(match,))
    assert [(items[id].status.value, items[id].status_label) for id in "12"] == [
        ("approved", "approved"),
        ("unknown", "stop"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"sku,title,title\n1,2,3\n", "several columns named title"),
        ("a.json", b'[{"id": 1}', "no list of JSON"),
        ("a.xlsx", b"PK no workbook", "no workbook"),
        ("a.doc", b"x", "no feed that is known"),
    ],
)
def test_a_feed_that_is_none_is_told_in_words(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFeed, match=said):
        list(rows(tmp_path / name, name))


def test_a_long_feed_never_is_in_memory(tmp_path: Path) -> None:
    line = "x" * 1000
    for name, head, row, tail in (
        ("a.csv", "sku,title\n", "{0},{1}\n", ""),
        ("a.jsonl", "", '{{"id": {0}, "title": "{1}"}}\n', ""),
        ("a.json", "[", '{{"id": {0}, "title": "{1}"}},\n', '{"id": "last"}]'),
    ):
        with (tmp_path / name).open("w") as file:
            file.write(head)
            file.writelines(row.format(number, line) for number in range(8_000))
            file.write(tail)
        tracemalloc.start()
        assert sum(one.record is not None for one in rows(tmp_path / name, name)) >= 8_000
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 3_000_000, name


async def test_what_spreadsheets_write_above_a_table_is_no_row_of_it(connect: Connect, put: Put) -> None:
    put("feeds/a.csv", "sep=;\nsku;title\n1;Larch, tall\n2\n3;Fir\n")
    items = await read(connect)
    assert items["1"].title == {"und": "Larch, tall"}
    assert told(items["feeds/a.csv:4"]) == "feeds/a.csv, line 4 has 1 values for 2 columns"


async def test_letters_of_another_code_page_far_down_are_told_and_not_replaced(connect: Connect, put: Put) -> None:
    many = "".join(f"{number};{'Larch ' * 20}\n" for number in range(3000))
    put("feeds/a.csv", b"sku;title\n" + many.encode() + "x;Lärche\n".encode("cp1252"))
    items = await read(connect)
    assert "x" not in items
    assert "line 3002 has letters that cannot be read" in told(items["feeds/a.csv:3002"])


async def test_a_key_that_is_no_text_is_told(connect: Connect, put: Put) -> None:
    put("feeds/a.jsonl", '{"sku": {"a": 1}}\n{"sku": true}\n{"sku": 7}\n' + '{"sku":' * 5000 + "\n")
    items = await read(connect)
    assert set(items) == {"7", *(f"feeds/a.jsonl:{line}" for line in (1, 2, 4))}


async def test_a_workbook_without_rows_or_with_too_much_in_it_is_told_and_the_others_are_read(
    connect: Connect, root: Path, put: Put
) -> None:
    put("feeds/good.csv", "sku;title\n1;Larch\n")
    charts = Workbook()
    charts.create_chartsheet("Chart", 0)
    charts.save(root / "feeds" / "charts.xlsx")
    with (
        ZipFile(root / "feeds" / "bomb.xlsx", "w", ZIP_DEFLATED) as packed,
        packed.open("xl/sharedStrings.xml", "w") as texts,
    ):
        for _ in range(300):
            texts.write(bytes(1 << 20))
    items = await read(connect)
    assert items["1"].title == {"und": "Larch"}
    assert "is no workbook that can be read; save it anew" in told(items["feeds/charts.xlsx"])
    assert "holds 300 MB of texts, 256 are read" in told(items["feeds/bomb.xlsx"])
