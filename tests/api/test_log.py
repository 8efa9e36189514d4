"""What a run did, item by item, and whether the installation is in order, over HTTP."""

from typing import Any

import pytest
from tests.api.place import Place
from tests.world import DAM, FLOW, PIM, send

from lockgate.app.version import VERSION

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def first_run(place: Place) -> str:
    return str((await place.api.rows("/runs", flow=FLOW, kind="full"))[-1]["id"])


async def test_a_run_tells_what_it_did_with_each_item_a_page_at_a_time(place: Place) -> None:
    log = await place.api.rows(f"/runs/{await first_run(place)}/log", limit=3)
    assert sorted(entry["key"] for entry in log) == sorted(place.assets.values())
    by_name = {entry["title"]: entry for entry in log}
    assert by_name["packshot 1"]["words"] == "written to the target: created, linked"
    assert by_name["draft"]["evidence"]["gates"]
    assert {entry["flow"] for entry in log} == {FLOW}
    assert [entry["n"] for entry in log] == sorted((entry["n"] for entry in log), reverse=True)


async def test_a_run_tells_what_stopped_and_why(place: Place) -> None:
    path = f"/runs/{await first_run(place)}/log"
    assert [one["title"] for one in await place.api.rows(path, act="blocked", code="approved.no")] == ["draft"]
    parked = await place.api.rows(path, act="parked", limit=1)
    assert sorted(one["title"] for one in parked) == ["orphan 1", "orphan 2"]
    assert await place.api.rows(path, act="failed") == []


async def test_there_is_no_log_of_a_run_that_never_was(place: Place) -> None:
    assert (await place.api.get("/runs/never/log", 404))["errors"]
    run = await first_run(place)
    for after in ("x", "WyJhIiwgMV0=", "Wy0xLCAtMV0="):
        assert (await place.api.get(f"/runs/{run}/log", 400, after=after))["errors"]


async def findings(place: Place) -> dict[str, dict[str, Any]]:
    return {one["what"]: one for one in (await place.api.get("/health"))["rows"]}


async def test_what_is_in_order_is_told(place: Place) -> None:
    found = await findings(place)
    for what in ("process", f"connection {DAM}", f"connection {PIM}", f"flow {FLOW}", "clock", "inbox"):
        assert found[what]["state"] == "ok", found[what]


async def test_what_is_not_in_order_is_told_with_its_remedy(place: Place) -> None:
    faults = f"{place.world.celum.url}/__sandbox/faults"
    await send(place.api.http, "PUT", faults, [{"match": "*", "kind": "status", "status": 401}])
    try:
        broken = (await findings(place))[f"connection {DAM}"]
        needs = (await place.api.get("/overview"))["needs"]
    finally:
        await send(place.api.http, "DELETE", faults)
    assert broken["state"] == "fail"
    assert broken["remedy"].endswith(f"lockgate connect check {DAM}`")
    assert DAM in [one["connection"] for one in needs if one["kind"] == "connection"]
    assert (await findings(place))[f"connection {DAM}"]["state"] == "ok"


async def test_the_version_is_told(place: Place) -> None:
    assert (await place.api.get("/version"))["lockgate"] == VERSION
