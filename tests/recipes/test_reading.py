"""Examples and scenes that cannot be tried: every problem at once, each at its line."""

from pathlib import Path

import pytest

from lockgate.app.examples import Promises, casts, gathered, gathered_file
from lockgate.app.problems import Refused
from lockgate.engine.recipe import Problem, RecipeErrors

from .conftest import NAME, Written


def problems(file: Path) -> list[Problem]:
    with pytest.raises(RecipeErrors) as raised:
        gathered_file(file)
    return list(raised.value.problems)


def line(file: Path, word: str) -> int:
    (found,) = (number for number, text in enumerate(file.read_text().splitlines(), 1) if word in text)
    return found


WRONG = [
    ("given: {dam: [asset__pakshot]}", "there is no scene `asset__pakshot`", "did you mean `asset__packshot`?"),
    ("given: {dam: [product__kettle]}", "`dam` has no kind `product`", "its scenes begin with asset__"),
]


@pytest.mark.parametrize(("given", "sentence", "remedy"), WRONG)
def test_what_is_given_must_be_a_scene_of_the_role(written: Written, given: str, sentence: str, remedy: str) -> None:
    file = written(f"  - name: one\n    {given}\n    expect: {{written: 1}}\n")
    (found,) = problems(file)
    assert (found.line, found.sentence, found.remedy) == (line(file, given), sentence, remedy)
    assert found.path == "examples[0].given.dam[0]"


STEPS = [
    (
        "change: {dam: {asset__draft: {version: 2}}}",
        "`asset__draft` is not there at `dam` at this point",
        "asset__packshot",
    ),
    ("remove: {pim: [product__kettle]}", "`product__kettle` is not there at `pim` at this point", "none is known here"),
    ("change: {dam: {asset__packshot: {statos: draft}}}", "`statos` is not known here", "did you mean `status`?"),
    ("change: {dam: {asset__packshot: {status: done}}}", "`done` is not a status", "known are"),
    ("change: {dam: {asset__packshot: {window.until: soon}}}", "`soon` is not a time", "write `-1d`"),
    ("change: {dam: {asset__packshot: {cleared: maybe}}}", "`maybe` does not say", "write `yes`, `no` or `unknown`"),
    ("change: {dam: {asset__packshot: {regions: [Atlantis]}}}", "`Atlantis` is not a territory", "ISO 3166"),
    ("wait: soon", "`soon` is not a length of time", "write `30s`"),
    ("change: {dm: {asset__packshot: {version: 2}}}", "there is no role `dm`", "did you mean `dam`?"),
]


@pytest.mark.parametrize(("step", "sentence", "remedy"), STEPS)
def test_a_step_names_what_is_there_and_says_what_there_is(
    written: Written, step: str, sentence: str, remedy: str
) -> None:
    head = "  - name: one\n    given: {dam: [asset__packshot]}\n    expect: {written: 1}\n    then:\n"
    file = written(f"{head}      - {step}\n        expect: {{unchanged: 1}}\n")
    found = [one for one in problems(file) if sentence in one.sentence]
    assert [one.line for one in found] == [line(file, step)]
    assert remedy in found[0].remedy


def test_only_what_is_delivered_to_can_hold_something(written: Written) -> None:
    file = written("  - name: one\n    given: {}\n    expect: {holds: {dam: {title: Kettle}}}\n")
    (found,) = problems(file)
    assert (found.sentence, found.remedy) == ("nothing is delivered to `dam`", "say what `pim` holds")
    assert found.path == "examples[0].expect.holds.dam"


def test_a_question_without_a_default_is_answered_by_each_example(written: Written) -> None:
    file = written("  - name: one\n    given: {dam: [asset__draft]}\n    expect: {blocked: 1}\n")
    file.write_text(file.read_text().replace(", default: [DE, AT, CH]", ", many: true"))
    (found,) = problems(file)
    assert found.sentence == "`markets` has no default and is not answered here"


def own(file: Path, kind: str, text: str) -> None:
    folder = file.parent / "scenes"
    folder.mkdir(exist_ok=True)
    (folder / f"{kind}.yaml").write_text(text)


def promised(written: Written, scene: str, text: str) -> Promises:
    file = written(f"  - name: one\n    given: {{dam: [asset__{scene}]}}\n    expect: {{written: 1}}\n")
    own(file, "asset", text)
    return gathered_file(file)


def test_scenes_of_ones_own_stand_beside_the_shipped_ones_and_may_be_like_them(written: Written) -> None:
    promises = promised(written, "poster", "poster: {like: packshot, title: Poster, ids.sku: , regions: [FR]}\n")
    words = promises.scenes["asset__poster"].words
    assert (words["title"], words["regions"], words["ids.sku"]) == ("Poster", ("FR",), None)
    assert words["rights.credit"] == promises.scenes["asset__packshot"].words["rights.credit"]


def test_a_scene_of_ones_own_replaces_the_shipped_one_of_its_name(written: Written) -> None:
    promises = promised(written, "packshot", "packshot: {title: Ours}\n")
    assert promises.scenes["asset__packshot"].words == {"title": "Ours"}


SCENES = [
    ("a: {like: b}\nb: {like: a}\n", "`a` is like itself in the end"),
    ("a: {like: pakshot}\n", "there is no scene `pakshot` here"),
    ("a: {tittle: A}\n", "`tittle` is not known here"),
    ("a: {cleared: 1}\n", "`1` does not say whether it is cleared"),
]


@pytest.mark.parametrize(("text", "sentence"), SCENES)
def test_a_scene_that_makes_no_sense_is_named_with_its_file_and_line(
    written: Written, text: str, sentence: str
) -> None:
    file = written("  - name: one\n    given: {}\n    expect: {written: 0}\n")
    own(file, "asset", text)
    found = [one for one in problems(file) if one.sentence == sentence]
    assert found
    assert found[0].source == "scenes/asset.yaml"


def test_a_kind_that_no_sandbox_knows_is_refused(written: Written) -> None:
    file = written("  - name: one\n    given: {}\n    expect: {written: 0}\n")
    own(file, "assets", "a: {title: A}\n")
    (found,) = problems(file)
    assert (found.sentence, found.remedy) == ("there are no scenes of kind `assets`", "did you mean `asset`?")


def test_a_connector_that_cannot_take_a_role_says_what_it_lacks() -> None:
    recipe = gathered(NAME).recipe
    with pytest.raises(Refused, match="celum lacks products") as refused:
        casts(recipe, {"pim": "celum"})
    assert "the action make_product" in str(refused.value)
    with pytest.raises(Refused, match="there is no connector 'nobody'"):
        casts(recipe, {"dam": "nobody"})
    with pytest.raises(Refused, match="the recipe has no role shop"):
        casts(recipe, {"shop": "celum"})
