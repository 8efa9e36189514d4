"""The connectors there are."""

from typing import Annotated, Any

import typer

from lockgate.cli.connect.noun import app
from lockgate.cli.output import Json, put_json, run, say, table
from lockgate.cli.reading import Document


@app.command()
def library(
    connector: Annotated[str | None, typer.Argument(help="One of them, with its settings and operations.")] = None,
    json: Json = False,
) -> None:
    """The connectors there are; of one, its settings, operations and ways to close a copy."""

    async def work() -> Any:
        from lockgate.app import registry, views
        from lockgate.cli.reading import plain, whole

        return whole(views.connectors()) if connector is None else plain(views.connector_view(registry.get(connector)))

    told = run(work(), json=json)
    if json:
        put_json(told)
    elif connector is None:
        rows = [(one["id"], one["title"], ", ".join(one["kinds"]), *roles(one["can"])) for one in told["rows"]]
        table(("connector", "system", "kinds", "source", "target", "operations"), rows)
    else:
        describe(told)


def roles(can: Document) -> tuple[str, str, int]:
    """What a connector can be in a flow, and how many operations it has."""
    source = [
        words for what, words in (("receive", "webhooks"), ("changes", "polls"), ("open", "files")) if what in can
    ]
    target = [words for what, words in (("upsert", "writes"), ("link", "links"), ("withdraw", "closes")) if what in can]
    return ", ".join(source), ", ".join(target), len(can)


def describe(told: Document) -> None:
    say(f"{told['title']} ({told['id']}): {', '.join(told['kinds'])}")
    properties, needed = told["settings"]["properties"], set(told["settings"].get("required", ()))
    rows = [
        (name, one.get("title"), "needed" if name in needed else "", one.get("description"))
        for name, one in properties.items()
    ]
    table(("setting", "what", "", "more"), rows)
    table(("operation", "effect"), told["can"].items())
    if told["withdraw"]:
        say(f"closes a copy by: {', '.join(told['withdraw'])}")
