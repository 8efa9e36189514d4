"""The roles a process can play: `up` (everything), `serve` (API and webhooks), `worker` (the work)."""

from typing import Annotated

import typer

from lockgate.cli.output import Json, run

Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port to listen on [LOCKGATE_PORT]; 0 takes a free one.")
]
Host = Annotated[
    str | None, typer.Option(help="Address to listen on [LOCKGATE_HOST]; only this machine until there is a login.")
]


def up(host: Host = None, port: Port = None, json: Json = False) -> None:
    """Everything in one process until Ctrl-C: API, webhooks and the work of all flows.

    Runs that were cut off go on. With --json one JSON document tells the address once it listens.
    """
    from lockgate.cli.serving import everything

    raise typer.Exit(run(everything(host, port, json=json), json=json))


def serve(host: Host = None, port: Port = None, json: Json = False) -> None:
    """API and webhooks only, until Ctrl-C; the work is done by `lockgate worker` processes. Needs PostgreSQL."""
    from lockgate.cli.serving import doors

    raise typer.Exit(run(doors(host, port, json=json), json=json))


def worker(json: Json = False) -> None:
    """The work of all flows only, until Ctrl-C; several workers share it. Needs PostgreSQL."""
    from lockgate.cli.serving import work

    raise typer.Exit(run(work(json=json), json=json))
