"""Workflows: start one with documents, see how far it is, decide its tasks."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from lockgate.connectors.opentext.answers import Activity, Assignment, Choices, Person, Progress, Step, Template
from lockgate.connectors.opentext.operations.parts import Parts, Record
from lockgate.kit.contract import operation
from lockgate.kit.errors import Conflict, NotFound, Rejected
from lockgate.kit.together import together

STATES = ("ontime", "workflowlate", "stopped", "completed")
TITLE = "WorkflowForm_Title"
Change = Literal["suspend", "resume", "stop", "archive"]


class WorkflowOperations(Parts):
    """Reviews and approvals of the server's own workflow engine."""

    @operation(effect="read")
    async def workflows_for(self, document: int) -> list[Template]:
        """Workflow maps that may be started with a document."""
        node = (await self.client.node(document)).get("data") or {}
        parent = abs(int((node.get("properties") or {}).get("parent_id") or 0))
        rows = await self.client.maps(document, parent)
        return [Template(id=int(row["DataID"]), name=str(row.get("Name") or "")) for row in rows if "DataID" in row]

    @operation(effect="read")
    async def workflow_definition(self, workflow: int) -> Mapping[str, Any]:
        """A map's steps and the form fields it asks for, in the server's words."""
        return await self.client.definition(workflow)

    @operation(effect="create", idempotent="look-up")
    async def start_workflow(
        self,
        workflow: int,
        documents: Sequence[int],
        title: str,
        *,
        values: Mapping[str, Any] | None = None,
        comment: str = "",
    ) -> int:
        """Start a map with documents and answer the process.

        The title is what a repeat is known by, so it must be unique for what is asked: a process of ours that carries it is answered
        instead. `values` are form fields by the server's names (`WorkflowForm_9`).
        """
        if (running := await self._titled(title)) is not None:
            return running
        draft = await self.client.draft(workflow, documents)
        await self._startable(draft, title)
        # Fields without a value are left out: an empty text is refused where a number belongs.
        said = {name: value for name, value in (values or {}).items() if value not in (None, "")}
        await self.client.fill_draft(draft, {**said, TITLE: title})
        return await self.client.initiate(draft, comment)

    async def _startable(self, draft: int, title: str) -> None:
        """Some maps want their starter's password once more: only a person can give it."""
        if (await self.client.draft_form(draft)).get("authentication") is True:
            raise Rejected(
                f"Workflow {title} cannot be started: its map asks who starts it for the password once more. Have that "
                "switched off for this map, or start it by hand.",
                code="workflow.signature",
            )

    async def _titled(self, title: str) -> int | None:
        rows = [
            row for found in await together(self.client.statuses("Initiated", one) for one in STATES) for row in found
        ]
        found = [int(row["process_id"]) for row in rows if row.get("wf_name") == title and "process_id" in row]
        return min(found, default=None)

    @operation(effect="read")
    async def workflow(self, process: int) -> Progress:
        """How far a workflow has come, with the steps that are open and who has them."""
        told = await self.client.status(process)
        steps, details = told.get("step_list") or {}, told.get("wf_details") or {}
        folder = (told.get("attachments") or {}).get("attachment_folder_id")
        return Progress(
            process=process,
            title=str(details.get("wf_name") or ""),
            status=str(details.get("status") or ""),
            current=self._steps(steps.get("current")),
            completed=self._steps(steps.get("completed")),
            next=self._steps(steps.get("next")),
            initiator=person(details.get("initiator")),
            started=self.at(details.get("date_initiated")),
            due=self.at(details.get("due_date")),
            attachments=folder if isinstance(folder, int) else None,
        )

    def _steps(self, rows: Any) -> tuple[Step, ...]:
        return tuple(
            Step(
                process=int(row["process_id"]),
                subprocess=int(row["subprocess_id"]),
                task=int(row["task_id"]),
                name=str(row.get("task_name") or ""),
                status=str(row.get("task_status") or ""),
                assignees=people((row.get("task_assignees") or {}).get("assignee")),
                due=self.at(row.get("task_due_date")),
            )
            for row in (rows if isinstance(rows, list) else [])
            if "task_id" in row
        )

    @operation(effect="read")
    async def my_tasks(self) -> list[Assignment]:
        """Tasks that wait for our user."""
        return [
            Assignment(
                process=int(row["workflow_id"]),
                subprocess=int(row.get("workflow_subworkflow_id") or row["workflow_id"]),
                task=int(row["workflow_subworkflow_task_id"]),
                name=str(row.get("name") or ""),
                status=str(row.get("status_name") or ""),
                due=self.at(row.get("date_due")),
            )
            for row in await self.client.assignments()
            if row.get("workflow_id") and row.get("workflow_subworkflow_task_id")
        ]

    @operation(effect="read")
    async def choices(self, step: Step | Assignment) -> Choices:
        """What may be decided. Only its performer is told."""
        told = await self.client.task_form(step.process, step.subprocess, step.task)
        return Choices(
            title=str(told.get("title") or ""),
            instructions=str(told.get("instructions") or ""),
            decisions=labelled(told.get("custom_actions")),
            actions=labelled(told.get("actions")),
        )

    @operation(effect="upsert", idempotent="look-up")
    async def decide(
        self,
        step: Step | Assignment,
        decision: str,
        *,
        comment: str = "",
        values: Mapping[str, Any] | None = None,
        delegate_to: int | None = None,
    ) -> None:
        """End a task with a decision that `choices` offers, such as Approve; read back. One that is no longer open is left alone.

        Form values are sent first, in a call of their own.
        """
        if not await self._is_open(step):
            raise NotFound(
                f"Task {step.name} of workflow {step.process} is not open any more; nothing was decided.",
                code="task.closed",
            )
        offered = await self.choices(step)
        content: dict[str, Any] = {"custom_action": decision} if decision in offered.decisions else {"action": decision}
        if decision not in {**offered.decisions, **offered.actions, "SendOn": ""}:
            words = ", ".join([*offered.decisions, *offered.actions])
            raise Rejected(f"Task {step.name} cannot be ended with {decision}; it offers: {words}.", code="decision")
        said = {name: value for name, value in (values or {}).items() if value not in (None, "")}
        if said:
            await self.client.work(step.process, step.subprocess, step.task, {"action": "formUpdate", "values": said})
        content |= {"comment": comment} if comment else {}
        content |= {"assignee": str(delegate_to)} if delegate_to is not None else {}
        await self.client.work(step.process, step.subprocess, step.task, content)
        if delegate_to is None and await self._is_open(step):
            raise Conflict(f"Task {step.name} of workflow {step.process} is still open after it was decided.")

    async def _is_open(self, step: Step | Assignment) -> bool:
        current = (await self.workflow(step.process)).current
        return any((one.subprocess, one.task) == (step.subprocess, step.task) for one in current)

    @operation(effect="read")
    async def history(self, process: int, subprocess: int | None = None) -> list[Activity]:
        """What was done in a process, oldest first: who decided what at which step.

        `subprocess` is the process itself if not given.
        """
        return [
            Activity(
                step=str(row.get("step_name") or ""),
                decision=str(row.get("action") or ""),
                comment=str(row.get("comment") or ""),
                by=str(row.get("performer") or ""),
                by_id=row["performer_id"] if isinstance(row.get("performer_id"), int) else None,
                at=self.at(row.get("date")),
                told=row,
            )
            for row in await self.client.activities(process, process if subprocess is None else subprocess)
        ]

    @operation(effect="upsert")
    async def change_workflow(self, process: int, change: Change) -> None:
        """suspend, resume, stop or archive a process."""
        await self.client.set_process(process, change)

    @operation(effect="withdraw")
    async def delete_workflow(self, process: int) -> None:
        """Remove a process with its history. Rejected where there is none."""
        await self.client.delete_process(process)


def person(row: Any) -> Person | None:
    if not isinstance(row, dict) or "userId" not in row:
        return None
    name = " ".join(str(row[part]) for part in ("firstName", "lastName") if row.get(part))
    return Person(id=int(row["userId"]), login=str(row.get("loginName") or ""), name=name)


def people(rows: Any) -> tuple[Person, ...]:
    found = (person(row) for row in (rows if isinstance(rows, list) else []))
    return tuple(one for one in found if one is not None)


def labelled(rows: Any) -> dict[str, str]:
    actions: Sequence[Record] = rows if isinstance(rows, list) else []
    return {str(row["key"]): str(row.get("label") or row["key"]) for row in actions if row.get("key")}
