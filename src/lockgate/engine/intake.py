"""Hints of webhooks on their way into the inbox: what arrives during a commit shares the next one. No timer, no waiting for more."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import msgspec
from sqlalchemy import Connection

from lockgate.failpoints import passed
from lockgate.ledger import Ledger, LedgerError, inbox
from lockgate.ledger.inbox import Hint, InboxRow

Waiting = tuple[Sequence[Hint], asyncio.Future[None]]


class Stored(msgspec.Struct, frozen=True):
    """What a commit put into the inbox: rows with ids above `after`, up to `last`."""

    after: int
    last: int
    rows: list[InboxRow]


class Intake:
    """`put` answers once the hints are committed. `tell` is told after each commit what it stored.

    Where several processes take in, it is only told that there is something.
    """

    def __init__(self, ledger: Ledger, tell: Callable[[Stored | None], None]) -> None:
        self.ledger, self.tell = ledger, tell
        self._waiting: list[Waiting] = []
        self._flushing: asyncio.Task[None] | None = None

    async def put(self, hints: Sequence[Hint]) -> None:
        """Store the hints. Raises what the ledger raised for them; then nothing is stored."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((hints, stored))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush(), name="intake")
        await stored

    async def _flush(self) -> None:
        """Commit all that waits, until nothing does."""
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                await self._store(group)
        finally:
            self._flushing = None

    async def _store(self, group: Sequence[Waiting]) -> None:
        try:
            stored = await self.ledger.write(partial(hinted, group=group, sole=self.ledger.sqlite))
        except Exception as error:  # noqa: BLE001 - whoever waits hears of it
            if len(group) == 1 or isinstance(error, LedgerError):
                settle(group, error)
                return
            for one in group:  # something is wrong with one of them: it alone must be refused
                await self._store([one])
        else:
            passed("hook.stored")
            settle(group, None)
            self.tell(stored)


def hinted(c: Connection, group: Sequence[Waiting], *, sole: bool) -> Stored | None:
    after = inbox.last_id(c) if sole else 0
    inbox.hint(c, [hint for hints, _ in group for hint in hints])
    return Stored(after, inbox.last_id(c), inbox.since(c, after)) if sole else None


def settle(group: Sequence[Waiting], error: Exception | None) -> None:
    for _, stored in group:
        if stored.done():  # whoever waited has gone
            continue
        if error is None:
            stored.set_result(None)
        else:
            stored.set_exception(error)
