"""Flows, plans and runs over HTTP."""

from typing import Any

import pytest
from tests.api.place import V1, Place
from tests.world import BINDING, DAM, FLOW, PIM

pytestmark = pytest.mark.asyncio(loop_scope="module")

YAML = {"Content-Type": "text/yaml"}
SECOND = BINDING.replace(FLOW, "second")


async def test_a_flow_tells_what_passed_and_what_stopped_at_each_gate(place: Place) -> None:
    flow = await place.api.get(f"/flows/{FLOW}")
    assert (flow["source"], flow["target"], flow["working"], flow["problem"]) == (DAM, PIM, True, None)
    assert (flow["counts"]["blocked"], flow["counts"]["parked"]) == (3, 2)
    assert flow["counts"].get("written", 0) + flow["counts"].get("unchanged", 0) >= 5
    assert {gate["kind"]: gate["stopped"] for gate in flow["gates"]} == {
        "approved": 1,
        "window": 0,
        "rights": 2,
        "current": 0,
        "complete": 0,
    }
    assert [(one["name"], one["answer"]) for one in flow["ask"]] == [
        ("status", "approved"),
        ("markets", ["DE", "AT", "CH"]),
    ]


async def test_the_list_of_flows_tells_the_last_run(place: Place) -> None:
    (line,) = (await place.api.get("/flows"))["rows"]
    newest = (await place.api.get("/runs", flow=FLOW, limit=1))["rows"][0]
    assert (line["last_run"]["id"], line["parked"]) == (newest["id"], 2)


async def test_the_flow_file_comes_back_as_it_was_given(place: Place) -> None:
    answer = await place.api.call("GET", f"{V1}/flows/{FLOW}/file", 200)
    assert answer.raw.decode() == BINDING
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{FLOW}.yaml"'


async def test_every_problem_of_a_flow_file_is_told_with_its_place_and_remedy(place: Place) -> None:
    broken = BINDING.replace("approved-assets", "aproved-assets").replace("ask:", "asks:")
    answer = await place.api.call("POST", f"{V1}/flows", 422, data=broken, headers=YAML)
    told = {one["line"]: one for one in answer.body["problems"]}
    assert "there is no recipe" in told[2]["sentence"]
    assert "approved-assets-to-products" in told[2]["remedy"]
    assert told[4]["path"] == "asks"
    assert len(answer.errors) == len(answer.body["problems"]) == 2


async def test_a_flow_file_is_checked_without_installing_it(place: Place) -> None:
    told = (await place.api.call("POST", f"{V1}/flows/validate", 200, data=SECOND, headers=YAML)).body
    assert (told["name"], told["installed"], told["changes"]) == ("second", False, True)
    same = (await place.api.call("POST", f"{V1}/flows/validate", 200, data=BINDING, headers=YAML)).body
    assert (same["installed"], same["changes"]) == (True, False)
    assert [line["name"] for line in (await place.api.get("/flows"))["rows"]] == [FLOW]


async def test_a_flow_is_installed_from_json_paused_resumed_and_removed(place: Place) -> None:
    api = place.api
    body = {"flow": "third", "recipe": "approved-assets-to-products", "uses": {"dam": DAM, "pim": PIM}}
    installed = (await api.call("POST", f"{V1}/flows", 201, json=body)).body
    assert (installed["name"], installed["working"], installed["version"]) == ("third", True, 1)
    assert (await api.post("/flows/third/pause"))["working"] is False
    refusal = await api.post("/flows/third/runs", expected=400)
    assert refusal["errors"] == ["flow 'third' is paused: resume it first"]
    assert (await api.post("/flows/third/resume"))["state"] == "active"
    await api.delete("/flows/third")
    await api.get("/flows/third", 404)


async def test_a_flow_bound_to_nothing_is_refused_with_what_there_is(place: Place) -> None:
    stranger = SECOND.replace(f"dam: {DAM}", "dam: nobody")
    answer = await place.api.call("POST", f"{V1}/flows", 404, data=stranger, headers=YAML)
    assert answer.errors == [f"there is no connection 'nobody'; there are: {DAM}, {PIM}"]


async def test_bytes_that_are_no_text_are_no_flow_file(place: Place) -> None:
    answer = await place.api.call("POST", f"{V1}/flows", 400, data=b"\xff\xfe flow", headers=YAML)
    assert answer.errors == ["the flow file is not text in UTF-8"]


