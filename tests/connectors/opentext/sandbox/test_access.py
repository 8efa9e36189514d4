"""Logins, tickets and their end; what is answered to calls that are wrong in themselves."""

import base64

import pytest

from lockgate.connectors.opentext.sandbox import OpenTextSandbox
from lockgate.kit.sandbox import SandboxConfig, coverage

from .caller import API, CUSTOMERS, KEY, Caller
from .conftest import Start


async def test_every_route_of_the_contract_is_served() -> None:
    sandbox = OpenTextSandbox(SandboxConfig())
    try:
        told = coverage(sandbox.routes(), sandbox.contract, sandbox.base_path)
    finally:
        await sandbox.close()
    assert told.missing == []
    assert len(told.contract) == 86


async def test_a_ticket_is_given_for_the_right_password_only(ecm: Caller) -> None:
    right = await ecm.raw("POST", f"{API}/v1/auth", json={"username": "ADMIN", "password": KEY})
    assert right.json.keys() == {"ticket"}
    wrong = await ecm.raw("POST", f"{API}/v1/auth", data={"username": "admin", "password": "no"})
    assert (wrong.status, wrong.json) == (401, {"error": "Invalid username/password specified"})
    missing = await ecm.raw("POST", f"{API}/v1/auth", data={"username": "admin"})
    assert (missing.status, missing.json) == (500, {"error": "Argument password is required"})
    domain = await ecm.raw("POST", f"{API}/v1/auth", data={"username": "admin", "password": KEY, "domain": "X"})
    assert domain.json == {"error": "Unable to login. Domain support is disabled"}


async def test_without_a_ticket_nothing_is_told_not_even_what_is_not_there(ecm: Caller) -> None:
    for path in (f"{API}/v2/nodes/2000", f"{API}/v2/nowhere"):
        answer = await ecm.raw("GET", path)
        assert (answer.status, answer.json) == (401, {"error": "Authentication Required"})
    assert (await ecm.raw("GET", f"{API}/v1/ping")).status == 200


@pytest.mark.parametrize("place", ["OTCSTicket", "LLCookie", "cookie otcsticket", "cookie LLCookie"])
async def test_a_ticket_is_taken_from_every_place_clients_put_it(ecm: Caller, place: str) -> None:
    ticket = await ecm.ticket()
    name = place.removeprefix("cookie ")
    headers = {"Cookie": f"{name}={ticket}"} if place.startswith("cookie") else {name: ticket}
    answer = await ecm.raw("GET", f"{API}/v1/auth", headers=headers)
    assert answer.json["data"]["name"] == "Admin"
    assert answer.headers["OTCSTicket"]


async def test_a_ticket_ends_when_it_is_not_used_or_given_back(ecm: Caller) -> None:
    await ecm.ok("GET /v1/auth")
    await ecm.control("PUT", "clock", {"advance_seconds": 7000})
    await ecm.ok("GET /v1/auth")
    await ecm.control("PUT", "clock", {"advance_seconds": 7000})
    await ecm.ok("GET /v1/auth")
    await ecm.control("PUT", "clock", {"advance_seconds": 7300})
    assert await ecm.refused(401, "GET /v1/auth") == "Authentication Required"
    assert await ecm.ticket("jdoe")
    await ecm.ok("DELETE /v1/auth", user="jdoe")
    assert await ecm.refused(401, "GET /v1/auth", user="jdoe") == "Authentication Required"


async def test_answers_carry_a_fresh_ticket_where_the_server_renews(ecm: Caller) -> None:
    await ecm.switch(renew_tickets=True)
    answer = await ecm(f"GET /v2/nodes/{CUSTOMERS}")
    again = await ecm.raw("GET", f"{API}/v1/serverinfo", headers={"OTCSTicket": answer.headers["OTCSTicket"]})
    assert again.json["server"]["version"] == "25.4"


async def test_the_directory_service_answers_only_where_it_is_there(ecm: Caller) -> None:
    path, said = "/otdsws/rest/authentication/credentials", {"user_name": "jdoe", "password": KEY}
    assert (await ecm.raw("POST", path, json=said)).status == 404
    await ecm.switch(otds=True)
    assert (await ecm.raw("POST", path, json={**said, "password": "no"})).status == 401
    ticket = (await ecm.raw("POST", path, json=said)).json["ticket"]
    exchanged = await ecm.raw("GET", f"{API}/v1/auth", headers={"OTDSTicket": ticket})
    assert exchanged.json["data"]["name"] == "jdoe"
    direct = await ecm.raw("GET", f"{API}/v1/auth", headers={"OTCSTicket": exchanged.headers["OTCSTicket"]})
    assert direct.json["data"]["name"] == "jdoe"


