"""The special cases of the crash proof, one file each: what no random kill comes by."""

from collections.abc import Awaitable
from pathlib import Path
from typing import Protocol

from prove.cases.clock import clock
from prove.cases.database import database
from prove.cases.disk import disk
from prove.cases.frozen import frozen
from prove.cases.points import points
from prove.cases.standing import Result
from prove.cases.start import start
from prove.processes import Launch


class Case(Protocol):
    """Plays one case in a folder of its own, by a seed."""

    def __call__(self, folder: Path, seed: int, *, launch: Launch) -> Awaitable[Result]: ...


CASES: dict[str, Case] = {
    "points": points,
    "database": database,
    "disk": disk,
    "frozen": frozen,
    "clock": clock,
    "start": start,
}
