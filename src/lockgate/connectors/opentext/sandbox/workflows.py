"""Running workflows over HTTP: status, the inbox, tasks and decisions."""

from typing import Any

from starlette.responses import Response

from .call import Call
from .drafts import form, form_data
from .errors import Refusal, bad, failed, missing
from .processes import DONE, STOPPED, SUSPENDED, Process, Processes, Task, numbered_values, person
from .rights import Rights
from .times import bare

KINDS = ("Managed", "Initiated", "Both")
STATUSES = ("ontime", "workflowlate", "stopped", "completed")
ASSIGNMENT = 153


async def status(call: Call) -> Response:
    process = Processes(call.tenant).process(call.id())
    map = Processes(call.tenant).map(process.map)
    current = process.current
    done = [one for one in process.tasks if one.done is not None]
    coming = map.steps[len(process.tasks) :] if not process.state else []
    steps = {
        "completed": [_step(call, process, one) for one in done],
        "current": [_step(call, process, current)] if current else [],
        "next": [
            {"process_id": process.id, "subprocess_id": process.id, "task_id": at, "task_name": step.name}
            for at, step in enumerate(coming, start=len(process.tasks) + 1)
        ],
    }
    rights = dict.fromkeys(("Archive", "ChangeAttr", "ChangeRoute", "Delete", "ManagerPerms", "Stop", "Suspend"), True)
    return call.results(
        {
            "attachments": {"attachment_folder_id": process.folder},
            "data_packages": _packages(process),
            "permissions": {**rights, "SeeDetail": True},
            "step_list": steps,
            "wf_details": _details(call, process),
        }
    )


def _packages(process: Process) -> list[dict[str, Any]]:
    return [
        {"DESCRIPTION": "", "SUBTYPE": 1, "TYPE": 1, "USERDATA": process.folder},
        {"DESCRIPTION": "", "SUBTYPE": 2, "TYPE": 1, "USERDATA": process.id},
        {"DESCRIPTION": "", "SUBTYPE": 3, "TYPE": 1, "USERDATA": process.values},
    ]


def _details(call: Call, process: Process) -> dict[str, Any]:
    initiator = person(call.tenant.member(process.initiator), process.initiator)
    return {
        "date_initiated": bare(process.started),
        "due_date": "",
        "initiator": {name: initiator[name] for name in ("firstName", "lastName", "loginName", "userId")},
        "status": process.status(call.tenant.now()),
        "wf_name": process.title,
        "work_workID": process.id,
    }


def _step(call: Call, process: Process, task: Task) -> dict[str, Any]:
    member = call.tenant.member(task.assignee)
    late = task.due and task.due < (task.done or call.tenant.now())
    running = "late" if late else "ontime"
    return {
        "process_id": process.id,
        "subprocess_id": process.id,
        "task_assignees": {
            "assignee": [person(member, task.assignee)],
            "assigneeCount": 1,
            "currentAssignee": member.display if member else "",
        },
        "task_due_date": bare(task.due) or "",
        "task_id": task.id,
        "task_name": task.name,
        "task_start_date": bare(task.started),
        "task_status": "completed" if task.done else running,
    }


async def statuses(call: Call) -> Response:
    """Workflows the caller started, or manages."""
    kind, wanted = call.text("kind") or call.text("Kind") or "Both", call.text("wstatus")
    if kind not in KINDS or (wanted and wanted not in STATUSES):
        raise bad("Could not access task status")
    everybody = Rights(call.tenant, call.user).all
    found = [
        one
        for one in Processes(call.tenant).all()
        if (not wanted or one.status(call.tenant.now()) == wanted)
        and (one.initiator == call.user or (kind != "Initiated" and everybody))
    ]
    return call.results(
        [{"data": {"wfstatus": _row(call, one)}, "definitions": {}, "permissions": {}} for one in found]
    )


def _row(call: Call, process: Process) -> dict[str, Any]:
    task = process.current or (process.tasks[-1] if process.tasks else None)
    member = call.tenant.member(task.assignee) if task and not process.state else None
    return {
        "assignee": [person(member, member.id)] if member else [],
        "date_initiated": bare(process.started),
        "due_date": bare(task.due) if task else "",
        "parallel_steps": [],
        "process_id": process.id,
        "status_key": process.status(call.tenant.now()),
        "step_name": task.name if task else "",
        "subprocess_id": process.id,
        "task_id": task.id if task else None,
        "wf_name": process.title,
    }


async def assignments(call: Call) -> Response:
    """The caller's inbox."""
    processes = Processes(call.tenant)
    pairs = [(one, one.current) for one in processes.all() if one.state not in {DONE, STOPPED, SUSPENDED}]
    mine = [(one, task) for one, task in pairs if task is not None and call.user in processes.performers(task.assignee)]
    return call.results([{"data": {"assignments": _assignment(one, task)}} for one, task in mine])


