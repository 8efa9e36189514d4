"""The page of recipes: those that ship, and the shapes of recipe and flow file."""

from collections.abc import Iterator

import msgspec

import lockgate.recipes
from lockgate.app.views.recipes import RecipeView, recipe_view
from lockgate.cli.reference.markdown import code, joined, listed, table
from lockgate.engine.recipe import flow_schema, load, schema

HEAD = """\
# Recipes

A recipe is a shipped, parametrised automation; a flow is one installed with its connections and answers.
`lockgate flow template RECIPE` gives a flow file to begin with, `lockgate recipe check FILE` tells every problem of a file.
"""


def page() -> str:
    shipped = [load(text, f"recipe {name}") for name, text in sorted(lockgate.recipes.texts().items())]
    parts = [part for one in shipped for part in described(recipe_view(one))]
    return joined(
        HEAD,
        *parts,
        joined("## JSON Schema of a flow file", fenced(flow_schema())),
        joined("## JSON Schema of a recipe", fenced(schema())),
    )


def described(told: RecipeView) -> Iterator[str]:
    yield f"## {told.name}"
    yield f"{told.title}. {told.why}"
    roles = [(code(role), ", ".join(one.kinds), ", ".join(one.needs)) for role, one in told.uses.items()]
    yield table(("role", "kinds", "needs a system that can"), roles)
    asked = [
        (code(one.name), " ".join(filter(None, (f"{one.label}.", one.help))), answer(one.default)) for one in told.ask
    ]
    yield table(("question", "what", "if not answered"), asked)
    yield "Gates, all of which must allow, in this order:"
    yield listed(told.gates)
    yield "Promises, each tried against the sandboxes:"
    yield listed(told.examples)
    yield joined("<details><summary>The recipe</summary>", f"```yaml\n{told.text.rstrip()}\n```", "</details>")


def answer(default: str | list[str] | None) -> str:
    if default is None:
        return "must be answered"
    return code(default) if isinstance(default, str) else ", ".join(code(one) for one in default)


def fenced(document: object) -> str:
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    return f"```json\n{text}\n```"
