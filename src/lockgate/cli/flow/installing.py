"""Flows come and go: add, template, pause, resume, remove."""

from pathlib import Path
from typing import Annotated, Any

import typer

from lockgate.cli.flow.noun import Name, app
from lockgate.cli.flow.running import conclude
from lockgate.cli.output import Json, put_json, run, say, tell
from lockgate.cli.reading import Document
from lockgate.cli.words import text_of


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="A flow file; `lockgate flow template RECIPE` gives one to begin with.")],
    draft: Annotated[
        bool, typer.Option("--draft", help="Do not switch it on yet: see a plan first, then `flow activate`.")
    ] = False,
    json: Json = False,
) -> None:
    """Install the flow of a flow file, or its new version; every problem in it is told with its line."""

    async def work() -> dict[str, Any]:
        from lockgate.cli.working import at_work

        text = text_of(file)
        async with at_work() as at:
            return await at.add_flow(text, file.name, draft=draft)

    told = run(work(), json=json)
    if json:
        put_json(told)
        return
    say(f"flow {told['name']} is installed: version {told['version']}, {told['state']}")
    say(f"see what it would do: lockgate flow plan {told['name']}")
    if draft:
        say(f"then switch it on: lockgate flow activate {told['name']}")


@app.command()
def activate(
    name: Name,
    first: Annotated[
        bool, typer.Option("--run/--no-run", help="Carry what is there already, or only what changes from now on.")
    ] = True,
    json: Json = False,
) -> None:
    """Switch a draft on: it is watched from now on, and what is there already is carried in a first run."""

    async def work() -> Document | None:
        from lockgate.cli.runs import switch_on

        return await switch_on(name, run=first, quiet=json)

    done = run(work(), json=json)
    if done is None:
        tell({"name": name, "state": "active"}, f"flow {name} is active", json=json)
    else:
        conclude(done, json=json)


@app.command()
def template(
    recipe: Annotated[str, typer.Argument(help="Name of a recipe; `lockgate recipe list` shows them.")],
    json: Json = False,
) -> None:
    """A flow file of a recipe to begin with, on standard output."""

    async def work() -> str:
        from lockgate.app import views
        from lockgate.cli.flow.template import flow_file

        return flow_file(await views.recipe(recipe))

    text = run(work(), json=json)
    tell({"recipe": recipe, "text": text}, text.rstrip("\n"), json=json)


@app.command()
def pause(name: Name, json: Json = False) -> None:
    """Stop watching and working a flow; what happens meanwhile waits for `resume`."""
    set_state(name, "paused", json=json)


@app.command()
def resume(name: Name, json: Json = False) -> None:
    """Go on with a paused flow."""
    set_state(name, "active", json=json)


def set_state(name: str, state: str, *, json: bool) -> None:
    async def work() -> None:
        from lockgate.cli.working import at_work

        async with at_work() as at:
            await at.set_state(name, state)

    run(work(), json=json)
    tell({"name": name, "state": state}, f"flow {name} is {state}", json=json)


@app.command()
def remove(name: Name, json: Json = False) -> None:
    """Forget a flow. What it has put in its target stays there, and the audit of it stays here."""

    async def work() -> None:
        from lockgate.cli.working import at_work

        async with at_work() as at:
            await at.remove_flow(name)

    run(work(), json=json)
    tell({"removed": name}, f"flow {name} is forgotten; what it delivered stays", json=json)
