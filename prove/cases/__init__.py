"""The special cases of the crash proof, one file each: what no random kill comes by."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from prove.cases.clock import clock
from prove.cases.database import database
from prove.cases.disk import disk
from prove.cases.frozen import frozen
from prove.cases.points import points
from prove.cases.standing import Result
from prove.cases.start import start

Case = Callable[[Path, int], Awaitable[Result]]
"""Plays one case in a folder of its own, by a seed."""

CASES: dict[str, Case] = {
    "points": points,
    "database": database,
    "disk": disk,
    "frozen": frozen,
    "clock": clock,
    "start": start,
}
