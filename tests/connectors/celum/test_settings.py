"""Addresses, credentials and hints: what a person sets a connection up with."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from lockgate.connectors.celum.client import base_url
from lockgate.connectors.celum.connector import Celum, CelumSettings
from lockgate.connectors.celum.mapping import to_schema
from lockgate.kit.profile import propose


@pytest.mark.parametrize(
    "site",
    [
        "acme.celum.example",
        "https://acme.celum.example",
        "https://acme.celum.example/",
        " https://acme.celum.example/content-api/ ",
        "https://acme.celum.example/content-api/v1",
        "https://acme.celum.example/content-api/v1/",
        "https://acme.celum.example/content-api/v1/swagger-ui/index.html",
    ],
)
def test_every_way_to_write_the_address_leads_to_the_api(site: str) -> None:
    assert base_url(site) == "https://acme.celum.example/content-api/v1"


def test_port_plain_http_and_a_path_of_its_own_are_kept() -> None:
    assert base_url("http://127.0.0.1:8080") == "http://127.0.0.1:8080/content-api/v1"
    assert base_url("https://dam.acme.example/celum/content-api") == "https://dam.acme.example/celum/content-api/v1"


@pytest.mark.parametrize(
    ("site", "remedy"),
    [
        ("https://acme.celum.example/cora/", "without /cora"),
        ("https://me:secret@acme.celum.example", "user and password"),
        ("ftp://acme.celum.example", "reads https://"),
        ("", "reads https://"),
    ],
)
def test_a_wrong_address_is_refused_with_its_remedy(site: str, remedy: str) -> None:
    with pytest.raises(ValidationError, match=remedy):
        CelumSettings.model_validate({"site": site, "key": "k-123456"})


@pytest.mark.parametrize("credentials", [{}, {"key": " "}, {"key": "k", "user": "u", "password": "p"}, {"user": "u"}])
def test_exactly_one_kind_of_credentials_is_wanted(credentials: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CelumSettings.model_validate({"site": "acme.celum.example"} | credentials)


def test_the_connection_may_call_its_site_whichever_way_that_was_written() -> None:
    for site in ("acme.celum.example", "https://acme.celum.example/content-api/v1"):
        assert CelumSettings.model_validate({"site": site, "key": "k"}).site_hosts() == ("acme.celum.example:443",)


def test_the_hints_find_every_field_of_the_tenant(payload: Callable[[str], Any]) -> None:
    proposed = propose(to_schema(payload("information-fields__tenant")), Celum.hints)["asset"]
    sure = {one.canonical: one.field for one in proposed if one.confidence >= 0.6}
    assert sure == {
        "ids.sku": "sku",
        "ids.gtin": "gtin",
        "ids.family": "product-family",
        "texts.caption": "caption",
        "texts.description": "description",
        "texts.copyright": "copyright",
        "keywords.subject": "tags",
        "keywords.campaign": "campaign",
        "languages": "languages",
        "rights.cleared": "cleared",
        "rights.territories": "regions",
        "rights.prohibited": "restricted-regions",
        "rights.channels": "channels",
        "rights.from": "license-from",
        "rights.until": "license-until",
        "rights.statement": "usage-terms",
        "rights.credit": "credit-line",
        "fields.creator": "creator",
        "fields.season": "season",
        "fields.rating": "rating",
        "fields.weight": "weight",
        "fields.taken": "shot-on",
        "fields.notes": "notes",
    }
