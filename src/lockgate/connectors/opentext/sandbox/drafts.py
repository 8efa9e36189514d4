"""What comes before a workflow runs: maps for documents, drafts with their form, starting."""

from typing import Any

from starlette.responses import Response

from .call import Call, whole
from .errors import bad
from .lists import listed
from .processes import Draft, Map, Processes, numbered_values
from .rights import Rights


async def maps(call: Call) -> Response:
    """Workflows that may be started with some documents."""
    rights = Rights(call.tenant, call.user)
    for id in call.numbers("doc_id"):
        rights.visible(id)
    rows = [{"DataID": one.id, "Name": one.name, "WorkflowType": 100} for one in Processes(call.tenant).maps()]
    return call.results({"data": rows, "fError": "", "fErrorDetail": "", "statusMsg": None})


async def definition(call: Call) -> Response:
    map = Processes(call.tenant).map(call.id("map"))
    fields = [{"key": f"{map.id}_{id}", "name": name} for id, name in map.fields.items()]
    packages = [{"data": {"fields": fields}, "description": "Attributes", "sub_type": 3, "type": 1}]
    tasks = [{"sub_type": 1, "task_id": at, "title": step.name, "type": 1} for at, step in enumerate(map.steps, 1)]
    shown = {"data_packages": packages, "tasks": tasks, "workflow_id": map.id, "workflow_roles": []}
    return call.results({"definition": shown})


async def draft(call: Call) -> Response:
    """Prepare a workflow: documents are attached, a form may be filled in, nothing runs yet."""
    processes = Processes(call.tenant)
    map = processes.map(call.needed_number("workflow_id"))
    made = Draft(id=call.tenant.next_id(), map=map.id, documents=_documents(call), title=map.name, by=call.user)
    processes.keep_draft(made)
    return call.results({"draftprocess_id": made.id, "workflow_type": "1_1"})


def _documents(call: Call) -> list[int]:
    rights = Rights(call.tenant, call.user)
    ids = [whole(one, "doc_ids") for one in listed([call.get("doc_ids", "")])]
    return [rights.visible(id).id for id in ids]


async def draft_form(call: Call) -> Response:
    made = Processes(call.tenant).draft(call.needed_number("draftprocess_id"))
    map = Processes(call.tenant).map(made.map)
    data = form_data(made.id, made.title) | {
        "actions": [{"key": "Initiate", "label": "Start"}],
        "custom_actions": [],
    }
    return call.answer({"data": data, "forms": [form(map, made.values)]})


async def update_draft(call: Call) -> Response:
    """Fill in the form, or start; action names compare without case."""
    processes, action = Processes(call.tenant), call.text("action").lower()
    made = processes.draft(call.id())
    if action == "formupdate":
        title, values = numbered_values(call.mapping("values"))
        made.title, made.values = title or made.title, {**made.values, **values}
        processes.keep_draft(made)
        return call.done()
    if action != "initiate":
        raise bad(f"Invalid action '{call.text('action')}'. Allowed actions 'initiate','formupdate'")
    map = processes.map(made.map)
    more = {"title": made.title, "values": made.values, "comment": call.text("comment")}
    started = processes.start(map, made.documents, call.user, **more)
    processes.drop_draft(made.id)
    return call.results({"WRID": None, "WorkID": None, "custom_message": None, "process_id": started.id})


async def start(call: Call) -> Response:
    """At once, where the map has no step to start with."""
    processes = Processes(call.tenant)
    map = processes.map(call.needed_number("workflow_id"))
    if map.start_step:
        raise bad("The start step of the workflow is not disabled.")
    started = processes.start(map, _documents(call), call.user)
    return call.results({"custom_message": None, "process_id": started.id})


async def initiate(call: Call) -> Response:
    """Start a map without documents."""
    processes = Processes(call.tenant)
    map = processes.map(whole(call.mapping("definition").get("workflow_id"), "workflow_id"))
    return call.answer({"process_id": processes.start(map, [], call.user).id})


def form_data(id: int, title: str) -> dict[str, Any]:
    return {
        "attachments_on": True,
        "authentication": False,
        "comments_on": True,
        "data_packages": [],
        "instructions": "",
        "process_id": id,
        "task": {},
        "title": title,
        "workflow_type": "1_1",
    }


def form(map: Map, values: dict[str, Any]) -> dict[str, Any]:
    data = {f"WorkflowForm_{id}": values.get(id) for id in map.fields}
    properties = {f"WorkflowForm_{id}": {"title": name, "type": "string"} for id, name in map.fields.items()}
    return {"data": data, "options": {"fields": {}}, "schema": {"properties": properties, "type": "object"}}
