"""Which installation a command works on, and how its parts are opened."""

import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lockgate.app.lockgate import Lockgate
    from lockgate.app.settings import AppSettings

HOME = "LOCKGATE_HOME"
ADDRESS = "address"
"""File in the home folder in which the process that works it notes where it is reached."""


class Asked:
    """What was said before the command's name."""

    log = "warning"


def home() -> Path:
    """The home folder without reading all settings: for commands that must be quick."""
    return Path(os.environ.get(HOME) or ".lockgate")


def settings(**given: Any) -> "AppSettings":
    """The settings from the environment, and log lines set up. Raises SettingsProblem."""
    from lockgate.app.logs import configure
    from lockgate.app.settings import load

    configure(Asked.log)
    return load(**given)


@asynccontextmanager
async def installation(*, engine: bool = False) -> "AsyncIterator[Lockgate]":
    """The open installation; with `engine` it can run flows, but does nothing by itself."""
    from lockgate.app.lockgate import opened

    async with opened(settings(), engine=engine, watching=False) as app:
        yield app


@contextlib.contextmanager
def noted(folder: Path, address: str) -> Iterator[None]:
    """Note in the home folder where this process is reached, for commands in other processes, while the block runs."""
    file = folder / ADDRESS
    fresh = file.with_name(f".{ADDRESS}.{os.getpid()}")
    fresh.write_text(address + "\n")
    fresh.replace(file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def noted_address(folder: Path) -> str | None:
    """Where the process that works this home said it is reached; it may be gone by now."""
    try:
        return (folder / ADDRESS).read_text().strip() or None
    except OSError:
        return None
