"""Which connectors can take the roles of a recipe when its examples are tried: found by what they can do, never listed."""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import product

from lockgate.app import registry
from lockgate.app.examples.scenes import kind_of
from lockgate.app.problems import Refused
from lockgate.engine.recipe import Example, Recipe
from lockgate.kit.contract import capabilities
from lockgate.kit.sandbox import Sandbox
from lockgate.kit.sandbox import registry as sandboxes
from lockgate.kit.sandbox.actions import offered

Cast = Mapping[str, str]
"""By role: the connector that takes it."""


def casts(recipe: Recipe, chosen: Cast | None = None) -> list[Cast]:
    """Every way to try this recipe's examples, the first in the order of the connectors' names first.

    `chosen` leaves only connectors of these names. Raises Refused where a role cannot be taken.
    """
    wanted = chosen or {}
    if strange := sorted(set(wanted) - set(recipe.uses)):
        raise Refused(f"the recipe has no role {', '.join(strange)}; it has {', '.join(recipe.uses)}")
    candidates = {role: able(recipe, role, wanted.get(role)) for role in recipe.uses}
    return [dict(zip(candidates, one, strict=True)) for one in product(*candidates.values())]


def able(recipe: Recipe, role: str, wanted: str | None) -> list[str]:
    """The connectors that can take a role. Raises Refused when there is none, or the wanted one cannot."""
    names = [name for name in registry.names() if wanted in {None, name}]
    if not names:
        raise Refused(f"there is no connector {wanted!r}; there are: {', '.join(registry.names())}")
    lacking = {name: lacks(recipe, role, name) for name in names}
    if found := [name for name in names if not lacking[name]]:
        return found
    said = "; ".join(f"{name} lacks {', '.join(what)}" for name, what in lacking.items())
    raise Refused(f"no sandbox can take the role {role} of {recipe.name}: {said}")


def lacks(recipe: Recipe, role: str, name: str) -> list[str]:
    """What a connector or its sandbox would need for this role and cannot do."""
    sandbox = sandbox_of(name)
    if sandbox is None:
        return ["a sandbox"]
    connector = registry.get(name)
    kinds = [f"{kind}s" for kind in recipe.uses[role].kinds if kind not in connector.kinds]
    operations = sorted(recipe.needs(role) - capabilities(connector).keys())
    actions = sorted(actions_for(recipe.examples, role) - offered(sandbox))
    return [*kinds, *operations, *(f"the action {action} in its sandbox" for action in actions)]


def actions_for(examples: Iterable[Example], role: str) -> frozenset[str]:
    """The actions by which people do what the examples say at this role."""
    needed = {f"make_{kind_of(name)}" for example in examples for name in example.given.get(role, ())}
    for step in (step for example in examples for step in example.then):
        needed |= {f"make_{kind_of(name)}" for name in step.given.get(role, ())}
        needed |= {f"change_{kind_of(name)}" for name in step.change.get(role, {})}
        needed |= {f"remove_{kind_of(name)}" for name in step.remove.get(role, ())}
    return frozenset(needed)


@cache
def sandbox_of(name: str) -> type[Sandbox] | None:
    return sandboxes.load(name) if name in sandboxes.names() else None
