"""`lockgate sandbox`: what people and scripts do to sandboxes."""

from .commands import Commands, Place


def test_what_is_said_to_a_sandbox_is_done(commands: Commands) -> None:
    told = commands.start("sandbox", "up", "celum", "--key", "mine", "--json").document()
    url = told["url"]
    assert (told["id"], told["key"]) == ("celum", "mine")

    def ok(*arguments: str) -> object:
        done = commands.run("sandbox", *arguments, "--json")
        assert done.status == 0, done
        return done.document

    assert ok("faults", url, "--add", "status", "--match", "GET /assets/*", "--status", "503", "--times", "2")
    [rule] = commands.run("sandbox", "faults", url, "--json").document["faults"]
    assert (rule["kind"], rule["status"], rule["times"]) == ("status", 503, 2)
    assert ok("faults", url, "--clear") == {"faults": []}

    frozen = commands.run("sandbox", "clock", url, "--now", "2030-01-01T00:00:00Z", "--freeze", "--json").document
    assert (frozen["now"][:10], frozen["frozen"]) == ("2030-01-01", True)
    moved = commands.run("sandbox", "clock", url, "--advance", "86400", "--json").document
    assert moved["now"][:10] == "2030-01-02"
    assert not commands.run("sandbox", "clock", url, "--real", "--go", "--json").document["frozen"]

    actions = commands.run("sandbox", "act", url, "--json").document["actions"]
    assert "approve_draft" in {one["name"] for one in actions}
    assert commands.run("sandbox", "act", url, "approve_draft").status == 0
    assert ok("calls", url) == {"calls": []}
    assert ok("reset", url) == {"reset": url}


def test_a_running_demo_names_its_sandboxes(carried: Place) -> None:
    port = carried.systems.celum.rsplit(":", 1)[1]
    carried.file("sandboxes.json", f'{{"celum": {port}, "fourallportal": 1}}')
    listed = carried.ok("sandbox", "list")["sandboxes"]
    assert {one["name"]: one["running"] for one in listed}["celum"] == [carried.systems.celum]
    assert carried.ok("sandbox", "manifest", "celum")["sandbox"] == "celum"
    gone = carried("sandbox", "manifest", "fourallportal")
    assert gone.status == 2
    assert "running: celum" in gone.err


def test_every_documented_route_is_served(commands: Commands) -> None:
    done = commands.run("sandbox", "coverage", "--json")
    assert done.status == 0
    for name, told in done.document["sandboxes"].items():
        assert told["documented"] > 0, name
        assert told["answered"] == told["documented"], told["missing"]
