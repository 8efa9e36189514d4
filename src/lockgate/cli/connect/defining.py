"""A system by declaration, added to the library."""

from pathlib import Path
from typing import Annotated, Any

import typer

from lockgate.cli.connect.noun import app
from lockgate.cli.output import Json, put_json, refuse, run, say


@app.command()
def define(
    file: Annotated[Path | None, typer.Argument(help="The definition, as YAML.")] = None,
    openapi: Annotated[
        Path | None,
        typer.Option("--openapi", metavar="FILE", help="Propose a definition from an OpenAPI file, version 2 or 3."),
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="The JSON Schema of definitions, for editors.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only say what is wrong.")] = False,
    json: Json = False,
) -> None:
    """Make any REST, GraphQL or JSON-RPC system a connector, by a file that says how it is called.

    Every mistake is told with its line. Once there is none, `lockgate connect add` knows it like any other connector.
    """
    if sum((file is not None, openapi is not None, schema)) != 1:
        refuse("give one of: a definition, --openapi FILE, --schema", json=json)
    if schema:
        run(print_schema(), json=json)
    elif openapi is not None:
        text = run(proposed(openapi), json=json)
        put_json({"definition": text}) if json else say(text.rstrip("\n"))
    elif file is not None:
        tell_defined(run(defined(file, check), json=json), check, json)


async def print_schema() -> None:
    from lockgate.connectors.rest.definition.load import schema

    put_json(schema())


async def proposed(file: Path) -> str:
    from lockgate.cli.words import text_of
    from lockgate.connectors.rest.openapi import propose

    return propose(text_of(file), file.name)


async def defined(file: Path, only_check: bool) -> dict[str, Any]:
    """What the definition can do; stored unless it is only checked."""
    from lockgate.app.definitions import define as add
    from lockgate.cli.words import text_of
    from lockgate.kit.contract import capabilities

    made = add(text_of(file), file.name, store=not only_check)
    can = {name: one.effect for name, one in capabilities(made).items()}
    return {"id": made.id, "title": made.title, "kinds": made.kinds, "can": can, "withdraw": made.withdraw_policies}


def tell_defined(told: dict[str, Any], only_check: bool, json: bool) -> None:
    if json:
        put_json(told)
        return
    say(f"{told['title']} ({told['id']}): {', '.join(told['kinds'])}; it can {', '.join(told['can'])}")
    if not only_check:
        say(f"it is in the library; connect one: lockgate connect add {told['id']} NAME")
