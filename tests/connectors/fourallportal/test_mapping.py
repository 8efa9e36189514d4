"""Objects of the portal as items and as what we hold there: this payload, that item."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.connectors.fourallportal.items import to_item
from lockgate.connectors.fourallportal.mapping import Records, field_info, ref_of, revision, spellings
from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.connectors.fourallportal.values import Unwritable
from lockgate.kit.errors import ContractBroken
from lockgate.kit.profile import Match, Profile
from lockgate.model import codes
from lockgate.model.item import Item
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Use, decide

Build = Callable[..., Records]
MATCHED = tuple(Match(canonical=name, field=name) for name in ("title", "copyright", "license_until", "keywords"))


@pytest.fixture
def item(payload: Callable[[str], Any], records: Build) -> Callable[..., Item]:
    """The item of a shipped payload, with parts of the payload replaced and the profile or quirks changed where asked."""

    def build(name: str, /, *, kind: str = "asset", how: dict[str, Any] | None = None, **changed: Any) -> Item:
        told = payload(name) | changed
        return to_item(told, records(kind, **(how or {})), system="portal", module=told["module"])

    return build


# ── files as items ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_an_asset_with_texts_words_and_its_original(item: Callable[..., Item]) -> None:
    found = item("file__approved")
    assert (found.kind, found.id, found.status, found.languages) == (
        "asset", "6d1c7c5e-7c0b-4c39-8f0e-0d8b3f9a2a01", Status.APPROVED, ("de", "en")
    )  # fmt: skip
    assert found.title == {"de": "Kaffeemaschine von vorn", "en": "Coffee maker, front"}
    assert found.texts["credit"] == {"und": "A. Lark / Larkfield"}
    assert found.keywords == {"subject": ("coffee", "kitchen"), "campaign": ("spring",)}
    assert found.modified == datetime(2026, 3, 4, 10, 11, 12, tzinfo=UTC)
    original = found.rendition("original")
    assert original is not None
    assert (original.filename, original.length, original.media_type) == ("front.tif", 123456, "image/tiff")
    assert original.version == "2026-03-04T10:00:00.000Z"


def test_a_licence_ends_with_its_last_day_in_the_tenants_zone(item: Callable[..., Item]) -> None:
    assert item("file__approved").window.until == datetime(2027, 3, 31, 22, tzinfo=UTC)


def test_a_licence_date_that_cannot_be_read_is_missing_and_not_unlimited(item: Callable[..., Item]) -> None:
    assert item("file__license_unreadable").missing == ("license_until",)


def test_words_about_rights_are_carried_along_and_permit_nothing(item: Callable[..., Item]) -> None:
    rights = item("file__approved").rights
    assert rights is not None
    assert rights.statement == "distribute in DE, AT, CH until 2027-03-31; not in the United States"
    verdict = decide(rights, Use(territory="DE", channel="pim"), datetime(2026, 4, 1, tzinfo=UTC))
    assert (verdict.allows, verdict.code) == (False, "rights.unknown")


def test_a_hidden_copy_is_archived(item: Callable[..., Item]) -> None:
    assert item("file__hidden").status is Status.ARCHIVED


def test_old_forms_read_as_the_new_ones(item: Callable[..., Item]) -> None:
    found = item("file__legacy_forms")
    assert found.title == {"und": "Front"}
    assert found.keywords["subject"] == ("coffee", "kitchen")
    assert found.modified == datetime(2015, 3, 26, 13, 59, 33, tzinfo=UTC)
    assert found.window.until == datetime(2027, 3, 31, 22, tzinfo=UTC)
    original = found.rendition("original")
    assert original is not None
    assert (original.length, original.version) == (123456, "2015/03/26 13:59:33")


def test_an_object_without_values_is_an_item_that_opens_nothing(item: Callable[..., Item]) -> None:
    found = item("file__hardly_anything")
    assert (found.id, found.title, found.status, found.rights) == ("125", {"und": "125"}, Status.UNKNOWN, None)
    assert found.fields == {}
    assert [one.length for one in found.renditions] == [None]


def test_renditions_named_in_the_settings_are_offered_beside_the_original(item: Callable[..., Item]) -> None:
    found = item("file__approved", how={"quirks": Quirks(renditions=("web", "print"))})
    assert [(one.name, one.address) for one in found.renditions] == [
        ("original", "Original"), ("web", "web"), ("print", "print")
    ]  # fmt: skip


def test_an_item_leads_to_its_page_where_the_tenant_has_said_how(item: Callable[..., Item]) -> None:
    page = Quirks(object_page="https://acme.example/#/{module}/{id}")
    found = item("file__approved", how={"quirks": page}, id="a/b")
    assert found.url == "https://acme.example/#/file/a%2Fb"
    assert item("file__approved").url is None


# ── products as items ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_product_is_named_by_number_gtin_and_family(item: Callable[..., Item]) -> None:
    found = item("product__coffee_maker", kind="product")
    assert found.identifiers == {
        "sku": ("AB-100",),
        "gtin": ("04006381333931",),
        "family": ("coffee-makers", "AB-100"),  # a family may be an object of its own
    }
    assert found.renditions == ()


def test_of_a_products_names_the_first_channel_speaks(item: Callable[..., Item]) -> None:
    assert item("product__coffee_maker", kind="product").title == {
        "de": "Kaffeemaschine", "en": "Coffee maker", "fr-FR": "Cafetière"
    }  # fmt: skip


def test_other_fields_of_the_profile_come_along(item: Callable[..., Item]) -> None:
    found = item("product__coffee_maker", kind="product").fields
    assert found["weight"] == {"value": 2.5, "unit": "kg"}
    assert (found["launch"], found["tags"]) == ("2026-04-01", ["kitchen", "new"])


def test_a_tenants_own_word_for_a_status_means_what_the_profile_says(item: Callable[..., Item]) -> None:
    found = item("product__coffee_maker", kind="product")
    assert (found.status, found.status_label) == (Status.APPROVED, "FREI")
    strange = item("product__coffee_maker", kind="product", status=[{"value": "ZUR ANSICHT"}])
    assert (strange.status, strange.status_label) == (Status.UNKNOWN, "ZUR ANSICHT")


# ── revisions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_another_text_and_another_file_are_other_revisions(payload: Callable[[str], Any]) -> None:
    told = payload("file__approved")
    later = [{"value": "2026-03-04T12:00:00.000Z"}]
    states = [told, told | {"mod_time": "2026-03-04T12:00:00.000Z"}, told | {"mod_time_img": later}]
    assert len({revision(one) for one in states}) == 3
    assert ref_of(told).revision == revision(told)


def test_a_file_without_a_time_of_its_own_has_that_of_its_object(payload: Callable[[str], Any]) -> None:
    told = payload("file__hardly_anything")
    assert revision(told) != revision(told | {"mod_time": "2026-03-04T10:11:13.000Z"})


def test_an_object_that_cannot_tell_of_changes_is_noticed(payload: Callable[[str], Any]) -> None:
    told = payload("file__approved")
    del told["mod_time"]
    with pytest.raises(ContractBroken, match="without `mod_time`"):
        ref_of(told)


# ── what we hold ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_held_tells_key_fields_length_and_whether_it_is_hidden(
    payload: Callable[[str], Any], records: Build
) -> None:
    held = records().held(payload("file__approved"), ["p-1"])
    assert (held.key, held.ref, held.length, held.hidden, held.links) == (
        "dam:4711", "6d1c7c5e-7c0b-4c39-8f0e-0d8b3f9a2a01", 123456, False, ("p-1",)
    )  # fmt: skip
    assert held.fields["license_until"] == "2027-03-31"
    assert records().held(payload("file__hidden"), []).hidden


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.dictionaries(st.sampled_from(["de", "en", "fr", "und", "de-AT"]), st.text(max_size=20), max_size=3),
        "copyright": st.text(max_size=60) | st.lists(st.text(max_size=9), max_size=3) | st.none(),
        "license_until": st.dates().map(str) | st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1900 < at.year < 9000).map(str),
        "keywords": st.lists(st.text(max_size=9), max_size=4) | st.none(),
    },
)  # fmt: skip


@given(values=VALUES)
def test_as_held_foretells_what_is_read_back(values: dict[str, Any]) -> None:
    fields: list[dict[str, Any]] = [
        {"name": "title", "type": "CEVarchar", "length": 12, "dimensions": ["locale"]},
        {"name": "copyright", "type": "CEVarchar", "length": 40},
        {"name": "license_until", "type": "CEDate"},
        {"name": "keywords", "type": "CEVarcharList"},
    ]
    by = Profile(matches={"asset": MATCHED}, zone="Europe/Berlin")
    records = Records("asset", {one["name"]: one for one in fields}, by, Quirks())
    stored = {
        name: [entry for entry in entries if entry["value"] not in (None, [])]
        for name, entries in records.encoded(values).items()
    }
    held = records.held({"id": "f-1", "mod_time": "2026-03-04T10:11:12.000Z", **stored}, [])
    for name, value in records.as_held(values).items():
        assert held.fields[name] == value


def test_what_the_profile_has_no_field_for_is_not_written(records: Build) -> None:
    by = Profile(matches={"asset": (Match(canonical="credit", field="credit"), Match(canonical="mood", field="gone"))})
    wire = records(by=by).encoded({"credit": "A. Lark", "mood": "calm", "format": "image/png"})
    assert wire == {"credit": [{"value": "A. Lark"}]}


def test_choices_are_written_by_the_tenants_key_and_held_in_our_words(records: Build) -> None:
    product = records("product")
    assert product.encoded({"status": "approved"}) == {"status": [{"value": "FREI"}]}
    assert product.as_held({"status": "approved"}) == {"status": "approved"}
    assert product.encoded({"status": "in_review"}) == {
        "status": [{"value": "in_review"}]
    }  # the profile knows no such key


def test_each_choice_of_a_list_is_translated(records: Build) -> None:
    values = {"DE": "de", "EN": "en"}
    by = Profile(matches={"asset": (Match(canonical="language", field="language", values=values),)})
    asset = records(by=by)
    assert asset.encoded({"language": ["de", "fr"]}) == {"language": [{"value": ["DE", "fr"]}]}
    assert asset.value({"language": [{"value": ["EN", "IT"]}]}, "language") == ["en", "IT"]


def test_two_keys_of_one_meaning_are_the_same_to_us(records: Build) -> None:
    values = {"FREI": "approved", "FREI-INTERN": "approved"}
    by = Profile(matches={"asset": (Match(canonical="status", field="status", values=values),)})
    asset = records(by=by)
    assert (
        asset.value({"status": [{"value": "FREI-INTERN"}]}, "status") == asset.as_held({"status": "approved"})["status"]
    )


def test_a_value_its_field_cannot_take_names_the_field(records: Build) -> None:
    with pytest.raises(Unwritable, match="license_until cannot be written to field license_until: 'soon' is no date"):
        records().encoded({"license_until": "soon"})
    assert records().as_held({"license_until": "soon"}) == {"license_until": None}


# ── schema and spellings ─────────────────────────────────────────────────────────────────────────────────────────────


def test_fields_are_described_for_the_profile(payload: Callable[[str], Any]) -> None:
    fields = {one["name"]: one for one in payload("module__file")["fields"]}
    title, size, status, folder = (
        field_info(fields[name], {"approved": "Approved"} if name == "status" else {}, Quirks())
        for name in ("title", "file_size", "status", "parent_id")
    )
    assert (title.type, title.localized, title.multiple, title.writable) == ("text", True, False, True)
    assert (size.type, size.writable) == ("number", False)
    assert (status.type, status.options) == ("choice", {"approved": "Approved"})
    assert (folder.type, folder.target) == ("reference", "folder")


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        ("04006381333931", ["04006381333931", "4006381333931"]),
        ("4006381333931", ["4006381333931", "04006381333931"]),
        ("00036000291452", ["00036000291452", "0036000291452", "036000291452"]),
        ("00000096385074", ["00000096385074", "0000096385074", "000096385074", "96385074"]),
        ("no-gtin", ["no-gtin"]),
    ],
)
def test_a_gtin_is_looked_for_in_every_length_it_can_have(value: str, spelled: list[str]) -> None:
    assert spellings("gtin", value) == spelled
    assert len({codes.gtin(one) for one in spelled}) == 1


def test_other_identifiers_are_looked_for_as_they_are() -> None:
    assert spellings("sku", "0012") == ["0012"]
