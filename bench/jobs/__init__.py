"""The jobs that are measured, by name. Each is one round; `python -m bench` repeats it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bench.figures import Parts
from bench.jobs.celum import celum
from bench.jobs.events import events
from bench.jobs.expiry import expiry
from bench.jobs.files import files
from bench.jobs.hooks import hooks
from bench.jobs.idle import idle
from bench.jobs.onix import onix
from bench.jobs.rest import rest, rest_events
from bench.jobs.stores import stores
from bench.jobs.sync import sync
from bench.place import Place


@dataclass(frozen=True)
class Job:
    """A job, what it needs and where it is worth repeating."""

    title: str
    round: Callable[[Place], Coroutine[Any, Any, Parts]]
    rig: bool = False
    """Needs the rig."""
    servers: bool = False
    """Needs real servers; those that are not installed are told as not run."""
    sizes: tuple[int, ...] = (0,)
    """How many records or assets; 0 where that is not what it depends on."""
    long: tuple[int, ...] = ()
    """Further sizes that take long."""
    databases: tuple[str, ...] = ("sqlite",)


BOTH = ("sqlite", "postgresql")
JOBS = {
    "events": Job("Event → target: webhook committed, 5 gates, 24 fields, one POST", events, rig=True, databases=BOTH),
    "hooks": Job("Webhooks acknowledged after their commit", hooks, rig=True, databases=BOTH),
    "sync": Job("Full sync of records", sync, rig=True, sizes=(1_000, 100_000), long=(1_000_000,), databases=BOTH),
    "rest": Job("Full sync by definition and by code", rest, rig=True, sizes=(100_000,), long=(1_000_000,)),
    "rest-events": Job("Event → target by definition and by code", rest_events, rig=True),
    "celum": Job("CELUM → 4ALLPORTAL, sandboxes", celum, sizes=(1_000,), long=(10_000,)),
    "expiry": Job("Expiry of many assets at one instant", expiry, sizes=(1_600,)),
    "idle": Job("`lockgate up` with nothing to do", idle, sizes=(200,)),
    "onix": Job("ONIX messages, in products", onix, sizes=(5_000,), long=(110_000,)),
    "files": Job("One big file with SHA-256 on its way", files, rig=True),
    "stores": Job("One file into SFTP, WebDAV and S3 and out again", stores, servers=True),
}
