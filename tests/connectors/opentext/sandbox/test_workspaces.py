"""Business workspaces: types, templates, business objects, relations, teams."""

from typing import Any

import pytest

from .caller import CUSTOMERS, JANE, TEMPLATE, TYPE, Caller

BWS = "/v2/businessworkspaces"


def ids(rows: Any) -> list[int]:
    return [row["data"]["properties"]["id"] for row in rows]


async def test_a_workspace_gets_all_that_its_template_has(ecm: Caller) -> None:
    workspace = await ecm.workspace()
    assert await ecm.names(f"GET /v2/nodes/{workspace}/nodes") == ["Contracts", "Correspondence"]
    roles = [one["data"]["properties"] for one in await ecm.results(f"GET {BWS}/{workspace}/roles")]
    assert [(one["name"], one["leader"], one["perms"]) for one in roles] == [
        ("Manager", True, 258207), ("Staff", False, 36995),
    ]  # fmt: skip
    assert await ecm.values(workspace) == {"4711_2": None, "4711_3": [], "4711_4_1_5": None}


async def test_the_type_follows_from_the_template_and_the_template_from_the_object(ecm: Caller) -> None:
    said = {"name": "By object", "ext_system_id": "TE1", "bo_type_id": 37, "bo_id": "9"}
    made = (await ecm.results(f"POST {BWS}", said))["id"]
    found = await ecm.results(f"GET {BWS}/{made}?fields=properties&fields=business_properties")
    assert found["data"]["properties"]["parent_id"] == CUSTOMERS
    assert found["data"]["business_properties"]["workspace_type_id"] == TYPE
    made = (await ecm.results(f"POST {BWS}", data={"template_id": str(TEMPLATE), "name": "By template"}))["id"]
    found = await ecm.results(f"GET {BWS}/{made}?fields=business_properties")
    assert found["data"]["business_properties"]["business_object_id"] == ""
    assert "template_id" in await ecm.refused(400, f"POST {BWS}", {"name": "By nothing"})
    assert "template" in await ecm.refused(400, f"POST {BWS}", {"name": "x", "template_id": CUSTOMERS})
    assert "name" in await ecm.refused(400, f"POST {BWS}", {"template_id": TEMPLATE})


async def test_a_business_object_has_one_workspace(ecm: Caller) -> None:
    workspace = await ecm.workspace("0000010020")
    told = await ecm.refused(500, f"POST {BWS}", {
        "template_id": TEMPLATE, "name": "Other", "ext_system_id": "TE1", "bo_type": "KNA1", "bo_id": "0000010020",
    })  # fmt: skip
    assert told == "A business workspace for this business object already exists."
    path = "GET /v2/externalsystems/TE1/botypes/KNA1/boids"
    assert ids(await ecm.results(f"{path}/0000010020")) == [workspace]
    nothing = await ecm.ok(f"{path}/10020")
    assert (nothing["results"], nothing["paging"]["page_total"]) == ([], 0)
    assert "does not exist" in await ecm.refused(400, "GET /v2/externalsystems/XX/botypes/KNA1/boids/1")
    assert "does not exist" in await ecm.refused(400, "GET /v2/externalsystems/TE1/botypes/XX/boids/1")


async def test_one_workspace_may_stand_for_several_objects_and_lose_them_again(ecm: Caller) -> None:
    workspace = await ecm.workspace("1")
    other = await ecm.workspace("2")
    said = {"ibo_workspace_id": workspace, "ext_system_id": "TE1", "bo_type": "KNA1", "bo_id": "1a"}
    assert (await ecm.results(f"POST {BWS}", said))["id"] == workspace
    found = await ecm.results(f"GET {BWS}/{workspace}?fields=workspace_references")
    assert [one["business_object_id"] for one in found["data"]["workspace_references"]] == ["1", "1a"]
    reference = {"ext_system_id": "TE1", "bo_type": "KNA1", "bo_id": "1a"}
    taken = await ecm.refused(500, f"PUT {BWS}/{other}/workspacereferences", data=reference)
    assert "already exists" in taken
    await ecm.ok(f"DELETE {BWS}/{workspace}/workspacereferences", data=reference)
    assert await ecm.results("GET /v2/externalsystems/TE1/botypes/KNA1/boids/1a") == []
    assert "does not exist" in await ecm.refused(400, f"DELETE {BWS}/{workspace}/workspacereferences", data=reference)


async def test_a_workspace_made_before_its_object_is_early_until_it_is_told(ecm: Caller) -> None:
    workspace = await ecm.workspace("")
    assert ids(await ecm.results(f"GET {BWS}?where_is_early=true")) == [workspace]
    reference = {"bo_type_id": "37", "bo_id": "77"}
    await ecm.ok(f"PUT {BWS}/{workspace}/workspacereferences", data=reference)
    found = await ecm.results(f"GET {BWS}/{workspace}?fields=business_properties")
    assert found["data"]["business_properties"]["isEarly"] is False
    assert await ecm.results(f"GET {BWS}?where_is_early=true") == []


