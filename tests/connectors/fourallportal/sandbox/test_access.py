"""Who may call, and how wrong calls are answered."""

import base64
from datetime import datetime
from typing import Any

import pytest

from .caller import COFFEE_MAKER, FILES, KEY, PRODUCTS, Caller, form
from .conftest import Start


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", f"Basic {KEY}", KEY, "Bearer ü"])
async def test_without_a_valid_key_nothing_is_answered(portal: Caller, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = await portal("GET", "/api/connectors", key=None, headers=headers)
    body = answer.json
    datetime.fromisoformat(body.pop("timestamp"))
    assert answer.status == 401
    assert body == {"status": 401, "error": "Unauthorized", "message": "Invalid API key", "path": "/api/connectors"}


async def test_strangers_do_not_learn_which_routes_there_are(portal: Caller) -> None:
    for method, path in (("GET", "/api/nothing"), ("PUT", "/api/modules"), ("PATCH", PRODUCTS)):
        await portal.refused(401, method, path, key=None)


async def test_further_keys_belong_to_further_users(start: Start) -> None:
    other = "0b9f0f5e-2b6f-4a3c-9a53-0d7f2f5f6c01"
    portal = await start(options={"keys": other})
    (id,) = await portal.ok("PATCH", PRODUCTS, key=other, json=[{}])
    assert (await portal.ok("GET", f"{PRODUCTS}/{id}?fields=mod_by"))["mod_by"] == [{"value": "u-2"}]


async def test_a_session_stands_for_a_key(portal: Caller) -> None:
    login = {"username": "demo", "password": base64.b64encode(b"demo").decode(), "language": "en_US"}
    answer = await portal.ok("POST", "/service/usermanagement/login", key=None, json=login)
    assert answer["code"] == 0
    cookie = {"Cookie": f"CESESSID={answer['session']}"}
    (id,) = (await portal("PATCH", PRODUCTS, key=None, headers=cookie, json=[{}])).json
    assert (await portal.ok("GET", f"{PRODUCTS}/{id}?fields=created_by"))["created_by"] == [{"value": "u-demo"}]
    wrong = {"Cookie": "CESESSID=1_UserManagement_userIdKey_1_abc"}
    await portal.refused(401, "GET", "/api/connectors", key=None, headers=wrong)


@pytest.mark.parametrize(
    ("username", "password"), [("demo", "wrong"), ("demo", "ZGVtbyE="), ("other", "ZGVtbw=="), ("demo", 5)]
)
async def test_a_wrong_login_is_refused_with_status_200(portal: Caller, username: str, password: Any) -> None:
    answer = await portal(
        "POST", "/service/usermanagement/login", key=None, json={"username": username, "password": password}
    )
    assert (answer.status, answer.json) == (200, {"code": -1, "message": "Login not possible"})


async def test_a_login_without_its_parameters_says_so(portal: Caller) -> None:
    assert (await portal("POST", "/service/usermanagement/login", key=None, json=[])).json["code"] == 1


@pytest.mark.parametrize(
    ("right", "method", "path", "request_"),
    [
        ("view", "GET", PRODUCTS, {}),
        ("create", "PATCH", PRODUCTS, {"json": [{"price": [{"value": 5}]}]}),
        ("edit", "PATCH", PRODUCTS, {"json": [{"id": COFFEE_MAKER, "price": [{"value": 5}]}]}),
        ("delete", "DELETE", f"{PRODUCTS}/{COFFEE_MAKER}", {}),
        ("download", "GET", f"{PRODUCTS}/{COFFEE_MAKER}/media/small", {}),
    ],
)
async def test_a_right_that_the_role_lacks_is_refused(
    portal: Caller, right: str, method: str, path: str, request_: dict[str, Any]
) -> None:
    rights = [one for one in ("view", "create", "edit", "delete", "upload", "download") if one != right]
    await portal.options(rights=rights)
    assert f"'{right}'" in await portal.refused(403, method, path, **request_)
    await portal.options(rights=[*rights, right])
    assert (await portal(method, path, **request_)).status in {200, 204}


async def test_uploading_is_a_right_of_its_own(portal: Caller) -> None:
    await portal.options(rights="view,create,edit")
    assert "'upload'" in await portal.refused(403, "POST", FILES, data=form(b"x", "x.bin", "image/tiff"))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/api", 404),
        ("GET", "/api//modules", 404),
        ("POST", "/api/modules", 405),
        ("PUT", PRODUCTS, 405),
    ],
)
async def test_what_there_is_not_is_answered_in_the_portals_form(
    portal: Caller, method: str, path: str, status: int
) -> None:
    await portal.refused(status, method, path)


async def test_faults_wear_the_portals_form(portal: Caller) -> None:
    answer = await portal("GET", PRODUCTS, headers={"X-Sandbox-Fault": "503"})
    assert (answer.status, answer.json["error"], answer.json["path"]) == (503, "Service Unavailable", PRODUCTS)
    assert (await portal("GET", PRODUCTS, headers={"X-Sandbox-Fault": "599"})).json["status"] == 599
    await portal.ok("PUT", "/__sandbox/faults", json=[{"match": "GET /api/*", "kind": "expired_token", "times": 1}])
    assert await portal.refused(401, "GET", PRODUCTS) == "Invalid API key"


async def test_switches_can_be_seen_and_wrong_ones_are_refused(portal: Caller) -> None:
    assert (await portal.ok("GET", "/__sandbox/options"))["rebuild_delay"] == 0.2
    for wrong in ({"no_such_switch": 1}, {"rebuild_delay": "soon"}, {"undimensioned": "maybe"}, {"rights": ["fly"]}):
        answer = await portal("PUT", "/__sandbox/options", json=wrong)
        assert answer.status == 400
        assert "the switches are status_rule" in answer.json["error"]


async def test_a_reset_brings_back_the_seed_and_the_switches(portal: Caller) -> None:
    before = await portal.ok("GET", f"{PRODUCTS}?limit=250&fields=article_number&totalCount=true")
    await portal.options(status_rule=False)
    await portal.ok("DELETE", f"{PRODUCTS}/{COFFEE_MAKER}")
    await portal.ok("POST", "/__sandbox/reset")
    after = await portal.ok("GET", f"{PRODUCTS}?limit=250&fields=article_number&totalCount=true")
    assert [one["id"] for one in after["result"]] == [one["id"] for one in before["result"]]
    assert (await portal.ok("GET", "/__sandbox/options"))["status_rule"] is True


async def test_state_outlives_the_process(start: Start, tmp_path: Any) -> None:
    first = await start(state=tmp_path)
    id = await first.uploaded(b"kept", "kept.bin", "application/octet-stream")
    changed = await first.act("configure_connector", name="all_file", conditions=["name LIKE 'kept%'"])
    second = await start(state=tmp_path)
    assert (await second("GET", f"{FILES}/{id}/media/original")).body == b"kept"
    assert await second.hash("all_file") == changed["hash"]
    assert [one["id"] for one in await second.ok("GET", f"/api/connectors/all_file/objects?ids={id}")] == [id]
