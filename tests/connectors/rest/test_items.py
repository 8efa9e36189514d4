"""Records and the items they are, without a network: a record decoded and read as one of a page would be."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from lockgate.connectors.rest.definition.load import load
from lockgate.connectors.rest.runtime.fields import Languages, Unwritable
from lockgate.connectors.rest.runtime.records import Records
from lockgate.kit.profile import Match, Profile
from lockgate.model.item import Item
from lockgate.model.lifecycle import Status
from lockgate.model.rights import ANY, UNKNOWN, Period

DEFINITION = """\
definition: shapes
title: Shapes
settings:
  site: {label: Site}
  attribute: {label: Attribute, default: number}
base: "{settings.site}"
languages: {de: de_DE, en: en_US}
check: {call: GET /me}
kinds:
  asset:
    record:
      id: id
      revision: rev
      modified: {at: changed, format: "%d.%m.%Y %H:%M", zone: Europe/Vienna}
      gone: [{at: deleted, is: ["true"]}]
      fields:
        title: {at: title.raw, language: de}
        description: {at: texts.de}
        caption: {at: names, entries: {language: languageCode, value: caption}}
        alt: {at: names, entries: {language: languageCode, value: alt}}
        ids.sku: {at: "values.{settings.attribute}[0].data", send: number}
        ids.gtin: {at: codes.ean}
        status: {at: state, values: {live: approved, draft: draft}}
        keywords: {at: tags, as: list, separator: ", "}
        weight: {at: values.weight, entries: {value: data, more: {scope: shop, locale: =null}}, as: number}
        price: {at: price.amount, as: number}
        published: {at: published, as: instant, format: seconds}
        own: {match: [own field]}
        double: {at: "=double(record.price.amount) * 2.0"}
        window.until: {at: until, as: date}
        rights.territories: {at: rights.where}
        rights.channels: {at: rights.channels}
        rights.until: {at: until}
        rights.credit: {at: rights.credit}
      relations: [{type: part, kind: product, at: "parts[].id"}]
    fetch: {call: "GET /items/{id}"}
