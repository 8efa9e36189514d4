"""Connections over HTTP: checked live, profiled, without a secret ever coming back."""

import json
from typing import Any

import pytest
from tests.api.place import V1, Place
from tests.world import CELUM_KEY, DAM, FLOW, PIM

pytestmark = pytest.mark.asyncio(loop_scope="module")


def asked(place: Place, name: str, **settings: Any) -> dict[str, Any]:
    given = {"site": place.world.celum.url, "key": CELUM_KEY, "private_addresses": True, **settings}
    return {"name": name, "connector": "celum", "settings": given}


async def test_the_library_says_what_each_connector_asks_for(place: Place) -> None:
    library = {one["id"]: one for one in (await place.api.get("/connectors"))["rows"]}
    celum = library["celum"]
    assert celum["settings"]["properties"]["site"]["title"] == "Address of your CELUM site"
    assert celum["can"]["changes"] == "read"
    assert library["fourallportal"]["can"]["withdraw"] == "withdraw"
    assert await place.api.get("/connectors/celum") == celum
    refusal = await place.api.get("/connectors/abacus", 404)
    assert refusal["errors"][0].startswith("there is no connector 'abacus'; there are akeneo, celum, ")


async def test_a_connection_is_added_checked_and_removed(place: Place) -> None:
    made = await place.api.post("/connections", asked(place, "second-dam"), expected=201)
    assert (made["state"], made["info"]["product"], made["flows"]) == ("ready", "CELUM Content", [])
    assert any(match["canonical"] == "ids.sku" for match in made["profile"]["matches"])
    checked = await place.api.post("/connections/second-dam/check")
    assert checked["checked_at"] > made["checked_at"]
    await place.api.delete("/connections/second-dam")
    await place.api.get("/connections/second-dam", 404)


async def test_secrets_go_in_and_never_come_out(place: Place) -> None:
    everything = json.dumps(
        [
            await place.api.get(path)
            for path in ("/connections", f"/connections/{DAM}", f"/connections/{DAM}/webhook", "/audit")
        ]
    )
    assert CELUM_KEY not in everything
    assert await place.app.connections.hook_secret(DAM) not in everything
    assert (await place.api.get(f"/connections/{DAM}"))["secrets"] == ["key"]


async def test_a_refused_key_is_said_in_words_and_not_repeated(place: Place) -> None:
    answer = await place.api.call("POST", f"{V1}/connections", 502, json=asked(place, "third", key="not-the-key"))
    assert "key" in answer.errors[0]
    assert b"not-the-key" not in answer.raw
    await place.api.get("/connections/third", 404)


async def test_every_wrong_setting_is_told_at_once(place: Place) -> None:
    body = {"name": "fourth", "connector": "celum", "settings": {"key": "k", "colection": 3}}
    answer = await place.api.post("/connections", body, expected=400)
    assert len(answer["errors"]) == 2
    assert any(sentence.startswith("site (Address of your CELUM site)") for sentence in answer["errors"])
    assert any(sentence.startswith("colection is no setting here") for sentence in answer["errors"])


@pytest.mark.parametrize(
    ("name", "connector", "sentence"),
    [
        ("a/b", "celum", "'a/b' cannot be a name"),
        ("fifth", "abacus", "there is no connector 'abacus'"),
    ],
)
async def test_names_that_cannot_be_are_refused(place: Place, name: str, connector: str, sentence: str) -> None:
    answer = await place.api.post("/connections", {**asked(place, name), "connector": connector}, expected=400)
    assert answer["errors"][0].startswith(sentence)


async def test_a_connection_in_use_is_not_removed(place: Place) -> None:
    answer = await place.api.delete(f"/connections/{PIM}", 400)
    assert answer["errors"] == [f"{PIM} is used by {FLOW}: remove the flow first, or bind it to another connection"]


async def test_a_system_that_does_not_answer_is_noted_on_its_connection(place: Place) -> None:
    faults = f"{place.world.celum.url}/__sandbox/faults"
    denied = [{"match": "GET /content-api/v1/users/me", "kind": "status", "status": 401, "times": 1}]
    async with place.api.http.put(faults, json=denied) as answer:
        assert answer.ok
    refusal = await place.api.post(f"/connections/{DAM}/check", expected=502)
    (line,) = [row for row in (await place.api.get("/connections"))["rows"] if row["name"] == DAM]
    assert (line["state"], line["problem"]) == ("problem", refusal["errors"][0])
    mended = await place.api.post(f"/connections/{DAM}/check")
    assert (mended["state"], mended["problem"]) == ("ready", None)


