"""An installation as an operator uses it: connections with confirmed profiles, flows from files, runs, and its books."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.world import Clock, until

from lockgate.api import serving as serving_api
from lockgate.app import acts
from lockgate.app.acts import Chosen
from lockgate.app.lockgate import Lockgate, opened
from lockgate.app.settings import AppSettings
from lockgate.cli.working import Here
from lockgate.ledger import audit, deliveries
from lockgate.ledger.deliveries import Delivery
from lockgate.model.plan import Account

WHO = "the operator"


@dataclass
class Installation:
    """Open with `installed`."""

    app: Lockgate
    clock: Clock
    address: str = ""
    """Where its API and its webhooks' addresses are, where it has them."""

    async def connect(self, name: str, connector: str, /, *chosen: Chosen, **settings: Any) -> None:
        """Add a connection, agree to the profile it proposes, and then set what is `chosen` otherwise."""
        await self.app.connections.add(name, connector, {"private_addresses": True, **settings})
        await acts.confirm_proposal(self.app, name, WHO)
        if chosen:
            await acts.set_matches(self.app, name, chosen, WHO)

    async def flow(self, recipe: str, **uses: str) -> str:
        """Install the flow of a recipe, under the recipe's own name, with the connection of each role."""
        named = re.search(r"^recipe: (\S+)$", recipe, re.MULTILINE)
        assert named, "a recipe says its name"
        name, bound = named[1], ", ".join(f"{role}: {connection}" for role, connection in uses.items())
        text = f"flow: {name}\nrecipe: {name}\nuses: {{{bound}}}\n"
        await self.app.add_flow(text, f"{name}.yaml", {name: recipe})
        return name

    async def run(self, flow: str, kind: str = "full") -> Mapping[str, Any]:
        """Run a flow, and then what that left to be looked at, as `lockgate flow run` does; what of its account is not nothing."""
        here = Here(self.app)
        done = await self.app.working.wait(await here.start(flow, kind, {"verify": True} if kind == "sweep" else {}))
        if not self.address:  # an installation that watches does so by itself
            await here.settle()
        assert done.state == "done", f"{flow}: {done.state}: {done.note} {done.account}"
        assert done.account.balanced(), done.account
        return told(done.account)

    async def entry(self, flow: str, key: str) -> Delivery:
        """How an item of a flow stands in the ledger."""
        return (await self.app.ledger.read(lambda c: deliveries.get(c, flow, [key])))[key]

    async def hook(self, connection: str) -> str:
        """The address to which a system sends the connection's webhooks."""
        return self.address + await self.app.connections.hook_path(connection)

    async def at_rest(self) -> None:
        """Wait until everything that was announced has been looked at."""
        await until(self.app.working.idle)

    async def acts(self, flow: str, key: str) -> list[str]:
        """What was done to an item, oldest first, as the audit tells it; the audit must be whole."""
        last = (await self.entry(flow, key)).audit_n
        checked = await self.app.ledger.read(audit.verify)
        assert checked.holds, checked.problem
        found = await self.app.ledger.read(lambda c: audit.timeline(c, flow, key, last))
        return [one.entry.act for one in reversed(found)]


def told(account: Account) -> Mapping[str, Any]:
    """The numbers that are not nothing, without bytes; reasons where there are some."""
    names = ("read", "written", "unchanged", "blocked", "parked", "failed", "linked", "withdrawn", "reasons")
    return {name: value for name in names if (value := getattr(account, name))}


@asynccontextmanager
async def installed(home: Path, *, folders: Path | None = None, watching: bool = False) -> AsyncIterator[Installation]:
    """An installation with its engine; `watching` it has its API, too, and works what comes in by itself."""
    settings = AppSettings(home=home, folders=str(folders or ""))
    clock = Clock()
    async with opened(settings, engine=True, watching=watching, clock=clock) as app:
        if not watching:
            yield Installation(app, clock)
            return
        async with serving_api(app, "127.0.0.1", 0) as address:
            yield Installation(app, clock, address)
