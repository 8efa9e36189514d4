"""What a word for a place means, and what lies in what."""

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.model import codes

COUNTRIES = sorted(str(country.alpha_2) for country in pycountry.countries)
SOME = st.sampled_from(
    [*COUNTRIES, *codes.GROUPS, codes.WORLD, "US-CA", "DE-BY", "GB-ENG", "GB-LND", "NL-BQ1", "NO-21"]
)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Germany", "DE"),
        ("  germany ", "DE"),
        ("Switzerland", "CH"),
        ("United States", "US"),
        ("the United States of America", "US"),
        ("USA", "US"),
        ("U.K.", "GB"),
        ("Korea, Republic of", "KR"),
        ("South Korea", "KR"),
        ("Côte d'Ivoire", "CI"),
        ("Cote d’Ivoire", "CI"),
        ("Czech Republic", "CZ"),
        ("Trinidad & Tobago", "TT"),
        ("Georgia", "GE"),
        ("WORLD", "WORLD"),
        ("Worldwide", "WORLD"),
        ("European Union", "EU"),
        ("dach", "DACH"),
        ("DEU", "DE"),
        ("EL", "GR"),
        ("NO", "NO"),
        ("US-CA", "US-CA"),
        ("US-PR", "PR"),
        ("FR-974", "RE"),
        ("England", "GB-ENG"),
    ],
)
def test_a_place_is_known_by_its_code_or_its_english_name(written: str, code: str) -> None:
    assert codes.territory(written) == code


@pytest.mark.parametrize(
    "word", ["no", "and", "in", "is", "de", "can", "ROW", "rest of world", "Europe", "XX", "US-ZZ", "", " ", "-"]
)
def test_a_word_that_is_no_place_is_not_taken_for_one(word: str) -> None:
    assert codes.territory(word) is None


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_is_found_by_each_of_its_names(country: str) -> None:
    record = pycountry.countries.get(alpha_2=country)
    written = [getattr(record, field, None) for field in ("alpha_2", "alpha_3", "name", "common_name", "official_name")]
    assert {codes.territory(name) for name in written if name} == {country}


@given(text=st.text(max_size=12))
def test_whatever_is_found_is_a_code_that_means_itself(text: str) -> None:
    found = codes.territory(text)
    assert found is None or codes.territory(found) == found


LARGER = [
    ("WORLD", "EU"),
    ("EEA", "EU"),
    ("EU", "FR"),
    ("DACH", "CH"),
    ("US", "US-CA"),
    ("EU", "DE-BY"),
    ("GB-ENG", "GB-LND"),
    ("BQ", "NL-BQ1"),
]


@pytest.mark.parametrize(("outer", "inner"), LARGER)
def test_the_larger_place_contains_the_smaller_and_not_the_other_way_round(outer: str, inner: str) -> None:
    assert codes.contains(outer, inner)
    assert codes.overlaps(outer, inner)
    assert not codes.contains(inner, outer)


@pytest.mark.parametrize(
    ("home", "place"), [("US", "PR"), ("FR", "RE"), ("NL", "NL-BQ1"), ("CN", "HK"), ("NO", "NO-21")]
)
def test_where_iso_lists_a_place_twice_permissions_stay_apart_and_prohibitions_reach_it(home: str, place: str) -> None:
    assert not codes.contains(home, place)
    assert codes.overlaps(home, place)
    assert codes.overlaps(place, home)


@pytest.mark.parametrize(
    ("one", "other"), [("US-CA", "US-NY"), ("PR", "US-CA"), ("DE", "AT"), ("BENELUX", "DACH"), ("GB-ENG", "GB-SCT")]
)
def test_neighbours_do_not_overlap(one: str, other: str) -> None:
    assert not codes.overlaps(one, other)
    assert not codes.contains(one, other)


def test_a_place_nobody_knows_is_contained_nowhere_and_may_be_anywhere() -> None:
    assert not codes.contains("WORLD", "Atlantis")
    assert not codes.contains("Atlantis", "Atlantis")
    assert codes.overlaps("Atlantis", "DE")


@given(one=SOME, other=SOME)
def test_overlapping_is_mutual_and_follows_from_containing(one: str, other: str) -> None:
    assert codes.overlaps(one, other) == codes.overlaps(other, one)
    assert codes.overlaps(one, other) or not codes.contains(one, other)


@given(one=SOME, two=SOME, three=SOME)
def test_what_contains_the_container_contains_the_content(one: str, two: str, three: str) -> None:
    if codes.contains(one, two) and codes.contains(two, three):
        assert codes.contains(one, three)
