"""Rows read from a table: each once, as items, and those that changed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.connectors.sql.conftest import Shop

from lockgate.connectors.sql.reading import PAGE
from lockgate.kit.contract import Page, Ref
from lockgate.kit.errors import NeedsOperator
from lockgate.kit.profile import propose
from lockgate.model.lifecycle import Status

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def refs(connector: Any, after: str | None = None) -> list[Page[Ref]]:
    return [page async for page in connector.index("product", after)]


async def changes(connector: Any, after: str | None) -> tuple[list[str], str]:
    pages = [page async for page in connector.changes("product", after)]
    return [event.id for page in pages for event in page.records], pages[-1].cursor


async def test_the_index_has_each_row_once_over_several_pages_and_goes_on_from_each(shop: Shop) -> None:
    ids = [shop.article(f"Kettle {n}") for n in range(3)]
    shop.run("INSERT INTO articles (name) " + " UNION ALL ".join(f"SELECT 'Pan {n}'" for n in range(PAGE)))
    async with shop.connected() as connector:
        pages = await refs(connector)
        every = [one.id for page in pages for one in page.records]
        rest = [one.id for page in await refs(connector, pages[0].cursor) for one in page.records]
    assert (len(pages), len(every), len(set(every))) == (2, PAGE + 3, PAGE + 3)
    assert set(ids) <= set(every)
    assert rest == [one.id for one in pages[1].records]


async def test_a_row_is_the_item_that_its_columns_state(shop: Shop) -> None:
    row = {"article number": "K-1", "ean": "4006381333931", "price": 12.5, "on_sale": True}
    id = shop.article("Kessel", tags="rot; Küche", **row)
    async with shop.connected() as connector:
        (item,) = await connector.fetch("product", [id, "99999999", "no number"])
        (ref,) = (await refs(connector))[0].records
    assert (item.id, item.revision) == (ref.id, ref.revision)
    assert item.identifiers == {"sku": ("K-1",), "gtin": ("04006381333931",)}
    assert item.title == {"de": "Kessel"}
    assert (item.fields["price"], bool(item.fields["on_sale"])) == ("12.50", True)
    assert item.status is Status.UNKNOWN
    assert "lockgate_key" not in item.fields


async def test_another_state_of_a_row_is_another_revision(shop: Shop) -> None:
    id = shop.article("Kettle")
    async with shop.connected() as connector:
        (before,) = await connector.fetch("product", [id])
        shop.run("UPDATE articles SET price = 3 WHERE nr = :nr", nr=int(id))
        (after,) = await connector.fetch("product", [id])
    assert before.revision != after.revision


async def test_changes_begin_now_and_report_what_changes_from_then_on(shop: Shop) -> None:
    old = shop.article("Kettle", changed=NOON - timedelta(days=1))
    shop.article("Pan", changed=NOON)
    async with shop.connected(overlap=0) as connector:
        none, cursor = await changes(connector, None)
        new = shop.article("Pot", changed=NOON + timedelta(seconds=1))
        shop.run("UPDATE articles SET changed = :at WHERE nr = :nr", at=NOON + timedelta(seconds=2), nr=int(old))
        seen, later = await changes(connector, cursor)
        again, _ = await changes(connector, later)
    assert none == []
    assert seen[-2:] == [new, old]
    assert again == [old]


async def test_rows_that_changed_at_one_instant_are_all_reported_across_pages(shop: Shop) -> None:
    shop.article("Kettle", changed=NOON - timedelta(hours=1))
    async with shop.connected(overlap=0) as connector:
        _, cursor = await changes(connector, None)
        ids = {shop.article(f"Pan {n}", changed=NOON) for n in range(PAGE + 5)}
        seen, _ = await changes(connector, cursor)
    assert ids <= set(seen)


async def test_a_row_that_was_committed_late_with_an_old_time_is_reported(shop: Shop) -> None:
    shop.article("Kettle", changed=NOON)
    async with shop.connected(overlap=60) as connector:
        _, cursor = await changes(connector, None)
        late = shop.article("Pan", changed=NOON - timedelta(seconds=50))
        seen, _ = await changes(connector, cursor)
    assert late in seen


async def test_without_a_time_of_change_nothing_is_reported_and_the_check_says_so(shop: Shop) -> None:
    shop.article("Kettle")
    async with shop.connected(modified="") as connector:
        assert (await changes(connector, None))[0] == []
        assert any("full runs only" in note for note in (await connector.check()).notes)


async def test_rows_are_found_by_the_column_of_an_identifier(shop: Shop) -> None:
    kettle = shop.article("Kettle", **{"article number": "K-1"})
    async with shop.connected() as connector:
        assert await connector.find("product", "sku", ["K-1", "K-2", "'; DROP TABLE articles; --"]) == {"K-1": [kettle]}
        assert await connector.find("product", "family", ["K"]) == {}
    assert shop.count() == 1


async def test_columns_are_recognised_by_their_names(shop: Shop) -> None:
    async with shop.connected() as connector:
        proposed = {one.canonical: one.field for one in propose(await connector.schema(), connector.hints)["product"]}
    expected = {"ids.sku": "article number", "ids.gtin": "ean", "title": "name", "keywords.subject": "tags"}
    assert expected.items() <= proposed.items()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"table": "nothing"}, "no table nothing"),
        ({"modified": "updated"}, "no column updated"),
        ({"key": "name"}, "add a unique index"),
    ],
)
async def test_a_setting_that_cannot_be_is_said_at_set_up(shop: Shop, settings: dict[str, Any], sentence: str) -> None:
    async with shop.connected(**settings) as connector:
        with pytest.raises(NeedsOperator, match=sentence):
            await connector.check()


async def test_the_database_names_itself(shop: Shop) -> None:
    async with shop.connected() as connector:
        info = await connector.check()
    assert info.product in {"SQLite", "PostgreSQL"}
    assert info.version
