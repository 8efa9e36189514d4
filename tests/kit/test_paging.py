"""Lists in pages, also those that repeat themselves or never end."""

from collections.abc import AsyncIterator, Sequence

import pytest

from lockgate.kit.contract import Page, Ref
from lockgate.kit.errors import ContractBroken
from lockgate.kit.paging import Announced, by_key, by_offset, by_page, complete

RECORDS = list(range(10))


def same(record: int) -> int:
    return record


async def gather(pages: AsyncIterator[Sequence[int]]) -> list[int]:
    return [record async for page in pages for record in page]


@pytest.mark.parametrize("size", [1, 3, 5, 10, 11])
async def test_every_record_comes_once_whatever_the_size_of_pages(size: int) -> None:
    async def page(number: int) -> tuple[list[int], bool]:
        at = (number - 1) * size
        return RECORDS[at : at + size], at + size < len(RECORDS)

    async def offset(at: int) -> list[int]:
        return RECORDS[at : at + size]

    async def after(last: int | None) -> list[int]:
        return [one for one in RECORDS if last is None or one > last][:size]

    assert await gather(by_page(page, key=same)) == RECORDS
    assert await gather(by_offset(offset, size=size, key=same)) == RECORDS
    assert await gather(by_key(after, key=same)) == RECORDS


async def test_a_vendor_that_ignores_the_page_is_noticed() -> None:
    async def page(_: int) -> tuple[list[int], bool]:
        return RECORDS[:3], True

    async def offset(_: int) -> list[int]:
        return RECORDS[:3]

    async def after(_: int | None) -> list[int]:
        return RECORDS[:3]

    for pages in (by_page(page, key=same), by_offset(offset, size=3, key=same), by_key(after, key=same)):
        with pytest.raises(ContractBroken, match="came a second time"):
            await gather(pages)


async def test_pages_in_a_circle_are_noticed() -> None:
    async def page(number: int) -> tuple[list[int], bool]:
        return [number % 3], True

    with pytest.raises(ContractBroken, match="came a second time"):
        await gather(by_page(page, key=same))


async def test_a_promise_of_more_after_nothing_is_noticed() -> None:
    async def page(_: int) -> tuple[list[int], bool]:
        return [], True

    with pytest.raises(ContractBroken, match="says that more follow"):
        await gather(by_page(page, key=same))


async def test_a_list_without_end_is_ended() -> None:
    async def page(number: int) -> tuple[list[int], bool]:
        return [number], True

    async def after(last: int | None) -> list[int]:
        return [(last or 0) + 1]

    with pytest.raises(ContractBroken, match="not ended after 20 pages"):
        await gather(by_page(page, key=same, most=20))
    with pytest.raises(ContractBroken, match="not ended after 20 pages"):
        await gather(by_key(after, key=same, most=20))


async def test_a_page_longer_than_asked_is_noticed() -> None:
    async def offset(_: int) -> list[int]:
        return RECORDS

    with pytest.raises(ContractBroken, match="at most 5 records"):
        await gather(by_offset(offset, size=5, key=same))


async def test_reading_begins_where_it_is_told() -> None:
    async def after(last: int | None) -> list[int]:
        return [one for one in RECORDS if last is None or one > last][:4]

    assert await gather(by_key(after, key=same, after=6)) == [7, 8, 9]


class Listing:
    """An index that gives other records and totals each time it is read. `None` as a total is one not stated."""

    def __init__(self, *readings: list[tuple[str, Announced]], now: Announced = None) -> None:
        self.readings, self.now, self.read = list(readings), now, 0

    async def pages(self) -> AsyncIterator[tuple[Page[Ref], Announced]]:
        reading = self.readings[self.read]
        self.read += 1
        for number, (ids, announced) in enumerate(reading, 1):
            yield Page([Ref(id, "1") for id in ids], cursor=f"{self.read}.{number}", total=announced), announced

    async def ask(self) -> Announced:
        return self.now

    async def all(self, *, ask: bool = False, exact: bool = True) -> list[tuple[str, str]]:
        pages = complete(self.pages, self.ask if ask else None, exact=exact)
        return [("".join(ref.id for ref in page.records), page.cursor) async for page in pages]


async def test_a_whole_list_is_read_once() -> None:
    listing = Listing([("abc", 5), ("de", 5)])
    assert await listing.all() == [("abc", "1.1"), ("de", "1.2")]
    assert listing.read == 1


async def test_what_a_page_skipped_comes_with_a_second_reading_and_nothing_comes_twice() -> None:
    listing = Listing([("abc", 5), ("e", 5)], [("abc", 5), ("de", 5)])
    assert await listing.all() == [("abc", "1.1"), ("e", "1.2"), ("d", "1.2")]


async def test_a_record_that_came_twice_does_not_stand_for_one_that_was_skipped() -> None:
    listing = Listing([("abc", 5), ("ca", 5)], [("abc", 5), ("de", 5)])
    assert "".join(ids for ids, _ in await listing.all()) == "abccade"


async def test_an_empty_page_is_looked_behind() -> None:
    assert await Listing([("", 1)], [("a", 1)]).all() == [("a", "2.1")]
    assert await Listing([("", 0)]).all() == []


async def test_a_list_that_stays_short_is_told_with_its_numbers() -> None:
    with pytest.raises(ContractBroken, match="gave 4 of the 5 records") as told:
        await Listing([("abc", 5), ("e", 5)], [("abce", 5)]).all()
    assert told.value.code == "paging.short"


async def test_where_totals_count_what_we_may_not_see_a_short_list_is_read_again_and_taken() -> None:
    listing = Listing([("abc", 9), ("e", 9)], [("abcde", 9)])
    assert await listing.all(exact=False) == [("abc", "1.1"), ("e", "1.2"), ("d", "1.2")]


async def test_records_that_come_and_go_meanwhile_make_no_list_short() -> None:
    gone, come = Listing([("abc", 5), ("d", 4)]), Listing([("abc", 4), ("d", 5)])
    assert [ids for ids, _ in await gone.all()] == [ids for ids, _ in await come.all()] == ["abc", "d"]
    gone_and_come = Listing([("abc", 5), ("d", None)], now=4)
    assert [ids for ids, _ in await gone_and_come.all(ask=True)] == ["abc", "d"]
    assert gone_and_come.read == 1


async def test_of_a_system_that_does_not_count_every_list_is_whole() -> None:
    assert [ids for ids, _ in await Listing([("abc", None), ("e", None)]).all(ask=True)] == ["abc", "e"]
