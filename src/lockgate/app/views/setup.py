"""What a person needs to set a flow up: which connections fit, what is asked and which answers there are, the file it comes to."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Any

import lockgate.recipes
from lockgate.app import registry
from lockgate.app.connections import profile_of
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views.recipes import QuestionView, recipe_view
from lockgate.app.views.shape import View
from lockgate.engine.recipe import Recipe, load
from lockgate.engine.recipe.document import UseShape
from lockgate.engine.recipe.dump import written
from lockgate.kit.contract import capabilities
from lockgate.ledger.connections import ConnectionRow
from lockgate.model.lifecycle import Status

UNASKED = frozenset({Status.UNKNOWN})


class OptionView(View):
    """One answer that can be chosen."""

    value: str
    label: str


class RoleChoice(View):
    """A system the recipe needs, and which of the connections could be it."""

    role: str
    kinds: list[str]
    needs: list[str]
    """The operations a connection must have."""
    fits: list[str]
    """Connections that can take this role."""
    lacking: dict[str, str]
    """Connections that cannot although they have such items, and why in words."""


class SetupQuestion(QuestionView):
    options: list[OptionView]
    """What can be chosen, as the bound systems know it; empty where any answer may be given."""


class SetupView(View):
    """One recipe on the way to a flow."""

    recipe: str
    roles: list[RoleChoice]
    ask: list[SetupQuestion]
    name: str
    """A name for the flow that is free."""


class FlowFileView(View):
    """A flow file, as `lockgate flow add` reads it."""

    name: str
    text: str


async def recipe_setup(app: Lockgate, name: str, uses: Mapping[str, str]) -> SetupView:
    """What is left to say, given the connections chosen so far (role to connection). Raises Refused."""
    found = await shipped(name)
    rows = {row.name: row for row in await app.connections.all()}
    if strange := sorted(set(uses.values()) - rows.keys()):
        raise Refused(f"there is no connection {strange[0]!r}", missing=True)
    return SetupView(
        recipe=name,
        roles=[role_choice(found, role, use, rows.values()) for role, use in found.uses.items()],
        ask=[with_options(one, {role: rows[used] for role, used in uses.items()}) for one in recipe_view(found).ask],
        name=free(name, {row.name for row in await app.flows.all()}),
    )


async def shipped(name: str) -> Recipe:
    if name not in lockgate.recipes.list():
        there = ", ".join(lockgate.recipes.list())
        raise Refused(f"there is no recipe {name!r}; there are: {there}", missing=True)
    return await asyncio.to_thread(load, lockgate.recipes.get(name), f"recipe {name}")


def role_choice(recipe: Recipe, role: str, use: UseShape, rows: Iterable[ConnectionRow]) -> RoleChoice:
    kinds, needs = set(use.kinds), recipe.needs(role)
    fits, lacking = [], {}
    for row in rows:
        connector = registry.get(row.connector)
        missing = sorted(needs - capabilities(connector).keys())
        if kinds <= set(connector.kinds) and not missing:
            fits.append(row.name)
        elif kinds <= set(connector.kinds):
            lacking[row.name] = f"{connector.title} has no {', '.join(missing)}"
    return RoleChoice(role=role, kinds=list(use.kinds), needs=sorted(needs), fits=fits, lacking=lacking)


def with_options(one: QuestionView, bound: Mapping[str, ConnectionRow]) -> SetupQuestion:
    return SetupQuestion(**one.model_dump(), options=options(one.choices, bound))


def options(choices: str | list[str] | None, bound: Mapping[str, ConnectionRow]) -> list[OptionView]:
    """The answers of a question: a list as it is, or those that the system bound to the role knows under a canonical name."""
    if isinstance(choices, list):
        return [OptionView(value=one, label=one) for one in choices]
    role, _, canonical = (choices or "").partition(".")
    if not canonical or role not in bound:
        return []
    matches = [
        match for kind in profile_of(bound[role]).matches.values() for match in kind if match.canonical == canonical
    ]
    theirs: dict[str, list[str]] = {}
    for match in matches:
        for vendors, ours in match.values.items():
            theirs.setdefault(ours, []).append(vendors)
    if canonical == "status":
        return [option(one.value, theirs.get(one.value, [])) for one in Status if one not in UNASKED]
    return [option(value, theirs[value]) for value in sorted(theirs)]


def option(value: str, theirs: list[str]) -> OptionView:
    plain = value.replace("_", " ")
    return OptionView(value=value, label=f"{plain} ({', '.join(theirs)} there)" if theirs else plain)


def free(wanted: str, taken: set[str]) -> str:
    """The wanted name, or with the first number behind it that makes it a new one."""
    if wanted not in taken:
        return wanted
    return next(f"{wanted}-{number}" for number in range(2, len(taken) + 3) if f"{wanted}-{number}" not in taken)


async def flow_file(
    app: Lockgate, recipe: str, uses: Mapping[str, str], ask: Mapping[str, Any], name: str | None = None
) -> FlowFileView:
    """The flow file these answers come to. It is not checked: installing does that, and names what is wrong. Raises Refused."""
    await shipped(recipe)
    named = name or free(recipe, {row.name for row in await app.flows.all()})
    return FlowFileView(name=named, text=written(named, recipe, uses, ask))


async def connection_name(app: Lockgate, connector: str, site: str = "") -> str:
    """A free name for a new connection: the connector's, with what tells its site apart. Raises UnknownConnector."""
    registry.get(connector)
    host = re.sub(r"^[a-z]+://", "", site.strip().lower()).split("/")[0].split(":")[0]
    first = host.split(".")[0]
    tells = first if first and not first.isdigit() and first not in {"www", "localhost", connector} else ""
    base = re.sub(r"[^a-z0-9-]+", "-", f"{connector}-{tells}".strip("-")).strip("-")
    return free(base, {row.name for row in await app.connections.all()})
