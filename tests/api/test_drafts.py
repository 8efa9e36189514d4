"""A flow that is not switched on yet: planned, then switched on or discarded, over HTTP; nothing is written before."""

from typing import Any

import pytest
from tests.api.place import Answer, Place
from tests.world import BINDING, FLOW, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME = "second"
TEXT = BINDING.replace(FLOW, NAME)


async def added(place: Place, query: str = "?draft=true", text: str = TEXT) -> Answer:
    return await place.api.call("POST", f"/api/v1/flows{query}", data=text, headers={"Content-Type": "text/yaml"})


async def planned(place: Place) -> dict[str, Any]:
    started = await place.api.post(f"/flows/{NAME}/plans", expected=202)
    done = await place.api.finished(started["id"])
    assert (done["state"], done["note"]) == ("done", "")
    plan: dict[str, Any] = await place.api.get(f"/plans/{started['id']}")
    return plan


async def test_a_plan_of_a_draft_writes_nothing(watching: Place) -> None:
    before = await watching.world.portal.uploads(), await watching.world.portal.files()
    draft = (await added(watching)).body
    assert (draft["state"], draft["working"]) == ("draft", False)
    plan = await planned(watching)
    assert (plan["state"], plan["account"]["balanced"]) == ("ready", True)
    assert plan["account"]["blocked"] == 3
    now = await watching.api.get(f"/flows/{NAME}")
    assert (now["counts"], now["waiting"], now["state"]) == ({}, 0, "draft")
    assert (await watching.world.portal.uploads(), await watching.world.portal.files()) == before
    await watching.api.delete(f"/flows/{NAME}")
    assert await watching.api.rows("/plans", flow=NAME) == []


async def test_a_draft_does_not_hear_of_changes(watching: Place) -> None:
    await added(watching)
    key = await watching.world.celum.asset("announced", sku="SEED-1")
    await watching.api.post(f"/items/{FLOW}/{key}/look-again", expected=202)

    async def seen() -> Any:
        answer = await watching.api.call("GET", f"/api/v1/items/{FLOW}/{key}")
        return answer if answer.status == 200 else None

    await until(seen)
    assert await watching.api.rows("/items", flow=NAME) == []
    await watching.api.delete(f"/flows/{NAME}")


async def test_a_draft_can_only_be_planned_switched_on_or_discarded(watching: Place) -> None:
    await added(watching)
    for path in ("pause", "resume", "runs"):
        (why,) = (await watching.api.post(f"/flows/{NAME}/{path}", expected=400))["errors"]
        assert "is a draft" in why
    plan = await planned(watching)
    assert "is a draft" in (await watching.api.post(f"/plans/{plan['id']}/apply", expected=400))["errors"][0]
    again = await added(watching, text=TEXT.replace("DE", "CH"))
    assert (again.status, again.body["state"], again.body["version"]) == (201, "draft", 2)
    await watching.api.delete(f"/flows/{NAME}")


async def test_a_flow_that_is_switched_on_cannot_become_a_draft(watching: Place) -> None:
    refused = await added(watching, text=BINDING)
    assert (refused.status, "switched on already" in refused.errors[0]) == (400, True)
    assert (await watching.api.get(f"/flows/{FLOW}"))["state"] == "active"
    assert "is active" in (await watching.api.post(f"/flows/{FLOW}/activate", expected=400))["errors"][0]


async def test_a_draft_that_is_switched_on_is_carried_at_once_and_watched(watching: Place) -> None:
    await added(watching)
    told = await watching.api.post(f"/flows/{NAME}/activate")
    assert told["flow"]["state"] == "active"
    run = await watching.api.finished(told["run"]["id"])
    assert (run["state"], run["kind"]) == ("done", "full")
    assert (await watching.api.get(f"/flows/{NAME}"))["counts"]["blocked"] == 3
    acts = await watching.api.rows("/audit", flow=NAME)
    assert [act["act"] for act in acts if act["act"].startswith("flow")][:2] == ["flow switched on", "flow drafted"]
    await watching.api.delete(f"/flows/{NAME}")


async def test_a_draft_can_be_switched_on_for_what_changes_from_now_on(watching: Place) -> None:
    await added(watching)
    told = await watching.api.post(f"/flows/{NAME}/activate", {"run": False})
    assert (told["run"], told["flow"]["working"], told["flow"]["counts"]) == (None, True, {})
    await watching.api.delete(f"/flows/{NAME}")


async def test_a_draft_added_again_without_that_word_is_switched_on(watching: Place) -> None:
    await added(watching)
    again = await added(watching, "")
    assert (again.status, again.body["state"], again.body["working"]) == (201, "active", True)
    await watching.api.delete(f"/flows/{NAME}")
