"""Feeds at both ends: tables and ONIX messages in a drop folder, and a PIM's products in a database and a catalogue."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from tests.flows.installation import installed
from tests.world import PORTAL_KEY, Portal, content_folder, portal_of

ARTICLES = """\
recipe: articles-to-pim
title: Released articles of the suppliers are products of the PIM
uses:
  drop: {kinds: [product]}
  pim: {kinds: [product]}
watch: {system: drop, kind: product}
gates:
  - name: it is released
    approved: {}
  - name: we may use it in Germany
    rights: {action: distribute, territory: [DE]}
  - name: nothing is wrong with it
    complete: {}
deliver:
  to: pim
  as: product
  rendition: none
  fields:
    ids.sku: {cel: "item.ids.sku[0]"}
    ids.gtin: {cel: "has(item.ids.gtin) ? item.ids.gtin[0] : ''"}
    title: title
    status: {value: approved}
  closed: hide
"""

BOOKS = """\
recipe: books-to-shop
title: Books that may be sold in Germany are in the shop's table
uses:
  drop: {kinds: [product]}
  shop: {kinds: [product]}
watch: {system: drop, kind: product}
gates:
  - name: it is announced or on sale
    approved: {}
  - name: it may be sold in Germany
    rights: {action: sell, territory: [DE]}
deliver:
  to: shop
  as: product
  rendition: none
  fields: {isbn: ids.isbn, name: title}
  closed: hide
"""

TABLE = """
CREATE TABLE articles (
  nr INTEGER PRIMARY KEY, isbn TEXT, sku TEXT, name TEXT,
  lockgate_key VARCHAR(200) UNIQUE, lockgate_hidden BOOLEAN NOT NULL DEFAULT 0
)
"""
COLUMNS = {"table": "articles", "key": "lockgate_key", "hidden": "lockgate_hidden"}

BOOK = """
<Product>
  <RecordReference>{reference}</RecordReference><NotificationType>03</NotificationType>
  <ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{isbn}</IDValue></ProductIdentifier>
  <DescriptiveDetail>
    <ProductComposition>00</ProductComposition><ProductForm>BC</ProductForm>
    <TitleDetail><TitleType>01</TitleType><TitleElement>
      <TitleElementLevel>01</TitleElementLevel><TitleText>{title}</TitleText>
    </TitleElement></TitleDetail>
  </DescriptiveDetail>
  <PublishingDetail>
    <PublishingStatus>04</PublishingStatus>
    <SalesRights><SalesRightsType>01</SalesRightsType><Territory><CountriesIncluded>{sold}</CountriesIncluded></Territory></SalesRights>
  </PublishingDetail>
