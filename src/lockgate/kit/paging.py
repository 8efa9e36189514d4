"""Reading lists that come in pages, with a guard against lists that repeat themselves or never end.

Each helper takes the call that reads one page and yields the pages' records. What the vendor's paging promises is checked:
a page that holds nothing new, or pages without end, raise ContractBroken instead of running for ever. `complete` compares what
an index gave with how much there is by the system's own account.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from lockgate.kit.contract import Page, Ref, setting
from lockgate.kit.errors import ContractBroken
from lockgate.kit.seen import Seen

T = TypeVar("T")
K = TypeVar("K")
Key = Callable[[T], Hashable]

Announced = int | None
"""How many records there are from where a reading began, by the system's own account; None where it does not say."""

MOST_PAGES = 1_000_000


async def by_page(
    read: Callable[[int], Awaitable[tuple[Sequence[T], bool]]], *, key: Key[T], first: int = 1, most: int = MOST_PAGES
) -> AsyncIterator[Sequence[T]]:
    """Pages by number. `read(number)` gives the records and whether there is a next page (`hasNext`)."""
    guard = Guard(key, most)
    number, more = first, True
    while more:
        records, more = await read(number)
        guard.page(records, more)
        yield records
        number += 1


async def by_offset(
    read: Callable[[int], Awaitable[Sequence[T]]], *, size: int, key: Key[T], offset: int = 0, most: int = MOST_PAGES
) -> AsyncIterator[Sequence[T]]:
    """Pages by offset, until one is not full. `read(offset)` gives at most `size` records."""
    guard = Guard(key, most)
    more = True
    while more:
        records = await read(offset)
        if len(records) > size:
            raise ContractBroken(
                f"A page of at most {size} records was asked for, but {len(records)} came.", code="paging"
            )
        more = len(records) == size
        guard.page(records, more)
        if records:
            yield records
        offset += len(records)


async def by_key(
    read: Callable[[K | None], Awaitable[Sequence[T]]],
    *,
    key: Callable[[T], K],
    after: K | None = None,
    most: int = MOST_PAGES,
) -> AsyncIterator[Sequence[T]]:
    """Pages of records after the last key seen, until one is empty: stable while records come and go.

    `read(after)` gives the next records in the order of their key, None is the beginning.
    """
    seen = {hash(after)}
    for _ in range(most):
        records = await read(after)
        if not records:
            return
        after = key(records[-1])
        if hash(after) in seen:
            raise repeats()
        seen.add(hash(after))
        yield records
    raise endless(most)


def exact_totals() -> Any:
    """The setting or quirk that says whether `complete` may rely on totals."""
    return setting(
        "Whether its totals count exactly what its lists give us",
        default=True,
        help="Then a full sync whose list gives fewer fails and says so. Turn it off where totals count what our account may not see.",
        advanced=True,
    )


async def complete(
    read: Callable[[], AsyncIterator[tuple[Page[Ref], Announced]]],
    ask: Callable[[], Awaitable[Announced]] | None = None,
    *,
    exact: bool = True,
) -> AsyncIterator[Page[Ref]]:
    """The pages of an index. Where it gave fewer different records than there are, it is read once more for those left out.

    Records that move from one page to another while a list is read are skipped. Those that come or go meanwhile make no list
    short: what counts is the lower of the first and the last number stated. `ask` asks for the last one, where pages do not
    state it. Raises ContractBroken when records are missing after the second reading, too, unless the numbers are not `exact`:
    they may count records that our account does not see.
    """
    reading, end = Reading(), ""
    async for page, announced in read():
        reading.announced(announced)
        if page.records:
            reading.given.add([ref.id for ref in page.records])
            end = page.cursor
            yield page
    if not await reading.short(ask):
        return
    reading.again()
    async for page, announced in read():
        reading.announced(announced)
        if fresh := reading.fresh(page.records):
            yield msgspec.structs.replace(page, records=fresh, cursor=end or page.cursor)
    if exact and await reading.short(ask):
        raise short(reading.number, reading.least)


class Reading:
    """What an index gave, and how many records it was said to have while it was read the last time."""

    def __init__(self) -> None:
        self.given, self._late = Seen(), set[str]()
        self.again()

    def again(self) -> None:
        self._first: Announced = None
        self._last: Announced = None

    def announced(self, number: Announced) -> None:
        if number is not None:
            self._first = number if self._first is None else self._first
            self._last = number

    def fresh(self, records: Sequence[Ref]) -> list[Ref]:
        """Those that the first reading left out, each once."""
        found = {ref.id: ref for ref in records if ref.id not in self.given and ref.id not in self._late}
        self._late.update(found)
        return list(found.values())

    @property
    def number(self) -> int:
        """How many different records it gave."""
        return self.given.different + len(self._late)

    @property
    def least(self) -> int:
        """How many there were all the time."""
        return min(self._first or 0, self._last or 0)

    async def short(self, ask: Callable[[], Awaitable[Announced]] | None) -> bool:
        if not self.least or self.number >= self.least:
            return False
        self._last = self._last if ask is None else await ask()
        return self.number < self.least


class Guard(Generic[T]):
    """Notices a page that was there before, an empty page that promises more, and pages without end."""

    def __init__(self, key: Callable[[T], Hashable], most: int) -> None:
        self._key = key
        self._most = most
        self._pages = 0
        self._seen: set[int] = set()

    def page(self, records: Sequence[T], more: bool) -> None:
        self._pages += 1
        keys = tuple(self._key(record) for record in records)
        if keys and hash(keys) in self._seen:
            raise repeats()
        self._seen.add(hash(keys))
        if more and not keys:
            raise ContractBroken("A page without records says that more follow.", code="paging")
        if more and self._pages >= self._most:
            raise endless(self._most)


def repeats() -> ContractBroken:
    return ContractBroken("A page of a list came a second time: the list would never end.", code="paging")


def short(given: int, announced: int) -> ContractBroken:
    return ContractBroken(
        f"A list gave {given} of the {announced} records that there are by its own account, also when it was read again. "
        "Nothing is taken for deleted; what is missing is looked for in the next full sync.",
        code="paging.short",
    )


def endless(most: int) -> ContractBroken:
    return ContractBroken(f"A list has not ended after {most} pages.", code="paging")
