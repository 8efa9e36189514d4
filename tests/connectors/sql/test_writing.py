"""Rows written into a table: once for each key, held as sent, hidden and removed; nothing of anybody else is touched."""

import asyncio

import pytest
from tests.connectors.sql.conftest import Shop

from lockgate.kit.contract import Receipt, Write
from lockgate.kit.errors import NeedsOperator, NotFound, Rejected

FIELDS = {
    "title": {"de": "Kessel", "en": "Kettle"},
    "tags": ["red", "kitchen"],
    "price": "12.5",
    "listed": "2026-11-21",
    "on_sale": True,
}


async def put(connector, key: str, **fields: object) -> Receipt:  # type: ignore[no-untyped-def]
    (answer,) = await connector.upsert("product", [Write(key=key, fields={**FIELDS, **fields})])
    assert isinstance(answer, Receipt), answer
    return answer


async def test_a_key_written_twice_is_one_row_and_is_held_as_it_was_sent(shop: Shop) -> None:
    async with shop.connected() as connector:
        first = await put(connector, "dam:1")
        second = await put(connector, "dam:1", price="13.999")
        held = await connector.held("product", ["dam:1", "dam:2"])
        told = connector.as_held("product", {**FIELDS, "price": "13.999"})
    assert (first.created, second.created, first.ref) == (True, False, second.ref)
    assert first.revision != second.revision == held["dam:1"].revision
    assert list(held) == ["dam:1"]
    assert {name: held["dam:1"].fields[name] for name in told} == told
    assert (told["title"], told["tags"], told["price"]) == ("Kessel", "red; kitchen", "14.00")
    assert shop.count() == 1


async def test_two_who_write_one_key_at_once_write_one_row(shop: Shop) -> None:
    async with shop.connected() as connector:
        answers = await asyncio.gather(*(put(connector, "dam:1", price=str(n)) for n in range(8)))
    assert len({one.ref for one in answers}) == 1
    assert shop.count() == 1


async def test_a_row_that_the_table_refuses_is_rejected_alone(shop: Shop) -> None:
    shop.article("Theirs", **{"article number": "K-1"})
    writes = [
        Write(key="dam:1", fields={"title": "First"}),
        Write(key="dam:2", fields={"title": "Second", "ids.sku": "K-1"}),
        Write(key="dam:3", fields={"title": "Third", "colour": "red"}),
        Write(key="dam:4", fields={"title": "Fourth"}),
    ]
    async with shop.connected() as connector:
        answers = await connector.upsert("product", writes)
    assert [type(one) for one in answers] == [Receipt, Rejected, Rejected, Receipt]
    assert "no column for colour" in str(answers[2])
    assert shop.count() == 3


async def test_a_hidden_row_is_seen_hidden_and_shown_again(shop: Shop) -> None:
    async with shop.connected() as connector:
        ref = (await put(connector, "dam:1")).ref
        assert isinstance((await connector.withdraw("product", [ref], "hide"))[0], Receipt)
        hidden = (await connector.held("product", ["dam:1"]))["dam:1"].hidden
        assert isinstance((await connector.show("product", [ref]))[0], Receipt)
        shown = (await connector.held("product", ["dam:1"]))["dam:1"].hidden
    assert (hidden, shown) == (True, False)


async def test_only_rows_of_ours_are_removed(shop: Shop) -> None:
    theirs = shop.article("Theirs")
    async with shop.connected() as connector:
        ref = (await put(connector, "dam:1")).ref
        answers = await connector.withdraw("product", [theirs, ref, "4711"], "remove")
        again = await connector.withdraw("product", [ref], "remove")
    assert [type(one) for one in (*answers, *again)] == [NotFound, Receipt, Receipt, Receipt]
    assert [row["name"] for row in shop.run("SELECT name FROM articles")] == ["Theirs"]


async def test_a_table_without_a_column_for_our_key_is_not_written(shop: Shop) -> None:
    async with shop.connected(key="") as connector:
        with pytest.raises(NeedsOperator, match="setting key"):
            await connector.upsert("product", [Write(key="dam:1", fields=FIELDS)])
    assert shop.count() == 0
