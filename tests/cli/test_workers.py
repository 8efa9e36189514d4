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


def test_workers_share_the_work_and_take_over_what_a_killed_one_had_begun(shared: Place) -> None:
    serve = shared.start("serve", "--port", "0", "--json")
    api = serve.document()["address"] + "/api/v1"
    shared("sandbox", "faults", shared.systems.portal, "--add", "slow", "--match", "*", "--delay-ms", "150")
    asked = call("POST", f"{api}/flows/f/runs")
    assert asked["state"] == "queued"

    killed = worker(shared)
    until(lambda: uploads(shared), "the worker sends files")
    killed.signal(signal.SIGKILL)
    assert killed.wait().status == -signal.SIGKILL
    shared("sandbox", "faults", shared.systems.portal, "--clear")
    workers = [worker(shared), worker(shared)]
    run = until(lambda: ended(api, asked["id"]), "another worker takes the run over")
    expected = shared.systems.expected
    assert (run["state"], run["account"]["read"]) == ("done", expected["read"])
    assert len(shared.ok("item", "list", "--held", "live", "--limit", "1000")["rows"]) == expected["written"]

    sent, waiting = uploads(shared), shared.ok("parked", "list", "f")["rows"]
    shared("sandbox", "act", shared.systems.portal, "create_missing_products")
    call("POST", f"{api}/parked/f/retry", {})
    until(lambda: not shared.ok("parked", "list", "f")["rows"], "the workers look at them again")
    assert uploads(shared) == sent + len(waiting)

    assert call("GET", f"{api}/flows/f")["working"]
    shared.ok("flow", "pause", "f")
    until(lambda: not call("GET", f"{api}/flows/f")["working"], "other processes take the change up")
    for one in (*workers, serve):
        assert one.stop().status == 0
    assert shared.ok("audit", "verify")["intact"]
