"""What the operations beyond source and target answer with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list of nodes."""

    id: int
    name: str
    type: int
    """0 folder, 144 document, 848 workspace …"""
    container: bool = False
    modified: datetime | None = None
    size: int | None = None


class Template(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str


class WorkspaceKind(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace type with the templates workspaces of it are made from."""

    id: int
    name: str
    templates: tuple[Template, ...] = ()


class ObjectKind(msgspec.Struct, frozen=True, kw_only=True):
    """A type of business objects of an external system."""

    system: str
    type: str
    name: str = ""
    workspace_type: int | None = None
    filled: Mapping[str, str] = {}
    """Attributes that the leading application fills: names by key, as `4711_2`."""


class BusinessRows(msgspec.Struct, frozen=True, kw_only=True):
    """What the leading application knows, as rows by column."""

    rows: tuple[Mapping[str, Any], ...] = ()
    more: bool = False
    """There are more than were asked for."""


class CategoryValues(msgspec.Struct, frozen=True, kw_only=True):
    """One category of a node."""

    values: Mapping[str, Any]
    """By label."""
    keys: Mapping[str, Any]
    """By the server's keys, as they are written."""
    token: str
    """Proves that a change is made to what was read."""


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the nodes below were changed."""

    changed: int
    unchanged: int
    message: str = ""


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A business object a workspace stands for. The id is a text: leading zeros count."""

    system: str
    type: str
    id: str


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A user or a group."""

    id: int
    name: str
    display: str = ""
    group: bool = False
    email: str = ""


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A role of a workspace's team with its members."""

    id: int
    name: str
    leader: bool = False
    inherited: bool = False
    """It comes from the workspace above; its members are changed there."""
    members: tuple[Member, ...] = ()


class Version(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    name: str = ""
    """As people see it; `2.0` where major and minor ones are counted."""
    file_name: str
    size: int | None = None
    media_type: str = ""
    created: datetime | None = None
    by: int | None = None
    """User id of who uploaded it."""
    description: str = ""
    locked: bool = False


class OtherForm(msgspec.Struct, frozen=True, kw_only=True):
    """A rendition of a version."""

    type: str
    version: int
    file_name: str = ""
    size: int | None = None
    media_type: str = ""
    created: datetime | None = None


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may do with a node."""

    who: str
    """`owner`, `group`, `public` or `custom`."""
    member: int | None = None
    """User, group or role; none for public."""
    rights: tuple[str, ...] = ()


class Person(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    login: str = ""
    name: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a running workflow: what a task is addressed by."""

    process: int
    subprocess: int
    task: int
    name: str
    status: str = ""
    assignees: tuple[Person, ...] = ()
    due: datetime | None = None


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a workflow has come."""

    process: int
    title: str
    status: str
    """The server's word: `ontime`, `workflowlate`, `stopped`, `completed`."""
    current: tuple[Step, ...] = ()
    completed: tuple[Step, ...] = ()
    next: tuple[Step, ...] = ()
    initiator: Person | None = None
    started: datetime | None = None
    due: datetime | None = None
    attachments: int | None = None
    """Folder of what is attached."""

    @property
    def ended(self) -> bool:
        return self.status == "completed" or not (self.current or self.next)


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What a performer may do with a task: words for `decide`, with their labels."""

    title: str
    instructions: str = ""
    decisions: Mapping[str, str] = {}
    """Dispositions of this step, such as Approve and Reject."""
    actions: Mapping[str, str] = {}
    """What the workflow engine itself offers, such as SendOn and Delegate."""


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done in a workflow. The server's members for it are inferred; `told` is all it said."""

    step: str
    decision: str
    """The disposition or action, such as Approve."""
    comment: str = ""
    by: str = ""
    by_id: int | None = None
    at: datetime | None = None
    told: Mapping[str, Any] = {}


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """A task that waits for our user."""

    process: int
    subprocess: int
    task: int
    name: str
    status: str = ""
    due: datetime | None = None


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a node's audit trail."""

    node: int
    event: str
    type: int
    at: datetime | None = None
    by: str = ""
    by_id: int | None = None


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A search result. The index lags behind the database."""

    id: int
    name: str
    type: int
    summary: str = ""


class RecordDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What records management knows of a node."""

    classes: tuple[int, ...] = ()
    status: str = ""
    official: bool = False
    file_number: str = ""
    rsi: str = ""
    recorded: str = ""
    token: str = ""
    """Proves that a change is made to what was read."""
    told: Mapping[str, Any] = {}
    """Everything the server states of the first class."""

    @property
    def declared(self) -> bool:
        return bool(self.classes)


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """A record series: what a retention schedule is kept for."""

    id: int
    name: str
    title: str = ""
    status: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a web report put out."""

    media_type: str
    text: str


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    active: bool = True
