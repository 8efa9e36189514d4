"""`lockgate up`, and commands beside it that have it do the work."""

import signal
from pathlib import Path

from .commands import Commands, Place, text, until


def test_commands_beside_it_have_it_do_the_work(place: Place) -> None:
    place.installed()
    up = place.start("up", "--port", "0", "--json")
    told = up.document()
    assert told["flows"] == ["f"]
    assert text(place.home / "address").strip() == told["address"]

    expected = place.systems.expected
    first = place.ok("flow", "run", "f", status=1)
    assert first["account"]["written"] == expected["written"]
    assert place.ok("flow", "plan", "f")["plan"]["summary"] == {}
    place("sandbox", "act", place.systems.portal, "create_missing_products")
    assert place.ok("parked", "retry", "f")["still_parked"] == []
    assert place.ok("flow", "pause", "f")["state"] == "paused"
    assert "resume it first" in place("flow", "run", "f").err
    assert place.ok("flow", "resume", "f")["state"] == "active"

    done = up.stop()
    assert (done.status, done.err) == (0, "")
    assert not (place.home / "address").exists()


def test_a_second_one_is_refused_and_a_silent_one_is_named(commands: Commands, tmp_path: Path) -> None:
    home = tmp_path / "home"
    up = commands.start("--home", str(home), "up", "--port", "0", "--json")
    up.document()
    second = commands.run("--home", str(home), "up", "--port", "0")
    assert second.status == 2
    assert "another Lockgate works" in second.err
    (home / "address").unlink()
    silent = commands.run("--home", str(home), "flow", "run", "f")
    assert silent.status == 2
    assert "cannot be talked to" in silent.err
    assert commands.run("--home", str(home), "flow", "list").status == 0
    assert up.stop().status == 0


def test_a_run_that_was_killed_goes_on_when_it_is_started_again(place: Place) -> None:
    place.installed()
    place("sandbox", "faults", place.systems.portal, "--add", "slow", "--match", "*", "--delay-ms", "100")
    killed = place.start("flow", "run", "f", "--json")
    until(lambda: place.ok("flow", "runs", "f")["rows"], "the run begins")
    killed.signal(signal.SIGKILL)
    assert killed.wait().status == -signal.SIGKILL
    place("sandbox", "faults", place.systems.portal, "--clear")

    up = place.start("up", "--port", "0", "--json")
    up.document()

    def ended() -> object:
        [run] = place.ok("flow", "runs", "f")["rows"]
        return run if run["state"] not in {"queued", "running"} else None

    until(ended, "the run ends")
    [run] = place.ok("flow", "runs", "f")["rows"]
    expected = place.systems.expected
    assert (run["state"], run["account"]["read"]) == ("done", expected["read"])
    held = place.ok("item", "list", "--held", "live", "--limit", "1000")["rows"]
    assert len(held) == expected["written"]
    assert up.stop().status == 0
