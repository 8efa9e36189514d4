"""What a person types after a command, read: `name=value`, files, the environment."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from lockgate.app.problems import Refused
from lockgate.cli.output import refuse

PLAIN = {"true": True, "false": False, "null": None}


def given_by_name(values: Sequence[str], *, json: bool) -> dict[str, Any]:
    """Arguments as `name=text` or `name:=json`; true, false and null need no colon. Refuses what is neither."""
    try:
        return dict(named(one) for one in values)
    except Refused as refused:
        refuse(*refused.sentences, json=json)


def named(given: str) -> tuple[str, Any]:
    name, equals, text = given.partition("=")
    if not equals or not name.strip(":"):
        raise Refused(f"{given!r} does not say a value: write name=text, or name:=json")
    if not name.endswith(":"):
        return name, PLAIN.get(text, text)
    try:
        return name[:-1], msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise Refused(f"{given!r} holds no JSON after := ({error})") from None


def setting(given: str) -> tuple[str, Any]:
    """A setting as `name=value`, `name=@file`, `name=env:VARIABLE` or `name:=JSON`. Raises Refused."""
    name, equals, value = given.partition("=")
    if not equals or not name.strip(":"):
        raise Refused(f"{given!r} does not say a value: write --set name=value, name=@file or name=env:VARIABLE")
    if name.endswith(":"):
        return named(given)
    if value.startswith("@"):
        return name, from_file(name, Path(value[1:]))
    if value.startswith("env:"):
        return name, from_environment(name, value[4:])
    return name, value


def from_file(name: str, file: Path) -> str:
    try:
        return text_of(file).strip()
    except Refused as refused:
        raise Refused(f"{name}: {refused}") from None


def from_environment(name: str, variable: str) -> str:
    value = os.environ.get(variable)
    if value is None:
        raise Refused(f"{name} cannot be read: the environment has no variable {variable}")
    return value


def text_of(file: Path) -> str:
    """The text of a file. Raises Refused with the reason in words."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from None