async def test_workspaces_are_found_by_name_type_object_and_column(ecm: Caller) -> None:
    one, two = await ecm.workspace("1"), await ecm.workspace("20", name="Client 20")
    assert ids(await ecm.results(f"GET {BWS}?where_name=customer 1")) == [one]
    assert ids(await ecm.results(f"GET {BWS}?where_name=contains_20")) == [two]
    assert ids(await ecm.results(f"GET {BWS}?where_name=startswith_Cl")) == [two]
    assert ids(await ecm.results(f"GET {BWS}?where_workspace_type_name=Cust&sort=desc_name")) == [one, two]
    assert ids(await ecm.results(f"GET {BWS}?where_workspace_type_id=99")) == []
    assert ids(await ecm.results(f"GET {BWS}?where_ext_system_id=TE1&where_bo_type=KNA1&where_bo_id=20")) == [two]
    assert ids(await ecm.results(f"GET {BWS}?where_bo_id=20")) == [two]
    query = {"where_column_query": f"name LIKE 'Cl*' AND (modify_date > 2020-03-20 OR id = {one})"}
    assert ids(await ecm.results(f"GET {BWS}", params=query)) == [two]
    assert "parsed" in await ecm.refused(400, f"GET {BWS}", params={"where_column_query": "name LIKE"})


async def test_a_list_of_workspaces_ends_where_no_action_leads_on(ecm: Caller) -> None:
    made = [await ecm.workspace(str(number)) for number in range(3)]
    first = await ecm.ok(f"GET {BWS}?limit=2&metadata")
    assert ids(first["results"]) == made[:2]
    assert first["meta_data_order"]
    following = first["paging"]["actions"]["next"]["href"].removeprefix("/api")
    last = await ecm.ok(f"GET {following}")
    assert (ids(last["results"]), last["paging"]["actions"]) == (made[2:], {})


async def test_rows_are_narrowed_only_together_with_the_action(ecm: Caller) -> None:
    await ecm.workspace()
    path = f"GET {BWS}?fields=properties%7Bid,wnf_wksp_type_id%7D"
    [whole] = await ecm.results(path)
    assert whole["data"]["properties"]["perm_delete"] is True
    assert "wksp_type_name" not in whole["data"]["properties"]
    [narrow] = await ecm.results(f"{path}&action=properties-")
    assert narrow["data"]["properties"].keys() == {"id", "wnf_wksp_type_id"}


async def test_dates_come_without_a_zone_from_workspace_calls_only(ecm: Caller) -> None:
    workspace = await ecm.workspace()
    found = await ecm.results(f"GET {BWS}/{workspace}?fields=properties")
    assert f"{found['data']['properties']['create_date']}Z" == (await ecm.properties(workspace))["create_date"]


async def test_several_are_made_and_changed_at_once_each_with_its_own_answer(ecm: Caller) -> None:
    there = await ecm.workspace("1")
    infos = [
        {"ext_system_id": "TE1", "bo_type": "KNA1", "bo_id": "1", "roles": {"categories": {"4711_2": "C-1"}}},
        {"template_id": TEMPLATE, "name": "Fresh"},
        {"template_id": TEMPLATE, "name": "Fresh"},
    ]
    rows = await ecm.results(f"PUT {BWS}", {"bws_infos": infos})
    assert [bool(row["id"]) for row in rows] == [True, True, False]
    assert rows[0]["id"] == there
    assert "already exists" in rows[2]["error_message"]
    assert (await ecm.values(there))["4711_2"] == "C-1"


@pytest.mark.parametrize(("version", "known"), [("25.4", False), ("26.4", True)])
async def test_older_servers_tell_less_of_their_types(ecm: Caller, version: str, known: bool) -> None:
    await ecm.switch(version=version)
    [type] = await ecm.results("GET /v2/businessworkspacetypes?expand_templates=True")
    assert ("wksp_type_names" in type["data"]["properties"]) is known
    assert type["data"]["properties"]["templates"] == [{"id": TEMPLATE, "name": "Customer Template", "subtype": 848}]
    listed = await ecm("GET /v2/externalsystems?where_name={TE1}")
    single = await ecm("GET /v2/externalsystems/TE1/config")
    assert (listed.status, single.status) == ((200, 400) if known else (400, 200))
    there = await ecm.ok(f"GET /v1/nodes/{CUSTOMERS}/businessworkspacetypes")
    assert [one["id"] for one in there["businessworkspacetypes"]] == [TYPE]


async def test_the_form_says_where_a_workspace_would_lie(ecm: Caller) -> None:
    path = "GET /v2/forms/businessworkspaces/create?template_id=30001&ext_system_id=TE1&bo_type=KNA1&bo_id=5"
    general, categories = (await ecm.ok(path))["forms"]
    assert general["data"] == {
        "name": None, "description": "", "parent_id": CUSTOMERS, "type": 848, "bo_type_id": 37, "bo_id": "5",
        "ext_system_id": "TE1",
    }  # fmt: skip
    assert categories["data"]["4711"]["4711_2"] is None


