"""A process of its own that writes to a ledger and says on standard output what was acknowledged: `scribe.py URL NAME COUNT [bulk]`.

Every job puts one item into three tables and appends to the audit chain, so that half a job would show.
"""

import asyncio
import sys
from datetime import UTC, datetime

from sqlalchemy import Connection

from lockgate.ledger import Ledger, audit, deliveries, inbox
from lockgate.ledger.audit import Entry
from lockgate.ledger.deliveries import Delivery
from lockgate.ledger.inbox import Hint
from lockgate.model.plan import Outcome

AT_ONCE = 8
BULK_ROWS = 2_000


def record(c: Connection, keys: list[str]) -> None:
    now = datetime.now(UTC)
    inbox.hint(c, [Hint(flow="f", key=key) for key in keys], at=now)
    n = audit.append(c, now, "f", "", [Entry("create", key) for key in keys])
    rows = [Delivery(flow="f", key=key, outcome=Outcome.WRITTEN, at=now, since=now, audit_n=n) for key in keys]
    deliveries.put(c, rows)


async def write(ledger: Ledger, name: str, count: int, *, bulk: bool) -> None:
    numbers = iter(range(count))

    async def draw() -> None:
        for number in numbers:
            keys = [f"{name}-{number:06}-{row:04}" for row in range(BULK_ROWS if bulk else 1)]
            await ledger.write(lambda c, keys=keys: record(c, keys), bulk=bulk)  # type: ignore[misc]  # bound at once
            print(keys[0], flush=True)  # noqa: T201 - what the parent reads

    await asyncio.gather(*(draw() for _ in range(1 if bulk else AT_ONCE)))


async def main(url: str, name: str, count: str, *kind: str) -> None:
    async with await Ledger.open(url) as ledger:
        await write(ledger, name, int(count), bulk="bulk" in kind)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
