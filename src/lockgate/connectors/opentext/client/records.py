"""Classifications and records management: classes, details, holds, finalisation."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.opentext.client.auth import Tickets
from lockgate.connectors.opentext.client.http import OtcsHttp, Record, Rows, result_of
from lockgate.connectors.opentext.quirks import Quirks
from lockgate.kit.errors import ContractBroken, NotFound, Rejected
from lockgate.kit.services import Services

PAGE, MOST_PAGES = 100, 1000


class RecordCalls(OtcsHttp):
    """The calls of records management."""

    def __init__(self, site: str, services: Services, auth: Tickets, quirks: Quirks) -> None:
        super().__init__(site, services, auth, quirks)
        # Reverse proxies were seen to refuse such calls made at once.
        self._one_hold_at_a_time = asyncio.Lock()

    async def classifications(self, id: int) -> Rows:
        told = (await self.get(f"/api/v1/nodes/{id}/classifications", {"fields": "data"})).get("data")
        return [one for one in told or () if isinstance(one, dict)]

    async def set_classifications(self, id: int, classes: Sequence[int]) -> None:
        """The whole set: what is not named is taken away. A repeat does no harm."""
        content = {"class_id": list(classes), "apply_to_sub_items": False, "inherit_flag": False}
        await self.body("POST", f"/api/v1/nodes/{id}/classifications", content, repeatable=True)

    async def drop_classification(self, id: int, one: int) -> None:
        await self.request("DELETE", f"/api/v1/nodes/{id}/classifications/{one}")

    async def record_details(self, id: int) -> Record:
        """What records management knows of a node; empty where it is no record: then servers answer an empty list."""
        answer = await self.get_json(f"/api/v1/nodes/{id}/rmclassifications")
        return answer if isinstance(answer, dict) else {}

    async def declare(self, id: int, content: Mapping[str, Any]) -> None:
        await self.body("POST", f"/api/v1/nodes/{id}/rmclassifications", content)

    async def change_record(self, id: int, content: Mapping[str, Any]) -> None:
        await self.body("PUT", f"/api/v1/nodes/{id}/rmclassifications", content, repeatable=False)

    async def undeclare(self, id: int, record_class: int, token: str) -> None:
        path = f"/api/v1/nodes/{id}/rmclassifications/{record_class}"
        await self.request("DELETE", path, params={"rm_metadataToken": token})

    async def confidential(self, id: int, on: bool, sub_items: bool) -> None:
        what = "makeConfidential" if on else "removeConfidential"
        await self.form("PUT", f"/api/v1/nodes/{id}/rmclassifications/{what}", {"sub_items": sub_items})

    async def finalize(self, ids: Sequence[int]) -> None:
        await self.form("PUT", "/api/v1/rmclassifications/finalizerecords", {"ids": list(ids)})

    # ── retention ────────────────────────────────────────────────────────────────────────────────────────────────

    async def codes(self) -> Record:
        """The server's own lists of words for status, storage and the like."""
        told = await self.get("/api/v2/recordsmanagement/rmcodes")
        found = result_of(told)
        data = found.get("data")
        return data if isinstance(data, dict) else found

    async def series(self) -> Rows:
        """Every record series of the server."""
        return await self._paged("/api/v2/rsis", "rsis")

    async def series_of(self, id: int) -> Rows:
        told = (await self.get(f"/api/v1/nodes/{id}/rsis")).get("data")
        return [one for one in told or () if isinstance(one, dict)]

    async def set_series(self, id: int, record_class: int, series: int) -> None:
        path = f"/api/v1/nodes/{id}/rmclassifications/{record_class}/rsis"
        await self.form("POST", path, {"rsi": series}, repeatable=True)

    async def drop_series(self, id: int, record_class: int) -> None:
        await self.request("DELETE", f"/api/v1/nodes/{id}/rmclassifications/{record_class}/rsis")

    async def _paged(self, path: str, name: str) -> Rows:
        """A list of records management, which knows neither of the other two ways of paging."""
        rows: Rows = []
        for page in range(1, MOST_PAGES):
            told = await self.get(path, {"page": page, "limit": PAGE})
            part = (result_of(told).get("data") or {}).get(name) or []
            rows += part
            if len(part) < PAGE:
                return rows
        raise ContractBroken(f"The list {path} does not end.", code="paging")

    # ── holds ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def hold_named(self, name: str) -> Record:
        """A hold by its name; NotFound where there is none."""
        try:
            told = result_of(await self.get("/api/v2/hold", {"holdname": name}))
        except Rejected as error:
            raise NotFound(f"{self.services.connection} has no hold {name}.", detail=error.detail) from error
        data = told.get("data") or told
        found = data.get("hold") if isinstance(data, dict) else None
        if not isinstance(found, dict) or not isinstance(found.get("HoldID"), int):
            raise NotFound(f"{self.services.connection} has no hold {name}.")
        return found

    async def all_holds(self) -> Rows:
        """Every hold of the server."""
        return await self._paged("/api/v2/holds", "holds")

    async def make_hold(self, fields: Mapping[str, Any]) -> int:
        """A new hold. Not repeated: names tell whether there is one."""
        async with self._one_hold_at_a_time:
            told = await self.form("POST", "/api/v1/holds", fields)
        if not isinstance(id := told.get("holdID"), int):
            raise ContractBroken("A new hold was answered without its id.", code="hold")
        return id

    async def holds(self, id: int) -> Rows:
        told = (await self.get(f"/api/v1/nodes/{id}/holds")).get("data")
        return [one for one in told or () if isinstance(one, dict)]

    async def add_hold(self, id: int, hold: int) -> None:
        async with self._one_hold_at_a_time:
            await self.body("POST", f"/api/v1/nodes/{id}/holds", {"hold_id": hold})

    async def drop_hold(self, id: int, hold: int) -> None:
        async with self._one_hold_at_a_time:
            await self.request("DELETE", f"/api/v1/nodes/{id}/holds/{hold}")
