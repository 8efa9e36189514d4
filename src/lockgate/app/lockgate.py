"""One open installation: ledger, secrets, connections, flows and engine, wired. Everything above talks to this."""

import contextlib
import fcntl
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from lockgate.app.connections import Connections
from lockgate.app.flows import NO_OTHERS, Flows
from lockgate.app.following import following
from lockgate.app.problems import Refused
from lockgate.app.settings import AppSettings
from lockgate.engine.consult import verdicts
from lockgate.engine.look import Look
from lockgate.engine.recipe import RecipeErrors
from lockgate.kit.errors import ConnectorError
from lockgate.kit.services import Clock, system_clock
from lockgate.ledger import Ledger, LedgerError, holds
from lockgate.ledger.flows import FlowRow
from lockgate.ledger.secrets import Vault
from lockgate.model.item import pick
from lockgate.model.verdict import Verdict

if TYPE_CHECKING:  # it takes a second to import, which processes that only read can do without
    from lockgate.engine.bound import Bound
    from lockgate.engine.engine import Engine

UNSTARTABLE = (Refused, RecipeErrors, ConnectorError, LedgerError, LookupError)
"""Why a flow may not start; the others run all the same."""


@dataclass
class Lockgate:
    """Open with `opened`. `engine` is there only where this process works flows."""

    settings: AppSettings
    ledger: Ledger
    connections: Connections
    flows: Flows
    clock: Clock
    engine: "Engine | None" = None
    problems: dict[str, str] | None = None
    """Flows that could not be started, with the reason in words."""

    @property
    def working(self) -> "Engine":
        """The engine. Raises Refused in a process that has none."""
        if self.engine is None:
            raise Refused("no engine runs in this process: start one with `lockgate up`")
        return self.engine

    # ── flows, with the engine kept in step ──────────────────────────────────────────────────────────────────────

    async def add_flow(
        self, text: str, source: str, recipes: Mapping[str, str] = NO_OTHERS, *, draft: bool = False
    ) -> FlowRow:
        """Install a flow, and start it where an engine runs; `recipes` and `draft` as in `Flows.add`.

        Raises RecipeErrors or Refused.
        """
        flow = await self.flows.add(text, source, recipes, draft=draft)
        row = await self.flows.row(flow.name)
        if row.state != "paused":
            await self.take_up(flow.name)
        return row

    async def take_up(self, name: str) -> None:
        """Have the engine work a flow, or its new version; a draft it only knows.

        What binding it raises is raised, and named in `problems`.
        """
        if self.engine is None:
            return
        problems = self.problems = self.problems or {}
        try:
            bound, row = await self.flows.bound(name), await self.flows.row(name)
            if row.state == "draft":
                self.engine.draft(bound)
            else:
                await self.engine.add(bound)
        except UNSTARTABLE as error:
            problems[name] = str(error)
            await self.engine.remove(name)
            raise
        problems.pop(name, None)

    async def put_down(self, name: str) -> None:
        """Have the engine leave a flow alone."""
        if self.engine is not None:
            await self.engine.remove(name)
        (self.problems or {}).pop(name, None)

    async def activate(self, name: str) -> None:
        """Switch a draft on. Raises what binding it raises, and then it stays a draft."""
        await self.flows.bound(name)
        await self.flows.set_state(name, "active")
        await self.take_up(name)

    async def pause(self, name: str) -> None:
        await self.flows.set_state(name, "paused")
        await self.put_down(name)

    async def resume(self, name: str) -> None:
        await self.flows.set_state(name, "active")
        await self.take_up(name)
        if self.engine is not None:
            await self.engine.catch_up(name)

    async def remove_flow(self, name: str) -> None:
        await self.put_down(name)
        await self.flows.remove(name)

    async def rebind(self, connection: str) -> None:
        """Take up a changed connection in every flow that uses it, and in those that could not be started without it."""
        if self.engine is None:
            return
        known = {**self.engine.drafts, **self.engine.flows}
        using = [name for name, bound in known.items() if connection in bound.flow.uses.values()]
        for name in {*using, *(self.problems or {})}:
            with contextlib.suppress(*UNSTARTABLE):  # it is named in `problems`
                await self.take_up(name)

    async def look(self, flow: str, key: str) -> tuple[str | None, tuple[Verdict, ...], datetime]:
        """The item's title and the gates' verdicts as of now, read from the source."""
        bound = self.engine.flows.get(flow) if self.engine else None
        bound = bound or await self.flows.bound(flow)
        items = await bound.source.fetch(bound.kind, [key])
        recalls = await self.ledger.read(lambda c: holds.get(c, flow, [key]))
        one = Look(key, hold=recalls.get(key), item=items[0] if items else None, at=self.clock())
        title = pick(one.item.title) if one.item else None
        return title, verdicts(bound, one) if items else (), one.at or self.clock()

    async def start(self, *, watching: bool, working: bool = True) -> None:
        """Start the engine with all flows but the paused ones; those that cannot be bound are named in `problems`, the others run."""
        from lockgate.engine.durable import Durable
        from lockgate.engine.engine import Engine

        durable = Durable(self.settings.journal_url, executor_id(self.settings))
        engine = Engine(self.ledger, durable, self.clock)
        bound: dict[str, dict[str, Bound]] = {"active": {}, "draft": {}}
        self.problems = {}
        for row in await self.flows.all():
            if row.state not in bound:
                continue
            try:
                bound[row.state][row.name] = await self.flows.bound(row.name)
            except UNSTARTABLE as error:
                self.problems[row.name] = str(error)
        await engine.start(bound["active"], drafts=bound["draft"], watching=watching, working=working)
        self.engine = engine

    async def stop(self) -> None:
        if self.engine is not None:
            await self.engine.stop()
            self.engine = None


