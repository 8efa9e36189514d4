"""The page of all commands, read from the program's own command line."""

from collections.abc import Iterator
from typing import Any

import typer.main

from lockgate.cli.main import app
from lockgate.cli.reference.markdown import code, joined, table

HEAD = """\
# Commands

Every command takes `--json`: one JSON document on standard output, in the shapes of the REST API. People read tables and
sentences on standard output; progress, complaints and log lines go to standard error.
"""
STATUS = table(
    ("exit status", "meaning"),
    (
        ("0", "done"),
        ("1", "something is parked or failed; each command says what that means for it"),
        ("2", "wrong use, or it cannot be done as things stand: a sentence on standard error, with `--json` also `{\"errors\": […]}`"),
        ("130", "ended by Ctrl-C (commands that stay until Ctrl-C end with 0)"),
    ),
)  # fmt: skip


def page() -> str:
    group: Any = typer.main.get_command(app)
    general = joined("## Before the command's name", parameters(group))
    return joined(HEAD, STATUS, general, *described("lockgate", group))


def described(path: str, group: Any) -> Iterator[str]:
    """Every command below a group, in the order in which help lists them."""
    for name, command in group.commands.items():
        here = f"{path} {name}"
        if hasattr(command, "commands"):
            yield joined(f"## {here}", command.help or "")
            yield from described(here, command)
        else:
            level = "##" if path == "lockgate" else "###"
            yield joined(f"{level} {here}", usage(here, command), paragraphs(command.help), parameters(command))


def usage(path: str, command: Any) -> str:
    return code(" ".join([path, *(shown(one) for one in command.params if is_argument(one)), "[OPTIONS]"]))


def is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def shown(argument: Any) -> str:
    name = (argument.metavar or argument.name.upper()).strip("[].")
    several = "…" if argument.nargs == -1 else ""
    return f"{name}{several}" if argument.required else f"[{name}{several}]"


def paragraphs(text: str | None) -> str:
    """Help as people read it: line breaks of the source do not count."""
    return "\n\n".join(" ".join(part.split()) for part in (text or "").split("\n\n"))


def parameters(command: Any) -> str:
    rows = [row(one) for one in command.params if one.name not in {"json", "help"}]
    return table(("", "what", "if not given"), rows)


def row(parameter: Any) -> tuple[str, str, str]:
    if is_argument(parameter):
        return (code(shown(parameter)), parameter.help or "", "" if parameter.required else "–")
    value = "" if parameter.is_flag else f" {parameter.metavar or kind(parameter)}"
    names = ", ".join(code(f"{name}{value}") for name in (*parameter.opts, *parameter.secondary_opts))
    return (f"{names} (repeatable)" if parameter.multiple else names, parameter.help or "", default(parameter))


KINDS = {"str": "TEXT", "int": "N", "float": "NUMBER", "Path": "PATH"}


def kind(parameter: Any) -> str:
    """What kind of value an option takes."""
    annotation = parameter.type_descriptor.annotation
    names = [one.__name__ for one in (annotation, *getattr(annotation, "__args__", ())) if hasattr(one, "__name__")]
    return next((KINDS[name] for name in names if name in KINDS), "VALUE")


def default(parameter: Any) -> str:
    if parameter.is_flag or parameter.default is None:
        return "–"
    return code(parameter.default)