async def test_a_profile_is_proposed_from_the_tenants_own_fields(place: Place) -> None:
    proposal = await place.api.get(f"/connections/{DAM}/profile/proposal")
    found = {match["canonical"]: match for match in proposal["matches"]}
    assert (found["ids.gtin"]["field"], found["ids.gtin"]["label"]) == ("gtin", "GTIN")
    assert found["ids.gtin"]["confidence"] == 1.0
    assert "sku" in {field["name"] for field in proposal["fields"]["asset"]}
    assert "ids.sku" in proposal["canonical"]["asset"]


async def test_single_matches_are_set_and_taken_back(place: Place) -> None:
    api = place.api
    await api.post("/connections", asked(place, "profiled"), expected=201)
    path = "/connections/profiled/profile"
    wish = {"matches": [{"kind": "asset", "canonical": "ids.family", "field": "sku"}], "zone": "Europe/Berlin"}
    changed = await api.put(path, wish)
    fields = {match["canonical"]: match["field"] for match in changed["matches"]}
    assert (fields["ids.family"], fields["ids.sku"]) == ("sku", "sku")
    assert (changed["zone"], changed["confirmed_by"]) == ("Europe/Berlin", "local")
    none = await api.put(path, {"matches": [{"kind": "asset", "canonical": "ids.family", "field": None}]})
    assert "ids.family" not in {match["canonical"] for match in none["matches"]}
    again = await api.post(f"{path}/confirm")
    assert "ids.family" in {match["canonical"] for match in again["matches"]}
    assert (await api.get(path))["zone"] == "Europe/Berlin"


async def test_what_was_confirmed_after_the_schema_changed_stays_when_the_connection_is_added_again(
    place: Place,
) -> None:
    """A tenant gets fields of collections after it was connected: all kinds are confirmed in one go, and that holds."""
    celum, path = place.world.celum, "/connections/grown/profile"
    await place.api.post("/connections", asked(place, "grown"), expected=201)
    await switch(celum, collection_fields=True)
    try:
        confirmed = await place.api.post(f"{path}/confirm")
        again = await place.api.post("/connections", asked(place, "grown"), expected=201)
    finally:
        await switch(celum, collection_fields=False)
    assert {"asset", "collection"} == {match["kind"] for match in confirmed["matches"]}
    assert again["profile"]["confirmed_at"] == confirmed["confirmed_at"]


async def switch(celum: Any, **options: Any) -> None:
    async with celum.http.put(f"{celum.url}/__sandbox/options", json=options) as answer:
        assert answer.ok


async def test_matches_that_cannot_be_are_told_all_at_once(place: Place) -> None:
    wish = [
        {"kind": "asset", "canonical": "ids.sku", "field": "no such field"},
        {"kind": "asset", "canonical": "colour of money", "field": "sku"},
    ]
    answer = await place.api.put(f"/connections/{DAM}/profile", {"matches": wish}, expected=400)
    assert len(answer["errors"]) == 2
    zone = await place.api.put(f"/connections/{DAM}/profile", {"matches": [], "zone": "Atlantis"}, expected=400)
    assert zone["errors"] == ["'Atlantis' is no time zone: write one like Europe/Berlin or UTC"]


async def test_samples_are_real_items_in_canonical_names(place: Place) -> None:
    rows = (await place.api.get(f"/connections/{DAM}/samples", kind="asset", limit=2))["rows"]
    assert len(rows) == 2
    assert all(row["id"] in place.assets.values() for row in rows)
    assert rows[0]["item"]["identifiers"]["sku"] == ["SEED-1"]
    answer = await place.api.get(f"/connections/{DAM}/samples", 400, kind="sonnet")
    assert answer["errors"] == [f"{DAM} (CELUM Content) cannot list items of kind 'sonnet'"]


async def test_the_webhook_address_is_shown_whole_only_when_asked_for_and_then_audited(place: Place) -> None:
    masked = await place.api.get(f"/connections/{DAM}/webhook")
    assert masked == {"path": f"/hooks/{DAM}/…", "url": f"{place.api.url}/hooks/{DAM}/…", "secret": None}
    whole = await place.api.post(f"/connections/{DAM}/webhook")
    assert whole["path"] == f"/hooks/{DAM}/{whole['secret']}"
    acts = [(act["act"], act["key"], act["by"]) for act in await place.api.rows("/audit")]
    assert ("webhook address shown", DAM, "local") in acts
