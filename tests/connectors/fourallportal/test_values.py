"""Field values there and back: what is written in the portal's form reads as what was meant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.connectors.fourallportal.values import Unwritable, entries, instant, read, write

QUIRKS = Quirks()
ZONE = "Europe/Berlin"
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)
LANGUAGES = st.sampled_from(["de", "en"])
TITLE = {"name": "title", "type": "CEVarchar", "length": 450, "dimensions": ["locale"]}


def field(type: str, **more: Any) -> dict[str, Any]:
    return {"name": "x", "type": type, **more}


def back(of: dict[str, Any], value: Any, **how: Any) -> Any:
    """What reading gives after a value was written and stored: entries without a value are not kept."""
    wire = [one for one in write(of, value, QUIRKS, ZONE, **how) if one["value"] not in (None, [])]
    return read(of, wire, QUIRKS)


# ── there and back ───────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.dictionaries(LANGUAGES, WORDS))
def test_texts_in_the_tenants_languages_come_back(text: dict[str, str]) -> None:
    assert back(TITLE, text) == text


@given(WORDS)
def test_a_text_without_a_language_comes_back_in_the_default_one(words: str) -> None:
    assert back(TITLE, {"und": words}) == back(TITLE, words) == {"en": words}


@given(st.lists(WORDS, max_size=5))
def test_lists_come_back_in_order(words: list[str]) -> None:
    assert back(field("CEVarcharList"), words) == words
    assert back(field("CEVarcharList", dimensions=["locale"]), words) == words


@given(st.dates().map(lambda one: one.isoformat()))
def test_plain_dates_come_back_as_they_are(day: str) -> None:
    assert back(field("CEDate"), day) == back(field("CEDate"), day, ends=True) == day


@given(st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=st.timezones()))  # noqa: DTZ001
def test_instants_come_back_to_the_millisecond(when: datetime) -> None:
    told = back(field("CETimestamp"), when.isoformat())
    assert told.endswith("Z")
    assert timedelta(0) <= when - datetime.fromisoformat(told) < timedelta(milliseconds=1)
    assert back(field("CETimestamp"), told) == told


@given(st.booleans())
def test_flags_come_back(flag: bool) -> None:
    assert back(field("CEBoolean"), flag) is flag


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back_also_from_text(number: float) -> None:
    assert back(field("CEDouble"), number) == number
    if isinstance(number, int) and abs(number) < 10**30:
        assert read(field("CELong"), [{"value": str(number)}], QUIRKS) == number


@given(st.recursive(WORDS | st.integers() | st.booleans() | st.none(), st.lists, max_leaves=6), st.sampled_from(
    ["CEVarchar", "CEText", "CEVarcharList", "CEInteger", "CEEnum", "CEIdList", "SomethingNew"]))  # fmt: skip
def test_what_was_read_is_written_back_unchanged(value: Any, type: str) -> None:
    once = back(field(type), value)
    assert back(field(type), once) == once


# ── what is lost, and how that shows ─────────────────────────────────────────────────────────────────────────────────


@given(st.text(min_size=1, max_size=80), st.integers(min_value=1, max_value=80))
def test_a_text_is_never_longer_than_its_field_and_shows_what_was_cut(words: str, length: int) -> None:
    found = back(field("CEText", length=length), words)
    assert len(found) <= length
    assert found == words if len(words) <= length else found == words[: length - 1] + "…"


def test_a_short_text_without_stated_length_has_the_documented_one() -> None:
    assert len(back(field("CEVarchar"), "x" * 500)) == 450
    assert len(back(field("CEText"), "x" * 500)) == 500


def test_texts_in_languages_the_tenant_has_not_are_left_out() -> None:
    assert back(TITLE, {"fr": "Mélèze", "de": "Lärche"}) == {"de": "Lärche"}


def test_a_regional_text_stands_in_for_its_language_but_never_before_it() -> None:
    assert back(TITLE, {"de-AT": "Marille", "en-GB": "apricot"}) == {"de": "Marille", "en": "apricot"}
    assert back(TITLE, {"de-AT": "Marille", "de": "Aprikose"}) == {"de": "Aprikose"}


def test_a_locale_of_its_own_is_used_for_a_regional_text() -> None:
    quirks = Quirks(locales={"de": "de_DE", "de-AT": "de_AT"}, default_locale="de_DE")
    wire = write(TITLE, {"de-AT": "Marille", "de": "Aprikose"}, quirks, ZONE)
    assert {one["dimensions"]["locale"]: one["value"] for one in wire} == {"de_DE": "Aprikose", "de_AT": "Marille"}
    assert read(TITLE, wire, quirks) == {"de-AT": "Marille", "de": "Aprikose"}


@pytest.mark.parametrize("nothing", [None, {}, [], "", {"de": ""}])
def test_nothing_to_say_clears_every_locale_of_ours_and_no_other(nothing: Any) -> None:
    assert write(TITLE, nothing, QUIRKS, ZONE) == [
        {"value": None, "dimensions": {"locale": "de_DE"}},
        {"value": None, "dimensions": {"locale": "en_US"}},
    ]


@pytest.mark.parametrize("type", ["CEVarchar", "CEText", "CEDate", "CETimestamp", "CEMetric", "CEEnum", "CEInteger"])
def test_nothing_to_say_clears_a_field_without_dimensions(type: str) -> None:
    assert write(field(type), None, QUIRKS, ZONE) == [{"value": None}]


@pytest.mark.parametrize("value", [0, False])
def test_zero_and_false_say_something(value: Any) -> None:
    assert write(field("CEInteger"), value, QUIRKS, ZONE) == [{"value": value}]


def test_a_list_in_a_text_field_is_joined() -> None:
    assert back(field("CEText"), ["Germany", "Austria"]) == "Germany, Austria"


def test_a_text_map_in_a_field_without_locales_is_the_default_language() -> None:
    assert back(field("CEText"), {"de": "Lärche", "en": "larch"}) == "larch"


# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("2027-03-31T22:00:00Z", "2027-03-31"),  # midnight in Berlin: the 31st is the last day inside
        ("2027-03-31T22:00:01Z", "2027-04-01"),
        ("2027-12-31T23:00:00+00:00", "2027-12-31"),
        ("2028-01-01", "2028-01-01"),
    ],
)
def test_the_end_of_a_period_becomes_its_last_day_in_the_tenants_zone(until: str, last: str) -> None:
    assert back(field("CEDate"), until, ends=True) == last


def test_an_instant_that_ends_nothing_is_its_own_day() -> None:
    assert back(field("CEDate"), "2027-03-31T22:00:00Z") == "2027-04-01"


@pytest.mark.parametrize(
    ("type", "value"), [("CEDate", "next year"), ("CEDate", "2026-02-30"), ("CETimestamp", "noon")]
)
def test_a_date_that_is_none_is_not_written(type: str, value: str) -> None:
    with pytest.raises(Unwritable, match="is no date"):
        write(field(type), value, QUIRKS, ZONE)


@pytest.mark.parametrize(
    "text",
    ["2026-03-04T10:11:12.000Z", "2026/03/04 10:11:12", "04.03.2026 10:11:12", "2026-03-04 10:11:12", "2026-03-04T11:11:12+01:00"],
)  # fmt: skip
def test_every_form_of_time_stamp_seen_is_read(text: str) -> None:
    assert instant(text) == datetime(2026, 3, 4, 10, 11, 12, tzinfo=UTC)


def test_a_time_stamp_without_a_zone_is_meant_in_the_zone_that_was_set() -> None:
    assert instant("2026/07/04 10:11:12", "Europe/Berlin") == datetime(2026, 7, 4, 8, 11, 12, tzinfo=UTC)
    assert instant("2026-07-04T10:11:12Z", "Europe/Berlin") == datetime(2026, 7, 4, 10, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "", None, 20260304, "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time_stamp_is_none(text: Any) -> None:
    assert instant(text) is None


# ── reading what others wrote ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("wire", [[{"value": "x"}], {"value": "x"}, "x", [{"value": "x", "dimensions": []}]])
def test_a_value_is_read_in_each_of_its_forms(wire: Any) -> None:
    assert read(field("CEVarchar"), wire, QUIRKS) == "x"


@pytest.mark.parametrize(
    "wire", [[{"value": ["a", "b"]}], {"value": ["a", "b"]}, ["a", "b"], [{"value": "a"}, {"value": "b"}]]
)
def test_a_list_is_read_in_each_of_its_forms(wire: Any) -> None:
    assert read(field("CEVarcharList"), wire, QUIRKS) == ["a", "b"]


@pytest.mark.parametrize(
    "wire", [None, [], {}, [{}], [{"value": None}], {"value": None}, [{"dimensions": {"locale": "de_DE"}}]]
)
@pytest.mark.parametrize("of", [TITLE, field("CEVarchar"), field("CEVarcharList"), field("CEDate"), field("CEBoolean")])
def test_no_value_in_any_form_is_none(wire: Any, of: dict[str, Any]) -> None:
    assert entries(wire) == []
    assert not read(of, wire, QUIRKS)


def test_a_bare_metric_value_is_not_taken_for_an_entry() -> None:
    kilos = {"value": 2.5, "unit": "kg", "normalized": 2500}
    for wire in (kilos, {"value": kilos}, [{"value": kilos}]):
        assert read(field("CEMetric"), wire, QUIRKS) == {"value": 2.5, "unit": "kg"}


def test_a_plain_number_is_written_in_the_fields_own_unit() -> None:
    assert back(field("CEMetric", metric={"defaultUnit": "kg"}), 2.5) == {"value": 2.5, "unit": "kg"}


def test_a_text_for_all_channels_goes_before_that_of_one() -> None:
    wire = [
        {"value": "shop", "dimensions": {"channel": "webshop", "locale": "de_DE"}},
        {"value": "all", "dimensions": {"locale": "de_DE"}},
        {"value": "till", "dimensions": {"channel": "erp", "locale": "en_US"}},
        {"value": "mart", "dimensions": {"channel": "marketplace", "locale": "en_US"}},
        {"value": "any", "dimensions": {}},
    ]
    expected = {"de": "all", "en": "till", "und": "any"}
    assert read(TITLE, wire, QUIRKS) == read(TITLE, wire[::-1], QUIRKS) == expected


def test_of_other_localized_values_the_default_locale_stands_for_all() -> None:
    labels = field("CEVarcharList", dimensions=["locale"])
    german = {"value": ["neu"], "dimensions": {"locale": "de_DE"}}
    assert read(labels, [german, {"value": ["new"], "dimensions": {"locale": "en_US"}}], QUIRKS) == ["new"]
    assert read(labels, [german, {"value": ["all"]}], QUIRKS) == ["all"]
    assert read(labels, [german], QUIRKS) == ["neu"]


def test_a_single_link_is_read_as_a_list_of_one() -> None:
    assert read(field("CEIdList"), [{"value": "f-1"}], QUIRKS) == ["f-1"]


@pytest.mark.parametrize(("told", "flag"), [("true", True), ("False", False), ("1", True), ("0", False), (True, True)])
def test_a_flag_may_come_as_text(told: Any, flag: bool) -> None:
    assert read(field("CEBoolean"), [{"value": told}], QUIRKS) is flag


@pytest.mark.parametrize("told", ["twelve", "1_000", "1e999", "", "inf"])
def test_a_text_that_is_no_number_stays_a_text(told: str) -> None:
    assert read(field("CEInteger"), [{"value": told}], QUIRKS) == told
