"""Consent in a browser, given anew."""

from typing import Annotated

import typer

from lockgate.cli.connect.noun import Name, app
from lockgate.cli.output import Json, put_json, run, say
from lockgate.cli.reading import Document

Redirect = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Where the system leads the browser after a consent, as registered there. On this machine it is caught;"
        " of any other, the address that the browser shows is typed in.",
    ),
]
HERE = "http://127.0.0.1:8765/"
"""Fixed, since many systems compare the whole address with what was registered."""


@app.command()
def consent(name: Name, redirect: Redirect = HERE, json: Json = False) -> None:
    """Consent anew for a connection, in a browser: when its system does not take the old consent any more."""

    async def work() -> Document:
        from lockgate.app import acts, consenting, views
        from lockgate.cli.connect.answering import answered
        from lockgate.cli.place import installation
        from lockgate.cli.reading import plain
        from lockgate.cli.working import person

        async with installation() as app:
            row = await app.connections.row(name)
            asked = consenting.asking_again(row.connector, await app.connections.values(name), redirect)
            await acts.give_consent(app, name, asked, await answered(asked.question), person())
            return plain(await views.connection(app, name))

    told = run(work(), json=json)
    if json:
        put_json(told)
    else:
        say(f"{name} has its consent")
