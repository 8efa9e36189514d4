"""What goes wrong with one item stays with that item; what concerns a whole system goes up.

`NeedsOperator` and `Transient` of a call for many items, and everything of the ledger, are no item's fault. All else is
traced to the items that cause it: a refusal parks them, a defect of ours fails them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from lockgate.engine.look import Look
from lockgate.kit.contract import Receipt
from lockgate.kit.errors import ConnectorError, NeedsOperator, Transient
from lockgate.kit.telling import tell
from lockgate.ledger import LedgerError
from lockgate.model.plan import Outcome

log = structlog.get_logger("lockgate.engine")

Step = Callable[[Sequence[Look]], Awaitable[None]]
Call = Callable[[Sequence[Look]], Awaitable[list[Receipt | ConnectorError]]]


def blame(look: Look, error: Exception) -> None:
    """Settle an item by what was raised about it."""
    if isinstance(error, ConnectorError):
        look.fail(error)
        return
    tell(log.error, "an item failed by a defect", key=look.key, exc_info=error)
    look.settle(Outcome.FAILED, "defect", defect(error))


def defect(error: Exception) -> str:
    return f"Lockgate failed on this item: {type(error).__name__}: {error}"


async def alone(looks: Sequence[Look], step: Step) -> None:
    """Do a step that reads for all; where it fails by the fault of single items, for each alone, and blame only those."""
    if not looks:
        return
    try:
        await step(looks)
    except (NeedsOperator, Transient, LedgerError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop the other items
        if len(looks) == 1:
            blame(looks[0], error)
            return
        for look in looks:
            await alone([look], step)


async def minding(look: Look, work: Awaitable[None]) -> None:
    """Do a piece of work that concerns one item alone."""
    try:
        await work
    except (NeedsOperator, LedgerError):
        raise
    except Exception as error:  # noqa: BLE001 - it must not stop the other items
        blame(look, error)


async def together(*work: Awaitable[None]) -> None:
    """Run all to their end, then raise the first error: nothing goes on unwatched behind a failed page."""
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


async def answered(looks: Sequence[Look], call: Call) -> list[tuple[Look, Receipt | ConnectorError]]:
    """Call a target for many copies and pair its answers with them.

    That the call as a whole failed is every copy's answer; a defect is traced to the copies that cause it.
    """
    if not looks:
        return []
    try:
        return list(zip(looks, await call(looks), strict=True))
    except (NeedsOperator, LedgerError):
        raise
    except ConnectorError as error:
        return [(look, error) for look in looks]
    except Exception as error:  # noqa: BLE001 - it must not stop the other items
        if len(looks) == 1:
            blame(looks[0], error)
            return []
        return [pair for look in looks for pair in await answered([look], call)]
