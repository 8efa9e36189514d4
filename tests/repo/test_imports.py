"""The import rules are not decoration: each of them fails when it is broken."""

import subprocess
import sys
from pathlib import Path

import pytest

from .checkout import copy

BROKEN = [
    ("model/item.py", "import lockgate.kit.errors", "imports go one way"),
    ("kit/limits.py", "import lockgate.ledger.inbox", "imports go one way"),
    ("ledger/inbox.py", "import lockgate.engine.look", "imports go one way"),
    ("engine/look.py", "import lockgate.connectors.celum.hints", "imports go one way"),
    ("connectors/celum/hints.py", "import lockgate.engine.look", "imports go one way"),
    ("app/flows.py", "import lockgate.cli.output", "imports go one way"),
    ("engine/look.py", "import dbos", "only engine/durable knows the durable engine"),
    ("connectors/celum/sandbox/tree.py", "import lockgate.connectors.celum.mapping", "a sandbox is written from"),
    (
        "connectors/fourallportal/hints.py",
        "import lockgate.connectors.celum.hints",
        "connectors do not know each other",
    ),
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy(tmp_path_factory.mktemp("checkout"), below=("src/", "pyproject.toml"))


def test_the_checkout_keeps_its_import_rules(checkout: Path) -> None:
    status, said = lint(checkout)
    assert status == 0, said


@pytest.mark.parametrize(("file", "line", "rule"), BROKEN, ids=[f"{file}: {line}" for file, line, _ in BROKEN])
def test_a_forbidden_import_is_found(checkout: Path, file: str, line: str, rule: str) -> None:
    path = checkout / "src/lockgate" / file
    kept = path.read_text()
    path.write_text(f"{kept}\n{line}\n")
    try:
        status, said = lint(checkout)
    finally:
        path.write_text(kept)
    assert status != 0, "lint-imports is content"
    broken = [one for one in said.splitlines() if " BROKEN" in one]
    assert any(one.startswith(rule) for one in broken), said


def lint(checkout: Path) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603 (a tool of our own environment)
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"],
        cwd=checkout,
        env={"PYTHONPATH": str(checkout / "src"), "PATH": "/usr/bin:/bin", "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
