"""What commands say: tables and sentences for people, one JSON document for programs. Errors become sentences here.

Everything here is quick to import; what a command needs beyond it, it imports when it runs.
"""

import sys
from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, NoReturn, TypeVar

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from lockgate.cli.failures import sentences_of

WIDE = 10_000
"""Width of what is no terminal: a file or a pipe wraps and cuts nothing."""
OUT = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
ERR = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else WIDE)

DONE, PARTLY, WRONG, BROKEN_OFF = 0, 1, 2, 130
"""Exit statuses: done, something parked or failed, wrong use, ended by Ctrl-C."""

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T], *, json: bool = False) -> T:
    """Run a command's work; errors that a person can act on end the command with a sentence and exit status 2."""
    if sys.platform == "win32":
        from asyncio import run as in_a_loop
    else:
        from uvloop import run as in_a_loop

    try:
        return in_a_loop(work)
    except KeyboardInterrupt:
        raise typer.Exit(BROKEN_OFF) from None
    except Exception as error:
        sentences = sentences_of(error)
        if sentences is None:
            raise
        refuse(*sentences, json=json)


def refuse(*sentences: str, json: bool) -> NoReturn:
    """Say what is wrong and leave with exit status 2."""
    if json:
        put_json({"errors": list(sentences)})
    for sentence in sentences:
        complain(sentence)
    raise typer.Exit(WRONG) from None


def complain(sentence: str) -> None:
    """A sentence on standard error, marked on a terminal."""
    if ERR.is_terminal:
        ERR.print("[bold red]✗[/] ", end="")
    ERR.print(sentence, markup=False, soft_wrap=True)


def put_json(document: Any) -> None:
    """The command's one JSON document, on standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n")
    sys.stdout.flush()


def say(sentence: str = "") -> None:
    """A line for people on standard output, as it is."""
    OUT.print(sentence, markup=False, soft_wrap=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "", none: str | None = None) -> None:
    """A table for people; numbers to the right. Without rows it is the sentence `none` where one is given; "" is nothing."""
    lines = [[shown(cell) for cell in row] for row in rows]
    if not lines and none is not None:
        if none:
            say(none)
        return
    made = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for place, column in enumerate(columns):
        numbers = bool(lines) and all(line[place].replace(",", "").replace("–", "0").isdigit() for line in lines)
        made.add_column(column, justify="right" if numbers else "left", overflow="fold")
    for line in lines:
        made.add_row(*(as_it_is(cell) for cell in line))
    OUT.print(made)


def tell(document: Any, sentence: str, *, json: bool) -> None:
    """The document for programs, the sentence for people."""
    if json:
        put_json(document)
    else:
        say(sentence)


def as_it_is(cell: str) -> Any:
    """Text of systems may hold square brackets, which are no markup."""
    from rich.text import Text

    return Text(cell)


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
