"""An independent client, unmodified, against the sandbox: calls the vendor's document names, three logins, what goes wrong."""

import base64
from typing import Any

import pytest
from tests.clients.proof import LISTED, PASSWORD, Make, Tenant, Watched, load

LISTED["xecm"] = (
    "ping", "server_info", "node_get", "node_create", "node_update_name", "node_move", "node_upload_bytes", "node_download_bytes",
    "node_category_add", "node_category_update", "node_category_delete", "node_classifications_apply", "node_classifications_get",
    "subnodes_get", "subnodes_filter", "path_to_id", "volumes_get", "nodes_get_details", "businessworkspace_search",
    "businessworkspace_smartdoctypes_get", "member_get", "search", "node_permissions_custom_apply", "node_permissions_custom_update",
    "node_permissions_custom_delete", "node_permissions_public_apply", "workflows_document_get_available",
    "workflows_document_draft_create", "workflows_document_draft_form_get", "workflows_document_draft_initiate", "node_delete",
)  # fmt: skip

CUSTOMERS, CATEGORY, APPROVAL, JANE = 34962, 4711, 25397, 1001


@pytest.fixture
def base(tenant: Tenant) -> str:
    """The address the client is told with each call."""
    return f"{tenant.url}/otcs/cs.exe"


@pytest.fixture
def connect(base: str) -> Make:
    module = load("xecm.CSRestAPI")

    def make(kind: str = "OTCS_TICKET", user: str = "admin", password: str = PASSWORD, url: str = base) -> Watched:
        client = module.CSRestAPI(getattr(module.LoginType, kind), url, user, password, True, None)
        return Watched("xecm", client)

    return make


@pytest.fixture
def cs(connect: Make) -> Watched:
    return connect()


@pytest.fixture
def folder(cs: Watched, base: str) -> int:
    return int(cs.node_create(base, CUSTOMERS, 0, "A", "first", {}, {}))


@pytest.fixture
def document(cs: Watched, base: str, folder: int) -> int:
    return int(cs.node_upload_bytes(base, folder, b"hello", "doc.txt", {"4711_2": "Q"}))


def test_the_server_answers_without_a_ticket_and_tells_its_version(cs: Watched, base: str) -> None:
    assert cs.ping(base)["rest_api"][0]["version"] == 1
    assert cs.server_info(base)["server"]["version"] == "25.4"


def test_a_wrong_password_is_refused(connect: Make) -> None:
    with pytest.raises(Exception, match="Invalid username/password specified"):
        connect(password="wrong")


@pytest.mark.parametrize(("kind", "user"), [("OTDS_TICKET", "admin"), ("OTDS_BEARER", "lockgate")])
def test_what_the_directory_service_gives_is_taken_for_a_ticket(
    tenant: Tenant, connect: Make, base: str, kind: str, user: str
) -> None:
    tenant.switch(otds=True)
    client = connect(kind, user, url=tenant.url)
    assert client.node_get(base, CUSTOMERS, ["id", "name"], False, False, False)["properties"] == {
        "id": CUSTOMERS,
        "name": "Customers",
    }


def test_a_node_is_read_with_categories_permissions_and_classifications(cs: Watched, base: str, document: int) -> None:
    cs.node_classifications_apply(base, document, False, [700])
    node = cs.node_get(base, document, ["id", "name"], True, True, True)
    assert node["properties"] == {"id": document, "name": "doc.txt"}
    assert node["categories"][0]["4711_2"] == "Q"
    assert node["permissions"]["owner"]["right_id"] == 1000
    assert node["permissions"]["owner"]["right_id_expand"]["name"] == "Admin"
    assert node["classifications"][0]["id"] == 700
    assert [one["id"] for one in cs.node_classifications_get(base, document, ["data"])] == [700]


def test_what_was_uploaded_is_downloaded(cs: Watched, base: str, document: int) -> None:
    answer = cs.node_download_bytes(base, document, "")
    assert base64.b64decode(answer["base64"]) == b"hello"
    assert base64.b64decode(cs.node_download_bytes(base, document, "1")["base64"]) == b"hello"


def test_categories_are_added_changed_and_removed(cs: Watched, base: str, folder: int) -> None:
    assert cs.node_category_add(base, folder, {"category_id": CATEGORY, "4711_2": "C-1"}) == folder
    assert cs.node_category_update(base, folder, CATEGORY, {"4711_3": ["EU", "US"], "4711_4_2_5": "Bob"}) == folder
    assert categories(cs, base, folder) == [
        {"4711_2": "C-1", "4711_3": ["EU", "US"], "4711_4_1_5": None, "4711_4_2_5": "Bob"}
    ]
    with pytest.raises(Exception, match="already exists"):
        cs.node_category_add(base, folder, {"category_id": CATEGORY})
    assert cs.node_category_delete(base, folder, CATEGORY) == folder
    assert categories(cs, base, folder) == []


def categories(cs: Watched, base: str, node: int) -> Any:
    return cs.node_get(base, node, ["id"], True, False, False)["categories"]


