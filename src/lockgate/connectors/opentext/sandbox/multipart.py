"""Large uploads: begun with name and length, sent in parts, closed; then a document or version names them by their key."""

import asyncio
import shutil
from pathlib import Path
from uuid import uuid4

import msgspec
from starlette.responses import Response

from .call import Call, whole
from .errors import bad, failed, missing
from .tenant import Tenant

UPLOAD = "upload"
LARGEST = 1 << 40
RETRIES = 3
INVALID = (
    "Failed to complete request. Either the UploadKey is invalid, or you do not have permission to access this upload "
    "session"
)


class Upload(msgspec.Struct, kw_only=True):
    """One session; its parts lie where uploaded bytes lie, by their digests."""

    key: str
    by: int
    file_name: str
    mime_type: str
    size: int
    part_size: int
    parts: dict[str, str] = {}
    digest: str | None = None
    """Of the whole file, once it was closed."""

    @property
    def count(self) -> int:
        return -(-self.size // self.part_size)


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came with a call, or before it in parts."""

    file_name: str
    mime_type: str
    size: int
    digest: str


def given(call: Call) -> Given:
    """The file of a call that makes a document or a version; 400 where there is none."""
    if call.file is not None:
        part, saved = call.file
        digest = call.tenant.store.blob_put(saved.path, digest=saved.sha256, move=True)
        return Given(file_name=part.filename or "", mime_type=part.media_type, size=saved.size, digest=digest)
    if not (key := call.text("upload_key")):
        raise missing("File")
    upload = _session(call, key)
    if upload.digest is None:
        raise failed(INVALID)
    call.tenant.store.delete(UPLOAD, key)
    return Given(file_name=upload.file_name, mime_type=upload.mime_type, size=upload.size, digest=upload.digest)


async def settings(call: Call) -> Response:
    on = call.tenant.switches.large_uploads
    return call.answer({"is_enabled": on, "max_size": LARGEST, "min_size": 1})


async def begin(call: Call) -> Response:
    size = whole(call.needed("file_size"), "file_size")
    if not call.tenant.switches.large_uploads or not 1 <= size <= LARGEST:
        raise failed(f"Invalid block size: File size must be between 1 and {LARGEST} bytes.")
    upload = Upload(
        key=uuid4().hex,
        by=call.user,
        file_name=call.needed("file_name"),
        mime_type=call.needed("mime_type"),
        size=size,
        part_size=call.tenant.switches.part_size,
    )
    _keep(call.tenant, upload)
    return call.answer(
        {
            "max_retries": RETRIES,
            "num_parts": upload.count,
            "part_size": upload.part_size,
            "upload_key": upload.key,
        }
    )


async def part(call: Call) -> Response:
    """One part, in any order; each only once."""
    upload, number = _session(call, call.word("key")), call.id("part")
    if not 1 <= number <= upload.count:
        raise failed(f"Invalid BlockID: Expected BlockID between 1 and {upload.count}")
    if str(number) in upload.parts:
        raise failed(f"Invalid BlockID: BlockID {number} has already been uploaded.")
    file = call.form.file("part_content") if call.form else None
    if file is None:
        raise missing("part_content")
    saved = file[1]
    last = number == upload.count
    if saved.size != (upload.size - (number - 1) * upload.part_size if last else upload.part_size):
        raise bad("Pattern of argument was not recognized.")
    upload.parts[str(number)] = call.tenant.store.blob_put(saved.path, digest=saved.sha256, move=True)
    _keep(call.tenant, upload)
    return call.answer({})


async def close(call: Call) -> Response:
    upload = _session(call, call.word("key"))
    if upload.digest is not None or len(upload.parts) != upload.count:
        raise failed("Invalid status. Cannot close an empty or already closed upload.")
    store = call.tenant.store
    paths = [store.blob_path(upload.parts[str(number)]) for number in range(1, upload.count + 1)]
    whole_file = await asyncio.to_thread(_joined, paths, store.spool / uuid4().hex)
    upload.digest = store.blob_put(whole_file, move=True)
    _keep(call.tenant, upload)
    return call.answer({})


async def cancel(call: Call) -> Response:
    call.tenant.store.delete(UPLOAD, _session(call, call.word("key")).key)
    return call.answer({})


def _session(call: Call, key: str) -> Upload:
    doc = call.tenant.store.get(UPLOAD, key)
    if doc is None or doc["by"] != call.user:
        raise failed(INVALID)
    return msgspec.convert(doc, Upload)


def _keep(tenant: Tenant, upload: Upload) -> None:
    tenant.store.put(UPLOAD, upload.key, msgspec.to_builtins(upload))


def _joined(paths: list[Path], target: Path) -> Path:
    with target.open("wb") as file:
        for path in paths:
            with path.open("rb") as part:
                shutil.copyfileobj(part, file)
    return target
