"""A flow: a recipe bound to connections and answered, ready to be run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import msgspec

from lockgate.engine import gates, mapping
from lockgate.engine.expression import Expression
from lockgate.engine.gates import Gate
from lockgate.engine.mapping import Constant, Deliver, FromExpression, FromPath
from lockgate.engine.recipe import answers as filling
from lockgate.engine.recipe import document as shapes
from lockgate.engine.recipe import references
from lockgate.engine.recipe.load import Recipe, digest, load
from lockgate.engine.recipe.problems import RecipeErrors
from lockgate.kit.document.check import typed
from lockgate.kit.document.problems import Problem, meant
from lockgate.kit.document.tree import Node, read
from lockgate.model.rights import Match, Use

Answers = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Role:
    """A connection by name, and the kind of items meant there."""

    connection: str
    kind: str


@dataclass(frozen=True, slots=True)
class Watch:
    """How the source is watched beside its webhooks; `sweep` None means never."""

    poll: timedelta
    sweep: timedelta | None


@dataclass(frozen=True, slots=True)
class Resolve:
    """How the counterpart at the target is found, and at which field of it our item is linked."""

    name: str
    connection: str
    kind: str
    by: tuple[str, ...]
    """Kinds of identifier, the first that leads anywhere decides."""
    missing: str
    """`park` until it is there, or `skip` the link."""
    field: str


@dataclass(frozen=True, slots=True)
class Guard:
    """A run that would withdraw more than this share of the live copies, and more than `least`, asks first."""

    share: float = 0.1
    least: int = 20


@dataclass(frozen=True, slots=True)
class Flow:
    """Everything the engine needs to know of one flow."""

    name: str
    recipe_name: str
    recipe: Recipe
    source: Role
    target: Role
    uses: Mapping[str, str]
    """Role → connection."""
    ask: Answers
    """Every answer, also those taken from the recipe's defaults."""
    gates: tuple[Gate, ...]
    watch: Watch
    resolve: Resolve | None
    deliver: Deliver
    guard: Guard
    digest: str = field(kw_only=True)
    """Differs when what comes of an item may differ: connections, gates, counterpart, fields. Layout, guard and watch do not count."""


def load_flow(text: str, source: str, recipes: Mapping[str, str]) -> Flow:
    """The flow of a flow file's text; `recipes` are the texts of the recipes by name. Raises RecipeErrors with every problem."""
    root, problems = read(text, source)
    if root is None:
        raise RecipeErrors(problems)
    file, misfits = typed(shapes.FlowDocument, root)
    problems += misfits
    recipe, faults = named_recipe(root, recipes)
    problems += faults
    if recipe is None:
        raise RecipeErrors(problems)
    given = chosen(root, recipe)
    filled, _ = filling.answered(recipe.tree, given)
    document, unfit = typed(shapes.RecipeDocument, filled)
    problems += [*bindings(root, recipe), *questions(root, recipe), *unfit, *references.check(filled)]
    if file is None or document is None or problems:
        raise RecipeErrors(problems)
    problems += looped(root, document, file.uses)
    if problems:
        raise RecipeErrors(problems)
    return build(file, document, recipe, {name: plain(node) for name, node in given.items() if node})


def named_recipe(root: Node, recipes: Mapping[str, str]) -> tuple[Recipe | None, list[Problem]]:
    node = root.get("recipe")
    name = node.text() if node else None
    if node is None or name is None:
        return None, []
    if name not in recipes:
        return None, [node.problem(f"there is no recipe `{name}`", meant(name, recipes))]
    try:
        return load(recipes[name], f"recipe {name}"), []
    except RecipeErrors as errors:
        return None, list(errors.problems)


def bindings(root: Node, recipe: Recipe) -> Iterator[Problem]:
    """Every role is bound to a connection, and nothing else is."""
    uses = root.get("uses")
    if uses is None:
        return
    for role, spec in recipe.uses.items():
        if role not in references.keys(uses):
            kinds = ", ".join(spec.kinds)
            yield uses.problem(f"the role `{role}` ({kinds}) is not bound", f"add `{role}: <name of a connection>`")
    yield from references.keyed(uses, recipe.uses, "the recipe has no role")


def questions(root: Node, recipe: Recipe) -> Iterator[Problem]:
    """Every question without a default is answered, with one of its choices, and nothing else is."""
    asked = root.get("ask")
    yield from references.keyed(asked, recipe.ask, "the recipe does not ask for")
    for name, question in recipe.ask.items():
        answer = asked.get(name) if asked else None
        if answer is None and question.default is None:
            yield (asked or root).problem(f"`{name}` is not answered: {question.label}", f"add `{name}: …` below `ask`")
        if answer is not None and answer.elements() and not question.lists:
            yield answer.problem(f"`{name}` takes one answer", "write a single value")
        choices = recipe.tree.at(["ask", name]).get("choices")
        if choices is not None:
            yield from references.outside(choices, answer)


