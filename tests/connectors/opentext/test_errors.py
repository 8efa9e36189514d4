"""What the server's refusals mean, by their words."""

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from lockgate.connectors.opentext.client import errors
from lockgate.connectors.opentext.client.http import refused_within
from lockgate.connectors.opentext.quirks import Quirks
from lockgate.kit.errors import Conflict, ConnectorError, ContractBroken, NeedsOperator, NotFound, Rejected
from lockgate.kit.http import Sent

from .conftest import Connect, served

SENT = Sent(connection="ecm", method="PUT", url="https://ecm.acme.example/x", path="/cs/cs/api/v2/nodes/5001")
Payload = Callable[[str], Any]


@pytest.mark.parametrize(
    ("status", "name", "kind", "code"),
    [
        (500, "error__name_taken", Rejected, errors.TAKEN),
        (400, "error__name_taken", Rejected, errors.TAKEN),
        (400, "error__not_there", NotFound, "not_found"),
        (500, "error__not_there", NotFound, "not_found"),
        (500, "error__no_node", NotFound, "not_found"),
        (404, "error__nickname", NotFound, "not_found"),
        (409, "error__edit_conflict", Conflict, "conflict"),
        (500, "error__not_allowed", Rejected, errors.PERMISSION),
        (400, "error__no_route", Rejected, errors.NO_ROUTE),
        (401, "error__ticket", NeedsOperator, "sign_in"),
    ],
)
def test_words_tell_what_to_do_next(
    payload: Payload, status: int, name: str, kind: type[ConnectorError], code: str
) -> None:
    error = errors.explain(status, payload(name)["error"], SENT, Quirks())
    assert (type(error), error.code if error else "") == (kind, code)


@pytest.mark.parametrize("reason", ["", "Something nobody documented", "Please try again"])
def test_other_words_leave_the_meaning_to_the_status(reason: str) -> None:
    assert errors.explain(500, reason, SENT, Quirks()) is None


def test_words_of_another_language_can_be_set() -> None:
    quirks = Quirks(taken="existiert bereits")
    error = errors.explain(500, "Ein Objekt mit dem Namen 'X' existiert bereits.", SENT, quirks)
    assert error is not None
    assert error.code == errors.TAKEN


def test_records_management_refuses_within_a_success() -> None:
    assert refused_within(b'{"results":{"ok":false,"errMsg":"no such hold","id":0}}') == "no such hold"
    assert refused_within(b'{"results":{"ok":true}}') == ""
    assert refused_within(b'{"results":[]}') == refused_within(b"<html>") == ""


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"results": []},
        {"results": {}},
        {"results": {"data": {"properties": {"name": "no id"}}}},
        {"results": [[]]},
        [],
    ],
)
@pytest.mark.parametrize("kind", ["asset", "workspace"])
async def test_an_answer_of_another_form_is_told_as_such(connect: Connect, body: Any, kind: str) -> None:
    async def strange(_: web.Request) -> web.Response:
        return web.json_response(body)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", strange)
    async with served(app) as url, connect(site=url, sign_in="ticket", password="T1") as ecm:
        with pytest.raises(ContractBroken):
            await ecm.fetch(kind, ["5101"])
