"""What changed since a cursor. `changedSince` takes a day and gives likelihoods, so what comes is compared with what was handed out.

A poll asks for everything since the cursor's day, less a day or so of overlap, reads it whole, and reports what differs from
what the same cursor has seen. That is remembered in memory, by cursor: several flows may poll with cursors of their own, and a
restart reports the last days once more, which does no harm. Deletions are not announced: they show in a full index.
"""

import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator
from datetime import date, timedelta

import msgspec

from lockgate.connectors.consonance.reading import Reader
from lockgate.kit.contract import Page
from lockgate.kit.errors import Rejected
from lockgate.kit.services import Clock
from lockgate.model.event import Event, changed
from lockgate.model.item import Item

PAGE = 200
MOST_REMEMBERED = 500_000
"""Items remembered over all polls."""
Seen = dict[str, str]
"""Revisions handed out, by item."""


class Cursor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    day: date
    """The day, in UTC, on which the last poll began."""
    poll: str = ""
    """Which poll's memory holds what was handed out."""

    def text(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def read(cls, text: str) -> "Cursor":
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError as problem:
            raise Rejected(
                "This is no cursor of a Consonance connection; start the watch anew.", code="cursor"
            ) from problem


class Memory:
    """What the last polls handed out, by kind and poll; the oldest are forgotten when it grows too large."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._polls: OrderedDict[str, Seen] = OrderedDict()

    def keep(self, seen: Seen) -> str:
        name = secrets.token_hex(6)
        self._polls[name] = seen
        while len(self._polls) > 1 and sum(map(len, self._polls.values())) > self._most:
            self._polls.popitem(last=False)
        return name

    def of(self, poll: str) -> Seen:
        return self._polls.get(poll, {})


class Watch:
    """Polls of one connection."""

    def __init__(self, reader: Reader, clock: Clock, overlap_days: int) -> None:
        self._reader = reader
        self._clock = clock
        self._overlap = timedelta(days=overlap_days)
        self._memory = Memory()

    async def start(self, kind: str) -> Page[Event]:
        """No events, and the cursor of this moment: what the last days brought is known already."""
        today = self._clock().date()
        seen = {one.id: one.revision async for items in self._since(kind, today) for one in items}
        return Page([], Cursor(day=today, poll=self._memory.keep(seen)).text())

    async def poll(self, kind: str, after: Cursor) -> AsyncIterator[Page[Event]]:
        """Items that changed since the cursor, as far as we can tell; at least one page, whose cursor goes on."""
        today, known = self._clock().date(), self._memory.of(after.poll)
        seen: Seen = {}
        fresh: list[Event] = []
        async for items in self._since(kind, after.day):
            seen |= {one.id: one.revision for one in items}
            fresh += [changed(kind, one.id) for one in items if known.get(one.id) != one.revision]
            while len(fresh) > PAGE:
                yield Page(fresh[:PAGE], after.text())
                fresh = fresh[PAGE:]
        yield Page(fresh, Cursor(day=today, poll=self._memory.keep(seen)).text())

    async def _since(self, kind: str, day: date) -> AsyncIterator[list[Item]]:
        async for items in self._reader.changed(kind, day - self._overlap):
            yield items
