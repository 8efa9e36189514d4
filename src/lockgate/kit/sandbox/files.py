"""Files over HTTP: answering them, and taking them in, without holding one in memory."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

PIECE = 1 << 20
LARGEST_FIELD = 16 << 20


@dataclass(frozen=True)
class Saved:
    """A file taken in: where it lies, its digests in hexadecimal, its length."""

    path: Path
    sha256: str
    md5: str
    size: int


class _Large(FileResponse):
    chunk_size = PIECE  # Starlette's 64 KiB cost a change of thread each


def file_response(path: Path, filename: str, media_type: str, request: Request) -> Response:
    """Answer a file with length, name and validators; ranges, HEAD and `If-None-Match` are understood."""
    answer = _Large(path, filename=filename, media_type=media_type, stat_result=path.stat())
    if request.headers.get("if-none-match") == answer.headers["etag"]:
        return Response(status_code=304, headers={"etag": answer.headers["etag"]})
    return answer


async def save_body(source: Request | UploadFile, folder: Path) -> Saved:
    """Stream a request's body, or one uploaded part, into a new file in `folder`, with digests taken on the way."""
    pieces = source.stream() if isinstance(source, Request) else _pieces(source)
    sink = _Sink(folder / uuid4().hex)
    try:
        async for piece in pieces:
            await sink.write(piece)
        return await sink.finish()
    except BaseException:
        sink.discard()
        raise


async def _pieces(upload: UploadFile) -> AsyncIterator[bytes]:
    while piece := await upload.read(PIECE):
        yield piece


class _Sink:
    """A file being written. Pieces are gathered to a megabyte, then hashed and written off the loop."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO = path.open("wb")
        self._waiting = bytearray()
        self._sha256 = hashlib.sha256()
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._size = 0

    def hold(self, piece: bytes) -> None:
        self._waiting += piece

    async def write(self, piece: bytes) -> None:
        self.hold(piece)
        await self.flush(PIECE)

    async def flush(self, at_least: int = 1) -> None:
        if len(self._waiting) >= at_least:
            block, self._waiting = bytes(self._waiting), bytearray()
            await asyncio.to_thread(self._store, block)

    async def finish(self) -> Saved:
        await self.flush()
        self._file.close()
        return Saved(self.path, self._sha256.hexdigest(), self._md5.hexdigest(), self._size)

    def discard(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _store(self, block: bytes) -> None:
        self._sha256.update(block)
        self._md5.update(block)
        self._file.write(block)
        self._size += len(block)


@dataclass
class Part:
    """One part of a multipart body: a field (`data`) or a file (`saved`)."""

    name: str
    filename: str | None = None
    media_type: str = ""
    data: bytes = b""
    saved: Saved | None = None


@dataclass
class Form:
    """The parts of a multipart body, in order."""

    parts: list[Part] = field(default_factory=list)

    def get(self, name: str) -> Part | None:
        """The first part of that name."""
        return next((part for part in self.parts if part.name == name), None)

    def file(self, name: str) -> tuple[Part, Saved] | None:
        """The first file part of that name, with where it was saved."""
        return next(((part, part.saved) for part in self.parts if part.name == name and part.saved), None)

    def discard(self) -> None:
        """Throw away the files that were not moved elsewhere."""
        for part in self.parts:
            if part.saved:
                part.saved.path.unlink(missing_ok=True)


async def read_form(request: Request, folder: Path) -> Form:
    """Read a multipart body: files are streamed into `folder`, fields are kept. HTTPException 400 when it is none."""
    kind = Message()
    kind["content-type"] = request.headers.get("content-type", "")
    boundary = kind.get_param("boundary")
    if kind.get_content_maintype() != "multipart" or not isinstance(boundary, str):
        raise HTTPException(400, "The body is not multipart/form-data.")
    reader = _Reader(folder)
    parser = MultipartParser(boundary.encode(), reader.callbacks())
    try:
        async for piece in request.stream():
            parser.write(piece)
            await reader.settle()
        parser.finalize()
    except MultipartParseError as problem:
        reader.discard()
        raise HTTPException(400, f"The multipart body is broken: {problem}") from problem
    except BaseException:
        reader.discard()
        raise
    if not reader.ended:
        reader.discard()
        raise HTTPException(400, "The multipart body ends before its closing boundary.")
    return reader.form


class _Reader:
    """Turns the parser's callbacks into parts. Callbacks only gather; `settle` writes."""

    def __init__(self, folder: Path) -> None:
        self.form = Form()
        self.ended = False
        self._folder = folder
        self._headers: Message = Message()
        self._name = self._value = b""
        self._part = Part("")
        self._field = bytearray()
        self._sink: _Sink | None = None
        self._full: list[tuple[Part, _Sink]] = []

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._all,
        }

    async def settle(self) -> None:
        """Write what has gathered and close the files that are complete."""
        for part, sink in self._full:
            part.saved = await sink.finish()
        self._full.clear()
        if self._sink:
            await self._sink.flush(PIECE)

    def discard(self) -> None:
        for sink in [self._sink, *(sink for _, sink in self._full)]:
            if sink:
                sink.discard()
        self.form.discard()

    def _begin(self) -> None:
        self._headers, self._name, self._value = Message(), b"", b""
        self._field.clear()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.decode("latin-1")] = self._value.decode("utf-8", "replace")
        self._name = self._value = b""

    def _headers_finished(self) -> None:
        name = self._headers.get_param("name", "", "content-disposition")
        filename = self._headers.get_filename()
        self._part = Part(str(name or ""), filename, self._headers.get("content-type", ""))
        self.form.parts.append(self._part)
        self._sink = None if filename is None else _Sink(self._folder / uuid4().hex)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._sink:
            self._sink.hold(data[start:end])
            return
        self._field += data[start:end]
        if len(self._field) > LARGEST_FIELD:
            raise HTTPException(413, f"Part {self._part.name} is larger than {LARGEST_FIELD} bytes.")

    def _end(self) -> None:
        if self._sink:
            self._full.append((self._part, self._sink))
        else:
            self._part.data = bytes(self._field)
        self._sink = None

    def _all(self) -> None:
        self.ended = True