</Product>"""
MESSAGE = """<?xml version="1.0" encoding="utf-8"?>
<ONIXMessage xmlns="http://ns.editeur.org/onix/3.0/reference" release="3.0">
<Header><Sender><SenderName>Larkfield</SenderName></Sender><SentDateTime>20261121</SentDateTime></Header>{products}
</ONIXMessage>"""
THERE = {"SEED-1", "FAM-products"}
"""Products that the portal has from the beginning."""
TIDE, LARCH, SNOW = "9781905005123", "9781905005130", "9781905005147"


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    """A portal with one product, SEED-1, and its family."""
    async with portal_of(content_folder(tmp_path)) as ready:
        yield ready


def table(path: Path, *rows: str) -> None:
    """A table as suppliers send them, put in place at once."""
    part = path.with_name(f"{path.name}.part")
    head = "Artikelnummer;EAN;Bezeichnung;Freigabestatus;Rechte geklärt;Länder"
    part.write_text("\n".join([head, *rows, ""]), encoding="cp1252")
    part.rename(path)


def workbook(path: Path, *rows: tuple[str, ...]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Artikelnummer", "Bezeichnung", "Freigabestatus", "Rechte geklärt", "Länder"), *rows):
        sheet.append(row)
    book.save(path)


def called(product: Mapping[str, Any]) -> str:
    """Its name in whatever language."""
    name = product["name"]
    return str(next(iter(name.values())) if isinstance(name, dict) else name)


async def titles(portal: Portal) -> dict[str, tuple[str, str]]:
    """Title and status of every product that was not there before, by number."""
    found = {number: one for number, one in (await portal.products()).items() if number not in THERE}
    return {number: (called(one), one["status"]) for number, one in found.items()}


async def test_released_rows_of_tables_in_a_folder_are_products(tmp_path: Path, portal: Portal) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    stool = "A1;4006381333931;Schemel Lärche;freigegeben;ja;DE, AT"
    await asyncio.to_thread(
        table,
        drop / "north.csv",
        stool,
        "A2;;Bank;Entwurf;ja;DE",
        "A3;;Tisch;freigegeben;;DE",
        "A4;4006381333932;Regal;freigegeben;ja;DE",
        "A5;;Truhe;freigegeben;ja;US",
        "A6;;Hocker;freigegeben;ja;WORLD",
    )
    workbook(drop / "south.xlsx", ("B1", "Lampe", "freigegeben", "ja", "DACH"), ("B2", "Kerze", "Entwurf", "ja", "DE"))
    async with installed(tmp_path / "home", folders=tmp_path) as lockgate:
        await lockgate.connect("drop", "files", address=f"file://{drop}", feeds=["*.csv", "*.xlsx"], settle=0)
        await lockgate.connect("pim", "fourallportal", site=portal.url, key=PORTAL_KEY)
        flow = await lockgate.flow(ARTICLES, drop="drop", pim="pim")
        first = await lockgate.run(flow)
        assert (first["read"], first["written"], first["blocked"]) == (8, 3, 5)
        expected = {"A1": ("Schemel Lärche", "approved"), "A6": ("Hocker", "approved"), "B1": ("Lampe", "approved")}
        assert await titles(portal) == expected
        assert (await portal.products())["A1"]["gtin"] == "04006381333931"
        codes = [(await lockgate.entry(flow, key)).code for key in ("A2", "A3", "A4", "A5")]
        assert codes == ["approved.no", "rights.unknown", "complete.missing", "rights.territory"]

        await asyncio.to_thread(
            table, drop / "north.csv", stool.replace("Schemel", "Hoher Schemel"), "A7;;Neu;freigegeben;ja;DE"
        )
        await lockgate.run(flow)
        expected |= {
            "A1": ("Hoher Schemel Lärche", "approved"),
            "A6": ("Hocker", "archived"),
            "A7": ("Neu", "approved"),
        }
        assert await titles(portal) == expected

        (drop / "north.csv").write_bytes(b'Artikelnummer;Bezeichnung\nA1;"never ended')
        await lockgate.run(flow)
        assert await titles(portal) == expected
        assert await lockgate.acts(flow, "A1") == ["written", "written"]


def message(path: Path, *books: tuple[str, str, str]) -> None:
    products = "".join(
        BOOK.format(reference=f"larkfield.{isbn}", isbn=isbn, title=title, sold=sold) for isbn, title, sold in books
    )
    path.write_text(MESSAGE.format(products=products))


def database(folder: Path) -> Path:
    path = folder / "shop.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute(TABLE)
        db.execute("INSERT INTO articles (sku, name) VALUES ('THEIRS', 'Written by the shop')")
        db.commit()
    return path


def shop(path: Path, column: str) -> dict[str, tuple[str, bool]]:
    """Name and mark of every row, by the number in a column."""
    with closing(sqlite3.connect(path)) as db:
        found = db.execute(f"SELECT {column}, name, lockgate_hidden FROM articles").fetchall()  # noqa: S608 - ours
    numbered = [row for row in found if row[0]]
    assert len({row[0] for row in numbered}) == len(numbered)
    return {str(number): (name, bool(hidden)) for number, name, hidden in numbered}


async def test_books_of_an_onix_message_are_rows_of_a_shop(tmp_path: Path) -> None:
    drop, db = tmp_path / "drop", database(tmp_path)
    drop.mkdir()
    message(drop / "books.xml", (TIDE, "The Tide Clock", "DE AT"), (LARCH, "Larch", "GB IE"), (SNOW, "Snow", "DE"))
    async with installed(tmp_path / "home", folders=tmp_path) as lockgate:
        await lockgate.connect("drop", "files", address=f"file://{drop}", feeds=["*.xml"], settle=0)
        await lockgate.connect("shop", "sql", address=f"sqlite:///{db}", **COLUMNS)
        flow = await lockgate.flow(BOOKS, drop="drop", shop="shop")
        first = await lockgate.run(flow)
        assert (first["read"], first["written"], first["reasons"]) == (3, 2, {"rights.territory": 1})
        assert shop(db, "isbn") == {TIDE: ("The Tide Clock", False), SNOW: ("Snow", False)}
        assert (await lockgate.run(flow))["unchanged"] == 2

        message(drop / "books.xml", (TIDE, "The Tide Clock, revised", "DE"), (LARCH, "Larch", "DE GB"))
        await lockgate.run(flow)
        now = {TIDE: ("The Tide Clock, revised", False), LARCH: ("Larch", False), SNOW: ("Snow", True)}
        assert shop(db, "isbn") == now
        message(
            drop / "books.xml", (TIDE, "The Tide Clock, revised", "GB"), (LARCH, "Larch", "DE GB"), (SNOW, "Snow", "DE")
        )
        await lockgate.run(flow)
        assert shop(db, "isbn") == {**now, TIDE: ("The Tide Clock, revised", True), SNOW: ("Snow", False)}
        assert shop(db, "sku") == {"THEIRS": ("Written by the shop", False)}


def released(recipe: str, target: str) -> str:
    """The recipe by which products of a PIM that are approved stand in a table or feed."""
    return f"""\
