"""The installation as a whole: who is let in, how errors are answered, health, metrics, version and audit."""

import io
from collections.abc import AsyncIterator

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.api.place import V1, Place
from tests.world import FLOW

from lockgate.app.version import VERSION
from lockgate.ledger import audit

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRONG_HOSTS = [
    "evil.example",
    "evil.example:8080",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "10.0.0.7",
    "[::2]:80",
    "",
]
OUR_HOSTS = ["127.0.0.1:80", "localhost", "LOCALHOST:8080", "[::1]:8080", "127.8.9.1"]
READ = [f"{V1}/flows", "/healthz", "/metrics", "/api/openapi.json"]


@pytest.mark.parametrize("host", WRONG_HOSTS)
async def test_a_name_that_is_not_this_machines_is_not_answered(place: Place, host: str) -> None:
    for path in READ:
        answer = await place.api.raw("GET", path, headers={"Host": host})
        assert answer.status == 403
        assert "names of this machine only" in answer.errors[0]


@pytest.mark.parametrize("host", OUR_HOSTS)
async def test_every_name_of_this_machine_is_answered(place: Place, host: str) -> None:
    assert (await place.api.raw("GET", f"{V1}/flows", headers={"Host": host})).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:1"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_page_of_another_site_changes_nothing(place: Place, headers: dict[str, str]) -> None:
    for method, path in (("POST", f"{V1}/flows/{FLOW}/pause"), ("DELETE", f"{V1}/flows/{FLOW}"), ("PUT", "/any")):
        answer = await place.api.raw(method, path, headers=headers)
        assert (answer.status, answer.errors) == (403, ["a page of another site may not change anything here"])
    assert (await place.api.get(f"/flows/{FLOW}"))["state"] == "active"


async def test_our_own_pages_may_change_things(place: Place) -> None:
    ours = {"Origin": place.api.url, "Sec-Fetch-Site": "same-origin"}
    await place.api.call("POST", f"{V1}/flows/{FLOW}/pause", 200, headers=ours)
    await place.api.call("POST", f"{V1}/flows/{FLOW}/resume", 200, headers=ours)


async def test_webhooks_come_in_under_any_name_but_only_with_their_secret(place: Place) -> None:
    abroad = {"Host": "hooks.example.com", "Origin": "https://celum.example"}
    unknown = await place.api.raw("POST", "/hooks/dam/guessed", headers=abroad)
    assert unknown.status == 404
    path = await place.app.connections.hook_path("dam")
    known = await place.api.raw("POST", path, headers=abroad, data=b"{}")
    assert known.status == 400  # it was heard: not signed as CELUM does
    metrics = (await place.api.raw("GET", "/metrics")).raw.decode()
    assert 'lockgate_hook_acknowledgement_duration_seconds_count{status="404"}' in metrics
    assert 'lockgate_hook_acknowledgement_duration_seconds_count{status="400"}' in metrics


async def test_answers_may_not_be_framed_sniffed_or_kept(place: Place) -> None:
    headers = (await place.api.raw("GET", f"{V1}/flows")).headers
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "status", "sentence"),
    [
        ("GET", "/api/v1/nothing", 404, "there is nothing at /api/v1/nothing: /api/openapi.json lists what there is"),
        ("GET", "/", 404, "there is nothing at /: /api/openapi.json lists what there is"),
        ("PATCH", f"{V1}/flows", 405, f"PATCH is not possible at {V1}/flows"),
        ("GET", f"{V1}/flows/none", 404, f"there is no flow 'none'; there are: {FLOW}"),
        ("GET", f"{V1}/items?flow=none&limit=0", 422, "query limit: input should be greater than or equal to 1"),
        ("GET", f"{V1}/items?outcome=eaten", 422, None),
        ("GET", f"{V1}/items/none/1", 404, f"there is no flow 'none'; there are: {FLOW}"),
        ("GET", f"{V1}/runs/none", 404, "there is no run 'none'"),
        ("GET", f"{V1}/runs/none/events", 404, "there is no run 'none'"),
        ("POST", f"{V1}/runs/none/cancel", 404, "there is no run 'none'"),
        ("GET", f"{V1}/plans/none", 404, "there is no plan 'none'"),
        ("GET", f"{V1}/plans/none/changes", 404, "there is no plan 'none'"),
        ("POST", f"{V1}/plans/none/apply", 404, "there is no plan 'none'"),
        ("GET", f"{V1}/audit/export?after=999999", 400, "The audit chain has no row 999999"),
        ("GET", f"{V1}/items/{FLOW}/a%00b", 400, "no address holds a zero byte"),
        ("GET", f"{V1}/where-used?q=a%00b", 400, "no address holds a zero byte"),
        ("GET", f"{V1}/audit?after={'9' * 30}", 400, None),
        ("GET", f"{V1}/audit/export?after={'9' * 30}", 422, None),
        ("GET", f"{V1}/audit/verify?n=1", 400, "`n` and `hash` belong together: give both, or none"),
    ],
)
async def test_whatever_goes_wrong_is_answered_in_sentences(
    place: Place, method: str, path: str, status: int, sentence: str | None
) -> None:
    answer = await place.api.call(method, path, status)
    assert sentence is None or answer.errors == [sentence]


