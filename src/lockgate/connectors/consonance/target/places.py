"""Where our images and texts are. Consonance can be asked for neither by name, so their works are remembered.

Whatever carries our mark is found by one sweep over the works, and after it by looking at works changed since: what another
process of ours puts in marks its work as changed, too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

import msgspec

from lockgate.connectors.consonance.client import GraphQLClient, documents
from lockgate.connectors.consonance.mapping.common import isbn_of, token, token_in
from lockgate.kit.errors import Rejected
from lockgate.kit.services import Clock
from lockgate.model.codes import isbn13
from lockgate.model.item import pick

Record = dict[str, Any]
T = TypeVar("T")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The work that something belongs to, and which of its products it is about."""

    work: int
    products: tuple[int, ...] = ()


class Places:
    """The memory of one connection."""

    def __init__(self, client: GraphQLClient, clock: Clock) -> None:
        self.client, self.quirks, self._clock = client, client.quirks, clock
        self._works: dict[str, int] = {}
        """By mark."""
        self._swept: date | None = None
        self._sweeping = asyncio.Lock()

    def put(self, mark: str, work: int) -> None:
        self._works[mark] = work

    async def works(self, keys: Iterable[str]) -> dict[str, int]:
        """The works of those keys that are somewhere."""
        marks = {key: token(key) for key in keys}
        if any(mark not in self._works for mark in marks.values()):
            await self._sweep()
        return {key: self._works[mark] for key, mark in marks.items() if mark in self._works}

    async def groups(self, keys: Sequence[str], read: Callable[[list[int]], Awaitable[dict[str, T]]]) -> dict[str, T]:
        """What `read` finds by mark in the works of these keys. What is not where it was is looked for once more."""
        works = await self.works(keys)
        found = await read(sorted(set(works.values())))
        lost = [key for key in works if token(key) not in found]
        if not lost:
            return found
        for key in lost:
            self._works.pop(token(key), None)
        works = await self.works(lost)
        return found | await read(sorted(set(works.values())))

    async def _sweep(self) -> None:
        async with self._sweeping:
            today = self._clock().date()
            since = self._swept and self._swept - timedelta(days=self.quirks.overlap_days)
            asked = {"since": since.isoformat() if since else None}
            async for records in self.client.pages(documents.MARKS, "works", asked):
                for one in records:
                    self._learn(one)
            self._swept = today

    def _learn(self, work: Mapping[str, Any]) -> None:
        names = [(one.get("filename"), self.quirks.file_marker) for one in work.get("supportingResources") or ()]
        texts = [(one.get("internalTextMarkdown"), self.quirks.text_marker) for one in work.get("marketingTexts") or ()]
        for text, marker in [*names, *texts]:
            if (mark := token_in(text, marker)) is not None:
                self._works[mark] = int(work["id"])

    # ── from fields of a write ───────────────────────────────────────────────────────────────────────────────────

    async def of(self, fields: Mapping[str, Any]) -> Place | None:
        """Where a write says it belongs: by `isbn`, or by `work`. None where it says neither. Raises Rejected."""
        isbns, work = plain_list(fields.get("isbn")), plain_text(fields.get("work"))
        if isbns:
            return await self._by_isbn(isbns)
        if work is None:
            return None
        if not (work.isascii() and work.isdigit()):
            raise Rejected(f"{work} is no number of a Consonance work.", code="place")
        return Place(work=int(work))

    async def _by_isbn(self, isbns: Sequence[str]) -> Place:
        asked = [one for one in map(isbn13, isbns) if one]
        found = await self.products(asked)
        works = {one["work"]["id"] for one in found}
        if len(works) != 1:
            why = "knows no product with" if not works else "has in different works"
            raise Rejected(f"{self.client.services.connection} {why} ISBN {', '.join(isbns)}.", code="place")
        return Place(work=int(works.pop()), products=tuple(sorted(int(one["id"]) for one in found)))

    async def products(self, isbns: Sequence[str]) -> list[Record]:
        """Products by ISBN in comparable form."""
        if not isbns:
            return []
        found: list[Record] = []
        async for records in self.client.pages(documents.BY_ISBN, "products", {"isbns": list(isbns)}):
            found += [one for one in records if isbn_of(one) in set(isbns)]
        return found


def plain_list(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def plain_text(value: Any, language: str = "en") -> str | None:
    """A text as one; of a map by language the one wanted, of a list the first."""
    if isinstance(value, Mapping):
        return pick(dict(value), language)
    if isinstance(value, list | tuple):
        return str(value[0]) if value else None
    return None if value is None else str(value)