def chosen(root: Node, recipe: Recipe) -> dict[str, Node | None]:
    """The node of each answer: given, else the recipe's default; a list where the question asks for one."""
    given, defaults = root.get("ask"), filling.defaults(recipe.tree)
    found = {name: (given.get(name) if given else None) or defaults.get(name) for name in recipe.ask}
    return {name: listed(node) if node and recipe.ask[name].lists else node for name, node in found.items()}


def listed(node: Node) -> Node:
    return replace(node, value=(node,)) if node.text() is not None else node


def plain(node: Node) -> str | tuple[str, ...]:
    value = node.plain()
    return tuple(value) if isinstance(value, list) else str(value)


def looped(root: Node, document: shapes.RecipeDocument, uses: Mapping[str, str]) -> Iterator[Problem]:
    """A flow must not feed what it writes into itself."""
    watch, deliver = document.watch, document.deliver
    if uses[watch.system] == uses[deliver.to] and watch.kind == deliver.as_:
        yield root.at(["uses"]).problem(
            f"`{watch.system}` and `{deliver.to}` are the same connection, so the flow would feed itself",
            "bind them to two connections",
            key=deliver.to,
        )


def build(file: shapes.FlowDocument, document: shapes.RecipeDocument, recipe: Recipe, given: Answers) -> Flow:
    uses, watch, deliver = dict(file.uses), document.watch, document.deliver
    flow = Flow(
        name=file.flow,
        recipe_name=file.recipe,
        recipe=recipe,
        source=Role(uses[watch.system], watch.kind),
        target=Role(uses[deliver.to], deliver.as_),
        uses=uses,
        ask=given,
        gates=tuple(gate(one, given) for one in document.gates),
        watch=Watch(watch.poll, watch.sweep),
        resolve=next((resolve(name, one, document, uses) for name, one in document.resolve.items()), None),
        deliver=delivery(deliver, given),
        guard=Guard(file.guard.share, file.guard.least),
        digest="",
    )
    return replace(flow, digest=meaning(flow, document))


def meaning(flow: Flow, document: shapes.RecipeDocument) -> str:
    return digest(
        {
            "uses": flow.uses,
            "roles": [document.watch.system, document.watch.kind, document.deliver.to],
            "gates": [[one.name, one.kind, one.terms] for one in flow.gates],
            "resolve": {name: one.model_dump(mode="json") for name, one in document.resolve.items()},
            "deliver": document.deliver.model_dump(mode="json", exclude_unset=True),
            "ask": {name: flow.ask[name] for name in sorted(flow.ask)} if reads_answers(flow) else {},
        }
    )


def reads_answers(flow: Flow) -> bool:
    return any(isinstance(one, FromExpression) for one in flow.deliver.fields.values())


def gate(shape: shapes.GateShape, given: Answers) -> Gate:
    if shape.approved is not None:
        return gates.approved(shape.name, shape.approved.status)
    if shape.rights is not None:
        return gates.rights(shape.name, asked_uses(shape.rights), Match(shape.rights.match))
    if shape.window is not None:
        return gates.window(shape.name)
    if shape.current is not None:
        return gates.current(shape.name)
    if shape.complete is not None:
        return gates.complete(shape.name, shape.complete.needs)
    return gates.when(shape.name, Expression(shape.when or "false", given))


def asked_uses(shape: shapes.RightsShape) -> tuple[Use, ...]:
    one = Use(
        action=shape.action,
        channel=shape.channel,
        medium=shape.medium,
        language=shape.language,
        purpose=shape.purpose,
    )
    return tuple(msgspec.structs.replace(one, territory=code) for code in shape.territory) or (one,)


def resolve(name: str, shape: shapes.ResolveShape, document: shapes.RecipeDocument, uses: Mapping[str, str]) -> Resolve:
    field = document.deliver.link[name]
    return Resolve(name, uses[shape.system], shape.kind or name, tuple(shape.by), shape.missing, field)


def delivery(shape: shapes.DeliverShape, given: Answers) -> Deliver:
    fields = {name: source_of(one, given) for name, one in shape.fields.items()}
    return Deliver(fields=fields, rendition=shape.rendition, link=shape.link, closed=shape.closed)


def source_of(shape: shapes.FieldShape, given: Answers) -> mapping.Source:
    default: Any = shape.default if "default" in shape.model_fields_set else msgspec.UNSET
    if shape.path is not None:
        return FromPath(shape.path, default)
    if shape.cel is not None:
        return FromExpression(Expression(shape.cel, given), default)
    return Constant(shape.value)
