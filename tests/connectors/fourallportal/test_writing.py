"""Writing copies over HTTP: created once whatever happens, refused one by one, never outside of what is ours."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from lockgate.connectors.fourallportal.connector import FourAllPortal
from lockgate.kit.conformance import eventually
from lockgate.kit.conformance.bench import source
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.errors import Conflict, ConnectorError, NeedsOperator, NotFound, RateLimited, Rejected, Transient
from lockgate.kit.profile import Match, Profile

Connect = Callable[..., AbstractAsyncContextManager[FourAllPortal]]
FILES = "/api/modules/file/objects"
FILE = b"a file of ours" * 100


def new(key: str = "dam:1", *, content: bytes = FILE, name: str = "larch.png", **fields: Any) -> Write:
    return Write(key=key, fields=fields, file=source(content, filename=name))


async def one(portal: FourAllPortal, write: Write) -> Receipt | ConnectorError:
    (answer,) = await portal.upsert("asset", [write])
    return answer


async def written(portal: FourAllPortal, write: Write) -> Receipt:
    answer = await one(portal, write)
    assert isinstance(answer, Receipt), answer
    return answer


# ── what arrives ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name", ["Größe & Weiß.png", "木.png", 'ein "Bild".png', "a;b=c, d.png", "o'hara.png", "e\u0301.png"]
)
async def test_a_file_name_arrives_as_it_is(tenant: Any, connect: Connect, name: str) -> None:
    async with connect() as portal:
        receipt = await written(portal, new(name=name))
    stored = await tenant.value(FILES, receipt.ref, "name")
    assert stored == name.replace('"', "%22")  # as browsers write names in forms


async def test_fields_arrive_in_the_tenants_form(tenant: Any, connect: Connect) -> None:
    told: dict[str, Any] = {
        "title": {"de": "Lärche", "en": "larch", "fr": "mélèze"},
        "keywords": ["tree", "conifer"],
        "license_until": "2027-03-31T22:00:00Z",
        "copyright": "x" * 500,
        "status": "approved",
    }
    async with connect() as portal:
        receipt = await written(portal, new(**told))
        held = (await portal.held("asset", ["dam:1"]))["dam:1"]
        foretold = portal.as_held("asset", told)
    stored = await tenant.get(FILES, receipt.ref)
    assert {one["dimensions"]["locale"]: one["value"] for one in stored["title"]} == {
        "de_DE": "Lärche",
        "en_US": "larch",
    }
    assert stored["license_until"] == [{"value": "2027-03-31T00:00:00.000Z"}]
    assert len(stored["copyright"][0]["value"]) == 450
    assert {name: held.fields[name] for name in told} == foretold
    assert stored["ext_id"] == [{"value": "dam:1"}]


async def test_an_update_leaves_other_fields_and_locales_alone(tenant: Any, connect: Connect) -> None:
    async with connect(locales={"de": "de_DE"}, default_locale="de_DE") as portal:
        receipt = await written(portal, new(title={"de": "Lärche"}, keywords=["tree"]))
        english = {"id": receipt.ref, "title": [{"value": "larch", "dimensions": {"locale": "en_US"}}]}
        await tenant.call(
            "PATCH", FILES, [english | {"description": [{"value": "theirs", "dimensions": {"locale": "de_DE"}}]}]
        )
        await written(portal, Write(key="dam:1", ref=receipt.ref, fields={"title": {"de": "Birke"}, "keywords": []}))
    stored = await tenant.get(FILES, receipt.ref)
    assert {one["dimensions"]["locale"]: one["value"] for one in stored["title"]} == {
        "de_DE": "Birke",
        "en_US": "larch",
    }
    assert "keywords" not in stored
    assert stored["description"][0]["value"] == "theirs"


async def test_choices_are_written_by_the_tenants_own_keys(tenant: Any, connect: Connect) -> None:
    by = Profile(matches={"asset": (Match(canonical="status", field="status", values={"in_review": "approved"}),)})
    async with connect(by=by) as portal:
        receipt = await written(portal, new(status="approved"))
        held = (await portal.held("asset", ["dam:1"]))["dam:1"]
    assert await tenant.value(FILES, receipt.ref, "status") == "in_review"
    assert held.fields["status"] == "approved"


async def test_a_replaced_file_is_the_new_one_at_the_same_object(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        first = await written(portal, new())
        second = await written(portal, new(content=b"another file", name="larch.jpg", title={"en": "new"}))
        assert (second.ref, second.created, second.sha256) == (
            first.ref,
            False,
            hashlib.sha256(b"another file").hexdigest(),
        )
    assert await tenant.value(FILES, first.ref, "name") == "larch.jpg"
    assert await tenant.value(FILES, first.ref, "file_size") == len(b"another file")


async def test_the_same_name_twice_is_two_files(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        refs = [(await written(portal, new(f"dam:{n}"))).ref for n in range(2)]
    assert [await tenant.value(FILES, ref, "name") for ref in refs] == ["larch.png", "larch_1.png"]


async def test_a_folder_that_was_named_is_where_copies_lie(tenant: Any, connect: Connect) -> None:
    (folder,) = (await tenant.call("GET", "/api/modules/folder/objects?query=name = 'Uploads'"))["result"]
    made = await tenant.set(
        "/api/modules/folder/objects", {"name": "Lockgate", "parent_id": folder["id"], "upload_allowed": True}
    )
    async with connect(upload_folder=made) as portal:
        await portal.check()
        receipt = await written(portal, new())
    assert await tenant.value(FILES, receipt.ref, "parent_path") == "Data/Uploads/Lockgate"


# ── once only ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_upload_that_was_done_but_not_answered_is_not_done_twice(tenant: Any, connect: Connect) -> None:
    before = await tenant.files()
    async with connect(read=0.3) as portal:
        await tenant.fault({"match": f"POST {FILES}", "kind": "cut", "times": 1})
        assert isinstance(await one(portal, new()), Transient)
        again = await written(portal, new())
        assert not again.created
        assert await portal.file_digest("asset", again.ref) == hashlib.sha256(FILE).hexdigest()
    assert await tenant.files() == before + 1


async def test_an_upload_that_was_never_answered_is_not_repeated_blindly(tenant: Any, connect: Connect) -> None:
    async with connect(read=0.2) as portal:
        await tenant.fault({"match": f"POST {FILES}", "kind": "timeout"})
        assert isinstance(await one(portal, new()), Transient)
    (rule,) = await tenant.control("GET", "faults")
    assert rule["hits"] == 1


async def test_a_copy_that_cannot_be_seen_yet_is_waited_for_and_not_blamed(tenant: Any, connect: Connect) -> None:
    """Reads lag behind: our key is taken by a copy that no search shows."""
    before = await tenant.files()
    async with connect() as portal:
        await tenant.switch(read_delay=60)
        await written(portal, new())
        answer = await one(portal, new())
        assert isinstance(answer, Conflict)
        assert "No copy can be seen under our key dam:1" in answer.sentence
        await tenant.control("PUT", "clock", {"advance_seconds": 61})
        await tenant.switch(read_delay=0)
        assert not (await written(portal, new())).created
    assert await tenant.files() == before + 1


async def test_two_writers_of_one_key_make_one_copy(tenant: Any, connect: Connect) -> None:
    before = await tenant.files()
    async with connect() as first, connect() as second:
        answers = await asyncio.gather(*(one(portal, new()) for portal in (first, second, first, second)))
        refs = {answer.ref for answer in answers if isinstance(answer, Receipt)}
        assert len(refs) == 1
        assert not [answer for answer in answers if isinstance(answer, Rejected)]
    assert await tenant.files() == before + 1


async def test_a_deleted_copy_is_made_anew_under_its_key(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        first = await written(portal, new())
        await tenant.act("delete", module="file", id=first.ref)
        known = Write(key="dam:1", ref=first.ref, fields={"keywords": ["tree"]})
        assert isinstance(await one(portal, known), NotFound)
        second = await written(portal, new())
    assert second.created
    assert second.ref != first.ref


async def test_a_copy_that_lost_our_key_is_not_ours_any_more(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        first = await written(portal, new(title={"en": "ours"}))
        await tenant.set(FILES, {"id": first.ref, "ext_id": None})
        for write in (Write(key="dam:1", ref=first.ref, fields={"title": {"en": "changed"}}),
                      Write(key="dam:1", ref=first.ref, file=source(b"changed"))):  # fmt: skip
            assert isinstance(await one(portal, write), NotFound)
    stored = await tenant.get(FILES, first.ref)
    assert stored["title"][0]["value"] == "ours"
    assert stored["file_size"] == [{"value": len(FILE)}]


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_one_bad_object_of_a_batch_does_not_stop_the_others(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        for n in range(5):
            await written(portal, new(f"dam:{n}", status="draft"))
        writes = [
            Write(key="dam:0", fields={"title": {"en": "zero"}}),
            Write(key="dam:1", fields={"status": "approved"}),  # not allowed from draft
            Write(key="dam:2", fields={"license_until": "soon"}),
            Write(key="dam:nobody", fields={"title": {"en": "nobody"}}),
            Write(key="dam:4", fields={"title": {"en": "four"}}),
        ]
        zero, one_, two, nobody, four = await portal.upsert("asset", writes)
    assert isinstance(zero, Receipt)
    assert isinstance(four, Receipt)
    assert isinstance(nobody, NotFound)
    assert isinstance(one_, Rejected)
    assert (one_.code, "Transition draft -> approved not allowed" in one_.sentence) == ("status.step", True)
    assert isinstance(two, Rejected)
    assert two.sentence.startswith("license_until cannot be written to field license_until: 'soon' is no date")
    assert (await tenant.get(FILES, four.ref))["title"][0]["value"] == "four"


async def test_fields_are_written_in_batches(tenant: Any, connect: Connect) -> None:
    async with connect(batch=4) as portal:
        for n in range(10):
            await written(portal, new(f"dam:{n}"))
        await tenant.control("DELETE", "calls")
        writes = [Write(key=f"dam:{n}", fields={"keywords": [str(n)]}) for n in range(10)]
        answers = await portal.upsert("asset", writes)
    assert [answer.key for answer in answers if isinstance(answer, Receipt)] == [write.key for write in writes]
    assert len(await tenant.calls("PATCH")) == 3


async def test_a_locale_the_tenant_has_not_is_named_with_the_setting(connect: Connect) -> None:
    async with connect(locales={"fr": "fr_FR", "en": "en_US"}) as portal:
        answer = await one(portal, new(title={"fr": "mélèze"}))
    assert isinstance(answer, Rejected)
    assert (answer.code, "`locales`" in answer.sentence) == ("locale", True)


async def test_a_folder_that_takes_no_uploads_stops_the_connection_in_words(tenant: Any, connect: Connect) -> None:
    (folder,) = (await tenant.call("GET", "/api/modules/folder/objects?query=name = 'Archive'"))["result"]
    async with connect(upload_folder=folder["id"]) as portal:
        with pytest.raises(NeedsOperator, match=r"'Data/Archive' is not an upload folder.*`upload_folder`") as told:
            await portal.upsert("asset", [new()])
    assert told.value.code == "upload.forbidden"


@pytest.mark.parametrize("size", [3_000, 300_000])
async def test_a_file_too_large_for_the_portal_is_refused_alone(tenant: Any, connect: Connect, size: int) -> None:
    await tenant.switch(max_upload=2_000)
    async with connect() as portal:
        large, small = await portal.upsert("asset", [new("dam:1", content=b"x" * size), new("dam:2")])
    assert isinstance(large, Rejected)
    assert "413" in large.sentence
    assert isinstance(small, Receipt)


async def test_a_key_too_long_for_its_field_is_never_cut(tenant: Any, connect: Connect) -> None:
    before = await tenant.files()
    async with connect() as portal:
        answer = await one(portal, new("dam:" + "x" * 300))
    assert isinstance(answer, Rejected)
    assert "longer than the 255 characters of field ext_id" in answer.sentence
    assert await tenant.files() == before


async def test_a_pause_the_portal_asks_for_is_passed_on(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        await tenant.fault({"match": f"POST {FILES}", "kind": "rate_limit", "retry_after": 60})
        answer = await one(portal, new())
    assert isinstance(answer, RateLimited)
    assert answer.retry_after == 60


async def test_a_batch_that_failed_for_a_while_is_tried_later_and_blames_nobody(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        await written(portal, new())
        await tenant.fault({"match": "PATCH *", "kind": "status", "status": 500})
        answer = await one(portal, Write(key="dam:1", fields={"keywords": ["tree"]}))
    assert isinstance(answer, Transient)
    assert not isinstance(answer, Conflict)


@pytest.mark.parametrize("number", [1, 3])
async def test_a_copy_deleted_while_it_is_written_is_not_found(tenant: Any, connect: Connect, number: int) -> None:
    async with connect() as portal:
        copies = [await written(portal, new(f"dam:{n}")) for n in range(number)]
        await tenant.fault({"match": "PATCH *", "kind": "slow", "delay_ms": 200, "times": 1})
        writes = [Write(key=copy.key, ref=copy.ref, fields={"keywords": ["tree"]}) for copy in copies]
        writing = asyncio.create_task(portal.upsert("asset", writes))
        await eventually(struck(tenant), bool, "the write never came")
        await tenant.act("delete", module="file", id=copies[0].ref)
        answers = await writing
    assert [type(answer) for answer in answers] == [NotFound, *[Receipt] * (number - 1)]


def struck(tenant: Any) -> Callable[[], Awaitable[Any]]:
    async def look() -> Any:
        return (await tenant.control("GET", "faults"))[0]["hits"]

    return look


async def test_a_role_that_may_not_edit_stops_the_connection(tenant: Any, connect: Connect) -> None:
    async with connect() as portal:
        await written(portal, new())
        await tenant.switch(rights=["view", "create", "upload", "download"])
        with pytest.raises(NeedsOperator, match="does not allow us PATCH"):
            await portal.upsert("asset", [Write(key="dam:1", fields={"keywords": ["tree"]})])


async def test_a_wrong_key_stops_everything(connect: Connect) -> None:
    async with connect(key="a-key-nobody-gave-out") as portal:
        with pytest.raises(NeedsOperator, match="does not accept the API key"):
            await portal.upsert("asset", [new()])


async def test_a_product_has_no_file_of_its_own(connect: Connect) -> None:
    async with connect() as portal:
        (answer,) = await portal.upsert("product", [new()])
    assert isinstance(answer, Rejected)
    assert "no file of their own" in answer.sentence
