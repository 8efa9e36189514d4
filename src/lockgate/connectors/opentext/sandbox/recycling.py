"""The recycle bin: what is in it, back again, gone for good."""

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from .call import Call
from .errors import NOT_ACCESSIBLE, missing
from .records import Node
from .rights import Rights
from .views import properties


async def listed(call: Call) -> Response:
    """What was deleted as such; what went with it is not shown."""
    rights, page = Rights(call.tenant, call.user), call.page()
    found = [node for node in call.tenant.discarded() if rights.sees(node)]
    rows = [{"data": {"properties": properties(call.tenant, node)}} for node in page.cut(found)]
    return call.results(rows, collection=call.collection(page, len(found), "asc_name"))


async def purge(call: Call) -> Response:
    return _each(call, call.tenant.purge)


async def restore(call: Call) -> Response:
    return _each(call, call.tenant.restore)


def _each(call: Call, do: Callable[[Node], str | None]) -> Response:
    """One after the other; those that cannot be done are named with the reason."""
    if not (ids := call.numbers("ids")):
        raise missing("ids")
    done: list[int] = []
    errors: dict[str, Any] = {}
    rights = Rights(call.tenant, call.user)
    for id in ids:
        node = call.tenant.find(id, deleted=True)
        problem = NOT_ACCESSIBLE if node is None or not rights.sees(node) else do(node)
        if problem:
            errors[str(id)] = problem
        else:
            done.append(id)
    failure = {"errors": errors, "ids": [int(id) for id in errors]}
    outcome: dict[str, Any] = {"failure": failure, "success": {"ids": done}}
    return call.results(outcome, **outcome)