async def test_document_types_tell_the_folder_of_this_workspace(ecm: Caller) -> None:
    workspace = await ecm.workspace()
    rows = [row["data"]["properties"] for row in await ecm.results(f"GET {BWS}/{workspace}/doctypes")]
    assert [(one["classification_name"], one["location"]) for one in rows] == [
        ("Contracts", "Customer 1:Contracts"), ("Correspondence", "Customer 1:Correspondence"),
    ]  # fmt: skip


# --- relations ---


async def test_a_relation_is_seen_from_both_ends_and_made_once(ecm: Caller) -> None:
    one, two = await ecm.workspace("1"), await ecm.workspace("2")
    related = {"rel_bw_id": str(two), "rel_type": "child"}
    await ecm.ok(f"POST {BWS}/{one}/relateditems", data=related)
    assert "already exists" in await ecm.refused(500, f"POST {BWS}/{one}/relateditems", data=related)
    assert await kinds(ecm, one) == [(two, "child")]
    assert await kinds(ecm, two) == [(one, "parent")]
    await ecm.ok(f"POST {BWS}/{two}/relateditems", data={"rel_bw_id": str(one), "rel_type": "child"})
    assert sorted(await kinds(ecm, one)) == [(two, "child"), (two, "parent")]
    assert ids(await ecm.results(f"GET {BWS}/{one}/relateditems?where_rel_types={{'parent'}}")) == [two]
    await ecm.ok(f"DELETE {BWS}/{one}/relateditems/{two}?rel_type=child")
    assert await kinds(ecm, one) == [(two, "parent")]
    assert "does not exist" in await ecm.refused(400, f"DELETE {BWS}/{one}/relateditems/{two}?rel_type=child")


async def kinds(ecm: Caller, workspace: int) -> list[tuple[int, str]]:
    rows = [row["data"]["properties"] for row in await ecm.results(f"GET {BWS}/{workspace}/relateditems")]
    return [(one["id"], one["rel_type"]) for one in rows]


async def test_what_is_purged_is_related_to_nothing_and_frees_its_object(ecm: Caller) -> None:
    one, two = await ecm.workspace("1"), await ecm.workspace("2")
    await ecm.ok(f"POST {BWS}/{one}/relateditems", data={"rel_bw_id": str(two)})
    await ecm.ok(f"DELETE /v2/nodes/{two}")
    assert await kinds(ecm, one) == []
    await ecm.ok("POST /v2/volumes/recyclebin/nodes/purge", data={"ids": str(two)})
    again = await ecm.workspace("2")
    assert ids(await ecm.results("GET /v2/externalsystems/TE1/botypes/KNA1/boids/2")) == [again]


# --- teams ---


async def test_a_role_is_made_changed_and_removed(ecm: Caller) -> None:
    workspace = await ecm.workspace()
    path = f"{BWS}/{workspace}/roles"
    made = await ecm.results(f"POST {path}", {"name": "Reviewer", "permissions": ["see", "edit"], "members": [JANE]})
    role = made["data"]["properties"]["id"]
    assert made["data"]["properties"]["perms"] == 146
    assert "already exists" in await ecm.refused(500, f"POST {path}", {"name": "reviewer"})
    changed = await ecm.results(f"PUT {path}/{role}", {"leader": True, "perms": 36995})
    assert changed["data"]["properties"]["leader"] is True
    listed = await ecm.results(f"GET {path}?fields=members")
    assert [one["data"]["properties"]["leader"] for one in listed] == [False, False, True]
    assert [one["name"] for one in listed[2]["data"]["members"]] == ["jdoe"]
    assert "leader" in await ecm.refused(500, f"DELETE {path}/{role}")
    await ecm.ok(f"PUT {path}/{role}", {"leader": False})
    await ecm.ok(f"DELETE {path}/{role}")
    assert (await ecm(f"GET {path}/{role}")).status == 404


async def test_a_member_is_in_a_role_once(ecm: Caller) -> None:
    workspace = await ecm.workspace()
    staff = (await ecm.results(f"GET {BWS}/{workspace}/roles"))[1]["data"]["properties"]["id"]
    path = f"{BWS}/{workspace}/roles/{staff}/members"
    added = await ecm.results(f"POST {path}", data={"id": str(JANE)})
    assert added["data"]["properties"]["display_name"] == "Jane Doe"
    assert "already exists" in await ecm.refused(500, f"POST {path}", data={"id": str(JANE)})
    assert (await ecm(f"POST {path}", data={"id": "987654"})).status == 404
    await ecm.ok(f"DELETE {path}/{JANE}")
    assert (await ecm(f"DELETE {path}/{JANE}")).status == 404
    assert (await ecm.results(f"GET /v2/members/{staff}"))["data"]["properties"]["node_id"] == workspace
