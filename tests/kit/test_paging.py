"""Lists in pages, also those that repeat themselves or never end."""

from collections.abc import AsyncIterator, Sequence

import pytest

from lockgate.kit.errors import ContractBroken
from lockgate.kit.paging import by_key, by_offset, by_page

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
