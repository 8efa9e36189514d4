"""Values into information fields and back: what was written is what is held, whatever the type; what cannot be is named."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.connectors.celum.mapping.writing import Unwritable, Words, Writer
from lockgate.kit.profile import Match

SEASONS = {"options": {"en": [{"index": 0, "label": "Summer"}, {"index": 1, "label": "Winter"}]}}
NAMES = {512: {"en": "Germany", "de": "Deutschland"}, 513: {"en": "Atlantis"}, 514: "alpine"}
WORD = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
VALUES = {
    "TEXT": WORD,
    "LOCALIZED_TEXT": st.dictionaries(st.sampled_from(["de", "en", "de-AT"]), WORD, min_size=1),
    "NUMBER": st.integers(-(2**40), 2**40),
    "DOUBLE": st.floats(-1e9, 1e9),
    "BOOLEAN": st.booleans(),
    "DATE": st.dates(date(1950, 1, 1), date(2200, 1, 1)).map(date.isoformat),
    "DROPDOWN": st.sampled_from(["Summer", "Winter"]),
    "TAG_REFERENCE": st.lists(st.sampled_from(["Germany", "Atlantis", "alpine"]), unique=True, min_size=1).map(sorted),
}


def writer(type: str, canonical: str = "fields.x", *, zone: str = "Europe/Berlin", **definition: Any) -> Writer:
    match = Match(canonical=canonical, field="x", values=definition.pop("values", {}))
    return Writer(match, {"id": 1, "name": "x", "type": type, **SEASONS, **definition}, zone=zone, locale="en")


def held(one: Writer, value: Any) -> Any:
    """What is read back after the value was written."""
    plain, words = one.plain(value, Words(NAMES)), Words(NAMES)
    return one.held(one.readable(plain, words) if plain is not None else None)


@given(st.data())
def test_what_was_written_is_held_and_written_again_changes_nothing(data: st.DataObject) -> None:
    type = data.draw(st.sampled_from(sorted(VALUES)))
    value = data.draw(VALUES[type])
    one = writer(type)
    assert held(one, value) == value
    assert one.plain(held(one, value), Words(NAMES)) == one.plain(value, Words(NAMES))


@pytest.mark.parametrize("type", sorted(VALUES))
@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_nothing_to_say_empties_a_field(type: str, nothing: Any) -> None:
    one = writer(type)
    assert one.plain(nothing) is None
    assert not held(one, nothing)
    assert one.operation(None, None) == {"op": "CLEAR"}


@pytest.mark.parametrize(
    ("canonical", "told", "written"),
    [
        ("rights.until", "2026-12-31T23:00:00Z", "2026-12-31T00:00:00.000Z"),  # the first instant of 2027 in Berlin
        ("rights.until", "2026-12-31", "2026-12-31T00:00:00.000Z"),
        ("rights.from", "2026-01-01T08:30:00+01:00", "2026-01-01T07:30:00.000Z"),
    ],
)
def test_an_end_is_its_last_day_and_a_beginning_its_instant(canonical: str, told: str, written: str) -> None:
    assert writer("DATE", canonical).plain(told) == written


def test_a_text_without_language_goes_into_the_usual_locale_unless_one_is_given_for_it() -> None:
    one = writer("LOCALIZED_TEXT")
    assert one.plain("Larch") == {"en": "Larch"}
    assert one.plain({"und": "Larch", "de-AT": "Lärche"}) == {"en": "Larch", "de_AT": "Lärche"}
    assert one.plain({"und": "Larch", "en": "European larch"}) == {"en": "European larch"}


def test_a_text_longer_than_its_field_is_cut_and_shows_it() -> None:
    assert writer("TEXT", maxLength=6).plain("European larch") == "Europ…"
    assert writer("LOCALIZED_TEXT", maxLength=6).plain({"en": "European larch"}) == {"en": "Europ…"}


def test_words_are_found_by_name_in_any_language_and_places_by_code() -> None:
    words = Words(NAMES)
    assert [words.find(word) for word in ("deutschland", "DE", "Alpine", "Mu")] == [512, 512, 514, None]
    assert words.lacking(["DE", "Mu"]) == ["Mu"]


def test_choices_and_words_are_written_as_the_profile_translates_them() -> None:
    choice = writer("DROPDOWN", values={"Winter": "cold"})
    assert (choice.plain("cold"), held(choice, "cold")) == (1, "cold")
    tag = writer("TAG_REFERENCE", values={"alpine": "mountains"})
    assert (tag.plain(["mountains"], Words(NAMES)), held(tag, ["mountains"])) == ([514], ["mountains"])


def test_more_references_than_a_field_takes_are_refused() -> None:
    with pytest.raises(Unwritable, match="at most 1 words, not 2"):
        writer("TAG_REFERENCE", maxSelections=1).plain(["Germany", "alpine"], Words(NAMES))


def test_a_localized_text_clears_the_languages_that_are_gone() -> None:
    one = writer("LOCALIZED_TEXT")
    change = one.operation({"en": "Larch"}, one.value({"en": "Fir", "fr": "Sapin"}))
    assert change == {"op": "MODIFY", "set": {"en": "Larch"}, "clear": ["fr"]}
