"""Download jobs: started, asked for twice, done."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from lockgate.connectors.celum.sandbox.call import Call, answer, created, objects, required_integer
from lockgate.connectors.celum.sandbox.downloads import Member, file_of, link
from lockgate.connectors.celum.sandbox.errors import Refused, invalid, missing
from lockgate.connectors.celum.sandbox.files import formats_of
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.kit.sandbox.renditions import CannotRender


class Job(msgspec.Struct, omit_defaults=True):
    id: str
    items: list[dict[str, int]]
    polls: int = 0
    failed: list[dict[str, int]] = []
    members: list[Member] = []


async def start_job(call: Call) -> Response:
    """POST /jobs"""
    body = await call.body()
    if body.get("type") != "DOWNLOAD":
        raise invalid("type", "The only type of job is DOWNLOAD")
    items = [_item(call.tenant, given) for given in objects(body, "items")]
    if not items:
        raise invalid("items", "items is required")
    job = Job(f"job-{call.tenant.store.next_id('job')}", items)
    _store(call.tenant, job)
    return created(_head(job, "PROGRESS"))


async def read_job(call: Call) -> Response:
    """GET /jobs/{jobId}: still in progress the first time, done ever after."""
    tenant, id = call.tenant, call.request.path_params["jobId"]
    doc = tenant.store.get("job", id)
    if doc is None:
        raise missing("job", id)
    job = msgspec.convert(doc, Job)
    job.polls += 1
    if job.polls == 2:
        await _convert_all(tenant, job)
    _store(tenant, job)
    if job.polls == 1:
        return answer(_head(job, "PROGRESS"))
    if not job.members:
        return answer({**_head(job, "FAILED"), "failedItems": job.failed})
    done = {"failedItems": job.failed, "download": await link(tenant, job.members)}
    return answer({**_head(job, "FINISHED"), **done})


def _item(tenant: Tenant, given: Mapping[str, Any]) -> dict[str, int]:
    item = {name: required_integer(given, name) for name in ("assetId", "formatId")}
    tenant.catalog.get(item["assetId"])
    return item


def _head(job: Job, status: str) -> dict[str, Any]:
    return {"id": job.id, "status": status, "type": "DOWNLOAD"}


async def _convert_all(tenant: Tenant, job: Job) -> None:
    """Sort the items into those that could be converted and those that could not."""
    for item in job.items:
        member = await _converted(tenant, item["assetId"], item["formatId"])
        if member is None:
            job.failed.append(item)
        else:
            job.members.append(member)


async def _converted(tenant: Tenant, asset_id: int, format: int) -> Member | None:
    entry = tenant.catalog.find(asset_id)
    if entry is None or format not in formats_of(entry.version):
        return None
    try:
        await file_of(tenant, entry.version, format)
    except (CannotRender, Refused):
        return None
    return entry.version.id, format


def _store(tenant: Tenant, job: Job) -> None:
    tenant.store.put("job", job.id, msgspec.to_builtins(job))
