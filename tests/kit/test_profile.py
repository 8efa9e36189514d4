"""Which field is proposed for which name, how surely, and why."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.kit.profile import (
    ANY_KIND,
    FieldInfo,
    Hint,
    Match,
    Profile,
    Schema,
    accept,
    canonical,
    describe,
    missing,
    propose,
    schema_of,
    vendor_values,
)

HINTS = (
    Hint(kind="asset", canonical="ids.sku", words=("sku", "article number", "Artikelnummer"), types=("text",)),
    Hint(kind="asset", canonical="ids.gtin", words=("gtin", "ean"), types=("text",)),
    Hint(kind="asset", canonical="rights.from", words=("license from", "valid from"), types=("date", "instant")),
    Hint(kind="asset", canonical="rights.until", words=("license until", "valid until"), types=("date", "instant")),
    Hint(
        kind="asset",
        canonical="status",
        words=("status",),
        types=("choice",),
        values={"freigegeben": "approved", "2": "in_review"},
    ),
)


def field(name: str, type: str = "text", label: str = "", **more: object) -> FieldInfo:
    return FieldInfo(name=name, type=type, label=label, **more)  # type: ignore[arg-type]


def proposals(*fields: FieldInfo) -> dict[str, Match]:
    matches = propose(schema_of({"asset": fields}), HINTS)["asset"]
    return {match.canonical: match for match in matches}


@pytest.mark.parametrize("name", ["sku", "SKU", "article_number", "articleNumber", "Article-Number", "article-numbers"])
def test_the_same_words_are_recognised_however_they_are_written(name: str) -> None:
    found = proposals(field(name), field("remark"))["ids.sku"]
    assert found.field == name
    assert found.confidence >= 0.95


def test_an_exact_name_of_the_right_type_is_sure() -> None:
    assert proposals(field("sku"))["ids.sku"] == Match(
        canonical="ids.sku", field="sku", confidence=1.0, why="its name is “sku”"
    )


def test_a_field_known_by_number_is_recognised_by_its_label() -> None:
    found = proposals(field("705", "date", "Licence"), field("704", "date", "License until"))["rights.until"]
    assert found.field == "704"
    assert 0.9 < found.confidence < 1
    assert found.why == "its label is “license until”"


def test_a_label_counts_without_the_group_it_stands_in() -> None:
    grouped, plain = proposals(field("4730_4", label="Media: GTIN")), proposals(field("4730_4", label="GTIN"))
    assert plain["ids.gtin"].confidence > grouped["ids.gtin"].confidence > 0.9


def test_umlauts_and_longer_names_are_recognised_less_surely() -> None:
    found = proposals(field("x1", label="Interne Artikelnummer"))["ids.sku"]
    assert found.field == "x1"
    assert 0.5 < found.confidence < 0.95


def test_the_wrong_type_is_proposed_only_as_a_guess_with_the_reason() -> None:
    found = proposals(field("license_until", "text"))["rights.until"]
    assert found.confidence < 0.5
    assert "its type is text and not date or instant" in found.why


def test_what_resembles_nothing_is_not_proposed() -> None:
    assert proposals(field("colour"), field("number"), field("from", "date")) == {}


def test_a_word_within_a_word_is_no_resemblance() -> None:
    assert "ids.gtin" not in proposals(field("european"), field("ocean_view"))


def test_each_field_serves_one_name() -> None:
    hints = (
        Hint(kind="asset", canonical="title", words=("title",)),
        Hint(kind="asset", canonical="caption", words=("caption", "title")),
    )
    (only,) = propose(schema_of({"asset": (field("title"),)}), hints)["asset"]
    assert only.canonical == "title"


def test_two_fields_that_fit_alike_lower_the_confidence_and_are_both_named() -> None:
    alone = proposals(field("valid_from", "date"))["rights.from"]
    tied = proposals(field("valid_from", "date"), field("ValidFrom", "date"))["rights.from"]
    assert tied.confidence < alone.confidence * 0.8
    assert "would fit as well" in tied.why
    assert "valid_from" in tied.why


def test_a_rival_that_serves_another_name_better_is_none() -> None:
    found = proposals(field("license_from", "date"), field("license_until", "date"))
    assert {name: match.field for name, match in found.items()} == {
        "rights.from": "license_from",
        "rights.until": "license_until",
    }
    assert all("as well" not in match.why for match in found.values())


def test_choices_are_brought_to_our_words_by_key_or_label() -> None:
    found = proposals(field("status", "choice", options={"1": "Freigegeben", "2": "In Prüfung", "3": "Alt"}))["status"]
    assert found.values == {"1": "approved", "2": "in_review"}
    assert vendor_values(found, "approved") == ("1",)
    assert (canonical(found, 2), canonical(found, "3")) == ("in_review", None)


def test_a_choice_of_strangers_is_less_sure() -> None:
    found = proposals(field("status", "choice", options={"a": "Red", "b": "Blue"}))["status"]
    assert found.confidence == 0.7
    assert "none of its choices is known" in found.why


def test_a_kind_of_the_tenants_own_is_proposed_by_the_hints_for_any() -> None:
    both = (*HINTS, Hint(kind=ANY_KIND, canonical="title", words=("name",), types=("text",)))
    proposed = propose(schema_of({"asset": (field("name"),), "brand": (field("name"),)}), both)
    assert [match.canonical for match in proposed["brand"]] == ["title"]
    assert proposed["asset"] == ()


def test_a_hint_for_another_kind_is_not_used() -> None:
    assert propose(schema_of({"product": (field("sku"),)}), HINTS) == {"product": ()}


@given(
    names=st.lists(
        st.sampled_from(["sku", "SKU", "article_no", "gtin", "ean", "valid_from", "license-until", "status", "remark"]),
        unique=True,
    ),
    seed=st.integers(),
)
def test_a_proposal_does_not_depend_on_the_order_of_the_fields(names: list[str], seed: int) -> None:
    fields = [field(name) for name in names]
    shuffled = random.Random(seed).sample(fields, len(fields))  # noqa: S311 (repeatable on purpose)
    one, other = schema_of({"asset": tuple(fields)}), schema_of({"asset": tuple(shuffled)})
    assert propose(one, HINTS) == propose(other, HINTS)
    assert one.digest == other.digest
    used = [match.field for match in propose(one, HINTS)["asset"]]
    assert len(used) == len(set(used))


def test_a_schema_with_another_choice_has_another_digest() -> None:
    before = schema_of({"asset": (field("status", "choice", options={"1": "a"}),)})
    after = schema_of({"asset": (field("status", "choice", options={"1": "a", "2": "b"}),)})
    assert before.digest != after.digest


AT = datetime(2026, 1, 2, tzinfo=UTC)


def confirmed() -> tuple[Schema, Profile]:
    schema = schema_of({"asset": (field("701", label="SKU"), field("license_until", "text"))})
    return schema, accept(schema, propose(schema, HINTS), by="ada", at=AT, zone="Europe/Vienna")


def test_only_sure_proposals_are_accepted_unasked() -> None:
    schema, profile = confirmed()
    assert profile.field("asset", "ids.sku") == "701"
    assert profile.match("asset", "rights.until") is None
    assert (profile.confirmed_by, profile.confirmed_at, profile.zone) == ("ada", AT, "Europe/Vienna")
    assert profile.schema_digest == schema.digest


def test_what_a_recipe_needs_and_the_profile_lacks_is_named() -> None:
    _, profile = confirmed()
    assert missing(profile, "asset", ["ids.gtin", "ids.sku", "rights.until"]) == ("ids.gtin", "rights.until")
    assert missing(profile, "product", ["ids.sku"]) == ("ids.sku",)


def test_a_profile_reads_as_sentences() -> None:
    schema, profile = confirmed()
    assert describe(profile, schema) == ['asset ids.sku is 701 "SKU" (confidence 97 %: its label is “sku”)']


COMPOUNDS = (
    Hint(kind="asset", canonical="where", words=("countries", "-länder"), never=("excl", "ausgeschl")),
    Hint(kind="asset", canonical="not where", words=("excluded countries", "ausgeschlossene Länder")),
)


def where(name: str, label: str = "") -> dict[str, Match]:
    found = propose(schema_of({"asset": (field(name, label=label),)}), COMPOUNDS)["asset"]
    return {match.canonical: match for match in found}


def test_the_end_of_a_compound_is_recognised_where_a_hint_asks_for_it() -> None:
    assert where("f1", "Verwendungsländer")["where"].field == "f1"
    assert where("f1", "Länderkennung") == {}


def test_an_end_of_a_compound_is_less_sure_than_the_word_and_says_so() -> None:
    match = where("verwendungslaender")["where"]
    assert 0.6 < match.confidence < 0.9
    assert match.why == "its name ends in “länder”"


@pytest.mark.parametrize("label", ["Ausgeschlossene Länder", "Excluded countries", "Countries (excluded)"])
def test_where_something_must_not_be_used_is_never_taken_for_where_it_may(label: str) -> None:
    assert "where" not in where("f1", label)
    assert "where" not in where("countries", label)


def test_a_word_that_rules_a_field_out_counts_in_name_and_label_alike() -> None:
    assert where("ausgeschl_laender", "Countries") == {}
