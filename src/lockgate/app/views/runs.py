"""Runs as people see them: state, account, how far and how fast."""

from datetime import datetime
from functools import partial
from typing import Any

from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views.shape import AccountView, Listing, View, account, paged
from lockgate.ledger import runs as ledger
from lockgate.ledger.runs import Run, State

ASKED = ("verify", "confirmed", "plan")
"""What of a run's parameters a person said; the rest is how the engine remembers."""


class RunView(View):
    """One run of a flow over many items."""

    id: str
    flow: str
    kind: str
    """`full` what changed, `sweep` everything and the target asked, `plan` nothing is written, `apply` a plan carried out."""
    state: State
    started: datetime
    finished: datetime | None = None
    account: AccountView
    total: int | None = None
    """How many items it expects, when the source says."""
    done: float | None = None
    """Share of the items that are done, 0 to 1; null when the total is not known."""
    seconds: float
    """How long it took, or has taken so far."""
    items_per_second: float
    bytes_per_second: float
    seconds_left: float | None = None
    """At the present pace; null when that cannot be told, and once it has ended."""
    note: str = ""
    """Why it failed, or what it asks for and how to go on."""
    asks: int | None = None
    """How many withdrawals a person must agree to before it goes on: give them as `confirmed` to another run."""
    params: dict[str, Any]
    """How it was asked for: `verify`, `confirmed`, `plan`."""


def run_view(row: Run, now: datetime) -> RunView:
    seconds = max(((row.finished or now) - row.started).total_seconds(), 0.0)
    read, pace = row.account.read, row.account.read / seconds if seconds else 0.0
    left = (row.total - read) / pace if row.total is not None and pace and row.finished is None else None
    return RunView(
        id=row.id,
        flow=row.flow,
        kind=row.kind,
        state=row.state,
        started=row.started,
        finished=row.finished,
        account=account(row.account),
        total=row.total,
        done=share(row),
        seconds=round(seconds, 3),
        items_per_second=round(pace, 1),
        bytes_per_second=round(row.account.bytes / seconds, 1) if seconds else 0.0,
        seconds_left=None if left is None else round(max(left, 0.0), 1),
        note=row.note,
        asks=row.params.get("asks") if row.state == "waiting" else None,
        params={name: row.params[name] for name in ASKED if name in row.params},
    )


def share(row: Run) -> float | None:
    if row.state == "done":
        return 1.0
    return min(1.0, row.account.read / row.total) if row.total else None


async def run(app: Lockgate, id: str) -> RunView:
    """Raises Refused when there is none of this id."""
    return run_view(await run_row(app, id), app.clock())


async def run_row(app: Lockgate, id: str) -> Run:
    row = await app.ledger.read(lambda c: ledger.get(c, id))
    if row is None:
        raise Refused(f"there is no run {id!r}", missing=True)
    return row


async def runs(
    app: Lockgate,
    *,
    flow: str | None = None,
    state: State | None = None,
    kind: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Listing[RunView]:
    """Runs, the newest first."""
    now = app.clock()
    read = partial(ledger.page, flow=flow, state=state, kind=kind, after=after, limit=limit)
    return await paged(app, read, lambda row: run_view(row, now))