recipe: {recipe}
title: Approved products stand there
uses:
  pim: {{kinds: [product]}}
  {target}: {{kinds: [product]}}
watch: {{system: pim, kind: product}}
gates:
  - name: it is approved
    approved: {{}}
deliver:
  to: {target}
  as: product
  rendition: none
  fields: {{sku: ids.sku, name: title}}
  closed: hide
"""


def catalogue(path: Path) -> dict[str, str]:
    """Names by number, as a reader of workbooks finds them."""
    head, *rows = ([str(cell) for cell in row] for row in load_workbook(path).worksheets[0].iter_rows(values_only=True))
    named = [place for place, one in enumerate(head) if one.startswith("name")]
    return {row[head.index("sku")]: next(row[place] for place in named if row[place] != "None") for row in rows}


async def test_approved_products_stand_in_a_database_and_a_catalogue(tmp_path: Path, portal: Portal) -> None:
    db, feed = database(tmp_path), tmp_path / "out" / "catalogue.xlsx"
    feed.parent.mkdir()
    kettle = await portal.product("K1", name="Kettle")
    await portal.product("K2", name="Pot")
    known = await portal.products()
    draft = await portal.product("K3", name="Jug")
    await portal.set("product", draft, status="draft")
    async with installed(tmp_path / "home", folders=tmp_path) as lockgate:
        await lockgate.connect("pim", "fourallportal", site=portal.url, key=PORTAL_KEY)
        await lockgate.connect("shop", "sql", address=f"sqlite:///{db}", **COLUMNS)
        await lockgate.connect("print", "files", address=f"file://{feed.parent}", feed=feed.name)
        flows = [
            await lockgate.flow(released("products-to-shop", "shop"), pim="pim", shop="shop"),
            await lockgate.flow(released("products-to-print", "print"), pim="pim", print="print"),
        ]
        for flow in flows:
            assert (await lockgate.run(flow))["written"] == 4
        names = {one: called(known[one]) for one in THERE}
        theirs = {"THEIRS": ("Written by the shop", False)}
        seed = {one: (name, False) for one, name in names.items()}
        assert shop(db, "sku") == {**theirs, **seed, "K1": ("Kettle", False), "K2": ("Pot", False)}
        assert catalogue(feed) == {**names, "K1": "Kettle", "K2": "Pot"}

        await portal.set("product", kettle, status="archived")
        await portal.set("product", draft, status="approved")
        for flow in flows:
            assert (await lockgate.run(flow))["withdrawn"] == 1
        assert shop(db, "sku") == {
            **theirs, **seed, "K1": ("Kettle", True), "K2": ("Pot", False), "K3": ("Jug", False)
        }  # fmt: skip
        assert catalogue(feed) == {**names, "K2": "Pot", "K3": "Jug"}
        assert await lockgate.acts(flows[0], kettle) == ["written", "withdrawn"]
