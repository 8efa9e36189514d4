"""Versions and renditions of documents, and files that are too large for one call."""

import asyncio
import hashlib
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from lockgate.connectors.opentext.connector import OpenText
from lockgate.kit.contract import Write
from lockgate.kit.errors import ConnectorError, ContractBroken, NotFound

from .conftest import Connect, Server, file, put, refused, served

IN_PARTS = {"parts_from": 1}


@pytest.fixture
async def document(server: Server) -> int:
    return await server.upload(await server.workspace("1"), "plan.odt", b"the plan", user="admin")


async def rendition(server: Server, document: int, kind: str, content: bytes) -> None:
    form = aiohttp.FormData()
    form.add_field("rendition_type", kind)
    form.add_field("file", content, filename=f"plan.{kind}", content_type="application/pdf")
    headers = {"OTCSTicket": await server.ticket("admin")}
    url = f"{server.url}/cs/cs/api/v2/nodes/{document}/versions/1/renditions"
    async with server.session.post(url, data=form, headers=headers) as answer:
        assert answer.ok, await answer.text()


async def test_a_version_that_is_locked_is_neither_changed_nor_removed(server: Server, ecm: OpenText) -> None:
    await server.workspace("1")
    (receipt,) = await put(ecm, "asset", Write(key="dam:1", fields={"workspace": "TE1/KNA1/1"}, file=file()))
    own = int(receipt.ref)
    await put(ecm, "asset", Write(key="dam:1", ref=receipt.ref, file=file(b"second")))
    for _ in range(2):
        await ecm.lock_version(own, 1)
    assert [one.locked for one in await ecm.versions(own)] == [True, False]
    with pytest.raises(ConnectorError):
        await ecm.describe_version(own, 1, "a first draft")
    with pytest.raises(ConnectorError):
        await ecm.remove_version(own, 1)
    await ecm.unlock_version(own, 1)
    await ecm.describe_version(own, 1, "a first draft")
    assert (await ecm.version(own, 1)).description == "a first draft"
    for _ in range(2):
        await ecm.remove_version(own, 1)
    assert [one.number for one in await ecm.versions(own)] == [2]
    with pytest.raises(NotFound):
        await ecm.version(999_999_999, 1)


async def test_only_a_document_that_counts_minor_versions_has_major_ones(
    server: Server, ecm: OpenText, document: int
) -> None:
    with pytest.raises(ConnectorError, match="standard versioning"):
        await ecm.promote_version(document, 1)
    await server.call("PUT", f"/v2/nodes/{document}", {"versions_control_advanced": True})
    for _ in range(2):
        await ecm.promote_version(document, 1, "approved")
    assert [(one.name, one.description) for one in await ecm.versions(document)] == [("1.0", "approved")]


async def test_other_forms_of_a_version_are_listed_and_read(server: Server, ecm: OpenText, document: int) -> None:
    assert await ecm.renditions(document) == []
    await rendition(server, document, "pdf", b"%PDF of the plan")
    (pdf,) = await ecm.renditions(document, 1)
    assert (pdf.type, pdf.version, pdf.file_name, pdf.size) == ("pdf", 1, "plan.pdf", 16)
    async with ecm.open_rendition(document, 1, "pdf") as stream:
        assert b"".join([chunk async for chunk in stream.chunks]) == b"%PDF of the plan"
    with pytest.raises(ConnectorError):
        async with ecm.open_rendition(document, 1, "tiff"):
            pass


async def test_renditions_belong_to_the_item_where_that_is_wanted(
    server: Server, connect: Connect, document: int
) -> None:
    await rendition(server, document, "pdf", b"%PDF of the plan")
    async with connect() as ecm:
        (item,) = await ecm.fetch("asset", [str(document)])
        assert [one.name for one in item.renditions] == ["original"]
    async with connect(quirks={"read_renditions": True}) as ecm:
        (item,) = await ecm.fetch("asset", [str(document)])
        original, pdf = item.renditions
        assert (original.name, pdf.name, pdf.filename) == ("original", "pdf", "plan.pdf")
        for one, content in ((original, b"the plan"), (pdf, b"%PDF of the plan")):
            async with ecm.open(item.id, one) as stream:
                assert b"".join([chunk async for chunk in stream.chunks]) == content


