"""What the tenant remembers: nodes of every type, with all that hangs on them."""

from typing import Any

import msgspec

FOLDER, SHORTCUT, GENERATION, CATEGORY, WORKFLOW, URL, DOCUMENT, WORKSPACE = 0, 1, 2, 131, 128, 140, 144, 848
CLASSIFICATION, RM_CLASSIFICATION, WEB_REPORT = 199, 551, 30303
TYPE_NAMES = {
    0: "Folder",
    1: "Shortcut",
    2: "Generation",
    128: "Workflow Map",
    131: "Category",
    132: "Category Folder",
    133: "Categories",
    136: "Compound Document",
    140: "URL",
    141: "Enterprise Workspace",
    142: "Personal Workspace",
    144: "Document",
    190: "Workflow Status",
    196: "Classification Tree",
    198: "Classifications",
    199: "Classification",
    202: "Project",
    298: "Collection",
    405: "Recycle Bin",
    550: "Records Management",
    551: "RM Classification",
    751: "E-mail Folder",
    848: "Business Workspace",
    862: "Business Workspaces",
    882: "Extended ECM",
    899: "Virtual Folder",
    20541: "Document Templates",
    30303: "WebReport",
}
CONTAINERS = frozenset({0, 132, 133, 136, 141, 142, 196, 198, 199, 202, 298, 405, 550, 551, 751, 848, 862, 882, 20541})
VOLUMES = frozenset({133, 141, 142, 198, 405, 550, 862, 882, 20541})


class Attribute(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One attribute of a category, or (type `Set`) a set of rows that others belong to."""

    id: int
    name: str
    type: str = "String"
    """String, Date, Integer, Boolean, User or Set."""
    multi: bool = False
    """For a set: whether it has several rows."""
    length: int | None = None
    required: bool = False
    read_only: bool = False
    set: int | None = None
    """The set it belongs to."""


class Grant(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One entry of a node's access list; `type` is owner, group, public, custom or dynamic (a workspace role)."""

    type: str
    right_id: int | None = None
    permissions: list[str] = []


class Rendition(msgspec.Struct, kw_only=True):
    """Another form of a version, such as a PDF of it."""

    id: int
    type: str
    file_name: str
    mime_type: str
    size: int
    digest: str
    created: str


class Version(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One version of a document: its bytes are those of the digest, or lie in a file that is only referred to."""

    id: int
    number: int
    file_name: str
    size: int
    mime_type: str
    created: str
    by: int
    description: str = ""
    digest: str | None = None
    path: str | None = None
    locked: bool = False
    external: dict[str, Any] = {}
    major: int = 0
    minor: int | None = None
    """Where the document counts both; otherwise there is only the number."""
    renditions: list[Rendition] = []


class Reference(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The business object of the leading application that a workspace stands for."""

    ext_system_id: str
    bo_type: str
    bo_id: str


class Workspace(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What makes a node a business workspace (or the template of some)."""

    type_id: int
    template_id: int | None = None
    is_template: bool = False
    references: list[Reference] = []
    early: bool = False


class Record(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What records management holds of a node."""

    class_id: int
    file_number: str
    status: str = "ACTIVE"
    official: bool = False
    essential: str = "NR"
    storage: str = "EL"
    rsi: str | None = None
    record_date: str = ""
    final: bool = False
    confidential: bool = False
    mark: int = 1
    more: dict[str, Any] = {}


class Node(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One node. Instants are UTC, whole seconds, with Z."""

    id: int
    type: int
    name: str
    parent: int
    volume: int
    created: str
    created_by: int
    modified: str
    modified_by: int
    owner: int
    description: str = ""
    names: dict[str, str] = {}
    descriptions: dict[str, str] = {}
    reserved_by: int | None = None
    reserved: str | None = None
    original: int | None = None
    url: str | None = None
    nickname: str | None = None
    unique_name: str | None = None
    external: dict[str, Any] = {}
    advanced_versioning: bool = False
    permissions_inherited: bool = False
    grants: list[Grant] = []
    categories: dict[str, dict[str, Any]] = {}
    """Values by the category's id and the flat key."""
    marks: dict[str, int] = {}
    """How often a category's values changed, for its metadata token."""
    inherited: list[str] = []
    """Categories that new children get, too."""
    mark: int = 1
    versions: list[Version] = []
    last_version: int = 0
    definition: list[Attribute] = []
    """For a category: its attributes."""
    classifications: list[int] = []
    record: Record | None = None
    holds: list[int] = []
    workspace: Workspace | None = None
    guid: str = ""

    @property
    def is_workspace(self) -> bool:
        return self.type == WORKSPACE and self.workspace is not None and not self.workspace.is_template

    @property
    def is_volume(self) -> bool:
        return self.type in VOLUMES

    @property
    def container(self) -> bool:
        return self.type in CONTAINERS

    @property
    def current(self) -> Version | None:
        """The newest version, where there is any."""
        return self.versions[-1] if self.versions else None


class Member(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A user (0), a group (1) or a role of a workspace (848): they share one space of ids with nodes."""

    id: int
    type: int
    name: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    title: str = ""
    group: int | None = None
    members: list[int] = []
    """Of a group or a role: ids of those in it."""
    deleted: bool = False
    admin: bool = False
    workspace: int | None = None
    """Of a role: the workspace it belongs to."""
    description: str = ""
    leader: bool = False
    perms: int = 0

    @property
    def display(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.name
