"""Wrong use: exit status 2, a sentence that says what to do, and for programs the same as JSON."""

from pathlib import Path

import pytest

from .commands import Commands, Place

NOBODY = "http://127.0.0.1:1"

WRONG = {
    "no such command": (["nonsense"], "nonsense"),
    "no such option": (["flow", "list", "--nonsense"], "--nonsense"),
    "a setting that is none": (["flow", "list"], "LOCKGATE_NONSENSE"),
    "a port that is none": (["up", "--port", "99999"], "--port"),
    "a strange listening address": (["up", "--host", "192.0.2.1", "--port", "0"], "no login yet"),
    "roles apart on SQLite": (["worker"], "lockgate up"),
    "an API alone on SQLite": (["serve"], "LOCKGATE_DATABASE"),
    "no such connector": (["connect", "add", "nonsense", "x", "--set", "a=b"], "there are akeneo"),
    "settings that are missing": (
        ["connect", "add", "celum", "x"],
        "site (Address of your CELUM site): this is needed",
    ),
    "a setting without value": (["connect", "add", "celum", "x", "--set", "site"], "does not say a value"),
    "a variable that is not there": (["connect", "add", "celum", "x", "--set", "key=env:NOPE"], "no variable NOPE"),
    "a file that is not there": (["connect", "add", "celum", "x", "--set", "key=@/no/file"], "cannot be read"),
    "no such connection": (["connect", "check", "x"], "there is no connection 'x'"),
    "a profile word that is none": (["connect", "profile", "x", "--set", "sku=1"], "KIND.NAME=FIELD"),
    "nothing to remove": (["connect", "remove", "x"], "there is no connection"),
    "no such recipe": (["recipe", "show", "nonsense"], "there are: approved-assets-to-products"),
    "no recipe for a template": (["flow", "template", "nonsense"], "there is no recipe"),
    "no flow file": (["flow", "add", "/no/file"], "cannot be read"),
    "no such flow": (["flow", "run", "x"], "there is no flow 'x'"),
    "no plan to apply": (["flow", "apply", "x"], "there is no flow 'x'"),
    "no flow to resume": (["flow", "resume", "x"], "there is no flow 'x'"),
    "an outcome that is none": (["item", "list", "--outcome", "lost"], "written, unchanged, blocked"),
    "no such item": (["item", "show", "x"], "was ever looked at"),
    "a place that is none": (["item", "list", "--after", "x"], "`next`"),
    "nothing to look for": (["item", "where-used", " "], "say what to look for"),
    "dropping all at once": (["parked", "drop", "x"], "say which"),
    "a hash that is none": (["audit", "verify", "--known", "5"], "number and hash"),
    "a bundle that is none": (["audit", "verify", __file__], "no audit bundle"),
    "a bundle as JSON": (["audit", "export"], "--to FILE"),
    "no such sandbox": (["sandbox", "up", "nonsense"], "there are: celum"),
    "coverage of none": (["sandbox", "coverage", "nonsense"], "there are: celum"),
    "a sandbox nobody runs": (["sandbox", "calls", "celum"], "lockgate demo"),
    "a sandbox that is gone": (["sandbox", "reset", NOBODY], "does not answer"),
    "an argument without value": (["sandbox", "act", NOBODY, "release", "id"], "name=text"),
    "JSON that is none": (["sandbox", "act", NOBODY, "release", "id:=1x"], "no JSON"),
    "content that is no folder": (["demo", "--content", "/no/folder"], "is no folder"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_use_ends_with_status_2_and_a_sentence(what: str, commands: Commands, tmp_path: Path) -> None:
    arguments, sentence = WRONG[what]
    environment = (
        {"LOCKGATE_NONSENSE": "1"} if what == "a setting that is none" else {"LOCKGATE_HOME": f"{tmp_path}/home"}
    )
    done = commands.run(*arguments, "--json", **environment)
    assert done.status == 2, done
    [*errors] = done.document["errors"]
    assert sentence in " ".join(errors)
    assert errors[0] in done.err
    assert "Traceback" not in done.err


def test_every_problem_of_a_flow_file_is_told_with_its_line(commands: Commands, tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("flow: f\nrecipe: approved-assets-to-products\nuses: {dam: a}\nask: {marketz: DE}\n")
    told = commands.run("recipe", "check", str(file), "--json")
    assert told.status == 1
    assert {problem["line"] for problem in told.document["problems"]} == {3, 4}
    added = commands.run("--home", f"{tmp_path}/home", "flow", "add", str(file))
    assert added.status == 2
    assert "f.yaml:3:" in added.err
    assert "f.yaml:4:" in added.err


def test_what_needs_something_there_says_so(carried: Place) -> None:
    for arguments, sentence in (
        (["flow", "apply", "f", "nonsense"], "there is no plan"),
        (["parked", "retry", "f", "nonsense"], "is not parked"),
        (["connect", "remove", "dam"], "is used by f"),
        (["sandbox", "act", carried.systems.celum, "nonsense"], "There is no action nonsense"),
        (["sandbox", "faults", carried.systems.celum, "--add", "nonsense"], "nonsense"),
        (["sandbox", "seed", carried.systems.celum, "--content", "/no/folder"], "is no folder"),
        (["sandbox", "clock", carried.systems.celum, "--real", "--advance", "1"], "goes alone"),
    ):
        done = carried(*arguments)
        assert (done.status, sentence in done.err) == (2, True), f"{arguments}: {done}"
