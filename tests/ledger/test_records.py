"""Links, parked items, intents, cursors, runs, tallies and plans: recorded, found and forgotten as their callers rely on."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from lockgate.ledger import Ledger, cursors, intents, links, parked, plans, runs, tallies
from lockgate.ledger.intents import Intent
from lockgate.ledger.links import LinkRow
from lockgate.ledger.parked import Parked
from lockgate.ledger.plans import Plan
from lockgate.ledger.runs import Run
from lockgate.model.plan import Account, Action, Change, FieldChange, Outcome

NOW = datetime(2030, 5, 1, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def link(key: str, id: str, flow: str = "f", **given: Any) -> LinkRow:
    return LinkRow(flow=flow, key=key, kind="product", id=id, field="images", at=NOW, **given)


async def test_links_are_found_from_both_ends(ledger: Ledger) -> None:
    rows = [link("a", "1"), link("a", "2"), link("b", "1", ref="8"), link("b", "1", flow="g", ref="9")]
    await ledger.write(lambda c: links.put(c, rows))
    assert await ledger.read(lambda c: links.used(c, "product", "1")) == rows[2:], (
        "what is not confirmed is no link yet"
    )
    await ledger.write(lambda c: links.put(c, [link("a", "1", ref="17")]))
    assert await ledger.read(lambda c: links.get(c, "f", ["a", "c"])) == {"a": [link("a", "1", ref="17"), rows[1]]}
    assert await ledger.read(lambda c: links.used(c, "product", "1")) == [link("a", "1", ref="17"), *rows[2:]]
    await ledger.write(lambda c: links.remove(c, rows[:1]))
    assert await ledger.read(lambda c: links.used(c, "product", "1")) == rows[2:]


def park(key: str, *waits: str, flow: str = "f", code: str = "product.missing", **given: Any) -> Parked:
    return Parked(flow=flow, key=key, code=code, reason="No product yet", waits=waits, since=NOW, **given)


async def test_parked_items_wake_by_what_they_wait_for(ledger: Ledger) -> None:
    rows = [park("a", "sku|1", "gtin|1"), park("b", "sku|2"), park("c", "sku|1", flow="g"), park("d")]
    await ledger.write(lambda c: parked.put(c, rows))
    assert await ledger.read(lambda c: parked.wake(c, ["sku|1", "gtin|1", "sku|9"])) == [("f", "a"), ("g", "c")]
    await ledger.write(lambda c: parked.put(c, [park("a", "sku|2")]))
    assert await ledger.read(lambda c: parked.wake(c, ["sku|1", "gtin|1"])) == [("g", "c")]
    await ledger.write(lambda c: parked.remove(c, "f", ["a", "d", "nobody"]))
    assert await ledger.read(lambda c: parked.wake(c, ["sku|1", "sku|2"])) == [("f", "b"), ("g", "c")]
    assert await ledger.read(lambda c: parked.get(c, "f", ["a", "b"])) == {"b": rows[1]}


async def test_parked_items_are_tried_again_once_at_their_time(ledger: Ledger) -> None:
    rows = [park("a", next_try=NOW, tries=2), park("b", next_try=NOW + HOUR), park("c")]
    await ledger.write(lambda c: parked.put(c, rows))
    assert await ledger.read(parked.next_ready) == NOW
    ready = await ledger.read(lambda c: parked.ready(c, NOW, 10))
    assert ready == [("f", "a")]
    await ledger.write(lambda c: parked.tried(c, ready))
    assert await ledger.read(lambda c: parked.ready(c, NOW, 10)) == []
    assert (await ledger.read(lambda c: parked.get(c, "f", ["a"])))["a"].tries == 2


async def test_parked_items_are_listed_and_counted_by_reason(ledger: Ledger) -> None:
    rows = [park("a"), park("b"), park("c", code="file.missing"), park("d", flow="g")]
    await ledger.write(lambda c: parked.put(c, rows))
    first = await ledger.read(lambda c: parked.page(c, limit=2))
    second = await ledger.read(lambda c: parked.page(c, limit=2, after=first.next))
    assert [row.key for row in (*first.rows, *second.rows)] == ["c", "a", "b", "d"]
    assert second.next is None
    assert [
        row.key for row in (await ledger.read(lambda c: parked.page(c, flow="f", code="product.missing"))).rows
    ] == ["a", "b"]
    assert await ledger.read(parked.counts) == {"product.missing": 3, "file.missing": 1}
    assert await ledger.read(lambda c: parked.counts(c, "g")) == {"product.missing": 1}


async def test_an_intent_stays_until_its_write_is_recorded(ledger: Ledger) -> None:
    one, two = (Intent(flow="f", key=key, action="create", at=NOW, run="r") for key in ("a", "b"))
    await ledger.write(lambda c: intents.begin(c, [one, two]))
    again = Intent(flow="f", key="a", action="replace_file", file_version="2", at=NOW, run="s")
    await ledger.write(lambda c: intents.begin(c, [again]))
    await ledger.write(lambda c: intents.clear(c, "f", ["b"], NOW))
    assert await ledger.read(lambda c: intents.get(c, "f", ["a", "b"])) == {"a": again}


async def test_an_intent_noted_meanwhile_by_somebody_else_stays(ledger: Ledger) -> None:
    await ledger.write(lambda c: intents.begin(c, [Intent(flow="f", key="a", action="create", at=NOW)]))
    theirs = Intent(flow="f", key="a", action="create", at=NOW + timedelta(microseconds=1))
    await ledger.write(lambda c: intents.begin(c, [theirs]))
    await ledger.write(lambda c: intents.clear(c, "f", ["a"], NOW))
    assert await ledger.read(lambda c: intents.get(c, "f", ["a"])) == {"a": theirs}


async def test_a_cursor_moves_and_is_its_owners_alone(ledger: Ledger) -> None:
    assert await ledger.read(lambda c: cursors.get(c, "celum", "changes")) is None
    for value in ("1", "2"):
        await ledger.write(partial(cursors.put, owner="celum", name="changes", value=value))
    await ledger.write(lambda c: cursors.put(c, "pim", "changes", "9"))
    assert await ledger.read(lambda c: cursors.get(c, "celum", "changes")) == "2"
    await ledger.write(lambda c: cursors.drop(c, "celum"))
    assert await ledger.read(lambda c: (cursors.get(c, "celum", "changes"), cursors.get(c, "pim", "changes"))) == (
        None,
        "9",
    )


def account(*outcomes: tuple[Outcome, str]) -> Account:
    told = Account()
    for outcome, code in outcomes:
        told.count(outcome, code)
    return told


ONE = account((Outcome.WRITTEN, ""), (Outcome.BLOCKED, "rights.expired"))
TWO = account((Outcome.BLOCKED, "rights.expired"), (Outcome.PARKED, "product.missing"))


def run(id: str, **given: Any) -> Run:
    values: dict[str, Any] = {"flow": "f", "kind": "full", "started": NOW}
    return Run(id=id, **(values | given))


async def test_a_page_counts_once_however_often_it_is_recorded(ledger: Ledger) -> None:
    def work(c: Connection) -> list[bool]:
        runs.create(c, run("r", total=4, params={"kind": "asset"}))
        pages = [(1, "c1", ONE), (2, "c2", TWO), (1, "c1", ONE)]
        return [runs.add_page(c, "r", number, cursor, told, at=NOW) for number, cursor, told in pages]

    assert await ledger.write(work) == [True, True, False]
    found = await ledger.read(lambda c: runs.get(c, "r"))
    blocked = (Outcome.BLOCKED, "rights.expired")
    total = account((Outcome.WRITTEN, ""), blocked, blocked, (Outcome.PARKED, "product.missing"))
    assert found == run("r", total=4, params={"kind": "asset"}, account=total)
    recorded = await ledger.read(lambda c: runs.pages(c, "r"))
    assert [(page.page, page.cursor, page.account) for page in recorded] == [(1, "c1", ONE), (2, "c2", TWO)]
    assert await ledger.read(lambda c: (runs.has_page(c, "r", 2), runs.has_page(c, "r", 3))) == (True, False)


async def test_a_page_of_a_run_nobody_created_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await ledger.write(lambda c: runs.add_page(c, "nobody", 1, None, ONE))


async def test_runs_are_listed_newest_first(ledger: Ledger) -> None:
    made = [run(str(n), started=NOW + n // 2 * HOUR, flow="fg"[n % 2]) for n in range(6)]
    for one in made:
        await ledger.write(partial(runs.create, row=one))
    first = await ledger.read(lambda c: runs.page(c, limit=4))
    rest = await ledger.read(lambda c: runs.page(c, limit=4, after=first.next))
    assert [one.id for one in (*first.rows, *rest.rows)] == ["5", "4", "3", "2", "1", "0"]
    assert await ledger.write(lambda c: runs.update(c, "4", state="failed", finished=NOW + HOUR, note="cut off"))
    [failed] = (await ledger.read(lambda c: runs.page(c, flow="f", state="failed"))).rows
    assert (failed.id, failed.finished, failed.note) == ("4", NOW + HOUR, "cut off")
    assert not await ledger.write(lambda c: runs.update(c, "nobody", note=""))


async def test_an_id_is_one_run(ledger: Ledger) -> None:
    await ledger.write(lambda c: runs.create(c, run("r")))
    with pytest.raises(IntegrityError):
        await ledger.write(lambda c: runs.create(c, run("r")))


async def test_tallies_add_up_by_the_hour(ledger: Ledger) -> None:
    for at, told in ((NOW, ONE), (NOW + timedelta(minutes=29), TWO), (NOW + HOUR, TWO)):
        await ledger.write(partial(tallies.add, flow="f", at=at, account=told))
    found = await ledger.read(lambda c: tallies.series(c, "f", NOW))
    noon = datetime(2030, 5, 1, 12, tzinfo=UTC)
    assert [(one.outcome, one.code, one.n) for one in found if one.hour == noon] == [
        ("blocked", "", 2),
        ("parked", "", 1),
        ("reason", "product.missing", 1),
        ("reason", "rights.expired", 2),
        ("written", "", 1),
    ]
    assert await ledger.read(lambda c: tallies.series(c, "f", NOW + HOUR)) == [
        one for one in found if one.hour == noon + HOUR
    ]
    assert await ledger.read(lambda c: tallies.series(c, "g", NOW)) == []


def change(key: str, *actions: Action) -> Change:
    fields = (FieldChange(field="title", before=None, after={"de": "Stuhl"}),)
    return Change(key=key, title=f"Chair {key}", actions=actions, fields=fields, reason="new")


async def test_a_plan_keeps_its_changes_and_sums_them_up(ledger: Ledger) -> None:
    made = [
        change("a", Action.CREATE, Action.LINK),
        change("b", Action.UPDATE),
        change("c", Action.LINK),
        change("d", Action.UNLINK),
    ]
    plan = Plan(id="p", flow="f", created=NOW)

    def work(c: Connection) -> None:
        plans.create(c, plan)
        plans.add_changes(c, "p", made)
        plans.add_changes(c, "p", made[:1])
        plans.update(c, "p", state="ready", account=ONE)

    await ledger.write(work)
    assert await ledger.read(lambda c: plans.get(c, "p")) == Plan(
        id="p", flow="f", created=NOW, state="ready", account=ONE
    )
    first = await ledger.read(lambda c: plans.changes(c, "p", limit=3))
    rest = await ledger.read(lambda c: plans.changes(c, "p", limit=3, after=first.next))
    assert [*first.rows, *rest.rows] == made
    assert [one.key for one in (await ledger.read(lambda c: plans.changes(c, "p", action=Action.LINK))).rows] == [
        "a",
        "c",
    ]
    assert await ledger.read(lambda c: plans.summary(c, "p")) == {
        Action.CREATE: 1,
        Action.LINK: 2,
        Action.UPDATE: 1,
        Action.UNLINK: 1,
    }
    await ledger.write(lambda c: plans.drop(c, "p"))
    assert await ledger.read(lambda c: (plans.get(c, "p"), plans.changes(c, "p").rows)) == (None, [])


async def test_plans_are_listed_newest_first(ledger: Ledger) -> None:
    made = [Plan(id=str(n), flow="f", created=NOW + n * HOUR) for n in range(3)]
    for one in made:
        await ledger.write(partial(plans.create, row=one))
    first = await ledger.read(lambda c: plans.page(c, flow="f", limit=2))
    rest = await ledger.read(lambda c: plans.page(c, flow="f", limit=2, after=first.next))
    assert [one.id for one in (*first.rows, *rest.rows)] == ["2", "1", "0"]
