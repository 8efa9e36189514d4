"""`lockgate recipe test` as a person and as a script use it."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

from lockgate.cli.main import called

from .conftest import NAME, Written

DRAFT = """\
  - name: a draft never arrives
    given: {dam: [asset__draft]}
    expect: {blocked: 1, code: approved.no}
"""
WRONG = """\
  - name: a draft arrives
    given: {dam: [asset__draft]}
    expect: {written: 1}
"""


def document(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_examples_that_hold_are_told_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert called(["recipe", "test", NAME, "--example", "draft"]) == 0
    first, second, last = capsys.readouterr().out.strip().splitlines()
    assert first == f"{NAME} with celum as dam, fourallportal as pim"
    assert second.startswith("  ✓ a draft never arrives (")
    assert last == "1 of 1 hold"


def test_one_that_does_not_hold_ends_with_status_1_and_says_what_differs(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(["recipe", "test", str(written(DRAFT + WRONG))]) == 1
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "written: expected 1, found 0" in lines
    assert "blocked: expected 0, found 1" in lines
    assert lines[-1] == "1 of 2 hold"


def test_a_script_gets_one_document(written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(["recipe", "test", str(written(WRONG)), "--json"]) == 1
    told = document(capsys)
    (recipe,) = told["recipes"]
    (example,) = recipe["examples"]
    assert (told["tried"], told["held"]) == (1, 0)
    assert (recipe["recipe"], recipe["with"]["dam"]) == ("mine", "celum")
    assert (example["example"], example["holds"]) == ("a draft arrives", False)
    assert example["differences"][0] == {"what": "written", "expected": "1", "found": "0", "step": ""}


def test_a_file_with_mistakes_is_refused_before_anything_runs(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(DRAFT.replace("asset__draft", "asset__draught"))
    assert called(["recipe", "test", str(file), "--json"]) == 2
    (sentence,) = document(capsys)["errors"]
    number = file.read_text().partition("asset__draught")[0].count("\n") + 1
    assert sentence.startswith(f"mine.yaml:{number}:")
    assert "there is no scene `asset__draught`" in sentence


WRONG_USE = [
    (["no-such-recipe"], "there is no recipe 'no-such-recipe'"),
    (["nowhere.yaml"], "nowhere.yaml cannot be read"),
    ([NAME, "--with", "dam"], "write --with dam=celum"),
    ([NAME, "--with", "shop=celum"], "the recipe has no role shop"),
    ([NAME, "--example", "nothing of the kind"], "no example has 'nothing of the kind' in its name"),
]


@pytest.mark.parametrize(("arguments", "sentence"), WRONG_USE)
def test_wrong_use_ends_with_status_2_and_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(["recipe", "test", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_nothing_of_an_installation_is_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.chdir(tmp_path):
        assert called(["recipe", "test", "--example", "draft"]) == 0
    assert capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
