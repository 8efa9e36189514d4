"""What a source does: its index, its changes, items and files."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from lockgate.connectors.rest.definition.calls import Changes, Fetch, Listing
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.paths import MISSING
from lockgate.connectors.rest.definition.templates import text as text_template
from lockgate.connectors.rest.runtime import instants
from lockgate.connectors.rest.runtime.answers import Found, Wanted
from lockgate.connectors.rest.runtime.calls import Calling, Scope
from lockgate.connectors.rest.runtime.pages import Pages, State, Turned, restored, stored
from lockgate.connectors.rest.runtime.records import Records
from lockgate.kit.contract import Page, Ref
from lockgate.kit.errors import NotFound
from lockgate.kit.http.answer import http_date
from lockgate.kit.paging import Announced, complete
from lockgate.kit.together import each
from lockgate.model.event import Event, changed, gone

EXACT = "exact_totals"
"""The setting that says whether totals can be relied on; connections have it whose definition tells where totals stand."""


class Index:
    """All records as id and revision."""

    def __init__(self, calling: Calling, records: Records, listing: Listing) -> None:
        self._pages, self._refs = Pages(calling, records.refs, listing), records.refs

    async def pages(self, scope: Scope, after: str | None) -> AsyncIterator[Page[Ref]]:
        """Each once; where the system tells how many there are, none is left out unsaid."""
        exact = bool(scope["settings"].get(EXACT, True))
        async for page in complete(partial(self._read, scope, restored(after)), exact=exact):
            yield page

    async def _read(self, scope: Scope, begin: State | None) -> AsyncIterator[tuple[Page[Ref], Announced]]:
        before, last = begin.seen if begin is not None else 0, frozenset[str]()
        async for turned in self._pages.all(scope, begin):
            refs, last = beside(last, self._refs.refs(turned.found.values, turned.found.raws))
            announced = None if turned.total is None else turned.total - before
            yield Page(refs, cursor=stored(turned.after), total=turned.total), announced


def beside(last: frozenset[str], refs: list[Ref]) -> tuple[list[Ref], frozenset[str]]:
    """The refs without those of the page before, which a list by offset gives again where records moved; and their ids."""
    ids = frozenset(ref.id for ref in refs)
    return refs if last.isdisjoint(ids) else [ref for ref in refs if ref.id not in last], ids


class Many:
    """Records by what is asked for, one a call or many with one."""

    def __init__(self, calling: Calling, records: Wanted, fetch: Fetch, one: str, many: str) -> None:
        self._pages, self._fetch = Pages(calling, records, fetch), fetch
        self._one, self._many = one, many

    async def found(self, scope: Scope, values: Sequence[str]) -> list[Found]:
        """What the calls gave, in order of the values. What is not there is left out."""
        size = self._fetch.batch
        parts = [values[at : at + size] for at in range(0, len(values), size)]
        return await each(parts, lambda part: self._part(scope, part))

    async def _part(self, scope: Scope, part: Sequence[str]) -> Found:
        asked: Scope = scope | ({self._one: part[0]} if self._fetch.batch == 1 else self._asked(part))
        whole = Found([], [], {})
        try:
            async for turned in self._pages.all(asked):
                whole = Found(
                    [*whole.values, *turned.found.values], [*whole.raws, *turned.found.raws], turned.found.told
                )
        except NotFound:
            if self._fetch.batch > 1 and len(part) > 1:
                raise
        return whole

    def _asked(self, part: Sequence[str]) -> Scope:
        """What a call for many knows; the first and the last one for systems that are read by ranges."""
        return {self._many: list(part), "first": part[0], "last": part[-1], "count": len(part)}


class Look(msgspec.Struct):
    """The cursor of changes by time: what changed up to `at` was told; `seen` are those so close to it that they come again."""

    at: datetime
    seen: dict[str, tuple[str, datetime]] = {}
    """By id, the revision and when it changed."""


NEVER = ("", None)


class Watching:
    """Changes by time, or of a feed."""

    def __init__(self, calling: Calling, records: Records, changes: Changes, kind: str) -> None:
        self._pages, self._records, self._changes, self._kind = Pages(calling, records, changes), records, changes, kind
        self._clock = calling.client.services.clock
        self._write = instants.writer(changes.since.format, changes.since.zone)
        self._overlap: timedelta = changes.since.overlap
        self._start = text_template(changes.start) if changes.start else None

    def pages(self, scope: Scope, after: str | None) -> AsyncIterator[Page[Event]]:
        return self._of_feed(scope, after) if self._changes.feed else self._by_time(scope, after)

    # ── by time ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _by_time(self, scope: Scope, after: str | None) -> AsyncIterator[Page[Event]]:
        if after is None:
            yield Page([], cursor=cursor(await self._now(scope)))
            return
        look = msgspec.json.decode(after, type=Look)
        if self._changes.newest_first or self._pages.paging.by in {"cursor", "link"}:
            async for page in self._in_one_window(scope, look):
                yield page
            return
        async for page in self._window_by_window(scope, look):
            yield page

    async def _now(self, scope: Scope) -> Look:
        """Where to begin: by the system's own clock where it tells it, since ours may be ahead."""
        at = self._clock()
        turned = await self._pages.one(self._since(scope, at), self._pages.first())
        theirs = http_date(turned.answer.headers.get("Date", ""))
        return Look(at if theirs is None else min(at, theirs))

    def _since(self, scope: Scope, at: datetime) -> Scope:
        return scope | {"since": self._write(at)}

    async def _in_one_window(self, scope: Scope, look: Look) -> AsyncIterator[Page[Event]]:
        """All pages since one instant; where the newest come first the cursor moves only after the last of them."""
        began, before = Look(look.at, dict(look.seen)), cursor(look)
        async for turned in self._pages.all(self._since(scope, look.at - self._overlap)):
            events = self._told(turned, began)
            last = turned.after.ended or not self._changes.newest_first
            yield Page(events, cursor=cursor(began) if last else before, total=None)

    async def _window_by_window(self, scope: Scope, look: Look) -> AsyncIterator[Page[Event]]:
        """Each page begins anew where the last one ended, so that what changes meanwhile shifts nothing past us.

        Where a page brings no later instant, the next page of the same window is read.
        """
        since, state = look.at - self._overlap, self._pages.first()
        while True:
            turned = await self._pages.one(self._since(scope, since), state)
            yield Page(self._told(turned, look), cursor=cursor(look))
            if turned.after.ended:
                return
            state = turned.after
            if look.at - self._overlap > since:
                since, state = look.at - self._overlap, self._pages.first()

    def _told(self, turned: Turned, look: Look) -> list[Event]:
        """The events of a page that were not told before; `look` moves on."""
        events, now = [], self._clock()
        for values, raw in zip(turned.found.values, turned.found.raws, strict=True):
            id, revision, at = (
                self._records.id(values),
                self._records.revision(values, raw),
                self._records.modified(values),
            )
            if look.seen.get(id, NEVER)[0] != revision:
                events.append(self._event(values, id, at))
            if at is not None:
                look.seen[id] = (revision, at)
                # An instant in the future is a release date that a system shows as a change: beyond now we would miss what comes.
                look.at = max(look.at, min(at, now))
        look.seen = {id: one for id, one in look.seen.items() if one[1] >= look.at - self._overlap}
        return events

    def _event(self, values: Any, id: str, at: datetime | None) -> Event:
        return gone(self._kind, id, at) if self._records.gone(values) else changed(self._kind, id, at)

    # ── of a feed ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _of_feed(self, scope: Scope, after: str | None) -> AsyncIterator[Page[Event]]:
        """A feed goes on from its own cursor. Without a stated beginning, what is in it already is passed over."""
        passing = after is None and self._start is None
        place = after if after is not None else self._start(scope) if self._start is not None else None
        while True:
            turned = await self._pages.one(
                scope | ({"cursor": place} if place is not None else {}), self._pages.first()
            )
            found = turned.found
            told = found.told.get("feed", MISSING)
            following = told[-1] if isinstance(told, list) and told else told
            moved = following not in (None, "", MISSING, []) and as_text(following) != place
            place = as_text(following) if moved else place
            if not passing or not (moved and found.values):
                yield Page([] if passing else self._entries(found), cursor=place or "")
            if not (moved and found.values):
                return

    def _entries(self, found: Found) -> list[Event]:
        return [self._event(values, self._records.id(values), None) for values in found.values]


def cursor(look: Look) -> str:
    return msgspec.json.encode(look).decode()
