"""Roles apart on PostgreSQL: `serve` takes in, several `worker` processes share the work, and a dead one is replaced."""

import signal
from typing import Any

import pytest

from lockgate.cli.http import call

from .commands import Place, Running, until

pytestmark = pytest.mark.postgres


@pytest.fixture
def shared(place: Place, postgres_url: str) -> Place:
    """An installation on PostgreSQL with the flow installed."""
    place.environment["LOCKGATE_DATABASE"] = postgres_url
    place.installed()
    return place


def worker(place: Place) -> Running:
    running = place.start("worker", "--json")
    assert running.document()["flows"] == ["f"]
    return running


def uploads(place: Place) -> int:
    """How often a file was sent to the portal."""
    calls = place.commands.run("sandbox", "calls", place.systems.portal, "--json").document["calls"]
    return sum(
        (one["method"], one["path"], one["status"]) == ("POST", "/api/modules/file/objects", 201) for one in calls
    )


def ended(api: str, id: str) -> Any:
    run = call("GET", f"{api}/runs/{id}")
    return run if run["state"] not in {"queued", "running"} else None


def test_a_run_asked_of_serve_is_done_by_a_worker_and_hints_by_all(shared: Place) -> None:
    serve = shared.start("serve", "--port", "0", "--json")
    api = serve.document()["address"] + "/api/v1"
    asked = call("POST", f"{api}/flows/f/runs")
    assert asked["state"] == "queued"
    workers = [worker(shared), worker(shared)]
    run = until(lambda: ended(api, asked["id"]), "a worker ends the run")
    expected = shared.systems.expected
    assert (run["state"], run["account"]["written"]) == ("done", expected["written"])
    sent = uploads(shared)
    assert sent == expected["written"]

    waiting = shared.ok("parked", "list", "f")["rows"]
    shared("sandbox", "act", shared.systems.portal, "create_missing_products")
    call("POST", f"{api}/parked/f/retry", {})
    until(lambda: not shared.ok("parked", "list", "f")["rows"], "workers look at them again")
    assert uploads(shared) == sent + len(waiting)
    for one in (*workers, serve):
        assert one.stop().status == 0
    assert shared.ok("audit", "verify")["intact"]


def test_what_a_killed_worker_had_begun_is_taken_over_and_done_once(shared: Place) -> None:
    slow = ("--add", "slow", "--match", "*", "--delay-ms", "150")
    first = worker(shared)
    serve = shared.start("serve", "--port", "0", "--json")
    api = serve.document()["address"] + "/api/v1"
    shared("sandbox", "faults", shared.systems.portal, *slow)
    asked = call("POST", f"{api}/flows/f/runs")
    until(lambda: uploads(shared), "the first worker sends files")
    first.signal(signal.SIGKILL)
    assert first.wait().status == -signal.SIGKILL
    shared("sandbox", "faults", shared.systems.portal, "--clear")
    second = worker(shared)
    run = until(lambda: ended(api, asked["id"]), "another worker takes the run over")
    expected = shared.systems.expected
    assert (run["state"], run["account"]["read"]) == ("done", expected["read"])
    live = shared.ok("item", "list", "--held", "live", "--limit", "1000")["rows"]
    assert len(live) == expected["written"]
    assert len({one["key"] for one in live}) == len(live)
    for one in (second, serve):
        assert one.stop().status == 0
