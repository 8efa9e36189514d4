"""Consonance at both ends: its titles as an ONIX feed and as products of a PIM, approved covers of a DAM in its titles."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.flows.installation import Installation, installed
from tests.flows.systems import System, served
from tests.world import PORTAL_KEY, content_folder, portal_of

from lockgate.app.acts import Chosen
from lockgate.kit import onix
from lockgate.kit.sandbox.samples import sample_file

PAPERBACK, EBOOK, WORK = 9001, 9002, 7001
ISBN = "9781905005123"

FEED = """\
recipe: titles-to-trade
title: Titles that may be sold in Britain are in the feed for the trade
uses:
  titles: {kinds: [product]}
  trade: {kinds: [product]}
watch: {system: titles, kind: product}
gates:
  - name: it may go out
    approved: {}
  - name: it may be sold in Britain
    rights: {action: sell, territory: [GB]}
deliver:
  to: trade
  as: product
  rendition: none
  fields:
    title: title
    description: texts.short_description
    isbn: ids.isbn
    form: fields.form
    keywords: keywords.subject
    publisher: fields.imprint
    publishing_status: fields.publishing_status
    languages: language
  closed: hide
"""

PRODUCTS = """\
recipe: titles-to-pim
title: Titles that may be sold in Britain are products of the PIM
uses:
  titles: {kinds: [product]}
  pim: {kinds: [product]}
watch: {system: titles, kind: product}
gates:
  - name: it may go out
    approved: {}
  - name: it may be sold in Britain
    rights: {action: sell, territory: [GB]}
deliver:
  to: pim
  as: product
  rendition: none
  fields:
    ids.sku: {cel: "item.ids.isbn[0]"}
    ids.gtin: {cel: "item.ids.gtin[0]"}
    title: title
    texts.description: texts.description
    status: {value: approved}
  closed: hide
"""

COVERS = """\
recipe: covers-to-titles
title: Approved covers are in their titles
uses:
  pim: {kinds: [asset]}
  titles: {kinds: [asset]}
watch: {system: pim, kind: asset}
gates:
  - name: it is approved
    approved: {}
  - name: it may be used now
    window: {}
deliver:
  to: titles
  as: asset
  fields:
    isbn: ids.isbn
    caption: title
    credit: rights.credit
    variant: {value: front cover}
  closed: hide
