"""WebDAV: WsgiDAV on cheroot, class 1 and 2, with locks and dead properties."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from .installed import python
from .processes import answering, free_ports, process


@dataclass(frozen=True)
class WebDav:
    url: str
    """Of the folder it serves; ends with a slash."""
    root: Path
    """The folder it serves."""
    user: str = "lockgate"
    password: str = "ferry-crossing"


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[WebDav]:
    """A WebDAV server that lives in the folder until the block ends. Raises NotInstalled, NotStarted."""
    interpreter = python("wsgidav")
    root = folder / "served"
    root.mkdir(parents=True)
    (port,) = free_ports(1)
    server = WebDav(url=f"http://127.0.0.1:{port}/", root=root)
    config = folder / "webdav.json"
    config.write_text(json.dumps(_config(server, port)))
    command: list[object] = [interpreter, "-m", "wsgidav.server.server_cli", "--config", config]
    async with process("webdav", command, folder=folder, ready=answering(server.url)):
        yield server


def _config(server: WebDav, port: int) -> dict[str, object]:
    return {
        "host": "127.0.0.1",
        "port": port,
        "server": "cheroot",
        "provider_mapping": {"/": str(server.root)},
        "http_authenticator": {"domain_controller": None, "accept_basic": True, "accept_digest": True},
        "simple_dc": {"user_mapping": {"*": {server.user: {"password": server.password}}}},
        "property_manager": True,
        "lock_storage": True,
        "logging": {"enable": True},
    }
