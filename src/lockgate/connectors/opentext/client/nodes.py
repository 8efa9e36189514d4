"""Nodes: read, made, changed, removed; their children and their trail."""

from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.opentext.client.http import OtcsHttp, Record, Rows, group_of, properties_of, result_of
from lockgate.kit.errors import NotFound, Rejected
from lockgate.kit.http import segment

FOLDER, SHORTCUT, DOCUMENT, WORKSPACE = 0, 1, 144, 848
DYNAMIC = "dynamic"


class NodeCalls(OtcsHttp):
    """The calls about nodes of any type."""

    async def server(self) -> Record:
        return await self.get("/api/v1/serverinfo")

    async def me(self) -> Record:
        """The user behind our ticket."""
        told: Record = (await self.get("/api/v1/auth")).get("data") or {}
        return told

    async def ping(self) -> Record:
        """Which REST interface is there; needs no ticket."""
        return await self.get("/api/v1/ping")

    async def volumes(self) -> Rows:
        """The roots of all parts that our user sees."""
        told = (await self.get("/api/v2/volumes")).get("results")
        return [group_of(row, "properties") for row in (told if isinstance(told, list) else [])]

    async def volume(self, type: int) -> Record:
        """The root of a part of the server, such as 141 (Enterprise) or 133 (Categories)."""
        return properties_of(await self.get(f"/api/v2/volumes/{type}"))

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def node(self, id: int | str, *fields: str) -> Record:
        """A node with these groups of fields, `properties` among them: `results` with `data` and, for categories, `metadata`."""
        params: dict[str, Any] = {"fields": list(fields or ("properties",))}
        if "categories" in fields:
            params["metadata"] = ""
        if "permissions" in fields:
            params["expand"] = "permissions{right_id}"
        told = await self.get(f"/api/v2/nodes/{segment(id)}", params)
        properties_of(told)
        return result_of(told)

    async def by_nickname(self, nickname: str) -> Record | None:
        """The properties of the node with this nickname; None when there is none."""
        try:
            return properties_of(await self.get(f"/api/v2/nicknames/{segment(nickname)}/nodes"))
        except NotFound:
            return None

    async def by_unique_names(self, names: Sequence[str]) -> Rows:
        told = (await self.get("/api/v2/uniquenames", {"where_names": f"{{{','.join(names)}}}"})).get("results")
        return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []

    async def nodes(self, ids: Sequence[int]) -> Rows:
        """Properties of several nodes, up to 250; those that are not there or hidden are left out."""
        told = await self.form(
            "POST", "/api/v2/nodes/list", {"ids": list(ids), "fields": "properties"}, repeatable=True
        )
        return [group_of(row, "properties") for row in told.get("results") or ()]

    async def commands(self, ids: Sequence[int], names: Sequence[str]) -> Record:
        """Of these commands (`open`, `delete`, `addversion` …) those that our user may give, by node id."""
        fields = {"ids": list(ids), "actions": list(names)}
        return result_of(await self.form("POST", "/api/v2/nodes/actions", fields, repeatable=True))

    async def taken_names(self, parent: int, names: Sequence[str]) -> Rows:
        """Of these names those that something in the container has."""
        content = {"parent_id": parent, "names": list(names)}
        told = await self.body("POST", "/api/v1/validation/nodes/names", content, repeatable=True)
        return [one for one in told.get("results") or () if isinstance(one, dict)]

    async def set_nickname(self, id: int, nickname: str) -> None:
        await self.form("PUT", f"/api/v2/nodes/{id}/nicknames", {"nickname": nickname})

    async def children(self, id: int, *, named: str | None = None, types: Sequence[int] = ()) -> Rows:
        """Properties of the nodes directly inside, in no order. `named` is compared exactly: the server looks for parts of names."""
        params = {"where_type": list(types) or None, "where_name": named, "sort": "asc_name", "fields": "properties"}
        rows = await self.listed(f"/api/v2/nodes/{id}/nodes", params, self.quirks.list_size)
        found = [group_of(row, "properties") for row in rows]
        return [one for one in found if named is None or one.get("name") == named]

    async def child(self, id: int, name: str) -> Record | None:
        return next(iter(await self.children(id, named=name)), None)

    async def ancestors(self, id: int) -> list[Record]:
        """From the volume down to the node."""
        told: list[Record] = (await self.get(f"/api/v1/nodes/{id}/ancestors")).get("ancestors") or []
        return told

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def make(self, content: Mapping[str, Any]) -> Record:
        """A node without a file (folder, copy, shortcut). Not repeated: who is in doubt looks for the name."""
        return properties_of(await self.body("POST", "/api/v2/nodes", content))

    async def change(self, id: int, content: Mapping[str, Any]) -> None:
        """Set name, description, parent (a move), or the user who reserves it."""
        await self.body("PUT", f"/api/v2/nodes/{id}", content)

    async def remove(self, id: int | str) -> None:
        """To the recycle bin."""
        await self.request("DELETE", f"/api/v2/nodes/{segment(id)}")

    async def in_recycle_bin(self) -> Rows:
        """Properties of what was deleted and is not gone yet."""
        rows = await self.listed("/api/v2/volumes/recyclebin/nodes", {}, self.quirks.list_size)
        return [group_of(row, "properties") for row in rows]

    async def recycled(self, action: str, ids: Sequence[int]) -> None:
        """`purge` or `restore`. Raises Rejected with what the server says of those it left."""
        told = await self.form("POST", f"/api/v2/volumes/recyclebin/nodes/{action}", {"ids": list(ids)})
        failure = ((told.get("results") or told).get("failure")) or {}
        if failed := failure.get("ids"):
            reasons = "; ".join(map(str, (failure.get("errors") or {}).values()))
            raise Rejected(f"{self.services.connection} could not {action} {', '.join(map(str, failed))} ({reasons}).")

    # ── audit and search ─────────────────────────────────────────────────────────────────────────────────────────

    async def audit(self, id: int, params: Mapping[str, Any]) -> Record:
        return await self.get(f"/api/v2/nodes/{id}/audit", params)

    async def search(self, fields: Mapping[str, Any]) -> Record:
        return await self.form("POST", "/api/v2/search", fields, repeatable=True)
