"""The tutorial, typed into real terminals as it stands."""

import os
import shlex
import shutil
import socket
import sys
from pathlib import Path

import pytest

from .pages import ROOT, Block, blocks, pattern
from .terminals import Terminal

PAGE = ROOT / "docs" / "tutorial.md"
MOMENT = 40.0
"""Seconds after which "within a moment" is over, on a busy machine."""
START = 90.0

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that is the checkout to who types there, with a place of its own for what is made."""
    folder = tmp_path / "lockgate"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "src", "docs"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A newcomer's environment. `make` finds its environment set up: that one is under test, and must not be changed by it."""
    bin = tmp_path / "bin"
    bin.mkdir()
    make = bin / "make"
    make.write_text(f'#!/bin/sh\nexec {shlex.quote(shutil.which("make") or "make")} -o setup "$@"\n')
    make.chmod(0o755)
    celum, portal = free_ports(2)
    return {
        "PATH": f"{bin}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "USER": "newcomer",
        "LANG": "C.UTF-8",
        "COLUMNS": "200",
        "LOCKGATE_PORT": "0",
        "SOON": "12 seconds",
        "CELUM_PORT": str(celum),
        "PORTAL_PORT": str(portal),
    }


def part(number: int) -> list[Block]:
    """The blocks of one part of the page."""
    text = PAGE.read_text(encoding="utf-8").split("\n## ")[number]
    return list(blocks(text))


async def test_part_one_as_written(checkout: Path, env: dict[str, str]) -> None:
    async with Terminal(checkout, env) as first, Terminal(checkout, env) as second:
        for block in part(1):
            await typed(block, first, second)
        await first.interrupt()
        assert await first.shell.wait() in {0, 1, 130, -2}


async def test_part_two_as_written(checkout: Path, env: dict[str, str]) -> None:
    async with Terminal(checkout, env) as first, Terminal(checkout, env) as second:
        for block in part(2):
            await typed(block, first, second)


async def typed(block: Block, first: Terminal, second: Terminal) -> None:
    """Do what a reader does with a block."""
    if block.language == "text":
        await first.screen.find(block.text.strip().splitlines(), MOMENT)
    elif block.info == "console first-terminal":
        for command in block.commands():
            first.type(command.line)
            await first.screen.find(command.expected, START)
    elif block.language == "console":
        for command in block.commands():
            await run(second, command.line, command.expected)


async def run(terminal: Terminal, line: str, expected: list[str]) -> None:
    """Exit status 1 is for something parked; 2 and more are mistakes of the page or ours."""
    status, shown = await terminal.run(line, START)
    assert status in {0, 1}, f"$ {line}\n{shown}"
    place = 0
    for fragment in expected:
        found = pattern(fragment).search(shown, place)
        assert found is not None, f"$ {line}\nshows no {fragment!r}:\n{shown}"
        place = found.end()


def test_the_page_has_two_parts_with_commands() -> None:
    commands = [
        command
        for number in (1, 2)
        for block in part(number)
        if block.language == "console"
        for command in block.commands()
    ]
    assert len(commands) > 25
    assert sum(bool(command.expected) for command in commands) > 15


def free_ports(number: int) -> list[int]:
    """Ports nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
