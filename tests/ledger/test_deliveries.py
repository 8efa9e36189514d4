"""Deliveries: recorded as given, found by whatever a person knows of them, listed page by page."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from lockgate.ledger import Ledger, deliveries, parked
from lockgate.ledger.deliveries import Delivery, Mark
from lockgate.model.plan import Outcome
from lockgate.model.verdict import allow, deny

NOW = datetime(2030, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)


def delivery(key: str, flow: str = "f", **given: Any) -> Delivery:
    values: dict[str, Any] = {"flow": flow, "key": key, "outcome": Outcome.WRITTEN, "at": NOW, "since": NOW}
    return Delivery(**(values | given))


async def put(ledger: Ledger, *rows: Delivery) -> None:
    await ledger.write(lambda c: deliveries.put(c, rows))


FULL = delivery(
    "celum:4711",
    rev="17",
    title="Größe L, Rückseite",
    outcome=Outcome.BLOCKED,
    code="rights.expired",
    reason="The licence ended on 1 May",
    verdicts=[allow("released"), deny("the licence ended", code="rights.expired", due=NOW + HOUR)],
    held="hidden",
    ref="file-1",
    file_version="3",
    file_digest="0a" * 32,
    fields_digest="ff00",
    due=NOW + HOUR,
    since=NOW - HOUR,
    audit_n=12,
    url="https://dam.example/4711",
    identifiers={"sku": ["S-1", "S-2"], "gtin": ["04006381333931"]},
    extras={"thumbnail": "/thumbs/4711", "sizes": [1, 2.5, None]},
)


async def test_a_delivery_is_read_as_it_was_recorded(ledger: Ledger) -> None:
    await put(ledger, FULL, delivery("bare"))
    assert await ledger.read(lambda c: deliveries.get(c, "f", ["celum:4711", "bare", "nobody"])) == {
        "celum:4711": FULL,
        "bare": delivery("bare"),
    }


async def test_recording_again_replaces_all_of_it(ledger: Ledger) -> None:
    await put(ledger, FULL)
    await put(ledger, delivery("celum:4711", title="new"))
    assert await ledger.read(lambda c: deliveries.get(c, "f", ["celum:4711"])) == {
        "celum:4711": delivery("celum:4711", title="new")
    }
    assert await ledger.read(lambda c: deliveries.by_identifier(c, "S-1")) == []


async def test_thousands_of_keys_are_looked_up_at_once(ledger: Ledger) -> None:
    keys = [f"{number:05}" for number in range(5_000)]
    await put(ledger, *(delivery(key, rev=key) for key in keys))
    asked = [*keys, *(f"none-{number}" for number in range(100))]
    assert await ledger.read(lambda c: deliveries.revisions(c, "f", asked)) == {key: key for key in keys}
    assert await ledger.read(lambda c: deliveries.revisions(c, "f", [])) == {}
    assert await ledger.read(lambda c: deliveries.keys_after(c, "f", "04997", 10)) == ["04998", "04999"]
    assert await ledger.read(lambda c: deliveries.keys_after(c, "f", "", 2)) == ["00000", "00001"]


async def test_an_unchanged_item_takes_its_new_revision_and_keeps_the_rest(ledger: Ledger) -> None:
    await put(ledger, FULL, delivery("other", rev="1"))
    await ledger.write(lambda c: deliveries.touch_unchanged(c, "f", [Mark("celum:4711", "18"), Mark("nobody", "1")]))
    found = await ledger.read(lambda c: deliveries.get(c, "f", ["celum:4711", "other", "nobody"]))
    assert (found["celum:4711"].rev, found["celum:4711"].due, found["celum:4711"].title) == ("18", None, FULL.title)
    assert found["other"] == delivery("other", rev="1")
    assert "nobody" not in found


async def test_due_items_come_once_and_in_time(ledger: Ledger) -> None:
    await put(
        ledger,
        delivery("late", due=NOW - HOUR),
        delivery("now", flow="g", due=NOW),
        delivery("soon", due=NOW + HOUR),
        delivery("never"),
    )
    assert await ledger.read(deliveries.next_due) == NOW - HOUR
    due = await ledger.read(lambda c: deliveries.due(c, NOW, 10))
    assert due == [("f", "late"), ("g", "now")]
    await ledger.write(lambda c: deliveries.due_taken(c, due, NOW))
    assert await ledger.read(lambda c: deliveries.due(c, NOW, 10)) == []
    assert await ledger.read(deliveries.next_due) == NOW + HOUR


async def test_an_item_is_found_by_any_spelling_of_any_identifier_or_by_its_key(ledger: Ledger) -> None:
    await put(ledger, FULL, delivery("book", flow="g", identifiers={"isbn": ["9783161484100"]}))
    for text in ("S-1", " S-2 ", "4006381333931", "celum:4711"):
        found = await ledger.read(partial(deliveries.by_identifier, text=text))
        assert [one.key for one in found] == ["celum:4711"], text
    assert [one.key for one in await ledger.read(lambda c: deliveries.by_identifier(c, "978-3-16-148410-0"))] == [
        "book"
    ]
    assert await ledger.read(lambda c: deliveries.by_identifier(c, "s-1")) == []


async def test_identifiers_follow_their_item(ledger: Ledger) -> None:
    await put(ledger, delivery("a", identifiers={"sku": ["1", "2"]}), delivery("b", identifiers={"sku": ["2"]}))
    await put(ledger, delivery("a", identifiers={"sku": ["2", "3"]}))

    def owners(c: Connection) -> list[list[str]]:
        return [[one.key for one in deliveries.by_identifier(c, sku)] for sku in ("1", "2", "3")]

    assert await ledger.read(owners) == [[], ["a", "b"], ["a"]]
    await ledger.write(lambda c: deliveries.remove(c, "f", ["a"]))
    assert await ledger.read(owners) == [[], ["b"], []]
    assert await ledger.write(lambda c: deliveries.drop_flow(c, "f")) == 1
    assert await ledger.read(owners) == [[], [], []]


async def listed(ledger: Ledger, limit: int = 3, **filters: Any) -> list[str]:
    """All keys of a list, read page by page."""
    keys: list[str] = []
    after: str | None = None
    while True:
        page = await ledger.read(partial(deliveries.page, after=after, limit=limit, **filters))
        assert len(page.rows) == limit or page.next is None
        keys += [row.key for row in page.rows]
        if (after := page.next) is None:
            return keys


async def fill(ledger: Ledger) -> None:
    blocked = {"outcome": Outcome.BLOCKED, "held": "none"}
    await put(
        ledger,
        *(delivery(f"w{n}", held="live", title=f"Schöner Stuhl {n}") for n in range(5)),
        *(delivery(f"r{n}", code="rights.expired", **(blocked | {"held": "hidden"})) for n in range(4)),
        *(delivery(f"a{n}", code="approved.no", **blocked) for n in range(2)),
        *(delivery(f"g{n}", flow="g", held="live", identifiers={"sku": [f"50%_{n}"]}) for n in range(4)),
        delivery("Zulu", flow="Ä", held="live"),
    )


LISTS: list[tuple[dict[str, Any], str]] = [
    ({}, "a0 a1 r0 r1 r2 r3 w0 w1 w2 w3 w4 g0 g1 g2 g3 Zulu"),
    ({"flow": "g"}, "g0 g1 g2 g3"),
    ({"outcome": Outcome.BLOCKED}, "a0 a1 r0 r1 r2 r3"),
    ({"outcome": "written"}, "w0 w1 w2 w3 w4 g0 g1 g2 g3 Zulu"),
    ({"flow": "f", "code": "rights.expired"}, "r0 r1 r2 r3"),
    ({"outcome": "blocked", "code": "approved.no", "flow": "f"}, "a0 a1"),
    ({"held": "hidden"}, "r0 r1 r2 r3"),
    ({"held": "live", "flow": "f"}, "w0 w1 w2 w3 w4"),
    ({"text": "SCHÖNER stuhl"}, "w0 w1 w2 w3 w4"),
    ({"text": "50%_"}, "g0 g1 g2 g3"),
    ({"text": "Zul"}, "Zulu"),
    ({"text": "stuhl 3"}, "w3"),
    ({"text": "schoner", "outcome": "blocked"}, ""),
    ({"text": "5__"}, ""),
    ({"flow": "nobody"}, ""),
]


async def test_lists_are_the_same_however_they_are_paged(ledger: Ledger) -> None:
    await fill(ledger)
    for filters, keys in LISTS:
        for limit in (1, 3, 50):
            assert await listed(ledger, limit, **filters) == keys.split(), (filters, limit)


async def test_items_are_counted_by_outcome_and_code(ledger: Ledger) -> None:
    await fill(ledger)
    assert await ledger.read(lambda c: deliveries.counts(c, "f")) == {
        "written": {"": 5},
        "blocked": {"rights.expired": 4, "approved.no": 2},
    }
    assert await ledger.read(lambda c: deliveries.counts(c, "nobody")) == {}


@pytest.mark.parametrize("token", ["nonsense", "WyJhIl0=", "é"])
async def test_a_token_of_another_list_is_refused(ledger: Ledger, token: str) -> None:
    with pytest.raises(ValueError, match="no place in this list"):
        await ledger.read(lambda c: deliveries.page(c, after=token))


async def test_instants_without_a_time_zone_are_refused(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await put(ledger, delivery("a", due=datetime(2030, 5, 1)))  # noqa: DTZ001 - that is the point


async def test_a_sign_that_no_database_takes_costs_an_item_that_sign_and_nothing_else(ledger: Ledger) -> None:
    """JSON may hold it, PostgreSQL's texts may not: one such title must not stop the flow."""
    await put(ledger, delivery("celum:4711", title="Mug\0s", identifiers={"sku": ["S\0-1"]}), delivery("celum:4712"))
    await ledger.write(lambda c: parked.put(c, [parked_on("S\0-1")]))
    found = await ledger.read(lambda c: deliveries.get(c, "f", ["celum:4711", "celum:4712"]))
    assert {key: one.title for key, one in found.items()} == {"celum:4711": "Mug\ufffds", "celum:4712": ""}
    assert [one.key for one in await ledger.read(lambda c: deliveries.by_identifier(c, "S\ufffd-1"))] == ["celum:4711"]
    assert await ledger.read(lambda c: parked.wake(c, ["sku:S\0-1"])) == [("f", "celum:4711")]


def parked_on(sku: str) -> parked.Parked:
    reason = f"There is no product {sku}"
    return parked.Parked(
        flow="f", key="celum:4711", code="product.missing", reason=reason, waits=(f"sku:{sku}",), since=NOW
    )
