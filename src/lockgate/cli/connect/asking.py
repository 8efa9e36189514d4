"""The settings of a connection, asked for on a terminal where they were not given."""

import sys
from collections.abc import Mapping
from typing import Any

import typer
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from lockgate.app import registry


def completed(connector: str, given: Mapping[str, Any], *, asking: bool) -> dict[str, Any]:
    """The given settings and, with `asking`, answers to the questions that are open. Raises UnknownConnector."""
    fields = registry.get(connector).settings_type.model_fields
    if not asking:
        return dict(given)
    answers = {name: ask(field) for name, field in fields.items() if name not in given and worth_asking(field)}
    return {**{name: answer for name, answer in answers.items() if answer != ""}, **given}


def on_terminal(json: bool) -> bool:
    """Whether a person sits there who can be asked."""
    return not json and sys.stdin.isatty()


def worth_asking(field: FieldInfo) -> bool:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return field.is_required() or not extra.get("advanced")


def ask(field: FieldInfo) -> str:
    """The answer as text; empty for none where the setting has a default."""
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    example = f" (such as {extra['example']})" if extra.get("example") else ""
    if field.description:
        typer.echo(f"  {field.description}", err=True)
    default = None if field.is_required() else shown_default(field)
    question = f"{field.title}{example}"
    answer: str = typer.prompt(
        question, default=default, hide_input=secret(field), show_default=bool(default), err=True
    )
    return answer.strip()


def shown_default(field: FieldInfo) -> str:
    return field.default if isinstance(field.default, str) else ""


def secret(field: FieldInfo) -> bool:
    return SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ()))
