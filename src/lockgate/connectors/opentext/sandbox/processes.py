"""Running workflows: what is kept of them, how they go from step to step."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from .errors import bad
from .records import Member
from .tenant import Tenant
from .times import stamp

MAP, DRAFT, PROCESS = "workflow_map", "draft", "process"
DONE, STOPPED, SUSPENDED, LATE, ON_TIME = "completed", "stopped", "suspended", "workflowlate", "ontime"


class Step(msgspec.Struct, kw_only=True):
    """One step of a map; `assignee` None is whoever started the workflow."""

    name: str
    assignee: int | None = None
    dispositions: list[str] = []
    """What may be decided; empty: it is only sent on."""
    final: list[str] = []
    """Decisions after which no further step comes."""
    due_days: int | None = None


class Map(msgspec.Struct, kw_only=True):
    """A workflow as it is designed."""

    id: int
    name: str
    steps: list[Step]
    start_step: bool = True
    """Whether it is prepared as a draft; without, it starts at once."""
    fields: dict[str, str] = {}
    """Attributes by their number: `{"9": "Reason"}`."""


class Draft(msgspec.Struct, kw_only=True):
    id: int
    map: int
    documents: list[int]
    title: str
    by: int
    values: dict[str, Any] = {}


class Task(msgspec.Struct, kw_only=True):
    id: int
    name: str
    assignee: int
    started: str
    due: str = ""
    done: str | None = None
    action: str = ""
    comment: str = ""
    by: int | None = None


class Process(msgspec.Struct, kw_only=True):
    """One instance. `state` is empty while it runs."""

    id: int
    map: int
    title: str
    initiator: int
    started: str
    folder: int
    documents: list[int]
    values: dict[str, Any] = {}
    tasks: list[Task] = []
    comment: str = ""
    state: str = ""
    ended: str | None = None

    @property
    def current(self) -> Task | None:
        """The task that is somebody's turn."""
        return next((one for one in self.tasks if one.done is None), None) if not self.state else None

    def status(self, now: str) -> str:
        """As lists of workflows name it."""
        if self.state:
            return self.state
        late = self.current is not None and self.current.due and self.current.due < now
        return LATE if late else ON_TIME


class Processes:
    """Maps, drafts and processes of a tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def maps(self) -> Iterator[Map]:
        return (msgspec.convert(doc, Map) for doc in self._store.all(MAP))

    def map(self, id: int) -> Map:
        doc = self._store.get(MAP, id)
        if doc is None:
            raise bad("Error getting node from ID")
        return msgspec.convert(doc, Map)

    def draft(self, id: int) -> Draft:
        doc = self._store.get(DRAFT, id)
        if doc is None:
            raise bad(f"The draft process {id} does not exist.")
        return msgspec.convert(doc, Draft)

    def keep_draft(self, draft: Draft) -> None:
        self._store.put(DRAFT, draft.id, msgspec.to_builtins(draft))

    def drop_draft(self, id: int) -> None:
        self._store.delete(DRAFT, id)

    def process(self, id: int) -> Process:
        doc = self._store.get(PROCESS, id)
        if doc is None:
            raise bad("Could not access task status")
        return msgspec.convert(doc, Process)

    def all(self) -> Iterator[Process]:
        return (msgspec.convert(doc, Process) for doc in self._store.all(PROCESS))

    def keep(self, process: Process) -> None:
        self._store.put(PROCESS, process.id, msgspec.to_builtins(process))

    def drop(self, id: int) -> None:
        self._store.delete(PROCESS, id)

    def start(self, map: Map, documents: list[int], by: int, **more: Any) -> Process:
        """A new instance at its first step."""
        process = Process(
            id=self._tenant.next_id(),
            map=map.id,
            title=more.get("title") or map.name,
            initiator=by,
            started=self._tenant.now(),
            folder=self._tenant.next_id(),
            documents=documents,
            values=more.get("values") or {},
            comment=more.get("comment") or "",
        )
        self._next(process, map)
        return process

    def decide(self, process: Process, task: Task, action: str, comment: str, by: int) -> None:
        """End a task with an action or a decision, and go on to the next step, or to the end."""
        map = self.map(process.map)
        task.done, task.action, task.comment, task.by = self._tenant.now(), action, comment, by
        ends = action in map.steps[task.id - 1].final
        if ends:
            process.state, process.ended = DONE, self._tenant.now()
            self.keep(process)
        else:
            self._next(process, map)

    def _next(self, process: Process, map: Map) -> None:
        at = len(process.tasks)
        if at >= len(map.steps):
            process.state, process.ended = DONE, self._tenant.now()
        else:
            process.tasks.append(self._task(process, map.steps[at], at + 1))
        self.keep(process)

    def _task(self, process: Process, step: Step, id: int) -> Task:

        due = "" if step.due_days is None else stamp(self._tenant.clock.now() + timedelta(days=step.due_days))
        assignee = process.initiator if step.assignee is None else step.assignee
        return Task(id=id, name=step.name, assignee=assignee, started=self._tenant.now(), due=due)

    def performers(self, id: int) -> set[int]:
        """Everybody who may do a task of this member: a group's task is anybody's of it."""
        member = self._tenant.member(id)
        return {id, *(member.members if member and member.type == 1 else ())}


def numbered_values(sent: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """The title, and attributes by their number, out of `WorkflowForm_…` keys."""
    title = sent.get("WorkflowForm_Title")
    values = {
        key.removeprefix("WorkflowForm_"): value
        for key, value in sent.items()
        if key.startswith("WorkflowForm_") and key != "WorkflowForm_Title"
    }
    return (None if title is None else str(title)), values


def person(member: Member | None, id: int) -> dict[str, Any]:
    return {
        "emailAddress": member.email if member else "",
        "firstName": member.first_name if member else "",
        "lastName": member.last_name if member else "",
        "loginName": member.name if member else "",
        "phone": "",
        "userId": id,
    }
