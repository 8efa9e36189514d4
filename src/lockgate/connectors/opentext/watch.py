"""Which items changed since a cursor, found by looking at all of them.

The server announces nothing and no list can be asked by date, so a look walks through the workspaces (and, for documents, their
folders) and keeps what was modified since. Dates have whole seconds, and a walk takes a while: what was changed behind its back is
older than what it found last. So the next look reaches back by the duration of this one and a little more (`overlap_seconds`),
until that time has passed and one more look found nothing new. Looking back reports items again, which does no harm.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import msgspec

from lockgate.connectors.opentext.reading import PAGE, Reading
from lockgate.kit.contract import Page
from lockgate.kit.errors import Rejected
from lockgate.kit.services import Clock
from lockgate.model.event import Event, changed

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)


class Cursor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a poll stands."""

    mark: datetime
    """The newest change known, by the server's clock."""
    reached: datetime
    """When the look that saw it began, by ours."""
    reach: float = 0.0
    """Seconds by which the next look goes back."""
    settled: bool = False
    """Nothing can be hidden behind the mark any more."""

    def text(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def read(cls, text: str) -> "Cursor":
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError as problem:
            raise Rejected(
                "This is no cursor of an OpenText connection; start the watch anew.", code="cursor"
            ) from problem

    def wants(self, at: datetime) -> bool:
        return at > self.mark if self.settled else at >= self.mark - timedelta(seconds=self.reach)


class Watch:
    """Polls of one connection. Several flows may poll with cursors of their own."""

    def __init__(self, reading: Reading, clock: Clock) -> None:
        self.reading, self.clock = reading, clock
        self._overlap = reading.quirks.overlap_seconds

    async def start(self, kind: str) -> Page[Event]:
        """No events, and the cursor of this moment: the newest change there is."""
        began = self.clock()
        found = await self._all(kind)
        mark = max((at for at, _ in found), default=BEGINNING)
        return Page([], self._cursor(mark, began).text())

    async def poll(self, kind: str, after: Cursor) -> AsyncIterator[Page[Event]]:
        """Items changed since the cursor, oldest first; without any, one empty page with a cursor."""
        began = self.clock()
        found = [(at, id) for at, id in await self._all(kind) if after.wants(at)]
        newest = max((at for at, _ in found), default=after.mark)
        end = self._cursor(newest, began) if newest > after.mark else self._still(after, began)
        events = [changed(kind, str(id), at) for at, id in sorted(found)]
        for start in range(0, len(events), PAGE):
            last = start + PAGE >= len(events)
            yield Page(events[start : start + PAGE], (end if last else after).text())
        if not events:
            yield Page([], end.text())

    def _cursor(self, mark: datetime, began: datetime) -> Cursor:
        took = max(0.0, (self.clock() - began).total_seconds())
        return Cursor(mark=mark, reached=began, reach=min(self._overlap + took, 86400.0))

    def _still(self, after: Cursor, began: datetime) -> Cursor:
        """Nothing newer was found. Once a look began later than all that it could have missed, none need reach back."""
        settled = after.settled or (began - after.reached).total_seconds() > after.reach
        return msgspec.structs.replace(after, settled=settled)

    async def _all(self, kind: str) -> list[tuple[datetime, int]]:
        rows = await self.reading.all_of(kind)
        return [(at, int(row["id"])) for row in rows if (at := self.reading.modified(row)) is not None]
