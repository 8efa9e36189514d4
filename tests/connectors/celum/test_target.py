"""CELUM as a target: ours by our key, what cannot be written in words, links by collection and by relation, finding."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from lockgate.connectors.celum.connector import Celum
from lockgate.kit.conformance.bench import source
from lockgate.kit.contract import FileSource, FileStream, Link, Receipt, Write
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound, Rejected
from lockgate.kit.profile import Match, Profile
from lockgate.model.item import Rendition

Studio = Callable[..., AbstractAsyncContextManager[Celum]]
UPLOADS = 4700


def unmeasured(content: bytes) -> FileSource:
    """A file whose length nobody knows before it was read."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    @asynccontextmanager
    async def opened() -> AsyncIterator[FileStream]:
        yield FileStream(filename="larch.txt", media_type="text/plain", length=None, chunks=chunks())

    return FileSource(filename="larch.txt", media_type="text/plain", length=None, expected=None, open=opened)


async def put(
    dam: Celum, key: str, fields: Mapping[str, Any] | None = None, *, file: FileSource | None = None
) -> Receipt:
    (answer,) = await dam.upsert("asset", [Write(key=key, fields=fields or {}, file=file or source(b"a file"))])
    assert isinstance(answer, Receipt), answer
    return answer


async def refused(dam: Celum, write: Write, kind: str = "asset") -> ConnectorError:
    (answer,) = await dam.upsert(kind, [write])
    assert isinstance(answer, ConnectorError)
    return answer


# ── our key ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_key_that_others_begin_with_finds_its_own_asset_alone(tenant: Any, studio: Studio) -> None:
    async with studio() as dam:
        refs = {key: (await put(dam, key)).ref for key in ("dam:1", "dam:12", "dam:123")}
        await tenant.control("DELETE", "calls")
        held = await dam.held("asset", ["dam:1", "dam:12"])
    assert {key: one.ref for key, one in held.items()} == {"dam:1": refs["dam:1"], "dam:12": refs["dam:12"]}
    assert await tenant.calls("/assets/search") == 1


async def test_without_a_field_for_our_key_nothing_is_written(tenant: Any, studio: Studio) -> None:
    before = len(await tenant.assets())
    async with studio(quirks={"key_field": "no-such-field"}) as dam:
        with pytest.raises(NeedsOperator, match="no text field 'no-such-field' for assets"):
            await put(dam, "dam:1")
    assert len(await tenant.assets()) == before


async def test_without_a_place_for_new_assets_nothing_is_written(studio: Studio) -> None:
    async with studio(upload_collection=None) as dam:
        with pytest.raises(NeedsOperator, match="set `upload_collection`"):
            await put(dam, "dam:1")


async def test_check_names_the_place_and_the_field_of_a_target(studio: Studio) -> None:
    async with studio() as dam:
        notes = (await dam.check()).notes
    assert any("collection 4700" in note and "external-id" in note for note in notes)


async def test_an_asset_that_lost_our_key_is_not_ours_any_more(tenant: Any, studio: Studio) -> None:
    async with studio() as dam:
        ref = (await put(dam, "dam:1")).ref
        empty = [{"id": 720, "type": "TEXT", "value": {"op": "CLEAR"}}]
        await tenant.call("PATCH", f"assets/{ref}", {"informationFieldValues": empty})
        assert isinstance(await refused(dam, Write(key="dam:1", ref=ref, fields={"title": "x"})), NotFound)
        for policy in ("hide", "remove"):
            (answer,) = await dam.withdraw("asset", [ref], policy)
            assert isinstance(answer, Rejected)
    assert await tenant.call("GET", f"assets/{ref}")


