"""The jobs that are measured, by name. Each is one round; `python -m bench` repeats it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bench.figures import Parts
from bench.jobs.events import events
from bench.jobs.sync import sync
from bench.place import Place


@dataclass(frozen=True)
class Job:
    """A job, what it needs and where it is worth repeating."""

    title: str
    round: Callable[[Place], Coroutine[Any, Any, Parts]]
    rig: bool = False
    """Needs the rig."""
    sized: bool = False
    """Is run for each size."""
    databases: tuple[str, ...] = ("sqlite",)


BOTH = ("sqlite", "postgresql")
JOBS = {
    "events": Job("Event → target: webhook committed, 5 gates, 24 fields, one POST", events, rig=True, databases=BOTH),
    "sync": Job("Full sync of records", sync, rig=True, sized=True, databases=BOTH),
}
