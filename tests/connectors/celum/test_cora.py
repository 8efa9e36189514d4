"""CORA, for installations without the Content API: the same assets read, and nothing written."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from pydantic import ValidationError

from lockgate.connectors.celum.connector import Celum, CelumSettings
from lockgate.kit.contract import Write
from lockgate.kit.errors import NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.profile import Match, Profile
from lockgate.model.item import Rendition
from lockgate.model.lifecycle import Status

Connect = Callable[..., AbstractAsyncContextManager[Celum]]
PRODUCT_IMAGE = 2200
VALUES = [
    {"id": 643, "type": "TEXT", "value": "LARCH-1"},
    {"id": 644, "type": "LOCALIZED_TEXT", "value": {"en": "A larch", "de": "Eine Lärche"}},
    {"id": 650, "type": "DROPDOWN", "value": 1},
    {"id": 653, "type": "BOOLEAN", "value": True},
]


@pytest.fixture
def old(connect: Connect) -> Connect:
    """Connections over CORA."""

    def connection(**settings: Any) -> AbstractAsyncContextManager[Celum]:
        return connect(**{"api": "cora", **settings})

    return connection


async def larch(tenant: Any, content: bytes = b"a larch") -> str:
    made = await tenant.create("larch", content, typeId=PRODUCT_IMAGE, informationFieldValues=VALUES)
    return str(made["id"])


async def test_an_asset_is_the_same_over_both_interfaces_but_for_its_release(
    tenant: Any, connect: Connect, old: Connect
) -> None:
    id = await larch(tenant)
    async with connect() as content, old() as cora:
        (new,), (same,) = await content.fetch("asset", [id]), await cora.fetch("asset", [id])
    members = ("id", "title", "texts", "identifiers", "window", "relations", "fields", "modified", "missing")
    assert {name: getattr(same, name) for name in members} == {name: getattr(new, name) for name in members}
    assert same.status is Status.UNKNOWN
    assert [one.name for one in same.renditions] == [one.name for one in new.renditions]


async def test_all_assets_are_listed_once_and_stated_as_they_are_fetched(tenant: Any, old: Connect) -> None:
    wanted = {str(one["id"]) for one in await tenant.assets()}
    async with old(quirks={"page_size": 150}) as dam:
        pages = [page async for page in dam.index("asset", None)]
        refs = {ref.id: ref.revision for page in pages for ref in page.records}
        some = sorted(refs, key=int)[:90]
        items = await dam.fetch("asset", [*some, "999999999"])
        rest = [ref.id async for page in dam.index("asset", pages[-2].cursor) for ref in page.records]
    assert set(refs) == wanted
    assert pages[0].total == len(wanted)
    assert {item.id: item.revision for item in items} == {id: refs[id] for id in some}
    assert rest == [ref.id for ref in pages[-1].records]


async def test_a_change_is_seen_by_its_date(tenant: Any, old: Connect) -> None:
    id = await larch(tenant)
    async with old() as dam:
        (start,) = [page async for page in dam.changes("asset", None)]
        await tenant.later()
        await tenant.call("PATCH", f"assets/{id}", {"name": "larch, renamed"})
        events = [event async for page in dam.changes("asset", start.cursor) for event in page.records]
    assert [event.id for event in events] == [id]


async def test_a_file_is_read_and_one_replaced_meanwhile_is_not(tenant: Any, old: Connect) -> None:
    id = await larch(tenant)
    async with old() as dam:
        (item,) = await dam.fetch("asset", [id])
        rendition = item.rendition("original")
        assert isinstance(rendition, Rendition)
        async with dam.open(id, rendition) as stream:
            assert (stream.filename, b"".join([chunk async for chunk in stream.chunks])) == ("larch.txt", b"a larch")
        handle = await tenant.upload(b"another larch", "larch.txt")
        await tenant.call("POST", f"assets/{id}/versions", {"filename": "larch.txt", "uploadHandle": handle})
        with pytest.raises(Transient, match="replaced meanwhile"):
            async with dam.open(id, rendition):
                pass
        with pytest.raises(NotFound):
            async with dam.open("999999999", rendition):
                pass


async def test_only_what_lies_in_the_collection_is_read(tenant: Any, old: Connect) -> None:
    inner = await tenant.call("POST", "collections", {"name": {"en": "Inner"}, "parentId": await tenant.folder()})
    made = await tenant.create("inside", parentId=inner["id"])
    async with old(collection=inner["id"]) as dam:
        assert [ref.id async for page in dam.index("asset", None) for ref in page.records] == [str(made["id"])]
        assert (await dam.check()).notes[0] == "The account sees 1 assets."


async def test_the_fields_of_the_tenant_are_known(connect: Connect, old: Connect) -> None:
    async with connect() as content, old() as cora:
        new = {one.name: (one.type, one.localized) for one in (await content.schema()).kinds["asset"]}
        same = {one.name: (one.type, one.localized) for one in (await cora.schema()).kinds["asset"]}
        season = next(one for one in (await cora.schema()).kinds["asset"] if one.name == "season")
    assert same == new
    assert season.options == {"0": "Summer", "1": "Winter"}


async def test_a_wrong_key_is_refused(old: Connect) -> None:
    async with old(key="a-key-nobody-gave-out") as dam:
        with pytest.raises(NeedsOperator) as refused:
            await dam.check()
    assert "a-key-nobody-gave-out" not in f"{refused.value.sentence} {refused.value.detail}"


async def test_collections_are_walked_by_name_below_one(tenant: Any, old: Connect) -> None:
    inner = await tenant.call("POST", "collections", {"name": {"en": "Inner", "de": "Innen"}, "parentId": 4711})
    async with old() as dam:
        top = await dam.collection("4700")
        below = {one.id: one for one in await dam.collections("4700")}
        (leaf,) = await dam.collections("4711")
        deep = {one.id for one in await dam.collections("4700", recursive=True)}
        with pytest.raises(NotFound):
            await dam.collection("999999")
    assert (top.names["en"], top.has_children, below["4711"].parent) == ("Marketing", True, "4700")
    assert (leaf.id, leaf.names, leaf.has_children) == (str(inner["id"]), {"en": "Inner", "de": "Innen"}, False)
    assert {"4711", leaf.id} <= deep


async def test_all_collections_are_listed_once_whatever_the_size_of_a_page(tenant: Any, old: Connect) -> None:
    page = await tenant.call("GET", "collections?recursive=true&size=200")
    async with old(quirks={"page_size": 3}) as dam:
        found = [one.id for one in await dam.collections(recursive=True)]
        with pytest.raises(Rejected, match="which collections are roots"):
            await dam.collections()
    assert sorted(found, key=int) == sorted((str(one["id"]) for one in page["content"]), key=int)


async def test_a_choice_named_in_another_language_only_is_read(tenant: Any, old: Connect) -> None:
    added = {
        "name": "freigabe",
        "type": "DROPDOWN",
        "label": "Freigabe",
        "language": "de",
        "options": ["Offen", "Frei"],
    }
    field = await tenant.control("POST", "actions/add_field", added)
    value = [{"id": field["id"], "type": "DROPDOWN", "value": 1}]
    made = await tenant.create("chosen", typeId=PRODUCT_IMAGE, informationFieldValues=value)
    profile = Profile(matches={"asset": (Match(canonical="fields.state", field="freigabe"),)})
    async with old(by=profile) as dam:
        (item,) = await dam.fetch("asset", [str(made["id"])])
    assert item.fields["state"] == "Frei"


async def test_nothing_is_written_and_only_assets_are_read(old: Connect) -> None:
    async with old() as dam:
        with pytest.raises(Rejected, match="only read from"):
            await dam.upsert("asset", [Write(key="x")])
        with pytest.raises(Rejected, match="only read from"):
            await dam.create_collection({"en": "x"}, "4700")
        with pytest.raises(Rejected, match="only assets"):
            await dam.fetch("collection", ["4700"])
        with pytest.raises(Rejected, match="no cursor"):
            [page async for page in dam.index("asset", "x")]


@pytest.mark.parametrize("site", ["https://acme.example", "https://acme.example/cora/"])
def test_its_address_is_found_from_the_sites(site: str) -> None:
    made = CelumSettings.model_validate({"site": site, "key": "k-123456", "api": "cora"})
    assert (made.base, made.site_hosts()) == ("https://acme.example/cora", ("acme.example:443",))


def test_it_takes_a_key_and_no_user() -> None:
    with pytest.raises(ValidationError, match="API key"):
        CelumSettings.model_validate({"site": "acme.example", "user": "u", "password": "p", "api": "cora"})
