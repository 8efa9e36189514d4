"""Items over HTTP: verdicts in words, where they are, what happened to them."""

import hashlib

import pytest
from tests.api.place import Place
from tests.world import DAM, FLOW, PIM

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_delivered_item_tells_where_it_is_and_since_when(place: Place) -> None:
    key = place.assets["packshot 1"]
    item = await place.api.get(f"/items/{FLOW}/{key}")
    file = await place.world.portal.file(key)
    assert file is not None
    there = item["place"]
    assert (there["connection"], there["held"], there["ref"]) == (PIM, "live", file["id"])
    assert there["sha256"] == hashlib.sha256(b"the file of packshot 1").hexdigest()
    assert [link["kind"] for link in there["links"]] == ["product"]
    assert there["words"].startswith(f"visible at {PIM} since 2")
    assert (item["source"], item["identifiers"]["sku"]) == (DAM, ["SEED-1"])
    assert all(verdict["decision"] == "allow" for verdict in item["verdicts"])


async def test_a_blocked_item_tells_in_words_which_gate_stopped_it(place: Place) -> None:
    item = await place.api.get(f"/items/{FLOW}/{place.assets['american']}")
    stopped = [verdict for verdict in item["verdicts"] if verdict["decision"] == "deny"]
    assert [verdict["code"] for verdict in stopped] == ["rights.territory"]
    assert stopped[0]["words"].startswith("“we may use it in these markets” stops it: ")
    assert (item["outcome"], item["place"]["held"], item["place"]["ref"]) == ("blocked", "none", None)


async def test_the_gates_are_asked_as_of_now(place: Place) -> None:
    key = place.assets["draft"]
    before = await place.api.get(f"/items/{FLOW}/{key}/verdicts")
    await place.world.celum.act("release", id=int(key))
    after = await place.api.get(f"/items/{FLOW}/{key}/verdicts")
    await place.world.celum.act("unrelease", id=int(key))
    assert (before["allowed"], after["allowed"]) == (False, True)
    assert (await place.api.get(f"/items/{FLOW}/{key}"))["outcome"] == "blocked"


async def test_an_item_gone_from_the_source_has_no_verdicts(place: Place) -> None:
    told = await place.api.get(f"/items/{FLOW}/99999999/verdicts")
    assert (told["title"], told["allowed"], told["verdicts"]) == (None, False, [])


async def test_the_timeline_carries_the_evidence(place: Place) -> None:
    (entry,) = (await place.api.get(f"/items/{FLOW}/{place.assets['packshot 2']}/timeline"))["rows"]
    assert entry["words"] == "written to the target: created, linked"
    assert entry["sha256"] == hashlib.sha256(b"the file of packshot 2").hexdigest()
    assert len(entry["evidence"]["gates"]) == 5


async def test_items_are_listed_a_page_at_a_time_each_once(place: Place) -> None:
    listed = await place.api.rows("/items", limit=3)
    assert sorted(row["key"] for row in listed) == sorted(place.assets.values())


async def test_items_are_filtered_by_outcome_reason_and_what_the_target_holds(place: Place) -> None:
    async def titles(**filters: str) -> list[str]:
        return sorted(row["title"] for row in await place.api.rows("/items", flow=FLOW, **filters))

    assert await titles(outcome="parked") == ["orphan 1", "orphan 2"]
    assert await titles(outcome="blocked", code="rights.territory") == ["american"]
    assert await titles(held="live") == [f"packshot {n}" for n in range(1, 6)]
    assert await titles(text="PACKSHOT 3") == ["packshot 3"]
    assert await titles(outcome="failed") == []


@pytest.mark.parametrize("after", ["nonsense", "WyJhIl0=", "eyJhIjoxfQ=="])
async def test_what_is_no_place_in_a_list_is_refused(place: Place, after: str) -> None:
    answer = await place.api.get("/items", 400, after=after)
    assert answer["errors"] == [f"{after!r} is no place in this list: give `after` the `next` of the page before"]


async def test_where_a_sku_is_used(place: Place) -> None:
    found = await place.api.get("/where-used", q=" SEED-1 ")
    assert found["found_by"] == "identifier"
    held = {row["title"]: row["place"]["held"] for row in found["rows"]}
    assert held == {
        **{f"packshot {n}": "live" for n in range(1, 6)},
        "draft": "none",
        "american": "none",
        "unstated": "none",
    }


async def test_where_something_is_used_is_found_by_ids_at_the_target_too(place: Place) -> None:
    item = await place.api.get(f"/items/{FLOW}/{place.assets['packshot 4']}")
    product = item["place"]["links"][0]["id"]
    at_product = await place.api.get("/where-used", q=product)
    assert (at_product["found_by"], len(at_product["rows"])) == ("target", 5)
    copy = await place.api.get("/where-used", q=item["place"]["ref"])
    assert [row["key"] for row in copy["rows"]] == [item["key"]]


async def test_where_something_is_used_is_found_by_a_part_of_its_name_and_says_when_there_is_more(place: Place) -> None:
    found = await place.api.get("/where-used", q="packsh", limit=2)
    assert (found["found_by"], len(found["rows"]), found["more"]) == ("name", 2, True)
    none = await place.api.get("/where-used", q="no such thing")
    assert (none["found_by"], none["rows"]) == ("nothing", [])


async def test_an_item_nobody_looked_at_is_not_there(place: Place) -> None:
    for path in ("", "/timeline"):
        answer = await place.api.get(f"/items/{FLOW}/folder/other{path}", 404)
        assert answer["errors"] == [f"flow '{FLOW}' has not looked at an item 'folder/other'"]


async def test_what_has_no_picture_has_no_preview(place: Place) -> None:
    answer = await place.api.get(f"/items/{FLOW}/{place.assets['packshot 1']}/thumbnail", 404)
    assert "has no picture" in answer["errors"][0]