def test_children_are_listed_and_found_by_path(cs: Watched, base: str, folder: int, document: int) -> None:
    listed = cs.subnodes_get(base, folder, ["id", "name"], True, True, False, 1)
    assert [one["properties"]["id"] for one in listed["results"]] == [document]
    assert listed["page_total"] == 1
    found = cs.subnodes_filter(base, CUSTOMERS, "A", True, True)
    assert [one["properties"]["id"] for one in found] == [folder]
    assert cs.path_to_id(base, "Enterprise:Customers:A:doc.txt") == {"id": document, "name": "doc.txt"}
    assert "Enterprise" in [one["properties"]["name"] for one in cs.volumes_get(base)]
    details = cs.nodes_get_details(base, [folder, document, 987654])
    assert sorted(details) == sorted([folder, document])


def test_an_item_is_renamed_and_moved(cs: Watched, base: str, folder: int, document: int) -> None:
    assert cs.node_update_name(base, folder, "B", "second", {}, {}) == folder
    assert cs.node_move(base, document, CUSTOMERS) == document
    assert cs.path_to_id(base, "Enterprise:Customers:doc.txt")["id"] == document
    assert cs.path_to_id(base, "Enterprise:Customers:B")["id"] == folder


def test_a_name_that_is_taken_is_refused(cs: Watched, base: str, folder: int) -> None:
    assert folder
    with pytest.raises(Exception, match="An item with the name 'A' already exists"):
        cs.node_create(base, CUSTOMERS, 0, "A", "", {}, {})


def test_a_workspace_is_found_by_its_business_object(tenant: Tenant, cs: Watched, base: str) -> None:
    made = tenant.act("make_workspace", title="Customer 1", key="0000010020")
    found = cs.businessworkspace_search(base, "TE1", "KNA1", "0000010020", 1)
    assert [(one["id"], one["name"]) for one in found["results"]] == [(made["id"], "Customer 1")]
    assert cs.businessworkspace_search(base, "TE1", "KNA1", "1", 1)["results"] == []
    kinds = cs.businessworkspace_smartdoctypes_get(base, made["id"])
    assert [one["classification_name"] for one in kinds] == ["Contracts", "Correspondence"]


def test_members_are_read(cs: Watched, base: str) -> None:
    assert cs.member_get(base, JANE)["name"] == "jdoe"


def test_documents_are_searched_by_name_type_and_place(cs: Watched, base: str, folder: int, document: int) -> None:
    found = cs.search(base, "doc", 144, folder, 1)
    assert [one["id"] for one in found["results"]] == [document]
    assert cs.search(base, "doc", 144, 2006, 1)["results"] == []


def test_permissions_are_given_and_taken(cs: Watched, base: str, folder: int) -> None:
    rights = {"permissions": ["see", "see_contents"], "right_id": JANE}
    assert cs.node_permissions_custom_apply(base, folder, [rights]) == folder
    assert custom(cs, base, folder) == [(JANE, ["see", "see_contents"])]
    assert cs.node_permissions_custom_update(base, folder, JANE, {"permissions": ["see"], "apply_to": 0}) == folder
    assert custom(cs, base, folder) == [(JANE, ["see"])]
    assert cs.node_permissions_custom_delete(base, folder, JANE) == folder
    assert custom(cs, base, folder) == []
    assert cs.node_permissions_public_apply(base, folder, {"permissions": [], "apply_to": 0}) == folder


def custom(cs: Watched, base: str, node: int) -> list[tuple[int, list[str]]]:
    there = cs.node_get(base, node, ["id"], False, True, False)["permissions"]["custom"]
    return [(one["right_id"], one["permissions"]) for one in there]


def test_a_workflow_is_prepared_and_started(cs: Watched, base: str, folder: int, document: int) -> None:
    maps = cs.workflows_document_get_available(base, folder, document)
    assert APPROVAL in [one["DataID"] for one in maps]
    draft = cs.workflows_document_draft_create(base, APPROVAL, str(document))["draftprocess_id"]
    assert cs.workflows_document_draft_form_get(base, draft)["data"]["title"] == "Approval"
    assert cs.workflows_document_draft_initiate(base, draft, "please")["process_id"] > 0


def test_a_web_report_is_asked_by_nickname_and_by_number(cs: Watched, base: str) -> None:
    told = "market;customers\nDE;3\n"
    assert cs.webreport_nickname_call(base, "customers_by_market", {"market": "DE"}) == told
    assert cs.webreport_nodeid_call(base, 30500, {"market": "DE"}) == told


def test_what_was_deleted_is_told_as_missing(cs: Watched, base: str, folder: int) -> None:
    cs.node_delete(base, folder)
    with pytest.raises(Exception, match="Sorry, the item you requested could not be accessed"):
        cs.node_get(base, folder, [], False, False, False)


def test_an_expired_ticket_is_told_apart_from_other_failures(tenant: Tenant, cs: Watched, base: str) -> None:
    tenant.act("expire_tickets")
    with pytest.raises(load("xecm.CSRestAPI").LoginTimeoutException):
        cs.node_get(base, CUSTOMERS, [], False, False, False)
