"""Who may call, and on whose behalf."""

from base64 import b64encode

from .conftest import Start
from .installation import API, LOCKED, Celum

NO_PROFILE = {"code": "UNAUTHORIZED", "message": "No authentication profile found for API key"}


def basic(credentials: str) -> str:
    return f"Basic {b64encode(credentials.encode()).decode()}"


async def test_the_key_alone_says_who_calls(celum: Celum) -> None:
    assert await celum.get("/users/me") == {
        "id": 12,
        "externalId": "svc-connector",
        "username": "svc-connector",
        "firstname": "Service",
        "middlename": "",
        "lastname": "Connector",
        "email": "svc@example.test",
        "kind": "INTERNAL",
        "creationDate": "2026-01-01T00:00:00.000Z",
        "deactivated": False,
        "locale": "en",
    }
    assert await celum.get("/version") == {
        "version": "6.19.1",
        "buildNumber": "1",
        "versionDate": "2026-01-01",
        "releaseVersion": "6.19",
    }


async def test_a_wrong_key_a_prefixed_key_and_none_are_answered_alike(celum: Celum) -> None:
    for key in ("nonsense", "Bearer demo-key", "", "démo"):
        refused = await celum.call("GET", "/users/me", X_API_KEY=key)
        assert (refused.status, refused.body) == (401, NO_PROFILE)
    anonymous = await celum.send("GET", f"{celum.url}{API}/users/me")
    assert (anonymous.status, anonymous.body) == (401, NO_PROFILE)


async def test_basic_login_takes_a_configured_user(start: Start) -> None:
    celum = await start(password="pässword")
    url = f"{celum.url}{API}/users/me"
    known = await celum.send("GET", url, headers={"Authorization": basic("admin:pässword")})
    assert known.body["id"] == 1
    for header in (basic("admin:wrong"), basic("nobody:pässword"), "Basic !!!", "Basic", "Bearer token", "Basic /w=="):
        assert (await celum.send("GET", url, headers={"Authorization": header})).status == 401


async def test_a_call_runs_as_the_user_it_names(celum: Celum) -> None:
    assert (await celum.good("GET", "/users/me", X_CELUM_Username="admin"))["id"] == 1
    refused = await celum.call("GET", "/users/me", X_CELUM_Username="nobody")
    assert (refused.status, refused.body["code"]) == (403, "FORBIDDEN")
    assert "entity" not in refused.body


async def test_who_locked_an_asset_may_change_it_and_nobody_else(celum: Celum) -> None:
    for method, path, body in (
        ("PATCH", f"/assets/{LOCKED}", {"name": "x"}),
        ("POST", f"/assets/{LOCKED}/versions", {"filename": "x.jpg", "uploadHandle": "x"}),
        ("DELETE", f"/assets/{LOCKED}", None),
    ):
        refused = await celum.call(method, path, body)
        assert (refused.status, refused.body["code"]) == (403, "FORBIDDEN")
        assert "entity" not in refused.body
    changed = await celum.good("PATCH", f"/assets/{LOCKED}", {"lock": {"op": "CLEAR"}}, X_CELUM_Username="admin")
    assert "lock" not in changed
    assert (await celum.good("PATCH", f"/assets/{LOCKED}", {"name": "x"}))["name"] == "x"


async def test_unknown_routes_and_methods_are_answered_in_celums_form(celum: Celum) -> None:
    assert (await celum.call("GET", "/nothing")).body == {
        "code": "NOT_FOUND",
        "message": f"There is no GET {API}/nothing",
    }
    assert (await celum.send("GET", f"{celum.url}{API}/nothing")).status == 401
    assert (await celum.send("GET", f"{celum.url}/elsewhere")).status == 404
    wrong_method = await celum.call("PUT", "/assets")
    assert (wrong_method.status, wrong_method.body["code"]) == (405, "METHOD_NOT_ALLOWED")


async def test_overload_is_told_with_a_pause(celum: Celum) -> None:
    busy = await celum.call("GET", "/assets", X_Sandbox_Fault="503")
    assert (busy.status, busy.body["code"], busy.headers["Retry-After"]) == (503, "SERVICE_UNAVAILABLE", "2")


async def test_bodies_that_are_no_object_are_refused(celum: Celum) -> None:
    for data in (b"", b"{", b"[]", b"7"):
        refused = await celum.send(
            "POST", f"{celum.url}{API}/assets/search", data=data, headers={"X-API-KEY": "demo-key"}
        )
        assert (refused.status, refused.body["code"]) == (400, "BAD_REQUEST")


async def test_every_documented_route_is_served(celum: Celum) -> None:
    coverage = await celum.control("GET", "coverage")
    assert coverage["missing"] == []
    assert len(coverage["contract"]) == 53
