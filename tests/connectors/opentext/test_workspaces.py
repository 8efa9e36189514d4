"""Workspaces of ours: one for each business object, found again by it and by our key."""

import pytest

from lockgate.connectors.opentext.answers import Reference
from lockgate.kit.contract import Link, Write
from lockgate.kit.errors import NeedsOperator, NotFound, Rejected

from .conftest import CUSTOMERS, Connect, Server, confirmed, put, refused

FIELDS = {
    "name": "Launch of the kettle",
    "description": {"en": "All for the launch"},
    "business_object": ["0000004711"],
    "number": "C-1",
    "market": ["DE", "AT"],
    "contacts": ["Ann", "Bob"],
}


async def test_a_workspace_comes_with_its_business_object_and_categories(server: Server, connect: Connect) -> None:
    async with connect() as ecm:
        (made,) = await put(ecm, "workspace", Write(key="pim:1", fields=FIELDS))
        assert made.created
        (item,) = await ecm.fetch("workspace", [made.ref])
        assert item.title == {"und": "Launch of the kettle"}
        assert item.identifiers == {"sku": ("0000004711",)}
        assert item.texts["description"] == {"und": "All for the launch"}
        assert (item.fields["number"], item.fields["market"]) == ("C-1", ["DE", "AT"])
        assert item.fields["contacts"] == ["Ann", "Bob"]
        assert {role.name for role in await ecm.team(int(made.ref))} >= {"Manager", "Staff"}
    assert {"Contracts", "Correspondence"} <= set(await server.names(int(made.ref)))


async def test_a_workspace_is_found_by_business_object_and_by_key(connect: Connect) -> None:
    async with connect() as ecm:
        (made,) = await put(ecm, "workspace", Write(key="pim:1", fields=FIELDS))
        assert await ecm.find("workspace", "sku", ["0000004711", "0000004712"]) == {"0000004711": [made.ref]}
        assert await ecm.find("workspace", "business_object", ["TE1/KNA1/0000004711"]) == {
            "TE1/KNA1/0000004711": [made.ref]
        }
        held = (await ecm.held("workspace", ["pim:1", "pim:2"]))["pim:1"]
        assert held.ref == made.ref
        expected = ecm.as_held("workspace", FIELDS)
        assert {name: held.fields[name] for name in expected} == expected


async def test_a_number_without_its_leading_zeros_is_found(server: Server, connect: Connect) -> None:
    theirs = await server.workspace("0000004711")
    async with connect() as ecm:
        assert await ecm.find("workspace", "sku", ["4711"]) == {"4711": [str(theirs)]}


async def test_no_second_workspace_is_made_for_a_number_without_its_zeros(server: Server, connect: Connect) -> None:
    theirs = await server.workspace("0000004711")
    async with connect() as ecm:
        (used,) = await put(ecm, "workspace", Write(key="pim:1", fields={"name": "K", "business_object": "4711"}))
        (made,) = await put(
            ecm, "workspace", Write(key="pim:2", fields={"name": "L", "business_object": "TE1/KNA1/4711"})
        )
    assert (used.ref, used.created, made.created) == (str(theirs), False, True)


async def test_a_second_write_amends_the_same_workspace(server: Server, connect: Connect) -> None:
    async with connect() as ecm:
        (made,) = await put(ecm, "workspace", Write(key="pim:1", fields=FIELDS))
        await server.call("PUT", f"/v2/nodes/{made.ref}/categories/4711", {"4711_3": ["CH"]})
        (again,) = await put(
            ecm, "workspace", Write(key="pim:1", ref=made.ref, fields={"name": "Kettle", "contacts": ["Eve"]})
        )
    assert (again.ref, again.created) == (made.ref, False)
    assert (await server.node(made.ref))["name"] == "Kettle"
    values = await server.values(made.ref)
    assert (values["4711_2"], values["4711_3"], values["4711_4_1_5"]) == ("C-1", ["CH"], "Eve")
    assert "Bob" not in values.values()


async def test_a_workspace_that_others_made_for_the_object_is_used(server: Server, connect: Connect) -> None:
    theirs = await server.workspace("0000004711", "Made by hand")
    async with connect() as ecm:
        (used,) = await put(ecm, "workspace", Write(key="pim:1", fields={**FIELDS, "name": "Kettle"}))
        assert (used.ref, used.created) == (str(theirs), False)
        assert (await ecm.held("workspace", ["pim:1"]))["pim:1"].ref == str(theirs)


async def test_a_workspace_of_others_is_left_alone_where_that_is_wanted(server: Server, connect: Connect) -> None:
    await server.workspace("0000004711", "Made by hand")
    async with connect(quirks={"adopt_workspaces": False}) as ecm:
        error = refused(await ecm.upsert("workspace", [Write(key="pim:1", fields=FIELDS)]))
        assert (type(error), error.code) == (Rejected, "workspace.taken")
    assert "Made by hand" in await server.names(CUSTOMERS)


