"""Nodes: what is made, found, changed, moved, thrown away."""

import pytest

from .caller import ADMIN, CATEGORY, CUSTOMERS, EVERYBODY, JANE, RICHARD, Caller, file_form, id_of


async def test_a_name_is_taken_once_in_a_folder_whatever_its_case(ecm: Caller) -> None:
    made = await ecm.folder(CUSTOMERS, "Plans")
    said = {"type": 0, "parent_id": CUSTOMERS, "name": "PLANS"}
    assert await ecm.refused(500, "POST /v2/nodes", said) == "An item with the name 'PLANS' already exists."
    taken = await ecm.ok("POST /v1/validation/nodes/names", {"parent_id": CUSTOMERS, "names": ["plans", "free"]})
    assert taken["results"] == [{"id": made, "name": "Plans"}]
    assert "colon" in await ecm.refused(400, "POST /v2/nodes", {**said, "name": "a:b"})


async def test_children_are_told_in_pages_with_the_way_to_the_next_one(ecm: Caller) -> None:
    for name in ("a", "b", "c"):
        await ecm.folder(CUSTOMERS, name)
    first = await ecm.ok(f"GET /v2/nodes/{CUSTOMERS}/nodes?limit=2&sort=desc_name")
    assert [row["data"]["properties"]["name"] for row in first["results"]] == ["c", "b"]
    following = first["collection"]["paging"]["links"]["data"]["next"]["href"].removeprefix("/api")
    second = await ecm.ok(f"GET {following}")
    assert [row["data"]["properties"]["name"] for row in second["results"]] == ["a"]
    paging = second["collection"]["paging"]
    assert (paging["page_total"], paging["range_min"], paging["range_max"], paging["total_count"]) == (2, 3, 3, 3)
    assert "links" not in paging
    assert await ecm.results(f"GET /v2/nodes/{CUSTOMERS}/nodes?limit=2&page=3") == []


async def test_a_page_too_far_repeats_the_last_one_where_the_tenant_does_so(ecm: Caller) -> None:
    for name in ("a", "b", "c"):
        await ecm.folder(CUSTOMERS, name)
    await ecm.switch(repeat_last_page=True)
    assert await ecm.names(f"GET /v2/nodes/{CUSTOMERS}/nodes?limit=2&page=9") == ["c"]


async def test_children_are_filtered_by_kind_and_by_any_part_of_the_name(ecm: Caller) -> None:
    await ecm.folder(CUSTOMERS, "Reports")
    await ecm.document(CUSTOMERS, "report.txt")
    path = f"GET /v2/nodes/{CUSTOMERS}/nodes"
    assert await ecm.names(f"{path}?where_type=-1") == ["Reports"]
    assert await ecm.names(f"{path}?where_type=-3") == ["report.txt"]
    assert await ecm.names(f"{path}?where_type=0&where_type=144&where_name=PORT.") == ["report.txt"]


async def test_only_the_fields_asked_for_are_told(ecm: Caller) -> None:
    found = await ecm.results(
        f"GET /v2/nodes/{CUSTOMERS}?fields=properties%7Bid,name%7D&expand=properties%7Bparent_id%7D"
    )
    assert found["data"]["properties"] == {"id": CUSTOMERS, "name": "Customers"}
    assert found["data"]["properties_expand"]["parent_id"]["name"] == "Enterprise"
    with_actions = await ecm.results(f"GET /v2/nodes/{CUSTOMERS}?fields=properties&actions=open&actions=delete&state")
    assert with_actions["actions"]["order"] == ["open", "delete"]
    assert with_actions["state"]["properties"]["metadata_token"]
    document = await ecm.document(CUSTOMERS)
    newest = await ecm.results(f"GET /v2/nodes/{document}?fields=versions.element(0)")
    assert newest["data"].keys() == {"versions"}


async def test_a_change_with_an_old_token_is_refused(ecm: Caller) -> None:
    token = (await ecm.results(f"GET /v2/nodes/{CUSTOMERS}?state"))["state"]["properties"]["metadata_token"]
    body = {"description": "first", "metadata_token": token}
    await ecm.ok(f"PUT /v2/nodes/{CUSTOMERS}", body)
    assert await ecm.refused(409, f"PUT /v2/nodes/{CUSTOMERS}", body) == "Could not update metadata (edit conflict)."


