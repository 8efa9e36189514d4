"""Databases for tests: a fresh SQLite file, or a fresh database on a PostgreSQL server that lives as long as the session.

A conftest takes the fixtures by `from tests.databases import *`. Tests that take `ledger` or `database_url` run on both.
"""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from prove.postgres import PostgresServer, postgres

from lockgate.ledger import Ledger
from lockgate.ledger.schema import upgrade

__all__ = [
    "PostgresServer",
    "database_url",
    "empty_database_url",
    "empty_postgres_url",
    "ledger",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "sqlite_url",
]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """A database with the ledger's tables, to copy."""
    name = postgres_server.create()
    upgrade(postgres_server.url(name))
    return name


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A database with nothing in it."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """A database with the ledger's tables, empty."""
    name = postgres_server.create(postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)


def _sqlite_template(factory: pytest.TempPathFactory) -> Path:
    """A file with the ledger's tables, to copy; made by the first test of the session that asks."""
    path = factory.getbasetemp() / "ledger-template.db"
    if not path.exists():
        upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file with the ledger's tables, empty."""
    return f"sqlite:///{shutil.copy(_sqlite_template(tmp_path_factory), tmp_path / 'ledger.db')}"


ON_BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=ON_BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=ON_BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any tables, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture
async def ledger(database_url: str) -> AsyncIterator[Ledger]:
    """An open ledger on each kind of database in turn."""
    async with await Ledger.open(database_url) as opened:
        yield opened
