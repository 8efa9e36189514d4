from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.databases import (
    database_url,
    empty_database_url,
    empty_postgres_url,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_url,
)
from tests.world import World, world

__all__ = [
    "database_url",
    "empty_database_url",
    "empty_postgres_url",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "sqlite_url",
]


@pytest.fixture
async def scene(tmp_path: Path, database_url: str) -> AsyncIterator[World]:
    """Both systems and an installation, on each kind of database in turn."""
    async with world(tmp_path, database_url) as made:
        yield made


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[World]:
    """The same on SQLite only, for what no database has a say in."""
    async with world(tmp_path) as made:
        yield made
