"""Category values in all their forms, dates, keys and names. Pure."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.connectors.opentext.client.http import paging
from lockgate.connectors.opentext.keys import LONGEST_NAME, distinct, name_of, without_mark
from lockgate.connectors.opentext.lookup import spellings
from lockgate.connectors.opentext.mapping.categories import Attribute, attributes, flat, keyed, nested, value_of
from lockgate.connectors.opentext.mapping.dates import instant
from lockgate.connectors.opentext.mapping.items import to_item
from lockgate.connectors.opentext.mapping.records import Fields, business_of, revision, seen_of
from lockgate.connectors.opentext.mapping.values import UnwritableError, readable, writable
from lockgate.connectors.opentext.places import padded
from lockgate.connectors.opentext.quirks import Quirks
from lockgate.connectors.opentext.tenant import workspace_type
from lockgate.kit.profile import Match, Profile
from lockgate.model.lifecycle import Status

Payload = Callable[[str], Any]


def test_both_forms_of_reading_give_the_same_values_and_attributes(payload: Payload) -> None:
    endpoint = payload("categories__of_a_workspace")["results"][0]
    node = payload("node__with_categories")["results"]
    assert flat(endpoint["data"]["categories"]) == flat(node["data"]["categories"])
    assert attributes(endpoint["metadata"]["categories"]) == attributes(node["metadata"]["categories"])


def test_attributes_are_told_apart_from_categories_and_sets(payload: Payload) -> None:
    found = attributes(payload("categories__of_a_workspace")["results"][0]["metadata"]["categories"])
    assert set(found) == {"4711_2", "4711_3", "4711_4_x_5"}
    assert (found["4711_2"].label, found["4711_2"].length, found["4711_2"].multiple) == (
        "Customer: Customer Number",
        10,
        False,
    )
    assert (found["4711_4_x_5"].label, found["4711_4_x_5"].multiple) == ("Customer: Contacts: Name", True)


def test_rows_of_a_set_are_read_in_their_order_and_written_back(payload: Payload) -> None:
    told = payload("categories__of_a_workspace")["results"][0]
    found, values = attributes(told["metadata"]["categories"])["4711_4_x_5"], flat(told["data"]["categories"])
    assert value_of({**values, "4711_4_10_5": "Zoe"}, found) == ["Ann", "Bob", "Zoe"]
    assert keyed(found, ["Eve"], values) == {"4711_4_1_5": "Eve", "4711_4_2_5": ""}


def test_a_new_workspace_takes_values_nested_by_category() -> None:
    assert nested({"4711_2": "a", "4711_4_1_5": "b", "12_3": 1}) == {
        "4711": {"4711_2": "a", "4711_4_1_5": "b"},
        "12": {"12_3": 1},
    }


@pytest.mark.parametrize(
    ("type", "value", "wire"),
    [
        ("text", {"de": "Baum", "en": "tree"}, "tree"),
        ("text", ["a", "b"], "a, b"),
        ("number", "12", 12),
        ("boolean", "yes", True),
        ("date", "2027-01-01T23:00:00Z", "2027-01-02"),
        ("date", "2027-01-01", "2027-01-01"),
        ("text", None, None),
    ],
)
def test_a_value_takes_the_form_of_its_attribute(type: str, value: Any, wire: Any) -> None:
    one = Attribute(key="1_2", label="x", type=type)
    assert writable(one, value, zone="Europe/Berlin", language="en", ends=False) == wire


def test_the_end_of_a_period_is_its_last_day() -> None:
    one = Attribute(key="1_2", label="x", type="date")
    assert writable(one, "2027-01-01T23:00:00Z", zone="Europe/Berlin", language="en", ends=True) == "2027-01-01"


@pytest.mark.parametrize(
    ("type", "value"), [("number", "many"), ("number", True), ("boolean", "perhaps"), ("date", "soon")]
)
def test_what_does_not_fit_is_not_written(type: str, value: Any) -> None:
    one = Attribute(key="1_2", label="x", type=type)
    with pytest.raises(UnwritableError):
        writable(one, value, zone="UTC", language="en", ends=False)


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_what_was_written_is_what_is_read(text: str, length: int) -> None:
    one = Attribute(key="1_2", label="x", length=length)
    wire = writable(one, text, zone="UTC", language="en", ends=False)
    assert len(wire) <= length
    assert readable(one, wire) == (wire or None)


@pytest.mark.parametrize(
    ("told", "zone", "at"),
    [
        ("2025-06-30T01:14:59", "Europe/Berlin", datetime(2025, 6, 29, 23, 14, 59, tzinfo=UTC)),
        ("2025-01-19T06:57:04Z", "Europe/Berlin", datetime(2025, 1, 19, 6, 57, 4, tzinfo=UTC)),
        ("", "UTC", None),
        (None, "UTC", None),
        ("yesterday", "UTC", None),
    ],
)
def test_dates_without_a_zone_are_meant_in_the_servers(told: Any, zone: str, at: datetime | None) -> None:
    assert instant(told, zone) == at


def test_a_workspace_keeps_the_name_of_its_own_type(payload: Payload) -> None:
    told = payload("workspace__customer")["results"]
    business = business_of(told)
    assert (business["business_object_id"], business["workspace_type"]) == ("0000010020", "Customer")


def test_a_status_the_profile_does_not_translate_opens_nothing(payload: Payload) -> None:
    told = payload("node__with_categories")["results"]
    match = Match(canonical="status", field="4711_2", values={"Released": "approved"})
    fields = Fields("asset", Profile(matches={"asset": (match,)}), {}, Quirks())
    item = to_item(seen_of(told), fields, system="ecm", site="https://ecm.example/cs/cs")
    assert (item.status, item.status_label) == (Status.UNKNOWN, "C-100")
    assert item.rights is None


def test_a_change_within_one_second_is_another_revision(payload: Payload) -> None:
    properties = payload("node__with_categories")["results"]["data"]["properties"]
    assert revision(properties, "UTC") != revision({**properties, "name": "other"}, "UTC")
    below = {**properties, "parent_id": -abs(properties["parent_id"])}
    assert revision(properties, "UTC") == revision(below, "UTC")


def test_types_of_older_and_newer_servers_are_read(payload: Payload) -> None:
    older, newer = (payload(f"types__{version}")["results"][0]["data"]["properties"] for version in ("25_4", "26_4"))
    assert workspace_type(older).templates == workspace_type(newer).templates == {"Customer Template": 30001}
    assert workspace_type(newer).called("kunde")
    assert not workspace_type(older).called("kunde")


@given(st.text(), st.text(min_size=1))
def test_names_are_what_the_server_takes(name: str, key: str) -> None:
    plain = name_of(name)
    assert 0 < len(plain) <= LONGEST_NAME
    assert ":" not in plain
    assert len(distinct(plain, key)) <= LONGEST_NAME
    assert distinct(plain, key) != plain


def test_a_distinct_name_keeps_its_ending_and_can_be_undone() -> None:
    made = distinct("front.jpg", "dam:1")
    assert made.endswith(").jpg")
    assert without_mark(made, "dam:1") == "front.jpg"
    assert name_of("a" * 300 + ".jpg").endswith("….jpg")


def test_numbers_are_looked_for_with_the_zeros_they_may_have() -> None:
    assert padded("4711") == ["4711", "0000004711", "000000004711", "000000000000004711"]
    assert padded("A-4711") == ["A-4711"]
    assert "4006381333931" in spellings("gtin", "04006381333931")


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("page__core_first", True),
        ("page__core_last", False),
        ("page__workspaces_first", True),
        ("page__workspaces_last", False),
    ],
)
def test_the_end_of_a_list_is_known_in_both_forms(payload: Payload, name: str, more: bool) -> None:
    assert paging(payload(name), 2, payload(name).get("asked_page", 1), 2)[1] is more
