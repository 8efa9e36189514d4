"""Relations between workspaces: directed pairs, seen from both ends."""

from collections.abc import Iterator

from starlette.responses import Response

from .call import Call
from .errors import bad, failed, not_accessible
from .records import Node
from .rights import Rights
from .workspaces import rows_of, visible

OPPOSITE = {"child": "parent", "parent": "child"}


async def related(call: Call) -> Response:
    """What a workspace is related to; a pair that runs both ways comes twice."""
    node = visible(call)
    wanted = [kind.lower() for kind in (*call.many("where_relationtype"), *call.many("where_rel_types"))]
    types = [*call.numbers("where_workspace_type_id"), *call.numbers("where_workspace_type_ids")]
    name = call.text("where_name").casefold()
    found = [
        (one, kind)
        for one, kind in _related(call, node)
        if (not wanted or kind in wanted)
        and (not types or (one.workspace is not None and one.workspace.type_id in types))
        and one.name.casefold().startswith(name)
    ]
    found.sort(key=lambda pair: pair[0].name.casefold(), reverse=call.sort("asc_name").startswith("desc"))
    return rows_of(call, [(one, {"rel_type": kind}) for one, kind in found])


def _related(call: Call, node: Node) -> Iterator[tuple[Node, str]]:
    rights = Rights(call.tenant, call.user)
    pairs = call.tenant.db.execute("SELECT related, rel_type FROM relations WHERE id = ?", (node.id,)).fetchall()
    for id, kind in pairs:
        other = call.tenant.find(int(id))
        if other is not None and rights.sees(other):
            yield other, str(kind)


async def relate(call: Call) -> Response:
    node, kind = visible(call), _kind(call)
    Rights(call.tenant, call.user).demand(node, "modify")
    other = call.tenant.find(call.needed_number("rel_bw_id"))
    if other is None or not other.is_workspace:
        raise not_accessible(404)
    if other.id == node.id:
        raise bad("A workspace cannot be related to itself")
    if _there(call, node.id, other.id, kind):
        raise failed("The relationship already exists.")
    with call.tenant.store.transaction():
        call.tenant.db.execute("INSERT INTO relations VALUES (?, ?, ?)", (node.id, other.id, kind))
        call.tenant.db.execute("INSERT OR IGNORE INTO relations VALUES (?, ?, ?)", (other.id, node.id, OPPOSITE[kind]))
    return call.done()


async def unrelate(call: Call) -> Response:
    node, other, kind = visible(call), call.id("related"), _kind(call)
    Rights(call.tenant, call.user).demand(node, "modify")
    if not _there(call, node.id, other, kind):
        raise bad("The relationship does not exist.")
    with call.tenant.store.transaction():
        remove = "DELETE FROM relations WHERE id = ? AND related = ? AND rel_type = ?"
        call.tenant.db.execute(remove, (node.id, other, kind))
        call.tenant.db.execute(remove, (other, node.id, OPPOSITE[kind]))
    return call.done()


def _kind(call: Call) -> str:
    kind = call.text("rel_type", "child").lower()
    if kind not in OPPOSITE:
        raise bad("Invalid value for the parameter 'rel_type'")
    return kind


def _there(call: Call, id: int, related: int, kind: str) -> bool:
    query = "SELECT 1 FROM relations WHERE id = ? AND related = ? AND rel_type = ?"
    return call.tenant.db.execute(query, (id, related, kind)).fetchone() is not None
