"""A tenant filled from real files; what people do in the user interface."""

from pathlib import Path

import pytest

from lockgate.kit.seed import generate

from .caller import Caller
from .conftest import Start


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample content that ships."""
    made = tmp_path_factory.mktemp("content")
    generate(made)
    return made


async def manifest(ecm: Caller) -> dict[str, int]:
    made: dict[str, int] = (await ecm.control("GET", "manifest"))["made"]
    return made


async def test_products_become_workspaces_and_files_become_documents(start: Start, folder: Path) -> None:
    ecm = await start(content=folder)
    made = await manifest(ecm)
    listed = await ecm.ok("GET /v2/businessworkspaces?where_workspace_type_name=Product&limit=1")
    assert listed["paging"]["total_count"] == made["workspaces"] > 20
    library = await ecm.ok("GET /v2/nodes/34980/nodes?limit=1&fields=properties&fields=categories")
    assert library["collection"]["paging"]["total_count"] == made["documents"] > 40
    [document] = library["results"]
    id = document["data"]["properties"]["id"]
    content = await ecm(f"GET /v2/nodes/{id}/content")
    assert len(content.body) == document["data"]["properties"]["size"] > 0
    [values] = document["data"]["categories"]
    assert values["4730_6"] in {"Draft", "In Review", "Approved"}


async def test_a_product_is_found_by_its_number_and_carries_what_is_known_of_it(start: Start, folder: Path) -> None:
    ecm = await start(content=folder, options={"documents": "no"})
    assert (await manifest(ecm))["documents"] == 0
    [row] = await ecm.results("GET /v2/businessworkspaces?limit=1")
    workspace = row["data"]["properties"]["id"]
    values = await ecm.values(workspace, 4720)
    path = f"GET /v2/externalsystems/TE1/botypes/PRODUCT/boids/{values['4720_2']}"
    assert [one["data"]["properties"]["id"] for one in await ecm.results(path)] == [workspace]
    assert await ecm.names(f"GET /v2/nodes/{workspace}/nodes") == ["Approvals", "Media", "Specifications"]


async def test_the_same_content_may_be_asked_for_many_times_over(start: Start, folder: Path) -> None:
    ecm = await start(content=folder, assets=300)
    assert (await manifest(ecm))["documents"] == 300
    names = await ecm.names("GET /v2/nodes/34980/nodes?limit=300")
    assert len({name.casefold() for name in names}) == 300


# --- actions ---


async def test_people_make_change_and_remove_documents(ecm: Caller, tmp_path: Path) -> None:
    source = tmp_path / "plan.txt"
    source.write_bytes(b"plan")
    folder = (await ecm.act("make_folder", parent=34962, name="Plans"))["id"]
    document = (await ecm.act("upload", parent=folder, path=str(source), by=1001))["id"]
    source.write_bytes(b"plan two")
    await ecm.act("add_version", id=document, path=str(source))
    assert (await ecm(f"GET /v2/nodes/{document}/content")).body == b"plan two"
    assert (await ecm.act("rename", id=document, name="Plan B.txt"))["name"] == "Plan B.txt"
    assert (await ecm.act("move_item", id=document, parent=34962))["parent_id"] == 34962
    await ecm.act("set_values", id=document, values={"4711_2": "C-9"})
    assert (await ecm.values(document))["4711_2"] == "C-9"
    await ecm.act("reserve", id=document, by=1001)
    assert (await ecm.properties(document))["reserved"] is True
    await ecm.act("reserve", id=document, by=None)
    await ecm.act("set_rights", id=document, rights={"group": [], "public": [], "1001": ["see"]})
    assert (await ecm(f"GET /v2/nodes/{document}", user="rroe")).status == 400
    assert (await ecm.properties(document, user="jdoe"))["id"] == document
    await ecm.act("set_hold", id=document, hold=13)
    assert (await ecm(f"DELETE /v2/nodes/{document}")).status == 500
    await ecm.act("delete", id=document)
    assert (await ecm(f"GET /v2/nodes/{document}")).status == 400


async def test_actions_that_cannot_be_done_say_why(ecm: Caller) -> None:
    async def refused(action: str, **arguments: object) -> str:
        answer = await ecm.raw("POST", f"/__sandbox/actions/{action}", json=arguments)
        assert answer.status == 409
        return str(answer.json["error"])

    assert await refused("rename", id=987654, name="x") == "There is no item 987654."
    assert await refused("make_folder", parent=2000, name="customers") == (
        "An item with the name 'customers' already exists."
    )
    assert await refused("decide", process=1, decision="Approve") == "There is no process 1."
    assert "no file" in await refused("upload", parent=2000, path="nowhere.txt")
    assert "do not tell gtin" in await refused("make_workspace", title="A", **{"ids.gtin": "4006381333931"})


async def test_documents_and_workspaces_are_made_in_canonical_words(start: Start, folder: Path) -> None:
    ecm = await start(content=folder, options={"documents": "no"})
    words = {"title": "Kettle", "ids.sku": "K-1", "ids.gtin": "4006381333931"}
    workspace = (await ecm.act("make_workspace", **words))["id"]
    assert (await ecm.values(workspace, 4720))["4720_3"] == "4006381333931"
    await ecm.act("change_workspace", id=workspace, title="Kettle 2")
    said = {
        "title": "Front", "ids.sku": "K-1", "status": "approved", "cleared": True, "regions": ["DE"],
        "keywords.subject": ["kettle"], "window.until": "2030-01-01T00:00:00Z", "file": "front.png",
    }  # fmt: skip
    document = (await ecm.act("make_document", **said))["id"]
    assert (await ecm.properties(document))["parent_id"] == workspace
    values = await ecm.values(document, 4730)
    assert [values[key] for key in ("4730_2", "4730_3", "4730_6", "4730_13", "4730_14", "4730_19")] == [
        "Front", "K-1", "Approved", True, ["DE"], "2030-01-01T00:00:00",
    ]  # fmt: skip
    await ecm.act("change_document", id=document, version=2, status="draft")
    assert (await ecm.ok(f"GET /v1/nodes/{document}/versions/latest"))["data"]["version_number"] == 2
    assert (await ecm.values(document, 4730))["4730_6"] == "Draft"
    await ecm.act("remove_document", id=document)
    await ecm.act("remove_workspace", id=workspace)
    assert (await ecm(f"GET /v2/nodes/{workspace}")).status == 400