async def test_a_name_is_kept_in_several_languages(ecm: Caller) -> None:
    await ecm.ok(f"PUT /v2/nodes/{CUSTOMERS}", {"name_multilingual": {"en": "Clients", "de": "Kunden"}})
    found = await ecm.properties(CUSTOMERS)
    assert (found["name"], found["name_multilingual"]["de"]) == ("Clients", "Kunden")


async def test_what_is_moved_into_a_workspace_belongs_to_its_volume(ecm: Caller) -> None:
    workspace = await ecm.workspace()
    folder = await ecm.folder(CUSTOMERS, "Loose")
    document = await ecm.document(folder)
    assert (await ecm.properties(document))["volume_id"] == -2000
    await ecm.ok(f"PUT /v2/nodes/{folder}", {"parent_id": workspace})
    assert (await ecm.properties(document))["volume_id"] == workspace
    chain = (await ecm.ok(f"GET /v1/nodes/{document}/ancestors"))["ancestors"]
    assert [one["parent_id"] for one in chain] == [-1, 2000, CUSTOMERS, -workspace, folder]
    assert (await ecm.ok(f"GET /v1/nodes/{document}/businessworkspace"))["id"] == workspace
    assert "into itself" in await ecm.refused(400, f"PUT /v2/nodes/{workspace}", {"parent_id": folder})


async def test_a_copy_has_all_that_is_below_and_ids_of_its_own(ecm: Caller) -> None:
    folder = await ecm.folder(CUSTOMERS, "Original")
    document = await ecm.document(folder, content=b"the text")
    copied = id_of(await ecm.results("POST /v2/nodes", {"original_id": folder, "parent_id": 2000, "name": "Copy"}))
    [twin] = await ecm.results(f"GET /v2/nodes/{copied}/nodes")
    assert id_of(twin) != document
    assert (await ecm(f"GET /v2/nodes/{id_of(twin)}/content")).body == b"the text"


async def test_what_was_deleted_can_be_restored_until_it_is_purged(ecm: Caller) -> None:
    folder = await ecm.folder(CUSTOMERS, "Old")
    document = await ecm.document(folder)
    await ecm.ok(f"DELETE /v2/nodes/{folder}")
    assert (await ecm(f"GET /v2/nodes/{document}")).status == 400
    assert await ecm.names("GET /v2/volumes/recyclebin/nodes") == ["Old"]
    fresh = await ecm.folder(CUSTOMERS, "Old")
    told = await ecm.ok("POST /v2/volumes/recyclebin/nodes/restore", data={"ids": str(folder)})
    assert told["failure"] == {"errors": {str(folder): "An item with the name 'Old' already exists."}, "ids": [folder]}
    await ecm.ok(f"DELETE /v2/nodes/{fresh}")
    told = await ecm.ok("POST /v2/volumes/recyclebin/nodes/restore", {"ids": [folder]})
    assert told["success"] == {"ids": [folder]}
    assert (await ecm.properties(document))["parent_id"] == folder
    await ecm.ok(f"DELETE /v2/nodes/{folder}")
    told = await ecm.ok("POST /v2/volumes/recyclebin/nodes/purge", data={"ids": [str(folder), "987654"]})
    assert (told["success"]["ids"], told["failure"]["ids"]) == ([folder], [987654])
    assert await ecm.names("GET /v2/volumes/recyclebin/nodes") == ["Old"]


async def test_many_nodes_come_at_once_without_those_that_cannot_be_seen(ecm: Caller) -> None:
    rows = await ecm.results("POST /v2/nodes/list", data={"ids": [str(CUSTOMERS), "2000", "987654"]})
    assert [id_of(row) for row in rows] == [CUSTOMERS, 2000]
    rows = await ecm.results("POST /v2/nodes/list", {"ids": [CUSTOMERS], "fields": ["properties{name}"]})
    assert rows == [{"data": {"properties": {"name": "Customers"}}}]
    assert "250" in await ecm.refused(400, "POST /v2/nodes/list", {"ids": list(range(300))})


