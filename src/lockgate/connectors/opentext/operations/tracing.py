"""Audit trails and search."""

from datetime import datetime
from typing import Any

from lockgate.connectors.opentext.answers import Audited, Hit
from lockgate.connectors.opentext.client.http import group_of
from lockgate.connectors.opentext.operations.parts import Parts, Record
from lockgate.kit.contract import operation
from lockgate.kit.errors import ContractBroken

PAGE = 100
MOST_PAGES = 1000


class TracingOperations(Parts):
    """What happened to a node, and where things are."""

    @operation(effect="read")
    async def audit(self, node: int, since: datetime | None = None, event: int | None = None) -> list[Audited]:
        """The audit trail of a node, oldest first. `event` is the server's number (1 Create, 11 Version Added …).

        The server filters by whole days, in its own zone, so what came before `since` is dropped here.
        """
        params: dict[str, Any] = {
            "sort": "asc_audit_date",
            "expand": "audit{user_id,target_user_id}",
            "where_type": event,
        }
        if since is not None:
            params["where_audit_date_start"] = since.date().isoformat()
        found = [self._audited(one) for one in await self._audit_rows(node, params)]
        return [one for one in found if since is None or one.at is None or one.at >= since]

    async def _audit_rows(self, node: int, params: Record) -> list[Record]:
        rows: list[Record] = []
        for page in range(1, MOST_PAGES):
            told = await self.client.audit(node, {**params, "limit": PAGE, "page": page})
            data = ((told.get("results") or {}).get("data")) or {}
            part = [one for one in data.get("audit") or () if one not in rows[-PAGE:]]
            rows += part
            total = ((told.get("collection") or {}).get("paging") or {}).get("total_count")
            if not part or len(rows) >= (total if isinstance(total, int) else 0):
                return rows
        raise ContractBroken(f"The audit trail of {node} does not end.", code="paging")

    def _audited(self, one: Record) -> Audited:
        person = one.get("user_id_expand") or {}
        return Audited(
            node=int(one.get("id") or 0),
            event=str(one.get("audit_name") or ""),
            type=int(one.get("event_type") or 0),
            at=self.at(one.get("audit_date")),
            by=str(person.get("name") or ""),
            by_id=one.get("user_id") if isinstance(one.get("user_id"), int) else None,
        )

    @operation(effect="read")
    async def search(self, query: str, *, below: int | None = None, limit: int = 100) -> list[Hit]:
        """The first hits of a query in the server's language (`OTName: "doc*" and OTSubType: 144`), best first.

        Never to be used to confirm a write: the index follows later.
        """
        fields = {"where": query, "lookfor": "complexQuery", "within": "all", "page": 1, "limit": limit}
        told = await self.client.search({**fields, "location_id1": below})
        rows = told.get("results")
        if not isinstance(rows, list):
            raise ContractBroken("A search was answered without results.", code="search")
        found = [group_of(row, "properties") for row in rows]
        return [
            Hit(
                id=int(one["id"]),
                name=str(one.get("name") or ""),
                type=int(one.get("type") or 0),
                summary=text_of(one.get("short_summary") or one.get("summary")),
            )
            for one in found
            if "id" in one
        ]


def text_of(told: Any) -> str:
    return " ".join(map(str, told)) if isinstance(told, list) else str(told or "")
