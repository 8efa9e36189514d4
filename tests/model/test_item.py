"""Reading an item: its texts by language, its values by canonical path."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.model import paths
from lockgate.model.item import Item, Rendition, pick
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Duty, Period, Rights, Rule

FIRST, SECOND = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
BARE = Item(system="dam", kind="asset", id="1", revision="a")
FULL = Item(
    system="dam",
    kind="asset",
    id="7",
    revision="b",
    identifiers={"sku": ("4711", "4712")},
    title={"en": "Chair"},
    texts={"description": {"de": "Ein Stuhl"}, "credit": {"und": "A. Person"}},
    status=Status.APPROVED,
    keywords={"subject": ("wood", "chair"), "campaign": ("spring", "wood")},
    languages=("de", "en"),
    rights=Rights(permissions=(Rule(period=Period(until=SECOND)),), statement="editorial use"),
    window=Period(until=FIRST),
    renditions=(Rendition(name="original", filename="a.tif", address="x", media_type="image/tiff"),),
    fields={"season": "", "rating": 0, "cleared": False},
    url="https://dam.example/7",
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("title", {"en": "Chair"}),
        ("ids.sku", ["4711", "4712"]),
        ("texts.description", {"de": "Ein Stuhl"}),
        ("keywords", ["chair", "spring", "wood"]),
        ("keywords.campaign", ["spring", "wood"]),
        ("language", ["de", "en"]),
        ("locale", ["de", "en"]),
        ("status", "approved"),
        ("rights.summary", "distribute until 2028-01-01 00:00:00 UTC; editorial use"),
        ("rights.statement", "editorial use"),
        ("rights.until", "2027-01-01T00:00:00Z"),
        ("rights.credit", "A. Person"),
        ("format", "image/tiff"),
        ("fields.season", ""),
        ("fields.rating", 0),
        ("fields.cleared", False),
        ("fields.price", None),
    ],
)
def test_a_canonical_path_reads_what_the_item_holds(path: str, expected: object) -> None:
    found = paths.value(FULL, path)
    assert found == expected
    assert type(found) is type(expected)


def test_the_credit_that_is_owed_comes_before_the_one_that_is_stated() -> None:
    owing = Rights(duties=(Duty(action="attribute", text="Photo: B. Person"),))
    item = Item(system="dam", kind="asset", id="1", revision="a", texts=FULL.texts, rights=owing)
    assert paths.value(item, "rights.credit") == "Photo: B. Person"


@pytest.mark.parametrize("path", [*paths.SIMPLE, "ids.sku", "texts.alt", "keywords.x", "fields.y"])
def test_every_path_can_be_read_from_an_item_that_states_nothing(path: str) -> None:
    assert paths.known(path)
    assert paths.value(BARE, path) in (None, "", [], {}, "1", "asset", "unknown")


@pytest.mark.parametrize("path", ["", "titel", "ids", "ids.", "rights", "rights.", "texts", "fields.", "item.title"])
def test_a_path_that_is_not_known_cannot_be_read(path: str) -> None:
    assert not paths.known(path)
    with pytest.raises(KeyError):
        paths.value(FULL, path)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (0, True),
        (False, True),
        (0.0, True),
        ("no", True),
        ({"en": "", "de": "Stuhl"}, True),
        (None, False),
        ("", False),
        (" \n", False),
        ([], False),
        ([""], False),
        ({}, False),
        ({"en": " "}, False),
    ],
)
def test_zero_and_false_say_something_and_blanks_do_not(value: object, says: bool) -> None:
    assert paths.stated(value) is says


@pytest.mark.parametrize(
    ("text", "language", "chosen"),
    [
        ({"en": "a", "de": "b"}, "de", "b"),
        ({"de-AT": "a", "en": "b"}, "de", "a"),
        ({"de": "a", "de-CH": "b"}, "de-AT", "a"),
        ({"fr": "a", "und": "b"}, "de", "b"),
        ({"fr": "a", "es": "b"}, "de", "b"),
        ({"en": ""}, "en", ""),
        ({}, "en", None),
    ],
)
def test_the_nearest_language_is_picked(text: dict[str, str], language: str, chosen: str | None) -> None:
    assert pick(text, language) == chosen


@given(
    text=st.dictionaries(st.sampled_from(["de", "de-AT", "en", "en-GB", "fr", "und"]), st.text(max_size=3)),
    language=st.sampled_from(["de", "de-CH", "en", "nl"]),
)
def test_where_any_text_is_there_one_of_them_is_picked(text: dict[str, str], language: str) -> None:
    there: set[str | None] = {*text.values()} or {None}
    assert pick(text, language) in there


def test_an_item_has_a_rendition_by_its_name_only() -> None:
    original = FULL.rendition("original")
    assert original is not None
    assert original.filename == "a.tif"
    assert FULL.rendition("Original") is None
