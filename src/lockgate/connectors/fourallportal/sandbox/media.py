"""Binaries: uploads into permitted folders, replacing, downloads and renditions."""

import asyncio
import io
import mimetypes
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

import msgspec
from PIL import Image, ImageDraw
from starlette.requests import Request
from starlette.responses import Response

from lockgate.kit.sandbox.files import Form, Saved, file_response
from lockgate.kit.sandbox.renditions import CannotRender, image_size, render

from .errors import Refusal, bad, forbidden, not_found
from .portal import Portal
from .records import Record, plain
from .times import instant, stamp
from .writing import Writing

PREVIEWS = {"small": 256, "medium": 512, "large": 1024}
PROFILES = {"web": 1600, "print": 3000}
"""Longest sides in pixels: the sandbox's choice, as administrators choose their own."""
BINARY = "binary"
"""Kind of the notes of every binary that was taken in."""
DEFAULT_FOLDER = "Data/Uploads"
UNSAID = frozenset({"", "application/octet-stream"})


class Media:
    """The media routes of a portal."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._suffixes: dict[tuple[str, str], int] = {}
        self._announced: set[tuple[str, str]] = set()
        self._cache = portal.store.folder / "renditions"
        self._cache.mkdir(exist_ok=True)

    def forget(self) -> None:
        """Call when the portal has been emptied."""
        self._suffixes.clear()
        self._announced.clear()

    # --- taking in ---

    async def upload(self, form: Form, by: str) -> str:
        """Create a file from the parts `file` and, if there is one, `object`."""
        filename, media_type, saved = self._file(form)
        sent = _object(form)
        size = await _pixels(saved.path, media_type)
        folder = self._folder(sent)
        name = self._free_name(folder, _stated(sent, "name") or filename)
        sent = {**sent, "name": plain(name), "parent_id": plain(folder)}
        made = _found_out(media_type, saved, size)
        with self._portal.changing() as changes:
            id = Writing(self._portal, by, changes).create_file(sent, made, saved.sha256)
            self._keep(id, saved, by)
        return id

    async def replace(self, id: str, form: Form, by: str) -> None:
        """Give a file another binary; another extension in the part's file name replaces that of the name."""
        filename, media_type, saved = self._file(form)
        size = await _pixels(saved.path, media_type)
        before = self._portal.objects.live("file", id)
        if before is None:
            not_found("Object")
        made = {"name": self._renamed(before, filename), **_found_out(media_type, saved, size)}
        with self._portal.changing() as changes:
            Writing(self._portal, by, changes).replace_file(before, made, saved.sha256)
            self._keep(id, saved, by)

    def _file(self, form: Form) -> tuple[str, str, Saved]:
        found = form.file("file")
        if found is None:
            bad("Part 'file' with a file name is missing")
        part, saved = found
        if saved.size > self._portal.switches.max_upload:
            raise Refusal(413, f"The file is larger than {self._portal.switches.max_upload} bytes")
        filename = PurePosixPath((part.filename or "").replace("\\", "/")).name
        if not filename:
            bad("Part 'file' has no file name")
        media_type = part.media_type.partition(";")[0].strip().lower()
        if media_type in UNSAID:
            media_type = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        return filename, media_type, saved

    def _keep(self, id: str, saved: Saved, by: str) -> None:
        store = self._portal.store
        store.blob_put(saved.path, digest=saved.sha256, move=True)
        number, at = store.next_id(BINARY, 1), stamp(self._portal.clock.now())
        told = {"n": number, "at": at, "by": by, "id": id, "sha256": saved.sha256, "bytes": saved.size}
        store.put(BINARY, f"{number:09d}", told)

    def _folder(self, sent: dict[str, Any]) -> str:
        """Where an upload goes: as asked, else the default upload folder; it must permit uploads."""
        asked = _stated(sent, "parent_id")
        id = self._default_folder() if asked is None else asked
        folder = self._portal.objects.live("folder", id)
        if folder is None:
            bad(f"Unknown folder '{id}'")
        if folder.value("upload_allowed") is not True:
            forbidden(f"Folder '{self._portal.folders.path(folder.id)}' is not an upload folder")
        return folder.id

    def _default_folder(self) -> str:
        named = self._portal.objects.with_value("folder", "name", PurePosixPath(DEFAULT_FOLDER).name)
        found = next((id for id in named if self._portal.folders.path(id) == DEFAULT_FOLDER), None)
        return found if found is not None else bad(f"There is no default upload folder {DEFAULT_FOLDER}")

    def _free_name(self, folder: str, name: str) -> str:
        """`front.tif`, or `front_1.tif`, `front_2.tif` … when there is such a file already."""
        if not self._portal.objects.name_taken(folder, name):
            return name
        stem, suffix = _split(name)
        number = self._suffixes.get((folder, name), 0)
        first = f"{stem}_1{suffix}"
        if number and not self._portal.objects.name_taken(folder, first):
            return first
        while True:
            number += 1
            candidate = f"{stem}_{number}{suffix}"
            if not self._portal.objects.name_taken(folder, candidate):
                self._suffixes[folder, name] = number
                return candidate

    def _renamed(self, before: Record, filename: str) -> str:
        name = str(before.value("name"))
        stem, suffix = _split(name)
        new = _split(filename)[1]
        if not new or new.lower() == suffix.lower():
            return name
        return self._free_name(before.value("parent_id"), stem + new)

    # --- giving out ---

    async def download(self, record: Record, usage: str, request: Request) -> Response:
        """The binary of an object in one usage; usages are told apart ignoring case."""
        usage = usage.lower()
        if record.module == "file":
            return await self._file_answer(record, usage, request)
        image = self._portal.seen("file", str(record.value("main_image"))) if usage in PREVIEWS else None
        if image is None:
            not_found(f"Media '{usage}'")
        return await self._file_answer(image, usage, request)

    async def _file_answer(self, record: Record, usage: str, request: Request) -> Response:
        if record.blob is None or usage not in {"original", *PREVIEWS, *PROFILES}:
            not_found(f"Media '{usage}'")
        name, media_type = str(record.value("name")), str(record.value("mimetype"))
        path = self._portal.store.blob_path(record.blob)
        if usage != "original":
            if self._not_ready(record, usage):
                return Response(status_code=202, headers={"Retry-After": "1"})
            path = await self._rendition(record.blob, path, media_type, usage)
            name, media_type = _split(name)[0] + ".jpg", "image/jpeg"
        answer = file_response(path, name, media_type, request)
        answer.headers["Last-Modified"] = instant(record.mod_time_img).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return answer

    def _not_ready(self, record: Record, usage: str) -> bool:
        """With the switch on, the first call for a rendition only sets it going."""
        asked = (str(record.blob), usage)
        if not self._portal.switches.rendition_202 or asked in self._announced:
            return False
        self._announced.add(asked)
        return True

    async def _rendition(self, blob: str, original: Path, media_type: str, usage: str) -> Path:
        """A JPEG made when it is first asked for; a placeholder where the file cannot be rendered."""
        path = self._cache / f"{blob}-{usage}.jpg"
        if not path.exists():
            longest = (PREVIEWS | PROFILES)[usage]
            try:
                image = await render(original, media_type, longest)
            except CannotRender:
                image = await asyncio.to_thread(_placeholder, media_type, longest)
            part = path.with_suffix(f".{uuid4().hex}")
            part.write_bytes(image)
            part.replace(path)
        return path


