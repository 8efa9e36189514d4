"""Directus on an embedded PostgreSQL. Its data model is what clients make of it: there is none at first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.kinds import NODE_22

from .database import postgres
from .installed import node_modules
from .processes import NotInstalled, answering, free_ports, process, run

TOKEN = "ferry-crossing"
PROGRAM = "import('@directus/api/cli/run.js')"
"""What its own command runs after it has asked a registry for newer versions."""
SETTINGS = """\
HOST=127.0.0.1
PORT={port}
PUBLIC_URL=http://127.0.0.1:{port}
SECRET=lockgate
ADMIN_EMAIL=admin@example.com
ADMIN_PASSWORD={token}
ADMIN_TOKEN={token}
DB_CLIENT=pg
DB_PORT=5432
DB_USER=postgres
DB_PASSWORD=
STORAGE_LOCATIONS=local
STORAGE_LOCAL_ROOT={folder}/uploads
IMPORT_IP_DENY_LIST=192.0.2.1
LOG_LEVEL=warn
SERVE_APP=false
TELEMETRY=false
PRESSURE_LIMITER_ENABLED=false
"""
"""Its list of addresses that webhooks may not go to holds loopback unless told otherwise, and drops them without a word."""
COMPILED = Path("isolated-vm", "out", "isolated_vm.node")


@dataclass(frozen=True)
class Directus:
    url: str
    token: str
    """The static token of the administrator."""


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Directus]:
    """A Directus that lives in the folder until the block ends. Raises NotInstalled, NotStarted."""
    modules = node_modules("directus", "@directus/api")
    if not (modules / COMPILED).exists():
        raise NotInstalled("isolated-vm was not compiled (packages g++, make, python3)")
    (port,) = free_ports(1)
    program, url = folder / "directus.mjs", f"http://127.0.0.1:{port}"
    program.write_text(PROGRAM)
    (folder / "node_modules").symlink_to(modules)
    command = [modules / NODE_22 / "bin" / "node", program]
    with postgres() as server:
        env = environment(folder, port) | {"DB_HOST": str(server.home), "DB_DATABASE": server.create()}
        await run([*command, "bootstrap"], folder=folder, env=env)
        ready = answering(f"{url}/server/ping")
        async with process("directus", [*command, "start"], folder=folder, env=env, ready=ready):
            yield Directus(url=url, token=TOKEN)


def environment(folder: Path, port: int) -> dict[str, str]:
    told = SETTINGS.format(folder=folder, port=port, token=TOKEN)
    return dict(line.split("=", 1) for line in told.split())
