"""Keeps parts of the engine going: a part that fails is logged and goes on after a pause; only cancelling ends it."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import DBAPIError

from lockgate.kit.errors import ConnectorError
from lockgate.kit.telling import tell
from lockgate.ledger import LedgerError

log = structlog.get_logger("lockgate.engine")

LONGEST = 900.0
"""Seconds: the longest pause after failures. Whoever put things right need not wait longer."""
AGAIN = 1.0
"""Seconds until a part that failed begins anew, doubling up to a minute."""

PASSING = (ConnectorError, LedgerError, DBAPIError)
"""What ends by itself or by a person: a system or the database that does not answer. All else is a defect of ours."""

Work = Callable[[], Awaitable[None]]


async def forever(pace: float, work: Work, what: str) -> None:
    """Do the work, wait, again; what fails is tried again with growing pauses, and told once until it works again."""
    faults = 0
    while True:
        try:
            await work()
            faults = 0
        except Exception as error:  # noqa: BLE001 - one failure must not end it for good
            faults += 1
            told(what, error, faults)
        await asyncio.sleep(pace if not faults else max(pace, min(pace * 2 ** min(faults, 10), LONGEST)))


async def kept(work: Work, what: str) -> None:
    """Run what never ends by itself; should it fail, begin it anew."""
    faults = 0
    while True:
        try:
            return await work()
        except Exception as error:  # noqa: BLE001 - the engine must not lose a part
            faults += 1
            told(what, error, faults)
        await asyncio.sleep(min(AGAIN * 2 ** min(faults, 6), 60.0))


def told(what: str, error: Exception, faults: int) -> None:
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    if isinstance(error, PASSING):
        say = log.warning if faults == 1 else log.debug
        tell(
            say, "did not work, tried again later", what=what, why=getattr(error, "sentence", str(error)), times=faults
        )
    else:
        tell(log.error, "failed by a defect, tried again later", what=what, times=faults, exc_info=error)
