"""Collections as items: watched and read, and written as a tree that follows what it is made from."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from lockgate.connectors.celum.connector import Celum
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.errors import ConnectorError, NotFound, Rejected
from lockgate.kit.profile import Match, Profile, propose

Studio = Callable[..., AbstractAsyncContextManager[Celum]]
UPLOADS = 4700
PROFILE = Profile(
    matches={
        "collection": (
            Match(canonical="ids.sku", field="collection-sku"),
            Match(canonical="texts.description", field="collection-description"),
        )
    },
    zone="Europe/Berlin",
)


async def put(dam: Celum, key: str, **fields: Any) -> Receipt:
    (answer,) = await dam.upsert("collection", [Write(key=key, fields=fields)])
    assert isinstance(answer, Receipt), answer
    return answer


async def test_a_tree_is_written_top_down_and_found_again(studio: Studio) -> None:
    async with studio(by=PROFILE) as dam:
        answers = await dam.upsert(
            "collection",
            [
                Write(key="cat:1", fields={"title": {"en": "Chairs", "de": "Stühle"}, "ids.sku": "C"}),
                Write(key="cat:2", fields={"title": {"en": "Stools"}, "parent_key": "cat:1"}),
            ],
        )
        chairs, stools = [one for one in answers if isinstance(one, Receipt)]
        held = await dam.held("collection", ["cat:1", "cat:2", "cat:3"])
        (item,) = await dam.fetch("collection", [stools.ref])
        assert await dam.find("collection", "sku", ["C", "D"]) == {"C": [chairs.ref]}
    assert sorted(held) == ["cat:1", "cat:2"]
    assert held["cat:1"].fields["title"] == {"en": "Chairs", "de": "Stühle"}
    assert held["cat:2"].fields["parent"] == chairs.ref
    assert (item.title, item.fields["path"].endswith("/Chairs")) == ({"en": "Stools"}, True)
    assert [(one.kind, one.id) for one in item.relations] == [("collection", chairs.ref)]
    assert item.revision == held["cat:2"].revision


async def test_a_rename_and_a_move_follow_and_peoples_own_names_stay(tenant: Any, studio: Studio) -> None:
    async with studio(by=PROFILE) as dam:
        one, other, inner = [(await put(dam, key, title={"en": key})).ref for key in ("one", "other", "inner")]
        await tenant.call("PATCH", f"collections/{inner}", {"name": {"fr": "Dedans"}})
        for _ in range(2):
            await put(dam, "inner", title={"en": "Within"}, parent_key="other")
        seen = await dam.collection(inner)
    assert one != other
    assert (seen.parent, seen.names) == (other, {"en": "Within", "fr": "Dedans"})


async def test_what_is_the_same_already_costs_no_write(tenant: Any, studio: Studio) -> None:
    async with studio(by=PROFILE) as dam:
        fields = {"title": {"en": "Chairs"}, "texts.description": {"en": "To sit on"}, "parent": str(UPLOADS)}
        await put(dam, "cat:1", **fields)
        await tenant.control("DELETE", "calls")
        await put(dam, "cat:1", **fields)
        held = (await dam.held("collection", ["cat:1"]))["cat:1"]
        assert {name: held.fields[name] for name in fields} == dam.as_held("collection", fields)
    assert not [one for one in await tenant.control("GET", "calls") if one["method"] == "PATCH"]


async def test_a_lost_answer_makes_no_second_collection(tenant: Any, studio: Studio) -> None:
    async with studio(by=PROFILE) as dam:
        await put(dam, "warm", title={"en": "Warm"})
        await tenant.fault(match="POST */collections", kind="cut", times=1)
        ref = (await put(dam, "cat:1", title={"en": "Lost"})).ref
        assert [one.id for one in await dam.collections(str(UPLOADS)) if one.names == {"en": "Lost"}] == [ref]


async def test_a_collection_waits_for_the_one_above_it(studio: Studio) -> None:
    async with studio(by=PROFILE) as dam:
        (answer,) = await dam.upsert("collection", [Write(key="b", fields={"title": "B", "parent_key": "a"})])
    assert isinstance(answer, NotFound)
    assert answer.code == "parent.missing"


async def test_only_our_own_and_only_empty_collections_are_removed(tenant: Any, studio: Studio) -> None:
    async with studio(by=PROFILE) as dam:
        upper = (await put(dam, "a", title="A")).ref
        lower = (await put(dam, "b", title="B", parent_key="a")).ref
        full, empty, theirs = await dam.withdraw("collection", [upper, lower, str(UPLOADS)], "remove")
        with pytest.raises(Rejected, match="cannot hide"):
            await dam.withdraw("collection", [upper], "hide")
    assert isinstance(empty, Receipt)
    assert isinstance(theirs, Rejected)
    assert theirs.code == "not_ours"
    assert isinstance(full, ConnectorError)
    assert await tenant.call("GET", f"collections/{upper}")


async def test_collections_are_indexed_whole_and_their_changes_seen(tenant: Any, studio: Studio) -> None:
    async with studio(by=PROFILE) as dam:
        known = [ref async for page in dam.index("collection", None) for ref in page.records]
        (start,) = [page async for page in dam.changes("collection", None)]
        await tenant.later()
        await tenant.call("PATCH", f"collections/{UPLOADS}", {"name": {"en": "Marketing, renamed"}})
        events = [event async for page in dam.changes("collection", start.cursor) for event in page.records]
        again = {ref.id: ref.revision async for page in dam.index("collection", None) for ref in page.records}
        (item,) = await dam.fetch("collection", [str(UPLOADS)])
    assert len({ref.id for ref in known}) == len(known) > 3
    assert [(event.kind, event.id) for event in events] == [("collection", str(UPLOADS))]
    assert again[str(UPLOADS)] == item.revision != {ref.id: ref.revision for ref in known}[str(UPLOADS)]


async def test_the_fields_of_collections_are_proposed_like_those_of_assets(studio: Studio) -> None:
    async with studio() as dam:
        proposed = propose(await dam.schema(), dam.hints)
    found = {match.canonical: match.field for match in proposed["collection"]}
    assert found["ids.sku"] == "collection-sku"
    assert found["texts.description"] == "collection-description"
    assert {match.canonical for match in proposed["asset"]} >= {"ids.sku", "rights.territories"}
