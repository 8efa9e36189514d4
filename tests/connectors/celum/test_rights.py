"""What CELUM states about use, and what it therefore permits. The fixtures' licence runs through 2026 in Berlin time."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.connectors.celum.mapping import dates, to_item
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.profile import Match, Profile
from lockgate.model.item import Item
from lockgate.model.rights import UNKNOWN, Duty, Period, Rights, Use, decide

Load = Callable[[str], Any]
Build = Callable[..., Item]
AT = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def stating(payload: Load, profile: Profile) -> Callable[..., Rights | None]:
    """Rights of the approved asset with values of fields replaced (None empties one)."""

    def build(values: dict[str, Any], by: Profile = profile) -> Rights | None:
        asset = copy.deepcopy(payload("asset__approved"))
        for group in asset["informationFieldValueSets"]:
            for entry in group["informationFieldValues"]:
                if entry["field"]["name"] in values:
                    entry["value"] = values[entry["field"]["name"]]
        return to_item(asset, system="dam", profile=by, quirks=Quirks()).rights

    return build


def code(rights: Rights | None, territory: str = "DE", channel: str = "pim", at: datetime = AT) -> str:
    return decide(rights, Use(territory=territory, channel=channel), at).code


def test_a_cleared_packshot_is_permitted_where_and_while_it_is_licensed(item: Build) -> None:
    rights = item().rights
    assert {market: code(rights, market) for market in ("DE", "AT", "CH", "US")} == {
        "DE": "rights.permitted",
        "AT": "rights.permitted",
        "CH": "rights.permitted",
        "US": "rights.territory",
    }


def test_the_sentence_names_the_fields_a_person_has_to_look_at(item: Build) -> None:
    verdict = decide(item().rights, Use(territory="DE", channel="pim"), AT)
    assert verdict.reason.endswith("(CELUM fields cleared, regions, channels, license-from, license-until)")


def test_a_web_only_image_is_not_cleared_for_the_pim(item: Build) -> None:
    assert code(item("asset__web_only").rights) == "rights.channel"
    assert code(item("asset__web_only").rights, channel="web") == "rights.permitted"


def test_a_restricted_region_beats_the_permission(item: Build) -> None:
    rights = item("asset__prohibited").rights
    assert (code(rights, "AT"), code(rights, "DE")) == ("rights.prohibited", "rights.permitted")


def test_an_asset_that_states_nothing_has_no_rights(item: Build) -> None:
    assert item("asset__no_rights").rights is None
    assert item("asset__required_members_only").rights is None


@pytest.mark.parametrize("cleared", [False, None, "true", 1])
def test_only_a_checked_box_clears(stating: Callable[..., Rights | None], cleared: Any) -> None:
    rights = stating({"cleared": cleared})
    assert rights is not None
    assert rights.permissions == ()


def test_cleared_without_regions_permits_nothing(stating: Callable[..., Rights | None]) -> None:
    assert code(stating({"regions": []})) == "rights.unknown"


def test_a_tenant_without_a_clearance_field_permits_nothing(item: Build, profile: Profile) -> None:
    fewer = tuple(one for one in profile.matches["asset"] if one.canonical != "rights.cleared")
    rights = item(by=msgspec.structs.replace(profile, matches={"asset": fewer})).rights
    assert code(rights) == "rights.unknown"


def test_a_region_nobody_knows_is_unknown_and_never_everywhere(stating: Callable[..., Rights | None]) -> None:
    rights = stating({"regions": [{"id": 1, "name": {"en": "Middle-earth"}}]})
    assert rights is not None
    assert rights.permissions[0].territories == UNKNOWN
    assert "not understood: Middle-earth" in rights.permissions[0].source
    assert code(rights) == "rights.unknown"


def test_beside_a_known_region_an_unknown_one_adds_nothing_but_is_named(stating: Callable[..., Rights | None]) -> None:
    rights = stating({"regions": [{"id": 1, "name": {"en": "Germany"}}, {"id": 2}]})
    assert rights is not None
    assert rights.permissions[0].territories == frozenset({"DE"})
    assert "not understood: #2" in rights.permissions[0].source


@pytest.mark.parametrize("value", [[{"id": 1, "name": {"en": "Middle-earth"}}], [{"id": 1}], [7], "everywhere"])
def test_a_restricted_region_nobody_knows_restricts_everywhere(
    stating: Callable[..., Rights | None], value: Any
) -> None:
    assert code(stating({"restricted-regions": value})) == "rights.prohibited"


def test_a_region_is_known_by_any_of_its_names_but_not_when_they_disagree(
    stating: Callable[..., Rights | None],
) -> None:
    german = stating({"regions": [{"id": 1, "name": {"de": "Deutschland", "fr": "DE"}}]})
    torn = stating({"regions": [{"id": 1, "name": {"en": "Germany", "de": "Austria"}}]})
    assert german is not None
    assert german.permissions[0].territories == frozenset({"DE"})
    assert torn is not None
    assert torn.permissions[0].territories == UNKNOWN


def test_the_profile_may_say_what_a_region_means(stating: Callable[..., Rights | None], profile: Profile) -> None:
    values = {"central europe": "DE, AT, CH", "2": "WORLD", "nowhere": "Narnia"}
    others = tuple(one for one in profile.matches["asset"] if one.canonical != "rights.territories")
    match = Match(canonical="rights.territories", field="regions", values=values)
    by = msgspec.structs.replace(profile, matches={"asset": (*others, match)})

    def territories(reference: dict[str, Any]) -> Any:
        rights = stating({"regions": [reference]}, by)
        assert rights is not None
        return rights.permissions[0].territories

    assert territories({"id": 1, "name": {"en": "Central Europe"}}) == {"DE", "AT", "CH"}
    assert territories({"id": 2, "name": {"en": "All of it"}}) == {"WORLD"}
    assert territories({"id": 3, "name": {"en": "Nowhere"}}) == UNKNOWN


def test_channels_only_narrow_unless_the_profile_takes_an_empty_field_for_undecided(
    stating: Callable[..., Rights | None], profile: Profile
) -> None:
    others = tuple(one for one in profile.matches["asset"] if one.canonical != "rights.channels")
    strict = Match(canonical="rights.channels", field="channels", options={"empty": "unknown"})
    without = msgspec.structs.replace(profile, matches={"asset": others})
    assert code(stating({"channels": None})) == "rights.permitted"
    assert code(stating({"channels": None}, without)) == "rights.permitted"
    undecided = stating({"channels": []}, msgspec.structs.replace(profile, matches={"asset": (*others, strict)}))
    assert code(undecided) == "rights.unknown"


def test_channels_nobody_can_read_permit_none(stating: Callable[..., Rights | None]) -> None:
    assert code(stating({"channels": [{"id": 81}]})) == "rights.unknown"


def test_the_last_day_of_a_licence_counts_whole_in_the_tenants_zone(item: Build) -> None:
    rights = item().rights
    end = datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert code(rights, at=end - timedelta(milliseconds=1)) == "rights.permitted"
    assert code(rights, at=end) == "rights.expired"
    assert code(rights, at=datetime(2025, 12, 31, 22, 59, tzinfo=UTC)) == "rights.not_yet"


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("2026-03-31T00:00:00.000Z", datetime(2026, 3, 31, 22, tzinfo=UTC)),
        ("2026-03-31", datetime(2026, 3, 31, 22, tzinfo=UTC)),
        ("2026-03-30T22:00:00.000Z", datetime(2026, 3, 31, 22, tzinfo=UTC)),
        (1774915200000, datetime(2026, 3, 31, 22, tzinfo=UTC)),
        ("2026-03-31T12:30:00.000Z", datetime(2026, 3, 31, 12, 30, tzinfo=UTC)),
        ("9999-12-31T00:00:00.000Z", None),
        (None, None),
    ],
)
def test_a_licence_end_is_read_in_every_way_it_may_be_written(
    stating: Callable[..., Rights | None], written: Any, until: datetime | None
) -> None:
    rights = stating({"license-until": written})
    assert rights is not None
    assert rights.permissions[0].period.until == until


@pytest.mark.parametrize("written", ["soon", True, "2026-13-01", {"day": 1}])
def test_a_licence_date_that_is_none_closes_the_permission(stating: Callable[..., Rights | None], written: Any) -> None:
    assert code(stating({"license-until": written})) == "rights.expired"


def test_credit_line_terms_and_copyright_go_along(item: Build) -> None:
    rights = item().rights
    assert rights is not None
    assert rights.duties == (Duty(action="attribute", text="Photo: R. Amsel"),)
    assert rights.statement == "Product communication only; © 2025 Larkfield Studio"


@given(
    day=st.dates(),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata"]),
)
def test_any_day_of_any_calendar_is_one_whole_day_or_open(day: Any, zone: str) -> None:
    found = dates.between(f"{day.isoformat()}T00:00:00.000Z", day.isoformat(), zone)
    if 1900 <= day.year < 9000:
        assert found == Period.of_days(day, day, zone)
    else:
        assert found == dates.NEVER


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_survive_being_written_and_read_to_the_millisecond(when: datetime) -> None:
    again = dates.instant(dates.text(when))
    assert timedelta(0) <= when - again < timedelta(milliseconds=1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(raw=JSON)
def test_no_junk_in_the_licence_end_opens_more_than_the_rest_of_the_item_states(raw: Any) -> None:
    try:
        period = dates.between("2026-01-01", raw, "Europe/Berlin")
    except dates.Unreadable:
        period = dates.NEVER
    assert not period.holds(datetime(2025, 12, 31, tzinfo=UTC))
