"""Supporting resources: created by address or upload, worked on in the background, given out by address."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
from PIL import Image, UnidentifiedImageError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from lockgate.kit.sandbox import Saved, file_response
from lockgate.kit.sandbox.renditions import CannotRender, render

from .state import Record, State
from .writing import MUTATIONS, Input, Unfit, found, given, of_work

TYPE = "SupportingResource"
STYLES = {"jpg_rgb_0050w": 50, "jpg_rgb_0650h": 650}
"""Longest edge of the renditions."""
FETCH = aiohttp.ClientTimeout(total=10)
LARGEST = 50 << 20
JPEG = b"\xff\xd8\xff"


# ── mutations ────────────────────────────────────────────────────────────────────────────────────────────────────────


def create(state: State, told: Input) -> dict[str, Any]:
    work = state.get("Work", told["workId"])
    if work is None:
        raise Unfit("Work must exist")
    remote, name = told.get("imageRemoteUrl"), told.get("resourceFileName")
    if (remote is None) == (name is None):
        raise Unfit("Give either an image remote url or a resource file name")
    filename = name if name is not None else PurePosixPath(urlsplit(str(remote)).path).name
    if name is not None and not name.lower().endswith((".jpg", ".jpeg")):
        raise Unfit("Resource file name must end in .jpg or .jpeg")
    ids = products_of(work, told)
    if told.get("unlinkPrevious"):
        unlink(state, work, told.get("resourceVariant"), ids)
    record = given(told, "copyright", "requiredCredit", "caption", "resourceVariant", "onixContentAudienceCode")
    record |= {"workId": work["id"], "productIds": ids, "filename": filename, "imageRemoteUrl": remote}
    record |= {"status": told.get("status") or "DRAFT", "createdAt": state.now(), "isProcessing": remote is not None}
    made = state.make(TYPE, record | {"delayedJobStatus": "queued" if remote else None})
    if remote is not None:
        queue(state, made)
    changed(state, made)
    return {"supportingResource": made, "presignedUrl": None if remote else upload_url(state, made["id"])}


def products_of(work: Record, told: Input) -> list[int]:
    ids, every = told.get("productIds"), bool(told.get("linkToAllProducts"))
    if ids is not None and every:
        raise Unfit("Give either product ids or link to all products")
    return of_work(work, work.get("products") or () if every else ids or ())


def unlink(state: State, work: Record, variant: str | None, ids: list[int]) -> None:
    """Detach the products from earlier resources of the same variant."""
    for one in state.children(work, TYPE):
        if one.get("resourceVariant") == variant and set(one["productIds"]) & set(ids):
            state.save(TYPE, one | {"productIds": [id for id in one["productIds"] if id not in ids]})


def update(state: State, told: Input) -> dict[str, Any]:
    record = found(state, TYPE, told["id"])
    record |= given(told, "caption", "copyright", "requiredCredit", "status")
    if "productIds" in told:
        record["productIds"] = of_work(state.get("Work", record["workId"]) or {}, told["productIds"] or [])
    state.save(TYPE, record)
    changed(state, record)
    return {"supportingResource": record}


def process(state: State, told: Input) -> dict[str, Any]:
    record = found(state, TYPE, told["id"])
    if not record.get("uploaded"):
        raise Unfit("No file has been uploaded")
    record |= {"isProcessing": True, "delayedJobStatus": "queued"}
    state.save(TYPE, record)
    queue(state, record)
    return {"supportingResource": record}


def changed(state: State, record: Record) -> None:
    state.touch(
        record["workId"],
        ("supporting_resource.changed", {"supportingResourceId": record["id"], "workId": record["workId"]}),
    )


MUTATIONS |= {
    "createSupportingResource": create,
    "updateSupportingResource": update,
    "processSupportingResource": process,
}


# ── uploads ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def signature(state: State, id: int, until: int) -> str:
    key = state.store.setting("upload-key")
    if key is None:
        state.store.set_setting("upload-key", key := secrets.token_hex(16))
    return hmac.new(key.encode(), f"{id}:{until}".encode(), hashlib.sha256).hexdigest()


def upload_url(state: State, id: int) -> str:
    until = int(state.clock.now().timestamp() + state.switches.upload_seconds)
    return f"{state.base_url}/_uploads/{id}?expires={until}&signature={signature(state, id, until)}"


def may_upload(state: State, request: Request) -> Record:
    """The resource an upload address is for. Raises 403 where the address is not ours or too old."""
    id, until = int(request.path_params["id"]), request.query_params.get("expires", "")
    good = until.isdigit() and hmac.compare_digest(
        signature(state, id, int(until)), request.query_params.get("signature", "")
    )
    record = state.get(TYPE, id)
    if not good or int(until) < state.clock.now().timestamp() or record is None:
        raise HTTPException(403, "Request has expired")
    return record


def uploaded(state: State, id: int, saved: Saved) -> None:
    digest = state.store.blob_put(saved.path, digest=saved.sha256, move=True)
    record = state.get(TYPE, id)
    if record is not None:
        state.save(TYPE, record | {"uploaded": digest})


# ── background work ──────────────────────────────────────────────────────────────────────────────────────────────────


def queue(state: State, record: Record) -> None:
    due = state.clock.elapsed() + state.switches.processing_seconds
    state.store.put("job", record["id"], {"id": record["id"], "due": due})


async def work_off(state: State) -> None:
    """Do what is due of the background jobs."""
    for job in list(state.store.all("job")):
        if job["due"] > state.clock.elapsed():
            continue
        record = state.get(TYPE, job["id"])
        if record is not None:
            finish(state, record, await facts(state, record))
        state.store.delete("job", job["id"])


def finish(state: State, record: Record, found: Mapping[str, Any] | None) -> None:
    """Write down what came of a job; the record is read anew, since it may have been changed meanwhile."""
    now = state.get(TYPE, record["id"])
    if now is None:
        return
    done = {"delayedJobStatus": "failed"} if found is None else {"delayedJobStatus": None, **found}
    state.save(TYPE, now | done | {"isProcessing": False})
    changed(state, now)


async def facts(state: State, record: Record) -> dict[str, Any] | None:
    """What is known of the image once it was looked at; None where it is no JPEG or cannot be had."""
    digest = record.get("uploaded")
    if digest is None and record.get("imageRemoteUrl"):
        digest = await fetched(state, record["imageRemoteUrl"])
    return None if digest is None else await asyncio.to_thread(image_facts, state, record["id"], digest)


async def fetched(state: State, url: str) -> str | None:
    """Fetch an image as the service would; None where nobody answers well."""
    try:
        async with aiohttp.ClientSession(timeout=FETCH) as session, session.get(url) as answer:
            if answer.status != 200:
                return None
            content = await answer.content.read(LARGEST)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None
    return state.store.blob_put(content)


def image_facts(state: State, id: int, digest: str) -> dict[str, Any] | None:
    path = state.store.blob_path(digest)
    with path.open("rb") as file:
        if file.read(3) != JPEG:
            return None
    try:
        with Image.open(path) as image:
            width, height = image.size
    except (UnidentifiedImageError, OSError):
        return None
    url = f"{state.base_url}/files/{id}/original.jpg"
    told = {"width": width, "height": height, "fileSize": path.stat().st_size, "url": url}
    return told | {"imageContentType": "image/jpeg", "blob": digest}


# ── giving out ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def answer_file(state: State, request: Request) -> Response:
    """An image or a rendition of it, to whoever knows its address."""
    record = state.get(TYPE, int(request.path_params["id"]))
    style = request.path_params["name"].removesuffix(".jpg")
    if record is None or not record.get("blob") or (style != "original" and style not in STYLES):
        raise HTTPException(404, "NoSuchKey")
    path = state.store.blob_path(record["blob"])
    if style != "original":
        path = await rendition(state, path, STYLES[style])
    return file_response(path, record["filename"] or "image.jpg", "image/jpeg", request)


async def rendition(state: State, path: Path, longest: int) -> Path:
    key = f"{path.name}-{longest}"
    made = state.store.get("rendition", key)
    if made is None:
        try:
            made = {"digest": state.store.blob_put(await render(path, "image/jpeg", longest))}
        except CannotRender as problem:
            raise HTTPException(404, "NoSuchKey") from problem
        state.store.put("rendition", key, made)
    return state.store.blob_path(made["digest"])


def put_in(state: State, record: Record, content: bytes | Path) -> Record:
    """Give a resource its image at once, as a person's upload ends up; a repeated one gets another address."""
    digest = state.store.blob_put(content)
    told = image_facts(state, record["id"], digest)
    if told is None:
        raise Unfit("Image must be a JPG")
    if record.get("blob") not in (None, digest):
        told["url"] = f"{told['url']}?{uuid4().hex[:8]}"
    after = record | told | {"isProcessing": False, "delayedJobStatus": None}
    state.save(TYPE, after)
    return after
