"""What a flow is set up from, over HTTP: fitting connections, answers to choose, samples, the file."""

import pytest
from tests.api.place import Place
from tests.world import DAM, FLOW, PIM

RECIPE = "approved-assets-to-products"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_each_role_is_offered_the_connections_that_can_take_it(place: Place) -> None:
    setup = await place.api.get(f"/recipes/{RECIPE}/setup")
    roles = {one["role"]: one for one in setup["roles"]}
    assert DAM in roles["dam"]["fits"]
    assert PIM in roles["pim"]["fits"]
    assert DAM not in roles["pim"]["fits"]


async def test_answers_are_offered_in_the_words_of_the_system_that_is_bound(place: Place) -> None:
    unbound = await place.api.get(f"/recipes/{RECIPE}/setup")
    assert all(one["options"] == [] for one in unbound["ask"] if one["choices"] == "dam.status")
    bound = await place.api.get(f"/recipes/{RECIPE}/setup", use=f"dam:{DAM}")
    [status] = [one for one in bound["ask"] if one["choices"] == "dam.status"]
    assert "approved" in {one["value"] for one in status["options"]}


async def test_the_answers_come_to_a_file_that_can_be_installed(place: Place) -> None:
    asked = {"recipe": RECIPE, "uses": {"dam": DAM, "pim": PIM}, "ask": {"markets": ["NO", "AT"]}}
    made = await place.api.post("/flows/file", asked)
    checked = await place.api.call("POST", "/api/v1/flows/validate", 200, data=made["text"])
    assert checked.body["name"] == made["name"] == RECIPE
    assert '"NO"' in made["text"]
    assert made["name"] != FLOW


async def test_proposed_names_are_free_and_tell_sites_apart(place: Place) -> None:
    first = await place.api.get("/connectors/celum/name", site="https://acme.celum.cloud/x")
    assert first["name"] == "celum-acme"
    await place.api.get("/connectors/abacus/name", 404)


async def test_samples_show_another_match_without_storing_it(place: Place) -> None:
    proposal = await place.api.get(f"/connections/{DAM}/profile/proposal")
    [sku] = [one["field"] for one in proposal["matches"] if one["canonical"] == "ids.sku"]
    asked = {"kind": "asset", "matches": [{"kind": "asset", "canonical": "fields.echo", "field": sku}]}
    tried = await place.api.post(f"/connections/{DAM}/samples", asked)
    assert {one["item"]["fields"].get("echo") for one in tried["rows"]} & {"SEED-1", "NOWHERE-1", "NOWHERE-2"}
    stored = await place.api.get(f"/connections/{DAM}/samples", kind="asset")
    assert all("echo" not in one["item"].get("fields", {}) for one in stored["rows"])


async def test_what_cannot_be_bound_or_matched_is_said(place: Place) -> None:
    assert "write role:connection" in (await place.api.get(f"/recipes/{RECIPE}/setup", 400, use="dam"))["errors"][0]
    await place.api.get(f"/recipes/{RECIPE}/setup", 404, use="dam:nowhere")
    wrong = {"matches": [{"kind": "asset", "canonical": "ids.sku", "field": "no-such-field"}]}
    assert "no field" in (await place.api.post(f"/connections/{DAM}/samples", wrong, expected=400))["errors"][0]
