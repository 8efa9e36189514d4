"""OpenText's own client, unmodified, against the sandbox: business workspaces, teams, workflows, records."""

import pytest
from tests.clients.otcs_client import (
    APPROVAL,
    BUSINESS,
    CUSTOMERS,
    DIRECT,
    HOLD,
    JANE,
    RM_CLASS,
    SALES,
    TEMPLATE,
    TYPE,
    VALUES,
    id_of,
    make_document,
    make_workspace,
)
from tests.clients.proof import Make, Tenant, Watched

# --- 4, 5: types, templates, systems ---


@pytest.mark.parametrize("version", ["25.4", "26.4"])
def test_workspace_types_templates_and_systems_are_told(tenant: Tenant, connect: Make, version: str) -> None:
    tenant.switch(version=version)
    otcs = connect()
    otcs.authenticate()
    types = otcs.get_workspace_types(expand_workspace_info=True, expand_templates=True)
    assert [one["data"]["properties"]["wksp_type_id"] for one in types["results"]] == [TYPE]
    assert otcs.get_workspace_type(TYPE)["workspace_type"] == "Customer"
    assert otcs.get_workspace_type_by_name("Customer") is not None
    number, templates = otcs.get_workspace_templates(type_name="Customer")
    assert (number, [one["id"] for one in templates]) == (TYPE, [TEMPLATE])
    assert otcs.get_external_system_connection("TE1") is not None
    assert otcs.get_external_system_connection("TE9") is None
    assert otcs.get_business_object_types()["results"][0]["data"]["properties"]["bo_type"] == "KNA1"


# --- 6 to 10: workspaces ---


def test_a_workspace_is_found_again_by_its_business_object(otcs: Watched) -> None:
    before = otcs.get_workspace_by_business_object(**BUSINESS, business_object_id="0000010020")
    assert before["results"] == []
    form = otcs.get_workspace_create_form(TEMPLATE, external_system_id="TE1", bo_type="KNA1", bo_id="0000010020")
    assert form["forms"][0]["data"]["parent_id"] == CUSTOMERS
    made = make_workspace(otcs, "Customer 1", "0000010020")
    after = otcs.get_workspace_by_business_object(**BUSINESS, business_object_id="0000010020")
    assert [row["data"]["properties"]["id"] for row in after["results"]] == [made]
    without_zeros = otcs.get_workspace_by_business_object(**BUSINESS, business_object_id="10020")
    assert without_zeros["results"] == []


def test_a_second_workspace_for_the_same_object_or_name_is_refused(otcs: Watched, workspace: int) -> None:
    again = otcs.create_workspace(
        TEMPLATE, "Other", "", TYPE, external_system_id="TE1", bo_type="KNA1", bo_id="0000010020", show_error=False
    )
    assert workspace
    assert again is None
    assert otcs.create_workspace(TEMPLATE, "Customer 1", "", TYPE, parent_id=CUSTOMERS, show_error=False) is None


def test_a_workspace_is_read_whole(otcs: Watched, workspace: int) -> None:
    read = otcs.get_workspace(workspace, fields=["properties", "categories", "business_properties"], metadata=True)
    data = read["results"]["data"]
    assert data["properties"]["wksp_type_name"] == "Customer"
    assert data["categories"] == [VALUES]
    assert data["business_properties"]["business_object_id"] == "0000010020"


def test_references_are_set_and_taken_away(otcs: Watched, workspace: int) -> None:
    assert otcs.set_workspace_reference(workspace, "TE1", "KNA1", "7") is not None
    references = otcs.get_workspace_references(workspace)
    assert {one["business_object_id"] for one in references} == {"0000010020", "7"}
    assert otcs.delete_workspace_reference(workspace, "TE1", "KNA1", "7") is not None
    assert [one["business_object_id"] for one in otcs.get_workspace_references(workspace)] == ["0000010020"]
    found = otcs.get_workspace_by_business_object(**BUSINESS, business_object_id="7")
    assert found["results"] == []