def _assignment(process: Process, task: Task) -> dict[str, Any]:
    return {
        "date_due": bare(task.due) or None,
        "description": "",
        "from_user_id": process.initiator,
        "id": process.id,
        "instructions": "",
        "location_id": process.folder,
        "name": task.name,
        "priority": 50,
        "priority_name": "Medium",
        "status": 0,
        "status_name": "Ready",
        "type": ASSIGNMENT,
        "type_name": "Workflow Step",
        "workflow_id": process.id,
        "workflow_subworkflow_id": process.id,
        "workflow_subworkflow_task_id": task.id,
    }


# --- tasks ---


def _task(call: Call, process: Process, id: int, subprocess: int) -> Task:
    """The task whose turn it is, for those who may do it."""
    task = process.current
    if task is None or task.id != id or subprocess != process.id:
        raise failed("The task is not available.")
    performers = Processes(call.tenant).performers(task.assignee)
    if call.user not in performers and not Rights(call.tenant, call.user).all:
        raise failed("Insufficient permissions to perform this action.")
    return task


async def task_form(call: Call) -> Response:
    process = Processes(call.tenant).process(call.needed_number("process_id"))
    task = _task(call, process, call.needed_number("task_id"), call.needed_number("subprocess_id"))
    map = Processes(call.tenant).map(process.map)
    step = map.steps[task.id - 1]
    actions = [{"key": "Delegate", "label": "Forward"}]
    data = form_data(process.id, task.name) | {
        "actions": actions if step.dispositions else [{"key": "SendOn", "label": "Send On"}, *actions],
        "custom_actions": [{"key": one, "label": one} for one in step.dispositions],
        "subprocess_id": process.id,
        "task_id": task.id,
    }
    return call.answer({"data": data, "forms": [form(map, process.values)]})


async def work(call: Call) -> Response:
    """Fill in the form of a task, hand it to somebody else, send it on, or decide."""
    processes = Processes(call.tenant)
    process = processes.process(call.id("process"))
    task = _task(call, process, call.id("task"), call.id("subprocess"))
    action, custom = call.text("action"), call.text("custom_action")
    if action and custom:
        raise bad("It is not allowed to execute an action and a custom action")
    dispositions = processes.map(process.map).steps[task.id - 1].dispositions
    if custom:
        if custom not in dispositions:
            raise bad(f"Invalid custom action '{custom}'")
        processes.decide(process, task, custom, call.text("comment"), call.user)
    else:
        _act(call, processes, process, task, action.lower(), dispositions)
    return call.done()


def _act(call: Call, processes: Processes, process: Process, task: Task, action: str, dispositions: list[str]) -> None:
    if action == "formupdate":
        _, values = numbered_values(call.mapping("values"))
        process.values = {**process.values, **values}
        processes.keep(process)
    elif action == "delegate":
        member = call.tenant.member(call.number("assignee") or 0)
        if member is None:
            raise missing("assignee")
        task.assignee = member.id
        processes.keep(process)
    elif action == "sendon" and not dispositions:
        processes.decide(process, task, "SendOn", call.text("comment"), call.user)
    else:
        raise bad(f"Invalid action '{call.text('action')}'")


async def activities(call: Call) -> Response:
    """Who did what, with which decision (shape inferred: the documents give the call, not its answer)."""
    process = Processes(call.tenant).process(call.id("process"))
    if call.id("subprocess") != process.id:
        raise bad("Could not access task status")
    only = call.id("task") if "task" in call.request.path_params else None
    done = [one for one in process.tasks if one.done is not None and only in {None, one.id}]
    rows = [{"data": {"activities": _activity(call, one)}} for one in done]
    return call.results(rows[: call.number("limit") or len(rows)])


def _activity(call: Call, task: Task) -> dict[str, Any]:
    member = call.tenant.member(task.by) if task.by is not None else None
    return {
        "action": task.action,
        "comment": task.comment,
        "date": bare(task.done),
        "performer": member.name if member else "",
        "performer_id": task.by,
        "step_name": task.name,
        "task_id": task.id,
    }


async def set_status(call: Call) -> Response:
    process, wanted = Processes(call.tenant).process(call.id()), call.needed("status")
    _manager(call, process)
    allowed = {"resume"} if process.state == SUSPENDED else {"archive"} if process.state else {"suspend", "stop"}
    if wanted not in allowed:
        raise bad(f"Invalid status '{wanted}'")
    process.state = {"resume": "", "suspend": SUSPENDED, "stop": STOPPED}.get(wanted, process.state)
    Processes(call.tenant).keep(process)
    return call.done()


async def delete(call: Call) -> Response:
    process = Processes(call.tenant).process(call.id())
    _manager(call, process)
    Processes(call.tenant).drop(process.id)
    return call.done()


def _manager(call: Call, process: Process) -> None:
    if process.initiator != call.user and not Rights(call.tenant, call.user).all:
        raise Refusal(400, "No permission to change the status of the process")
