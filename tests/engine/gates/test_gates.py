"""Each gate opens for what it asks and for nothing else, and says why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.engine import gates
from lockgate.engine.expression import Expression
from lockgate.model.item import Item
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Period, Rights, Rule, Use
from lockgate.model.verdict import Decision, Verdict, allow, ask, deny

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ITEM = Item(
    system="dam",
    kind="asset",
    id="7",
    revision="a",
    identifiers={"sku": ("4711",)},
    title={"en": "Chair"},
    status=Status.APPROVED,
    keywords={"campaign": ("spring",)},
    rights=Rights(permissions=(Rule(territories=frozenset({"DE"}), period=Period(until=NOW + 3 * DAY)),)),
    window=Period(NOW - DAY, NOW + 2 * DAY),
    fields={"rating": 0, "season": None},
    modified=NOW,
)


def but(**changes: Any) -> Item:
    return msgspec.structs.replace(ITEM, **changes)


def asked(gate: gates.Gate, item: Item = ITEM, at: datetime = NOW) -> Verdict:
    (verdict,) = gates.evaluate([gate], item, at)
    assert verdict.gate == gate.name
    return verdict


@pytest.mark.parametrize("status", Status)
def test_only_the_wanted_status_opens_the_approval_gate(status: Status) -> None:
    verdict = asked(gates.approved("approved", [Status.APPROVED]), but(status=status, status_label="Freigegeben"))
    assert (verdict.allows, verdict.code) == (
        (True, "approved.yes") if status is Status.APPROVED else (False, "approved.no")
    )


def test_an_unknown_status_stays_out_even_where_it_is_asked_for() -> None:
    gate = gates.approved("approved", [Status.UNKNOWN])
    assert asked(gate, but(status=Status.UNKNOWN, status_label="Fertig")).reason == (
        "its status is unknown (Fertig), needed is none"
    )


@pytest.mark.parametrize(
    ("at", "code", "due"),
    [
        (NOW - 2 * DAY, "window.not_yet", NOW - DAY),
        (NOW - DAY, "window.open", NOW + 2 * DAY),
        (NOW + 2 * DAY, "window.ended", None),
    ],
)
def test_the_window_opens_and_closes_at_its_instants(at: datetime, code: str, due: datetime | None) -> None:
    verdict = asked(gates.window("window"), at=at)
    assert (verdict.code, verdict.due, verdict.allows) == (code, due, code == "window.open")


def test_an_item_without_a_window_is_not_closed_by_time() -> None:
    verdict = asked(gates.window("window"), but(window=Period()))
    assert (verdict.allows, verdict.due) == (True, None)


@pytest.mark.parametrize("at", [NOW - 5 * DAY, NOW, NOW + 5 * DAY])
def test_a_window_that_ends_before_it_begins_is_never_open(at: datetime) -> None:
    assert not asked(gates.window("window"), but(window=Period(NOW + DAY, NOW - DAY)), at).allows


def test_rights_are_asked_for_every_market_and_carry_their_instant() -> None:
    verdict = asked(gates.rights("rights", [Use(territory="DE"), Use(territory="CH")]))
    assert (verdict.code, verdict.due) == ("rights.territory", NOW + 3 * DAY)
    assert asked(gates.rights("rights", [Use(territory="DE")])).allows
    assert asked(gates.rights("rights", [Use(territory="DE")]), but(rights=None)).code == "rights.unknown"


def test_a_superseded_version_is_closed() -> None:
    gate = gates.current("newest")
    assert asked(gate).allows
    assert asked(gate, but(latest=False)).code == "current.no"


def test_what_is_missing_is_named_by_both_the_recipe_and_the_source() -> None:
    gate = gates.complete("complete", ["title", "texts.alt", "fields.rating", "fields.season"])
    verdict = asked(gate, but(missing=("photographer",)))
    assert (verdict.code, verdict.reason) == ("complete.missing", "missing: texts.alt, fields.season, photographer")


def test_zero_counts_as_filled_in_and_a_blank_title_does_not() -> None:
    assert asked(gates.complete("complete", ["fields.rating"])).allows
    assert not asked(gates.complete("complete", ["title"]), but(title={"en": " "})).allows


@pytest.mark.parametrize(
    "source",
    [
        "item.status == 'approved'",
        "'spring' in item.keywords.campaign",
        "item.title.en.startsWith('Ch') && item.fields.rating == 0",
        "item.window.until > item.modified && item.modified < timestamp('2027-01-01T00:00:00Z')",
        "item.rights.stated && size(item.ids.sku) == 1 && item.latest",
        "!has(item.fields.nothing) && item.fields.season == null && item.url == null",
        "item.keywords.campaign.all(word, word in ask.campaigns)",
        "item['kind'] == 'asset'",
    ],
)
def test_a_condition_reads_the_item_and_the_answers(source: str) -> None:
    answers = {"campaigns": ("spring", "summer")}
    verdict = asked(gates.when("custom", Expression(source, answers)))
    assert (verdict.allows, verdict.code) == (True, "when.yes"), verdict.reason


def test_a_condition_that_does_not_hold_is_closed() -> None:
    assert asked(gates.when("custom", Expression("item.status == 'draft'"))).code == "when.no"


@pytest.mark.parametrize(
    "source",
    [
        "item.fields.price > 3",
        "item.title",
        "1",
        "'true'",
        "null",
        "item.status + 1 == 2",
        "1 / item.fields.rating == 1",
        "item.keywords.campaign[5] == 'x'",
        "9223372036854775807 + 1 > 0",
        "timestamp(item.title.en) < timestamp('2027-01-01T00:00:00Z')",
    ],
)
def test_a_condition_that_cannot_be_answered_with_true_or_false_is_closed(source: str) -> None:
    verdict = asked(gates.when("custom", Expression(source)))
    assert (verdict.allows, verdict.code) == (False, "when.error")
    assert verdict.reason.startswith(source)


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside, max_size=3),
        max_leaves=5,
    )
)
def test_no_field_of_any_kind_brings_a_condition_down(value: Any) -> None:
    verdict = asked(gates.when("custom", Expression("item.fields.x == 'a' || item.fields.x")), but(fields={"x": value}))
    assert verdict.allows is (value is True or value == "a")


def test_the_first_gate_that_does_not_allow_decides_and_the_earliest_instant_counts() -> None:
    first, second, third = deny("a", due=NOW + 2 * DAY), ask("b", due=NOW + DAY), allow("c", due=NOW + 3 * DAY)
    decided = gates.decide([third, first, second])
    assert (decided.reason, decided.due) == ("a", NOW + DAY)
    assert gates.decide([third, second]).reason == "b"
    assert gates.decide([third]).allows


def test_where_no_gate_was_asked_nothing_is_allowed() -> None:
    assert not gates.decide([]).allows
    assert not gates.decide(gates.evaluate([], ITEM, NOW)).allows


@given(
    st.lists(
        st.builds(
            Verdict,
            decision=st.sampled_from(Decision),
            reason=st.text(max_size=3),
            due=st.none() | st.integers(1, 5).map(lambda days: NOW + days * DAY),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_all_gates_must_allow_and_no_instant_is_lost(verdicts: list[Verdict]) -> None:
    decided = gates.decide(verdicts)
    assert decided.allows == all(one.allows for one in verdicts)
    assert decided.due == min((one.due for one in verdicts if one.due is not None), default=None)


def test_gates_that_ask_the_same_are_equal() -> None:
    assert gates.complete("x", ["title"]) == gates.complete("x", ["title"])
    assert gates.complete("x", ["title"]) != gates.complete("x", ["texts.alt"])
    assert gates.when("x", Expression("item.latest")) != gates.when("x", Expression("!item.latest"))