"""


@pytest.fixture
async def titles() -> AsyncIterator[System]:
    """An account with its sample books; images are worked on at once."""
    async with served("consonance", processing_seconds=0.01, small_books=1) as system:
        yield system


async def connected(lockgate: Installation, titles: System) -> None:
    await lockgate.connect("titles", "consonance", **titles.settings, quirks={"poll_seconds": 0.02})


def products(path: Path) -> dict[str, onix.Product]:
    """The products of a message by ISBN; nothing in it may be wrong."""
    with path.open("rb") as file:
        found = list(onix.read(file, check=True))
    wrong = [problem for one in found for problem in one.problems if problem.fatal]
    assert wrong == []
    return {one.value: entry.product for entry in found if entry.product for one in entry.product.identifiers}


async def checked(path: Path) -> Any:
    """What `lockgate onix check` says of a message."""
    command = [str(Path(sys.executable).with_name("lockgate")), "onix", "check", str(path), "--json"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0, out
    (found,) = json.loads(out)["files"]
    return found


async def test_what_may_be_sold_is_in_a_valid_onix_feed_and_nothing_else(tmp_path: Path, titles: System) -> None:
    feed = tmp_path / "trade" / "titles.xml"
    feed.parent.mkdir()
    async with installed(tmp_path / "home", folders=tmp_path) as lockgate:
        await connected(lockgate, titles)
        await lockgate.connect("trade", "files", address=f"file://{feed.parent}", feed=feed.name)
        flow = await lockgate.flow(FEED, titles="titles", trade="trade")
        first = await lockgate.run(flow)
        assert first["written"] + first["blocked"] == first["read"]
        assert first["blocked"] > 0
        said = await asyncio.to_thread(products, feed)
        assert len(said) == first["written"]
        assert (await checked(feed))["valid"]
        book = said[ISBN]
        assert (book.title, book.form) == ("The Tide Clock", "BC")
        assert "clockmaker" in str(book.texts)
        assert {"tides", "clockmaker"} <= {words.text for one in book.subjects for words in one.headings}

        await titles.act("edit", type="Product", id=PAPERBACK, set={"allowOnixExports": False})
        second = await lockgate.run(flow)
        assert second["withdrawn"] == 1
        assert (await asyncio.to_thread(products, feed)).keys() == said.keys() - {ISBN}
        await titles.act("edit", type="Product", id=PAPERBACK, set={"allowOnixExports": True})
        await lockgate.run(flow)
        assert await asyncio.to_thread(products, feed) == said
        assert await lockgate.acts(flow, str(PAPERBACK)) == ["written", "withdrawn", "written"]


async def test_titles_become_products_of_a_pim_once(tmp_path: Path, titles: System) -> None:
    async with portal_of(content_folder(tmp_path)) as portal, installed(tmp_path / "home") as lockgate:
        await connected(lockgate, titles)
        await lockgate.connect("pim", "fourallportal", site=portal.url, key=PORTAL_KEY)
        flow = await lockgate.flow(PRODUCTS, titles="titles", pim="pim")
        there = len(await portal.products())
        first = await lockgate.run(flow)
        assert first["reasons"].keys() == {"approved.no", "rights.unknown", "mapping.failed"}
        assert (await portal.products())[ISBN]["status"] == "approved"
        assert "The Tide Clock" in str((await portal.products())[ISBN])
        assert len(await portal.products()) == there + first["written"]
        assert (await lockgate.run(flow))["unchanged"] == first["written"]
        assert len(await portal.products()) == there + first["written"]

        await titles.act("edit", type="Product", id=PAPERBACK, set={"notForSaleCountryCodes": ["GB"]})
        assert (await lockgate.run(flow))["withdrawn"] == 1
        now = await portal.products()
        assert (now[ISBN]["status"], now["SEED-1"]["status"]) == ("archived", "approved")


def images(titles: System) -> dict[str, dict[str, Any]]:
    """The images of the work that are ours, by their state."""
    found = [one for one in titles.sandbox.state.all("SupportingResource") if "-lg" in one["filename"]]
    return {one["status"]: one for one in found}


async def test_an_approved_cover_is_in_its_title_until_it_is_withdrawn(tmp_path: Path, titles: System) -> None:
    async with portal_of(content_folder(tmp_path)) as portal, installed(tmp_path / "home") as lockgate:
        cover = {"ext_id": ISBN, "credit": "Design: J. Quay"}
        front = await portal.upload(sample_file("front.jpg"), "front.jpg", status="approved", **cover)
        await portal.upload(sample_file("rough.jpg"), "rough.jpg", status="draft", ext_id="9781905005130")
        await portal.upload(sample_file("loose.jpg"), "loose.jpg", status="approved")
        await lockgate.connect(
            "pim", "fourallportal", Chosen("asset", "ids.isbn", "ext_id"), site=portal.url, key=PORTAL_KEY
        )
        await connected(lockgate, titles)
        flow = await lockgate.flow(COVERS, pim="pim", titles="titles")
        first = await lockgate.run(flow)
        assert (first["written"], first["parked"]) == (1, 1)
        shown = images(titles)["APPROVED"]
        assert (shown["workId"], shown["productIds"]) == (WORK, [PAPERBACK])
        assert (shown["resourceVariant"], shown["requiredCredit"]) == ("FRONT_COVER", "Design: J. Quay")

        await portal.replace(front, sample_file("front.jpg", 2), "front.jpg")
        assert (await lockgate.run(flow))["written"] == 1
        newer = images(titles)
        assert newer.keys() == {"APPROVED"}
        assert newer["APPROVED"]["id"] != shown["id"]
        await portal.set("file", front, status="archived")
        assert (await lockgate.run(flow))["withdrawn"] == 1
        assert images(titles).keys() == {"DRAFT"}
        await portal.set("file", front, status="approved")
        await lockgate.run(flow)
        assert images(titles).keys() == {"APPROVED"}
        theirs = titles.sandbox.state.get("SupportingResource", 901)
        assert theirs is not None
        assert (theirs["status"], theirs["productIds"]) == ("APPROVED", [PAPERBACK, EBOOK])
