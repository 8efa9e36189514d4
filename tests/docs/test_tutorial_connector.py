"""The page on writing a connector, followed to the letter in a copy of the checkout from which its connector was taken out.

The page shows excerpts: where it shows one, the reader's file is put in, with what it imports from beside it. What stands between
the excerpts is the connector that the page led to.
"""

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.repo.checkout import copy

from .pages import ROOT, Block, Command, blocks, pattern
from .terminals import Terminal
from .test_tutorial import free_ports

NAME = "webhook"
PAGE = ROOT / "docs" / "tutorial-connector.md"
BLOCKS = list(blocks(PAGE.read_text(encoding="utf-8")))
EXCERPTS = [block for block in BLOCKS if block.language == "python"]
COMMANDS = [command for block in BLOCKS if block.language == "console" for command in block.commands()]
FOLDERS = tuple(Path(f"{home}/{NAME}") for home in ("src/lockgate/connectors", "tests/connectors"))
PARTS = ("src/", "docs/reference/", "pyproject.toml", "Makefile", "tests/conftest.py")
INSTEAD = {
    "make check": "ruff format --check --no-cache {0} {1} && ruff check --no-cache {0} {1}",
    "make docs": "python -m lockgate.cli.reference",
    f"make test ARGS=tests/connectors/{NAME}": f"make test ARGS=tests/connectors/{NAME}/test_conformance.py",
}
"""What is done of targets that do much more; tests/repo has a new connector pass the rest of them, the suite runs the tests."""
WAIT = 240.0


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The checkout as it was before its connector was written."""
    root = copy(tmp_path / "lockgate", below=PARTS)
    for folder in FOLDERS:
        shutil.rmtree(root / folder, ignore_errors=True)
    page = root / "docs/reference/connectors" / f"{NAME}.md"
    page.unlink()
    return root


@pytest.fixture
def env(tmp_path: Path, checkout: Path) -> dict[str, str]:
    """`make` finds its environment set up: that one is under test, and must not be changed by it."""
    bin = tmp_path / "bin"
    bin.mkdir()
    make = bin / "make"
    found = shlex.quote(shutil.which("make") or "make")
    make.write_text(f'#!/bin/sh\nexec {found} -o setup -o browser VENV={shlex.quote(sys.prefix)} "$@"\n')
    make.chmod(0o755)
    paths = (str(bin), str(Path(sys.executable).parent), os.environ["PATH"])
    return {
        "PATH": ":".join(paths),
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "COLUMNS": "200",
        "PYTHONPATH": str(checkout / "src"),
    }


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_the_page_followed_to_the_letter(checkout: Path, env: dict[str, str]) -> None:
    [port] = free_ports(1)
    async with Terminal(checkout, env) as terminal:
        laid_out = False
        for block in BLOCKS:
            if block.language == "python":
                put_in(checkout, Path(block.info.split(" ")[1]))
            for command in block.commands() if block.language == "console" else ():
                if laid_out and "make test" in command.line:
                    finished(checkout)
                await typed(terminal, command, str(port))
                laid_out = laid_out or "sandbox coverage" in command.line
        await terminal.interrupt()
    made = checkout / "docs/reference/connectors" / f"{NAME}.md"
    assert made.read_text() == (ROOT / made.relative_to(checkout)).read_text()


async def typed(terminal: Terminal, command: Command, port: str) -> None:
    line = INSTEAD.get(command.line, command.line).format(*FOLDERS) if command.line in INSTEAD else command.line
    status, shown = await terminal.run(line.replace("9109", port), WAIT)
    assert status == 0, f"$ {line}\n{shown}"
    if command.line.startswith("lockgate sandbox up"):
        await up(terminal)
    place = 0
    for fragment in command.expected:
        found = pattern(fragment).search(shown, place)
        assert found is not None, f"$ {line}\nshows no {fragment!r}:\n{shown}"
        place = found.end()
    if command.line.startswith("make test"):
        assert int(re.findall(r"(\d+) passed", shown)[-1]) >= 30


async def up(terminal: Terminal) -> None:
    """A reader sees that it is up; here its log says so."""
    status, shown = await terminal.run(
        "for i in $(seq 600); do grep -q http webhook.log && break; sleep 0.1; done; cat webhook.log", WAIT
    )
    assert (status, "http://" in shown) == (0, True), shown


def put_in(checkout: Path, path: Path) -> None:
    """A file as the reader has written it, with those beside it that it imports."""
    wanted, done = [path], set[Path]()
    while wanted:
        one = wanted.pop()
        if one not in done:
            done.add(one)
            (checkout / one).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / one, checkout / one)
            wanted += imported(one)


def imported(path: Path) -> Iterator[Path]:
    text = (ROOT / path).read_text(encoding="utf-8")
    names = re.findall(rf"^from lockgate\.connectors\.{NAME}\.(\w+) import", text, re.MULTILINE)
    for several in re.findall(rf"^from lockgate\.connectors\.{NAME} import (.+)", text, re.MULTILINE):
        names += [one.split(" as ")[0] for one in several.split(", ")]
    yield from (FOLDERS[0] / f"{name}.py" for name in names)
    yield from (path.parent / f"{name}.py" for name in re.findall(r"^from \.(\w+) import", text, re.MULTILINE))


def finished(checkout: Path) -> None:
    """What the system has no use for is deleted, and the rest is written."""
    for folder in FOLDERS:
        shutil.rmtree(checkout / folder)
    copy(checkout, below=tuple(f"{folder}/" for folder in FOLDERS))


@pytest.mark.parametrize("block", EXCERPTS, ids=lambda block: block.text.strip()[:50])
def test_each_excerpt_stands_in_the_file_it_names(block: Block) -> None:
    path = Path(block.info.split(" ")[1])
    assert block.text.rstrip() in (ROOT / path).read_text(encoding="utf-8")


def test_the_page_goes_from_laying_out_to_trying_it() -> None:
    assert COMMANDS[0].line == f"make connector NAME={NAME}"
    assert COMMANDS[-1].line.startswith("lockgate connect check")
    assert {command.line for command in COMMANDS} >= set(INSTEAD)
    assert len(EXCERPTS) >= 8
