"""Commands as processes, on sandboxes that are processes, too."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import postgres_server, postgres_template, postgres_url

from .commands import Forge, Place, Systems, clean, forge

__all__ = ["postgres_server", "postgres_template", "postgres_url"]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample content that ships with Lockgate."""
    folder = tmp_path_factory.mktemp("sample") / "content"
    command = [sys.executable, "-m", "lockgate.kit.seed", str(folder), "--generate"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=clean())  # noqa: S603 - our own program
    return folder


@pytest.fixture(scope="session")
def one_forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with forge(tmp_path_factory.mktemp("commands")) as made:
        yield made


@pytest.fixture
def commands(one_forge: Forge) -> Iterator[Forge]:
    """Gives commands; what a test has left running is stopped after it."""
    yield one_forge
    one_forge.end()


@pytest.fixture
def systems(commands: Forge, sample: Path) -> Systems:
    """Both sandboxes, freshly filled."""
    fill = ("--content", str(sample), "--json")
    celum = commands.start("sandbox", "up", "celum", *fill)
    portal = commands.start("sandbox", "up", "fourallportal", "--key", "k", "--option", "status_rule=false", *fill)
    urls = [one.document()["url"] for one in (celum, portal)]
    manifest = commands.run("sandbox", "manifest", urls[0], "--json").document
    return Systems(*urls, expected=manifest["expected"])


@pytest.fixture
def place(commands: Forge, systems: Systems, tmp_path: Path) -> Place:
    """An empty installation beside the sandboxes."""
    return Place(commands, tmp_path / "home", systems)
