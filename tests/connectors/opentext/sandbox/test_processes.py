"""Workflows, records, holds, search: what is decided, kept and found."""

import pytest

from .caller import APPROVAL, CUSTOMERS, DIRECT, HOLD, JANE, RM_CLASS, Caller

TASK = "/v2/processes/{0}/subprocesses/{0}/tasks/{1}"


async def started(ecm: Caller, documents: str = "") -> int:
    body = {"workflow_id": APPROVAL, "doc_ids": documents, "AttachDocuments": "true"}
    draft = (await ecm.results("POST /v2/draftprocesses", body))["draftprocess_id"]
    return int((await ecm.results(f"PUT /v2/draftprocesses/{draft}", {"action": "INITIATE"}))["process_id"])


async def status(ecm: Caller, process: int) -> str:
    told = await ecm.results(f"GET /v2/workflows/status/processes/{process}")
    return str(told["wf_details"]["status"])


async def test_a_draft_is_filled_in_before_it_runs(ecm: Caller) -> None:
    document = await ecm.document(CUSTOMERS)
    body = {"workflow_id": APPROVAL, "doc_ids": str(document)}
    draft = (await ecm.results("POST /v2/draftprocesses", body))["draftprocess_id"]
    path = f"PUT /v2/draftprocesses/{draft}"
    assert "Allowed actions 'initiate','formupdate'" in await ecm.refused(400, path, {"action": "SendOn"})
    values = {"WorkflowForm_Title": "Check it", "WorkflowForm_9": "because"}
    await ecm.ok(path, {"action": "formUpdate", "values": values})
    form = (await ecm.ok(f"GET /v1/forms/draftprocesses/update?draftprocess_id={draft}"))["forms"][0]
    assert form["data"]["WorkflowForm_9"] == "because"
    process = (await ecm.results(path, {"action": "Initiate"}))["process_id"]
    told = await ecm.results(f"GET /v2/workflows/status/processes/{process}")
    assert told["wf_details"]["wf_name"] == "Check it"
    assert "does not exist" in await ecm.refused(400, path, {"action": "Initiate"})


@pytest.mark.parametrize("decision", ["Approve", "Reject"])
async def test_only_the_performer_decides_and_the_decision_is_told(ecm: Caller, decision: str) -> None:
    process = await started(ecm)
    task = "PUT " + TASK.format(process, 1)
    body = {"custom_action": decision, "comment": "seen"}
    assert "Insufficient" in await ecm.refused(500, task, body, user="rroe")
    [waiting] = await ecm.results("GET /v2/members/assignments", user="jdoe")
    assert waiting["data"]["assignments"]["workflow_id"] == process
    assert "Invalid custom action" in await ecm.refused(400, task, {"custom_action": "Maybe"}, user="jdoe")
    both = await ecm.refused(400, task, {**body, "action": "SendOn"}, user="jdoe")
    assert both == "It is not allowed to execute an action and a custom action"
    await ecm.ok(task, body, user="jdoe")
    assert await status(ecm, process) == "completed"
    [entry] = await ecm.results(f"GET /v2/processes/{process}/subprocesses/{process}/activities")
    told = entry["data"]["activities"]
    assert (told["action"], told["comment"], told["performer"]) == (decision, "seen", "jdoe")
    assert await ecm.results("GET /v2/members/assignments", user="jdoe") == []
    assert "not available" in await ecm.refused(500, task, body, user="jdoe")


async def test_a_task_is_handed_to_somebody_else(ecm: Caller) -> None:
    process = await started(ecm)
    await ecm.ok("PUT " + TASK.format(process, 1), {"action": "Delegate", "assignee": "1002"}, user="jdoe")
    assert await ecm.results("GET /v2/members/assignments", user="jdoe") == []
    assert len(await ecm.results("GET /v2/members/assignments", user="rroe")) == 1


async def test_a_map_of_two_steps_goes_on_after_approval_and_ends_after_rejection(ecm: Caller) -> None:
    document = await ecm.document(CUSTOMERS)
    start = {"workflow_id": DIRECT, "doc_ids": str(document)}
    assert "start step" in await ecm.refused(400, "POST /v2/draftprocesses/startwf", {"workflow_id": APPROVAL})
    process = (await ecm.results("POST /v2/draftprocesses/startwf", start))["process_id"]
    await ecm.ok("PUT " + TASK.format(process, 1), {"custom_action": "Approve"})
    told = await ecm.results(f"GET /v2/workflows/status/processes/{process}")
    assert [one["task_name"] for one in told["step_list"]["current"]] == ["Publish"]
    await ecm.ok("PUT " + TASK.format(process, 2), {"action": "SendOn"})
    assert await status(ecm, process) == "completed"
    second = (await ecm.results("POST /v2/draftprocesses/startwf", start))["process_id"]
    await ecm.act("decide", process=second, decision="Reject")
    assert await status(ecm, second) == "completed"


