"""Watching a module: the events of a connector that an administrator configured in the portal."""

from collections.abc import AsyncIterator, Sequence

import msgspec

from lockgate.connectors.fourallportal.client import Feed, FeedEvent, PortalClient
from lockgate.connectors.fourallportal.values import instant
from lockgate.kit.contract import Page
from lockgate.kit.errors import NotFound, Rejected
from lockgate.model.event import Event, changed, gone
from lockgate.model.item import ASSET, PRODUCT

GONE = 0
"""Event type of objects that were deleted, or no longer meet the feed's condition."""


class Cursor(msgspec.Struct, frozen=True):
    """Where a feed was read to: the configuration's hash and the last event's id."""

    hash: str = ""
    last: int = 0

    def text(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def read(cls, text: str) -> "Cursor":
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError as problem:
            raise Rejected("This is no cursor of a 4ALLPORTAL feed; start the watch anew.", code="cursor") from problem


class Feeds:
    """The feeds of the modules, for one connection."""

    def __init__(self, client: PortalClient) -> None:
        self.client, self.quirks = client, client.quirks
        self.names = {ASSET: self.quirks.file_feed, PRODUCT: self.quirks.product_feed}

    def name(self, kind: str) -> str:
        """The connector whose events tell of changes of a kind."""
        return self.names.get(kind) or self.quirks.module_feed.format(module=kind)

    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        """Events after the cursor, newest per object; deletions are among them.

        A feed that was configured anew, or is there for the first time, is read from its beginning: its numbers may
        have begun anew as well. Without a feed there is one empty page, and the cursor stays.
        """
        name = self.name(kind)
        cursor = Cursor() if after is None else Cursor.read(after)
        try:
            feed = await self.client.feed(name)
        except NotFound:
            yield Page([], cursor=cursor.text())
            return
        if after is None:
            yield Page([], cursor=await self.end(name, feed))
            return
        last = cursor.last if cursor.hash == feed.hash else 0
        async for events in self.events(name, feed, last):
            yield Page(self.newest(kind, events), cursor=Cursor(feed.hash, events[-1].id).text())

    async def events(self, name: str, feed: Feed, last: int) -> AsyncIterator[list[FeedEvent]]:
        while events := await self.client.events(name, feed.hash, last):
            last = events[-1].id
            yield events

    async def end(self, name: str, feed: Feed) -> str:
        """The cursor after the newest event. There is no call for it, so the feed is walked, a thousand events a call."""
        last = 0
        async for events in self.events(name, feed, 0):
            last = events[-1].id
        return Cursor(feed.hash, last).text()

    def newest(self, kind: str, events: Sequence[FeedEvent]) -> list[Event]:
        """The newest entry of each object: there may be one for the object and one for its file."""
        newest = {str(event.object_id): event for event in events}
        return [self.to_event(kind, id, event) for id, event in newest.items()]

    def to_event(self, kind: str, id: str, event: FeedEvent) -> Event:
        make = gone if event.event_type == GONE else changed
        return make(kind, id, instant(event.mod_time, self.quirks.feed_zone))