async def test_an_item_is_found_by_its_nickname(ecm: Caller) -> None:
    await ecm.ok(f"PUT /v2/nodes/{CUSTOMERS}/nicknames", data={"nickname": "clients"})
    assert id_of(await ecm.results("GET /v2/nicknames/Clients/nodes")) == CUSTOMERS
    assert await ecm.refused(404, "GET /v2/nicknames/nobody/nodes") == (
        "Sorry, no exact match was found for an item with the Nickname nobody."
    )
    other = await ecm.folder(CUSTOMERS, "Other")
    await ecm.refused(500, f"PUT /v2/nodes/{other}/nicknames", data={"nickname": "clients"})
    await ecm.refused(500, f"PUT /v2/nodes/{other}/nicknames", data={"nickname": "4711"})
    assert await ecm.results("GET /v2/uniquenames?where_names={nobody}") == []


async def test_what_somebody_reserved_nobody_else_changes(ecm: Caller) -> None:
    document = await ecm.document(CUSTOMERS)
    await ecm.ok(f"PUT /v2/nodes/{document}", {"reserved_user_id": JANE}, user="jdoe")
    assert (await ecm.properties(document))["reserved_user_id"] == JANE
    assert "reserved" in await ecm.refused(400, f"PUT /v2/nodes/{document}", {"name": "x"})
    assert "reserved" in await ecm.refused(400, f"DELETE /v2/nodes/{document}")
    await ecm.ok(f"PUT /v2/nodes/{document}", {"reserved_user_id": None}, user="jdoe")
    await ecm.ok(f"DELETE /v2/nodes/{document}")


# --- rights ---


async def hide(ecm: Caller, node: int) -> None:
    for kind in ("group", "public"):
        await ecm.ok(f"PUT /v2/nodes/{node}/permissions/{kind}", {"permissions": [], "apply_to": 0})


async def test_what_may_not_be_seen_is_as_if_it_were_not_there(ecm: Caller) -> None:
    folder = await ecm.folder(CUSTOMERS, "Secret")
    await hide(ecm, folder)
    assert (await ecm(f"GET /v2/nodes/{folder}", user="jdoe")).status == 400
    assert await ecm.names(f"GET /v2/nodes/{CUSTOMERS}/nodes", user="jdoe") == []
    assert (await ecm.ok(f"GET /v2/nodes/{CUSTOMERS}/nodes", user="jdoe"))["collection"]["paging"]["total_count"] == 0
    await ecm.ok(f"POST /v2/nodes/{folder}/permissions/custom", {"permissions": ["see"], "right_id": JANE})
    assert await ecm.names(f"GET /v2/nodes/{CUSTOMERS}/nodes", user="jdoe") == ["Secret"]
    assert await ecm.refused(500, f"DELETE /v2/nodes/{folder}", user="jdoe") == (
        "Insufficient permissions to perform this action."
    )


async def test_rights_come_from_groups_and_from_roles_of_the_workspace(ecm: Caller) -> None:
    workspace = await ecm.workspace()
    await hide(ecm, workspace)
    path = f"GET /v2/nodes/{workspace}/permissions/effective"
    assert (await ecm.results(f"{path}/{JANE}"))["data"]["permissions"]["permissions"] == []
    roles = await ecm.results(f"GET /v2/businessworkspaces/{workspace}/roles")
    staff = next(one["data"]["properties"]["id"] for one in roles if one["data"]["properties"]["name"] == "Staff")
    await ecm.ok(f"POST /v2/businessworkspaces/{workspace}/roles/{staff}/members", data={"id": str(JANE)})
    assert (await ecm.results(f"{path}/{JANE}"))["data"]["permissions"]["permissions"] == ["see", "see_contents"]
    assert (await ecm.properties(workspace, user="jdoe"))["id"] == workspace
    await ecm.ok(f"POST /v2/nodes/{workspace}/permissions/custom", {"permissions": ["delete"], "right_id": EVERYBODY})
    assert (await ecm.results(f"{path}/{RICHARD}"))["data"]["permissions"]["permissions"] == ["delete"]


@pytest.mark.parametrize(("to", "reached"), [(0, [1, 0, 0]), (1, [0, 1, 1]), (2, [1, 1, 1]), (3, [1, 1, 0])])
async def test_rights_reach_as_far_as_they_are_told_to(ecm: Caller, to: int, reached: list[int]) -> None:
    top = await ecm.folder(CUSTOMERS, "Top")
    middle = await ecm.folder(top, "Middle")
    bottom = await ecm.document(middle)
    body = {"permissions": ["see"], "right_id": JANE, "apply_to": to}
    answer = await ecm(f"POST /v2/nodes/{top}/permissions/custom", body)
    assert answer.status == 200
    found = [
        (await ecm(f"GET /v2/nodes/{one}/permissions/custom/{JANE}")).status == 200 for one in (top, middle, bottom)
    ]
    assert found == [bool(one) for one in reached]


