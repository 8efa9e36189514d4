"""Counts are right however items change, and an item is found by whatever a person knows of it."""

import random
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from lockgate.ledger import Ledger, deliveries, parked
from lockgate.ledger.deliveries import Delivery, finding
from lockgate.ledger.parked import Parked
from lockgate.ledger.tables import delivery as table
from lockgate.model.plan import Outcome

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def delivery(key: str, flow: str = "f", **given: Any) -> Delivery:
    values: dict[str, Any] = {"flow": flow, "key": key, "outcome": Outcome.WRITTEN, "at": NOW, "since": NOW}
    return Delivery(**(values | given))


def counted(c: Connection, flow: str) -> dict[tuple[str, str, str], int]:
    """Counted anew from all rows."""
    by = (table.c.outcome, table.c.code, table.c.held)
    found = c.execute(sa.select(*by, sa.func.count()).where(table.c.flow == flow).group_by(*by))
    return {(outcome, code, held): number for outcome, code, held, number in found}


async def test_counts_stay_right_whatever_is_recorded_and_forgotten(ledger: Ledger) -> None:
    chance = random.Random(4)  # noqa: S311 - no secret
    for _ in range(60):
        rows = [
            delivery(
                str(chance.randrange(40)),
                flow=chance.choice("fg"),
                outcome=chance.choice(list(Outcome)),
                code=chance.choice(["", "rights.unknown"]),
                title=chance.choice(["", "Mug", "Bowl, blue"]),
                held=chance.choice(["none", "live", "hidden"]),
            )
            for _ in range(chance.randrange(8))
        ]
        await ledger.write(partial(deliveries.put, rows=rows))
        gone = [str(chance.randrange(40)) for _ in range(chance.randrange(3))]
        await ledger.write(partial(deliveries.remove, flow="f", keys=gone))
        for flow in "fg":
            assert await ledger.read(partial(deliveries.states, flow=flow)) == await ledger.read(
                partial(counted, flow=flow)
            )
        mugs = await ledger.read(lambda c: deliveries.by_title(c, "mug", 100))
        shown = (await ledger.read(lambda c: deliveries.page(c, limit=100))).rows
        assert [(one.flow, one.key) for one in mugs] == sorted(
            (one.flow, one.key) for one in shown if one.title == "Mug"
        )
    live = await ledger.read(lambda c: deliveries.count_held(c, "g", "live"))
    assert live == len((await ledger.read(lambda c: deliveries.page(c, flow="g", held="live"))).rows) > 0
    await ledger.write(lambda c: deliveries.drop_flow(c, "g"))
    assert await ledger.read(lambda c: deliveries.states(c, "g")) == {}


async def test_a_title_is_found_by_the_beginnings_of_its_words_and_follows_its_item(ledger: Ledger) -> None:
    chairs = [delivery("1", title="Stuhl, weiß (Größe L)"), delivery("2", flow="g", title="LG-CHAIR white_v2")]
    await ledger.write(lambda c: deliveries.put(c, chairs))

    def found(c: Connection) -> dict[str, list[str]]:
        texts = ("stuhl", "GROSSE stu", "größe", "lg chair", "v2", "tuhl", "weiß schwarz", "?!", "tisch")
        return {text: [one.key for one in deliveries.by_title(c, text, 10)] for text in texts}

    assert await ledger.read(found) == {
        "stuhl": ["1"], "GROSSE stu": ["1"], "größe": ["1"], "lg chair": ["2"], "v2": ["2"], "tuhl": [],
        "weiß schwarz": [], "?!": [], "tisch": [],
    }  # fmt: skip
    await ledger.write(lambda c: deliveries.put(c, [delivery("1", title="Tisch")]))
    renamed = await ledger.read(found)
    assert (renamed["stuhl"], renamed["tisch"]) == ([], ["1"])
    await ledger.write(lambda c: deliveries.remove(c, "f", ["1"]))
    await ledger.write(lambda c: deliveries.drop_flow(c, "g"))
    assert not any((await ledger.read(found)).values())


async def test_a_list_is_searched_by_its_titles_also_where_very_many_fit(ledger: Ledger) -> None:
    """More fit than are gathered, so the list is walked: with the same answer, in the same order, page by page."""
    many = finding.FEW + 50
    rows = [delivery(f"{n:05}", title=f"Mug {n % 7}", held="live" if n % 2 else "hidden") for n in range(many)]
    await ledger.write(lambda c: deliveries.put(c, [*rows, delivery("x", title="Bowl", held="live")]))
    wanted = [row.key for row in rows if row.held == "live"]
    keys: list[str] = []
    after = None
    while True:
        page = await ledger.read(partial(deliveries.page, text="mu", held="live", after=after, limit=400))
        keys += [row.key for row in page.rows]
        if (after := page.next) is None:
            break
    assert keys == wanted


async def test_numbers_are_found_by_their_beginning_in_their_usual_spellings(ledger: Ledger) -> None:
    await ledger.write(
        lambda c: deliveries.put(
            c,
            [
                delivery("100001", identifiers={"sku": ["LG-MUG"], "gtin": ["04006381333931"]}, ref="copy-1"),
                delivery("100002", flow="g", identifiers={"isbn": ["9783161484100"]}),
            ],
        )
    )

    def found(c: Connection) -> dict[str, list[str]]:
        texts = ("lg-m", "400638", "978-3-16", "1000", "10")
        return {text: [key for _, key in finding.beginning(c, text, ["f", "g"], 10)] for text in texts}

    assert await ledger.read(found) == {
        "lg-m": ["100001"], "400638": ["100001"], "978-3-16": ["100002"], "1000": ["100001", "100002"], "10": [],
    }  # fmt: skip
    assert [one.key for one in await ledger.read(lambda c: deliveries.by_ref(c, "copy-1", 5))] == ["100001"]


async def test_parked_items_are_listed_by_age_and_found_by_text(ledger: Ledger) -> None:
    ages = {"a": 3, "b": 1, "c": 2}
    titles = {"a": "Blue mug", "b": "Blue bowl", "c": "Red mug"}
    waiting = [
        Parked(flow="f", key=key, code="product.missing", reason="why", since=NOW - age * DAY)
        for key, age in ages.items()
    ]
    waiting.append(Parked(flow="g", key="d", code="rejected", reason="why", since=NOW - 4 * DAY))
    rows = [delivery(key, title=title, outcome=Outcome.PARKED) for key, title in titles.items()]
    await ledger.write(lambda c: parked.put(c, waiting))
    await ledger.write(lambda c: deliveries.put(c, rows))

    async def listed(**asked: Any) -> list[str]:
        first = await ledger.read(partial(parked.page, limit=2, **asked))
        if first.next is None:
            return [row.key for row in first.rows]
        rest = await ledger.read(partial(parked.page, limit=2, after=first.next, **asked))
        return [row.key for row in (*first.rows, *rest.rows)]

    assert await listed() == ["a", "c", "b", "d"]
    assert await listed(order="oldest") == ["d", "a", "c", "b"]
    assert await listed(order="oldest", flow="f", before=NOW - DAY) == ["a", "c"]
    assert await listed(text="mug") == ["a", "c"]
    assert await listed(text="blue", order="oldest", code="product.missing") == ["a", "b"]
    assert await listed(text="nothing") == []
