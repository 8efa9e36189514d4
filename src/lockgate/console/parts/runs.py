"""Runs in words: what kind, how far, how fast, what came of them."""

from markupsafe import Markup

from lockgate.app.views import RunView
from lockgate.console.parts.charts import progress
from lockgate.console.parts.markup import badge, number, size, state_badge

KINDS = {
    "full": "What changed",
    "sweep": "Everything, and the target is asked",
    "plan": "Plan: nothing is written",
    "apply": "A plan carried out",
}
"""A run's kind for people."""
UNDER_WAY = frozenset({"queued", "running"})


def kind_words(kind: str) -> str:
    return KINDS.get(kind, kind)


def run_badge(run: RunView) -> Markup:
    """Its state; a run that asks waits for the reader."""
    return badge("asks you", "warn") if run.state == "waiting" else state_badge(run.state)


def pace(run: RunView) -> str:
    """`120 items/s · 3.2 MB/s`; empty where nothing was done yet."""
    if not run.account.read:
        return ""
    carried = f" · {size(run.bytes_per_second)}/s" if run.bytes_per_second >= 1 else ""
    return f"{run.items_per_second:,.0f} items/s{carried}"


def how_far(run: RunView) -> str:
    """`1,200 of 4,000 items, 40 s left`."""
    of = f" of {number(run.total)}" if run.total is not None else ""
    left = f", {duration(run.seconds_left)} left" if run.seconds_left is not None else ""
    return f"{number(run.account.read)}{of} items{left}"


def run_progress(run: RunView) -> Markup:
    return progress(run.done, f"Progress of run {run.id}: {how_far(run)}")


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
