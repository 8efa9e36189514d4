"""OpenText's own client, unmodified, against the sandbox: nodes, documents, members, search, and what goes wrong."""

from pathlib import Path

import pytest
from tests.clients.otcs_client import (
    CATEGORY,
    CUSTOMERS,
    DETAILS,
    JANE,
    SALES,
    VALUES,
    id_of,
    make_document,
    make_folder,
    names_in,
)
from tests.clients.proof import Make, Tenant, Watched, load

# --- 1, 2: the server and the caller ---


def test_the_server_is_ready_and_tells_its_version(otcs: Watched) -> None:
    assert otcs.is_ready()
    assert otcs.is_configured()
    assert otcs.get_current_user()["data"]["name"] == "Admin"
    assert otcs.get_server_info()["server"]["version"] == "25.4"
    assert str(otcs.get_server_version()) == "25.4"


def test_a_wrong_password_is_refused(connect: Make) -> None:
    assert connect(password="wrong").authenticate(wait_for_ready=False) is None


@pytest.mark.parametrize("base_path", ["/otcs/cs.exe", "/cs/llisapi.dll", "/otcs/cs"])
def test_the_same_tree_is_served_below_every_known_base_path(connect: Make, base_path: str) -> None:
    client = connect(base_path=base_path)
    assert client.authenticate()
    assert id_of(client.get_node(CUSTOMERS)) == CUSTOMERS


# --- 3: volumes ---


def test_volumes_are_found_by_type_and_nodes_by_their_path(otcs: Watched) -> None:
    assert id_of(otcs.get_volume(141)) == 2000
    assert {row["data"]["properties"]["type"] for row in otcs.get_volumes()["results"]} >= {141, 133, 198, 550}
    assert id_of(otcs.get_node_by_volume_and_path(141, ["Customers"])) == CUSTOMERS
    made = otcs.get_node_by_volume_and_path(141, ["Customers", "A", "B"], create_path=True)
    assert id_of(otcs.get_node_by_volume_and_path(141, ["Customers", "A", "B"])) == id_of(made)
    assert otcs.get_node_by_volume_and_path(141, ["Nobody"]) is None


# --- 11 to 13: categories ---


def test_categories_are_read_in_every_way_the_client_knows(otcs: Watched, workspace: int) -> None:
    flat = otcs.get_node_categories(workspace)
    assert flat["results"][0]["data"]["categories"] == VALUES
    assert otcs.get_node_category_ids(workspace) == [CATEGORY]
    assert otcs.get_node_category_names(workspace) == ["Customer"]
    number, attributes = otcs.get_node_category_definition(workspace, "Customer")
    assert int(number) == CATEGORY
    assert "Customer Number" in attributes
    values = otcs.get_node_category_as_dictionary(workspace, category_name="Customer")
    assert values["Customer Number"] == "C-100"
    assert otcs.get_category_value_by_name(workspace, "Customer", "Regions") == ["EU", "US"]
    assert otcs.get_category_value_by_name(workspace, "Customer", "Name", set_name="Contacts", set_row=1) == "Ann"


def test_values_are_set_one_by_one_and_together(otcs: Watched, workspace: int) -> None:
    assert otcs.set_category_value(workspace, "C-200", CATEGORY, 2)
    assert otcs.set_category_value(workspace, ["DE"], CATEGORY, 3)
    assert otcs.set_category_value(workspace, "Zed", CATEGORY, 5, set_id=4, set_row=2)
    assert otcs.get_node_categories(workspace)["results"][0]["data"]["categories"] == {
        "4711_2": "C-200", "4711_3": ["DE"], "4711_4_1_5": "Ann", "4711_4_2_5": "Zed",
    }  # fmt: skip
    assert otcs.set_category_values(workspace, CATEGORY, {"4711_2": "C-300"})
    assert otcs.get_category_value_by_name(workspace, "Customer", "Customer Number") == "C-300"


def test_a_value_of_another_category_is_refused(otcs: Watched, workspace: int) -> None:
    assert otcs.set_category_value(workspace, "x", CATEGORY, 99) is None


def test_a_category_is_assigned_and_handed_down(otcs: Watched, workspace: int) -> None:
    assert otcs.assign_category(workspace, DETAILS, inheritance=True)
    assert otcs.get_node_category_ids(workspace) == [CATEGORY, DETAILS]
    assert otcs.set_category_inheritance(workspace, DETAILS, enable=True)
    inside = make_folder(otcs, workspace, "Sub")
    assert otcs.get_node_category_ids(inside) == [DETAILS]
    assert otcs.set_category_inheritance(workspace, DETAILS, enable=False)
    assert not otcs.get_node_category_ids(make_folder(otcs, workspace, "Sub 2"))


