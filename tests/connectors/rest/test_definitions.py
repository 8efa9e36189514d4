"""Definitions that are wrong: each mistake is told at its line, in words, with what to do."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from lockgate.connectors.rest.definition.load import load, schema
from lockgate.connectors.rest.definition.problems import DefinitionErrors

GOOD = Path(__file__).with_name("larkfield.yaml").read_text(encoding="utf-8")

HERE = Path(__file__).parent
MISTAKES = {one["what"]: one for one in YAML(typ="safe").load((HERE / "mistakes.yaml").read_text(encoding="utf-8"))}


def told(text: str) -> DefinitionErrors:
    with pytest.raises(DefinitionErrors) as caught:
        load(text, "larkfield.yaml")
    return caught.value


def test_a_good_definition_has_nothing_wrong() -> None:
    assert load(GOOD, "larkfield.yaml").definition == "larkfield"


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_is_told_at_its_line(what: str) -> None:
    one = MISTAKES[what]
    before, after = one["before"], one["after"]
    assert before in GOOD
    said = told(GOOD.replace(before, after, 1))
    found = [problem for problem in said.problems if one["said"] in f"{problem.sentence} ({problem.remedy})"]
    assert found, str(said)
    first = GOOD[: GOOD.index(one.get("at", before))].count("\n") + 1
    last = first if "at" in one else first + max(before.count("\n"), after.count("\n"))
    assert first <= found[0].line <= last, str(said)
    assert f"larkfield.yaml line {found[0].line}: " in str(said)


def test_every_mistake_is_told_at_once() -> None:
    text = GOOD.replace("GET /me", "GRAB /me").replace("at: sku", "at: sku..x").replace("size: 100", "size: many", 1)
    assert len(told(text).problems) == 3


def test_the_definition_that_the_documentation_shows_is_one() -> None:
    page = (HERE.parents[2] / "docs" / "how-to" / "define-a-system.md").read_text(encoding="utf-8")
    shown = page.split("```yaml\n", 2)[1].split("```")[0]
    assert load(shown, "define-a-system.md").definition == "larkfield"


def test_the_schema_for_editors_takes_one_for_a_list_and_numbers_for_texts() -> None:
    """As YAML files are written: `status: 500`, `is: [true, live]`, `version: 2.0`."""
    parts = schema()["$defs"]
    plain = ["string", "number", "boolean"]
    assert parts["Closed"]["properties"]["is"]["anyOf"] == [
        {"items": {"type": plain}, "type": "array"},
        {"type": plain},
    ]
    assert parts["Rule"]["properties"]["status"]["anyOf"][1] == {"type": ["integer", "string"]}
    assert parts["Endpoint"]["properties"]["version"]["type"] == plain
    assert parts["Paging"]["properties"]["by"]["type"] == "string"
