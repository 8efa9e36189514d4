"""The page on writing a connector: what it shows of the code is in the code, and its targets are there.

That a connector which was laid out keeps its promises is asked in tests/repo, that named commands exist in test_pages.
"""

import re
import shlex
from pathlib import Path

import pytest

from .pages import ROOT, Block, blocks

PAGE = ROOT / "docs" / "tutorial-connector.md"
BLOCKS = list(blocks(PAGE.read_text(encoding="utf-8")))
EXCERPTS = [block for block in BLOCKS if block.language == "python"]
COMMANDS = [command.line for block in BLOCKS if block.language == "console" for command in block.commands()]


@pytest.mark.parametrize("block", EXCERPTS, ids=lambda block: block.text.strip()[:50])
def test_each_excerpt_stands_in_the_file_it_names(block: Block) -> None:
    path = Path(block.info.split(" ")[1])
    assert block.text.rstrip() in (ROOT / path).read_text(encoding="utf-8")


def test_each_target_of_make_is_one() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {shlex.split(line)[1] for line in COMMANDS if line.startswith("make ")}
    assert {"connector", "test", "check", "docs"} <= named <= targets


def test_the_page_goes_from_laying_out_to_trying_it() -> None:
    assert COMMANDS[0] == "make connector NAME=webhook"
    assert COMMANDS[-1].startswith("lockgate connect check")
    assert len(EXCERPTS) >= 8
