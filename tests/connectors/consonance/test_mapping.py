"""Payloads in, items out: what a title is, whether it may go out, and where."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lockgate.connectors.consonance.mapping import ITEMS, rest_item
from lockgate.connectors.consonance.mapping.delays import delays
from lockgate.connectors.consonance.mapping.texts import LANGUAGES
from lockgate.kit.profile import Match, Profile
from lockgate.model.item import Item
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Use, decide

from .conftest import frame

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
Payload = Callable[[str], Any]


def product(record: Any, **told: Any) -> Item:
    (item,) = ITEMS["product"](record, frame(**told))
    return item


def sold_in(item: Item, territory: str) -> bool:
    return decide(item.rights, Use(action="sell", territory=territory, channel="shop"), NOW).allows


# ── products ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_paperback_carries_what_a_shop_needs(payload: Payload) -> None:
    item = product(payload("product__paperback"))
    assert item.identifiers == {
        "isbn": ("9781905005123",),
        "gtin": ("09781905005123",),
        "sku": ("9781905005123",),
        "family": ("7001",),
    }
    assert item.title == {"und": "The Tide Clock"}
    assert item.texts == {
        "short_description": {"en": "<p>A clockmaker keeps the <em>sea</em>.</p>"},
        "subtitle": {"und": "A Novel"},
    }
    assert item.keywords == {"subject": ("tides", "harbour", "clockmaker"), "thema": ("FBA",)}
    assert (item.status, item.status_label) == (Status.APPROVED, "publishing status 02, may go out in ONIX")
    assert item.url == "https://consonance.example/works/7001"
    assert item.fields["prices"] == [{"amount": "9.99", "currency": "GBP", "type": "02", "qualifier": "05"}]
    assert item.fields["contributors"] == [
        {
            "name": "Ada Marlow",
            "role": "A01",
            "sequence": 1,
            "key_names": "Marlow",
            "inverted": "Marlow, Ada",
            "biography": "Ada Marlow keeps clocks.",
        }
    ]
    named = {name: item.fields[name] for name in ("form", "imprint", "season", "format", "edition", "pages", "work")}
    assert named == {
        "form": "BC",
        "imprint": "Sandbox Fiction",
        "season": "Spring 2027",
        "format": "B format",
        "edition": "Paperback",
        "pages": 320,
        "work": "7001",
    }


def test_a_paperback_leads_to_its_work_its_other_formats_and_its_cover(payload: Payload) -> None:
    told = {(one.type, one.kind, one.id) for one in product(payload("product__paperback")).relations}
    assert told == {
        ("edition of", "work", "7001"),
        ("alternative format", "product", "9002"),
        ("alternative format", "product", "9003"),
        ("front_cover", "asset", "7001-901"),
    }


def test_an_edition_without_isbn_has_no_identifier_but_its_work(payload: Payload) -> None:
    item = product(payload("product__audio_without_isbn"))
    assert item.identifiers == {"family": ("7001",)}


def test_texts_covers_and_authors_of_another_edition_are_not_this_ones(payload: Payload) -> None:
    item = product(payload("product__audio_without_isbn"))
    assert "short_description" not in item.texts
    assert "contributors" not in item.fields
    assert not [one for one in item.relations if one.kind == "asset"]


@pytest.mark.parametrize(("change", "visible"), [
    ({"approvalStatus": "FOR_APPROVAL"}, False),
    ({"onixContentAudienceCodes": ["_02"]}, False),
    ({"fromDate": "2026-11-22"}, False),
    ({"fromDate": "2026-11-21"}, True),
    ({"untilDate": "2026-11-20"}, False),
    ({"untilDate": "2026-11-21"}, True),
    ({"dateReleased": "2027-01-01"}, False),
])  # fmt: skip
def test_a_text_is_seen_once_it_is_approved_for_readers_and_on_no_embargo(
    payload: Payload, change: dict[str, Any], visible: bool
) -> None:
    record = payload("product__paperback")
    record["work"]["marketingTexts"][0] |= change
    item = product(record)
    assert ("short_description" in item.texts) is visible
    assert len(item.fields["texts"]) == 1


def test_the_day_an_embargo_ends_is_another_revision(payload: Payload) -> None:
    record = payload("product__paperback")
    record["work"]["marketingTexts"][0]["fromDate"] = "2026-12-01"
    days = [product(record, today=date(2026, 11, 29)), product(record, today=date(2026, 11, 30))]
    assert days[0].revision == days[1].revision != product(record, today=date(2026, 12, 1)).revision


def test_every_language_code_of_the_schema_has_a_tag() -> None:
    assert len(set(LANGUAGES.values())) == len(LANGUAGES) == 15


# ── status ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("code", "trade", "status"), [
    ("_02", True, Status.APPROVED),
    ("_04", True, Status.APPROVED),
    ("_02", False, Status.DRAFT),
    ("_03", True, Status.DRAFT),
    ("_01", True, Status.ARCHIVED),
    ("_16", True, Status.ARCHIVED),
    ("_00", True, Status.UNKNOWN),
    ("_09", True, Status.UNKNOWN),
    (None, True, Status.UNKNOWN),
    ("_04", None, Status.UNKNOWN),
])  # fmt: skip
def test_a_title_is_approved_only_where_it_may_go_out_and_is_on_offer(
    payload: Payload, code: str | None, trade: bool | None, status: Status
) -> None:
    record = payload("product__paperback") | {"onixPublishingStatusCode": code, "allowOnixExports": trade}
    assert product(record).status is status


def test_the_profile_may_say_that_the_project_stage_decides(payload: Payload) -> None:
    match = Match(canonical="status", field="projectStage", values={"Assets ready": "approved"})
    profile = Profile(matches={"product": (match,)})
    record = payload("product__paperback")
    assert product(record, profile=profile).status is Status.UNKNOWN
    record["work"]["projectStage"] = "Assets ready"
    assert product(record, profile=profile).status is Status.APPROVED
    record["onixPublishingStatusCode"] = "_01"
    assert product(record, profile=profile).status is Status.ARCHIVED


def test_a_title_to_be_announced_later_has_a_window_that_opens_then(payload: Payload) -> None:
    window = product(payload("product__announced_later")).window
    assert (window.from_, window.until) == (datetime(2099, 1, 1, tzinfo=UTC), None)


# ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_title_is_sold_where_it_says_and_nowhere_else(payload: Payload) -> None:
    item = product(payload("product__paperback"))
    assert [code for code in ("GB", "IE", "AU", "US", "CA", "DE", "WORLD") if sold_in(item, code)] == ["GB", "IE", "AU"]
    assert item.rights is not None
    assert item.rights.statement == "UK and Commonwealth excluding Canada"


def test_an_exclusion_wins_over_worldwide(payload: Payload) -> None:
    item = product(payload("product__worldwide_but_not_everywhere"))
    assert [code for code in ("GB", "DE", "US") if sold_in(item, code)] == ["GB", "DE"]


def test_where_nothing_is_stated_nothing_is_permitted(payload: Payload) -> None:
    record = payload("product__paperback")
    record |= {"forSaleCountryCodes": [], "notForSaleCountryCodes": [], "salesRights": []}
    assert not sold_in(product(record), "GB")


def test_a_summary_alone_is_enough(payload: Payload) -> None:
    record = payload("product__border_country")
    del record["salesRights"]
    assert [code for code in ("GB", "DE", "US") if sold_in(product(record), code)] == ["GB", "DE"]


def test_a_country_nobody_knows_may_be_anywhere(payload: Payload) -> None:
    record = payload("product__border_country") | {"notForSaleCountryCodes": ["XX"]}
    assert not sold_in(product(record), "GB")


def test_a_country_with_restrictions_only_is_not_cleared(payload: Payload) -> None:
    record = payload("product__border_country")
    record["salesRights"][1]["onixSalesRightsType"]["code"] = "08"
    assert [code for code in ("GB", "DE") if sold_in(product(record), code)] == ["GB"]


def test_a_terminated_contract_ends_the_right_with_its_day(payload: Payload) -> None:
    record = payload("product__paperback")
    record["work"]["contract"] = {"id": 301, "terminatedDate": "2026-11-20"}
    assert not sold_in(product(record), "GB")
    assert sold_in(product(record, contract_ends_rights=False), "GB")
    record["work"]["contract"]["terminatedDate"] = "2026-11-21"
    assert sold_in(product(record), "GB")


# ── works, images, to-dos ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_work_tells_its_schedule(payload: Payload) -> None:
    (item,) = ITEMS["work"](payload("work__schedule"), frame())
    assert item.identifiers["isbn"] == ("9781905005123", "9781905005130")
    assert [(one["name"], one.get("done")) for one in item.fields["milestones"]] == [
        ("Manuscript to Production", "2026-09-03"),
        ("Files to press", None),
    ]
    assert item.fields["deliveries"] == [
        {"id": "401", "of": "First printing", "due": "2027-02-25", "kind": "production run"},
        {"id": "321", "of": "Manuscript", "due": "2026-08-15", "slipped": "2026-08-31", "kind": "contract"},
    ]
    assert item.status is Status.UNKNOWN
    assert item.status_label == "In production"


def test_an_image_permits_nothing_and_says_whom_to_credit(payload: Payload) -> None:
    (item,) = ITEMS["asset"](payload("work__front_cover"), frame())
    assert (item.id, item.status) == ("7001-901", Status.APPROVED)
    assert item.identifiers["isbn"] == ("9781905005123", "9781905005130")
    assert item.rights is not None
    assert [one.text for one in item.rights.duties] == ["Design: J. Quay"]
    assert not decide(item.rights, Use(territory="GB"), NOW).allows
    original = item.rendition("original")
    assert original is not None
    assert (original.filename, original.address, original.media_type) == ("9781905005123.jpg", "901", "image/jpeg")


def test_an_image_that_is_still_worked_on_has_no_file_yet(payload: Payload) -> None:
    (item,) = ITEMS["asset"](payload("work__cover_still_worked_on"), frame())
    assert item.renditions == ()
    assert item.missing == ("the image is still worked on",)


def test_a_to_do_is_done_or_open_and_no_content(payload: Payload) -> None:
    records = [one | {"workId": 7001} for one in payload("work__schedule")["toDos"]]
    done, still_open = [ITEMS["task"](one, frame())[0] for one in records]
    assert (done.status_label, still_open.status_label) == ("done", "open")
    assert (done.fields["is_done"], still_open.fields["is_done"]) == (True, False)
    assert done.status is still_open.status is Status.UNKNOWN


def test_a_text_by_itself_has_its_state_and_its_embargo_as_a_window(payload: Payload) -> None:
    record = payload("work__schedule")
    record["marketingTexts"][0] |= {
        "approvalStatus": "FOR_APPROVAL",
        "fromDate": "2026-12-01",
        "untilDate": "2026-12-31",
    }
    (item,) = ITEMS["text"](record, frame())
    assert (item.id, item.status, item.languages) == ("7001-801", Status.IN_REVIEW, ("en",))
    assert item.identifiers["isbn"] == ("9781905005123", "9781905005130")
    assert (item.window.from_, item.window.until) == (
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    )


# ── delays ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def work(record: Any) -> Item:
    (item,) = ITEMS["work"](record, frame())
    return item


def test_a_moved_publication_date_is_told_once_and_the_same_way_each_time(payload: Payload) -> None:
    before, after = payload("work__schedule"), payload("work__schedule")
    after["products"][0]["publicationDate"] = "2027-04-15"
    told = [one for one in delays(work(before), work(after), NOW) if one.product_id == "9001"]
    assert [(one.kind, one.days, one.isbn) for one in told] == [("publication_date_moved", 28, "9781905005123")]
    assert told == [one for one in delays(work(before), work(after), NOW) if one.product_id == "9001"]


@pytest.mark.parametrize(("change", "kind"), [
    ({"publicationDate": None}, "postponed_indefinitely"),
    ({"onixPublishingStatusCode": "_03"}, "postponed_indefinitely"),
    ({"onixPublishingStatusCode": "_01"}, "cancelled"),
])  # fmt: skip
def test_a_title_that_is_off_is_told_without_a_new_date(payload: Payload, change: Any, kind: str) -> None:
    after = payload("work__schedule")
    after["products"][0] |= change
    told = [one for one in delays(work(payload("work__schedule")), work(after), NOW) if one.product_id == "9001"]
    assert [(one.kind, one.days) for one in told] == [(kind, None)]


def test_what_slips_in_the_schedule_is_told_to_every_edition(payload: Payload) -> None:
    after = payload("work__schedule")
    after["toDos"][1]["dueDate"] = "2027-01-27"
    after["productionRuns"][0]["deliveryDate"] = "2027-03-04"
    told = delays(work(payload("work__schedule")), work(after), NOW)
    slipped = [(one.kind, one.cause, one.days) for one in told if one.product_id == "9002"]
    assert slipped == [("milestone_slipped", "Files to press", 7), ("delivery_slipped", "First printing", 7)]


def test_an_open_milestone_past_its_day_is_late(payload: Payload) -> None:
    same = work(payload("work__schedule"))
    told = delays(same, same, datetime(2027, 1, 23, 9, tzinfo=UTC))
    assert {(one.kind, one.cause, one.days) for one in told} == {("milestone_slipped", "Files to press", 3)}


# ── REST ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rest_says_less_and_what_it_does_not_say_stays_unknown(payload: Payload) -> None:
    item = rest_item(payload("rest__one_page")["products"][0], frame())
    assert item.identifiers["isbn"] == ("9781905005123",)
    assert item.texts["short_description"] == {"und": "<p>A clockmaker keeps the <em>sea</em>.</p>"}
    assert item.fields["prices"] == [{"amount": "9.99", "currency": "GBP", "qualifier": "05"}]
    assert (item.fields["height_mm"], item.fields["width_mm"], item.fields["thickness_mm"]) == (198.0, 129.0, 22.0)
    assert item.status is Status.UNKNOWN
    assert not sold_in(item, "GB")


def test_rest_spells_a_missing_isbn_out(payload: Payload) -> None:
    record = payload("rest__one_page")["products"][0] | {"isbn": "No ISBN"}
    assert rest_item(record, frame()).identifiers == {"family": ("7001",)}
