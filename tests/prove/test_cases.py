"""Special cases of the crash proof, as far as they are quick; `make cases` plays all of them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from prove.cases.points import WAYS, points
from prove.cases.standing import sent_twice
from prove.warm import warm

import lockgate
from lockgate.failpoints import POINTS

QUICK = ("copy.written", "page.recorded")


def passed_in(file: Path) -> Iterator[str]:
    """The points that a module passes."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "passed":
            yield ast.literal_eval(node.args[0])


def test_every_point_is_listed_passed_at_one_place_and_has_a_way_to_it() -> None:
    sources = Path(next(iter(lockgate.__path__))).rglob("*.py")
    found = sorted(name for file in sources for name in passed_in(file))
    assert found == sorted(POINTS) == sorted(WAYS)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_process_that_dies_after_a_durable_step_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async with warm() as launch:
        result = await points(tmp_path, 1, QUICK, launch=launch, assets=6)
    assert (result.wrong, result.told["reached"]) == ([], len(QUICK))


def test_a_file_that_was_sent_twice_is_seen() -> None:
    once = [
        {"id": "f", "by": "u-1", "sha256": "a"},
        {"id": "f", "by": "u-1", "sha256": "b"},
        {"id": "g", "by": "u-1", "sha256": "b"},
    ]
    assert list(sent_twice(once)) == []
    assert len(list(sent_twice([*once, once[1]]))) == 1
