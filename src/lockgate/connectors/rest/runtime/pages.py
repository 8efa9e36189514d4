"""How a list goes on from page to page, whatever way the system has."""

import re
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from lockgate.connectors.rest.definition.calls import Changes, Fetch, Listing, Paging
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.paths import MISSING
from lockgate.connectors.rest.runtime.answers import Answers, Found, Wanted
from lockgate.connectors.rest.runtime.calls import NOTHING, Calling, Scope
from lockgate.connectors.rest.runtime.client import DefinedClient
from lockgate.connectors.rest.runtime.rules import Harmless, ruled
from lockgate.kit.errors import ContractBroken
from lockgate.kit.http import Answer
from lockgate.kit.paging import MOST_PAGES, Guard

TOLD = ("next", "more", "total", "pages")
ALONE = Paging(by="none")
RELATED = re.compile(r'<([^>]*)>[^,]*?;\s*rel="?([^",;]+)"?')


class State(msgspec.Struct, frozen=True, array_like=True):
    """Where a list goes on; its JSON is the cursor of an index."""

    at: int = 0
    """Number of the page, or offset."""
    cursor: str | None = None
    """Of a list by cursor or link."""
    seen: int = 0
    """Records before it."""
    ended: bool = False


class Turned(msgspec.Struct):
    """A page and where the list goes on after it."""

    found: Found
    after: State
    total: int | None
    answer: Answer


class Pages:
    """The pages of one list."""

    def __init__(self, calling: Calling, records: Wanted, listing: Listing | Fetch) -> None:
        self._calling, self._client, self._records = calling, calling.client, records
        self.ready = calling.work(listing)
        self.paging: Paging = listing.paging or ALONE
        more = {name: path for name in TOLD if (path := getattr(self.paging, name))}
        if isinstance(listing, Changes) and listing.feed:
            more["feed"] = listing.feed
        self._answers = Answers(calling.client, self.ready, records, listing.records, more)
        self._follow = Follower(calling)

    def first(self) -> State:
        given = self.paging.first
        return State(at=given if given is not None else 1 if self.paging.by == "page" else 0)

    async def all(self, scope: Scope, state: State | None = None) -> AsyncIterator[Turned]:
        """Page after page to the end. Raises ContractBroken for a list that repeats itself."""
        state = state or self.first()
        guard: Guard[Any] = Guard(self._records.id, MOST_PAGES)
        while not state.ended:
            turned = await self.one(scope, state)
            guard.page(turned.found.values, not turned.after.ended and bool(turned.found.values))
            yield turned
            state = turned.after

    async def one(self, scope: Scope, state: State) -> Turned:
        answer = await self._asked(scope, state)
        found = self._answers.read(answer)
        total = whole(found.told.get("total"))
        return Turned(found, self._after(state, found, total), total, answer)

    async def _asked(self, scope: Scope, state: State) -> Answer:
        by, size = self.paging.by, self.paging.size
        if by == "link" and state.cursor is not None:
            return await self._follow.get(state.cursor, self.ready.last.call.errors)
        page: dict[str, Any] = {"size": size, "number": state.at, "offset": state.at}
        if state.cursor is not None:
            page["cursor"] = state.cursor
        with ruled(self.paging.end):
            got = await self.ready(scope | {"page": page})
        return got.answer

    def _after(self, state: State, found: Found, total: int | None) -> State:
        number = len(found.values)
        seen = state.seen + number
        if self.paging.by in {"cursor", "link"}:
            return self._by_next(state, found, seen)
        step = number if self.paging.by == "offset" else 1
        return State(at=state.at + step, seen=seen, ended=self._ended(state, found, seen, total))

    def _by_next(self, state: State, found: Found, seen: int) -> State:
        told = found.told.get("next", MISSING)
        following = link(as_text(told)) if self.paging.next == "header:Link" and told is not MISSING else told
        stop = "more" in found.told and not truth(found.told["more"])
        if following in (None, "", MISSING, False) or stop:
            return State(seen=seen, ended=True)
        cursor = as_text(following)
        if cursor == state.cursor:
            raise ContractBroken(
                f"{self._client.services.connection} says after a page that the same page follows.", code="paging"
            )
        return State(cursor=cursor, seen=seen)

    def _ended(self, state: State, found: Found, seen: int, total: int | None) -> bool:
        paging, number = self.paging, len(found.values)
        if paging.by == "none" or not number:
            return True
        if "more" in found.told and found.told["more"] is not MISSING:
            return not truth(found.told["more"])
        pages = whole(found.told.get("pages"))
        if pages is not None and paging.by == "page":
            return state.at - self.first().at + 1 >= pages
        if total is not None:
            return seen >= total
        if paging.next:
            return found.told.get("next") in (None, "", MISSING, False)
        return paging.short and number < paging.size


class Follower:
    """Gets the address that an answer names as the next page; credentials go along to our own system only."""

    def __init__(self, calling: Calling) -> None:
        self._calling = calling
        self._client: DefinedClient = calling.client

    async def get(self, address: str, rules: Any) -> Answer:
        await self._client.signed_in()
        whole_address = str(self._client.base.join(self._client.base.with_path("/")).join(url(address, self._client)))
        headers = self._calling.headers({}) if self._calling.headers else {}
        try:
            with ruled(rules):
                return await self._client.request(
                    "GET", whole_address, headers={name: as_text(one) for name, one in headers.items()}
                )
        except Harmless:
            return NOTHING


def url(address: str, client: DefinedClient) -> Any:
    from yarl import URL

    try:
        return URL(address, encoded=True)
    except ValueError as problem:
        raise ContractBroken(
            f"{client.services.connection} names a next page without an address.", code="paging"
        ) from problem


def link(header: str) -> str | None:
    """The address with `rel=next` in a Link header (RFC 8288)."""
    return next((address for address, relation in RELATED.findall(header) if "next" in relation.split()), None)


def truth(value: Any) -> bool:
    return value not in (None, MISSING, False, "", "false", 0, "0")


def whole(value: Any) -> int | None:
    try:
        return None if value is None or value is MISSING else int(value)
    except (TypeError, ValueError):
        return None


def stored(state: State) -> str:
    return msgspec.json.encode(state).decode()


def restored(cursor: str | None) -> State | None:
    """Where a cursor of an index leads; None, the beginning, for one of another kind of list that the definition once had."""
    try:
        return msgspec.json.decode(cursor, type=State) if cursor else None
    except msgspec.DecodeError:
        return None
