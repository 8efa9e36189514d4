"""Flows as installed, read once: their text is parsed again only when it changes."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache

from lockgate.app.flows import recipe_texts
from lockgate.app.lockgate import Lockgate
from lockgate.engine.recipe import Flow, RecipeErrors, load_flow
from lockgate.ledger.flows import FlowRow


@dataclass(frozen=True, slots=True)
class Ends:
    """From where to where a flow carries; empty texts when its file can no longer be read."""

    source: str = ""
    kind: str = ""
    target: str = ""
    as_kind: str = ""


@lru_cache(maxsize=256)
def parsed(name: str, binding: str, recipe: str) -> Flow | tuple[str, ...]:
    """The flow of these texts, or what is wrong with them."""
    try:
        return load_flow(binding, f"flow {name}", recipe_texts(recipe))
    except RecipeErrors as errors:
        return tuple(str(problem) for problem in errors.problems)


async def installed(row: FlowRow) -> Flow | tuple[str, ...]:
    """The flow as installed, or why it cannot be read, in sentences."""
    return await asyncio.to_thread(parsed, row.name, row.binding, row.recipe)


def ends_of(flow: Flow | tuple[str, ...]) -> Ends:
    if isinstance(flow, tuple):
        return Ends()
    return Ends(flow.source.connection, flow.source.kind, flow.target.connection, flow.target.kind)


async def ends(app: Lockgate, name: str) -> Ends:
    """Where a flow carries from and to. Raises Refused when there is no such flow."""
    return ends_of(await installed(await app.flows.row(name)))