async def test_an_oauth_client_gets_a_token(ecm: Caller) -> None:
    await ecm.switch(otds=True)
    form = {"grant_type": "client_credentials"}
    right = await ecm.raw("POST", "/otdsws/oauth2/token", data=form, headers=basic("lockgate", KEY))
    bearer = {"Authorization": f"Bearer {right.json['access_token']}"}
    assert (await ecm.raw("GET", f"{API}/v2/nodes/2000", headers=bearer)).status == 200
    wrong = await ecm.raw("POST", "/otdsws/oauth2/token", data=form, headers=basic("lockgate", "no"))
    assert (wrong.status, wrong.json) == (401, {"error": "invalid_client"})


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{secret}'.encode()).decode()}"}


@pytest.mark.parametrize("base", ["/otcs/cs.exe", "/cs/llisapi.dll", "/otcs/cs", "/cs/cs.exe"])
async def test_the_same_tree_stands_below_other_base_paths(ecm: Caller, base: str) -> None:
    headers = {"OTCSTicket": await ecm.ticket()}
    answer = await ecm.raw("GET", f"{base}/api/v2/nodes/{CUSTOMERS}/", headers=headers)
    assert answer.json["links"]["data"]["self"]["href"] == f"/api/v2/nodes/{CUSTOMERS}"
    assert (await ecm.raw("GET", f"{base}/api/v2/nowhere", headers=headers)).status == 400


async def test_wrong_calls_are_answered_in_the_vendors_words(ecm: Caller) -> None:
    assert await ecm.refused(400, "GET /v2/nowhere") == "The REST API URL could not be found in the mappings registry"
    assert (
        await ecm.refused(400, "PATCH /v2/nodes/2000") == "The REST API URL could not be found in the mappings registry"
    )
    assert await ecm.refused(400, "GET /v2/nodes/first") == "Invalid datatype specified for argument 'id'"
    assert (await ecm.refused(400, "GET /v2/nodes/987654")).startswith(
        "Sorry, the item you requested could not be accessed."
    )
    assert await ecm.refused(500, "GET /v1/nodes/987654/content") == "Could not locate node: 987654"
    assert await ecm.refused(500, "GET /v2/nodes/987654/categories") == "Could not get a node for 987654"
    assert (await ecm.refused(500, "GET /v2/nodes/987654/permissions")).startswith("Sorry, the item")
    assert (await ecm.refused(404, "GET /v2/businessworkspaces/2000")).startswith("Sorry, the item")
    assert "Missing required parameter 'type'" in await ecm.refused(
        400, "POST /v2/nodes", {"parent_id": CUSTOMERS, "name": "x"}
    )
    assert "parsed as JSON" in await ecm.refused(400, "POST /v2/nodes", data={"body": "{"})


async def test_json_bodies_are_refused_unless_the_tenant_takes_them(ecm: Caller) -> None:
    said = {"type": 0, "parent_id": CUSTOMERS, "name": "x"}
    assert await ecm.refused(400, "POST /v2/nodes", json=said) == "The request body must be form encoded"
    await ecm.switch(strict_encoding=False)
    assert await ecm.ok("POST /v2/nodes", json=said)


async def test_status_codes_can_be_suppressed(ecm: Caller) -> None:
    told = await ecm.ok("GET /v2/nodes/987654?suppress_response_codes")
    assert told["statusCode"] == 400
    assert (await ecm.ok("GET /v2/nodes/2000?suppress_response_codes"))["statusCode"] == 200


async def test_a_server_keeps_its_state_and_its_tickets_over_a_restart(start: Start, tmp_path: object) -> None:
    first = await start(state=tmp_path)
    made = await first.folder(CUSTOMERS, "Kept")
    ticket = await first.ticket()
    second = await start(state=tmp_path)
    answer = await second.raw("GET", f"{API}/v2/nodes/{made}", headers={"OTCSTicket": ticket})
    assert answer.json["results"]["data"]["properties"]["name"] == "Kept"


async def test_a_wrong_switch_is_told(ecm: Caller) -> None:
    answer = await ecm.raw("PUT", "/__sandbox/options", json={"version": "12"})
    assert answer.status == 400
    assert "version" in answer.json["error"]