def test_the_categories_of_a_node_are_taken_out_of_its_answer(otcs: Watched, workspace: int) -> None:
    node = otcs.get_node(workspace, fields=["properties", "categories"], metadata=True)
    extracted = otcs.extract_category_data(node)
    assert extracted["Customer"]["Customer Number"] == "C-100"
    assert extracted["Customer"]["Contacts"] == [{"Name": "Ann"}]


# --- 14: items ---


def test_items_are_made_renamed_changed_and_copied(otcs: Watched, workspace: int) -> None:
    folder = id_of(otcs.create_item(workspace, 0, "Sub", category_data={"4711_2": "Q"}))
    assert otcs.create_item(workspace, 0, "Sub", show_error=False) is None
    assert otcs.check_node_name(workspace, "Sub")["results"] == [{"id": folder, "name": "Sub"}]
    assert otcs.check_node_name(workspace, "Free")["results"] == []
    assert otcs.update_item(folder, item_name="Sub 2", item_description="changed") is not None
    assert otcs.get_node(folder)["results"]["data"]["properties"]["description"] == "changed"
    assert otcs.rename_node(folder, "Sub 3") is not None
    document = make_document(otcs, folder)
    copied = id_of(otcs.copy_node(folder, CUSTOMERS, "Copy"))
    children = otcs.get_subnodes(copied)["results"]
    assert names_in(children) == ["doc.txt"]
    assert children[0]["data"]["properties"]["id"] != document


def test_an_item_that_is_not_there_is_told_so(otcs: Watched) -> None:
    errors = load("pyxecm.errors")
    assert otcs.get_node(987654) is None
    with errors.capture_errors() as captured:
        otcs.get_node(987654)
    assert "not_found" in repr(vars(captured) if hasattr(captured, "__dict__") else captured)


# --- 15: documents ---


def test_documents_are_uploaded_versioned_and_downloaded(otcs: Watched, workspace: int, tmp_path: Path) -> None:
    uploaded = otcs.upload_file_to_parent(
        workspace,
        file_name="doc.txt",
        file_content=b"hello",
        mime_type="text/plain",
        category_data={"4711_2": "Q"},
        classifications=[700],
        description="d",
    )
    document = id_of(uploaded)
    assert uploaded["results"]["data"]["properties"]["size"] == 5
    added = otcs.add_document_version(
        document, file_content=b"hello2", file_name="doc.txt", mime_type="text/plain", description="v2"
    )
    assert added["results"]["data"]["versions"]["version_number"] == 2
    numbers = [row["data"]["versions"]["version_number"] for row in otcs.get_document_versions(document)["results"]]
    assert numbers == [1, 2]
    assert otcs.get_document_version(document, 1)["results"]["data"]["versions"]["file_size"] == 5
    assert otcs.get_latest_document_version(document)["data"]["version_number"] == 2
    assert otcs.get_document_content(document) == b"hello2"
    target = tmp_path / "doc.txt"
    assert otcs.download_document(document, str(target))
    assert target.read_bytes() == b"hello2"
    assert otcs.purge_document_versions(document, 1) is not None
    assert len(otcs.get_document_versions(document)["results"]) == 1
    assert otcs.get_node_category_ids(document) == [CATEGORY]


# --- 16: folders and paths ---


def test_children_are_listed_page_by_page(otcs: Watched, workspace: int) -> None:
    for name in ("a", "b", "c"):
        make_document(otcs, workspace, name)
    second = otcs.get_subnodes(workspace, limit=2, page=2, fields="properties{id,name}")
    assert names_in(second["results"]) == ["c", "Contracts"]
    assert second["collection"]["paging"]["total_count"] == 5
    every = list(otcs.get_subnodes_iterator(workspace, page_size=2))
    assert names_in(every) == ["a", "b", "c", "Contracts", "Correspondence"]


def test_nodes_are_found_by_name_and_path_and_tell_what_they_lie_in(otcs: Watched, workspace: int) -> None:
    document = make_document(otcs, workspace)
    assert id_of(otcs.get_node_by_parent_and_name(workspace, "doc.txt")) == document
    folder = otcs.get_node_by_workspace_and_path(workspace, ["Contracts", "Signed"], create_path=True)
    assert id_of(otcs.get_node_by_workspace_and_path(workspace, ["Contracts", "Signed"])) == id_of(folder)
    nodes = otcs.get_nodes([workspace, document, 987654])
    assert [row["data"]["properties"]["id"] for row in nodes["results"]] == [workspace, document]
    chain = otcs.get_node_ancestors(document)["ancestors"]
    assert [one["id"] for one in chain] == [2000, CUSTOMERS, workspace, document]
    assert chain[-1]["parent_id"] == -workspace
    assert otcs.get_workspace_by_child_node(document)["id"] == workspace
    assert otcs.get_workspace_by_child_node(CUSTOMERS) is None


# --- 20: permissions ---


