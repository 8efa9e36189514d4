"""Dealing products and fates: repeatable, within the stated shares, and never against what a file states."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockgate.kit.seed import FATES, Content, SeedAsset, SeedProduct, Shares, assign, describe, expected
from lockgate.model import codes
from lockgate.model.item import Text

NOW = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)


def asset(number: int, **stated: Any) -> SeedAsset:
    name = f"file-{number}.jpg"
    fixed = {"path": Path("/x") / name, "filename": name, "media_type": "image/jpeg", "size": 1, "sha256": "0"}
    return SeedAsset(**{**fixed, "category": "image", **stated})


def product(number: int, **stated: Any) -> SeedProduct:
    return SeedProduct(**{"sku": f"P{number}", "gtin": f"952{number:09d}", "family": f"F{number % 3}", **stated})


def content(assets: int, products: int = 10, **stated: Any) -> Content:
    made = [product(number) for number in range(products)]
    for one in made:
        assert one.gtin is not None
        one.gtin += next(digit for digit in "0123456789" if codes.gtin(one.gtin + digit))
    return Content(assets=[asset(number, **stated) for number in range(assets)], products=made)


def fates(made: Content) -> Counter[str]:
    return Counter(one.fate for one in made.assets)


@pytest.mark.parametrize("number", [20, 21, 60, 400])
def test_with_twenty_assets_or_more_every_fate_occurs(number: int) -> None:
    assert set(fates(assign(content(number), seed=3, now=NOW))) == set(FATES)


@pytest.mark.parametrize(("number", "kinds"), [(1, 1), (2, 2), (5, 5), (8, 8)])
def test_with_few_assets_as_many_fates_as_possible_occur_and_one_is_delivered(number: int, kinds: int) -> None:
    dealt = fates(assign(content(number), seed=3, now=NOW))
    assert len(dealt) == kinds
    assert dealt["deliver"] == 1


def test_shares_are_kept() -> None:
    dealt = fates(assign(content(1000), seed=1, now=NOW))
    assert dealt == {
        "deliver": 650, "draft": 60, "in_review": 40, "expired": 50, "not_yet": 40, "region_restricted": 50,
        "no_rights": 60, "unknown_product": 50,
    }  # fmt: skip


def test_a_fifth_of_the_delivered_name_their_product_by_gtin_and_a_fifth_by_family() -> None:
    made = assign(content(1000), seed=1, now=NOW)
    delivered = [one for one in made.assets if one.fate == "deliver"]
    assert sum(one.gtin is not None for one in delivered) == 130
    assert sum(one.family is not None for one in delivered) == 130


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    number=st.integers(0, 80),
    products=st.integers(0, 12),
    until=st.none() | st.dates(date(2020, 1, 1), date(2032, 1, 1)),
    terms=st.none() | st.text(min_size=1),
    places=st.none() | st.lists(st.sampled_from(["DE", "AT", "CH", "US", "WORLD"]), max_size=3),
)
def test_nothing_is_dealt_against_what_files_state(
    seed: int, number: int, products: int, until: date | None, terms: str | None, places: list[str] | None
) -> None:
    stated = any(what is not None for what in (until, terms, places))
    found = content(
        number,
        products,
        rights_until=until,
        usage_terms=terms,
        territories=places,
        rights_stated=stated,
        title={"de": "T"},
    )
    made = assign(found, seed=seed, now=NOW)
    skus, gtins, families = ({getattr(one, way) for one in made.products} - {None} for way in ("sku", "gtin", "family"))
    for one in made.assets:
        assert (one.rights_until, one.usage_terms, one.territories, one.title) == (until, terms, places, {"de": "T"})
        assert [one.sku, one.gtin, one.family].count(None) == 2
        if one.fate == "unknown_product":
            assert one.sku not in skus
        else:
            assert one.sku in {*skus, None}
            assert one.gtin in {*gtins, None}
            assert one.family in {*families, None}
        assert (one.fate == "no_rights") <= (not stated)
        assert (one.fate == "no_rights") == (one.cleared is None)
        if places is not None:
            assert one.regions == places
        if until is not None:
            assert (one.fate == "expired") == (until < NOW.date())
        assert (one.available_until is not None and one.available_until <= NOW) == (one.fate == "expired")
        assert (one.available_from is not None and one.available_from > NOW) == (one.fate == "not_yet")
    account = expected(made)
    assert account.read == number == account.written + sum(account.blocked.values()) + sum(account.parked.values())


def test_the_same_seed_deals_the_same_and_another_one_differently() -> None:
    one, same, other = (assign(content(60), seed=seed, now=NOW) for seed in (5, 5, 6))
    assert one == same
    assert [asset.fate for asset in one.assets] != [asset.fate for asset in other.assets]


def test_the_content_handed_in_stays_as_it_was() -> None:
    found = content(30)
    before = content(30)
    assign(found, seed=1, now=NOW)
    assert found == before


def test_a_licence_that_ended_in_the_file_is_expired_at_its_own_instant() -> None:
    found = content(1, rights_until=date(2024, 12, 31), rights_stated=True)
    [one] = assign(found, seed=1, now=NOW).assets
    assert (one.fate, one.fate_stated) == ("expired", True)
    assert one.available_until == datetime(2025, 1, 1, tzinfo=UTC)


def test_the_last_day_of_a_licence_is_still_within_it() -> None:
    found = content(1, rights_until=NOW.date(), rights_stated=True)
    assert assign(found, seed=1, now=NOW).assets[0].fate == "deliver"
    assert assign(found, seed=1, now=NOW + timedelta(days=1)).assets[0].fate == "expired"


def test_a_licence_that_begins_later_waits_for_its_own_instant() -> None:
    begins = datetime(2031, 1, 1, tzinfo=UTC)
    [one] = assign(content(1, rights_from=begins, rights_stated=True), seed=1, now=NOW).assets
    assert (one.fate, one.available_from) == ("not_yet", begins)


def test_places_stated_in_the_file_decide_about_the_markets() -> None:
    [one] = assign(content(1, territories=["FR"], rights_stated=True), seed=1, now=NOW).assets
    assert (one.fate, one.regions) == ("region_restricted", ["FR"])


def test_ten_thousand_assets_are_made_from_three_files() -> None:
    made = assign(content(3, title={"de": "Becher", "en": "Mug"}), seed=1, now=NOW, assets=10_000)
    assert len({one.filename for one in made.assets}) == 10_000
    assert len({one.title["de"] for one in made.assets}) == 10_000
    assert made.assets[16].filename == "file-1-00017.jpg"
    assert made.assets[16].title == {"de": "Becher 00017", "en": "Mug 00017"}


def test_no_file_makes_no_asset() -> None:
    with pytest.raises(ValueError, match="no file to make 5 assets from"):
        assign(content(0), seed=1, now=NOW, assets=5)


def test_a_file_without_a_title_is_called_by_its_name() -> None:
    [one] = assign(content(1), seed=1, now=NOW).assets
    assert one.title == {"und": "file 0"}


def test_a_file_belongs_to_the_product_its_name_begins_with() -> None:
    found = content(0)
    found.assets = [asset(0, filename="P7-front.jpg"), asset(1, filename="P3.jpg")]
    made = assign(found, seed=1, now=NOW, shares=Shares(**dict.fromkeys(FATES[1:], 0), by_gtin=0, by_family=0))
    assert [one.sku for one in made.assets] == ["P7", "P3"]


def test_a_file_belongs_to_the_product_it_says_it_shows() -> None:
    found = content(1)
    found.assets[0].shows = [found.products[4].gtin or ""]
    made = assign(found, seed=1, now=NOW, shares=Shares(by_gtin=1, by_family=0))
    assert made.assets[0].gtin == found.products[4].gtin


def test_a_gtin_that_two_products_share_names_neither() -> None:
    found = content(50, products=2)
    for one in found.products:
        one.gtin = "9780131103627"
    made = assign(found, seed=1, now=NOW)
    assert not any(one.gtin for one in made.assets)
    assert "no product has a gtin of its own: assets name theirs in other ways" in made.notes


def test_products_and_families_are_made_up_where_there_are_none_and_it_is_said() -> None:
    made = assign(Content(assets=[asset(number) for number in range(30)], products=[]), seed=1, now=NOW)
    assert len(made.products) == 31
    assert {one.family for one in made.products[:30]} == {"FAM-image"}
    assert made.products[30].sku == "FAM-image"
    assert all(codes.gtin(one.gtin) for one in made.products[:30] if one.gtin)
    assert [note.split(":")[0] for note in made.notes] == ["no product table was found", "no product has a family"]


def test_families_come_from_categories() -> None:
    found = content(30)
    for number, one in enumerate(found.products):
        one.family, one.category = None, ("Küche > Becher", "Wohnen")[number % 2]
    made = assign(found, seed=1, now=NOW)
    names: dict[str, Text] = {one.sku: one.name for one in made.products[10:]}
    assert names == {"FAM-kuche-becher": {"und": "Becher"}, "FAM-wohnen": {"und": "Wohnen"}}


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        assign(content(1), seed=1, now=datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    "shares", [{"draft": 0.9, "expired": 0.3}, {"draft": -0.1}, {"by_gtin": 0.7, "by_family": 0.4}]
)
def test_shares_that_do_not_add_up_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="share"):
        Shares(**shares)


def test_the_description_accounts_for_every_fate_and_every_broken_file() -> None:
    found = content(40)
    found.assets[0].problem = "is empty (0 bytes)"
    made = assign(found, seed=1, now=NOW, assets=200)
    lines = describe(made)
    assert lines[0].startswith("200 assets and 10 products")
    assert "  deliver                130  written" in lines
    assert "  draft                   12  blocked, approved.no" in lines
    assert "  unknown_product         10  parked, product.missing" in lines
    assert [line for line in lines if "is empty" in line] == ["  /x/file-0.jpg is empty (0 bytes)"]
