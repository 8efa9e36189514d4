"""A folder on this machine with a connector to it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lockgate.connectors.files.connector import Files
from lockgate.connectors.files.settings import FilesSettings
from lockgate.kit.conformance.bench import source
from lockgate.kit.contract import FileSource
from lockgate.kit.egress import Egress
from lockgate.kit.limits import Limits
from lockgate.kit.profile import Match, Profile
from lockgate.kit.services import Services

Connect = Callable[..., AbstractAsyncContextManager[Files]]


def picture(content: bytes, filename: str = "larch.png") -> FileSource:
    """A file that somebody delivers."""
    return source(content, filename=filename)


class Clock:
    """A clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "exchange"
    folder.mkdir()
    return folder


@pytest.fixture
def connect(tmp_path: Path, root: Path, clock: Clock) -> Connect:
    """A connector to the folder, with the settings given; everything is settled at once unless said otherwise."""

    @asynccontextmanager
    async def connected(
        *, allowed: tuple[str, ...] = (str(tmp_path),), matches: tuple[Match, ...] = (), **settings: Any
    ) -> AsyncIterator[Files]:
        told = FilesSettings.model_validate({"address": f"file://{root}", "settle": 0, **settings})
        services = Services(
            connection="exchange",
            egress=Egress(hosts=told.site_hosts(), private=True, folders=allowed),
            limits=Limits(),
            spool=tmp_path / "spool",
            clock=clock.now,
        )
        profile = Profile(matches={"product": matches, "asset": matches}, zone="Europe/Berlin")
        async with Files(told, profile, services) as files:
            yield files

    return connected


@pytest.fixture
def put(root: Path) -> Callable[[str, bytes | str], Path]:
    """Somebody puts a file into the folder."""

    def place(path: str, content: bytes | str) -> Path:
        at = root / path
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_bytes(content if isinstance(content, bytes) else content.encode())
        return at

    return place
