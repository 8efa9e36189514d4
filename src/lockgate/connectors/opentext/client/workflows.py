"""Workflows: maps, drafts, running processes, tasks."""

from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.opentext.client.http import OtcsHttp, Record, Rows, group_of, result_of
from lockgate.connectors.opentext.client.workspaces import results
from lockgate.kit.errors import ContractBroken


class WorkflowCalls(OtcsHttp):
    """The calls of the workflow engine. What starts or decides is never repeated by itself."""

    async def maps(self, document: int, parent: int) -> Rows:
        """Workflows that may be started with a document."""
        told = result_of(await self.get("/api/v2/docworkflows", {"doc_id": document, "parent_id": parent}))
        return [one for one in told.get("data") or () if isinstance(one, dict)]

    async def definition(self, map: int) -> Record:
        told = result_of(await self.get(f"/api/v2/workflows/{map}/definition"))
        found = told.get("definition")
        return found if isinstance(found, dict) else {}

    async def draft(self, map: int, documents: Sequence[int]) -> int:
        content = {"workflow_id": map, "doc_ids": ",".join(map_text(documents)), "AttachDocuments": "true"}
        told = result_of(await self.body("POST", "/api/v2/draftprocesses", content))
        return numbered(told, "draftprocess_id")

    async def draft_form(self, draft: int) -> Record:
        """What a draft asks for before it may be started."""
        found = (await self.get("/api/v1/forms/draftprocesses/update", {"draftprocess_id": draft})).get("data")
        return found if isinstance(found, dict) else {}

    async def fill_draft(self, draft: int, values: Mapping[str, Any]) -> None:
        await self.body("PUT", f"/api/v2/draftprocesses/{draft}", {"action": "formUpdate", "values": values})

    async def initiate(self, draft: int, comment: str) -> int:
        content = {"action": "Initiate", **({"comment": comment} if comment else {})}
        told = result_of(await self.body("PUT", f"/api/v2/draftprocesses/{draft}", content, repeatable=False))
        return numbered(told, "process_id")

    async def status(self, process: int) -> Record:
        return result_of(await self.get(f"/api/v2/workflows/status/processes/{process}"))

    async def statuses(self, kind: str, status: str) -> Rows:
        """Processes of ours by their state: `kind` Initiated, Managed or Both; `status` ontime, workflowlate, stopped, completed."""
        told = await self.get("/api/v2/workflows/status", {"kind": kind, "wstatus": status})
        return [group_of(row, "wfstatus") for row in results(told)]

    async def activities(self, process: int, subprocess: int) -> Rows:
        """What was done so far, in the server's own words."""
        told = await self.get(f"/api/v2/processes/{process}/subprocesses/{subprocess}/activities")
        return [group_of(row, "activities") for row in results(told)]

    async def assignments(self) -> Rows:
        """What waits for us."""
        return [group_of(row, "assignments") for row in results(await self.get("/api/v2/members/assignments"))]

    async def task_form(self, process: int, subprocess: int, task: int) -> Record:
        params = {"process_id": process, "subprocess_id": subprocess, "task_id": task}
        found: Record = (await self.get("/api/v1/forms/processes/tasks/update", params)).get("data") or {}
        return found

    async def work(self, process: int, subprocess: int, task: int, content: Mapping[str, Any]) -> None:
        path = f"/api/v2/processes/{process}/subprocesses/{subprocess}/tasks/{task}"
        await self.body("PUT", path, content, repeatable=False)

    async def set_process(self, process: int, status: str) -> None:
        """suspend, resume, stop or archive."""
        await self.form("PUT", f"/api/v2/processes/{process}/status", {"status": status})

    async def delete_process(self, process: int) -> None:
        await self.request("DELETE", f"/api/v2/processes/{process}")


def map_text(ids: Sequence[int]) -> list[str]:
    return [str(id) for id in ids]


def numbered(told: Mapping[str, Any], name: str) -> int:
    if isinstance(found := told.get(name), int):
        return found
    raise ContractBroken(f"A workflow was answered without its {name}.", code="workflow")
