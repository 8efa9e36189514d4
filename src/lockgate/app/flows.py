"""Flows of one installation: installed from flow files, checked against their connections, bound for the engine."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection

import lockgate.recipes
from lockgate.app.connections import Connections
from lockgate.app.problems import Refused
from lockgate.engine.bound import Bound
from lockgate.engine.recipe import Flow, load_flow
from lockgate.kit.contract import Connector, capabilities
from lockgate.kit.profile import Match
from lockgate.kit.services import Clock
from lockgate.ledger import Ledger, choices, cursors, deliveries, flows, inbox, intents, links, parked, plans
from lockgate.ledger.flows import FlowRow

NO_OTHERS: Mapping[str, str] = {}


class Flows:
    """Install, list, pause, remove flows, and bind them to open connectors."""

    def __init__(self, ledger: Ledger, connections: Connections, clock: Clock) -> None:
        self.ledger, self.connections, self.clock = ledger, connections, clock

    async def add(self, text: str, source: str, recipes: Mapping[str, str] = NO_OTHERS, *, draft: bool = False) -> Flow:
        """Install the flow of a flow file, or its new version; `recipes` are texts by name, beside those that are shipped.

        A `draft` is not switched on; a draft that is added again without that word is.
        Raises RecipeErrors or Refused, and then changes nothing.
        """
        flow = await self.check(text, source, recipes)
        known = await self.ledger.read(lambda c: flows.get(c, flow.name))
        if draft and known is not None and known.state != "draft":
            raise Refused(f"flow {flow.name!r} is switched on already: give the draft another name")
        row = FlowRow(
            name=flow.name,
            recipe=flow.recipe.text,
            binding=text,
            state="draft" if draft else "active" if known is None or known.state == "draft" else known.state,
            created=known.created if known else self.clock(),
            version=known.version + 1 if known and known.digest != flow.digest else known.version if known else 1,
            digest=flow.digest,
        )
        await self.ledger.write(lambda c: flows.put(c, row))
        return flow

    async def check(self, text: str, source: str, recipes: Mapping[str, str] = NO_OTHERS) -> Flow:
        """The flow of a flow file, if it can be installed. Raises as `add`."""
        flow = await asyncio.to_thread(load_flow, text, source, {**lockgate.recipes.texts(), **recipes})
        await self.bind(flow)
        return flow

    async def row(self, name: str) -> FlowRow:
        """Raises Refused when there is none of this name."""
        row = await self.ledger.read(lambda c: flows.get(c, name))
        if row is None:
            there = ", ".join(one.name for one in await self.all()) or "none yet"
            raise Refused(f"there is no flow {name!r}; there are: {there}", missing=True)
        return row

    async def all(self) -> list[FlowRow]:
        return await self.ledger.read(flows.all)

    async def load(self, row: FlowRow) -> Flow:
        """The flow as installed: with the recipe text it was installed with, whatever is shipped today."""
        return load_flow(row.binding, f"flow {row.name}", recipe_texts(row.recipe))

    async def bound(self, name: str) -> Bound:
        return await self.bind(await self.load(await self.row(name)))

    async def bind(self, flow: Flow) -> Bound:
        """Open both ends and check that they can do what the recipe needs. Raises Refused, RecipeErrors, ConnectorError."""
        source = await self.connections.open(flow.source.connection)
        target = await self.connections.open(flow.target.connection)
        lacking = [*lacks(flow, source, flow.source.connection), *lacks(flow, target, flow.target.connection)]
        lacking += unmatched(flow, source)
        if lacking:
            raise Refused(*lacking)
        return Bound(flow=flow, source=source, target=target, ledger=self.ledger, clock=self.clock)

    async def set_state(self, name: str, state: Any) -> None:
        await self.row(name)
        await self.ledger.write(lambda c: flows.set_state(c, name, state))

    async def remove(self, name: str) -> None:
        """Forget a flow. What it has put in its target stays there, and the audit of it stays here."""
        await self.row(name)
        await self.ledger.write(lambda c: forget(c, name))


def recipe_texts(installed: str) -> dict[str, str]:
    """The shipped recipes, with the text a flow was installed with in the place of its name."""
    named = re.search(r"^recipe:\s*(\S+)", installed, re.MULTILINE)
    return {**lockgate.recipes.texts(), **({named[1]: installed} if named else {})}


def forget(c: Connection, name: str) -> None:
    flows.remove(c, name)
    inbox.drop_flow(c, name)
    deliveries.drop_flow(c, name)
    for rows in (links, parked, intents, plans, choices):
        rows.drop_flow(c, name)
    cursors.drop(c, name)


def lacks(flow: Flow, connector: Connector[Any], connection: str) -> Iterable[str]:
    """What the recipe needs of a connection that its connector cannot do."""
    can = capabilities(connector)
    for role, bound_to in flow.uses.items():
        if bound_to == connection:
            missing = sorted(flow.recipe.needs(role) - can.keys())
            if missing:
                yield f"{connection} ({connector.title}) cannot serve as {role}: it has no {', '.join(missing)}"


def unmatched(flow: Flow, source: Connector[Any]) -> Iterable[str]:
    """Profile matches without which the flow cannot work: an identifier to resolve by."""
    if flow.resolve is None:
        return
    at_source = [by for by in flow.resolve.by if source.profile.field(flow.source.kind, f"ids.{by}")]
    if not at_source:
        names = ", ".join(flow.resolve.by)
        yield (
            f"the profile of {flow.source.connection} says for none of {names} which field carries it: "
            f"`lockgate connect profile {flow.source.connection} --set {flow.source.kind}.ids.{flow.resolve.by[0]}=FIELD`"
        )


def matches_of(raw: Any) -> dict[str, tuple[Match, ...]]:
    """Profile matches from plain JSON. Raises Refused."""
    try:
        return msgspec.convert(raw, dict[str, tuple[Match, ...]])
    except msgspec.ValidationError as error:
        raise Refused(f"these are no profile matches: {error}") from None
