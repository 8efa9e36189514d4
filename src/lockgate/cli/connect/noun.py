"""The noun itself, and what its commands share."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Connections: named, credentialed, profiled uses of a connector.")

Name = Annotated[str, typer.Argument(help="The connection's name.")]
