"""Tickets: got, renewed once, never shown; from the Content Server or from the directory services."""

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from lockgate.connectors.opentext.connector import OpenText
from lockgate.connectors.opentext.sandbox import SANDBOX
from lockgate.connectors.opentext.settings import OpenTextSettings
from lockgate.kit.errors import NeedsOperator, Transient
from lockgate.kit.profile import Profile
from lockgate.kit.sandbox import SandboxConfig, serving

from .conftest import KEY, Connect, Server, served, services


async def test_check_says_who_and_what_is_there(connect: Connect) -> None:
    async with connect() as ecm:
        info = await ecm.check()
    assert (info.account, info.version) == ("Admin", "25.4")
    assert any("TE1/KNA1" in note for note in info.notes)
    assert any("announces no changes" in note for note in info.notes)


async def test_a_wrong_password_is_told_without_it(connect: Connect) -> None:
    async with connect(password="opensesame") as ecm:
        with pytest.raises(NeedsOperator) as caught:
            await ecm.check()
    error = caught.value
    assert error.code == "sign_in"
    assert "opensesame" not in f"{error.sentence}{error.detail}"


async def test_an_expired_ticket_is_renewed_once(server: Server, connect: Connect) -> None:
    async with connect() as ecm:
        await ecm.check()
        before = len(await server.calls("POST", "/v1/auth"))
        await server.later(100_000)
        await ecm.check()
        assert len(await server.calls("POST", "/v1/auth")) == before + 1


async def test_a_fresh_ticket_in_an_answer_is_taken(server: Server, connect: Connect) -> None:
    await server.switch(renew_tickets=True)
    async with connect() as ecm:
        await ecm.check()
        first = ecm.client.auth.ticket
        await ecm.check()
        assert ecm.client.auth.ticket != first
        assert len(await server.calls("POST", "/v1/auth")) == 1


async def test_a_ticket_got_elsewhere_is_used_and_not_renewed(server: Server, connect: Connect) -> None:
    ticket = await server.ticket("jdoe")
    async with connect(sign_in="ticket", user="", password=ticket) as ecm:
        assert (await ecm.check()).account == "jdoe"
        await server.later(100_000)
        with pytest.raises(NeedsOperator, match="gave no new one"):
            await ecm.check()


@pytest.mark.parametrize("way", ["otds", "client"])
async def test_the_directory_services_give_a_ticket(way: str, tmp_path: Path) -> None:
    sandbox = SANDBOX(SandboxConfig(key=KEY, options={"otds": True}))
    async with serving(sandbox) as site, directory(sandbox.access.issue_directory(1001)) as otds:
        told = {"site": f"{site}/cs/cs", "user": "jdoe", "password": KEY, "otds": otds, "sign_in": way}
        made = OpenTextSettings.model_validate(told)
        async with OpenText(made, Profile(), services(made, tmp_path)) as ecm:
            assert (await ecm.check()).account == "jdoe"
        wrong = OpenTextSettings.model_validate({**told, "password": "opensesame"})
        async with OpenText(wrong, Profile(), services(wrong, tmp_path)) as ecm:
            with pytest.raises(NeedsOperator, match="sign in") as caught:
                await ecm.check()
            assert "opensesame" not in f"{caught.value.sentence}{caught.value.detail}"


@asynccontextmanager
async def directory(ticket: str) -> AsyncIterator[str]:
    """Directory services that know one user, who is also an OAuth client, and give out one ticket."""

    async def credentials(request: web.Request) -> web.Response:
        told: dict[str, Any] = await request.json()
        if told != {"user_name": "jdoe", "password": KEY}:
            return web.json_response({"error": "invalid credentials"}, status=401)
        return web.json_response({"user_id": "jdoe", "ticket": ticket, "failureReason": None})

    async def token(request: web.Request) -> web.Response:
        form = await request.post()
        known = request.headers["Authorization"] == f"Basic {base64.b64encode(f'jdoe:{KEY}'.encode()).decode()}"
        if not known or form["grant_type"] != "client_credentials":
            return web.json_response({"error": "invalid_client"}, status=401)
        return web.json_response({"access_token": ticket})

    app = web.Application()
    app.router.add_post("/otdsws/v1/authentication/credentials", credentials)
    app.router.add_post("/otdsws/oauth2/token", token)
    async with served(app) as url:
        yield url


@pytest.mark.parametrize("told", [{}, {"sign_in": "ticket", "user": "", "password": "T1"}])
async def test_an_address_that_is_not_the_servers_is_told(
    payload: Callable[[str], Any], connect: Connect, told: dict[str, Any]
) -> None:
    async def unknown(_: web.Request) -> web.Response:
        return web.json_response(payload("error__no_route"), status=400)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", unknown)
    async with served(app) as url, connect(site=url, **told) as ecm:
        with pytest.raises(NeedsOperator, match=r"answers as a Content Server does.*mappings registry"):
            await ecm.check()


@pytest.mark.parametrize("page", ["", "<html>Error Processing Request</html>"])
@pytest.mark.parametrize("way", ["password", "ticket"])
async def test_a_page_for_people_is_a_server_that_is_just_starting(connect: Connect, page: str, way: str) -> None:
    async def starting(request: web.Request) -> web.Response:
        if way == "password" and request.method == "GET":
            return web.json_response({"error": "Authentication Required"}, status=401)
        return web.Response(text=page, content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", starting)
    async with served(app) as url, connect(site=url, sign_in=way) as ecm:
        with pytest.raises(Transient, match="no data"):
            await ecm.check()


async def test_an_empty_answer_is_asked_for_again_and_never_taken_for_done(server: Server, connect: Connect) -> None:
    workspace = await server.workspace("1")
    async with connect() as ecm:
        await ecm.check()
        await server.switch(empty_answers=True)
        with pytest.raises(Transient, match="no data"):
            await ecm.rename(workspace, "Empty")
        assert len(await server.calls("PUT", f"/nodes/{workspace}")) == 3
