"""Points at which a process may be told to die, so that a test can crash it exactly after each durable step.

`LOCKGATE_FAIL_POINT=page.recorded:2` ends the process by SIGKILL when it comes past that point for the second time, as
a power cut would: nothing is flushed, closed or said. Without the variable a point is a call that does nothing.
"""

import os
import signal
from functools import cache

VARIABLE = "LOCKGATE_FAIL_POINT"

POINTS = {
    "hook.stored": "hints of a webhook are committed, 202 is not answered yet",
    "poll.stored": "hints of a poll are committed with its cursor",
    "timer.stored": "hints of items whose instant has come are committed",
    "order.stored": "a person's word (recall, retry, look again) is committed, not answered yet",
    "run.created": "a run is in the ledger, the durable engine does not know it yet",
    "run.begun": "the durable engine has a run that was asked for, whoever asked does not know it yet",
    "start.launched": "the durable engine is open and takes up the runs it finds; nothing else works yet",
    "intent.stored": "it is noted what is about to be written, nothing is written yet",
    "copy.written": "the target has confirmed a copy with its file; others of its page are under way",
    "fields.written": "the target has confirmed changed fields",
    "copy.shown": "the target has confirmed that copies are visible again",
    "copy.linked": "the target has confirmed links",
    "withdraw.sent": "a copy is told to be hidden, and was not read back yet",
    "copy.withdrawn": "a copy was read back hidden, its links still stand",
    "page.written": "everything of a page is at the target, nothing of it is recorded",
    "page.recorded": "a page is recorded: its outcomes, audit, account, and that its hints are done",
    "page.passed": "items of a run that need no look are counted",
    "plan.drawn": "a page of a plan is in the ledger",
    "counterpart.settled": "those who wait for a changed counterpart are hinted",
    "step.done": "a page of a run is done, and its step is not in the journal yet",
    "step.stored": "the step is in the journal, the next one has not begun",
    "vanished.hinted": "items that the source no longer lists are hinted, the rest of the ledger was not compared yet",
    "run.ended": "the end of a run is in the ledger and not in the journal yet",
}
"""Every point there is, with what is true there."""


class Armed:
    """The point to die at, and how often it is still to be passed alive."""

    def __init__(self, order: str) -> None:
        self.name, _, nth = order.partition(":")
        self.left = int(nth or 1)
        if self.name not in POINTS:
            raise SystemExit(f"{VARIABLE}: there is no point {self.name!r}; there are {', '.join(POINTS)}")


@cache
def armed() -> Armed | None:
    """What the variable asks for; read once, when the process has begun its work."""
    order = os.environ.get(VARIABLE)
    return Armed(order) if order else None


def passed(name: str) -> None:
    """Die here if that was asked for."""
    point = armed()
    if point is None or point.name != name:
        return
    point.left -= 1
    if point.left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
