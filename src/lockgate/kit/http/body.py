"""Bodies streamed from a file: raw, multipart or as base64 in JSON, their last bytes held back until the source proved whole."""

import asyncio
import base64
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from lockgate.kit.contract import FileStream
from lockgate.kit.http.answer import Answer
from lockgate.kit.transfer import Verified, verified


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a form beside the file."""

    name: str
    content: bytes
    media_type: str | None = None
    filename: str | None = None


class Uploaded(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to an upload, and what was sent."""

    answer: Answer
    sha256: str
    bytes: int


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """The rest of a JSON body in which a file stands as a text in base64."""

    head: bytes
    tail: bytes


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around the file's bytes in a body, and whether they are written as base64."""

    media_type: str
    head: bytes = b""
    tail: bytes = b""
    base64: bool = False

    def length(self, inner: int | None) -> int | None:
        """Of the whole body, for a file of this length."""
        if inner is None:
            return None
        return len(self.head) + ((inner + 2) // 3 * 4 if self.base64 else inner) + len(self.tail)


def form(field: str, filename: str, media_type: str, parts: Sequence[Part]) -> Envelope:
    """A multipart form with the file as its last part."""
    boundary = f"lockgate-{uuid.uuid4().hex}"
    lead = f"--{boundary}\r\n".encode()
    before = b"".join(lead + header(one.name, one.filename, one.media_type) + one.content + b"\r\n" for one in parts)
    head = before + lead + header(field, filename, media_type)
    return Envelope(
        media_type=f"multipart/form-data; boundary={boundary}", head=head, tail=f"\r\n--{boundary}--\r\n".encode()
    )


def header(name: str, filename: str | None, media_type: str | None) -> bytes:
    lines = [f'Content-Disposition: form-data; name="{quoted(name)}"']
    if filename is not None:
        lines[0] += f'; filename="{quoted(filename)}"'
    if media_type is not None:
        lines.append(f"Content-Type: {media_type}")
    return "\r\n".join([*lines, "", ""]).encode()


def quoted(text: str) -> str:
    """As browsers write names in forms (WHATWG HTML, multipart/form-data): UTF-8, these three characters escaped."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


class FileBody:
    """A request body for one attempt. The last piece leaves only when the source ended as it should.

    So a target never sees a complete body of a file that broke off or has another digest than stated.
    """

    def __init__(
        self, stream: FileStream, envelope: Envelope, *, length: int | None = None, expected: str | None = None
    ) -> None:
        self.chunks: Verified = verified(stream, length=length, expected=expected)
        self.ended = False
        self.failure: Exception | None = None
        self._envelope = envelope
        self._ready = envelope.head
        self._held: bytes | None = None
        self._stall: asyncio.Timeout | None = None
        self._patience = 0.0
        self._idle = asyncio.Event()
        self._idle.set()
        self._over = b""
        self.length = envelope.length(stream.length)

    @contextmanager
    def watched(self, stall: asyncio.Timeout, seconds: float) -> Iterator[None]:
        """Within the block, `stall` strikes when a piece we handed out is not taken in so many seconds."""
        self._stall, self._patience = stall, seconds
        try:
            yield
        finally:
            self._stall = None

    async def prime(self) -> None:
        """Read the first chunk: a source that cannot be opened, or is empty and should not be, costs the target no call."""
        self._held = await self._read()

    async def settled(self) -> None:
        """Wait until nobody is reading the source any more."""
        await self._idle.wait()

    def __aiter__(self) -> "FileBody":
        return self

    async def __anext__(self) -> bytes:
        self._idle.clear()
        self._allow(None)  # what the source takes is bounded by the source
        try:
            piece = await self._piece()
        except StopAsyncIteration:
            raise
        except Exception as failure:
            self.failure = failure
            raise
        else:
            self._allow(self._patience)
            return piece
        finally:
            self._idle.set()

    def _allow(self, seconds: float | None) -> None:
        if self._stall is not None and not self._stall.expired():
            self._stall.reschedule(None if seconds is None else asyncio.get_running_loop().time() + seconds)

    async def _piece(self) -> bytes:
        if self.ended:
            raise StopAsyncIteration
        if self._ready:
            ready, self._ready = self._ready, b""
            return ready
        held, self._held = self._held, await self._read() if self._held is not None else None
        if self._held is None:
            self.ended = True
            return (held or b"") + self._envelope.tail
        return held or b""

    async def _read(self) -> bytes | None:
        async for chunk in self.chunks:
            if chunk and (written := self._written(chunk)):
                return written
        over, self._over = self._over, b""
        return base64.b64encode(over) if over else None

    def _written(self, chunk: bytes) -> bytes:
        """The chunk as it goes into the body; base64 goes by three bytes, and what is over waits for the next chunk."""
        if not self._envelope.base64:
            return chunk
        whole = self._over + chunk
        cut = len(whole) - len(whole) % 3
        self._over = whole[cut:]
        return base64.b64encode(whole[:cut])