async def test_processes_are_listed_by_their_state_stopped_and_removed(ecm: Caller) -> None:
    process = await started(ecm)
    listed = await ecm.results("GET /v2/workflows/status?kind=Managed&wstatus=ontime")
    assert [one["data"]["wfstatus"]["process_id"] for one in listed] == [process]
    assert await ecm.results("GET /v2/workflows/status?kind=Initiated", user="jdoe") == []
    path = f"PUT /v2/processes/{process}/status"
    assert "No permission" in await ecm.refused(400, path, data={"status": "stop"}, user="jdoe")
    await ecm.ok(path, data={"status": "suspend"})
    assert await status(ecm, process) == "suspended"
    await ecm.ok(path, data={"status": "resume"})
    await ecm.ok(path, data={"status": "stop"})
    listed = await ecm.results("GET /v2/workflows/status?wstatus=stopped")
    assert len(listed) == 1
    await ecm.ok(f"DELETE /v2/processes/{process}")
    gone = await ecm.refused(400, f"GET /v2/workflows/status/processes/{process}")
    assert gone == "Could not access task status"


# --- records and holds ---


async def test_a_record_is_changed_with_the_present_token_only(ecm: Caller) -> None:
    document = await ecm.document(CUSTOMERS)
    path = f"/v1/nodes/{document}/rmclassifications"
    assert (await ecm.ok(f"GET {path}"))["data"] == []
    await ecm.ok(f"POST {path}", {"class_id": RM_CLASS, "essential": "V"})
    told = await ecm.ok(f"GET {path}")
    assert told["data"][0]["essential"] == "V"
    body = {"rm_metadataToken": told["rm_metadataToken"], "file_status": "CLOSED", "official": True}
    await ecm.ok(f"PUT {path}", body)
    assert (await ecm(f"PUT {path}", body)).status == 409
    assert (await ecm(f"PUT /v1/nodes/{CUSTOMERS}/rmclassifications", body)).status == 400
    await ecm.ok("PUT /v1/rmclassifications/finalizerecords", data={"ids": str(document)})
    token = (await ecm.ok(f"GET {path}"))["rm_metadataToken"]
    assert "final" in await ecm.refused(400, f"PUT {path}", {"rm_metadataToken": token, "official": False})
    assert (await ecm("PUT /v1/rmclassifications/finalizerecords", data={"ids": "x"})).status == 404
    assert (await ecm(f"PUT {path}/makeConfidential")).status == 404
    await ecm.ok(f"PUT {path}/makeConfidential", data={"sub_items": "false"})


async def test_what_is_on_hold_stays(ecm: Caller) -> None:
    folder = await ecm.folder(CUSTOMERS, "Kept")
    document = await ecm.document(folder)
    await ecm.ok(f"POST /v1/nodes/{document}/holds", {"hold_id": HOLD})
    assert [one["hold_name"] for one in (await ecm.ok(f"GET /v1/nodes/{document}/holds"))["data"]] == ["HOLD_10"]
    assert "on hold" in await ecm.refused(500, f"DELETE /v2/nodes/{folder}")
    await ecm.ok(f"DELETE /v1/nodes/{document}/holds/{HOLD}")
    assert "not on this hold" in await ecm.refused(400, f"DELETE /v1/nodes/{document}/holds/{HOLD}")
    await ecm.ok(f"DELETE /v2/nodes/{folder}")


async def test_holds_are_found_made_and_missed_in_words_of_their_own(ecm: Caller) -> None:
    assert (await ecm.results("GET /v2/hold?holdname=HOLD_10"))["data"]["hold"]["HoldID"] == HOLD
    missing = await ecm("GET /v2/hold?holdname=nobody")
    assert (missing.status, missing.json["results"]["ok"]) == (400, False)
    said = {"type": "LEGAL", "name": "Case 7", "date_applied": "2026-01-01"}
    made = (await ecm.ok("POST /v1/holds", data=said))["holdID"]
    held = (await ecm.results("GET /v2/holds?page=1&limit=10"))["data"]["holds"]
    assert [one["HoldID"] for one in held] == [HOLD, made]
    assert "date_applied" in await ecm.refused(400, "POST /v1/holds", data={"type": "X", "name": "Y"})


