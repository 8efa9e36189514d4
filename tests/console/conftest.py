"""The console as people have it: `lockgate up` as a process on both sandboxes, and a browser before it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.cli.commands import Commands, Place, Smith, Systems
from tests.cli.conftest import commands, forking, place, sample

from .browser import Window, chromium, window
from .crowd import ASSETS, Crowd

__all__ = ["commands", "forking", "place", "sample"]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chromium(tmp_path_factory.mktemp("browser")) as address:
        yield address


@pytest.fixture(scope="session")
def running(forking: Smith, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An installation that runs and whose flow `f` has run once, for tests that change nothing in it."""
    with Commands(forking) as made:
        here = Place(made, tmp_path_factory.mktemp("running") / "home", Systems.started(made, sample))
        here.installed()
        here.ok("flow", "run", "f", status=1)
        here.start("up", "--port", "0", "--json").document()
        yield here


@pytest.fixture(scope="session")
def crowded(forking: Smith, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """A running installation with more items than a page of a list holds, for tests that change items of their own."""
    with Commands(forking) as made:
        systems = Systems.started(made, sample, "--assets", str(ASSETS))
        here = Place(made, tmp_path_factory.mktemp("crowded") / "home", systems)
        here.installed()
        here.ok("flow", "run", "f", status=1)
        here.start("up", "--port", "0", "--json").document()
        yield Crowd(here)


@pytest_asyncio.fixture
async def amid(crowded: Crowd, browser: str) -> AsyncIterator[Window]:
    """A window on the crowded installation."""
    async with window(browser, address(crowded.place)) as made:
        yield made


def address(place: Place) -> str:
    """Where the console of a running installation is."""
    return (place.home / "address").read_text().strip()


@pytest_asyncio.fixture
async def seen(running: Place, browser: str) -> AsyncIterator[Window]:
    """A window on the installation that runs."""
    async with window(browser, address(running)) as made:
        yield made