def test_permissions_are_given_told_and_taken(otcs: Watched, workspace: int) -> None:
    rights = ["see", "see_contents"]
    assert otcs.assign_permission(workspace, rights, "custom", JANE, 0) is not None
    assert otcs.get_permission(workspace, JANE) is not None
    for kind, assignee in (("owner", 1000), ("group", SALES), ("public", 0)):
        assert otcs.assign_permission(workspace, rights, kind, assignee, 2) is not None
    assert otcs.delete_permission(workspace, "custom", JANE) is not None
    assert otcs.delete_permission(workspace, "custom", JANE) is None
    assert otcs.assign_permission(987654, rights, "custom", JANE, 0) is None


def test_what_was_hidden_is_as_if_it_were_not_there(otcs: Watched, connect: Make, workspace: int) -> None:
    for kind, assignee in (("group", 999), ("public", 0)):
        otcs.assign_permission(workspace, [], kind, assignee, 0)
    jane = connect(username="jdoe")
    jane.authenticate()
    assert jane.get_node(workspace) is None
    otcs.assign_permission(workspace, ["see"], "custom", JANE, 0)
    assert id_of(jane.get_node(workspace)) == workspace


# --- 21, 22: search and audit ---


def test_documents_are_searched_below_a_place(otcs: Watched, workspace: int) -> None:
    for number in range(3):
        make_document(otcs, workspace, f"doc {number}.txt")
    make_document(otcs, CUSTOMERS, "doc elsewhere.txt")
    found = otcs.search("OTName: doc*", location_id=workspace, limit=10)
    assert sorted(names_in(found["results"])) == ["doc 0.txt", "doc 1.txt", "doc 2.txt"]
    assert len(list(otcs.search_iterator("OTName: doc* and OTSubType: 144", page_size=2))) == 4


def test_the_history_of_a_node_is_told_by_kind_and_day(otcs: Watched, workspace: int) -> None:
    otcs.rename_node(workspace, "Customer One")
    every = otcs.get_node_audit(workspace)["results"]["data"]["audit"]
    assert [one["audit_name"] for one in every] == ["Rename", "Create"]
    made = otcs.get_node_audit(workspace, filter_event_type=1, filter_date_start="2025-01-01")
    assert [one["event_type"] for one in made["results"]["data"]["audit"]] == [1]
    assert otcs.get_node_audit(workspace, filter_date_end="2020-01-01")["results"]["data"]["audit"] == []


# --- 25, 26: expiry, deletion, trouble ---


def test_an_expired_ticket_leads_to_one_login_and_one_repeat(tenant: Tenant, otcs: Watched) -> None:
    tenant.act("expire_tickets")
    assert id_of(otcs.get_node(CUSTOMERS)) == CUSTOMERS
    assert len(tenant.calls("POST /v1/auth")) == 2
    assert [one["status"] for one in tenant.calls(f"GET /v2/nodes/{CUSTOMERS}")] == [401, 200]


def test_what_was_deleted_comes_back_until_it_is_purged(otcs: Watched, workspace: int) -> None:
    folder = make_folder(otcs, workspace, "Sub")
    document = make_document(otcs, folder)
    assert otcs.delete_node(folder) is not None
    assert otcs.get_node(document) is None
    assert otcs.restore_node(folder) is not None
    assert id_of(otcs.get_node(document)) == document
    assert otcs.delete_node(folder, purge=True) is not None
    otcs.restore_node(folder)
    assert otcs.get_node(document) is None


def test_an_answer_without_a_body_is_asked_for_again_in_vain(tenant: Tenant, otcs: Watched) -> None:
    tenant.switch(empty_answers=True)
    assert otcs.rename_node(CUSTOMERS, "Clients") is None
    assert len(tenant.calls(f"PUT /v2/nodes/{CUSTOMERS}")) == 5


def test_a_server_that_is_away_for_a_moment_is_asked_again(tenant: Tenant, otcs: Watched) -> None:
    tenant.fault(kind="status", status=503, match=f"GET *nodes/{CUSTOMERS}", times=2)
    assert id_of(otcs.get_node(CUSTOMERS)) == CUSTOMERS
    assert [one["status"] for one in tenant.calls(f"GET /v2/nodes/{CUSTOMERS}")] == [503, 503, 200]


def test_a_page_of_html_is_taken_for_a_server_that_starts(tenant: Tenant, otcs: Watched) -> None:
    tenant.switch(html_errors=True)
    match = f"GET *nodes/{CUSTOMERS}"
    tenant.fault(kind="status", status=500, match=match, times=2)
    assert id_of(otcs.get_node(CUSTOMERS)) == CUSTOMERS
    tenant.fault(kind="status", status=500, match=match)
    assert otcs.get_node(CUSTOMERS) is None
    statuses = [one["status"] for one in tenant.calls(f"GET /v2/nodes/{CUSTOMERS}")]
    assert statuses == [500, 500, 200, *[500] * 5]
