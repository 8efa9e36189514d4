"""The leading application behind an external system, as far as it can be looked into: its business objects as rows."""

from typing import Any

from starlette.responses import Response

from .business import object_type
from .call import Call
from .errors import missing

ROWS = "bo_row"
MOST = 100


async def business_objects(call: Call) -> Response:
    """Rows of one type; `where_<field>` must equal, a `*` at its end stands for anything."""
    type = object_type(call.tenant, call.needed("ext_system_id"), _type(call))
    rows = [one["row"] for one in call.tenant.store.all(ROWS) if one["type"] == type.id]
    found = [row for row in rows if _meets(call, row)]
    page = call.page(MOST, MOST)
    results = {
        "column_descriptions": [_column(at, name) for at, name in enumerate(type.columns, 1)],
        "max_rows_exceeded": len(found) > page.limit,
        "result_rows": list(page.cut(found)),
    }
    return call.results(results, paging=page.paging(len(found)))


def _column(at: int, name: str) -> dict[str, Any]:
    """The first is the key of the business object; rows go by the label."""
    return {"fieldLabel": name, "fieldName": name, "keyField": "X" if at == 1 else " ", "length": 80, "position": at}


def _type(call: Call) -> str:
    if not (kind := call.text("bo_type")):
        raise missing("bo_type")
    return kind


def _meets(call: Call, row: dict[str, Any]) -> bool:
    for name, given in call.query.items():
        if name.startswith("where_") and (column := name.removeprefix("where_")) in row:
            have, want = str(row[column]).casefold(), given[0].casefold()
            if not (have.startswith(want[:-1]) if want.endswith("*") else have == want):
                return False
    return True