async def test_a_removed_asset_is_gone_with_all_its_versions(tenant: Any, studio: Studio) -> None:
    async with studio() as dam:
        ref = (await put(dam, "dam:1")).ref
        (answer,) = await dam.withdraw("asset", [ref], "remove")
        (again,) = await dam.withdraw("asset", [ref], "remove")
        assert await dam.held("asset", ["dam:1"]) == {}
        assert await dam.file_digest("asset", ref) is None
    assert isinstance(answer, Receipt)
    assert isinstance(again, Receipt)
    await tenant.call("GET", f"assets/{ref}", expect=403)


# ── files and fields ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_file_of_unknown_length_is_measured_first(studio: Studio) -> None:
    async with studio() as dam:
        receipt = await put(dam, "dam:1", file=unmeasured(b"how long it is shows only at the end"))
        (held,) = (await dam.held("asset", ["dam:1"])).values()
    assert receipt.bytes == held.length == len(b"how long it is shows only at the end")


async def test_bytes_may_be_sent_by_put_as_some_stores_want(tenant: Any, studio: Studio) -> None:
    async with studio(quirks={"upload_method": "PUT"}) as dam:
        await put(dam, "dam:1")
    log = await tenant.control("GET", "calls")
    assert [one["method"] for one in log if "/__files/upload/" in one["path"]] == ["PUT"]


async def test_what_is_the_same_already_costs_no_write(tenant: Any, studio: Studio) -> None:
    fields = {"title": "Larch", "keywords.subject": ["tree"], "texts.caption": {"en": "A tree"}}
    async with studio() as dam:
        ref = (await put(dam, "dam:1", fields)).ref
        await tenant.control("DELETE", "calls")
        (answer,) = await dam.upsert("asset", [Write(key="dam:1", ref=ref, fields=fields)])
    assert isinstance(answer, Receipt)
    assert not [one for one in await tenant.control("GET", "calls") if one["method"] == "PATCH"]


async def test_a_caption_taken_back_in_one_language_stays_in_the_other(studio: Studio) -> None:
    async with studio() as dam:
        ref = (await put(dam, "dam:1", {"texts.caption": {"de": "Lärche", "en": "Larch"}})).ref
        await dam.upsert("asset", [Write(key="dam:1", ref=ref, fields={"texts.caption": {"en": "Larch"}})])
        held = (await dam.held("asset", ["dam:1"]))["dam:1"]
    assert held.fields["texts.caption"] == {"en": "Larch"}


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("rights.territories", ["Atlantis"], "'Atlantis' is not among the words"),
        ("fields.season", "Spring", "none of its choices"),
        ("fields.rating", 2.5, "no whole number"),
        ("fields.weight", "heavy", "no number"),
        ("rights.cleared", "perhaps", "neither true nor false"),
        ("fields.taken", "some day", "no date"),
    ],
)
async def test_what_a_field_cannot_take_parks_the_item_with_the_reason(
    studio: Studio, name: str, value: Any, why: str
) -> None:
    async with studio() as dam:
        answer = await refused(dam, Write(key="dam:1", fields={name: value}, file=source(b"a file")))
    assert (type(answer), answer.code) == (Rejected, "field.value")
    assert why in answer.sentence
    assert name in answer.sentence


async def test_a_region_is_written_by_its_code_and_read_back_as_that_place(tenant: Any, studio: Studio) -> None:
    await tenant.call("POST", "collections", {"name": {"en": "Germany", "de": "Deutschland"}, "parentId": 500})
    async with studio() as dam:
        ref = (await put(dam, "dam:1", {"rights.territories": ["DE"], "rights.cleared": True})).ref
        (item,) = await dam.fetch("asset", [ref])
    assert item.rights is not None
    assert item.rights.permissions[0].territories == frozenset({"DE"})


async def test_a_required_field_left_empty_is_named(tenant: Any, studio: Studio) -> None:
    async with studio() as dam:
        ref = (await put(dam, "dam:1", {"ids.sku": "L-1"})).ref
        await tenant.control("PUT", "options", {"required": "643"})
        answer = await refused(dam, Write(key="dam:1", ref=ref, fields={"ids.sku": None}))
        await tenant.control("PUT", "options", {"required": ""})
    assert isinstance(answer, Rejected)
    assert "sku (643)" in answer.sentence