async def test_several_members_get_rights_at_once_and_others_keep_theirs(ecm: Caller) -> None:
    path = f"/v2/nodes/{CUSTOMERS}/permissions"
    await ecm.ok(f"POST {path}/custom", {"permissions": ["see"], "right_id": RICHARD})
    entries = '[{"right_id": 1001, "permissions": ["see", "see_contents"]}]'
    rows = await ecm.results(f"POST {path}/custom/bulk", data={"permissions_array": entries})
    assert rows == [
        {"data": {"permissions": {"permissions": ["see", "see_contents"], "right_id": JANE, "type": "custom"}}}
    ]
    found = await ecm.results(f"GET /v2/nodes/{CUSTOMERS}?fields=permissions&expand=permissions%7Bright_id%7D")
    kinds = [(one["type"], one["right_id"]) for one in found["data"]["permissions"]]
    assert kinds == [("owner", ADMIN), ("group", EVERYBODY), ("public", None), ("custom", RICHARD), ("custom", JANE)]
    assert found["data"]["permissions"][0]["right_id_expand"]["name"] == "Admin"
    assert "Invalid permission" in await ecm.refused(
        400, f"POST {path}/custom", {"permissions": ["fly"], "right_id": JANE}
    )
    document = await ecm.document(CUSTOMERS)
    body = {"permissions": ["see"], "right_id": JANE, "apply_to": 2}
    assert "apply_to" in await ecm.refused(400, f"POST /v2/nodes/{document}/permissions/custom", body)


# --- documents ---


async def test_versions_are_counted_on_and_purged_to_the_newest(ecm: Caller) -> None:
    document = await ecm.document(CUSTOMERS, content=b"one")
    for text in (b"two", b"three"):
        await add_version(ecm, document, text)
    rows = await ecm.results(f"GET /v2/nodes/{document}/versions?order=desc")
    assert [row["data"]["versions"]["version_number"] for row in rows] == [3, 2, 1]
    assert (await ecm(f"GET /v2/nodes/{document}/versions/2/content")).body == b"two"
    await ecm.ok(f"DELETE /v2/nodes/{document}/versions?number_to_keep=2")
    assert "does not exist" in await ecm.refused(400, f"GET /v2/nodes/{document}/versions/1")
    await add_version(ecm, document, b"four")
    assert (await ecm.ok(f"GET /v1/nodes/{document}/versions/latest"))["data"]["version_number"] == 4
    answer = await ecm(f"GET /v1/nodes/{document}/content?action=download")
    assert (answer.headers["Content-Type"], answer.body) == ("application/octet-stream", b"four")
    assert await ecm.refused(400, f"POST /v2/nodes/{document}/versions", {"description": "x"}) == (
        "Missing required parameter 'File'"
    )


async def add_version(ecm: Caller, document: int, content: bytes) -> None:
    await ecm.ok(f"POST /v2/nodes/{document}/versions", data=file_form({"description": "next"}, content, "doc.txt"))


async def test_the_history_tells_who_did_what(ecm: Caller) -> None:
    document = await ecm.document(CUSTOMERS, user="jdoe")
    await add_version(ecm, document, b"two")
    await ecm.ok(f"POST /v2/nodes/{document}/categories", data={"category_id": str(CATEGORY)})
    path = f"GET /v2/nodes/{document}/audit?expand=audit%7Buser_id%7D"
    entries = (await ecm.results(path))["data"]["audit"]
    assert [(one["event_type"], one["user_id_expand"]["name"]) for one in entries] == [
        (10, "Admin"), (11, "Admin"), (1, "jdoe"),
    ]  # fmt: skip
    mine = await ecm.ok(f"{path}&where_user_id={JANE}&sort=asc_audit_date")
    assert [one["event_type"] for one in mine["results"]["data"]["audit"]] == [1]
    assert mine["results"]["data"]["audit_event_types"] == [{"id": 1, "name": "Create"}]
    assert "datatype" in await ecm.refused(400, f"{path}&where_audit_date_start=yesterday")
