"""A connector that is made of a definition, open on a system of the tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lockgate.connectors.rest.making import Defined
from lockgate.kit.conformance.bench import HASTY
from lockgate.kit.egress import Egress
from lockgate.kit.limits import Limits
from lockgate.kit.profile import Profile
from lockgate.kit.sandbox import Sandbox
from lockgate.kit.services import Services


@asynccontextmanager
async def opened(made: type[Defined], system: Sandbox, folder: Path, **values: Any) -> AsyncIterator[Defined]:
    """Under these settings; the address of the system is `site`."""
    services = Services(
        connection=made.id,
        egress=Egress(hosts=("127.0.0.1",), private=True),
        limits=Limits(),
        patience=HASTY,
        spool=folder,
        clock=system.clock.now,
        hook_secret="hook-secret",
    )
    settings = made.settings_type.model_validate({"site": system.base_url, **values})
    async with made(settings, Profile(), services) as connector:
        yield connector