def executor_id(settings: AppSettings) -> str:
    """On SQLite there is one engine at a time, so it always finds its own runs again; on PostgreSQL each process has its id."""
    return "local" if settings.on_sqlite() else f"{os.uname().nodename}-{os.getpid()}-{os.urandom(3).hex()}"


@asynccontextmanager
async def opened(
    settings: AppSettings,
    *,
    engine: bool = False,
    watching: bool = False,
    working: bool = True,
    clock: Clock = system_clock,
) -> AsyncIterator[Lockgate]:
    """Open the installation; with `engine` its flows can be run here, with `watching` they run by themselves.

    `working=False` takes hints in and asks for runs, and leaves the work to other processes. What other processes change in
    flows and connections is taken up as long as an engine watches, or takes in for others.
    Raises Refused when another process already works this SQLite home, and what the database says when it cannot be opened.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        if engine:
            stack.enter_context(alone(settings))
        ledger = await stack.enter_async_context(await Ledger.open(settings.database_url))
        connections = Connections(ledger, Vault(secrets_key(settings)), settings, clock)
        stack.push_async_callback(connections.close)
        app = Lockgate(settings, ledger, connections, Flows(ledger, connections, clock), clock)
        if engine:
            stack.push_async_callback(app.stop)
            await app.start(watching=watching, working=working)
            if watching or not working:
                await stack.enter_async_context(following(app))
        yield app


@contextlib.contextmanager
def alone(settings: AppSettings) -> Iterator[None]:
    """On SQLite one process works a home; the lock goes with the process, however that ends."""
    if not settings.on_sqlite():
        yield
        return
    with (settings.home / "engine.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                f"another Lockgate works {settings.home}: use it (its page or API), stop it, or give another LOCKGATE_HOME"
            ) from None
        yield


def busy(settings: AppSettings) -> bool:
    """Whether another process works this SQLite home."""
    path = settings.home / "engine.lock"
    if not settings.on_sqlite() or not path.exists():
        return False
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def secrets_key(settings: AppSettings) -> str:
    """The key that seals stored secrets: as set, else from a file that is made on first use and only its owner reads."""
    if settings.key:
        return settings.key
    path = settings.key_file
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(Vault.new_key())
        with contextlib.suppress(FileExistsError):  # another process was first: its key holds
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
