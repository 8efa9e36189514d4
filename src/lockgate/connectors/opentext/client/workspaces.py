"""Business workspaces: types, business objects, workspaces, relations, roles and their members."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from lockgate.connectors.opentext.client.http import OtcsHttp, Record, Rows, group_of, properties_of, result_of
from lockgate.kit.errors import ContractBroken, NotFound, Rejected
from lockgate.kit.http import segment

READ = ("properties", "categories", "business_properties", "workspace_references")
WORKSPACES = "/api/v2/businessworkspaces"


class WorkspaceCalls(OtcsHttp):
    """The calls of Extended ECM."""

    # ── types and business objects ───────────────────────────────────────────────────────────────────────────────

    async def workspace_types(self) -> Rows:
        """Types with their templates. Servers before 26.4 state little more than id, name and templates."""
        told = await self.get("/api/v2/businessworkspacetypes", {"expand_templates": True, "expand_wksp_info": False})
        return identified(results(told), "wksp_type_id")

    async def types_at(self, node: int) -> list[Record]:
        """Types of which a workspace may be made at a node, with their templates."""
        told = (await self.get(f"/api/v1/nodes/{node}/businessworkspacetypes")).get("businessworkspacetypes")
        return [one for one in told or () if isinstance(one, dict)]

    async def object_types(self) -> Rows:
        """Business object types; types of workspaces without one come as rows without a name and are left out."""
        rows = [group_of(row, "properties") for row in results(await self.get("/api/v2/businessobjecttypes"))]
        return [row for row in rows if row.get("bo_type") and row.get("ext_system_id")]

    async def object_type(self, system: str, kind: str) -> Record:
        """One business object type with the attributes that the leading application fills."""
        path = f"/api/v2/externalsystems/{segment(system)}/botypes/{segment(kind)}"
        told = await self.get(path)
        results = told.get("results")
        data = results.get("data", results) if isinstance(results, dict) else told
        if not isinstance(data, dict):
            raise ContractBroken("A business object type came without its data.", code="result")
        return {**(data.get("properties") or {}), "businessProperties": data.get("businessProperties")}

    async def business_objects(self, system: str, kind: str, where: Mapping[str, Any], limit: int) -> Record:
        """Rows of the leading application behind a type: `column_descriptions`, `result_rows`, `max_rows_exceeded`."""
        conditions = {f"where_{name}": value for name, value in where.items()}
        params: dict[str, Any] = {"ext_system_id": system, "bo_type": kind, "limit": limit, "page": 1, **conditions}
        return result_of(await self.get("/api/v2/businessobjects", params))

    async def external_system(self, name: str) -> Record:
        """A connection to an external system by its name; servers from 26.1 on have a list, older ones a call of its own."""
        try:
            told = await self.get("/api/v2/externalsystems", {"where_name": f"{{{name}}}"})
        except Rejected:
            told = await self._older_system(name)
        found = told.get("results")
        if isinstance(found, list):
            found = next((one for one in found if str(one.get("id_extsystem")) == name), None)
        if not isinstance(found, dict) or not found:
            raise NotFound(f"{self.services.connection} has no external system {name}.")
        return found

    async def _older_system(self, name: str) -> Record:
        try:
            return await self.get(f"/api/v2/externalsystems/{segment(name)}/config")
        except Rejected as error:
            raise NotFound(f"{self.services.connection} has no external system {name}.", detail=error.detail) from error

    async def by_business_object(self, system: str, kind: str, id: str) -> Rows:
        """Workspaces of a business object. Ids are texts: leading zeros count."""
        path = f"/api/v2/externalsystems/{segment(system)}/botypes/{segment(kind)}/boids/{segment(id)}"
        return identified(results(await self.get(path)))

    # ── workspaces ───────────────────────────────────────────────────────────────────────────────────────────────

    async def workspace_pages(self, where: Mapping[str, Any]) -> AsyncIterator[tuple[Rows, int | None]]:
        async for rows, total in self.pages(WORKSPACES, asked(where), self.quirks.workspace_list_size):
            yield [group_of(row, "properties") for row in rows], total

    async def workspaces(self, where: Mapping[str, Any]) -> Rows:
        """All workspaces that meet the conditions. Raises ContractBroken where the server ends the list before its end."""
        rows = await self.listed(WORKSPACES, asked(where), self.quirks.workspace_list_size)
        return [group_of(row, "properties") for row in rows]

    async def workspace_columns(self, type: int) -> Record:
        """The columns of a list of workspaces of a type by their keys: what its conditions may speak of."""
        params = {**asked({"where_workspace_type_id": type}), "limit": 1, "page": 1, "metadata": ""}
        found = ((await self.get(WORKSPACES, params)).get("meta_data") or {}).get("properties")
        return found if isinstance(found, dict) else {}

    async def workspace(self, id: int | str) -> Record:
        """One workspace whole: `results` with `data` and the definitions of its categories."""
        params = {"fields": list(READ), "metadata": ""}
        told = await self.get(f"{WORKSPACES}/{segment(id)}", params)
        properties_of(told)
        return result_of(told)

    async def create_form(self, params: Mapping[str, Any]) -> Record:
        """The general form for a new workspace: where it would lie, which business object it is for."""
        forms = (await self.get("/api/v2/forms/businessworkspaces/create", dict(params))).get("forms") or [{}]
        data = forms[0].get("data") if isinstance(forms[0], dict) else None
        return data if isinstance(data, dict) else {}

    async def create_workspace(self, content: Mapping[str, Any]) -> int:
        """Not repeated: who is in doubt looks for the business object or the name."""
        told = (await self.body("POST", WORKSPACES, content)).get("results")
        id = told.get("id") if isinstance(told, dict) else None
        if not isinstance(id, int):
            raise ContractBroken("A new workspace was answered without its id.", code="workspace")
        return id

    async def around(self, id: int) -> int | None:
        """The workspace that a node lies in; None when it lies in none."""
        try:
            told = await self.get(f"/api/v1/nodes/{id}/businessworkspace")
        except (NotFound, Rejected):
            return None
        return told["id"] if isinstance(told.get("id"), int) else None

    async def set_reference(self, method: str, id: int, system: str, kind: str, bo: str) -> None:
        """`PUT` gives a workspace a business object, `DELETE` takes it."""
        fields = {"ext_system_id": system, "bo_type": kind, "bo_id": bo}
        await self.form(method, f"{WORKSPACES}/{id}/workspacereferences", fields)

    async def document_types(self, id: int) -> Rows:
        """Document types of a workspace with where they go; empty where the server has none."""
        rows = results(await self.get(f"{WORKSPACES}/{id}/doctypes", {"skip_validation": True}))
        return [group_of(row, "properties") for row in rows]

    # ── relations ────────────────────────────────────────────────────────────────────────────────────────────────

    async def related(self, id: int, direction: str) -> Rows:
        params = {"where_relationtype": direction, "fields": "properties", "action": "properties-"}
        rows = await self.listed(f"{WORKSPACES}/{id}/relateditems", params, self.quirks.workspace_list_size)
        return [group_of(row, "properties") for row in rows]

    async def relate(self, id: int, other: int, direction: str) -> None:
        await self.form("POST", f"{WORKSPACES}/{id}/relateditems", {"rel_bw_id": other, "rel_type": direction})

    async def unrelate(self, id: int, other: int, direction: str) -> None:
        await self.request("DELETE", f"{WORKSPACES}/{id}/relateditems/{other}", params={"rel_type": direction})

    # ── team ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def roles(self, id: int) -> Rows:
        return identified(results(await self.get(f"{WORKSPACES}/{id}/roles")))

    async def role_members(self, id: int, role: int) -> Rows:
        return identified(results(await self.get(f"{WORKSPACES}/{id}/roles/{role}/members")))

    async def add_role(self, id: int, content: Mapping[str, Any]) -> Record:
        return properties_of(await self.body("POST", f"{WORKSPACES}/{id}/roles", content))

    async def change_role(self, id: int, role: int, content: Mapping[str, Any]) -> None:
        await self.body("PUT", f"{WORKSPACES}/{id}/roles/{role}", content)

    async def remove_role(self, id: int, role: int) -> None:
        await self.request("DELETE", f"{WORKSPACES}/{id}/roles/{role}")

    async def add_member(self, id: int, role: int, member: int) -> None:
        await self.form("POST", f"{WORKSPACES}/{id}/roles/{role}/members", {"id": member})

    async def remove_member(self, id: int, role: int, member: int) -> None:
        await self.request("DELETE", f"{WORKSPACES}/{id}/roles/{role}/members/{member}")

    # ── users and groups ─────────────────────────────────────────────────────────────────────────────────────────

    async def members(self, type: int, field: str, value: str) -> Rows:
        """Users (0) or groups (1) whose field is exactly this: unknown filters are ignored by the server, so we compare ourselves."""
        params = {"where_type": type, f"where_{field}": value}
        rows = await self.listed("/api/v2/members", params, self.quirks.member_list_size)
        found = [group_of(row, "properties") for row in rows]
        return [one for one in found if str(one.get(field, "")).casefold() == value.casefold()]

    async def member(self, id: int) -> Record:
        return properties_of(await self.get(f"/api/v2/members/{id}"))

    async def groups_of(self, member: int) -> Rows:
        rows = await self.listed(f"/api/v2/members/{member}/memberof", {}, self.quirks.member_list_size)
        return [group_of(row, "properties") for row in rows]

    async def members_of(self, group: int) -> Rows:
        rows = await self.listed(f"/api/v2/members/{group}/members", {}, self.quirks.member_list_size)
        return [group_of(row, "properties") for row in rows]


def asked(where: Mapping[str, Any]) -> dict[str, Any]:
    """Always a search over everything: without `expanded_view` only what was opened lately is found."""
    return {**where, "expanded_view": True, "sort": "asc_name"}


def results(told: Mapping[str, Any]) -> Sequence[Any]:
    found = told.get("results")
    if not isinstance(found, list):
        raise ContractBroken("A list came without `results`.", code="list")
    return found


def identified(rows: Sequence[Any], key: str = "id") -> Rows:
    """The properties of rows, each with its id. ContractBroken where one has none."""
    found = [group_of(row, "properties") for row in rows]
    if not all(isinstance(one.get(key), int) for one in found):
        raise ContractBroken(f"A list came with a row that has no {key}.", code="list")
    return found
