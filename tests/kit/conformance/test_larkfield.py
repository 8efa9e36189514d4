"""The suite on a connector that keeps all its promises, and on ones that break them."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from lockgate.kit.conformance import promises
from lockgate.kit.conformance.faults import FaultPromises
from lockgate.kit.conformance.reading import ReadingPromises
from lockgate.kit.conformance.writing import WritingPromises
from lockgate.kit.contract import Link, Page, Receipt, Ref, Write, operation
from lockgate.kit.errors import ConnectorError, Transient
from lockgate.model.event import Event
from lockgate.model.item import Item

from .larkfield import Larkfield
from .larkfield_bench import LarkfieldBench

TestLarkfield = promises(Larkfield, LarkfieldBench)


class Doubling(Larkfield):
    """Creates anew whenever it does not know the object's id."""

    async def created(self, write: Write) -> tuple[str, bool]:
        made = await self.client.send_json("POST", "/assets", dict(write.fields))
        return str(made["id"]), True


class Forgetful(Larkfield):
    """Reports only the newest change."""

    @operation(effect="read")
    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        last = [page async for page in super().changes(kind, after)]
        yield Page(last[-1].records[-1:], cursor=last[-1].cursor)


class Greedy(Larkfield):
    """Takes the whole field for itself when it links."""

    @operation(effect="link")
    async def link(self, links: Sequence[Link]) -> list[Receipt | ConnectorError]:
        for shelf in await self.client.get_json("/shelves"):
            for image in shelf["images"]:
                await self.client.request("DELETE", f"/shelves/{shelf['id']}/images/{image}")
        return await super().link(links)


class Blaming(Larkfield):
    """Gives up on an item for what is the system's fault."""

    @operation(effect="read")
    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        try:
            return await super().fetch(kind, ids)
        except Transient:
            return []


class Repeating(Larkfield):
    """Its index starts again and again."""

    @operation(effect="read")
    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        for _ in range(2):
            async for page in super().index(kind, after):
                yield page


class Reader(Larkfield):
    """Reads only: what it cannot do it has not marked."""

    upsert = link = withdraw = show = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("connector", "promise"),
    [
        (Doubling, WritingPromises().test_a_key_written_twice_is_one_object),
        (Forgetful, ReadingPromises().test_each_change_after_the_cursor_is_reported),
        (Greedy, WritingPromises().test_a_link_leaves_what_others_attached),
        (Repeating, ReadingPromises().test_the_index_has_each_item_once_and_ends),
    ],
)
async def test_a_broken_promise_is_noticed(connector: type[Larkfield], promise: object, tmp_path: Path) -> None:
    class BrokenBench(LarkfieldBench):
        connector_type = connector
        within = 0.2

    async with BrokenBench.running(tmp_path) as bench:
        with pytest.raises(AssertionError):
            await promise(bench)  # type: ignore[operator]


async def test_a_fault_that_is_swallowed_is_noticed(tmp_path: Path) -> None:
    class BlamingBench(LarkfieldBench):
        connector_type = Blaming

    async with BlamingBench.running(tmp_path) as bench:
        with pytest.raises(AssertionError, match="was not noticed"):
            await FaultPromises().test_what_lasts_is_named_by_what_to_do(bench, "unavailable")


def test_only_what_a_connector_can_do_is_asked_of_it() -> None:
    asked = {name for name in dir(promises(Reader, LarkfieldBench)) if name.startswith("test_")}
    assert "test_the_index_has_each_item_once_and_ends" in asked
    assert not asked & set(dir(WritingPromises)) - {
        "test_keys_nobody_wrote_are_not_held",
        "test_items_are_found_by_identifier",
    }


def test_an_excuse_for_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no such promise to excuse: test_flying"):
        promises(Larkfield, LarkfieldBench, excuses={"test_flying": "it has no wings"})


def test_an_excused_promise_must_fail_and_others_are_untouched() -> None:
    name = "test_the_index_has_each_item_once_and_ends"
    excused = promises(Larkfield, LarkfieldBench, excuses={name: "the vendor counts twice"})
    (mark,) = getattr(excused, name).pytestmark
    assert (mark.name, mark.kwargs) == ("xfail", {"reason": "the vendor counts twice", "strict": True})
    assert not hasattr(getattr(promises(Larkfield, LarkfieldBench), name), "pytestmark")
