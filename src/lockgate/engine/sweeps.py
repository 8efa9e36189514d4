"""When a flow is swept: everything looked at and its target asked, so that no lost event outlives a day."""

from datetime import datetime

from sqlalchemy import Connection

from lockgate.engine.bound import Bound
from lockgate.ledger import cursors, runs
from lockgate.ledger.runs import Run

SWEEP = "sweep"
"""Name of the cursor that keeps when a flow was last swept."""


def begin_due(c: Connection, bound: Bound, run: Run) -> bool:
    """Record this sweep of the flow if one is due: once, whichever process asks first, and never beside an unfinished one.

    A flow that was never swept begins its count now.
    """
    every, name = bound.flow.watch.sweep, bound.flow.name
    if every is None:
        return False
    last = cursors.get(c, name, SWEEP)
    if last is None:
        cursors.put(c, name, SWEEP, run.started.isoformat())
        return False
    if run.started - datetime.fromisoformat(last) < every or unfinished(c, name):
        return False
    if not cursors.move(c, name, SWEEP, last, run.started.isoformat()):
        return False
    runs.create(c, run)
    return True


def unfinished(c: Connection, flow: str) -> bool:
    return any(runs.page(c, flow=flow, kind="sweep", state=state, limit=1).rows for state in ("queued", "running"))
