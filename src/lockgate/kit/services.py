"""What a connector is handed from outside: its name, the clock, limits, the egress rule, the spool and the log."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import structlog

from lockgate.kit.egress import Egress
from lockgate.kit.keeping import InMemory, Keep
from lockgate.kit.limits import Limits, Patience

Clock = Callable[[], datetime]
"""Answers the present instant, aware, in UTC."""


CLOCK = "LOCKGATE_CLOCK_FILE"
"""Set only by tests of what a wrong clock does: names a file that holds the seconds by which this process's clock is wrong."""


@cache
def wrong_by() -> Path | None:
    told = os.environ.get(CLOCK)
    return Path(told) if told else None


def system_clock() -> datetime:
    now, wrong = datetime.now(UTC), wrong_by()
    return now if wrong is None else now + timedelta(seconds=float(wrong.read_text()))


class Services(msgspec.Struct, frozen=True, kw_only=True):
    connection: str
    """Name of the connection: `Item.system` of all it reads."""
    egress: Egress
    limits: Limits
    patience: Patience = Patience()
    """Time limits and short repeats of calls."""
    spool: Path
    """Folder for files that must be kept between reading and writing; emptied by its owner."""
    clock: Clock = system_clock
    hook_secret: str = ""
    """Shared secret of incoming webhooks, when the connection has one."""
    keep: Keep = msgspec.field(default_factory=InMemory)
    """What the connector renews by itself and must not lose."""
    log: Any = msgspec.field(default_factory=lambda: structlog.get_logger("lockgate.connector"))
