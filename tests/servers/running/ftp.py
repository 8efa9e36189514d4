"""FTP: pyftpdlib."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from .installed import python
from .processes import free_ports, listening, process


@dataclass(frozen=True)
class Ftp:
    port: int
    root: Path
    """The folder it serves."""
    user: str = "lockgate"
    password: str = "ferry-crossing"
    host: str = "127.0.0.1"


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Ftp]:
    """An FTP server (passive, writable) that lives in the folder until the block ends. Raises NotInstalled, NotStarted."""
    interpreter = python("pyftpdlib")
    root = folder / "served"
    root.mkdir(parents=True)
    server = Ftp(port=free_ports(1)[0], root=root)
    command: list[object] = [interpreter, "-m", "pyftpdlib", "-i", server.host, "-p", server.port, "-w", "-d", root]
    command += ["-u", server.user, "-P", server.password]
    async with process("ftp", command, folder=folder, ready=listening(server.port)):
        yield server
