"""Settings, schema and profile."""

from typing import Any

import pytest
from pydantic import ValidationError

from lockgate.connectors.opentext.settings import OpenTextSettings
from lockgate.kit.errors import NeedsOperator
from lockgate.kit.profile import propose

from .conftest import CUSTOMERS, TEMPLATE, Connect, Server

USUAL: dict[str, Any] = {"site": "https://ecm.acme.example/cs/cs", "user": "lockgate", "password": "x"}


@pytest.mark.parametrize("site", ["https://ecm.acme.example/cs/cs/", "https://ecm.acme.example/cs/cs/api"])
def test_an_address_may_end_with_what_belongs_to_the_calls(site: str) -> None:
    made = OpenTextSettings.model_validate({**USUAL, "site": site})
    assert made.site == "https://ecm.acme.example/cs/cs"
    assert made.site_hosts() == ("ecm.acme.example:443",)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"site": "ecm.acme.example"}, "Give the address"),
        ({"user": ""}, "user name is needed"),
        ({"sign_in": "otds"}, "needs their address"),
        ({"business_objects": ["KNA1"]}, "as system/type"),
        ({"quirks": {"server_zone": "Mars"}}, "time zone"),
    ],
)
def test_settings_that_make_no_sense_are_told(told: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        OpenTextSettings.model_validate({**USUAL, **told})


def test_the_directory_services_may_be_called() -> None:
    made = OpenTextSettings.model_validate({**USUAL, "sign_in": "otds", "otds": "https://otds.acme.example/otdsws/"})
    assert made.site_hosts() == ("ecm.acme.example:443", "otds.acme.example:443")


async def test_the_schema_names_attributes_with_their_category_and_set(connect: Connect) -> None:
    async with connect() as ecm:
        schema = await ecm.schema()
    fields = {one.name: one for one in schema.kinds["workspace"]}
    assert fields["4711_2"].label == "Customer: Customer Number"
    assert fields["4711_4_x_5"].label == "Customer: Contacts: Name"
    assert (fields["4711_3"].multiple, fields["4711_4_x_5"].multiple, fields["4711_2"].multiple) == (True, True, False)
    assert {"4711_2", "folder", "document_type", "mime_type"} <= {one.name for one in schema.kinds["asset"]}


async def test_matches_are_proposed_for_a_tenant_nobody_has_seen(connect: Connect) -> None:
    async with connect() as ecm:
        proposed = propose(await ecm.schema(), ecm.hints)
    workspace = {one.canonical: one.field for one in proposed["workspace"]}
    asset = {one.canonical: one.field for one in proposed["asset"]}
    assert workspace["customer"] == "4711_2"
    assert workspace["market"] == "4711_3"
    assert workspace["ids.sku"] == "business_object_id"
    assert workspace["documents"] == "documents"
    assert (asset["workspace"], asset["folder"], asset["document_type"]) == ("workspace", "folder", "document_type")
    assert asset["name"] == "name"


async def test_documents_and_workspaces_are_offered_what_they_carry(server: Server, connect: Connect) -> None:
    """A category of documents does no good on a workspace, though both have a field for nearly everything."""
    (contracts,) = [
        row["data"]["properties"]["id"]
        for row in (await server.call("GET", f"/v2/nodes/{TEMPLATE}/nodes"))["results"]
        if row["data"]["properties"]["name"] == "Contracts"
    ]
    await server.call("POST", f"/v2/nodes/{contracts}/categories", category_id=4712)
    async with connect() as ecm:
        kinds = (await ecm.schema()).kinds
    of_workspaces, of_documents = [{one.name for one in kinds[kind]} for kind in ("workspace", "asset")]
    assert "4711_2" in of_workspaces - of_documents
    assert "4712_2" in of_documents - of_workspaces


async def test_who_sets_up_is_told_by_name_what_there_is_to_choose(connect: Connect) -> None:
    async with connect(create_type="") as ecm:
        notes = "\n".join((await ecm.check()).notes)
    assert "All workspace types are watched (Customer)" in notes
    assert "create_type names their type: Customer (Customer Template)" in notes
    assert "found by the business objects of TE1/KNA1" in notes
    assert "fills Customer: Customer Number; better leave that to it" in notes
    assert f"put into folder {CUSTOMERS}, but not read there" in notes


async def test_names_of_types_are_checked_when_the_connection_is_set_up(connect: Connect) -> None:
    async with connect(workspace_types=["Kunde"]) as ecm:
        with pytest.raises(NeedsOperator, match="no workspace type Kunde; there are: Customer"):
            await ecm.check()


async def test_names_of_types_count_in_every_language_a_server_tells(server: Server, connect: Connect) -> None:
    await server.switch(version="26.4")
    async with connect(workspace_types=["Kunde"]) as ecm:
        await ecm.check()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"folder": 999999}, "There is no folder 999999"),
        ({"folders": [4711]}, "is no folder"),
        ({"template": "Another"}, "no template Another; there are: Customer Template"),
    ],
)
async def test_what_is_set_must_be_there(connect: Connect, told: dict[str, Any], sentence: str) -> None:
    async with connect(**told) as ecm:
        with pytest.raises(NeedsOperator, match=sentence):
            await ecm.check()
