"""A record as the item that recipes and gates see: what is not said opens nothing."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lockgate.kit import onix
from lockgate.kit.onix import records
from lockgate.kit.onix.rules import Context, broken
from lockgate.model.item import Item
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Use, decide

from .samples import BOOK, any_product, rights, supply, title

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def item(**changes: Any) -> Item:
    return onix.to_item(replace(BOOK, **changes), system="feed", zone="Europe/Berlin")


def world(type: str, *out: str, regions_out: tuple[str, ...] = (), **more: Any) -> records.SalesRights:
    territory = records.Territory(regions=("WORLD",), countries_excluded=out, regions_excluded=regions_out)
    return records.SalesRights(type=type, territory=territory, **more)


def region(type: str, *codes: str) -> records.SalesRights:
    return records.SalesRights(type=type, territory=records.Territory(regions=codes))


def sold(place: str, *stated: records.SalesRights, at: datetime = NOW, **changes: Any) -> bool:
    changes.setdefault("rest_of_world", None)
    found = item(sales_rights=stated, **changes)
    return decide(found.rights, Use(action="sell", territory=place, channel="shop"), at).allows


def test_numbers_titles_and_words_are_found() -> None:
    found = item()
    assert found.identifiers == {"sku": ("4711",), "gtin": ("09783161484100",), "isbn": ("9783161484100",)}
    assert found.title == {"en": "Lark & Field"}
    assert found.texts["description"] == {"und": "<p>Rain &amp; sun.</p>"}
    assert found.texts["copyright"] == {"und": "© 2026 Ada Lark"}
    assert found.keywords == {"thema": ("FFP",), "subject": ("larks", "fields", "mornings")}
    assert (found.languages, found.status, found.status_label) == (("en",), Status.APPROVED, "Active")
    assert found.fields["contributors"] == ["Ada Lark"]
    assert found.fields["prices"] == [{"amount": "19.99", "currency": "EUR", "type": "02"}]
    assert (found.fields["form_label"], found.fields["publication_date"]) == ("Paperback / softback", "2026-01-15")
    assert [(one.type, one.id) for one in found.relations] == [("alternative_format", "9780007232833")]
    assert [(one.name, one.filename) for one in found.renditions] == [("front_cover", "4711.jpg")]


@settings(max_examples=60)
@given(seed=st.integers(0, 10**9))
def test_any_record_makes_an_item_and_can_be_judged(seed: int) -> None:
    product = any_product(seed)
    found = onix.to_item(product, system="feed", zone="Europe/Berlin")
    assert found.id == product.reference
    assert msgspec.json.encode(found)
    assert all(one.code for one in broken(product, Context(sent=NOW.date())))


def test_texts_and_files_for_the_trade_or_for_a_time_go_no_further() -> None:
    restricted = replace(BOOK.resources[0], audiences=("02",))
    dated = replace(BOOK.texts[0], dates=(records.Dated(role="14", value="20270101"),))
    found = item(resources=(restricted,), texts=(dated, BOOK.texts[1]))
    assert found.renditions == ()
    assert set(found.texts) == {"copyright"}


def test_a_title_in_two_languages_is_both() -> None:
    assert item(titles=(title("Lark", language="eng"), title("Lerche", language="ger"))).title == {
        "en": "Lark",
        "de": "Lerche",
    }


def test_the_revision_differs_when_anything_does() -> None:
    assert item().revision == item().revision
    assert item().revision != item(edition_number="3").revision


@pytest.mark.parametrize(
    ("notification", "status", "expected"),
    [
        ("03", "04", Status.APPROVED),
        ("01", "02", Status.DRAFT),
        ("03", "07", Status.ARCHIVED),
        ("03", "15", Status.REJECTED),
        ("05", "04", Status.ARCHIVED),
        ("03", "09", Status.UNKNOWN),
        ("03", None, Status.UNKNOWN),
        ("03", "99", Status.UNKNOWN),
    ],
)
def test_status_is_that_of_the_publisher(notification: str, status: str | None, expected: Status) -> None:
    assert item(notification=notification, status=status).status is expected


def test_a_partial_update_says_that_it_is_none_of_a_whole() -> None:
    assert item().missing == ()
    assert "partial update" in item(notification="04").missing[0]


def test_before_its_announcement_an_item_may_not_be_used() -> None:
    window = item(dates=(records.Dated(role="09", value="20260301"),)).window
    assert window.from_ == datetime(2026, 2, 28, 23, tzinfo=UTC)


RIGHTS: dict[str, tuple[bool, str, tuple[records.SalesRights, ...], dict[str, Any]]] = {
    "a country that is named": (True, "AT", (rights("01", "DE", "AT"),), {}),
    "one that is not": (False, "CH", (rights("01", "DE", "AT"),), {}),
    "all of a group": (True, "DACH", (rights("01", "DE"), rights("02", "AT", "CH")), {}),
    "a part of a country": (True, "GB-SCT", (rights("01", "GB"),), {}),
    "a part that is not for sale": (False, "GB-SCT", (world("01", regions_out=("GB-SCT",)),), {}),
    "a country of which a part is not for sale": (False, "GB", (world("01", regions_out=("GB-SCT",)),), {}),
    "the world": (True, "JP", (world("01"),), {}),
    "the world as such": (True, "WORLD", (world("01"),), {}),
    "the world without a country": (True, "JP", (world("02", "US"),), {}),
    "the country that is left out": (False, "US", (world("02", "US"),), {}),
    "the country left out, and sold by other rights": (True, "US", (world("01", "US"), rights("02", "US")), {}),
    "for sale and not for sale": (False, "AT", (rights("01", "AT"), rights("03", "AT")), {}),
    "unknown rights": (False, "DE", (rights("00", "DE"),), {}),
    "the rest of the world": (True, "JP", (rights("03", "US"),), {"rest_of_world": "02"}),
    "what is no rest": (False, "US", (rights("03", "US"),), {"rest_of_world": "02"}),
    "the rest unknown": (False, "JP", (rights("01", "DE"),), {"rest_of_world": "00"}),
    "the rest, in the old way": (True, "JP", (rights("03", "US"), region("02", "ROW")), {}),
    "a region nobody can place": (False, "AU", (region("01", "AU-XX"),), {}),
    "not for sale in one nobody can place": (False, "AU", (world("01"), region("03", "AU-XX")), {}),
    "elsewhere than in that one": (True, "JP", (world("01"), region("03", "AU-XX")), {}),
    "through some shops only": (False, "DE", (rights("07", "DE", restrictions=(records.Restriction(type="04"),)),), {}),
    "without restriction, as is said": (
        True,
        "DE",
        (rights("07", "DE", restrictions=(records.Restriction(type="99"),)),),
        {},
    ),
    "once the restriction is over": (
        True,
        "DE",
        (rights("07", "DE", restrictions=(records.Restriction(type="04", end="20260131"),)),),
        {},
    ),
    "under embargo": (False, "DE", (rights("01", "DE"),), {"dates": (records.Dated(role="02", value="20260601"),)}),
    "after the embargo": (True, "DE", (rights("01", "DE"),), {"dates": (records.Dated(role="02", value="20260401"),)}),
    "under an embargo nobody can read": (
        False,
        "DE",
        (rights("01", "DE"),),
        {"dates": (records.Dated(role="02", value="spring", format="12"),)},
    ),
    "under embargo in its market": (
        False,
        "DE",
        (rights("01", "DE", "CH"),),
        {"supplies": (supply(dates=(records.Dated(role="02", value="20260601"),)),)},
    ),
    "under embargo in another market": (
        True,
        "CH",
        (rights("01", "DE", "CH"),),
        {"supplies": (supply(dates=(records.Dated(role="02", value="20260601"),)),)},
    ),
}


@pytest.mark.parametrize("what", RIGHTS)
def test_a_product_is_sold_where_it_may_be(what: str) -> None:
    allowed, place, stated, changes = RIGHTS[what]
    assert sold(place, *stated, **changes) is allowed


def test_no_sales_rights_are_none() -> None:
    assert item(sales_rights=(), rest_of_world=None).rights is None


def test_sales_rights_permit_no_other_use() -> None:
    verdict = decide(item().rights, Use(action="distribute", territory="DE"), NOW)
    assert not verdict.allows
    assert "permitted is sell" in verdict.reason


def test_a_verdict_knows_when_an_embargo_ends() -> None:
    found = item(dates=(records.Dated(role="02", value="20260601"),))
    verdict = decide(found.rights, Use(action="sell", territory="DE"), NOW)
    assert (verdict.allows, verdict.due) == (False, datetime(2026, 5, 31, 22, tzinfo=UTC))
