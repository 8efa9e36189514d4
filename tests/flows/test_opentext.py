"""OpenText at both ends: pictures of a DAM become documents of their product's workspace, released documents go out as files."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.connectors.opentext.conftest import KEY, Server
from tests.flows.installation import Installation, installed
from tests.flows.systems import System, served
from tests.world import CELUM_KEY, Celum, celum_of, content_folder

PICTURES = """\
recipe: pictures-to-workspaces
title: Approved pictures are documents in the workspace of their product
uses:
  dam: {kinds: [asset]}
  ecm: {kinds: [asset, workspace]}
watch: {system: dam, kind: asset}
gates:
  - name: creative has approved it
    approved: {}
  - name: we may use it in Germany
    rights: {action: distribute, territory: [DE]}
  - name: it is the newest version
    current: {}
resolve:
  product: {system: ecm, kind: workspace, by: [sku], missing: park}
deliver:
  to: ecm
  as: asset
  fields: {title: title, usage_rights: rights.summary}
  link: {product: media}
  closed: hide
"""

DOCUMENTS = """\
recipe: released-documents-to-printer
title: Released documents lie in the printer's folder
uses:
  ecm: {kinds: [asset]}
  printer: {kinds: [asset]}
watch: {system: ecm, kind: asset}
gates:
  - name: it is released
    approved: {}
deliver:
  to: printer
  as: asset
  fields: {title: title}
  closed: hide
"""


@pytest.fixture
async def ecm(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """A server with one product's workspace, SEED-1, and a document that nobody has released."""
    async with served("opentext", content_folder(tmp_path_factory.mktemp("ecm")), key=KEY) as system:
        yield system


@asynccontextmanager
async def filing(folder: Path, celum: Celum, ecm: System) -> AsyncIterator[tuple[Installation, str]]:
    async with installed(folder / "home") as lockgate:
        await lockgate.connect("dam", "celum", site=celum.url, key=CELUM_KEY)
        await lockgate.connect("ecm", "opentext", **ecm.settings, quirks={"folders": {"media": "Media"}})
        yield lockgate, await lockgate.flow(PICTURES, dam="dam", ecm="ecm")


async def path(server: Server, id: str) -> list[str]:
    """The names of what a document lies in, from the inside."""
    names: list[str] = []
    node = await server.node(id)
    while len(names) < 2:
        node = await server.node(abs(int(node["parent_id"])))
        names.append(str(node["name"]))
    return names


async def versions(server: Server, id: str) -> list[int]:
    found = (await server.call("GET", f"/v2/nodes/{id}/versions"))["results"]
    return sorted(one["data"]["versions"]["file_size"] for one in found)


async def sees(server: Server, id: str) -> bool:
    """Whether somebody who is no administrator sees the document."""
    headers = {"OTCSTicket": await server.ticket("jdoe")}
    async with server.session.get(f"{server.url}/cs/cs/api/v2/nodes/{id}", headers=headers) as answer:
        await answer.read()
        return answer.ok


async def test_an_approved_picture_is_a_document_of_its_product_until_its_rights_end(
    tmp_path: Path, ecm: System
) -> None:
    async with celum_of(content_folder(tmp_path)) as celum, filing(tmp_path, celum, ecm) as (lockgate, flow):
        server = Server(ecm.url, ecm.http)
        kettle = await celum.asset("Kettle", sku="SEED-1", content=b"first")
        later = await celum.asset("Later", sku="SEED-9")
        draft = await celum.asset("Draft", sku="SEED-1", released=False)
        abroad = await celum.asset("Abroad", sku="SEED-1", regions=["US"])
        first = await lockgate.run(flow)
        assert (first["read"], first["written"], first["linked"]) == (4, 1, 1)
        assert first["reasons"] == {"product.missing": 1, "approved.no": 1, "rights.territory": 1}
        assert [(await lockgate.entry(flow, one)).ref for one in (later, draft, abroad)] == [None] * 3
        copy = (await lockgate.entry(flow, kettle)).ref
        assert copy is not None
        assert await path(server, copy) == ["Media", "SEED-1 First product"]
        assert await versions(server, copy) == [5]
        assert await sees(server, copy)

        await celum.new_version(kettle, b"the second")
        await ecm.act("make_workspace", title="Late product", **{"ids.sku": "SEED-9"})
        second = await lockgate.run(flow)
        assert (second["written"], second["linked"], second["blocked"]) == (2, 1, 2)
        assert (await lockgate.entry(flow, kettle)).ref == copy
        assert await versions(server, copy) == [5, 10]
        late = (await lockgate.entry(flow, later)).ref
        assert late is not None
        assert (await path(server, late))[1] == "Late product"

        await celum.act("set_rights", id=int(kettle), cleared=False)
        closed = await lockgate.run(flow)
        assert (closed["withdrawn"], closed["unchanged"], closed["blocked"]) == (1, 1, 3)
        assert not await sees(server, copy)
        assert await sees(server, late)
        assert (await lockgate.entry(flow, kettle)).held == "hidden"

        await celum.act("set_rights", id=int(kettle), cleared=True, regions=["DE"])
        await lockgate.run(flow)
        assert await sees(server, copy)
        assert (await path(server, copy), await versions(server, copy)) == (["Media", "SEED-1 First product"], [5, 10])
        assert await lockgate.acts(flow, kettle) == ["written", "written", "withdrawn", "written"]


def files(folder: Path) -> dict[str, int]:
    """Names and lengths of the files that others see."""
    return {
        one.name: one.stat().st_size
        for one in folder.iterdir()
        if one.is_file() and one.suffix != ".json" and not one.name.startswith(".")
    }


async def test_a_released_document_goes_out_and_an_unreleased_one_does_not(tmp_path: Path, ecm: System) -> None:
    out = tmp_path / "out"
    out.mkdir()
    async with installed(tmp_path / "home", folders=tmp_path) as lockgate:
        await lockgate.connect("ecm", "opentext", **{**ecm.settings, "workspace_types": ["Product"]})
        await lockgate.connect("printer", "files", address=f"file://{out}", name="{title}{ext}", sidecar="none")
        flow = await lockgate.flow(DOCUMENTS, ecm="ecm", printer="printer")

        async def document(title: str, status: str | None) -> str:
            words: dict[str, Any] = {"title": title, "ids.sku": "SEED-1", "file": f"{title}.png"}
            made = await ecm.act("make_document", **words, **({"status": status} if status else {}))
            return str(made["id"])

        sheet = await document("sheet", "approved")
        await document("draft", "draft")
        await document("unsaid", None)
        first = await lockgate.run(flow)
        assert (first["written"], first["blocked"]) == (1, first["read"] - 1)
        assert [*await asyncio.to_thread(files, out)] == ["sheet.png"]
        before = files(out)

        await ecm.later(2)
        await ecm.act("change_document", id=int(sheet), version=2)
        await lockgate.run(flow)
        assert files(out).keys() == before.keys()
        assert (await lockgate.entry(flow, sheet)).file_version == "2"

        await ecm.later(2)  # the server's dates have whole seconds
        await ecm.act("change_document", id=int(sheet), status="draft")
        gone = await lockgate.run(flow)
        assert (gone["withdrawn"], files(out)) == (1, {})
        assert await lockgate.acts(flow, sheet) == ["written", "written", "withdrawn"]
