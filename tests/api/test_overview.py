"""The installation at one glance, and the one search, over HTTP."""

import itertools

import pytest
from tests.api.place import Place
from tests.world import DAM, FLOW, PIM

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_overview_tells_who_feeds_whom_and_with_what_success(place: Place) -> None:
    seen = await place.api.get("/overview")
    assert sorted(one["name"] for one in seen["systems"]) == sorted([DAM, PIM])
    (flow,) = seen["flows"]
    assert (flow["name"], flow["source"], flow["target"]) == (FLOW, DAM, PIM)
    assert flow["held"] == {"none": 5, "live": 5, "hidden": 0}
    assert (flow["blocked"], flow["parked"], flow["waiting"], flow["running"]) == (3, 2, 0, [])
    (series,) = seen["series"]
    assert sum(point["outcomes"].get("written", 0) for point in series["points"]) == 5


async def test_the_overview_tells_what_waits_for_a_person_and_why(place: Place) -> None:
    needs = (await place.api.get("/overview"))["needs"]
    (parked,) = [one for one in needs if one["kind"] == "parked"]
    assert (parked["flow"], parked["code"], parked["n"]) == (FLOW, "product.missing", 2)
    assert "has no product with sku NOWHERE-" in parked["sentence"]


async def test_the_way_of_a_flow_adds_up_from_step_to_step(place: Place) -> None:
    steps = (await place.api.get(f"/flows/{FLOW}"))["funnel"]
    assert (steps[0]["kind"], steps[0]["passed"]) == ("known", 10)
    for before, after in itertools.pairwise(steps[:-1]):
        assert after["passed"] == before["passed"] - after["stopped"]
    stopped = {one["kind"]: [(why["code"], why["n"]) for why in one["reasons"]] for one in steps if one["stopped"]}
    assert stopped == {
        "approved": [("approved.no", 1)],
        "rights": [("rights.territory", 1), ("rights.unknown", 1)],
        "counterpart": [("product.missing", 2)],
    }
    assert (steps[-1]["kind"], steps[-1]["passed"], steps[-2]["passed"]) == ("shown", 5, 5)


@pytest.mark.parametrize(
    ("text", "found_by", "names"),
    [
        ("NOWHERE-1", "identifier", ["orphan 1"]),
        ("nowhere", "beginning", ["orphan 1", "orphan 2"]),
        ("orph 2", "title", ["orphan 2"]),
        ("AMERICAN", "title", ["american"]),
    ],
)
async def test_items_are_found_by_numbers_and_words(place: Place, text: str, found_by: str, names: list[str]) -> None:
    found = await place.api.get("/search", q=text)
    assert {hit["found_by"] for hit in found["hits"]} == {found_by}
    assert sorted(hit["key"] for hit in found["hits"]) == sorted(place.assets[name] for name in names)


async def test_an_item_is_found_by_its_id_its_copy_and_its_product(place: Place) -> None:
    key = place.assets["packshot 1"]
    where = (await place.api.get(f"/items/{FLOW}/{key}"))["place"]
    for text, found_by in ((key, "key"), (where["ref"], "copy"), (where["links"][0]["id"], "counterpart")):
        hits = (await place.api.get("/search", q=text))["hits"]
        assert (key, found_by) in [(hit["key"], hit["found_by"]) for hit in hits]


async def test_flows_connections_and_runs_are_found_by_name(place: Place) -> None:
    run = (await place.api.get("/runs", flow=FLOW))["rows"][0]["id"]
    for text, kind, name in ((FLOW[:4], "flow", FLOW), (PIM[:3], "connection", PIM), (run, "run", run)):
        hits = (await place.api.get("/search", q=text))["hits"]
        assert name in [hit[kind] for hit in hits if hit["kind"] == kind]


async def test_a_search_says_when_there_is_more(place: Place) -> None:
    found = await place.api.get("/search", q="packshot", limit=2)
    assert (len(found["hits"]), found["more"]) == (2, True)
    assert (await place.api.get("/search", q="nothing like it"))["hits"] == []
    assert (await place.api.get("/search", 400, q="  "))["errors"]


async def test_parked_items_are_found_by_text_and_listed_by_age(place: Place) -> None:
    found = await place.api.rows("/parked", text="NOWHERE-2")
    assert [row["key"] for row in found] == [place.assets["orphan 2"]]
    oldest = await place.api.rows("/parked", order="oldest", limit=1)
    assert sorted(row["key"] for row in oldest) == sorted(place.assets[f"orphan {n}"] for n in (1, 2))
    assert await place.api.rows("/parked", before="2020-01-01T00:00:00Z") == []
