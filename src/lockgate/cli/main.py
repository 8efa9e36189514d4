"""The `lockgate` command and its nouns."""

import os
import sys
from typing import Annotated

import typer

from lockgate.cli import demo

app = typer.Typer(
    name="lockgate",
    help="Carries approved, rights-cleared content between systems, and proves what it did.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)


@app.callback()
def settings(
    home: Annotated[str | None, typer.Option(help="Folder of this installation [LOCKGATE_HOME]")] = None,
    log: Annotated[str, typer.Option(help="Least level of log lines on standard error")] = "warning",
) -> None:
    from lockgate.app.logs import configure

    if home is not None:
        os.environ["LOCKGATE_HOME"] = home
    configure(log)


def main() -> None:
    """Entry point of the command."""
    sys.exit(app())
