"""A stage: sandboxes in the roles of a recipe, one flow between them, and a clock of their own.

The flow works exactly what is announced to it, by the same inbox, live lane and page function as in an installation.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from sqlalchemy import Connection

from lockgate.app.examples.cast import Cast, sandbox_of
from lockgate.app.examples.scenes import Scene, as_json, kind_of
from lockgate.app.lockgate import opened
from lockgate.app.problems import Refused
from lockgate.app.settings import AppSettings
from lockgate.engine.bound import Bound
from lockgate.engine.durable import Durable
from lockgate.engine.engine import Engine
from lockgate.engine.look import Look
from lockgate.engine.recipe import Example, Recipe, load_flow
from lockgate.engine.reconcile import Page
from lockgate.engine.watch import ripen
from lockgate.kit.sandbox import ActionRefused, Sandbox, SandboxConfig, serving
from lockgate.kit.sandbox.actions import perform
from lockgate.ledger import flows, inbox
from lockgate.ledger.flows import FlowRow
from lockgate.model.event import Event, changed, gone
from lockgate.model.plan import Account

FLOW = "example"
PATIENCE = 30.0
"""Seconds after which a flow that does not come to rest is given up."""


class Clock:
    """Real time, which an example moves ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(slots=True)
class Seen:
    """What came of the looks of one step."""

    account: Account = field(default_factory=Account)
    looks: list[Look] = field(default_factory=list)
    put_off: int = 0
    """Items that are still to be looked at, because a system did not answer."""


@dataclass
class Stage:
    """Open with `staged`."""

    bound: Bound
    sandboxes: Mapping[str, Sandbox]
    clock: Clock
    engine: Engine
    """Not started: only its live lane works here, without durable runs, polls and timers."""
    pages: list[Page] = field(default_factory=list)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    """By role and scene: the vendor's id of the item that was made."""
    removed: set[tuple[str, str]] = field(default_factory=set)

    # ── what people do in the systems ────────────────────────────────────────────────────────────────────────────

    async def make(self, role: str, scene: Scene) -> None:
        made = await self._act(role, f"make_{scene.kind}", as_json(scene.words, self.clock()))
        self.ids[role, scene.name] = str(made["id"])
        self.removed.discard((role, scene.name))

    async def change(self, role: str, scene: str, words: Mapping[str, Any]) -> None:
        said = {"id": self.ids[role, scene], **as_json(words, self.clock())}
        await self._act(role, f"change_{kind_of(scene)}", said)

    async def remove(self, role: str, scene: str) -> None:
        await self._act(role, f"remove_{kind_of(scene)}", {"id": self.ids[role, scene]})
        self.removed.add((role, scene))

    def there(self, role: str, scene: str) -> bool:
        return (role, scene) in self.ids and (role, scene) not in self.removed

    async def wait(self, time: timedelta) -> Seen:
        """Let time go by everywhere; what is due by then is looked at."""
        self.clock.ahead += time
        for sandbox in self.sandboxes.values():
            sandbox.clock.advance(time.total_seconds())
        await self.bound.ledger.write(partial(ripen, now=self.clock()))
        self.engine.live.wake()
        return await self._seen()

    async def _act(self, role: str, action: str, arguments: Mapping[str, Any]) -> Any:
        try:
            return await perform(self.sandboxes[role], action, dict(arguments))
        except ActionRefused as refused:
            raise Refused(f"{self.sandboxes[role].title} as {role}: {refused}") from refused

    # ── what the flow sees of it ─────────────────────────────────────────────────────────────────────────────────

    def event(self, role: str, scene: str, *, removed: bool = False) -> tuple[str, Event]:
        id, kind = self.ids[role, scene], kind_of(scene)
        return role, gone(kind, id) if removed else changed(kind, id)

    async def announce(self, events: Sequence[tuple[str, Event]]) -> Seen:
        """Tell the flow of these events, as webhooks and polls would, and wait until it has come to rest."""
        for role, event in events:
            await self.engine.watch.events(role, [event])
        return await self._seen()

    async def look_again(self) -> Seen:
        """Have everything that was given looked at once more, asking the target what it holds."""
        await self.engine.look_again(FLOW, self.keys())
        return await self._seen()

    def keys(self) -> list[str]:
        """The ids of all source items that were given."""
        source, kind = self.bound.flow.source, self.bound.kind
        return [id for (role, name), id in self.ids.items() if role == source.connection and name.startswith(kind)]

    def scene(self, key: str) -> str:
        """The name of the scene that this source item was made of."""
        role = self.bound.flow.source.connection
        return next((name for (at, name), id in self.ids.items() if (at, id) == (role, key)), key)

    async def _seen(self) -> Seen:
        """What was looked at since the last time, once nothing is left to do."""
        async with asyncio.timeout(PATIENCE):
            while self.engine.live.working or not await self.engine.idle():  # noqa: ASYNC110 - an empty inbox tells nobody
                await asyncio.sleep(0.002)
        pages, self.pages[:] = list(self.pages), []
        seen = Seen(put_off=await self.bound.ledger.read(waiting))
        for page in pages:
            seen.account.add(page.account)
            seen.looks += page.looks
        return seen


def waiting(c: Connection) -> int:
    return sum(inbox.counts(c).get(FLOW, {}).values())


@asynccontextmanager
async def staged(recipe: Recipe, example: Example, cast: Cast) -> AsyncIterator[Stage]:
    """Fresh, empty sandboxes over HTTP on loopback and the flow between them; all of it is gone afterwards.

    Raises Refused and RecipeErrors where the recipe cannot be bound to these systems.
    """
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(TemporaryDirectory(prefix="lockgate-example-")))
        clock, sandboxes = Clock(), {role: sandbox(name, home) for role, name in cast.items()}
        for one in sandboxes.values():
            await stack.enter_async_context(serving(one))
        app = await stack.enter_async_context(opened(AppSettings(home=home / "home"), clock=clock))
        for role, name in cast.items():
            settings = {**sandboxes[role].connection(), "private_addresses": True}
            await app.connections.add(role, name, settings)
        flow = load_flow(flow_file(recipe, example), f"example {example.name!r}", {recipe.name: recipe.text})
        installed = FlowRow(name=FLOW, recipe=recipe.text, binding="", created=clock(), digest=flow.digest)
        await app.ledger.write(lambda c: flows.put(c, installed))
        engine = Engine(app.ledger, Durable(app.settings.journal_url), clock)
        stage = Stage(await app.flows.bind(flow), sandboxes, clock, engine)
        await engine.add(stage.bound)
        engine.listen(lambda _, page: stage.pages.append(page))
        stack.push_async_callback(ended, asyncio.create_task(engine.live.run()))
        yield stage


def sandbox(name: str, home: Path) -> Sandbox:
    """An empty tenant, set up for content as in the demo."""
    kind = sandbox_of(name)
    if kind is None:
        raise Refused(f"the connector {name} has no sandbox")
    empty = home / "content"
    empty.mkdir(exist_ok=True)
    return kind(SandboxConfig(content=empty))


def flow_file(recipe: Recipe, example: Example) -> str:
    """A flow of the recipe whose connections are named as its roles."""
    uses = {role: role for role in recipe.uses}
    file = {"flow": FLOW, "recipe": recipe.name, "uses": uses, "ask": dict(example.ask)}
    return msgspec.json.encode(file).decode()  # JSON is YAML


async def ended(worker: "asyncio.Task[None]") -> None:
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
