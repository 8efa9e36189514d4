"""How connections stand: list, check."""

from typing import Annotated, Any

import typer

from lockgate.cli.connect.adding import describe_system
from lockgate.cli.connect.noun import app
from lockgate.cli.output import DONE, PARTLY, Json, complain, put_json, run, say, table
from lockgate.cli.reading import Document, documents


@app.command("list")
def list_(json: Json = False) -> None:
    """All connections, what their systems are and which flows use them."""

    async def work() -> Document:
        from lockgate.app import views

        return await documents(views.connections)

    told = run(work(), json=json)
    if json:
        put_json(told)
        return
    none = "no connections yet: `lockgate connect library` shows what there is to connect"
    table(("connection", "system", "state", "flows", "problem"), [line(one) for one in told["rows"]], none=none)


def line(one: Document) -> tuple[Any, ...]:
    return (one["name"], one["title"], one["state"], ", ".join(one["flows"]), one["problem"])


@app.command()
def check(
    name: Annotated[str | None, typer.Argument(help="The connection's name; all if none.")] = None,
    json: Json = False,
) -> None:
    """Ask the systems now. Exit status 1 where one does not answer as it should."""

    async def work() -> Document:
        from lockgate.cli.connect.checking import checked

        return await checked(name)

    told = run(work(), json=json)
    if json:
        put_json(told)
    else:
        for one in told["rows"]:
            describe(one)
    raise typer.Exit(PARTLY if any(one["problem"] for one in told["rows"]) else DONE)


def describe(one: Document) -> None:
    if one["problem"]:
        complain(f"{one['name']}: {one['problem']}")
    else:
        say(f"{one['name']}:")
        describe_system(one["info"])
