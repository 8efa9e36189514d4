"""What people do in Content Server's own user interface, and what its administrators do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lockgate.kit.sandbox import ActionRefused, Sandbox, action

from . import applying
from .access import Access
from .creating import refer
from .documents import VERSION_ADDED, store_version
from .errors import Refusal
from .making_nodes import CREATE, checked_name, free, make, move
from .processes import PROCESS, Processes
from .records import DOCUMENT, FOLDER, Grant, Node, Reference
from .tenant import ADMIN, Tenant
from .views import properties

RENAMED, MOVED, DELETED, ATTRIBUTES_CHANGED, PERMISSION_CHANGED = 5, 3, 2, 10, 9


@contextmanager
def by_hand(tenant: Tenant) -> Iterator[None]:
    """All of it or nothing; what the server refuses, the user interface says in the same words."""
    try:
        with tenant.store.transaction():
            yield
    except Refusal as refusal:
        raise ActionRefused(str(refusal)) from refusal


class People(Sandbox):
    """Actions of an OpenText sandbox; they leave history as calls do."""

    tenant: Tenant
    access: Access

    @action("End all tickets: every client has to log in again")
    def expire_tickets(self) -> dict[str, Any]:
        return {"tickets": self.access.end_all()}

    @action("Make a folder")
    def make_folder(self, parent: int, name: str) -> dict[str, Any]:
        with by_hand(self.tenant):
            node = make(self.tenant, self._node(parent), FOLDER, checked_name(name), ADMIN)
            self.tenant.put(node)
            self.tenant.note(node.id, CREATE, ADMIN)
        return properties(self.tenant, node)

    @action("Upload a document from a file on this machine")
    def upload(self, parent: int, path: str, name: str | None = None, by: int = ADMIN) -> dict[str, Any]:
        source = self._file(path)
        with by_hand(self.tenant):
            node = make(self.tenant, self._node(parent), DOCUMENT, checked_name(name or source.name), by)
            store_version(self.tenant, node, source, name or source.name, by)
            self.tenant.put(node)
            self.tenant.note(node.id, CREATE, by)
        return properties(self.tenant, node)

    @action("Add a version to a document from a file on this machine")
    def add_version(self, id: int, path: str, name: str | None = None, by: int = ADMIN) -> dict[str, Any]:
        node, source = self._node(id), self._file(path)
        with by_hand(self.tenant):
            store_version(self.tenant, node, source, name or source.name, by)
            self.tenant.save(node, by)
            self.tenant.note(node.id, VERSION_ADDED, by)
        return properties(self.tenant, node)

    @action("Rename an item")
    def rename(self, id: int, name: str, by: int = ADMIN) -> dict[str, Any]:
        node = self._node(id)
        with by_hand(self.tenant):
            free(self.tenant, node.parent, checked_name(name), but=node.id)
            node.name = name
            self.tenant.save(node, by)
            self.tenant.note(node.id, RENAMED, by)
        return properties(self.tenant, node)

    @action("Move an item")
    def move_item(self, id: int, parent: int, by: int = ADMIN) -> dict[str, Any]:
        node = self._node(id)
        with by_hand(self.tenant):
            free(self.tenant, parent, node.name)
            move(self.tenant, node, self._node(parent))
            self.tenant.save(node, by)
            self.tenant.note(node.id, MOVED, by)
        return properties(self.tenant, node)

    @action("Set values of a category, by their keys such as 4711_2; a category that is not there yet is added")
    def set_values(self, id: int, values: dict[str, Any], by: int = ADMIN) -> dict[str, Any]:
        node = self._node(id)
        with by_hand(self.tenant):
            applying.fill(self.tenant, node, values)
            self.tenant.save(node, by)
            self.tenant.note(node.id, ATTRIBUTES_CHANGED, by)
        return node.categories

    @action("Set who may do what with an item: rights by kind (owner, group, public) or by a member's number")
    def set_rights(self, id: int, rights: dict[str, list[str]]) -> list[dict[str, Any]]:
        node = self._node(id)
        for who, wanted in rights.items():
            kind, member = ("custom", int(who)) if who.isdecimal() else (who, None)
            node.grants = [one for one in node.grants if not (one.type == kind and member in {None, one.right_id})]
            node.grants.append(Grant(type=kind, right_id=member, permissions=list(wanted)))
        self.tenant.put(node)
        self.tenant.note(node.id, PERMISSION_CHANGED, ADMIN)
        return [{"type": one.type, "right_id": one.right_id, "permissions": one.permissions} for one in node.grants]

    @action("Reserve an item, or let go of it (by is null)")
    def reserve(self, id: int, by: int | None = 1001) -> dict[str, Any]:
        node = self._node(id)
        node.reserved_by, node.reserved = by, self.tenant.now() if by is not None else None
        self.tenant.save(node, by or ADMIN)
        return properties(self.tenant, node)

    @action("Delete an item: it goes to the recycle bin")
    def delete(self, id: int, by: int = ADMIN) -> None:
        node = self._node(id)
        self.tenant.discard(node)
        self.tenant.note(node.id, DELETED, by)

    @action("Put an item on hold, or release it")
    def set_hold(self, id: int, hold: int, on: bool = True) -> list[int]:
        node = self._node(id)
        node.holds = [one for one in node.holds if one != hold] + ([hold] if on else [])
        self.tenant.save(node, ADMIN)
        return node.holds

    @action("Let a workspace stand for a business object of the leading application")
    def set_reference(self, id: int, ext_system_id: str, bo_type: str, bo_id: str) -> None:
        with by_hand(self.tenant):
            refer(self.tenant, self._node(id), Reference(ext_system_id=ext_system_id, bo_type=bo_type, bo_id=bo_id))

    @action("Decide the open task of a process, such as Approve or Reject")
    def decide(self, process: int, decision: str, comment: str = "", by: int | None = None) -> dict[str, Any]:
        processes = Processes(self.tenant)
        if self.state.get(PROCESS, process) is None:
            raise ActionRefused(f"There is no process {process}.")
        one = processes.process(process)
        task = one.current
        if task is None:
            raise ActionRefused(f"Process {process} waits for nobody.")
        allowed = processes.map(one.map).steps[task.id - 1].dispositions or ["SendOn"]
        if decision not in allowed:
            raise ActionRefused(f"The decision is one of {', '.join(allowed)}.")
        processes.decide(one, task, decision, comment, task.assignee if by is None else by)
        return {"status": one.status(self.tenant.now()), "waits": one.current is not None}

    def _node(self, id: int) -> Node:
        node = self.tenant.find(id)
        if node is None:
            raise ActionRefused(f"There is no item {id}.")
        return node

    def _file(self, path: str) -> Path:
        if not Path(path).is_file():
            raise ActionRefused(f"There is no file {path}.")
        return Path(path)
