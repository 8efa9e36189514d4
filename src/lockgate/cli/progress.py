"""Progress bars of runs, and a line for each thing that happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from lockgate.app.lockgate import Lockgate
from lockgate.cli.output import size
from lockgate.engine.bound import Bound
from lockgate.engine.look import Look
from lockgate.engine.reconcile import Page
from lockgate.ledger import runs
from lockgate.model.item import pick
from lockgate.model.plan import Action, Outcome

MARKS = {
    Outcome.WRITTEN: "[green]✓ delivered[/]",
    Outcome.BLOCKED: "[yellow]▪ blocked[/]",
    Outcome.PARKED: "[magenta]⏸ parked[/]",
    Outcome.FAILED: "[bold red]✗ failed[/]",
}


class Rates(ProgressColumn):
    """Items and bytes a second."""

    def render(self, task: Task) -> Text:
        elapsed = task.elapsed or 0.001
        items, sent = task.completed / elapsed, task.fields.get("bytes", 0) / elapsed
        return Text(f"{items:,.0f} items/s  {size(sent)}/s", style="cyan")


class Follow:
    """Shows a run while the block runs."""

    def __init__(self, console: Console, app: Lockgate, run: str, *, quiet: bool = False) -> None:
        self.app, self.run = app, run
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            Rates(),
            TimeRemainingColumn(),
            console=console,
            disable=quiet or not console.is_terminal,
        )
        self.task = self.progress.add_task("carrying", total=None, bytes=0)

    async def __aenter__(self) -> Self:
        self.progress.start()
        self._stop = self.app.working.listen(self._told)
        row = await self.app.ledger.read(lambda c: runs.get(c, self.run))
        self.progress.update(self.task, total=row.total if row else None)
        return self

    def _told(self, bound: Bound, page: Page) -> None:
        sent = self.progress.tasks[self.task].fields["bytes"] + page.account.bytes
        self.progress.update(self.task, advance=page.account.read, bytes=sent, total=bound_total(self.app, bound))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        self.progress.stop()


def bound_total(app: Lockgate, bound: Bound) -> int | None:
    """How many items the source last said it has."""
    return app.working.runner.totals.get(bound.flow.name)


@contextmanager
def live_lines(console: Console, app: Lockgate) -> Iterator[None]:
    """A line for each item that something happened to."""

    def told(_: Bound, page: Page) -> None:
        for look in page.looks:
            if look.outcome is not Outcome.UNCHANGED:
                console.print(line(look), soft_wrap=True)

    stop = app.working.listen(told)
    try:
        yield
    finally:
        stop()


def line(look: Look) -> str:
    title = (pick(look.item.title) if look.item else None) or (look.before.title if look.before else "") or look.key
    return f"[dim]{datetime.now(UTC):%H:%M:%S}[/] {mark(look)}  {title} [dim]({look.key})[/]  {what(look)}"


def mark(look: Look) -> str:
    if look.withdrawn:
        return "[red]⨯ withdrawn[/]"
    return MARKS.get(look.outcome or Outcome.FAILED, "")


WORDS: dict[Action, str] = {
    Action.CREATE: "new",
    Action.REPLACE_FILE: "file replaced",
    Action.UPDATE: "fields updated",
    Action.LINK: "linked",
    Action.UNLINK: "unlinked",
    Action.SHOW: "visible again",
}


def what(look: Look) -> Any:
    if look.outcome is not Outcome.WRITTEN:
        return look.reason
    return ", ".join(word for action, word in WORDS.items() if action in look.actions)
