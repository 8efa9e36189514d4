"""The repository speaks of the product only, and holds nothing of the machine or the people it was made on and by."""

import re
import subprocess
from pathlib import Path

import pytest

from .checkout import ROOT, files, text

NOT_OURS = {"LICENSE"}
"""Texts of others, kept to the letter."""

FORBIDDEN = {
    "trackers": r"\bissues?\b(?! of\b)|\bpull requests?\b",
    "how it was made": r"\b(?:working|coding|helper'?s?) session\b|\bsub-?agents?\b|\bthe brief\b",
    "paths of a machine": r"(?<![\w.$}])/(?:work|root|home|farm|opt|tmp)/\w",
    "package registries": r"https?://[^\s\"')]+/simple\b|\bpypi\.org\b|pythonhosted\.org|registry\.npmjs|proxy\.golang",
    "unfinished work": r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b",
}
EXCEPTIONS = {
    ("trackers", "tests/repo/test_hygiene.py"),
    ("how it was made", "tests/repo/test_hygiene.py"),
    ("paths of a machine", "tests/repo/test_hygiene.py"),
    ("package registries", "tests/repo/test_hygiene.py"),
}
TICKETS = ("redmine", "jira")
"""Systems whose items are called so: texts named after them may use their word."""


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_text_speaks_of(what: str) -> None:
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, content in texts()
        if (what, path.as_posix()) not in EXCEPTIONS
        if what != "trackers" or not any(system in path.name for system in TICKETS)
        for number, line in enumerate(content.splitlines(), 1)
        if re.search(FORBIDDEN[what], line, re.IGNORECASE if what != "unfinished work" else 0)
    ]
    assert not found, "\n" + "\n".join(found)


def test_no_text_names_a_person_who_wrote_it() -> None:
    known = subprocess.run(
        ["git", "log", "--format=%an%n%ae"],  # noqa: S607 (git as it is installed)
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = {name for name in known.stdout.split("\n") if " " in name or "@" in name}
    found = [f"{path}: {name}" for path, content in texts() for name in names if name in content]
    assert not found, "\n" + "\n".join(found)


def test_nothing_is_silenced_without_saying_what() -> None:
    silent = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:)")
    found = [
        f"{path}:{number}"
        for path, content in texts()
        if path.suffix == ".py" and path != Path("tests/repo/test_hygiene.py")
        for number, line in enumerate(content.splitlines(), 1)
        if silent.search(line)
    ]
    assert not found, "\n" + "\n".join(found)


def test_no_file_is_large() -> None:
    large = [f"{path}: {size} bytes" for path in files() if (size := (ROOT / path).stat().st_size) > 500_000]
    assert not large, "\n" + "\n".join(large)


def texts() -> list[tuple[Path, str]]:
    """The project's own texts; locks are made by a tool."""
    own = [path for path in files() if path.suffix != ".lock" and path.as_posix() not in NOT_OURS]
    return [(path, content) for path in own if (content := text(path)) is not None]
