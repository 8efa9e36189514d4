"""Health, metrics, version and audit over HTTP."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.api.place import V1, Place
from tests.world import FLOW

from lockgate.app.version import VERSION
from lockgate.ledger import audit

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
    for key in ("1", "2"):
        await place.api.get(f"/items/{FLOW}/{key}", 404)
    found = await samples(place)
    counted = {
        labels: n for (name, labels), n in found.items() if name == "lockgate_http_request_duration_seconds_count"
    }
    route = f"{V1}/items/{{flow}}/{{key:path}}"
    assert counted[of(method="GET", route=route, status="404")] == 2
    await place.api.raw("GET", "/anything/else")
    assert ("lockgate_http_request_duration_seconds_count", of(method="GET", route="", status="404")) in await samples(
        place
    )


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
