"""Who may do what: ten rights, granted to owner, group, public, single members and the roles of workspaces."""

from collections.abc import Iterable

from .errors import insufficient, not_accessible
from .records import Grant, Member, Node
from .tenant import ADMIN, Tenant

BITS = {
    "see": 130,
    "see_contents": 36865,
    "modify": 65536,
    "edit_attributes": 131072,
    "add_items": 4,
    "reserve": 8192,
    "add_major_version": 4194304,
    "delete_versions": 16384,
    "delete": 8,
    "edit_permissions": 16,
}
ALL = list(BITS)
EVERYDAY = [right for right in ALL if right != "add_major_version"]
READ = ["see", "see_contents"]
DEFAULT_GROUP = 999
DYNAMIC = "dynamic"
"""Kind of the grants by which a role of the workspace may do more or less with one item."""
SYNONYMS = {"edit": "edit_permissions"}
"""One document names the last right so."""


def mask(rights: Iterable[str]) -> int:
    """Rights as the number that roles carry."""
    number = 0
    for right in rights:
        number |= BITS.get(right, 0)
    return number


def rights_in(number: int) -> list[str]:
    return [right for right, bits in BITS.items() if number & bits == bits]


def usual(owner: int) -> list[Grant]:
    """The access list of what was not made otherwise."""
    return [
        Grant(type="owner", right_id=owner, permissions=list(ALL)),
        Grant(type="group", right_id=DEFAULT_GROUP, permissions=list(EVERYDAY)),
        Grant(type="public", permissions=list(READ)),
    ]


def handed_down(parent: Node, owner: int) -> list[Grant]:
    """The access list of a new child: its parent's, with an owner of its own."""
    kept = [
        Grant(type=one.type, right_id=one.right_id, permissions=list(one.permissions))
        for one in parent.grants
        if one.type != "owner"
    ]
    return [Grant(type="owner", right_id=owner, permissions=list(ALL)), *kept]


class Rights:
    """What one caller may do; groups are read once."""

    def __init__(self, tenant: Tenant, user: int) -> None:
        self._tenant = tenant
        self.user = user
        member = tenant.member(user)
        self.all = user == ADMIN or bool(member and member.admin)
        self._me: set[int] = set() if self.all else tenant.groups_of(user)

    def of(self, node: Node) -> set[str]:
        """The caller's rights at a node."""
        if self.all:
            return set(ALL)
        found = {right for grant in node.grants if self._meant(grant) for right in grant.permissions}
        workspace = self._tenant.workspace_of(node)
        for role in self._tenant.roles(workspace.id) if workspace else ():
            if self._me & set(role.members):
                found |= set(of_role(node, role))
        return found

    def _meant(self, grant: Grant) -> bool:
        return grant.type == "public" or grant.right_id in self._me

    def sees(self, node: Node) -> bool:
        return self.all or "see" in self.of(node)

    def visible(self, id: int, status: int = 400) -> Node:
        """A node the caller may see; one that is hidden is refused as if it were not there."""
        node = self._tenant.node(id, status)
        if not self.sees(node):
            raise not_accessible(status)
        return node

    def demand(self, node: Node, right: str) -> None:
        """500 where the caller lacks a right."""
        if right not in self.of(node):
            raise insufficient()


def of_role(node: Node, role: Member) -> list[str]:
    """What a role may do with a node of its workspace."""
    own = next((one for one in node.grants if (one.type, one.right_id) == (DYNAMIC, role.id)), None)
    return rights_in(role.perms) if own is None else list(own.permissions)


def effective(tenant: Tenant, node: Node, member: Member) -> list[str]:
    """The rights of any member at a node, groups included."""
    there = Rights(tenant, member.id).of(node)
    return [right for right in ALL if right in there]
