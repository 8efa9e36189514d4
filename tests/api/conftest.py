from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.api.place import Place
from tests.api.place import place as placed
from tests.world import world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """One seeded installation per module, which does only what it is told to."""
    home: Path = tmp_path_factory.mktemp("place")
    async with world(home) as made, placed(made) as there:
        yield there


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watching(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """The same, working by itself."""
    home: Path = tmp_path_factory.mktemp("watching")
    async with world(home) as made, placed(made, watching=True) as there:
        yield there
