"""The `lockgate` command and its nouns."""

import os
import sys
from typing import Annotated, Any

import typer

from lockgate.cli import audit, connect, db, demo, doctor, flow, item, onix, parked, recall, recipe, roles, sandbox
from lockgate.cli.output import BROKEN_OFF, ERR, WRONG, complain, put_json
from lockgate.cli.place import HOME, Asked

app = typer.Typer(
    name="lockgate",
    help="Carries approved, rights-cleared content between systems, and proves what it did.",
    epilog="Exit status: 0 done · 1 something parked or failed · 2 wrong use.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for work in (demo.demo, roles.up, roles.serve, roles.worker):
    app.command()(work)
for name, noun in (
    ("connect", connect),
    ("recipe", recipe),
    ("flow", flow),
    ("item", item),
    ("parked", parked),
    ("audit", audit),
    ("sandbox", sandbox),
    ("onix", onix),
    ("db", db),
):
    app.add_typer(noun.app, name=name)
app.command()(recall.recall)
app.command()(doctor.doctor)

LEVELS = ("debug", "info", "warning", "error")


@app.callback()
def before(
    home: Annotated[str | None, typer.Option(help="Folder of this installation [LOCKGATE_HOME].")] = None,
    log: Annotated[
        str, typer.Option(help=f"Least level of log lines on standard error: {', '.join(LEVELS)}.")
    ] = "warning",
) -> None:
    """What goes before the command's name."""
    if log not in LEVELS:
        raise typer.BadParameter(f"{log!r} is none of {', '.join(LEVELS)}", param_hint="--log")
    Asked.log = log
    if home is not None:
        os.environ[HOME] = home


def main() -> None:
    """Entry point of the command."""
    sys.exit(called(sys.argv[1:]))


def called(arguments: list[str]) -> int:
    """Do what the arguments say; answers the exit status."""
    try:
        status = app(arguments, prog_name="lockgate", standalone_mode=False)
    except typer.Abort:
        return BROKEN_OFF
    except typer.TyperException as error:
        return wrong_use(error, json="--json" in arguments)
    return status if isinstance(status, int) else 0


def wrong_use(error: Any, *, json: bool) -> int:
    """Say which option or argument is wrong, and where help is. Help that stands in for a missing command is out already."""
    sentence = str(error.format_message()).strip()
    path = error.ctx.command_path if getattr(error, "ctx", None) else "lockgate"
    if json:
        put_json({"errors": [sentence or f"{path} needs a command"]})
    if sentence:
        complain(sentence)
        ERR.print(f"`{path} --help` tells more", markup=False, soft_wrap=True)
    return WRONG
