"""What administrators set up in the portal, and versions of objects as the portal keeps them."""

from pathlib import Path

import pytest

from .caller import COFFEE_MAKER, PRODUCTS, Caller, value
from .conftest import Start

BRANDS = "/api/modules/marke/objects"


async def test_a_module_of_the_tenants_own_has_objects_a_feed_and_links(portal: Caller) -> None:
    await portal.act("add_module", name="marke", label="Marken")
    await portal.act("add_field", module="marke", name="logo", type="CEExternalId", label="Logo", target="file")
    (id,) = await portal.ok("PATCH", BRANDS, json=[{"name": [{"value": "Ahorn"}]}])
    assert await portal.news("all_marke", 0) == [(id, 0, 2)]
    far = await portal.ok("GET", "/api/system/value-options?ids=file.referenced_by")
    assert {"key": "marke_logo", "icon": "V-FIELD_LINK"} in [
        item for group in far["file.referenced_by"]["groups"] for item in group["items"]
    ]
    assert "marke" in {one["name"] for one in await portal.ok("GET", "/api/modules")}


async def test_a_choice_takes_its_keys_only_and_shows_their_labels(portal: Caller) -> None:
    states = {"o": "Offen", "f": "Freigegeben"}
    await portal.act("add_field", module="product", name="freigabe", type="CEEnum", label="Freigabe", options=states)
    await portal.set(COFFEE_MAKER, freigabe="f")
    message = await portal.refused(
        400, "PATCH", PRODUCTS, json=[{"id": COFFEE_MAKER, "freigabe": [{"value": "Freigegeben"}]}]
    )
    listed = await portal.ok("GET", "/api/system/value-options?ids=product_freigabe")
    assert "Unknown option" in message
    assert listed["product_freigabe"]["items"] == [
        {"key": "o", "label": "Offen"},
        {"key": "f", "label": "Freigegeben"},
    ]


async def test_a_removed_field_is_not_shown_written_or_fed_any_more(portal: Caller) -> None:
    before = await portal.hash("all_product")
    await portal.act("remove_field", module="product", name="tags")
    assert "tags" not in await portal.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}")
    await portal.refused(400, "PATCH", PRODUCTS, json=[{"id": COFFEE_MAKER, "tags": [{"value": ["x"]}]}])
    assert await portal.hash("all_product") != before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"name": "Grösse", "type": "CEVarchar"}, "is no name"),
        ({"name": "module", "type": "CEVarchar"}, "is no name"),
        ({"name": "a" * 29, "type": "CEVarchar"}, "is no name"),
        ({"name": "name", "type": "CEVarchar"}, "There is a field name already"),
        ({"name": "colour", "type": "Colour"}, "A field is one of"),
        ({"name": "brand", "type": "CEExternalId"}, "leads to a target module"),
        ({"name": "text", "type": "CEText", "dimensions": ["planet"]}, "no dimension planet"),
        ({"name": "link", "type": "CEExternalId", "target": "planet"}, "no module planet"),
    ],
)
async def test_a_field_that_cannot_be_is_refused_in_words(
    portal: Caller, arguments: dict[str, object], said: str
) -> None:
    answer = await portal("POST", "/__sandbox/actions/add_field", json={"module": "product", "label": "X", **arguments})
    assert (answer.status, said in answer.body.decode()) == (409, True)


async def test_what_was_set_up_outlives_the_process_and_ends_with_a_reset(start: Start, tmp_path: Path) -> None:
    first = await start(state=tmp_path)
    await first.act("add_module", name="marke", label="Marken")
    await first.act("remove_field", module="product", name="tags")
    kept = await first.ok("POST", f"{PRODUCTS}/{COFFEE_MAKER}/versions", json={"comment": "as it was"})
    second = await start(state=tmp_path)
    assert await second.ok("GET", "/api/modules/marke?groups=fields")
    assert (await second.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}/versions"))["result"] == [kept]
    await second.ok("POST", "/__sandbox/reset")
    await second.refused(404, "GET", "/api/modules/marke")
    assert (await second.ok("GET", f"{PRODUCTS}/{COFFEE_MAKER}/versions"))["result"] == []


async def test_a_version_brings_values_back_but_no_key_that_another_has_by_now(portal: Caller) -> None:
    id = await portal.product("AB-900", price=10)
    kept = await portal.ok("POST", f"{PRODUCTS}/{id}/versions", json={"comment": "old"})
    await portal.set(id, article_number="AB-901", price=7)
    await portal.product("AB-900")
    restored = await portal.ok("POST", f"{PRODUCTS}/{id}/versions/{kept['id']}/restore", json={})
    found = await portal.ok("GET", f"{PRODUCTS}/{id}")
    assert (restored, value(found, "price"), value(found, "article_number")) == (kept, 10, "AB-901")


async def test_versions_are_of_one_object_and_have_a_text_for_a_comment(portal: Caller) -> None:
    kept = await portal.ok("POST", f"{PRODUCTS}/{COFFEE_MAKER}/versions", json={})
    other = await portal.product("AB-902")
    await portal.refused(404, "POST", f"{PRODUCTS}/{other}/versions/{kept['id']}/restore", json={})
    await portal.refused(400, "POST", f"{PRODUCTS}/{other}/versions", json={"comment": 7})
    await portal.refused(404, "GET", f"{PRODUCTS}/no-such-id/versions")
