"""Which target fields an item gives, and when two sets of fields are the same."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.engine.expression import Expression
from lockgate.engine.mapping import Constant, Deliver, FromExpression, FromPath, Source, differences, digest, shape
from lockgate.kit.errors import Rejected
from lockgate.model.item import Item
from lockgate.model.plan import FieldChange

ITEM = Item(
    system="dam",
    kind="asset",
    id="7",
    revision="a",
    title={"en": "Chair", "de": "Stuhl"},
    texts={"alt": {}},
    keywords={"subject": ("wood",)},
    fields={"rating": 0, "cleared": False, "season": "", "weight": 1.5},
    modified=datetime(2026, 6, 1, 12, tzinfo=UTC),
)


def shaped(**fields: Source) -> dict[str, Any]:
    return shape(Deliver(fields=fields), ITEM)


def test_texts_stay_maps_by_language_and_every_owned_field_is_there() -> None:
    assert shaped(name=FromPath("title"), alt=FromPath("texts.alt"), price=FromPath("fields.price"), status=Constant("approved")) == {
        "name": {"en": "Chair", "de": "Stuhl"},
        "alt": {},
        "price": None,
        "status": "approved",
    }  # fmt: skip


def test_a_default_stands_in_for_nothing_and_never_for_zero_or_false() -> None:
    fields = {name: FromPath(f"fields.{name}", "default") for name in ("rating", "cleared", "season", "price")}
    assert shaped(**fields) == {"rating": 0, "cleared": False, "season": "default", "price": "default"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("item.title.de + ' / ' + item.title.en", "Stuhl / Chair"),
        ("item.keywords.subject.map(word, word + '!')", ["wood!"]),
        ("item.fields.rating == 0 ? 'none' : string(item.fields.rating)", "none"),
        ("item.fields.weight * 2.0", 3.0),
        ("item.modified", "2026-06-01T12:00:00Z"),
        ("{'de': item.title.de}", {"de": "Stuhl"}),
        ("null", None),
        ("false", False),
        ("0", 0),
    ],
)
def test_an_expression_gives_a_json_value(source: str, expected: object) -> None:
    found = shaped(it=FromExpression(Expression(source)))["it"]
    assert found == expected
    assert type(found) is type(expected)


def test_a_name_an_item_does_not_carry_takes_the_default_where_there_is_one() -> None:
    expression = Expression("item.fields.price")
    assert shaped(price=FromExpression(expression, "0.00")) == {"price": "0.00"}
    with pytest.raises(Rejected, match="`price` cannot be filled: `price` is not stated") as refused:
        shaped(price=FromExpression(expression))
    assert refused.value.code == "mapping.failed"


@pytest.mark.parametrize("source", ["item.title.en + 1", "b'abc'", "1.0 / 0.0", "{1: 2}"])
def test_what_cannot_be_worked_out_or_held_is_refused_even_with_a_default(source: str) -> None:
    with pytest.raises(Rejected, match="`it` cannot be filled"):
        shaped(it=FromExpression(Expression(source), "default"))


FIVE: list[object] = [None, "", 0, False, [], {}, "0", True, 1]
LEAVES = (
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=4),
)
VALUES = st.recursive(
    st.one_of(LEAVES),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside, max_size=3),
    max_leaves=4,
)
FIELDS = st.dictionaries(st.sampled_from("abc"), VALUES)


@pytest.mark.parametrize("before", FIVE)
@pytest.mark.parametrize("after", FIVE)
def test_null_empty_zero_false_and_one_all_differ(before: object, after: object) -> None:
    same = type(before) is type(after) and before == after
    assert (differences({"x": before}, {"x": after}) == ()) is same
    assert (digest({"x": before}) == digest({"x": after})) is same


def test_a_field_that_is_not_there_differs_from_one_that_is_null() -> None:
    assert differences({}, {"x": None}) == (FieldChange(field="x", before=msgspec.UNSET, after=None),)
    assert differences({"x": None}, {}) == (FieldChange(field="x", before=None, after=msgspec.UNSET),)
    assert digest({}) != digest({"x": None})


@given(before=FIELDS, after=FIELDS)
def test_the_digest_is_the_same_exactly_when_nothing_differs(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert (digest(before) == digest(after)) == (differences(before, after) == ())


@given(fields=FIELDS)
def test_the_order_of_fields_does_not_matter(fields: dict[str, Any]) -> None:
    turned = dict(reversed(fields.items()))
    assert digest(turned) == digest(fields)
    assert differences(fields, turned) == ()


@given(before=FIELDS, after=FIELDS)
def test_differences_applied_to_the_one_give_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    made = dict(before)
    for change in differences(before, after):
        if change.after is msgspec.UNSET:
            del made[change.field]
        else:
            made[change.field] = change.after
    assert digest(made) == digest(after)
