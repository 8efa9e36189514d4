"""CELUM assets as items."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from lockgate.connectors.celum.mapping import revision, to_item, to_schema, unnamed_references
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.errors import ContractBroken
from lockgate.kit.profile import Match, Profile
from lockgate.model.item import Item, Relation
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Period

Build = Callable[..., Item]
Load = Callable[[str], Any]
AT = datetime(2026, 6, 1, tzinfo=UTC)


def bind(profile: Profile, canonical: str, field: str, **more: Any) -> Profile:
    """The profile with one more match, or with another one for that name."""
    others = tuple(one for one in profile.matches["asset"] if one.canonical != canonical)
    return msgspec.structs.replace(
        profile, matches={"asset": (*others, Match(canonical=canonical, field=field, **more))}
    )


def put(asset: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    """The asset with another value in a field."""
    changed = copy.deepcopy(asset)
    for group in changed["informationFieldValueSets"]:
        for entry in group["informationFieldValues"]:
            if entry["field"]["name"] == field:
                entry["value"] = value
    return changed


def test_identifiers_come_in_comparable_form(item: Build) -> None:
    assert item().identifiers == {"sku": ("SKU-1",), "gtin": ("04006381333931",), "family": ("SUMMIT",)}


def test_a_gtin_with_a_wrong_check_digit_identifies_nothing(payload: Load, profile: Profile) -> None:
    asset = put(payload("asset__approved"), "gtin", "4006381333932")
    found = to_item(asset, system="dam", profile=profile, quirks=Quirks())
    assert found.identifiers == {"sku": ("SKU-1",), "family": ("SUMMIT",)}


def test_a_field_may_hold_several_skus(payload: Load, profile: Profile) -> None:
    asset = put(payload("asset__approved"), "sku", "SKU-1; SKU-2\nSKU-1,")
    assert to_item(asset, system="dam", profile=profile, quirks=Quirks()).identifiers["sku"] == ("SKU-1", "SKU-2")


def test_a_profile_may_name_a_field_by_its_id(item: Build, profile: Profile) -> None:
    assert item(by=bind(profile, "ids.sku", "643")).identifiers["sku"] == ("SKU-1",)


def test_texts_keep_their_languages_and_plain_ones_have_none(item: Build) -> None:
    texts = item().texts
    assert texts["caption"] == {"en": "Hero shot", "de": "Titelbild"}
    assert texts["copyright"] == {"und": "© 2025 Larkfield Studio"}


def test_the_profile_may_say_which_language_a_plain_field_is_in(item: Build, profile: Profile) -> None:
    found = item(by=bind(profile, "texts.copyright", "copyright", options={"locale": "de_AT"}))
    assert found.texts["copyright"] == {"de-AT": "© 2025 Larkfield Studio"}


def test_the_title_is_the_asset_name_unless_a_field_is_bound(item: Build, profile: Profile) -> None:
    assert item().title == {"und": "Summer campaign hero"}
    assert item(by=bind(profile, "title", "caption")).title == {"en": "Hero shot", "de": "Titelbild"}


def test_tags_are_keywords_and_campaigns_stand_apart(item: Build) -> None:
    assert item().keywords == {"subject": ("winter", "outdoor"), "campaign": ("Summit 2026",)}


def test_languages_are_understood_as_tags_and_as_names(item: Build) -> None:
    assert item().languages == ("de", "en")


@pytest.mark.parametrize(("name", "status"), [("asset__approved", Status.APPROVED), ("asset__draft", Status.DRAFT)])
def test_released_is_approved_and_unreleased_is_draft(item: Build, name: str, status: Status) -> None:
    assert item(name).status is status


def test_a_release_word_nobody_documented_opens_nothing(item: Build) -> None:
    found = item(releaseStatus="ARCHIVED_SOMEWHERE")
    assert (found.status, found.status_label) == (Status.UNKNOWN, "ARCHIVED_SOMEWHERE")


def test_a_tenant_with_an_approval_field_needs_both_to_agree(item: Build, profile: Profile) -> None:
    both = bind(profile, "status", "season", values={"winter": "approved", "summer": "rejected"})
    assert item(by=both).status is Status.APPROVED
    assert item("asset__draft", by=both).status is Status.DRAFT
    assert item(by=bind(profile, "status", "season", values={"1": "in_review"})).status is Status.IN_REVIEW
    assert item(by=bind(profile, "status", "season")).status is Status.UNKNOWN
    assert item(by=bind(profile, "status", "notes")).status is Status.UNKNOWN


def test_an_asset_switched_off_has_a_window_that_never_opens(item: Build) -> None:
    window = item(availability={"type": "DIRECT", "available": False}).window
    assert not window.holds(AT)
    assert window.next_edge(AT) is None


def test_a_dated_availability_is_a_window_in_either_way_of_writing_dates(item: Build) -> None:
    assert item("asset__expired").window == Period(
        datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 8, 23, 59, 59, tzinfo=UTC)
    )


def test_a_window_may_be_open_at_one_end(item: Build) -> None:
    assert item(availability={"type": "DATED", "to": "2026-12-31T23:00:00+01:00"}).window == Period(
        None, datetime(2026, 12, 31, 22, tzinfo=UTC)
    )


def test_the_last_day_counts_whole_where_the_server_means_it_so(item: Build) -> None:
    found = item("asset__expired", quirks=Quirks(last_day_counts=True))
    assert found.window.until == datetime(2026, 1, 9, 23, tzinfo=UTC), (
        "midnight in Berlin after the 9th, where 8 Jan 23:59:59 UTC lies"
    )


def test_an_availability_that_is_absent_or_unreadable_is_closed_and_says_so(item: Build) -> None:
    for stated in (None, {"type": "SOMETIMES"}, {"type": "DATED", "to": "soon"}):
        found = item(availability=stated)
        assert not found.window.holds(AT)
        assert any(one.startswith("availability: ") for one in found.missing)
    assert item(availability=None, quirks=Quirks(availability_absent="open")).window == Period()


def test_a_tenants_own_expiry_field_narrows_the_window(payload: Load, profile: Profile) -> None:
    by = bind(profile, "window.until", "shot-on")
    asset = put(payload("asset__expired"), "shot-on", "2026-01-05T00:00:00.000Z")
    found = to_item(asset, system="dam", profile=by, quirks=Quirks())
    assert found.window == Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, 23, tzinfo=UTC))


def test_what_validation_finds_missing_is_named(item: Build) -> None:
    assert item().missing == ()
    assert item("asset__draft").missing == ("required fields", "SKU")
    assert item("asset__placeholder").missing == ("file",)
    bad = {
        "assetTypeSet": False,
        "requiredFieldsValid": True,
        "permissionDefiningCollectionValid": True,
        "newRule": False,
    }
    assert item(validationStatus=bad).missing == ("asset type", "newRule")


def test_the_original_carries_version_length_and_digest(item: Build) -> None:
    original = item().rendition("original")
    assert original is not None
    assert (original.filename, original.version, original.length) == ("hero.jpg", "9001", 1843221)
    assert (original.digest, original.media_type) == ("md5:9c72c3876d9b0acaf66dba54f8f2b6a1", "image/jpeg")


def test_derivatives_go_by_their_key_and_promise_no_length(item: Build) -> None:
    derived = item().rendition("jpg_1024")
    assert derived is not None
    assert (derived.address, derived.version, derived.length, derived.digest) == ("8", "9001", None, None)
    assert derived.filename == "hero_jpg_1024.jpg"


def test_a_checksum_of_no_known_length_is_not_compared(item: Build, payload: Load) -> None:
    version = payload("asset__approved")["currentVersion"]
    for checksum, digest in (("abc123", None), ("Q2hlY2tzdW0=", None), ("A" * 64, "sha256:" + "a" * 64)):
        original = item(currentVersion=version | {"fileChecksum": checksum}).rendition("original")
        assert original is not None
        assert original.digest == digest
    off = item(quirks=Quirks(checksum="none")).rendition("original")
    assert off is not None
    assert off.digest is None


def test_a_placeholder_has_no_file(item: Build) -> None:
    assert item("asset__placeholder").renditions == ()


def test_collections_are_relations(item: Build) -> None:
    assert item().relations == (
        Relation(type="in", kind="collection", id="4711"),
        Relation(type="in", kind="collection", id="4800"),
    )


def test_other_fields_are_plain_json_and_zero_is_a_value(item: Build) -> None:
    assert item().fields == {
        "category": "image",
        "creator": "R. Amsel",
        "season": "Winter",
        "rating": 0,
        "weight": 1.5,
        "taken": "2025-11-03",
    }


def test_an_unreadable_date_in_another_field_is_named_and_does_not_stop_the_item(
    payload: Load, profile: Profile
) -> None:
    asset = put(payload("asset__approved"), "shot-on", "last winter")
    found = to_item(asset, system="dam", profile=profile, quirks=Quirks())
    assert found.fields["taken"] is None
    assert found.missing == ("taken: 'last winter' is not a date",)


def test_an_asset_that_never_changed_was_modified_when_it_was_made(item: Build) -> None:
    assert item().modified == datetime(2026, 1, 13, 9, 15, tzinfo=UTC)
    assert item("asset__required_members_only").modified == datetime(2026, 1, 10, 8, tzinfo=UTC)


def test_an_asset_page_is_known_only_where_the_operator_says_its_form(item: Build) -> None:
    assert item().url is None
    found = item(quirks=Quirks(asset_page="https://acme.celum.example/asset/{id}"))
    assert found.url == "https://acme.celum.example/asset/2774"


def test_an_asset_without_an_id_breaks_the_contract(profile: Profile) -> None:
    with pytest.raises(ContractBroken, match="without an id"):
        to_item({"name": "x"}, system="dam", profile=profile, quirks=Quirks())


def test_a_list_and_a_full_answer_agree_on_the_revision(item: Build, payload: Load) -> None:
    assert item().revision == revision(payload("asset__as_a_list_shows_it"))


@pytest.mark.parametrize(
    "changed",
    [
        {"modification": {"date": "2026-01-13T09:15:00.001Z", "userId": 12}},
        {"releaseStatus": "UNRELEASED"},
        {"availability": {"type": "DIRECT", "available": False}},
        {"parentIds": [4711]},
        {"name": "Hero"},
        {
            "validationStatus": {
                "assetTypeSet": True,
                "requiredFieldsValid": False,
                "permissionDefiningCollectionValid": True,
            }
        },
    ],
)
def test_whatever_a_list_shows_to_differ_is_another_revision(item: Build, changed: dict[str, Any]) -> None:
    assert item(**changed).revision != item().revision


def test_another_version_is_another_revision_even_with_the_same_dates(item: Build, payload: Load) -> None:
    version = payload("asset__approved")["currentVersion"] | {"id": 9002}
    assert item(currentVersion=version).revision != item().revision


def test_what_lists_leave_out_is_no_part_of_the_revision(item: Build) -> None:
    assert item(downloadFormats=[], informationFieldValueSets=[], permissions={}).revision == item().revision


def test_references_whose_names_the_server_left_out_are_found_and_named(payload: Load, profile: Profile) -> None:
    asset = payload("asset__names_left_out")
    unnamed = list(unnamed_references(asset))
    assert [one["id"] for one in unnamed] == [512, 513, 78]
    for one, name in zip(unnamed, ({"en": "Austria"}, {"en": "Switzerland"}, "outdoor"), strict=True):
        one["name"] = name
    found = to_item(asset, system="dam", profile=profile, quirks=Quirks())
    assert found.rights is not None
    assert found.rights.permissions[0].territories == frozenset({"DE", "AT", "CH"})
    assert found.keywords["subject"] == ("winter", "outdoor")


def test_the_schema_has_every_field_type(payload: Load) -> None:
    fields = {one.name: one for one in to_schema(payload("information-fields__tenant")).kinds["asset"]}
    assert {
        name: fields[name].type for name in ("sku", "caption", "season", "rating", "cleared", "shot-on", "tags")
    } == {
        "sku": "text",
        "caption": "text",
        "season": "choice",
        "rating": "number",
        "cleared": "boolean",
        "shot-on": "date",
        "tags": "reference",
    }
    assert fields["sku"].required
    assert fields["caption"].localized
    assert fields["season"].options == {"0": "Summer", "1": "Winter"}
    assert (fields["regions"].multiple, fields["regions"].target) == (True, "collection")


def test_fields_that_share_a_name_are_told_apart_by_id(payload: Load) -> None:
    definitions = payload("information-fields__tenant")
    twin = definitions[0] | {"id": 999}
    names = [one.name for one in to_schema([*definitions, twin]).kinds["asset"]]
    assert "sku" not in names
    assert {"643", "999"} <= set(names)


def test_the_schema_digest_changes_with_the_schema_and_not_with_its_order(payload: Load) -> None:
    definitions = payload("information-fields__tenant")
    assert to_schema(definitions).digest == to_schema(definitions[::-1]).digest
    assert to_schema(definitions).digest != to_schema(definitions[1:]).digest
