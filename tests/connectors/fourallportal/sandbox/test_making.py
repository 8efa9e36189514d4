"""Products made and changed in canonical words, as examples of recipes and demos do."""

from pathlib import Path

from .caller import PRODUCTS, value
from .conftest import Start


async def test_a_product_is_made_changed_and_removed_in_canonical_words(start: Start, tmp_path: Path) -> None:
    portal = await start(content=tmp_path)
    said = {"title": "Kettle", "ids.sku": "4711", "ids.gtin": "4006381333931", "ids.family": "KETTLES"}
    id = (await portal.act("make_product", **said))["id"]
    made = await portal.ok("GET", f"{PRODUCTS}/{id}")
    assert [value(made, name) for name in ("article_number", "name", "gtin", "family")] == [
        "4711",
        "Kettle",
        "4006381333931",
        "KETTLES",
    ]
    await portal.act("change_product", **{"id": id, "ids.sku": "4712", "ids.family": None})
    changed = await portal.ok("GET", f"{PRODUCTS}/{id}")
    assert [value(changed, name) for name in ("article_number", "gtin")] == ["4712", "4006381333931"]
    assert not changed.get("family")
    await portal.act("remove_product", id=id)
    assert (await portal("GET", f"{PRODUCTS}/{id}")).status == 404


async def test_a_product_without_an_article_number_is_refused(start: Start, tmp_path: Path) -> None:
    portal = await start(content=tmp_path)
    answer = await portal("POST", "/__sandbox/actions/make_product", json={"title": "Kettle"})
    assert (answer.status, answer.json) == (409, {"error": "A product needs its article number: say ids.sku."})