async def test_a_plan_is_made_looked_at_and_applied(place: Place) -> None:
    api = place.api
    new = await place.world.celum.asset("planned", sku="SEED-1")
    plan = await api.post(f"/flows/{FLOW}/plans", expected=202)
    await api.finished(plan["id"])
    ready = await api.get(f"/plans/{plan['id']}")
    assert (ready["state"], ready["summary"]) == ("ready", {"create": 1, "link": 1})
    (change,) = await api.rows(f"/plans/{plan['id']}/changes", action="create")
    assert (change["key"], change["file_after"]) == (new, "planned.txt")
    assert {"field": "status", "before": None, "after": "approved"} in change["fields"]
    assert await api.rows(f"/plans/{plan['id']}/changes", action="withdraw") == []

    run = await api.finished((await api.post(f"/plans/{plan['id']}/apply", expected=202))["id"])
    assert (run["state"], run["account"]["read"], run["account"]["linked"]) == ("done", 1, 1)
    applied = await api.get(f"/plans/{plan['id']}")
    assert (applied["state"], applied["run"]) == ("applied", run["id"])
    refusal = await api.post(f"/plans/{plan['id']}/apply", expected=400)
    assert refusal["errors"] == [f"plan {plan['id']} is applied: only one that is ready can be applied"]
    assert (await api.rows("/plans", flow=FLOW))[0]["id"] == plan["id"]


async def test_a_second_run_finds_all_unchanged_and_tells_its_pace(place: Place) -> None:
    started = await place.api.post(f"/flows/{FLOW}/runs", {"kind": "sweep"}, expected=202)
    run = await place.api.finished(started["id"])
    assert (run["kind"], run["params"], run["done"]) == ("sweep", {"verify": True}, 1.0)
    assert run["account"]["balanced"]
    assert run["account"]["written"] == 0
    assert run["items_per_second"] == pytest.approx(run["account"]["read"] / run["seconds"], rel=0.2)


async def test_runs_are_listed_newest_first_a_page_at_a_time(place: Place) -> None:
    api = place.api
    for _ in range(3):
        await api.finished((await api.post(f"/flows/{FLOW}/runs", expected=202))["id"])
    listed = await api.rows("/runs", flow=FLOW, kind="full", limit=2)
    starts = [run["started"] for run in listed]
    assert starts == sorted(starts, reverse=True)
    assert len({run["id"] for run in listed}) == len(listed) >= 4
    assert await api.rows("/runs", flow=FLOW, state="failed") == []


async def test_a_run_that_has_ended_cannot_be_cancelled(place: Place) -> None:
    run = await place.api.finished((await place.api.post(f"/flows/{FLOW}/runs", expected=202))["id"])
    refusal = await place.api.post(f"/runs/{run['id']}/cancel", expected=400)
    assert refusal["errors"] == [f"run {run['id']} has ended already: it is done"]


async def test_a_run_under_way_is_cancelled(place: Place) -> None:
    faults = f"{place.world.celum.url}/__sandbox/faults"
    slow = [{"match": "POST /content-api/v1/assets/search", "kind": "slow", "delay_ms": 2000, "times": 1}]
    async with place.api.http.put(faults, json=slow) as answer:
        assert answer.ok
    started = await place.api.post(f"/flows/{FLOW}/runs", {"verify": True}, expected=202)
    cancelled = await place.api.post(f"/runs/{started['id']}/cancel")
    assert (cancelled["state"], cancelled["seconds_left"]) == ("cancelled", None)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"kind": "everything"}, "body kind: input should be 'full' or 'sweep'"),
        ({"confirm": 0}, "body confirm: input should be greater than or equal to 1"),
        ({"verfy": True}, "body verfy: extra inputs are not permitted"),
    ],
)
async def test_a_run_asked_for_wrongly_is_refused_in_words(place: Place, body: Any, sentence: str) -> None:
    answer = await place.api.post(f"/flows/{FLOW}/runs", body, expected=422)
    assert answer["errors"] == [sentence]


async def test_what_was_done_is_told_by_hour(place: Place) -> None:
    series = await place.api.get(f"/flows/{FLOW}/series", hours=2)
    written = sum(point["outcomes"].get("written", 0) for point in series["points"])
    reasons = {code for point in series["points"] for code in point["reasons"]}
    assert written >= 5
    assert {"approved.no", "rights.territory", "rights.unknown", "product.missing"} <= reasons


async def test_a_recipe_tells_what_it_needs_and_asks(place: Place) -> None:
    (line,) = (await place.api.get("/recipes"))["rows"]
    recipe = await place.api.get(f"/recipes/{line['name']}")
    assert {"find", "link", "upsert"} <= set(recipe["uses"]["pim"]["needs"])
    assert [one["name"] for one in recipe["ask"] if one["many"]] == ["markets"]
    assert recipe["text"].startswith(f"recipe: {line['name']}\n")
    schemas = await place.api.get("/recipes/schema")
    assert {"flow", "recipe", "uses"} <= schemas["flow"]["properties"].keys()
    refusal = await place.api.get("/recipes/alchemy", 404)
    assert line["name"] in refusal["errors"][0]