async def test_a_body_that_is_not_json_is_refused_in_words(place: Place) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await place.api.call("POST", f"{V1}/connections", 422, data=b'{"name": ', headers=headers)
    assert answer.errors[0].startswith("body")


async def chunks() -> AsyncIterator[bytes]:
    for _ in range(17):
        yield b"x" * (64 * 1024)


async def test_a_body_that_is_too_long_is_refused_whether_it_says_so_or_not(place: Place) -> None:
    for body in (io.BytesIO(b"x" * (1024 * 1024 + 1)), chunks()):
        answer = await place.api.call("POST", f"{V1}/flows", 413, data=body)
        assert answer.errors == ["the body is too long"]


async def samples(place: Place) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """All samples of /metrics by name and labels."""
    text = (await place.api.call("GET", "/metrics", 200)).raw.decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(**labels: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(labels.items()))


async def test_a_process_that_lives_and_works_says_so(place: Place) -> None:
    assert (await place.api.call("GET", "/healthz", 200)).body == {"alive": True}
    ready = (await place.api.call("GET", "/readyz", 200)).body
    assert ready == {"ready": True, "database": True, "engine": True, "flows": [FLOW], "problems": {}}


async def test_metrics_tell_how_everything_stands(place: Place) -> None:
    found = await samples(place)
    assert found["lockgate_items", of(flow=FLOW, outcome="written")] == 5
    assert found["lockgate_items", of(flow=FLOW, outcome="blocked")] == 3
    assert found["lockgate_parked_items", of(flow=FLOW, code="product.missing")] == 2
    assert found["lockgate_inbox_items", of(flow=FLOW, lane="recall")] == 0
    assert found["lockgate_runs", of(flow=FLOW, kind="full", state="done")] == 1
    assert found["lockgate_flow_working", of(flow=FLOW)] == 1
    assert found["lockgate_items_looked_at_total", of(flow=FLOW, outcome="written")] == 5
    assert found["lockgate_files_sent_bytes_total", of(flow=FLOW)] == 5 * len(b"the file of packshot 1")


async def test_requests_are_timed_by_route_and_not_by_path(place: Place) -> None:
    counter = "lockgate_http_request_duration_seconds_count"
    one_item = (counter, of(method="GET", route=f"{V1}/items/{{flow}}/{{key:path}}", status="404"))
    before = await samples(place)
    for key in ("1", "2"):
        await place.api.get(f"/items/{FLOW}/{key}", 404)
    await place.api.raw("GET", "/anything/else")
    after = await samples(place)
    assert after[one_item] - before.get(one_item, 0) == 2
    assert not any("/anything" in value for _, labels in after for _, value in labels)


async def test_the_version_is_told(place: Place) -> None:
    told = await place.api.get("/version")
    assert (told["lockgate"], told["database"]) == (VERSION, "sqlite")


async def test_the_audit_chain_is_verified_against_itself_and_a_hash_kept_elsewhere(place: Place) -> None:
    report = await place.api.get("/audit/verify")
    assert report["intact"]
    assert report["rows"] == report["last"]["n"]
    same = await place.api.get("/audit/verify", **report["last"])
    assert same["intact"]
    other = await place.api.get("/audit/verify", n=report["last"]["n"], hash="0" * 64)
    assert (other["intact"], other["broken"]) == (False, report["last"]["n"])


async def test_the_exported_chain_verifies_without_lockgates_database(place: Place) -> None:
    answer = await place.api.call("GET", f"{V1}/audit/export", 200)
    report = audit.verify_lines(answer.raw.decode().splitlines())
    told = await place.api.get("/audit/verify")
    assert report.problem is None
    assert report.last == (told["last"]["n"], told["last"]["hash"])
    assert answer.headers["Content-Disposition"].endswith('.jsonl"')
    rest = (await place.api.call("GET", f"{V1}/audit/export?after=1", 200)).raw.decode().splitlines()
    assert len(rest) == len(answer.raw.splitlines()) - 1


async def test_what_people_did_is_listed_newest_first_and_page_by_page(place: Place) -> None:
    for _ in range(3):
        await place.api.post(f"/flows/{FLOW}/pause")
        await place.api.post(f"/flows/{FLOW}/resume")
    acts = await place.api.rows("/audit", flow=FLOW, limit=2)
    assert [act["act"] for act in acts[:2]] == ["flow resumed", "flow paused"]
    assert [act["n"] for act in acts] == sorted((act["n"] for act in acts), reverse=True)
    assert {act["by"] for act in acts} == {"local"}
