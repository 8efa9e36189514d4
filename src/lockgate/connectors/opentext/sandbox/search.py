"""Search: by query or by words, below some places, a moment behind the data."""

import math
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from .call import Call, link
from .errors import bad, missing
from .lql import Found, Test, condition, words
from .records import VOLUMES, Node
from .rights import Rights
from .tenant import Tenant
from .times import stamp
from .views import properties, version_view

QUERY = "complexQuery"
LOOKS = (QUERY, "allwords", "anywords", "exactphrase")
LIMIT = 100
SORTS = {
    "OTName": lambda node: node.name.casefold(),
    "OTObjectSize": lambda node: node.current.size if node.current else 0,
    "OTObjectDate": lambda node: node.modified,
    "OTModifyDate": lambda node: node.modified,
}


async def search(call: Call) -> Response:
    """One page of what fits; what was changed just now may not be found yet."""
    where, lookfor = call.get("where"), call.text("lookfor", QUERY)
    if where is None:
        raise missing("where")
    if lookfor not in LOOKS:
        raise bad("Invalid value for the parameter 'lookfor'")
    test = condition(str(where)) if lookfor == QUERY else words(str(where), lookfor)
    found = _sorted(call, _found(call, test, _places(call)))
    page = call.page(LIMIT)
    rows = [_row(call, node) for node in page.cut(found)]
    return call.results(rows, collection=_collection(call, str(where), len(found)))


def _places(call: Call) -> list[int]:
    names = [name for name in (*call.sent, *call.query) if name.startswith("location_id")]
    return [number for name in dict.fromkeys(names) if (number := call.number(name)) is not None]


def _found(call: Call, test: Test, places: list[int]) -> list[Node]:
    tenant, rights = call.tenant, Rights(call.tenant, call.user)
    kinds = ", ".join(map(str, sorted(VOLUMES)))
    indexed = stamp(tenant.clock.now() - timedelta(seconds=tenant.switches.search_delay))
    paths: dict[int, frozenset[int]] = {}
    found = []
    for node in tenant.select(f"type NOT IN ({kinds}) AND modified <= ?", (indexed,)):
        seen = _indexed(tenant, node, paths)
        if (not places or seen.within & set(places)) and test(seen) and rights.sees(node):
            found.append(node)
    return found


def _indexed(tenant: Tenant, node: Node, paths: dict[int, frozenset[int]]) -> Found:
    version = node.current
    values = [str(value) for one in node.categories.values() for value in one.values() if value]
    return Found(
        name=node.name,
        type=node.type,
        within=_path(tenant, node.parent, paths) | {node.id},
        modified=node.modified,
        created=node.created,
        size=version.size if version else 0,
        mime_type=version.mime_type if version else "",
        text=" ".join([node.name, node.description, *values]).casefold(),
    )


def _path(tenant: Tenant, id: int, paths: dict[int, frozenset[int]]) -> frozenset[int]:
    """All that lies above, worked out once for each container."""
    if id not in paths:
        node = tenant.find(id) if id > 0 else None
        paths[id] = frozenset() if node is None else _path(tenant, node.parent, paths) | {id}
    return paths[id]


def _sorted(call: Call, found: list[Node]) -> list[Node]:
    way, _, name = call.sort("relevance").partition("_")
    if name in SORTS:
        found.sort(key=SORTS[name], reverse=way == "desc")
    return found


def _collection(call: Call, where: str, total: int) -> dict[str, Any]:
    page = call.page(LIMIT)
    paging = page.paging(total)
    span = f"{paging['range_min']} to {paging['range_max']} of {total}"
    paging["result_header_string"] = f"Results {span} sorted by Relevance" if total else "No results found"
    if page.has_next(total):
        paging["links"] = {"next": link(f"{call.path}?page={page.number + 1}&limit={page.limit}", "GET", "Next")}
    return {
        "paging": paging,
        "searching": {
            "cache_id": 1 + math.floor(call.tenant.clock.elapsed()),
            "facets": {},
            "regions_metadata": {},
            "regions_order": ["OTName"],
            "result_title": f"Search results: {where}",
        },
        "sorting": {"links": {}, "sort": [call.sort("relevance")]},
    }


def _row(call: Call, node: Node) -> dict[str, Any]:
    above = call.tenant.find(node.parent)
    version = node.current
    way = [{"href": f"api/v1/nodes/{one.id}", "name": one.name} for one in call.tenant.ancestors(node)]
    return {
        "data": {
            "properties": {**properties(call.tenant, node), "short_summary": [], "summary": [node.description]},
            "regions": {"OTName": node.name},
            "versions": version_view(node, version) if version else {},
        },
        "links": {
            "ancestors": way,
            "parent": {"href": f"api/v1/nodes/{above.id}", "name": above.name} if above else {},
        },
        "search_result_metadata": {
            "current_version": True,
            "object_id": f"DataId={node.id}&Version={version.number if version else 0}",
            "result_type": "264",
            "source_id": "2275",
        },
    }