def _object(form: Form) -> dict[str, Any]:
    part = form.get("object")
    if part is None:
        return {}
    try:
        return msgspec.json.decode(part.data or b"{}", type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        bad("Part 'object' must be a JSON object")


def _stated(sent: dict[str, Any], name: str) -> str | None:
    """The one text a field of the `object` part states, None when it says nothing."""
    entries = sent.get(name)
    if entries in (None, []):
        return None
    if not isinstance(entries, list) or len(entries) != 1 or not isinstance(entries[0], dict):
        bad(f"Field '{name}' must be an array of one {{value}}")
    value = entries[0].get("value")
    if value is not None and not isinstance(value, str):
        bad(f"Field '{name}' takes a text")
    return value


async def _pixels(path: Path, media_type: str) -> tuple[int, int] | None:
    return await asyncio.to_thread(image_size, path) if media_type.startswith("image/") else None


def _found_out(media_type: str, saved: Saved, size: tuple[int, int] | None) -> dict[str, Any]:
    width, height = size or (None, None)
    return {"mimetype": media_type, "file_size": saved.size, "width": width, "height": height}


def _split(name: str) -> tuple[str, str]:
    """Stem and extension with its dot; a name that only begins with a dot has none."""
    stem, dot, extension = name.rpartition(".")
    return (stem, dot + extension) if stem else (name, "")


def _placeholder(media_type: str, longest: int) -> bytes:
    """A grey card that names the type of a file nobody can picture."""
    image = Image.new("RGB", (longest, longest * 3 // 4), "#d8dbe0")
    ImageDraw.Draw(image).text((longest // 12, longest // 3), media_type, fill="#4a4f57", font_size=longest / 14)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=80)
    return target.getvalue()
