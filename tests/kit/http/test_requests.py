"""Calls, their errors and their repeats."""

import asyncio
from typing import Any

import msgspec
import pytest
from aiohttp import web
from structlog.testing import LogCapture

from lockgate.kit.egress import Egress
from lockgate.kit.errors import (
    Conflict,
    ConnectorError,
    ContractBroken,
    NeedsOperator,
    NotFound,
    RateLimited,
    Rejected,
    Transient,
)
from lockgate.kit.http import Answer, ApiKey, Basic, Bearer, NoAuth, RestClient, Sent, segment
from lockgate.kit.services import Services


def answers(*statuses: int, headers: dict[str, str] | None = None) -> Any:
    """Answers these statuses one after the other, the last one for ever; 200 carries JSON."""
    left = list(statuses)

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        status = left.pop(0) if len(left) > 1 else left[0]
        return web.json_response({"message": "as told"}, status=status, headers=headers if status != 200 else None)

    return answer


async def echo(request: web.Request) -> web.Response:
    return web.json_response(
        {
            "path": request.raw_path,
            "query": list(request.query.items()),
            "headers": dict(request.headers),
            "body": await request.text(),
        }
    )


async def test_lists_in_a_query_repeat_their_name_and_what_is_none_is_left_out(
    vendor_of: Any, services: Services
) -> None:
    vendor = await vendor_of(echo)
    async with RestClient(vendor.url + "/v1", services) as client:
        got = await client.get_json("/assets", params={"ids": ["1", "2"], "all": True, "none": None, "page": 3})
    assert got["query"] == [["ids", "1"], ["ids", "2"], ["all", "true"], ["page", "3"]]
    assert got["path"].startswith("/v1/assets?")


async def test_an_id_with_a_slash_stays_one_segment(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(echo)
    async with RestClient(vendor.url, services) as client:
        got = await client.get_json(f"/assets/{segment('a/b ?')}")
    assert got["path"] == "/assets/a%2Fb%20%3F"


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        (ApiKey("k-1234"), "X-API-KEY", "k-1234"),
        (Bearer("t-1234"), "Authorization", "Bearer t-1234"),
        (Basic("me", "secret"), "Authorization", "Basic bWU6c2VjcmV0"),
    ],
)
async def test_credentials_go_with_every_call(
    vendor_of: Any, services: Services, auth: Any, header: str, value: str
) -> None:
    vendor = await vendor_of(echo)
    async with RestClient(vendor.url, services, auth) as client:
        got = await client.get_json("/me")
    assert got["headers"][header] == value


async def test_a_json_body_arrives_and_an_empty_answer_is_none(vendor_of: Any, services: Services) -> None:
    async def nothing(request: web.Request) -> web.Response:
        assert request.content_type == "application/json"
        assert await request.json() == {"title": "Käse"}
        return web.Response(status=204)

    vendor = await vendor_of(nothing)
    async with RestClient(vendor.url, services) as client:
        assert await client.send_json("PATCH", "/assets/1", {"title": "Käse"}) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (401, NeedsOperator),
        (403, NeedsOperator),
        (404, NotFound),
        (409, Conflict),
        (410, NotFound),
        (418, Rejected),
        (422, Rejected),
        (423, Transient),
        (429, RateLimited),
        (500, Transient),
        (507, Transient),
    ],
)
async def test_a_status_is_named_by_what_to_do_next(
    vendor_of: Any, services: Services, status: int, kind: type[ConnectorError]
) -> None:
    vendor = await vendor_of(answers(status))
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(kind) as caught:
            await client.send_json("POST", "/assets", {})
    assert type(caught.value) is kind
    assert f"{status}: as told" in caught.value.sentence
    assert "larkfield" in caught.value.sentence


async def test_a_vendor_gives_other_meanings_and_its_own_sentence(vendor_of: Any, services: Services) -> None:
    class Client(RestClient):
        errors = {409: Rejected}  # noqa: RUF012 (declared as ClassVar in the base)

        def error_for(self, status: int, body: bytes, sent: Sent) -> ConnectorError:
            if status == 418:
                return NeedsOperator(f"{sent.what}: the kettle is on, says {msgspec.json.decode(body)['message']}")
            return super().error_for(status, body, sent)

    vendor = await vendor_of(answers(409, 418))
    async with Client(vendor.url, services) as client:
        with pytest.raises(Rejected):
            await client.send_json("POST", "/assets", {})
        with pytest.raises(NeedsOperator, match="POST /assets: the kettle is on, says as told"):
            await client.send_json("POST", "/assets", {})


async def test_an_error_told_with_status_200_is_an_error(vendor_of: Any, services: Services) -> None:
    class Client(RestClient):
        def accept(self, answer: Answer, sent: Sent) -> None:
            if b"as told" in answer.body:
                raise Rejected(f"{sent.what} failed")

    vendor = await vendor_of(answers(200))
    async with Client(vendor.url, services) as client:
        with pytest.raises(Rejected, match="GET /assets failed"):
            await client.get_json("/assets")


