"""OpenText's own client, unmodified: which of its methods are to be run, and how tests come by one."""

from typing import Any

import pytest
from tests.clients.proof import LISTED, PASSWORD, Make, Tenant, Watched, load

LISTED["pyxecm"] = (
    "is_ready", "is_configured", "authenticate", "get_current_user", "get_server_info", "get_server_version", "get_volume",
    "get_volumes", "get_node_by_volume_and_path", "get_workspace_types", "get_workspace_type", "get_workspace_type_by_name",
    "get_workspace_templates", "get_external_system_connection", "get_business_object_types", "get_workspace_by_business_object",
    "get_workspace_create_form", "create_workspace", "get_workspace", "get_workspace_references", "set_workspace_reference",
    "delete_workspace_reference", "get_workspace_by_type_and_name", "get_workspace_instances_iterator", "get_node_categories",
    "get_node_category_ids", "get_node_category_names", "get_node_category_definition", "get_node_category_as_dictionary",
    "get_category_value_by_name", "set_category_value", "set_category_values", "assign_category", "set_category_inheritance",
    "get_node", "extract_category_data", "create_item", "check_node_name", "update_item", "rename_node", "copy_node",
    "upload_file_to_parent", "add_document_version", "get_document_versions", "get_document_version",
    "get_latest_document_version", "get_document_content", "download_document", "purge_document_versions", "get_subnodes",
    "get_subnodes_iterator", "get_node_by_parent_and_name", "get_node_by_workspace_and_path", "get_nodes", "get_node_ancestors",
    "get_workspace_by_child_node", "create_workspace_relationship", "get_workspace_relationships",
    "get_workspace_relationships_iterator", "delete_workspace_relationship", "get_workspace_roles", "get_workspace_members",
    "add_workspace_member", "remove_workspace_member", "assign_workspace_permissions", "get_user", "get_member", "get_group",
    "assign_permission", "get_permission", "delete_permission", "search", "search_iterator", "get_node_audit",
    "get_document_workflows", "create_draft_process", "get_draft_process", "update_draft_process", "initiate_draft_process",
    "initiate_workflow", "get_workflow_status", "get_workflows_by_kind_and_status", "get_process_task", "update_process_task",
    "assign_classifications", "get_node_classifications", "get_node_records_details", "assign_rm_classification",
    "set_node_records_details", "get_hold_by_name", "assign_hold", "delete_node", "restore_node",
)  # fmt: skip

CUSTOMERS, TEMPLATE, TYPE, CATEGORY, DETAILS = 34962, 30001, 16, 4711, 4712
APPROVAL, DIRECT, RM_CLASS, HOLD = 25397, 25398, 41320, 13
JANE, RICHARD, SALES = 1001, 1002, 1100
VALUES = {"4711_2": "C-100", "4711_3": ["EU", "US"], "4711_4_1_5": "Ann"}
BUSINESS = {"external_system_name": "TE1", "business_object_type": "KNA1"}


@pytest.fixture
def connect(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A new client: many of its answers are remembered. Its waits between repeats are cut short."""
    module = load("pyxecm.otcs")
    monkeypatch.setattr(module, "REQUEST_RETRY_DELAY", 0.01)
    monkeypatch.setattr(module, "REQUEST_RETRY_BACKOFF", 0.01)

    def make(username: str = "admin", password: str = PASSWORD, base_path: str = "/cs/cs") -> Watched:
        client = module.OTCS(
            protocol="http",
            hostname=tenant.host,
            port=tenant.port,
            username=username,
            password=password,
            base_path=base_path,
        )
        return Watched("pyxecm", client)

    return make


@pytest.fixture
def otcs(connect: Make) -> Watched:
    client = connect()
    assert client.authenticate()
    return client


@pytest.fixture
def workspace(otcs: Watched) -> int:
    """Customer 1, which stands for KNA1 0000010020."""
    return make_workspace(otcs, "Customer 1", "0000010020")


def make_workspace(otcs: Watched, name: str, bo_id: str) -> int:
    answer = otcs.create_workspace(
        TEMPLATE,
        name,
        "d",
        TYPE,
        category_data={"4711": VALUES},
        external_system_id="TE1",
        bo_type="KNA1",
        bo_id=bo_id,
        parent_id=CUSTOMERS,
    )
    return int(answer["results"]["id"])


def make_document(otcs: Watched, parent: int, name: str = "doc.txt", content: bytes = b"hello") -> int:
    answer = otcs.upload_file_to_parent(parent, file_name=name, file_content=content, mime_type="text/plain")
    return id_of(answer)


def make_folder(otcs: Watched, parent: int, name: str) -> int:
    return id_of(otcs.create_item(parent, 0, name))


def id_of(answer: Any) -> int:
    """Of an answer with one node; look-ups by name answer a list of one."""
    results = answer["results"]
    return int((results[0] if isinstance(results, list) else results)["data"]["properties"]["id"])


def names_in(rows: Any) -> list[str]:
    return [row["data"]["properties"]["name"] for row in rows]
