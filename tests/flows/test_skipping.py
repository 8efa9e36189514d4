"""A record moves while a list is read: in none of its pages it is not lost, and never withdrawn; in two it is written once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.flows.installation import installed
from tests.flows.systems import served
from tests.world import World, world

from lockgate.kit import onix
from lockgate.kit.sandbox import FaultRule, Sandbox

BOOK, ISBN = "9001", "9781905005123"
FEED = """\
recipe: titles-to-trade
title: Titles are in the feed for the trade
uses:
  titles: {kinds: [product]}
  trade: {kinds: [product]}
watch: {system: titles, kind: product}
gates:
  - name: it may go out
    approved: {}
deliver:
  to: trade
  as: product
  rendition: none
  fields: {title: title, isbn: ids.isbn, form: fields.form, languages: language}
  closed: hide
"""


def skip(sandbox: Sandbox, match: str, record: str, times: int | None = 1) -> FaultRule:
    """The lists of these calls leave a record out; the rule as it stands, with how often it did."""
    sandbox.faults.set([FaultRule(kind="skip", match=match, record=record, times=times)])
    return sandbox.faults.rules[0]


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def test_of_a_system_that_counts_nothing_the_next_run_has_what_one_skipped(tmp_path: Path) -> None:
    feed = tmp_path / "trade" / "titles.xml"
    feed.parent.mkdir()

    def listed() -> bool:
        with feed.open("rb") as file:
            found = [entry.product for entry in onix.read(file) if entry.product]
        return ISBN in {one.value for product in found for one in product.identifiers}

    async with (
        served("consonance", processing_seconds=0.01, small_books=1) as titles,
        installed(tmp_path / "home", folders=tmp_path) as lockgate,
    ):
        await lockgate.connect("titles", "consonance", **titles.settings)
        await lockgate.connect("trade", "files", address=f"file://{feed.parent}", feed=feed.name)
        flow = await lockgate.flow(FEED, titles="titles", trade="trade")
        rule = skip(titles.sandbox, "POST /graphql", BOOK)
        first = await lockgate.run(flow)
        assert (rule.hits, listed()) == (1, False)
        second = await lockgate.run(flow)
        assert (second["read"], listed()) == (first["read"] + 1, True)
        rule = skip(titles.sandbox, "POST /graphql", BOOK)
        assert "withdrawn" not in await lockgate.run(flow, "sweep")
        assert (rule.hits, listed()) == (1, True)
        assert await lockgate.acts(flow, BOOK) == ["written"]


async def test_of_a_system_that_counts_the_same_run_has_what_a_page_skipped(small: World) -> None:
    known = await small.celum.asset("Kettle", sku="SEED-1")
    async with small.lockgate() as app:
        await small.run(app)
        copy = await small.portal.file(known)
        new = await small.celum.asset("Cup", sku="SEED-1")
        for asset in (known, new):
            rule = skip(small.celum.sandbox, "POST /assets/search", asset)
            done = await small.run(app, "sweep", verify=True)
            assert (done.state, done.account.read, done.account.withdrawn, rule.hits) == ("done", 2, 0, 1)
            await app.working.idle()
        assert await small.portal.file(known) == copy
        assert await small.portal.file(new) is not None


async def test_a_record_that_two_pages_give_is_written_and_counted_once(small: World) -> None:
    assets = [await small.celum.asset(name, sku="SEED-1") for name in ("Kettle", "Teapot")]
    small.celum.sandbox.faults.set([FaultRule(kind="twice", match="POST /assets/search", record=assets[0])])
    async with small.lockgate() as app:
        done = await small.run(app)
        assert (done.state, done.account.read, done.account.written) == ("done", 2, 2)
        assert small.celum.sandbox.faults.rules[0].hits
        assert len(await small.portal.files()) == 2


async def test_a_list_that_stays_short_fails_the_run_in_words_and_withdraws_nothing(small: World) -> None:
    assets = [await small.celum.asset(name, sku="SEED-1") for name in ("Kettle", "Teapot")]
    async with small.lockgate() as app:
        await small.run(app)
        copies = [await small.portal.file(asset) for asset in assets]
        skip(small.celum.sandbox, "POST /assets/search", assets[0], times=None)
        done = await small.run(app, "sweep", verify=True)
        assert done.state == "failed"
        assert "gave 1 of the 2 records" in done.note
        small.celum.sandbox.faults.clear()
        assert [await small.portal.file(asset) for asset in assets] == copies
        assert (await small.run(app, "sweep", verify=True)).state == "done"
        assert [await small.portal.file(asset) for asset in assets] == copies
