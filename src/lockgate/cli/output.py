"""What commands say: tables and sentences for people, one JSON document for programs. Errors become sentences here."""

import asyncio
import sys
from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime
from typing import Any, NoReturn, TypeVar

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from lockgate.app.problems import Refused
from lockgate.app.registry import UnknownConnector
from lockgate.app.settings import SettingsProblem
from lockgate.engine.recipe import RecipeErrors
from lockgate.kit.errors import ConnectorError
from lockgate.kit.sandbox.process import SpawnFailed
from lockgate.ledger import LedgerError

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)

DONE, PARTLY, WRONG = 0, 1, 2
"""Exit statuses: done, something parked or failed, wrong use."""

EXPECTED = (Refused, RecipeErrors, UnknownConnector, SettingsProblem, ConnectorError, LedgerError, SpawnFailed, OSError)
"""Errors whose text is a sentence for the person at the command line."""

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T], *, json: bool = False) -> T:
    """Run a command's work; expected errors end the command with a sentence and exit status 2."""
    try:
        return asyncio.run(work)
    except EXPECTED as error:
        fail(error, json=json)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def fail(error: Exception, *, json: bool) -> NoReturn:
    """Say what went wrong and leave with exit status 2."""
    sentences = list(sentences_of(error))
    if json:
        put_json({"errors": sentences})
    for sentence in sentences:
        ERR.print(f"[bold red]✗[/] {sentence}" if ERR.is_terminal else sentence, markup=ERR.is_terminal)
    raise typer.Exit(WRONG) from None


def sentences_of(error: Exception) -> Iterable[str]:
    if isinstance(error, RecipeErrors):
        return [str(problem) for problem in error.problems]
    if isinstance(error, Refused):
        return error.sentences
    if isinstance(error, ConnectorError):
        return [error.sentence]
    return [str(error) or type(error).__name__]


def put_json(document: Any) -> None:
    """The command's one JSON document, on standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n")
    sys.stdout.flush()


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> None:
    """A table for people; numbers to the right."""
    made = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    lines = [[shown(cell) for cell in row] for row in rows]
    for place, column in enumerate(columns):
        numbers = bool(lines) and all(line[place].replace(",", "").replace("–", "0").isdigit() for line in lines)
        made.add_column(column, justify="right" if numbers else "left")
    for line in lines:
        made.add_row(*line)
    OUT.print(made)


def shown(cell: Any) -> str:
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}Z"
    return str(cell)


def size(number: float) -> str:
    """Bytes in the unit a person would use."""
    for unit in ("B", "KB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"