def test_workspaces_are_listed_by_type_and_name_over_three_pages(otcs: Watched) -> None:
    ids = [make_workspace(otcs, f"Customer {number}", str(number)) for number in range(5)]
    found = otcs.get_workspace_by_type_and_name(type_name="Customer", name="Customer 3")
    assert [row["data"]["properties"]["id"] for row in found["results"]] == [ids[3]]
    listed = list(otcs.get_workspace_instances_iterator(type_id=TYPE, page_size=2))
    assert [row["data"]["properties"]["id"] for row in listed] == ids


# --- 17: relations ---


def test_workspaces_are_related_in_both_directions(otcs: Watched, workspace: int) -> None:
    others = [make_workspace(otcs, f"Child {number}", f"c{number}") for number in range(3)]
    for other in others:
        assert otcs.create_workspace_relationship(workspace, other, "child") is not None
    assert otcs.create_workspace_relationship(workspace, others[0], "child", show_error=False) is None
    children = otcs.get_workspace_relationships(workspace, relationship_type="child")
    assert [row["data"]["properties"]["id"] for row in children["results"]] == others
    both = otcs.get_workspace_relationships(others[0], relationship_type=["child", "parent"])
    assert [(row["data"]["properties"]["id"], row["data"]["properties"]["rel_type"]) for row in both["results"]] == [
        (workspace, "parent")
    ]
    paged = list(otcs.get_workspace_relationships_iterator(workspace, relationship_type="child", page_size=2))
    assert len(paged) == 3
    assert otcs.delete_workspace_relationship(workspace, others[0]) is not None
    assert len(otcs.get_workspace_relationships(workspace)["results"]) == 2


# --- 18, 19: teams and members ---


def test_a_team_is_filled_and_emptied(otcs: Watched, workspace: int) -> None:
    roles = {
        one["data"]["properties"]["name"]: one["data"]["properties"]
        for one in otcs.get_workspace_roles(workspace)["results"]
    }
    assert roles["Manager"]["leader"]
    staff = roles["Staff"]["id"]
    assert otcs.get_workspace_members(workspace, staff)["results"] == []
    assert otcs.add_workspace_member(workspace, staff, JANE)
    otcs.add_workspace_member(workspace, staff, JANE)
    members = otcs.get_workspace_members(workspace, staff)["results"]
    assert [one["data"]["properties"]["id"] for one in members] == [JANE]
    assert otcs.remove_workspace_member(workspace, staff, JANE) is not None
    assert otcs.get_workspace_members(workspace, staff)["results"] == []
    changed = otcs.assign_workspace_permissions(workspace, staff, ["see", "see_contents"], 2)
    assert changed["results"]["data"]["properties"]["perms"] == 36995


def test_members_are_found_by_name_and_number(otcs: Watched) -> None:
    assert id_of(otcs.get_user(name="jdoe")) == JANE
    assert id_of(otcs.get_member(JANE)) == JANE
    assert id_of(otcs.get_group(name="Sales")) == SALES


# --- 23: workflows ---


def test_a_workflow_is_prepared_started_and_decided(otcs: Watched, workspace: int) -> None:
    document = make_document(otcs, workspace)
    maps = otcs.get_document_workflows(document, workspace)["results"]["data"]
    assert [one["DataID"] for one in maps] == [APPROVAL, DIRECT]
    draft = otcs.create_draft_process(APPROVAL, [document])["results"]["draftprocess_id"]
    assert otcs.get_draft_process(draft)["data"]["title"] == "Approval"
    assert otcs.update_draft_process(draft, title="T", values={"WorkflowForm_9": "because"}) is not None
    process = otcs.initiate_draft_process(draft)["results"]["process_id"]
    status = otcs.get_workflow_status(process)["results"]
    assert status["wf_details"]["wf_name"] == "T"
    assert status["step_list"]["current"][0]["task_name"] == "Approver"
    running = otcs.get_workflows_by_kind_and_status("Managed", "ontime")
    assert running
    task = otcs.get_process_task(process)
    assert [one["key"] for one in task["data"]["custom_actions"]] == ["Approve", "Reject"]
    assert otcs.update_process_task(process, custom_action="Approve", comment="ok") is not None
    after = otcs.get_workflow_status(process)["results"]
    assert after["wf_details"]["status"] == "completed"
    assert after["step_list"]["current"] == []