async def test_a_creation_whose_answer_was_lost_is_taken_up(server: Server, connect: Connect) -> None:
    nameless = {"name": "A campaign"}
    async with connect() as ecm:
        for key, fields in (("pim:1", FIELDS), ("pim:2", nameless)):
            await server.fault({"kind": "cut", "match": "POST */businessworkspaces", "times": 1})
            refused(await ecm.upsert("workspace", [Write(key=key, fields=fields)]))
            await server.fault()
            await put(ecm, "workspace", Write(key=key, fields=fields))
    assert await server.names(CUSTOMERS) == ["A campaign", "Launch of the kettle"]


async def test_a_name_that_is_taken_is_made_distinct(server: Server, connect: Connect) -> None:
    await server.workspace("0000000001", "Launch of the kettle")
    async with connect() as ecm:
        await put(ecm, "workspace", Write(key="pim:1", fields=FIELDS))
        held = (await ecm.held("workspace", ["pim:1"]))["pim:1"]
    names = await server.names(CUSTOMERS)
    assert len(names) == 2
    assert names[1].startswith("Launch of the kettle (")
    assert held.fields["name"] == "Launch of the kettle"


async def test_a_workspace_needs_a_name_or_a_business_object(connect: Connect) -> None:
    async with connect() as ecm:
        error = refused(await ecm.upsert("workspace", [Write(key="pim:1", fields={"number": "C-1"})]))
        assert (type(error), error.code) == (Rejected, "field.value")


async def test_a_type_nobody_knows_is_told_with_those_there_are(connect: Connect) -> None:
    async with connect(create_type="Product launch") as ecm:
        with pytest.raises(NeedsOperator, match="there are: Customer"):
            await ecm.upsert("workspace", [Write(key="pim:1", fields=FIELDS)])
        with pytest.raises(NeedsOperator, match="there are: Customer"):
            await ecm.check()


async def test_a_workspace_we_know_by_id_only_is_not_made_again(server: Server, connect: Connect) -> None:
    async with connect() as ecm:
        error = refused(await ecm.upsert("workspace", [Write(key="pim:1", ref="77", fields=FIELDS)]))
        assert type(error) is NotFound
    assert await server.names(CUSTOMERS) == []


async def test_workspaces_are_related_and_unrelated_one_way(server: Server, connect: Connect) -> None:
    first, second = await server.workspace("1"), await server.workspace("2")
    async with connect() as ecm:
        link = Link(kind="workspace", id=str(first), field="children", ref=str(second))
        for _ in range(2):
            confirmed(await ecm.link([link]))
        assert [one.id for one in await ecm.related(first)] == [second]
        assert [one.id for one in await ecm.related(second, "parent")] == [first]
        await ecm.unrelate(first, second)
        assert await ecm.related(first) == []


async def test_business_objects_are_given_and_taken(connect: Connect) -> None:
    async with connect() as ecm:
        (made,) = await put(ecm, "workspace", Write(key="pim:1", fields={"name": "Early"}))
        early, object = int(made.ref), Reference(system="TE1", type="KNA1", id="0000000815")
        assert await ecm.references(early) == []
        for _ in range(2):
            await ecm.set_reference(early, object)
        assert await ecm.references(early) == [object]
        assert await ecm.workspaces_of("0000000815") == [made.ref]
        await ecm.drop_reference(early, object)
        assert await ecm.workspaces_of("TE1/KNA1/0000000815") == []


async def test_what_a_tenant_has_is_told(server: Server, connect: Connect) -> None:
    theirs = await server.workspace("1", "Kettle")
    await server.workspace("2", "Kettle and more")
    async with connect() as ecm:
        (kind,) = await ecm.workspace_types()
        assert (kind.name, [one.name for one in kind.templates]) == ("Customer", ["Customer Template"])
        assert await ecm.business_object_types() == ["TE1/KNA1"]
        assert [one.id for one in await ecm.workspaces_named("Kettle")] == [theirs]
        assert await ecm.document_types(theirs) == ["Contracts", "Correspondence"]
        assert (await ecm.external_system("TE1"))["conn_type"] == "HTTP"
        with pytest.raises(NotFound):
            await ecm.external_system("TE2")
        await server.switch(version="26.1")
        assert (await ecm.external_system("TE1"))["conn_type"] == "HTTP"


async def test_categories_are_read_by_label_and_written_by_key(server: Server, connect: Connect) -> None:
    theirs = await server.workspace("1")
    async with connect() as ecm:
        await ecm.set_category(theirs, 4711, {"4711_2": "C-7"})
        await ecm.set_category(theirs, 4712, {})
        assert (await ecm.categories(theirs))["Customer: Customer Number"] == "C-7"
        assert any(label.startswith("Document Details: ") for label in await ecm.categories(theirs))
        for _ in range(2):
            await ecm.drop_category(theirs, 4712)
        assert not any(label.startswith("Document Details: ") for label in await ecm.categories(theirs))
