"""Nodes: read, made, changed, removed; their children, versions, categories and permissions."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec

from lockgate.connectors.opentext.client.errors import NO_ROUTE
from lockgate.connectors.opentext.client.http import OtcsHttp, Record, Rows, group_of, properties_of, result_of
from lockgate.kit.contract import FileSource, FileStream
from lockgate.kit.errors import ContractBroken, NotFound, Rejected
from lockgate.kit.http import Part, Uploaded, segment

FOLDER, DOCUMENT, WORKSPACE = 0, 144, 848
DYNAMIC = "dynamic"


class NodeCalls(OtcsHttp):
    """The calls about nodes of any type."""

    async def server(self) -> Record:
        return await self.get("/api/v1/serverinfo")

    async def me(self) -> Record:
        """The user behind our ticket."""
        told: Record = (await self.get("/api/v1/auth")).get("data") or {}
        return told

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

    async def make_document(self, content: Mapping[str, Any], source: FileSource) -> tuple[Record, Uploaded]:
        part = Part(name="body", content=msgspec.json.encode(content))
        sent = await self.upload("POST", "/api/v2/nodes", source, field="file", parts=[part])
        return properties_of(self.decode(sent.answer)), sent

    async def add_version(self, id: int, source: FileSource, description: str = "") -> Uploaded:
        """A new version. Not repeated: one whose answer was lost may have arrived."""
        parts = [Part(name="description", content=description[:255].encode())] if description else []
        return await self.upload("POST", f"/api/v2/nodes/{id}/versions", source, field="file", parts=parts)

    async def change(self, id: int, content: Mapping[str, Any]) -> None:
        """Set name, description, parent (a move), or the user who reserves it."""
        await self.body("PUT", f"/api/v2/nodes/{id}", content)

    async def remove(self, id: int | str) -> None:
        """To the recycle bin."""
        await self.request("DELETE", f"/api/v2/nodes/{segment(id)}")

    async def recycled(self, action: str, ids: Sequence[int]) -> None:
        """`purge` or `restore`. Raises Rejected with what the server says of those it left."""
        told = await self.form("POST", f"/api/v2/volumes/recyclebin/nodes/{action}", {"ids": list(ids)})
        failure = ((told.get("results") or told).get("failure")) or {}
        if failed := failure.get("ids"):
            reasons = "; ".join(map(str, (failure.get("errors") or {}).values()))
            raise Rejected(f"{self.services.connection} could not {action} {', '.join(map(str, failed))} ({reasons}).")

    # ── versions and content ─────────────────────────────────────────────────────────────────────────────────────

    async def latest(self, id: int | str) -> Record:
        told = (await self.get(f"/api/v1/nodes/{segment(id)}/versions/latest")).get("data")
        if not isinstance(told, dict) or not isinstance(told.get("version_number"), int):
            raise ContractBroken(f"The latest version of {id} was answered without its number.", code="version")
        return told

    async def versions(self, id: int) -> list[Record]:
        rows = await self.listed(
            f"/api/v2/nodes/{id}/versions", {}, self.quirks.list_size, key="version_number", group="versions"
        )
        return sorted((group_of(row, "versions") for row in rows), key=lambda one: int(one["version_number"]))

    async def purge_versions(self, id: int, keep: int) -> None:
        await self.form("DELETE", f"/api/v2/nodes/{id}/versions", {"number_to_keep": keep})

    def content(self, id: int | str, version: str, filename: str | None) -> AbstractAsyncContextManager[FileStream]:
        path = self.quirks.content_path.format(id=segment(id), version=segment(version))
        return self.stream(path, filename=filename)

    # ── categories ───────────────────────────────────────────────────────────────────────────────────────────────

    async def categories(self, id: int) -> list[Record]:
        """Categories of a node with their definitions, one entry each."""
        told = (await self.get(f"/api/v2/nodes/{id}/categories", {"metadata": ""})).get("results")
        return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []

    async def set_category(self, id: int, category: int, values: Mapping[str, Any]) -> None:
        """Values of one category; keys that are not sent stay. NotFound where the node does not have the category."""
        try:
            await self.body("PUT", f"/api/v2/nodes/{id}/categories/{category}", values)
        except Rejected as error:
            if "is not a category on node" in error.sentence:
                raise NotFound(error.sentence, code="category", detail=error.detail) from error
            raise

    async def add_category(self, id: int, category: int, values: Mapping[str, Any]) -> None:
        await self.body("POST", f"/api/v2/nodes/{id}/categories", {"category_id": category, **values})

    async def inherit_category(self, id: int, category: int, on: bool) -> None:
        """Whether new children get the category."""
        method = "POST" if on else "DELETE"
        await self.form(method, f"/api/v2/nodes/{id}/categories/{category}/inheritance", {}, repeatable=True)

    async def remove_category(self, id: int, category: int) -> None:
        await self.request("DELETE", f"/api/v2/nodes/{id}/categories/{category}")

    # ── permissions ──────────────────────────────────────────────────────────────────────────────────────────────

    async def permissions(self, id: int | str) -> list[Record]:
        """Who may do what: `type` owner, group, public or custom, `right_id`, `permissions`."""
        data = (await self.node(id, "properties", "permissions")).get("data") or {}
        found = data.get("permissions")
        if not isinstance(found, list):
            raise ContractBroken(f"Item {id} came without its permissions.", code="permissions")
        return [one for one in found if isinstance(one, dict)]

    async def set_permission(
        self, id: int, type: str, names: Sequence[str], member: int | None = None, apply_to: int = 0
    ) -> None:
        """Set what owner, group or public may do."""
        content = {"permissions": list(names), "apply_to": apply_to}
        await self.body(
            "PUT",
            f"/api/v2/nodes/{id}/permissions/{type}",
            content if member is None else {**content, "right_id": member},
        )

    async def set_member_permission(self, id: int, member: int, names: Sequence[str], apply_to: int = 0) -> None:
        """Set what one user, group or role may do; others stay."""
        content = {"permissions": list(names), "apply_to": apply_to, "right_id": member}
        # Entries are replaced, so a repeat does no harm.
        await self.body("POST", f"/api/v2/nodes/{id}/permissions/custom", content, repeatable=True)

    async def drop_member_permission(self, id: int, member: int, apply_to: int = 0) -> None:
        await self.body("DELETE", f"/api/v2/nodes/{id}/permissions/custom/{member}", {"apply_to": apply_to})

    async def role_permissions(self, id: int | str) -> list[Record] | None:
        """What workspace roles may do with a node; None where the server has no such call."""
        try:
            told = await self.get(f"/api/v2/nodes/{segment(id)}/permissions/dynamic")
        except Rejected as error:
            if error.code != NO_ROUTE:
                raise
            return None
        rows = told.get("results")
        found = [group_of(row, "permissions") for row in (rows if isinstance(rows, list) else [rows])]
        return [{**one, "type": DYNAMIC} for one in found if one.get("right_id") is not None]

    async def set_role_permission(self, id: int, role: int, names: Sequence[str], *, new: bool) -> None:
        content = {"permissions": list(names), "apply_to": 0}
        path = f"/api/v2/nodes/{id}/permissions/dynamic"
        if new:
            await self.body("POST", path, {**content, "right_id": role}, repeatable=True)
        else:
            await self.body("PUT", f"{path}/{role}", content)

    async def effective(self, id: int, member: int) -> list[str]:
        told = result_of(await self.get(f"/api/v2/nodes/{id}/permissions/effective/{member}"))
        return [str(one) for one in group_of(told, "permissions").get("permissions") or ()]

    # ── audit and search ─────────────────────────────────────────────────────────────────────────────────────────

    async def audit(self, id: int, params: Mapping[str, Any]) -> Record:
        return await self.get(f"/api/v2/nodes/{id}/audit", params)

    async def search(self, fields: Mapping[str, Any]) -> Record:
        return await self.form("POST", "/api/v2/search", fields, repeatable=True)
