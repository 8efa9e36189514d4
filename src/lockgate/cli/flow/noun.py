"""The noun itself, and what its commands share."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Flows: recipes bound to connections, installed and run.")

Name = Annotated[str, typer.Argument(help="The flow's name.")]
AnyName = Annotated[str | None, typer.Argument(help="The flow's name; all flows if none.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")]
