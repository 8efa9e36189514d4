"""Titles read over HTTP: whole catalogues, single records, what changed, and the older REST list."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from lockgate.connectors.consonance.connector import Consonance
from lockgate.kit.contract import Page
from lockgate.kit.errors import ContractBroken, NeedsOperator, Rejected
from lockgate.kit.profile import Profile, accept, propose
from lockgate.kit.transfer import digest
from lockgate.model.lifecycle import Status

from .conftest import EBOOK, KEY, PAPERBACK, WORK, Account, Connect

REST = {"interface": "rest", "rest_key": KEY}


async def ids(pages: AsyncIterator[Page[Any]]) -> list[str]:
    return [one.id async for page in pages for one in page.records]


async def cursor(pages: AsyncIterator[Page[Any]]) -> str:
    return [page.cursor async for page in pages][-1]


# ── set-up ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_check_says_what_the_account_lacks(account: Account, connect: Connect) -> None:
    account.sandbox.set_options({"lacks": "Query.toDos,Mutation.updateToDo,Work.season"})
    async with connect() as titles:
        notes = (await titles.check()).notes
    assert any("lacks what we guessed: Query.toDos, Mutation.updateToDo" in one for one in notes)
    assert any("lacks what the documents have: Work.season" in one for one in notes)


async def test_an_account_that_hides_its_schema_is_read_by_ours(account: Account, connect: Connect) -> None:
    account.sandbox.set_options({"introspection": False})
    async with connect() as titles:
        assert (await titles.check()).notes[0].startswith("The account does not tell its schema")
        assert [one.id for one in await titles.fetch("product", [str(PAPERBACK)])] == [str(PAPERBACK)]


async def test_a_lacking_field_costs_that_field_only(account: Account, connect: Connect) -> None:
    account.sandbox.set_options({"lacks": "Work.toDos,Product.salesRights,Work.contract"})
    async with connect() as titles:
        work = await titles.launch(str(WORK))
    assert "milestones" not in work.fields
    assert work.fields["editions"]


async def test_the_schema_proposes_a_match_for_each_name(connect: Connect) -> None:
    async with connect() as titles:
        schema = await titles.schema()
    proposed = propose(schema, Consonance.hints)
    found = {one.canonical: (one.field, one.confidence) for one in proposed["product"]}
    assert found["status"] == ("allowOnixExports", 1.0)
    assert found["rights.territories"][0] == "forSaleCountryCodes"
    for kind, fields in schema.kinds.items():
        assert {one.field for one in proposed[kind]} == {one.name for one in fields}, kind
    stages = next(one for one in schema.kinds["work"] if one.name == "projectStage")
    assert set(stages.options) == {"In production", "Assets ready", "Published"}


async def test_the_proposed_profile_reads_what_no_profile_reads(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        schema = await titles.schema()
        plain = await titles.fetch("product", [str(PAPERBACK)])
    profile = accept(schema, propose(schema, Consonance.hints), by="a person", at=account.sandbox.clock.now())
    async with connect(profile=msgspec.structs.replace(profile, zone="Europe/London")) as titles:
        assert await titles.fetch("product", [str(PAPERBACK)]) == plain


# ── whole catalogues ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("cap", [0, 3, 100])
async def test_every_product_is_listed_once_whatever_the_servers_cap(
    account: Account, connect: Connect, cap: int
) -> None:
    account.sandbox.set_options({"page_cap": cap})
    async with connect() as titles:
        found = await ids(titles.index("product", None))
    assert found == sorted(found, key=int)
    assert set(found) == {str(one["id"]) for one in account.sandbox.state.all("Product")}


@pytest.mark.parametrize("kind", ["product", "work", "asset", "task", "text"])
async def test_what_the_index_lists_can_be_fetched_with_that_revision(connect: Connect, kind: str) -> None:
    async with connect() as titles:
        stated = {one.id: one.revision async for page in titles.index(kind, None) for one in page.records}
        items = await titles.fetch(kind, list(stated))
    assert stated
    assert {one.id: one.revision for one in items} == stated


async def test_twenty_records_cost_one_call(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        await titles.check()
        before = len(account.sandbox.calls)
        every = [str(one["id"]) for one in account.sandbox.state.all("Product")]
        await titles.fetch("product", every)
    assert len(every) <= 20
    assert len(account.sandbox.calls) == before + 1


async def test_a_server_whose_ids_do_not_ascend_is_found_out(connect: Connect) -> None:
    """One that ignores `after` gives its first page for ever."""
    async with connect() as titles:
        with pytest.raises(ContractBroken, match="out of order"):
            async for _ in titles.client.pages("query W { works { id } }", "works", {}):
                pass


async def test_a_product_deleted_without_a_word_is_gone_from_the_index(account: Account, connect: Connect) -> None:
    account.sandbox.delete_product(9003)
    async with connect() as titles:
        assert "9003" not in await ids(titles.index("product", None))


async def test_ids_that_are_none_are_left_out(connect: Connect) -> None:
    async with connect() as titles:
        assert await titles.fetch("product", ["no number", "-1", "²", "9" * 40]) == []
        assert await titles.fetch("asset", ["7001-lgnothing", "x-1"]) == []
        with pytest.raises(Rejected, match="There is no chapter"):
            await titles.fetch("chapter", ["1"])


# ── changes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_false_positive_is_reported_once_and_then_no_more(account: Account, connect: Connect) -> None:
    """Consonance lists all editions of a work when one changed; what was never read cannot be told from what changed."""
    async with connect() as titles:
        start = await cursor(titles.changes("product", None))
        account.sandbox.edit("Product", EBOOK, {"publicationDate": "2027-04-15"})
        pages = [page async for page in titles.changes("product", start)]
        assert [one.id for page in pages for one in page.records] == ["9001", "9002", "9003"]
        account.sandbox.edit("Product", EBOOK, {"publicationDate": "2027-05-15"})
        assert await ids(titles.changes("product", pages[-1].cursor)) == [str(EBOOK)]


async def test_two_flows_with_cursors_of_their_own_both_hear_of_a_change(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        one, other = await cursor(titles.changes("work", None)), await cursor(titles.changes("work", None))
        account.sandbox.add_text(WORK, "EXCERPT", "The sea was early.")
        assert await ids(titles.changes("work", one)) == [str(WORK)]
        assert await ids(titles.changes("work", other)) == [str(WORK)]
        assert await ids(titles.changes("work", one)) == [str(WORK)]


async def test_after_a_restart_the_last_days_are_reported_once_more(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        start = await cursor(titles.changes("task", None))
        made = account.sandbox.add_to_do(WORK, "Ex works", "2027-02-01")
        after = [page async for page in titles.changes("task", start)][-1].cursor
        assert await ids(titles.changes("task", after)) == []
    async with connect() as titles:
        assert await ids(titles.changes("task", after)) == [str(made["id"])]


async def test_a_change_of_yesterday_evening_is_found_the_next_day(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        start = await cursor(titles.changes("product", None))
        account.sandbox.edit("Product", PAPERBACK, {"subtitle": "A Tale"})
        account.sandbox.clock.advance(timedelta(days=1).total_seconds())
        assert str(PAPERBACK) in await ids(titles.changes("product", start))


async def test_a_new_image_of_a_work_is_reported(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        start = await cursor(titles.changes("asset", None))
        made = account.sandbox.add_resource(WORK, "spread.jpg", "SAMPLE_CONTENT")
        assert f"{WORK}-{made['id']}" in await ids(titles.changes("asset", start))


async def test_a_cursor_of_somebody_else_is_refused(connect: Connect) -> None:
    async with connect() as titles:
        with pytest.raises(Rejected, match="no cursor"):
            await ids(titles.changes("product", "17"))


# ── errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_overlong_request_is_told_from_its_page_of_html(account: Account, connect: Connect) -> None:
    async with connect() as titles:
        await titles.check()
        fault = {"kind": "status", "status": 503, "match": "POST /graphql"}
        async with account.session.post(f"{account.url}/__sandbox/faults", json=fault) as answer:
            assert answer.ok
        with pytest.raises(Exception, match="cannot do POST /graphql at the moment") as failed:
            await titles.fetch("product", [str(PAPERBACK)])
    assert "<html>" not in str(failed.value)


async def test_a_wrong_key_says_so_and_is_not_repeated(connect: Connect) -> None:
    async with connect(key="sandbox-key-nobody-gave-out") as titles:
        with pytest.raises(NeedsOperator, match="Unauthorized") as refused:
            await titles.check()
    assert "nobody-gave-out" not in f"{refused.value.sentence} {refused.value.detail}"


# ── REST ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_rest_list_is_read_page_by_page(account: Account, connect: Connect) -> None:
    account.sandbox.set_options({"page_cap": 4})
    async with connect(settings=REST) as titles:
        stated = {one.id: one.revision async for page in titles.index("product", None) for one in page.records}
        items = await titles.fetch("product", list(stated)[:3])
    assert set(stated) == {str(one["id"]) for one in account.sandbox.state.all("Product")}
    assert {one.id: one.revision for one in items}.items() <= stated.items()


async def test_rest_changes_are_found_by_comparing_the_catalogue(account: Account, connect: Connect) -> None:
    async with connect(settings=REST) as titles:
        start = await cursor(titles.changes("product", None))
        account.sandbox.edit("Product", PAPERBACK, {"onixPublishingStatusCode": "_01"})
        assert await ids(titles.changes("product", start)) == [str(PAPERBACK)]
        (item,) = await titles.fetch("product", [str(PAPERBACK)])
    assert item.status is Status.ARCHIVED


async def test_a_cover_over_rest_is_opened_by_its_style(connect: Connect) -> None:
    async with connect(settings=REST) as titles:
        (item,) = await titles.fetch("product", [str(PAPERBACK)])
        rendition = item.rendition("jpg_rgb_0650h")
        assert rendition is not None
        async with titles.open(item.id, rendition) as stream:
            _, length = await digest(stream)
    assert length > 100


async def test_rest_takes_nothing_and_shows_products_only(connect: Connect) -> None:
    async with connect(settings=REST) as titles:
        assert (await titles.check()).version == "REST v4"
        with pytest.raises(NeedsOperator, match="cannot be written to"):
            await titles.upsert("asset", [])
        with pytest.raises(Rejected, match="products only"):
            await titles.fetch("work", [str(WORK)])


async def test_a_profile_without_a_zone_means_utc(connect: Connect) -> None:
    async with connect(profile=Profile()) as titles:
        (item,) = await titles.fetch("product", ["9006"])
    assert item.window.from_ is not None
    assert item.window.from_.isoformat() == "2099-01-01T00:00:00+00:00"