async def test_classifications_replace_those_there_were(ecm: Caller) -> None:
    folder = await ecm.folder(CUSTOMERS, "A")
    document = await ecm.document(folder)
    path = f"/v1/nodes/{folder}/classifications"
    await ecm.ok(f"POST {path}", {"class_id": [700, 701], "apply_to_sub_items": True})
    await ecm.ok(f"POST {path}", {"class_id": [701]})
    assert [one["name"] for one in (await ecm.ok(f"GET {path}"))["data"]] == ["Correspondence"]
    below = (await ecm.ok(f"GET /v1/nodes/{document}/classifications"))["data"]
    assert [one["id"] for one in below] == [700, 701]
    assert (await ecm(f"POST {path}", {"class_id": [CUSTOMERS]})).status == 400
    await ecm.ok(f"DELETE {path}/701")
    assert (await ecm.ok(f"GET {path}"))["data"] == []


# --- search ---


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("OTName: report*", ["report one.txt", "report two.txt"]),
        ('OTName: "two"', ["report two.txt"]),
        ("OTSubType: 0 and OTLocation: {place}", ["Below", "Place"]),
        ("OTName: one or OTName: other", ["other.txt", "report one.txt"]),
        ("OTSubType: 144 and not (OTName: report* or OTName: other)", []),
        ("OTName: report* and OTModifyDate: >= 2020-01-01", ["report one.txt", "report two.txt"]),
        ("OTName: report* and OTModifyDate: < 20200101", []),
    ],
)
async def test_a_query_finds_what_it_says(ecm: Caller, query: str, found: list[str]) -> None:
    place = await ecm.folder(CUSTOMERS, "Place")
    below = await ecm.folder(place, "Below")
    await ecm.document(below, "report one.txt")
    await ecm.document(below, "report two.txt")
    await ecm.document(CUSTOMERS, "other.txt")
    where = {"where": query.format(place=place), "lookfor": "complexQuery"}
    assert sorted(await ecm.names("POST /v2/search", data=where)) == found


async def test_words_are_searched_in_names_and_values_below_some_places(ecm: Caller) -> None:
    place = await ecm.folder(CUSTOMERS, "Place")
    document = await ecm.document(place, "a.txt")
    await ecm.ok(f"POST /v2/nodes/{document}/categories", data={"category_id": "4711", "4711_2": "QX-9"})
    await ecm.document(CUSTOMERS, "qx-9.txt")
    said = {"where": "qx-9", "lookfor": "allwords", "location_id1": str(place)}
    assert await ecm.names("POST /v2/search", data=said) == ["a.txt"]
    assert len(await ecm.names("POST /v2/search", {"where": "qx-9 nothing", "lookfor": "anywords"})) == 2
    assert await ecm.names("POST /v2/search", {"where": "qx-9 nothing", "lookfor": "allwords"}) == []


async def test_search_lags_behind_and_is_told_in_pages(ecm: Caller) -> None:
    await ecm.switch(search_delay=3600)
    for number in range(3):
        await ecm.document(CUSTOMERS, f"late {number}.txt")
    assert await ecm.names("POST /v2/search", data={"where": "OTName: late*"}) == []
    await ecm.control("PUT", "clock", {"advance_seconds": 3700})
    first = await ecm.ok("POST /v2/search", data={"where": "OTName: late*", "limit": "2", "sort": "desc_OTName"})
    assert [row["data"]["properties"]["name"] for row in first["results"]] == ["late 2.txt", "late 1.txt"]
    assert first["collection"]["paging"]["links"]["next"]["href"].endswith("page=2&limit=2")
    assert "parsed" in await ecm.refused(400, "POST /v2/search", data={"where": "OTName: (("})
    assert "parsed" in await ecm.refused(400, "POST /v2/search", data={"where": "OTColour: red"})


async def test_members_are_told_twenty_at_most_and_by_the_start_of_a_name(ecm: Caller) -> None:
    told = await ecm.ok("GET /v2/members?where_type=0&limit=500")
    assert told["collection"]["paging"]["limit"] == 20
    assert [row["data"]["properties"]["id"] for row in await ecm.results("GET /v2/members?where_name=jd")] == [JANE]
    assert len(await ecm.results("GET /v2/members?where_colour=red")) == 3
    assert "query" in await ecm.refused(400, "GET /v2/members?query=j&where_name=j")
