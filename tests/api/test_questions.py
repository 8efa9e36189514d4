"""The questions the API asks of the ledger, on both databases."""

from datetime import UTC, datetime
from functools import partial

import pytest
from tests.databases import (
    database_url,
    ledger,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_url,
)

from lockgate.ledger import Ledger, deliveries, links, runs
from lockgate.ledger.deliveries import Delivery
from lockgate.ledger.links import LinkRow
from lockgate.ledger.runs import Run
from lockgate.model.plan import Outcome

__all__ = ["database_url", "ledger", "postgres_server", "postgres_template", "postgres_url", "sqlite_url"]

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def delivery(flow: str, key: str, ref: str | None) -> Delivery:
    return Delivery(flow=flow, key=key, outcome=Outcome.WRITTEN, held="live", ref=ref, at=NOW, since=NOW)


async def test_copies_are_found_by_their_id_at_the_target_in_every_flow(ledger: Ledger) -> None:
    rows = [delivery("b", "1", "r1"), delivery("a", "2", "r1"), delivery("a", "3", "r2"), delivery("a", "4", None)]
    await ledger.write(lambda c: deliveries.put(c, rows))
    found = await ledger.read(lambda c: deliveries.by_ref(c, "r1", 10))
    assert [(one.flow, one.key) for one in found] == [("a", "2"), ("b", "1")]
    assert len(await ledger.read(lambda c: deliveries.by_ref(c, "r1", 1))) == 1


async def test_links_are_found_by_an_id_whatever_its_kind(ledger: Ledger) -> None:
    made = [
        LinkRow(flow="a", key=key, kind=kind, id=id, field="images", at=NOW)
        for key, kind, id in (("1", "product", "p"), ("2", "category", "p"), ("3", "product", "q"))
    ]
    await ledger.write(lambda c: links.put(c, made))
    found = await ledger.read(lambda c: links.used_by_id(c, "p", 10))
    assert [(one.kind, one.key) for one in found] == [("category", "2"), ("product", "1")]
    assert [one.key for one in await ledger.read(lambda c: links.used_by_id(c, "p", 1))] == ["2"]
    assert await ledger.read(lambda c: links.used_by_id(c, "nothing", 10)) == []


async def test_a_persons_act_is_noted_on_the_item_and_changes_nothing_else(ledger: Ledger) -> None:
    await ledger.write(lambda c: deliveries.put(c, [delivery("a", "1", "r"), delivery("a", "2", "s")]))
    await ledger.write(lambda c: deliveries.told(c, "a", "1", 7))
    found = await ledger.read(lambda c: deliveries.get(c, "a", ["1", "2"]))
    assert (found["1"].audit_n, found["2"].audit_n) == (7, None)
    assert (found["1"].ref, found["1"].at) == ("r", NOW)


@pytest.mark.parametrize("number", [0, 3])
async def test_runs_are_counted_by_flow_kind_and_state(ledger: Ledger, number: int) -> None:
    for n in range(number):
        run = Run(id=f"r{n}", flow="a", kind="full" if n else "plan", state="done", started=NOW)
        await ledger.write(partial(runs.create, row=run))
    expected = {("a", "full", "done"): 2, ("a", "plan", "done"): 1} if number else {}
    assert await ledger.read(runs.counts) == expected
