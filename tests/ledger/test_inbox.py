"""The inbox: one row per item, the most urgent hint wins, nothing that came meanwhile is lost."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import hypothesis.strategies as st
import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection

from lockgate.ledger import Ledger, inbox
from lockgate.ledger.inbox import LANES, Hint, InboxRow, Lane

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def hint(ledger: Ledger, *hints: Hint) -> None:
    await ledger.write(lambda c: inbox.hint(c, hints, at=NOW))


async def take(ledger: Ledger, *, now: datetime = NOW, limit: int = 100, **filters: Any) -> list[InboxRow]:
    return await ledger.read(lambda c: inbox.take(c, limit=limit, now=now, **filters))


async def test_a_hint_that_comes_during_the_work_survives_its_record(ledger: Ledger) -> None:
    await hint(ledger, Hint(flow="f", key="a", reason="first"))
    taken = await take(ledger)
    await hint(ledger, Hint(flow="f", key="a", reason="second"))
    await ledger.write(lambda c: inbox.done(c, [row.id for row in taken]))
    assert [row.reason for row in await take(ledger)] == ["second"]


async def test_ids_are_not_given_twice_even_when_the_inbox_was_empty(ledger: Ledger) -> None:
    await hint(ledger, Hint(flow="f", key="a"))
    [old] = await take(ledger)
    await ledger.write(lambda c: inbox.done(c, [old.id]))
    await hint(ledger, Hint(flow="f", key="b"))
    await ledger.write(lambda c: inbox.done(c, [old.id]))
    assert [row.key for row in await take(ledger)] == ["b"]


async def test_recalls_come_before_live_hints_before_backfill(ledger: Ledger) -> None:
    lanes: list[Lane] = ["backfill", "live", "recall", "backfill", "live", "recall"]
    await hint(ledger, *(Hint(flow="f", key=str(number), lane=lane) for number, lane in enumerate(lanes)))
    assert [row.key for row in await take(ledger)] == ["2", "5", "1", "4", "0", "3"]
    assert [row.key for row in await take(ledger, limit=3)] == ["2", "5", "1"]
    assert await ledger.read(inbox.counts) == {"f": {"recall": 2, "live": 2, "backfill": 2}}


async def test_a_postponed_item_comes_back_at_its_time_with_its_tries(ledger: Ledger) -> None:
    await hint(ledger, Hint(flow="f", key="a"))
    [row] = await take(ledger)
    await ledger.write(lambda c: inbox.postpone(c, [row.id], NOW + HOUR, tries=3))
    assert await take(ledger) == []
    assert await ledger.read(inbox.next_ready) == NOW + HOUR
    assert [row.tries for row in await take(ledger, now=NOW + HOUR)] == [3]


async def test_news_of_a_postponed_item_makes_it_ready_now(ledger: Ledger) -> None:
    await hint(ledger, Hint(flow="f", key="a", not_before=NOW + HOUR))
    await hint(ledger, Hint(flow="f", key="a"))
    assert [(row.key, row.tries) for row in await take(ledger)] == [("a", 0)]
    assert await ledger.read(inbox.next_ready) is None


async def test_a_hint_without_a_record_keeps_the_record_that_is_there(ledger: Ledger) -> None:
    await hint(ledger, Hint(flow="f", key="a", body=b"the record"))
    await hint(ledger, Hint(flow="f", key="a", reason="someone asked"))
    assert [row.body for row in await take(ledger)] == [b"the record"]


async def test_what_is_being_worked_can_be_left_out(ledger: Ledger) -> None:
    await hint(ledger, *(Hint(flow=flow, key=key) for flow in ("f", "g") for key in "abcdef"))
    rows = await take(ledger)
    busy = {rows[0].bucket, rows[3].bucket}
    assert await take(ledger, skip_buckets=busy) == [row for row in rows if row.bucket not in busy]
    assert await take(ledger, buckets=busy) == [row for row in rows if row.bucket in busy]
    assert await take(ledger, buckets=frozenset()) == []
    assert await take(ledger, flows=["g"]) == [row for row in rows if row.flow == "g"]
    assert await take(ledger, after=rows[4].id) == rows[5:]


async def test_a_dropped_flow_leaves_the_others(ledger: Ledger) -> None:
    await hint(ledger, Hint(flow="f", key="a"), Hint(flow="f", key="b"), Hint(flow="g", key="a"))
    assert await ledger.write(lambda c: inbox.drop_flow(c, "f")) == 2
    assert [row.flow for row in await take(ledger)] == ["g"]


@pytest.mark.parametrize(("flow", "key", "bucket"), [("f", "a", 14), ("approved-assets", "4711", 53), ("f", "ä", 63)])
def test_an_item_is_in_the_same_bucket_for_ever(flow: str, key: str, bucket: int) -> None:
    assert inbox.bucket(flow, key) == bucket


class Model:
    """What the inbox should do, in a dict."""

    class Row(msgspec.Struct):
        order: int
        lane: int
        ready: int
        tries: int
        body: bytes | None

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Model.Row] = {}
        self.drawn = 0
        self.taken: dict[tuple[str, str], int] = {}

    def hint(self, hints: list[Hint]) -> None:
        for one in hints:
            self._merge(one)
        for pair in sorted({(one.flow, one.key) for one in hints}):
            self.drawn += 1
            self.rows[pair].order = self.drawn

    def _merge(self, one: Hint) -> None:
        ready = 0 if one.not_before is None else (one.not_before - NOW) // HOUR
        new = Model.Row(0, LANES.index(one.lane), ready, 0, one.body)
        if (old := self.rows.get((one.flow, one.key))) is not None:
            new.lane, new.ready, new.body = min(new.lane, old.lane), min(new.ready, old.ready), one.body or old.body
        self.rows[one.flow, one.key] = new

    def take(self, hours: int) -> list[tuple[str, str, int, bytes | None]]:
        ready = sorted((row.lane, row.order, pair) for pair, row in self.rows.items() if row.ready <= hours)
        self.taken = {pair: self.rows[pair].order for _, _, pair in ready}
        return [(*pair, self.rows[pair].tries, self.rows[pair].body) for _, _, pair in ready]

    def mine(self) -> list[tuple[str, str]]:
        return [pair for pair, order in self.taken.items() if pair in self.rows and self.rows[pair].order == order]

    def done(self) -> None:
        for pair in self.mine():
            del self.rows[pair]

    def postpone(self, hours: int, tries: int) -> None:
        for pair in self.mine():
            self.rows[pair].ready, self.rows[pair].tries = hours, tries


HINTS = st.lists(
    st.builds(
        Hint,
        flow=st.sampled_from("fg"),
        key=st.sampled_from("abc"),
        lane=st.sampled_from(get_args(Lane)),
        not_before=st.none() | st.integers(1, 3).map(lambda hours: NOW + hours * HOUR),
        body=st.none() | st.sampled_from([b"1", b"2"]),
    ),
    max_size=5,
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("hint"), HINTS),
        st.tuples(st.just("take"), st.integers(0, 3)),
        st.tuples(st.just("done")),
        st.tuples(st.just("postpone"), st.integers(1, 3), st.integers(1, 5)),
    ),
    max_size=20,
)


def walk(c: Connection, steps: list[tuple[Any, ...]]) -> None:
    """Do the same with the inbox and with the model; they must answer alike."""
    c.execute(sa.text("DELETE FROM inbox"))
    model, taken = Model(), list[InboxRow]()

    def look(hours: int) -> None:
        nonlocal taken
        taken = inbox.take(c, limit=100, now=NOW + hours * HOUR)
        assert [(row.flow, row.key, row.tries, row.body) for row in taken] == model.take(hours)

    for name, *values in steps:
        ids = [row.id for row in taken]
        match name:
            case "take":
                look(*values)
            case "hint":
                inbox.hint(c, values[0], at=NOW)
                model.hint(values[0])
            case "done":
                inbox.done(c, ids)
                model.done()
            case "postpone":
                inbox.postpone(c, ids, NOW + values[0] * HOUR, values[1])
                model.postpone(*values)
    look(3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_however_hints_and_work_interleave_the_inbox_agrees_with_a_dict(
    ledger: Ledger, steps: list[tuple[Any, ...]]
) -> None:
    await ledger.write(lambda c: walk(c, steps))
