"""A draft by commands: planned, then switched on."""

from .commands import FLOW, Place


def test_a_draft_is_planned_and_switched_on(place: Place) -> None:
    place.connected()
    assert place.ok("flow", "add", place.file("f.yaml", FLOW), "--draft")["state"] == "draft"
    assert place("flow", "run", "f").status == 2
    plan = place.ok("flow", "plan", "f")["plan"]
    assert (plan["state"], plan["summary"]["create"] > 0) == ("ready", True)
    assert place.ok("item", "list")["rows"] == []
    run = place.ok("flow", "activate", "f", status=1)
    assert (run["state"], run["account"]["written"]) == ("done", plan["summary"]["create"])
    assert place.ok("flow", "list")["rows"][0]["state"] == "active"
