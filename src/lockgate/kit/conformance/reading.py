"""Promises of sources: index, fetch, open, changes, receive."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from lockgate.kit.conformance.bench import PICTURE, Bench, eventually, expect
from lockgate.kit.conformance.suite import needs
from lockgate.kit.contract import Connector, FileSource, HookRequest, Page, Ref
from lockgate.kit.errors import ConnectorError, ContractBroken, Rejected
from lockgate.kit.transfer import digest, file_source
from lockgate.model.event import Event
from lockgate.model.item import Item, Rendition

MOST = 10_000
SMALL = PICTURE + b"a small file of somebody else's" * 10
LARGE = PICTURE + bytes(range(256)) * 4096


class ReadingPromises:
    @needs("index")
    async def test_the_index_has_each_item_once_and_ends(self, bench: Bench) -> None:
        made = [await bench.make_item(SMALL + bytes([n])) for n in range(3)]
        refs = await index(await bench.connect(), bench.kind)
        ids = [ref.id for ref in refs]
        expect(len(ids) == len(set(ids)), "the index has an item twice")
        expect(set(made) <= set(ids), f"the index lacks {set(made) - set(ids)}")
        expect(all(ref.revision for ref in refs), "the index has an item without revision")

    @needs("index")
    async def test_the_index_goes_on_from_each_of_its_cursors(self, bench: Bench) -> None:
        for n in range(3):
            await bench.make_item(SMALL + bytes([n]))
        connector = await bench.connect()
        pages = [page async for page in limited(connector.index(bench.kind, None))]
        every = {ref.id for page in pages for ref in page.records}
        seen: set[str] = set()
        for page in pages:
            seen |= {ref.id for ref in page.records}
            rest = {ref.id for ref in await index(connector, bench.kind, page.cursor)}
            expect(seen | rest == every, f"after cursor {page.cursor!r} the index lacks {every - seen - rest}")

    @needs("index", "fetch")
    async def test_a_fetched_item_has_the_revision_the_index_states(self, bench: Bench) -> None:
        await bench.make_item(SMALL)
        connector = await bench.connect()
        stated = {ref.id: ref.revision for ref in (await index(connector, bench.kind))[:20]}
        items = await connector.fetch(bench.kind, list(stated))
        expect({item.id: item.revision for item in items} == stated, "index and fetch state other revisions or items")
        for item in items:
            expect((item.system, item.kind) == ("bench", bench.kind), f"{item.id} states another system or kind")

    @needs("fetch")
    async def test_items_that_are_not_there_are_left_out(self, bench: Bench) -> None:
        made = await bench.make_item(SMALL)
        connector = await bench.connect()
        items = await connector.fetch(bench.kind, [bench.absent_id, made])
        expect([item.id for item in items] == [made], "fetch does not leave out an item that is not there")
        expect(await connector.fetch(bench.kind, []) == [], "fetch of nothing gives something")

    @needs("fetch")
    async def test_another_state_of_an_item_is_another_revision(self, bench: Bench) -> None:
        made = await bench.make_item(SMALL)
        connector = await bench.connect()
        before = await item_of(connector, bench, made)
        again = await item_of(connector, bench, made)
        await bench.change_item(made)
        after = await item_of(connector, bench, made)
        expect(before.revision == again.revision, "an item that did not change has two revisions")
        expect(before.revision != after.revision, "a changed item keeps its revision")

    @needs("fetch", "open")
    async def test_a_file_has_the_bytes_length_and_digest_stated(self, bench: Bench) -> None:
        made = await bench.make_item(LARGE)
        connector = await bench.connect()
        item = await item_of(connector, bench, made)
        rendition = original(item)
        expect(rendition.length in {None, len(LARGE)}, "the item states another length than its file has")
        async with original_source(connector, item).open() as stream:
            found = await digest(stream)
        expect(found == (hashlib.sha256(LARGE).hexdigest(), len(LARGE)), "the bytes are not those of the file")

    @needs("fetch", "open")
    async def test_a_download_cut_in_its_middle_goes_on(self, bench: Bench) -> None:
        made = await bench.make_item(LARGE)
        connector = await bench.connect()
        source = original_source(connector, await item_of(connector, bench, made))
        bench.fault(kind="cut", match=bench.file_route, times=1)
        async with source.open() as stream:
            found, _ = await digest(stream)
        expect(found == hashlib.sha256(LARGE).hexdigest(), "a download that was cut is not the file")

    @needs("fetch", "open")
    async def test_a_file_shorter_than_stated_is_noticed(self, bench: Bench) -> None:
        made = await bench.make_item(LARGE)
        connector = await bench.connect()
        item = await item_of(connector, bench, made)
        expect(original(item).length is not None or original(item).digest, "the item states neither length nor digest")
        bench.fault(kind="wrong_length", match=bench.file_route)
        try:
            async with original_source(connector, item).open() as stream:
                await digest(stream)
        except ContractBroken:
            return
        raise AssertionError("a file that is shorter than stated is taken as whole")

    @needs("fetch", "open")
    async def test_a_new_version_is_never_given_for_the_old_one(self, bench: Bench) -> None:
        made = await bench.make_item(LARGE)
        connector = await bench.connect()
        before = await item_of(connector, bench, made)
        await bench.replace_item_file(made, SMALL)
        after = await item_of(connector, bench, made)
        expect(original(before).version != original(after).version, "another file keeps its version")
        old, new = await digest_or_error(connector, before), await digest_or_error(connector, after)
        expect(new == hashlib.sha256(SMALL).hexdigest(), "the new version has not the new bytes")
        expect(old in {None, hashlib.sha256(LARGE).hexdigest()}, "the old version gives other bytes than its own")

    @needs("changes")
    async def test_changes_begin_now_and_give_a_cursor(self, bench: Bench) -> None:
        await bench.make_item(SMALL)
        pages = [page async for page in limited((await bench.connect()).changes(bench.kind, None))]
        expect(pages and pages[-1].cursor, "the first look for changes gives no cursor to go on from")

    @needs("changes")
    async def test_each_change_after_the_cursor_is_reported(self, bench: Bench) -> None:
        old = [await bench.make_item(SMALL + bytes([n])) for n in range(3)]
        connector = await bench.connect()
        cursor = await last_cursor(connector, bench.kind, None)
        for id in old:
            await bench.change_item(id)
        wanted = {*old, await bench.make_item(SMALL)}
        seen: set[str] = set()

        async def look() -> set[str]:
            nonlocal cursor
            async for page in limited(connector.changes(bench.kind, cursor)):
                seen.update(event.id for event in page.records)
                cursor = page.cursor
            return seen

        sentence = f"not all of {sorted(wanted)} were reported as changed"
        await eventually(look, lambda ids: wanted <= ids, sentence, bench.within)

    @needs("changes")
    async def test_a_change_between_two_looks_is_not_lost(self, bench: Bench) -> None:
        made = await bench.make_item(SMALL)
        connector = await bench.connect()
        cursor: str = await last_cursor(connector, bench.kind, None)
        for _ in range(3):
            await bench.change_item(made)

            async def look() -> list[Event]:
                nonlocal cursor
                pages = [page async for page in limited(connector.changes(bench.kind, cursor))]
                cursor = pages[-1].cursor if pages else cursor
                return [event for page in pages for event in page.records]

            sentence = "a change between two looks is lost"
            events = await eventually(look, lambda found: made in {event.id for event in found}, sentence, bench.within)
            expect({event.kind for event in events} == {bench.kind}, "an event is of another kind than was asked")

    @needs("receive")
    async def test_a_good_webhook_names_its_item(self, bench: Bench) -> None:
        made = await bench.make_item(SMALL)
        events = (await bench.connect()).receive(bench.hook(made))
        expect(made in {event.id for event in events}, "the webhook's item is not among its events")

    @needs("receive")
    async def test_a_webhook_that_was_tampered_with_is_refused(self, bench: Bench) -> None:
        if not bench.signed:
            return
        connector = await bench.connect()
        good = bench.hook(await bench.make_item(SMALL))
        unsigned = msgspec.structs.replace(good, headers={"content-type": "application/json"})
        for bad in (msgspec.structs.replace(good, body=good.body + b" "), unsigned):
            refused(connector, bad, "a webhook with a wrong or no signature is taken")

    @needs("receive")
    async def test_a_webhook_that_is_no_webhook_is_refused(self, bench: Bench) -> None:
        connector = await bench.connect()
        good = bench.hook(bench.absent_id)
        refused(connector, msgspec.structs.replace(good, body=b"\xff not JSON"), "a body that is no JSON is taken")

    @needs("receive")
    async def test_a_webhook_of_a_strange_type_is_nothing_to_us(self, bench: Bench) -> None:
        events = (await bench.connect()).receive(bench.strange_hook())
        expect(events == [], "an unknown type of event gives events")


def refused(connector: Connector[Any], request: HookRequest, sentence: str) -> None:
    try:
        connector.receive(request)
    except Rejected:
        return
    raise AssertionError(sentence)


async def limited(pages: AsyncIterator[Page[Any]]) -> AsyncIterator[Page[Any]]:
    """The pages, with an end even when the connector knows none."""
    count = 0
    async for page in pages:
        yield page
        count += 1
        expect(count < MOST, f"a list has not ended after {MOST} pages")


async def index(connector: Connector[Any], kind: str, after: str | None = None) -> list[Ref]:
    return [ref async for page in limited(connector.index(kind, after)) for ref in page.records]


async def last_cursor(connector: Connector[Any], kind: str, after: str | None) -> str:
    pages = [page async for page in limited(connector.changes(kind, after))]
    expect(pages, "a look for changes gives no page, and so no cursor")
    return str(pages[-1].cursor)


async def item_of(connector: Connector[Any], bench: Bench, id: str) -> Item:
    items = await connector.fetch(bench.kind, [id])
    expect([item.id for item in items] == [id], f"item {id} is not fetched, once and alone")
    return items[0]


def original(item: Item) -> Rendition:
    rendition = item.rendition("original")
    if rendition is None:
        raise AssertionError("an item with a file has no rendition `original`")
    return rendition


def original_source(connector: Connector[Any], item: Item) -> FileSource:
    """The original as a target would be handed it."""
    rendition = original(item)
    return file_source(
        lambda: connector.open(item.id, rendition),
        filename=rendition.filename,
        media_type=rendition.media_type or "application/octet-stream",
        length=rendition.length,
        expected=rendition.digest,
    )


async def digest_or_error(connector: Connector[Any], item: Item) -> str | None:
    """SHA-256 of the original, None when the connector says that it cannot give it any more."""
    try:
        async with connector.open(item.id, original(item)) as stream:
            return (await digest(stream))[0]
    except ConnectorError:
        return None
