"""Commands as processes, on sandboxes that are processes, too."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.databases import postgres_server, postgres_template, postgres_url

from .commands import Commands, Place, Smith, Systems, clean, smith

__all__ = ["postgres_server", "postgres_template", "postgres_url"]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample content that ships with Lockgate."""
    folder = tmp_path_factory.mktemp("sample") / "content"
    command = [sys.executable, "-m", "lockgate.kit.seed", str(folder), "--generate"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=clean())  # noqa: S603 - our own program
    return folder


@pytest.fixture(scope="session")
def forking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Smith]:
    with smith(tmp_path_factory.mktemp("commands")) as made:
        yield made


@pytest.fixture
def commands(forking: Smith) -> Iterator[Commands]:
    """Gives commands; what a test has left running is stopped after it."""
    with Commands(forking) as made:
        yield made


@pytest.fixture
def place(commands: Commands, sample: Path, tmp_path: Path) -> Place:
    """An empty installation beside two freshly filled sandboxes."""
    return Place(commands, tmp_path / "home", Systems.started(commands, sample))


@pytest.fixture(scope="session")
def carried(forking: Smith, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An installation whose flow has run once, for tests that only read."""
    with Commands(forking) as commands:
        place = Place(commands, tmp_path_factory.mktemp("carried") / "home", Systems.started(commands, sample))
        place.installed()
        place.ok("flow", "run", "f", status=1)
        yield place
