"""A tenant with fields and modules of its own, named in German: schema, proposal, one confirmation, reading by it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import pytest

from lockgate.connectors.fourallportal.connector import FourAllPortal
from lockgate.kit.profile import Match, Profile, accept, propose

Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]
FILES, PRODUCTS = "/api/modules/file/objects", "/api/modules/product/objects"
Declared = tuple[str, str, str, dict[str, Any]]
STATES = {"o": "Offen", "p": "In Prüfung", "f": "Freigegeben", "g": "Gesperrt"}
FILE: tuple[Declared, ...] = (
    ("bildtitel", "CEVarchar", "Bildtitel", {"dimensions": ["locale"]}),
    ("bildbeschreibung", "CEText", "Bildbeschreibung", {}),
    ("stichworte", "CEVarcharList", "Stichwörter", {}),
    ("copyrightvermerk", "CEVarchar", "Copyright-Vermerk", {}),
    ("liz_bis", "CEDate", "Lizenz gültig bis", {}),
    ("nutzbed", "CEText", "Nutzungsbedingungen", {}),
    ("fotonachw", "CEVarchar", "Fotonachweis", {}),
    ("freigabe", "CEEnum", "Freigabestand", {"options": STATES}),
    ("kostenstelle", "CEVarchar", "Kostenstelle", {}),
)
PRODUCT: tuple[Declared, ...] = (
    ("artikelnr", "CEVarchar", "Artikelnr.", {"unique": True}),
    ("ean13", "CEVarchar", "EAN 13", {}),
    ("warengruppe", "CEVarchar", "Warengruppe", {}),
    ("produktname", "CEVarchar", "Produktname", {"dimensions": ["locale"]}),
    ("langtext", "CEText", "Langtext", {}),
    ("produktbilder", "CEExternalIdList", "Produktbilder", {"target": "file"}),
    ("frei_status", "CEEnum", "Freigabestatus", {"options": STATES}),
    ("lieferantennr", "CEVarchar", "Lieferantennummer", {}),
)
USUAL = {
    "file": ("title", "description", "keywords", "copyright", "license_until", "status"),
    "product": ("article_number", "name", "description", "tags", "images", "status"),
}


@pytest.fixture
async def german(tenant: Any) -> Any:
    """The tenant with what its administrator set up instead of what is usual."""
    for module, fields in (("file", FILE), ("product", PRODUCT)):
        for name in USUAL[module]:
            await tenant.act("remove_field", module=module, name=name)
        for name, kind, label, more in fields:
            await tenant.act("add_field", module=module, name=name, type=kind, label=label, **more)
    await tenant.act("add_module", name="marke", label="Marken")
    await tenant.act("add_field", module="marke", name="kuerzel", type="CEVarchar", label="Kürzel")
    await tenant.act("add_field", module="marke", name="markenlogo", type="CEExternalId", label="Logo", target="file")
    return tenant


async def proposed(connect: Connect) -> dict[str, dict[str, Match]]:
    async with connect(by=Profile()) as portal:
        found = propose(await portal.schema(), FourAllPortal.hints)
    return {kind: {one.canonical: one for one in matches} for kind, matches in found.items()}


async def confirmed(connect: Connect) -> Profile:
    async with connect(by=Profile()) as portal:
        schema = await portal.schema()
    return accept(
        schema, propose(schema, FourAllPortal.hints), by="a person", at=datetime.now(UTC), zone="Europe/Berlin"
    )


@pytest.mark.usefixtures("german")
async def test_german_names_of_fields_are_proposed_for_what_they_carry(connect: Connect) -> None:
    found = await proposed(connect)
    assert {name: one.field for name, one in found["asset"].items()} == {
        "title": "bildtitel",
        "description": "bildbeschreibung",
        "keywords": "stichworte",
        "copyright": "copyrightvermerk",
        "license_until": "liz_bis",
        "usage_rights": "nutzbed",
        "credit": "fotonachw",
        "status": "freigabe",
    }
    assert {name: one.field for name, one in found["product"].items()} == {
        "ids.sku": "artikelnr",
        "ids.gtin": "ean13",
        "ids.family": "warengruppe",
        "title": "produktname",
        "texts.description": "langtext",
        "images": "produktbilder",
        "status": "frei_status",
    }
    assert {name: one.field for name, one in found["marke"].items()} == {
        "title": "name", "ids.code": "kuerzel", "images": "markenlogo"
    }  # fmt: skip


@pytest.mark.usefixtures("german")
async def test_choices_labelled_in_german_mean_what_they_say_and_no_more(connect: Connect) -> None:
    status = (await proposed(connect))["product"]["status"]
    assert status.values == {"o": "draft", "p": "in_review", "f": "approved", "g": "rejected"}


async def test_what_was_confirmed_in_one_go_reads_the_tenant(german: Any, connect: Connect) -> None:
    picture = await german.upload()
    await german.call(
        "PATCH", FILES, [{"id": picture, "liz_bis": [{"value": "2030-06-30"}], "freigabe": [{"value": "f"}]}]
    )
    wire: dict[str, Any] = {
        "artikelnr": "K-9",
        "ean13": "4006381333931",
        "produktbilder": [picture],
        "frei_status": "p",
    }
    product = await german.set(PRODUCTS, wire)
    brand = await german.set("/api/modules/marke/objects", {"name": "Ahorn", "kuerzel": "AH", "markenlogo": picture})
    async with connect(by=await confirmed(connect)) as portal:
        (asset,) = await portal.fetch("asset", [picture])
        (item,) = await portal.fetch("product", [product])
        (mark,) = await portal.fetch("marke", [brand])
        assert await portal.find("product", "sku", ["K-9"]) == {"K-9": [product]}
    assert (asset.status, asset.window.until) == ("approved", datetime(2030, 6, 30, 22, tzinfo=UTC))
    assert (item.status, item.identifiers["gtin"]) == ("in_review", ("04006381333931",))
    assert [(one.type, one.id) for one in item.relations] == [("images", picture)]
    assert (mark.title, mark.identifiers["code"]) == ({"und": "Ahorn"}, ("AH",))


async def test_a_schema_that_grew_has_another_digest_and_is_proposed_anew(german: Any, connect: Connect) -> None:
    before = await confirmed(connect)
    await german.act("add_field", module="product", name="markteinf", type="CEDate", label="Markteinführung")
    after = await confirmed(connect)
    assert before.schema_digest != after.schema_digest


async def test_a_person_is_told_why_a_field_cannot_be_removed(tenant: Any) -> None:
    async with tenant.session.post(
        f"{tenant.url}/__sandbox/actions/remove_field", json={"module": "product", "name": "publish_webshop"}
    ) as answer:
        assert (answer.status, "A connector decides by field publish_webshop" in await answer.text()) == (409, True)