def test_a_map_without_a_start_step_runs_at_once(otcs: Watched, workspace: int) -> None:
    document = make_document(otcs, workspace)
    assert otcs.initiate_workflow(DIRECT, [document]) is not None
    assert otcs.initiate_workflow(APPROVAL, [document]) is None


# --- 24: classifications and records ---


def test_a_document_is_classified_and_becomes_a_record(otcs: Watched, workspace: int) -> None:
    document = make_document(otcs, workspace)
    assert otcs.assign_classifications(document, [700]) is not None
    assert otcs.assign_classifications(document, [701]) is not None
    classes = otcs.get_node_classifications(document)["data"]
    assert [one["id"] for one in classes] == [700, 701]
    assert otcs.assign_classifications(document, [701], remove_existing=True) is not None
    token = otcs.get_node_records_details(document)["rm_metadataToken"]
    assert otcs.assign_rm_classification(document, RM_CLASS, metadata_token=token) is not None
    token = otcs.get_node_records_details(document)["rm_metadataToken"]
    assert otcs.set_node_records_details(document, token, status="CLOSED", official=True) is not None
    record = otcs.get_node_records_details(document)["data"][0]
    assert (record["file_status"], record["official"]) == ("CLOSED", True)
    assert otcs.set_node_records_details(document, token, status="ACTIVE") is None


def test_what_is_on_hold_cannot_be_deleted(otcs: Watched, workspace: int) -> None:
    document = make_document(otcs, workspace)
    hold = otcs.get_hold_by_name("HOLD_10")
    assert hold["results"]["data"]["hold"]["HoldID"] == HOLD
    assert otcs.get_hold_by_name("nobody's") is None
    assert otcs.assign_hold(document, HOLD) is not None
    assert otcs.delete_node(document) is None
    assert id_of(otcs.get_node(document)) == document


# --- beyond the list: what the connector's further operations stand on ---


def test_groups_actions_and_reports_are_told(otcs: Watched, workspace: int) -> None:
    groups = otcs.get_user_memberof(JANE)
    assert {"DefaultGroup", "Sales"} == {row["data"]["properties"]["name"] for row in groups["results"]}
    actions = otcs.get_node_actions([workspace], filter_actions=["open", "delete"])
    assert set(actions["results"][str(workspace)]["data"]) == {"open", "delete"}
    assert [one["parm_name"] for one in otcs.get_web_report_parameters("customers_by_market")] == ["market"]
    assert otcs.run_web_report("customers_by_market", {"market": "DE"}) is not None
    assert otcs.get_web_report_parameters("no_such_report") is None


def test_the_leading_application_is_looked_into(otcs: Watched) -> None:
    told = otcs.get_business_object_type_old("TE1", "KNA1")
    assert told["results"]["data"]["businessProperties"][0]["attributeID"] == "4711_2"
    found = otcs.get_business_objects("TE1", type_name="KNA1", where_clauses={"NAME1": "Lark*"})
    assert [row["KUNNR"] for row in found["results"]["result_rows"]] == ["0000010020", "0000010022"]


def test_series_codes_and_holds_of_records_management_are_told(otcs: Watched) -> None:
    assert {one["RSI"] for one in otcs.get_records_management_rsis()} == {"7Y"}
    assert "file_status" in otcs.get_records_management_codes()
    made = otcs.create_records_management_hold("LEGAL", "Case 7", "letter of 1 March")
    holds = otcs.get_records_management_holds()["results"]["data"]["holds"]
    assert made["holdID"] in [one["HoldID"] for one in holds]
