"""MariaDB, as Debian packages it, with its data in a folder of its own."""

import getpass
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from .installed import program
from .processes import free_ports, process, run


@dataclass(frozen=True)
class MariaDb:
    socket: Path
    """Reached by it, `root` needs no password."""
    port: int
    """On loopback, for users that have a password."""

    async def run(self, orders: str) -> None:
        """Carry out statements as `root`. Raises NotStarted where one fails."""
        client = program("mariadb", package="mariadb-client")
        command = [client, "--no-defaults", f"--socket={self.socket}", "-u", "root", "-e", orders]
        await run(command, folder=self.socket.parent)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[MariaDb]:
    """A MariaDB without databases that lives in the folder until the block ends. Raises NotInstalled, NotStarted."""
    install = program("mariadb-install-db", package="mariadb-server")
    daemon = program("mariadbd", package="mariadb-server")
    data = folder / "data"
    data.mkdir(parents=True)
    (port,) = free_ports(1)
    server = MariaDb(folder / "socket", port)
    user = f"--user={getpass.getuser()}"
    options = [f"--datadir={data}", user, "--auth-root-authentication-method=normal", "--skip-test-db"]
    await run([install, "--no-defaults", *options], folder=folder)
    command: list[object] = [daemon, "--no-defaults", user, f"--datadir={data}", f"--socket={server.socket}"]
    command += ["--bind-address=127.0.0.1", f"--port={port}", f"--pid-file={folder}/pid"]
    command += ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M"]

    async def ready() -> bool:
        return server.socket.exists()

    async with process("mariadb", command, folder=folder, ready=ready):
        yield server