async def test_a_read_that_fails_briefly_is_repeated(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(answers(503, 502, 200))
    async with RestClient(vendor.url, services) as client:
        assert await client.get_json("/assets") == {"message": "as told"}
    assert len(vendor.seen) == 3


async def test_repeats_end_after_so_many_attempts(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(answers(503))
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(Transient, match="503"):
            await client.get_json("/assets")
    assert len(vendor.seen) == services.patience.attempts


@pytest.mark.parametrize(("repeatable", "calls"), [(None, 1), (True, 2)])
async def test_a_post_is_repeated_only_when_that_is_said_to_do_no_harm(
    vendor_of: Any, services: Services, repeatable: bool | None, calls: int
) -> None:
    vendor = await vendor_of(answers(503, 200))
    async with RestClient(vendor.url, services) as client:
        try:
            await client.send_json("POST", "/search", {}, repeatable=repeatable)
        except Transient:
            assert repeatable is None
    assert len(vendor.seen) == calls


async def test_a_stated_pause_is_kept(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(answers(429, 200, headers={"Retry-After": "1"}))
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with RestClient(vendor.url, services) as client:
        await client.get_json("/assets")
    assert loop.time() - began >= 1


async def test_a_pause_beyond_patience_is_reported_and_kept_by_all_callers(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(answers(429, 200, headers={"Retry-After": "3600"}))
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(RateLimited) as caught:
            await client.get_json("/assets")
        with pytest.raises(RateLimited) as later:
            await client.get_json("/other")
    assert caught.value.retry_after == 3600
    assert later.value.retry_after is not None
    assert 3590 < later.value.retry_after <= 3600
    assert len(vendor.seen) == 1


@pytest.mark.parametrize(("method", "calls", "code"), [("PUT", 2, None), ("POST", 1, "broken_off")])
async def test_a_reset_connection_is_tried_again_unless_the_write_may_have_been_done(
    vendor_of: Any, services: Services, method: str, calls: int, code: str | None
) -> None:
    async def reset(request: web.Request) -> web.Response:
        if len(vendor.seen) == 1:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response([])

    vendor = await vendor_of(reset)
    caught = None
    async with RestClient(vendor.url, services) as client:
        try:
            await client.send_json(method, "/assets", {})
        except Transient as error:
            caught = error.code
    assert (len(vendor.seen), caught) == (calls, code)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_put_that_must_not_be_repeated_is_sent_once_even_on_a_kept_connection(
    vendor_of: Any, services: Services, method: str
) -> None:
    done: list[str] = []

    async def cut_once_done(request: web.Request) -> web.Response:
        await request.read()
        done.append(request.method)
        if request.method == method and request.transport is not None:
            request.transport.abort()
        return web.json_response([])

    vendor = await vendor_of(cut_once_done)
    async with RestClient(vendor.url, services) as client:
        await client.get_json("/assets")
        with pytest.raises(Transient) as caught:
            await client.request(method, "/assets/1", body=b"{}", repeatable=False)
        assert caught.value.code == "broken_off"
    assert done == ["GET", method]


async def test_what_was_surely_not_sent_is_tried_again_whatever_it_is(
    services: Services, closed_port: int, log: LogCapture
) -> None:
    async with RestClient(f"http://127.0.0.1:{closed_port}", services) as client:
        with pytest.raises(Transient) as caught:
            await client.send_json("POST", "/assets", {})
    assert caught.value.code == "unreachable"
    assert len(log.entries) == services.patience.attempts


async def test_silence_ends_as_a_timeout(vendor_of: Any, services: Services) -> None:
    async def silent(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    vendor = await vendor_of(silent)
    brief = msgspec.structs.replace(services, patience=msgspec.structs.replace(services.patience, read=0.1, attempts=1))
    async with RestClient(vendor.url, brief) as client:
        with pytest.raises(Transient, match="did not answer GET /assets in time") as caught:
            await client.get_json("/assets")
    assert caught.value.code == "timeout"


async def test_a_web_page_where_json_is_due_breaks_the_contract(vendor_of: Any, services: Services) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>Please log in, token=abcdef123</html>", content_type="text/html")

    vendor = await vendor_of(page)
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(ContractBroken, match="answered /assets with no JSON") as caught:
            await client.get_json("/assets")
    assert "Please log in" in caught.value.detail
    assert "abcdef123" not in caught.value.detail


async def test_json_of_another_form_breaks_the_contract(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(answers(200))
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(ContractBroken, match="another form"):
            await client.get_json("/assets", type=list[int])


async def test_an_endless_answer_is_not_taken_into_memory(vendor_of: Any, services: Services) -> None:
    class Small(RestClient):
        json_limit = 1000

    async def long(_: web.Request) -> web.Response:
        return web.Response(body=b"[" + b"1," * 100_000)

    vendor = await vendor_of(long)
    async with Small(vendor.url, services) as client:
        with pytest.raises(ContractBroken, match="more than 1000 bytes"):
            await client.get_json("/assets")


class Renewing(NoAuth):
    """A token that can be renewed, and counts how often it was."""

    def __init__(self) -> None:
        self.renewals = 0

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer token-{self.renewals}"}

    async def refresh(self) -> bool:
        await asyncio.sleep(0)
        self.renewals += 1
        return True


async def wants_token_1(request: web.Request) -> web.Response:
    good = request.headers["Authorization"] == "Bearer token-1"
    return web.json_response({}, status=200 if good else 401)


async def test_many_calls_refused_together_renew_the_token_once(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(wants_token_1)
    auth = Renewing()
    async with RestClient(vendor.url, services, auth) as client:
        await asyncio.gather(*(client.send_json("POST", "/assets", {}) for _ in range(5)))
    assert auth.renewals == 1


async def test_a_renewed_token_that_is_refused_too_needs_the_operator(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(answers(401))
    async with RestClient(vendor.url, services, Renewing()) as client:
        with pytest.raises(NeedsOperator):
            await client.get_json("/assets")
    assert len(vendor.seen) == 2


async def test_no_secret_reaches_the_log_or_an_error(vendor_of: Any, services: Services, log: LogCapture) -> None:
    async def tells(request: web.Request) -> web.Response:
        key = request.headers["X-API-KEY"]
        return web.json_response({"message": f"bad key {key}", "password": "hunter2"}, status=400)

    vendor = await vendor_of(tells)
    async with RestClient(vendor.url, services, ApiKey("sesame/open&1")) as client:
        with pytest.raises(Rejected) as caught:
            await client.get_json("/assets", params={"token": "q-secret", "echo": "sesame/open&1", "page": 2})
    told = f"{caught.value} {caught.value.sentence} {caught.value.detail} {log.entries}"
    assert "bad key •••" in told
    assert not [secret for secret in ("sesame", "q-secret", "hunter2") if secret in told]
    assert "page=2" in str(log.entries)


async def test_each_request_leaves_one_line_in_the_log(vendor_of: Any, services: Services, log: LogCapture) -> None:
    vendor = await vendor_of(answers(503, 200))
    async with RestClient(vendor.url, services) as client:
        await client.get_json("/assets")
    assert [(line["method"], line["status"], line["log_level"]) for line in log.entries] == [
        ("GET", 503, "debug"),
        ("GET", 200, "debug"),
    ]


def redirecting(to: str, status: int = 302) -> Any:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/old":
            return web.Response(status=status, headers={"Location": to})
        return await echo(request)

    return answer


async def test_a_redirect_within_the_system_is_followed_with_credentials(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(redirecting("/new?x=1"))
    async with RestClient(vendor.url, services, ApiKey("k-1234")) as client:
        got = await client.get_json("/old")
    assert (got["path"], got["headers"]["X-API-KEY"]) == ("/new?x=1", "k-1234")


async def test_a_redirect_to_another_origin_carries_no_credentials(vendor_of: Any, services: Services) -> None:
    other = await vendor_of(echo)
    vendor = await vendor_of(redirecting(f"{other.url}/new"))
    async with RestClient(vendor.url, services, ApiKey("k-1234")) as client:
        got = await client.get_json("/old", headers={"Cookie": "session=1", "X-Own": "credential"})
    assert not {"X-API-KEY", "Cookie", "X-Own"} & set(got["headers"])


async def test_a_redirect_out_of_the_allowed_hosts_is_not_followed(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(redirecting("http://localhost:9/steal"))
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(NeedsOperator, match="may not call localhost:9") as caught:
            await client.get_json("/old")
    assert caught.value.code == "egress"


async def test_a_redirected_write_is_not_sent_elsewhere(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(redirecting("/new", 307))
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(NeedsOperator, match="set it as the address"):
            await client.send_json("POST", "/old", {})
    assert [request.path for request in vendor.seen] == ["/old"]


async def test_redirects_in_a_circle_end(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(redirecting("/old"))
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(ContractBroken):
            await client.get_json("/old")


async def test_a_name_that_leads_to_a_private_address_is_not_called(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(echo)
    port = vendor.url.rpartition(":")[2]
    strict = msgspec.structs.replace(services, egress=Egress(hosts=("localhost",)))
    async with RestClient(f"http://localhost:{port}", strict) as client:
        with pytest.raises(NeedsOperator, match="private") as caught:
            await client.get_json("/assets")
    assert caught.value.code == "egress"
    assert vendor.seen == []


async def test_another_host_gets_no_credentials_when_called_by_its_whole_address(
    vendor_of: Any, services: Services
) -> None:
    store = await vendor_of(echo)
    vendor = await vendor_of(echo)
    async with RestClient(vendor.url, services, ApiKey("k-1234")) as client:
        got = await client.get_json(f"{store.url}/file")
    assert "X-API-KEY" not in got["headers"]


async def test_a_redirect_to_nowhere_breaks_the_contract(vendor_of: Any, services: Services) -> None:
    vendor = await vendor_of(redirecting("http://[broken"))
    async with RestClient(vendor.url, services) as client:
        with pytest.raises(ContractBroken, match="an address that is none"):
            await client.get_json("/old")