async def test_a_right_missing_where_we_write_stops_that_item_alone(tenant: Any, studio: Studio) -> None:
    async with studio() as dam:
        ref = (await put(dam, "dam:1")).ref
        await tenant.control("PUT", "options", {"denied": "editMetadata"})
        answer = await refused(dam, Write(key="dam:1", ref=ref, fields={"ids.sku": "L-2"}))
        await tenant.control("PUT", "options", {"denied": "upload"})
        with pytest.raises(NeedsOperator, match="permission upload is missing"):
            await put(dam, "dam:2")
    assert (type(answer), answer.code) == (Rejected, "asset.forbidden")


async def test_a_version_that_was_written_is_read_in_exactly_that_version(studio: Studio) -> None:
    async with studio() as dam:
        ref = (await put(dam, "dam:1", file=source(b"the first"))).ref
        (item,) = await dam.fetch("asset", [ref])
        first = item.rendition("original")
        await put(dam, "dam:1", file=source(b"the second"))
        assert isinstance(first, Rendition)
        async with dam.open(ref, first) as stream:
            assert b"".join([chunk async for chunk in stream.chunks]) == b"the first"


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_link_between_assets_is_a_relation_of_that_type(tenant: Any, studio: Studio) -> None:
    master = str((await tenant.create("master"))["id"])
    async with studio() as dam:
        ours = (await put(dam, "dam:1")).ref
        on = Link(kind="asset", id=master, field="variant", ref=ours)
        for _ in range(2):
            (answer,) = await dam.link([on])
            assert isinstance(answer, Receipt)
        (relation,) = await dam.relations(master)
        assert (await dam.held("asset", ["dam:1"]))["dam:1"].links == (master,)
        await dam.link([Link(kind="asset", id=master, field="variant", ref=ours, present=False)])
        assert await dam.relations(master) == []
    assert (relation.source, relation.target) == (master, ours)


@pytest.mark.parametrize(
    ("link", "why"),
    [
        (Link(kind="product", id="1", field="images", ref="1"), "not to product"),
        (Link(kind="collection", id=str(UPLOADS), field="images", ref="1"), "its field is assets"),
        (Link(kind="asset", id="1", field="sequel", ref="1"), "no relation type 'sequel'"),
    ],
)
async def test_a_link_that_cannot_be_says_what_can(studio: Studio, link: Link, why: str) -> None:
    async with studio() as dam:
        (answer,) = await dam.link([link])
    assert isinstance(answer, Rejected)
    assert why in answer.sentence


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────────────────────

FINDABLE = Profile(
    matches={
        "asset": (
            Match(canonical="ids.sku", field="sku"),
            Match(canonical="ids.gtin", field="notes"),
            Match(canonical="ids.family", field="tags"),
            Match(canonical="ids.number", field="rating"),
        )
    }
)


async def test_assets_are_found_by_text_number_and_tag_whole_values_only(studio: Studio) -> None:
    async with studio(by=FINDABLE) as dam:
        one = (await put(dam, "a", {"ids.sku": "L-1", "ids.gtin": "4006381333931", "ids.number": 77})).ref
        two = (await put(dam, "b", {"ids.sku": "L-12", "ids.family": ["larches"]})).ref
        assert await dam.find("asset", "sku", ["L-1", "L-12", "L"]) == {"L-1": [one], "L-12": [two]}
        assert await dam.find("asset", "gtin", ["04006381333931"]) == {"04006381333931": [one]}
        assert await dam.find("asset", "number", ["77", "none"]) == {"77": [one]}
        assert await dam.find("asset", "family", ["larches", "firs"]) == {"larches": [two]}
        assert await dam.find("asset", "isbn", ["x"]) == {}
