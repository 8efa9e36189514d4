"""Taking binaries in: a handle is reserved, bytes are sent to its address, an asset or version uses it up."""

import asyncio
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lockgate.connectors.celum.sandbox.call import Call, answer, required_integer, required_string
from lockgate.connectors.celum.sandbox.errors import bad_request, invalid, missing
from lockgate.connectors.celum.sandbox.files import category_of, content_of, extension_of, properties_of
from lockgate.connectors.celum.sandbox.records import Version
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.connectors.celum.sandbox.times import iso
from lockgate.kit.sandbox import Saved

LIFETIME = timedelta(hours=24)
MULTIPART = "multipart/form-data"


class Upload(msgspec.Struct):
    """One reserved upload, and the file once it came."""

    handle: str
    filename: str
    filesize: int
    expires: str
    digest: str | None = None
    checksum: str = ""
    used: bool = False


async def reserve(call: Call) -> Response:
    """POST /upload"""
    body = await call.body()
    tenant, handle = call.tenant, secrets.token_hex(8)
    filename, filesize = required_string(body, "filename"), required_integer(body, "filesize", least=0)
    expires = iso(tenant.clock.now() + LIFETIME)
    _store(tenant, Upload(handle, filename, filesize, expires))
    return answer({"url": tenant.url(f"/__files/upload/{handle}"), "handle": handle})


async def receive(tenant: Tenant, request: Request) -> Response:
    """POST or PUT /__files/upload/{handle}: the bytes, raw or as the multipart field `file`."""
    upload = _find(tenant, request.path_params["handle"])
    if upload is None:
        raise missing("upload", request.path_params["handle"])
    if upload.used or upload.expires <= tenant.now():
        raise bad_request(f"The upload {upload.handle} is used up or has expired")
    saved = await _save(tenant, request)
    if saved.size != upload.filesize:
        saved.path.unlink()
        raise bad_request(f"{upload.filesize} bytes were announced, {saved.size} have come")
    upload.digest = tenant.store.blob_put(saved.path, digest=saved.sha256, move=True)
    upload.checksum = saved.md5
    _store(tenant, upload)
    return Response()


def ready(tenant: Tenant, handle: str, argument: str) -> Upload:
    """The upload of a handle that may be used now; the refusal CELUM answers when it is not."""
    upload = _find(tenant, handle)
    if upload is None or upload.used or upload.digest is None or upload.expires <= tenant.now():
        raise invalid(argument, f"Upload handle {handle} is unknown, incomplete, used up or expired")
    return upload


def use_up(tenant: Tenant, upload: Upload) -> None:
    upload.used = True
    _store(tenant, upload)


async def version_of(tenant: Tenant, upload: Upload, filename: str, user: int) -> Version:
    """A new version made of an upload; it belongs to no asset yet, and its previews are not ready."""
    path = tenant.store.blob_path(upload.digest or "")
    return await version_from(
        tenant, path, filename, user, filesize=upload.filesize, checksum=upload.checksum, digest=upload.digest
    )


async def version_from(tenant: Tenant, path: Path, filename: str, user: int, **members: Any) -> Version:
    """A new version of the file at `path`, with what can be read from it."""
    category = category_of(filename)
    return Version(
        id=tenant.next_id(),
        asset_id=0,
        filename=filename,
        extension=extension_of(filename),
        category=category,
        state="PROCESSING",
        created=tenant.now(),
        created_by=user,
        properties=await asyncio.to_thread(properties_of, path, category),
        content=await asyncio.to_thread(content_of, path, category),
        **members,
    )


async def _save(tenant: Tenant, request: Request) -> Saved:
    if not request.headers.get("content-type", "").lower().startswith(MULTIPART):
        return await tenant.sandbox.save_body(request)
    form = await tenant.sandbox.read_form(request)
    found = form.file("file")
    if found is None:
        form.discard()
        raise bad_request("The multipart body has no file in its field file")
    part, saved = found
    part.saved = None
    form.discard()
    return saved


def _find(tenant: Tenant, handle: str) -> Upload | None:
    doc = tenant.store.get("upload", handle)
    return None if doc is None else msgspec.convert(doc, Upload)


def _store(tenant: Tenant, upload: Upload) -> None:
    tenant.store.put("upload", upload.handle, msgspec.to_builtins(upload))
