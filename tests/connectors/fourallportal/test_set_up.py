"""Setting a connection up: settings, what `check` tries, the schema and the profile proposed from it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from lockgate.connectors.fourallportal.client import items
from lockgate.connectors.fourallportal.connector import FourAllPortal, PortalSettings
from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.kit.errors import NeedsOperator
from lockgate.kit.profile import accept, propose
from lockgate.kit.sandbox import SandboxConfig, serving
from lockgate.kit.sandbox.registry import load

Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]
KEY = "75d6a19f-7e44-4ae5-b81f-7292bc9f774d"


@pytest.mark.parametrize(
    "given",
    ["https://acme.example", "https://acme.example/", " https://acme.example/api/ ", "https://acme.example/api"],
)
def test_the_address_is_taken_with_or_without_slash_and_api(given: str) -> None:
    settings = PortalSettings.model_validate({"site": given, "key": KEY})
    assert settings.site == "https://acme.example"
    assert settings.site_hosts() == ("acme.example:443",)


@pytest.mark.parametrize("given", ["acme.example", "ftp://acme.example", "https://", "//acme.example"])
def test_an_address_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(ValidationError, match="https://host"):
        PortalSettings.model_validate({"site": given, "key": KEY})


def test_a_time_zone_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="Europe/Berlin"):
        Quirks(feed_zone="Middle Earth")


# ── check ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_portal_that_does_all_we_need_gives_no_notes(connect: Connect) -> None:
    async with connect() as portal:
        info = await portal.check()
    assert (info.product, info.notes) == ("4ALLPORTAL", ())


@pytest.mark.parametrize(
    ("quirks", "told"),
    [
        ({"file_module": "mam"}, "no module 'mam'"),
        ({"search_param": "filter"}, "ignores conditions in `filter`"),
        ({"sort_param": "order"}, "ignores the order in `order`"),
        ({"key_field": "lockgate_key"}, "no plain text field 'lockgate_key'"),
        ({"key_field": "title"}, "no plain text field 'title'"),
        ({"key_field": "publish_webshop"}, "no plain text field 'publish_webshop'"),
        ({"upload_folder": "nowhere"}, "no folder nowhere"),
    ],
)
async def test_what_makes_the_connection_useless_stops_the_set_up(
    connect: Connect, quirks: dict[str, Any], told: str
) -> None:
    async with connect(**quirks) as portal:
        with pytest.raises(NeedsOperator, match=told):
            await portal.check()


@pytest.mark.parametrize(
    ("quirks", "told"),
    [
        ({"page_size_params": ["pageSize"]}, "ignores the page size"),
        ({"total_param": "withTotal"}, "states no totals"),
        ({"status_field": "lifecycle"}, "has no field lifecycle, so copies cannot be hidden"),
        ({"publish_fields": ["publish_ebay"]}, "has no field publish_ebay; hiding leaves it out"),
        ({"hidden_status": "HIDDEN"}, "has no choice 'HIDDEN'"),
        ({"original_usage": "Master"}, "cannot be read as Master"),
        ({"file_feed": "lockgate_file"}, "no connector lockgate_file in the portal; changes of assets come by webhook"),
        ({"file_feed": "all_product"}, "is about module product, not file"),
        ({"product_feed": "webshop_product"}, "has conditions"),
    ],
)
async def test_what_only_costs_something_is_noted(connect: Connect, quirks: dict[str, Any], told: str) -> None:
    async with connect(**quirks) as portal:
        notes = (await portal.check()).notes
    assert len(notes) == 1
    assert told in notes[0]


async def test_conditions_in_another_grammar_are_named_at_set_up(tenant: Any, connect: Connect) -> None:
    await tenant.fault({"match": "GET /api/modules/file/objects", "kind": "status", "status": 400})
    async with connect() as portal:
        with pytest.raises(NeedsOperator, match="Searches are understood otherwise there"):
            await portal.check()


async def test_a_role_that_may_not_download_is_named_at_set_up(tenant: Any, connect: Connect) -> None:
    await tenant.switch(rights=["view", "create", "edit", "upload"])
    async with connect() as portal:
        with pytest.raises(NeedsOperator, match="access to the module File transfers"):
            await portal.check()


async def test_a_portal_that_knows_originals_in_small_letters_only_is_read_all_the_same(
    tenant: Any, connect: Connect
) -> None:
    await tenant.fault({"match": "GET /api/modules/file/objects/*/media/Original", "kind": "status", "status": 404})
    async with connect() as portal:
        assert (await portal.check()).notes == ()


# ── schema and profile ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_profile_proposed_for_a_tenant_fed_from_a_dam_is_complete(connect: Connect, tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "products.csv").write_text("sku,name,gtin,family\nSKU-1,Larch,4006381333931,TREES\n")
    async with (
        serving(load("fourallportal")(SandboxConfig(key=KEY, content=content))) as url,
        connect(site=url) as portal,
    ):
        schema = await portal.schema()
    profile = accept(schema, propose(schema, FourAllPortal.hints), by="a person", at=datetime.now(UTC))
    asset, product = ({one.canonical: one.field for one in profile.matches[kind]} for kind in ("asset", "product"))
    assert asset == {name: name for name in (
        "title", "description", "keywords", "copyright", "license_until", "usage_rights", "language", "campaign", "format",
        "credit", "restrictions", "status")}  # fmt: skip
    assert product == {
        "ids.sku": "article_number", "ids.gtin": "gtin", "ids.family": "family", "title": "name",
        "texts.description": "description", "images": "images", "status": "status",
    }  # fmt: skip
    match = profile.match("product", "status")
    assert match is not None
    assert match.values == {one: one for one in ("draft", "in_review", "approved", "rejected", "archived")}


def test_german_labels_and_strange_keys_are_recognised(payload: Callable[[str], Any]) -> None:
    from lockgate.connectors.fourallportal.mapping import field_info
    from lockgate.kit.profile import schema_of

    options = dict(items(payload("value-options__plain")["product_status"]))
    fields = payload("module__product")["fields"]
    schema = schema_of({"product": tuple(
        field_info(one, options if one["name"] == "status" else {}, Quirks()) for one in fields)})  # fmt: skip
    matches = {one.canonical: one for one in propose(schema, FourAllPortal.hints)["product"]}
    assert (matches["ids.sku"].field, matches["images"].field) == ("article_number", "images")
    assert matches["status"].values == {"NEU": "draft", "FREI": "approved", "ALT": "archived"}


def test_options_are_read_from_groups_as_well(payload: Callable[[str], Any]) -> None:
    told = items(payload("value-options__grouped")["file.referenced_by"])
    assert [key for key, _ in told] == ["product_images", "product_main_image"]


async def test_a_portal_without_a_history_is_noted(connect: Connect) -> None:
    async with connect() as portal:
        assert not [note for note in (await portal.check()).notes if "history" in note]
    async with connect(audit_path="/api/modules/{module}/objects/{id}/past") as portal:
        assert "The history of objects cannot be read" in " ".join((await portal.check()).notes)
