"""What the live lane knows of the inbox: rows read and not begun, and where to read on.

In one process (SQLite) ids commit in the order in which they are given, so each row is read once, behind the last one of its
lane, or not at all: what webhooks bring is handed over after its commit. Rows that were held back, and those of pages that
broke off, stand before that; they are found by their instant, or by reading all anew. Where several processes work (PostgreSQL)
every reading begins at the beginning.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec
from sqlalchemy import Connection

from lockgate.engine.intake import Stored
from lockgate.ledger import Ledger, inbox
from lockgate.ledger.inbox import LANES, VERIFY, InboxRow, Lane
from lockgate.ledger.sql import is_sqlite

ROOM = 2_000
"""As long as so many rows of a lane wait, no further ones are read."""
SHARED_ROOM = 500
"""The same where others work them too: most of what waits here will be worked there."""
ELSEWHERE = 0.25
"""Seconds for which rows are left alone that another process works."""

Pair = tuple[str, str]
"""Flow and key."""


class Ahead:
    """Rows that may be begun, most urgent first; of two hints for an item only the newer one."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._rows: dict[Lane, dict[Pair, InboxRow]] = {lane: {} for lane in LANES}
        self._after = dict.fromkeys(LANES, 0)
        self._seen = -1
        """All ids up to this one were read or handed over; -1 when that is not known."""
        self._cut = False
        self._flows: tuple[str, ...] = ()
        self._known: set[int] = set()
        """Ids of what waits here and of what was begun."""
        self._ended: set[int] = set()
        """Ids of what ended since the last reading began: it may have read them still."""
        self._elsewhere: dict[int, float] = {}
        """Ids of rows that another process works, until when they are left alone (monotonic)."""

    def read_anew(self) -> None:
        """Rows that are known no longer may be in the inbox: begin at the beginning next time."""
        self._after = dict.fromkeys(LANES, 0)
        self._seen = -1

    @property
    def short(self) -> bool:
        """Whether there is more in the inbox than is known, and room for it again."""
        return self._cut and all(len(rows) < ROOM // 2 for rows in self._rows.values())

    def offer(self, stored: Stored) -> bool:
        """Take over what was just stored; False where it has to be read, because something before it was not, or for want of room."""
        if self._seen != stored.after or any(len(rows) >= ROOM for rows in self._rows.values()):
            self._seen = -1
            return False
        for row in stored.rows:
            if row.flow in self._flows:
                self._put(row)
        self._seen = stored.last
        self._after = dict.fromkeys(LANES, stored.last)
        return True

    async def read(self, flows: Sequence[str], now: datetime) -> None:
        """Read on for these flows; what waits for others is forgotten until they are among them again. Raises LedgerError."""
        if tuple(flows) != self._flows:
            self._forget_all()
            self._flows = tuple(flows)
        room = ROOM if self.ledger.sqlite else SHARED_ROOM
        after = {lane: at for lane, at in self._after.items() if len(self._rows[lane]) < room}
        self._ended.clear()
        self._elsewhere = {id: until for id, until in self._elsewhere.items() if until > time.monotonic()}
        left = self._known | self._elsewhere.keys()
        job = partial(unread, after=after, limit=room + len(left), now=now, flows=self._flows)
        found = await self.ledger.read(job)
        for row in found.rows:
            if self.ledger.sqlite and row.lane in after:
                self._after[row.lane] = max(self._after[row.lane], row.id)
            if row.id not in left and row.id not in self._ended:
                self._put(row)
        self._cut = found.cut or len(after) < len(LANES)
        self._seen = -1 if self._cut else max(self._seen, found.last)

    def _forget_all(self) -> None:
        for rows in self._rows.values():
            self._known -= {row.id for row in rows.values()}
            rows.clear()
        self.read_anew()

    def _put(self, row: InboxRow) -> None:
        if row.id in self._known:  # read twice: behind the last one, and as one that was held back
            return
        pair = (row.flow, row.key)
        for rows in self._rows.values():
            if (older := rows.pop(pair, None)) is not None:
                self._known.discard(older.id)
        self._rows[row.lane][pair] = row
        self._known.add(row.id)

    def page(
        self,
        free: Callable[[InboxRow], bool],
        size: Callable[[InboxRow], int],
        worth: Callable[[Sequence[InboxRow]], bool],
        lanes: Iterable[Lane] = LANES,
    ) -> list[InboxRow]:
        """Take the most urgent free rows: of one flow and lane, so that nothing urgent waits for the rest, the target asked for
        all or none of them, not more than the size of a page for the first one, and only where that is worth a page. They count
        as begun until `end`.
        """
        for lane in lanes:
            rows = self._rows[lane]
            first = next((row for row in rows.values() if free(row)), None)
            if first is not None:
                taken = page_of(first, rows, free, size(first))
                if not worth(taken):
                    continue
                for row in taken:
                    del rows[row.flow, row.key]
                return taken
        return []

    def end(self, rows: Iterable[InboxRow]) -> None:
        """These were worked, or are left in the inbox."""
        ids = {row.id for row in rows}
        self._known -= ids
        self._ended |= ids

    def leave(self, rows: Iterable[InboxRow]) -> None:
        """Another process works these, or has worked them: pass over them for a moment."""
        until = time.monotonic() + ELSEWHERE
        self._elsewhere.update((row.id, until) for row in rows)


def page_of(
    first: InboxRow, rows: Mapping[Pair, InboxRow], free: Callable[[InboxRow], bool], size: int
) -> list[InboxRow]:
    taken: list[InboxRow] = []
    for row in rows.values():
        if row.flow == first.flow and (row.reason == VERIFY) == (first.reason == VERIFY) and free(row):
            taken.append(row)
            if len(taken) >= size:
                break
    return taken


class Unread(msgspec.Struct, frozen=True):
    """What a reading found. `cut` says that there was more; `last` is the highest id at that time, where one process counts."""

    rows: list[InboxRow]
    cut: bool
    last: int


def unread(c: Connection, after: Mapping[Lane, int], limit: int, now: datetime, flows: Sequence[str]) -> Unread:
    """What is ready behind these ids, and what was held back until now, wherever it stands."""
    parts = [inbox.take(c, lanes=(lane,), after=at, limit=limit, now=now, flows=flows) for lane, at in after.items()]
    parts.append(inbox.held_back(c, limit=limit, now=now, flows=flows))
    cut = any(len(rows) >= limit or inbox.heavy(rows) for rows in parts)
    return Unread([row for rows in parts for row in rows], cut, inbox.last_id(c) if is_sqlite(c) else 0)
