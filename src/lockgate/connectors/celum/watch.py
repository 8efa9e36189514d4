"""Which assets changed since a cursor, from searches by date.

CELUM has no change feed. A poll searches for everything modified, created or versioned since the newest change known,
going back a little further (`overlap_seconds`) because a change may become visible later than one made after it. Assets
are gathered by id, which no writing meanwhile can shift, and handed out oldest first.

Looking back finds the same assets again: those handed out already are remembered in memory, by cursor. After a restart
they are reported once more, which does no harm. Once nothing new came for longer than the overlap, no look back is needed.
"""

import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from lockgate.connectors.celum.mapping import asset_id, changed_at, revision, versioned_at
from lockgate.connectors.celum.mapping.collection import collection_revision
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.contract import Page
from lockgate.kit.errors import Rejected
from lockgate.kit.services import Clock
from lockgate.model.event import Event, changed

PAGE = 200
MOST_REMEMBERED = 500_000
"""Assets remembered over all polls: some 100 MB at the worst, right after a bulk change of that many."""


class Cursor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a poll stands."""

    mark: datetime
    """The newest change known, by CELUM's clock."""
    reached: datetime
    """When we first saw it, by ours."""
    poll: str = ""
    """Which poll's memory holds what was handed out …"""
    count: int = 0
    """… and how much of it had been by then."""

    def text(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def read(cls, text: str) -> "Cursor":
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError as problem:
            raise Rejected("This is no cursor of a CELUM connection; start the watch anew.", code="cursor") from problem


class Seen(msgspec.Struct, frozen=True):
    """An asset as a search by date found it."""

    id: str
    at: datetime
    revision: str


Handed = dict[str, tuple[str, int]]
"""By asset: the revision handed out, and its place in the order of handing out."""


class Memory:
    """What the last polls handed out. The oldest polls are forgotten when it grows too large."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._polls: OrderedDict[str, Handed] = OrderedDict()

    def begin(self, known: Iterable[Seen]) -> tuple[str, Handed]:
        """A new poll that counts these as handed out already."""
        name = secrets.token_hex(6)
        handed: Handed = {}
        self.add(handed, known)
        self._polls[name] = handed
        while len(self._polls) > 1 and sum(map(len, self._polls.values())) > self._most:
            self._polls.popitem(last=False)
        return name, handed

    @staticmethod
    def add(handed: Handed, more: Iterable[Seen]) -> None:
        for one in more:
            handed[one.id] = (one.revision, len(handed))

    def knows(self, cursor: Cursor, one: Seen) -> bool:
        """Whether this state of the asset had been handed out when the cursor was."""
        known, place = self._polls.get(cursor.poll, {}).get(one.id, ("", 0))
        return known == one.revision and place < cursor.count


class Dated(Protocol):
    """What can be searched by date."""

    @property
    def quirks(self) -> Quirks: ...

    def touched(self, since: datetime, *, entity: str) -> AsyncIterator[list[dict[str, Any]]]: ...

    async def newest(self, *, entity: str) -> datetime | None: ...


class Watch:
    """Polls of one connection. Several flows may poll with cursors of their own."""

    def __init__(self, client: Dated, clock: Clock, kind: str = "asset") -> None:
        self._client, self._kind = client, kind
        self._clock = clock
        self._overlap = timedelta(seconds=client.quirks.overlap_seconds)
        self._memory = Memory()

    async def start(self) -> Page[Event]:
        """No events, and the cursor of this moment: the newest change at the server, or our clock where it is empty."""
        now = self._clock()
        mark = await self._client.newest(entity=self._kind) or now
        name, handed = self._memory.begin(await self._gather(mark - self._overlap))
        return Page([], Cursor(mark=mark, reached=now, poll=name, count=len(handed)).text())

    async def poll(self, after: Cursor) -> AsyncIterator[Page[Event]]:
        """Assets changed since the cursor, oldest first; without any, one empty page with that same cursor."""
        now = self._clock()
        # Read before gathering: what is written while we gather is newer than this, and must be looked for again.
        newest = await self._client.newest(entity=self._kind)
        found = await self._gather(self._since(after, now))
        fresh = [one for one in found if not self._memory.knows(after, one)]
        if not fresh:
            yield Page([], after.text())
            return
        known = [one for one in found if self._memory.knows(after, one)]
        name, handed = self._memory.begin(known)
        for at in range(0, len(fresh), PAGE):
            page = fresh[at : at + PAGE]
            self._memory.add(handed, page)
            mark = advanced(after.mark, page[-1].at, newest)
            reached = now if mark > after.mark else after.reached
            cursor = Cursor(mark=mark, reached=reached, poll=name, count=len(handed))
            yield Page([changed(self._kind, one.id, one.at) for one in page], cursor.text())

    def _since(self, after: Cursor, now: datetime) -> datetime:
        return after.mark if now - after.reached >= self._overlap else after.mark - self._overlap

    async def _gather(self, since: datetime) -> list[Seen]:
        """All that was touched since then, oldest first; small records, so that a large change fits in memory."""
        touched = self._client.touched(since, entity=self._kind)
        found = [seen(self._kind, one, since) async for page in touched for one in page]
        return sorted(found, key=lambda one: (one.at, int(one.id)))


def seen(kind: str, record: Mapping[str, Any], otherwise: datetime) -> Seen:
    """The later of the asset's and its version's date: a version may come without moving the asset's own."""
    stated = [at for at in (changed_at(record), versioned_at(record)) if at is not None]
    state = revision(record) if kind == "asset" else collection_revision(record)
    return Seen(asset_id(record), max(stated, default=otherwise), state)


def advanced(mark: datetime, reached: datetime, newest: datetime | None) -> datetime:
    return max(mark, reached if newest is None else min(reached, newest))
