"""A connector laid out by `make connector` passes every check and keeps every promise, before a line of it is changed."""

import subprocess
import sys
from pathlib import Path

import pytest

from .checkout import copy

NAME = "marginalia"
BIN = Path(sys.executable).parent
PARTS = ("src/", "pyproject.toml", "Makefile", "tests/conftest.py")
FOLDERS = (f"src/lockgate/connectors/{NAME}", f"tests/connectors/{NAME}")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout in which `make connector` was called."""
    root = copy(tmp_path_factory.mktemp("checkout"), below=PARTS)
    said = run(root, *make(NAME))
    assert all(f"{folder}/" in said for folder in FOLDERS), said
    return root


@pytest.mark.parametrize(
    "tool",
    [
        ["ruff", "format", "--check", "--no-cache", *FOLDERS],
        ["ruff", "check", "--no-cache", *FOLDERS],
        ["lint-imports", "--no-cache"],
        ["mypy", *FOLDERS],
    ],
    ids=lambda tool: " ".join(tool[:2]),
)
def test_each_check_is_content(checkout: Path, tool: list[str]) -> None:
    run(checkout, str(BIN / tool[0]), *tool[1:])


def test_its_own_tests_pass(checkout: Path) -> None:
    said = run(checkout, sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", FOLDERS[1])
    assert " passed" in said, said


def test_its_sandbox_is_found_by_name(checkout: Path) -> None:
    said = run(checkout, sys.executable, "-m", "lockgate.kit.sandbox", "--help")
    assert NAME in said


def test_a_second_connector_of_the_name_is_refused_and_nothing_is_touched(checkout: Path) -> None:
    readme = checkout / FOLDERS[0] / "README.md"
    kept = readme.read_text()
    said = run(checkout, *make(NAME), status=2)
    assert "is there already: choose another name, or remove it first" in said
    assert readme.read_text() == kept


def test_a_name_that_is_no_package_is_refused(checkout: Path) -> None:
    assert "use small letters and digits" in run(checkout, *make("Old-Marginalia"), status=2)


def make(name: str) -> list[str]:
    """`make connector`, with the environment of these tests in the place of its own."""
    return ["make", "-o", "setup", "connector", f"NAME={name}", f"VENV={sys.prefix}"]


def run(checkout: Path, *command: str, status: int = 0) -> str:
    done = subprocess.run(  # noqa: S603 (our own tools)
        command,
        cwd=checkout,
        env={"PYTHONPATH": str(checkout / "src"), "PATH": "/usr/bin:/bin", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == status, said
    return said
