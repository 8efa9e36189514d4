"""Connections come and go: add, remove."""

from typing import Annotated, Any

import typer

from lockgate.cli.connect.consenting import HERE, Redirect
from lockgate.cli.connect.noun import Name, app
from lockgate.cli.output import Json, put_json, run, say, tell
from lockgate.cli.reading import Document


@app.command()
def add(
    connector: Annotated[str, typer.Argument(help="Which connector; `lockgate connect library` shows them.")],
    name: Annotated[str, typer.Argument(help="How the connection is to be called: letters, digits, - and _.")],
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A setting. Keep secrets off the command line: NAME=@FILE, NAME=env:VARIABLE, or be asked on a terminal."
            " NAME:=JSON for lists.",
        ),
    ] = None,
    consent: Annotated[
        bool, typer.Option("--consent", help="Ask for a person's consent even where this is no terminal.")
    ] = False,
    redirect: Redirect = HERE,
    json: Json = False,
) -> None:
    """Add a connection, or replace the one of that name. It is stored only when the system answered.

    On a terminal, what was not given is asked for; secrets without echo. Where the system asks a person for consent in a browser,
    you are led there.
    """

    async def work() -> Document:
        from lockgate.app import acts, consenting, views
        from lockgate.cli.connect.answering import answered
        from lockgate.cli.connect.asking import completed, on_terminal
        from lockgate.cli.place import installation
        from lockgate.cli.reading import plain
        from lockgate.cli.words import setting
        from lockgate.cli.working import person

        values = completed(connector, dict(setting(one) for one in settings or []), asking=on_terminal(json))
        async with installation() as app:
            asked = consenting.asking(connector, values, redirect) if consent or on_terminal(json) else None
            if asked is None:
                await acts.add_connection(app, name, connector, values, person())
            else:
                await acts.give_consent(app, name, asked, await answered(asked.question), person())
            return plain(await views.connection(app, name))

    told = run(work(), json=json)
    if json:
        put_json(told)
    else:
        welcome(told)


def welcome(told: Document) -> None:
    describe_system(told["info"])
    matches = told["profile"]["matches"]
    unsure = [one for one in matches if one["confidence"] < SURE]
    say(
        f"{told['name']} is ready; {len(matches)} fields were recognised{f', {len(unsure)} of them unsurely' if unsure else ''}"
    )
    say(f"look at them and confirm: lockgate connect profile {told['name']}")


SURE = 0.8
"""What is less likely than this should be looked at before it is confirmed."""


def describe_system(info: dict[str, Any]) -> None:
    version = f" {info['version']}" if info["version"] else ""
    account = f", as {info['account']}" if info["account"] else ""
    say(f"{info['product']}{version} answered{account}")
    for note in info["notes"]:
        say(f"  · {note}")


@app.command()
def remove(name: Name, json: Json = False) -> None:
    """Forget a connection and its secrets. Refused while a flow uses it."""

    async def work() -> None:
        from lockgate.app import acts
        from lockgate.cli.place import installation
        from lockgate.cli.working import person

        async with installation() as app:
            await acts.remove_connection(app, name, person())

    run(work(), json=json)
    tell({"removed": name}, f"connection {name} is forgotten", json=json)