"""
RECORD: dict[str, Any] = {
    "id": 7,
    "rev": 3,
    "changed": "21.11.2026 10:30",
    "title": {"raw": "Lärche", "rendered": "<p>"},
    "names": [
        {"languageCode": "de_DE", "caption": "Baum", "alt": "Ein Baum"},
        {"languageCode": "fr", "caption": "Arbre"},
    ],
    "values": {
        "number": [{"locale": None, "data": "SKU-7"}],
        "weight": [{"scope": "print", "locale": None, "data": "9"}, {"scope": "shop", "locale": None, "data": "2.5"}],
        "mine": "yes",
    },
    "codes": {"ean": "4006381333931"},
    "state": "live",
    "tags": "tree, wood",
    "price": {"amount": 4},
    "published": 1700000000,
    "until": "2026-12-31",
    "rights": {"where": ["DE", "AT"], "channels": [], "credit": "Ann Larch"},
    "parts": [{"id": 1}, {"id": 2}],
}


def records(text: str = DEFINITION) -> Records:
    made = load(text, "shapes.yaml")
    profile = Profile(matches={"asset": (Match(canonical="own", field="values.mine"),)}, zone="Europe/Vienna")
    return Records("asset", made.kinds["asset"], Languages(made.languages), {"attribute": "number"}, profile, "there")


def item(changes: dict[str, Any] | None = None, text: str = DEFINITION) -> Item:
    reading = records(text)
    raw = msgspec.json.encode({**RECORD, **(changes or {})})
    return reading.item(reading.take(reading.one.decode(raw)), raw)


QUICK = DEFINITION.replace('        double: {at: "=double(record.price.amount) * 2.0"}\n', "")
"""Without an expression over the record: read from a structure."""


@pytest.mark.parametrize("text", [DEFINITION, QUICK], ids=["whole", "structure"])
def test_a_record_is_the_same_item_whether_it_is_read_whole_or_by_a_structure(text: str) -> None:
    found = item(text=text)
    assert (found.id, found.revision, found.title) == ("7", "3", {"de": "Lärche"})
    assert found.modified == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    assert found.texts == {"caption": {"de": "Baum", "fr": "Arbre"}, "alt": {"de": "Ein Baum"}}
    assert found.identifiers == {"sku": ("SKU-7",), "gtin": ("04006381333931",)}
    assert (found.status, found.status_label) == (Status.APPROVED, "live")
    assert found.keywords == {"subject": ("tree", "wood")}
    more = {"double": 8.0} if text == DEFINITION else {}
    assert found.fields == {"weight": 2.5, "price": 4.0, "published": "2023-11-14T22:13:20Z", "own": "yes", **more}
    assert [(one.type, one.kind, one.id) for one in found.relations] == [
        ("part", "product", "1"),
        ("part", "product", "2"),
    ]


def test_a_last_day_is_whole_in_the_time_zone_of_the_tenant() -> None:
    assert item().window == Period(until=datetime(2026, 12, 31, 23, tzinfo=UTC))


def test_rights_hold_where_they_are_stated_and_nowhere_else() -> None:
    [rule] = (item().rights or pytest.fail("no rights")).permissions
    assert (rule.territories, rule.channels, rule.media) == (frozenset({"DE", "AT"}), UNKNOWN, ANY)
    assert rule.period.until == datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_a_territory_that_is_none_permits_nothing() -> None:
    [rule] = (item({"rights": {"where": ["DE", "Atlantis"]}}).rights or pytest.fail("no rights")).permissions
    assert rule.territories == UNKNOWN


def test_without_territories_there_is_no_permission() -> None:
    assert item({"rights": {"where": [], "credit": None}}).rights is None


@pytest.mark.parametrize("odd", [None, [], "text", 3, {}])
@pytest.mark.parametrize("place", ["title", "values", "codes", "rights", "price", "names"])
def test_an_object_that_is_not_there_states_nothing(place: str, odd: Any) -> None:
    assert item({place: odd}, QUICK).id == "7"


def test_a_date_that_is_none_closes() -> None:
    found = item({"until": "soon"})
    assert found.missing == ("window.until",)
    [rule] = (found.rights or pytest.fail("no rights")).permissions
    assert rule.territories == UNKNOWN


def test_what_is_sent_stands_in_the_systems_own_places() -> None:
    sent = records().wire({
        "title": {"de": "Lärche", "en": "Larch"},
        "caption": {"de": "Baum", "fr": "Arbre"},
        "alt": {"de": "Ein Baum"},
        "ids.sku": "SKU-8",
        "status": "draft",
        "keywords": ["tree", "wood"],
        "weight": 3,
        "published": "2023-11-14T23:13:20+01:00",
    })  # fmt: skip
    assert sent == {
        "title": {"raw": "Lärche"},
        "names": [
            {"languageCode": "de_DE", "caption": "Baum", "alt": "Ein Baum"},
            {"languageCode": "fr", "caption": "Arbre"},
        ],
        "number": "SKU-8",
        "state": "draft",
        "tags": "tree, wood",
        "values": {"weight": [{"scope": "shop", "locale": None, "data": 3.0}]},
        "published": 1700000000,
    }


def test_what_was_sent_is_held_as_it_is_read_back() -> None:
    held = records().as_held(
        {"title": {"de": "Lärche", "en": "Larch"}, "weight": 3, "keywords": ("tree",), "until": None}
    )
    assert held == {"title": "Lärche", "weight": 3.0, "keywords": ["tree"], "until": None}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("status", "rejected", "it can be approved, draft"),
        ("double", 1, "not a field"),
        ("weight", "heavy", "cannot be 'heavy'"),
    ],
)
def test_a_value_the_system_cannot_hold_is_told(name: str, value: Any, said: str) -> None:
    with pytest.raises(Unwritable, match=said):
        records().wire({name: value})