# ── large files ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("length", [True, False])
async def test_a_large_file_travels_in_parts_and_arrives_whole(
    server: Server, connect: Connect, tmp_path: Path, length: bool
) -> None:
    await server.switch(part_size=4)
    await server.workspace("1")
    content = b"0123456789"
    async with connect(quirks=IN_PARTS) as ecm:
        write = Write(key="dam:1", fields={"workspace": "TE1/KNA1/1"}, file=file(content, length=length))
        (made,) = await put(ecm, "asset", write)
        (again,) = await put(ecm, "asset", Write(key="dam:1", ref=made.ref, file=file(content[::-1], length=length)))
        assert await ecm.file_digest("asset", made.ref) == hashlib.sha256(content[::-1]).hexdigest()
        assert [one.size for one in await ecm.versions(int(made.ref))] == [10, 10]
    assert (made.sha256, made.bytes) == (hashlib.sha256(content).hexdigest(), 10)
    assert again.sha256 == hashlib.sha256(content[::-1]).hexdigest()
    sent = [
        one["path"].rpartition("/")[2] for one in await server.calls("POST", "/v2/multipart/") if one["status"] == 200
    ]
    assert len([number for number in sent if number in {"1", "2", "3"}]) == 6
    assert await asyncio.to_thread(lambda: [one for one in tmp_path.rglob("*") if one.is_file()]) == []


async def test_a_part_whose_answer_was_lost_is_not_sent_for_a_second_one(server: Server, connect: Connect) -> None:
    await server.switch(part_size=4)
    await server.workspace("1")
    await server.fault({"kind": "cut", "match": "POST */multipart/*/2", "times": 1})
    async with connect(quirks=IN_PARTS) as ecm:
        write = Write(key="dam:1", fields={"workspace": "TE1/KNA1/1"}, file=file(b"0123456789"))
        (made,) = await put(ecm, "asset", write)
        assert await ecm.file_digest("asset", made.ref) == hashlib.sha256(b"0123456789").hexdigest()


async def test_a_server_that_takes_no_parts_gets_the_file_in_one_piece(server: Server, connect: Connect) -> None:
    await server.switch(large_uploads=False)
    await server.workspace("1")
    async with connect(quirks=IN_PARTS) as ecm:
        await put(ecm, "asset", Write(key="dam:1", fields={"workspace": "TE1/KNA1/1"}, file=file()))
    assert await server.calls("POST", "/v2/multipart") == []


async def test_small_files_do_not_ask_about_parts(server: Server, ecm: OpenText) -> None:
    await server.workspace("1")
    await put(ecm, "asset", Write(key="dam:1", fields={"workspace": "TE1/KNA1/1"}, file=file()))
    assert await server.calls("GET", "/v2/multipart") == []


async def test_what_breaks_off_is_cancelled_and_makes_no_document(server: Server, connect: Connect) -> None:
    await server.switch(part_size=4)
    workspace = await server.workspace("1")
    await server.fault({"kind": "status", "match": "POST */multipart/*/3"})
    async with connect(quirks=IN_PARTS) as ecm:
        write = Write(key="dam:1", fields={"workspace": "TE1/KNA1/1"}, file=file(b"0123456789"))
        refused(await ecm.upsert("asset", [write]))
    assert len({one["path"] for one in await server.calls("DELETE", "/v2/multipart/")}) == 1
    assert await server.names(workspace) == ["Contracts", "Correspondence"]


async def test_parts_that_do_not_add_up_are_told(connect: Connect) -> None:
    app = web.Application()

    async def settings(_: web.Request) -> web.Response:
        return web.json_response({"is_enabled": True})

    async def begin(_: web.Request) -> web.Response:
        return web.json_response({"upload_key": "k", "num_parts": 1, "part_size": 4})

    app.router.add_get("/api/v2/multipart/settings", settings)
    app.router.add_post("/api/v2/multipart", begin)
    async with served(app) as url, connect(site=url, sign_in="ticket", password="T1", quirks=IN_PARTS) as ecm:
        with pytest.raises(ContractBroken, match="10 bytes are to go in 1 parts of 4"):
            await ecm.client.add_version(1, file(b"0123456789"))
