"""S3 over the kit's own HTTP, path style, signed by us: egress, limits, short repeats and range resume are those of every connection.

By the Amazon S3 API reference (2006-03-01).
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

from lxml import etree
from yarl import URL

from lockgate.connectors.files.address import Address
from lockgate.connectors.files.stores.base import Entry, Sent, Store, guarded, http_seconds
from lockgate.connectors.files.stores.signing import Keys, signed
from lockgate.connectors.files.stores.xml import parsed
from lockgate.kit.contract import FileSource, FileStream
from lockgate.kit.errors import Conflict, ConnectorError, ContractBroken, NeedsOperator, NotFound, RateLimited, Rejected
from lockgate.kit.http import Answer, NoAuth, RestClient
from lockgate.kit.http import Sent as Called
from lockgate.kit.services import Services
from lockgate.kit.transfer import CHUNK, file_source, verified

AT_ONCE = 1024 * 1024 * 1024
"""Files up to this length are put in one call; longer ones, and those of unknown length, in parts."""
PIECE = 16 * 1024 * 1024
"""Length of a part: 10,000 of them, which is all that S3 allows, are 156 GiB."""
MOST_PIECES = 10_000
COPY_AT_ONCE = 5 * 1024 * 1024 * 1024
"""The longest file that one CopyObject takes."""
COPY_PIECE = 1024 * 1024 * 1024

BY_CODE: Mapping[str, type[ConnectorError]] = {
    "NoSuchBucket": NeedsOperator,
    "NoSuchKey": NotFound,
    "InvalidAccessKeyId": NeedsOperator,
    "SignatureDoesNotMatch": NeedsOperator,
    "RequestTimeTooSkewed": NeedsOperator,
    "SlowDown": RateLimited,
    "PreconditionFailed": Conflict,
    "ConditionalRequestConflict": Conflict,
    "KeyTooLongError": Rejected,
}


class NotOffered(ContractBroken):
    """The server does not know this part of S3."""


class S3Client(RestClient):
    """What S3 says is wrong stands as a code in the body, which tells more than the status."""

    errors: ClassVar[dict[int, type[ConnectorError]]] = {501: NotOffered}

    def error_for(self, status: int, body: bytes, sent: Called) -> ConnectorError:
        error = super().error_for(status, body, sent)
        kind = BY_CODE.get(said(body, "Code"))
        if kind is None or isinstance(error, kind):
            return error
        return kind(error.sentence, detail=error.detail)

    def reason(self, body: bytes) -> str:
        return said(body, "Message") or said(body, "Code")


def said(body: bytes, name: str) -> str:
    with suppress(ContractBroken):
        root = parsed(body, "S3")
        return next((one.text or "" for one in root.iter() if plain(one) == name), "")
    return ""


class S3Store(Store):
    title: ClassVar[str] = "S3"
    how: ClassVar[str] = (
        "S3 has no rename and needs none: an object appears when its last byte has come, and until then the old one is"
        " there. A file takes another place by a copy within S3, after which the first one is removed."
    )

    def __init__(self, address: Address, endpoint: str, keys: Keys, services: Services) -> None:
        self.bucket, self.prefix, self.keys, self.services = address.host, address.path, keys, services
        self.base = f"{endpoint.rstrip('/')}/{self.bucket}"
        self.client = S3Client(self.base, services, Hidden(keys))

    async def close(self) -> None:
        await self.client.close()

    async def check(self) -> str:
        await self._call("GET", "", {"list-type": "2", "max-keys": "1", "prefix": self._key("")})
        return f"{self.base}/{self.prefix}".rstrip("/")

    async def listing(self, folder: str) -> AsyncIterator[Entry]:
        begin = self._key(folder)
        async for page in self._pages(f"{begin}/" if begin else "", delimiter="/"):
            for one in page.iter("{*}CommonPrefixes"):
                yield Entry(path=self._path(one.findtext("{*}Prefix") or "").rstrip("/"), folder=True)
            for entry in map(self._entry, page.iter("{*}Contents")):
                if entry is not None:
                    yield entry

    async def walk(self, skip: frozenset[str] = frozenset()) -> AsyncIterator[Entry]:
        """One list of all keys, a thousand a call, instead of one call a folder."""
        begin = self._key("")
        async for page in self._pages(f"{begin}/" if begin else ""):
            for entry in map(self._entry, page.iter("{*}Contents")):
                if entry is not None and not hidden(entry.path, skip):
                    yield entry

    async def _pages(self, prefix: str, **more: str) -> AsyncIterator[etree._Element]:
        token: str | None = ""
        while token is not None:
            asked = {"list-type": "2", "encoding-type": "url", "prefix": prefix, **more}
            answer = await self._call("GET", "", {**asked, **({"continuation-token": token} if token else {})})
            page = parsed(answer.body, "the list of the bucket")
            yield page
            following = page.findtext("{*}NextContinuationToken") or ""
            if following == token and token:
                raise ContractBroken("A page of the bucket's list came a second time.", code="paging")
            token = following if page.findtext("{*}IsTruncated") == "true" and following else None

    def _entry(self, one: etree._Element) -> Entry | None:
        path = self._path(one.findtext("{*}Key") or "")
        if not path or path.endswith("/"):  # a folder that a console made is an empty object
            return None
        tag, size = (one.findtext("{*}ETag") or "").strip('"'), one.findtext("{*}Size") or "0"
        modified = one.findtext("{*}LastModified") or ""
        return Entry(path=path, size=int(size), modified=seconds(modified), tag=f"{tag}-{size}")

    async def stat(self, path: str) -> Entry | None:
        try:
            answer = await self._call("HEAD", guarded(path))
        except NotFound:
            return None
        size = answer.headers.get("Content-Length", "0")
        tag = answer.headers.get("ETag", "").strip('"')
        return Entry(
            path=path,
            size=int(size),
            modified=http_seconds(answer.headers.get("Last-Modified", "")),
            tag=f"{tag}-{size}",
        )

    @asynccontextmanager
    async def read(self, path: str) -> AsyncIterator[AsyncIterator[bytes]]:
        url = self._url(guarded(path))
        async with self.client.stream(str(url), headers=self._signed("GET", url)) as stream:
            yield stream.chunks

    async def write(self, path: str, source: FileSource) -> Sent:
        url = self._url(guarded(path))
        if source.length is not None and source.length <= AT_ONCE:
            sent = await self.client.upload("PUT", str(url), source, headers=self._signed("PUT", url))
            return Sent(sent.sha256, sent.bytes)
        return await self._in_parts(path, source)

    async def _in_parts(self, path: str, source: FileSource) -> Sent:
        """One part after the other; nothing is there until all are, and what broke off is thrown away."""
        begun = parsed((await self._call("POST", path, {"uploads": ""})).body, "CreateMultipartUpload")
        upload = {"uploadId": begun.findtext("{*}UploadId") or ""}
        try:
            async with source.open() as stream:
                chunks = verified(stream, length=source.length, expected=source.expected)
                tags = [await self._part(path, upload, number, body) async for number, body in pieces(chunks)]
            await self._complete(path, upload, tags)
        except BaseException:
            with suppress(ConnectorError):
                await self._call("DELETE", path, upload)
            raise
        return Sent(str(chunks.sha256), chunks.bytes)

    async def _part(self, path: str, upload: Mapping[str, str], number: int, body: bytes) -> str:
        url = self._url(path).update_query({**upload, "partNumber": str(number)})
        sent = await self.client.upload("PUT", str(url), held(path, body), headers=self._signed("PUT", url))
        return str(sent.answer.headers.get("ETag", ""))

    async def _complete(self, path: str, upload: Mapping[str, str], tags: list[str]) -> None:
        """S3 may find out that it cannot only after it answered 200: the body says so."""
        parts = "".join(
            f"<Part><PartNumber>{at}</PartNumber><ETag>{escape(tag)}</ETag></Part>" for at, tag in enumerate(tags, 1)
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        answer = await self._call("POST", path, upload, body=body, repeatable=True)
        accepted(answer, "CompleteMultipartUpload")

    async def put(self, path: str, body: bytes, *, fresh: bool = False) -> bool:
        """Where a server does not know conditional writes (501), it is looked first."""
        if not fresh:
            await self._call("PUT", guarded(path), body=body)
            return True
        if await self.stat(path) is not None:
            return False
        try:
            await self._call("PUT", path, headers={"If-None-Match": "*"} if self.exclusive else {}, body=body)
        except Conflict:
            return False
        except NotOffered:
            if not self.exclusive:
                raise
            self.exclusive = False
            return await self.put(path, body, fresh=True)
        return True

    async def move(self, path: str, to: str) -> None:
        entry = await self.stat(path)
        if entry is None:
            raise NotFound(f"{path} is not there any more.")
        source = {"x-amz-copy-source": quote(f"/{self.bucket}/{self._key(path)}")}
        if entry.size > COPY_AT_ONCE:
            await self._copied_in_parts(to, entry, source)
        else:
            accepted(await self._call("PUT", guarded(to), headers=source), "CopyObject")
        await self.remove(path)

    async def _copied_in_parts(self, to: str, entry: Entry, source: Mapping[str, str]) -> None:
        begun = parsed((await self._call("POST", to, {"uploads": ""})).body, "CreateMultipartUpload")
        upload = {"uploadId": begun.findtext("{*}UploadId") or ""}
        tags = []
        for number, first in enumerate(range(0, entry.size, COPY_PIECE), 1):
            last = min(first + COPY_PIECE, entry.size) - 1
            headers = {**source, "x-amz-copy-source-range": f"bytes={first}-{last}"}
            answer = await self._call("PUT", to, {**upload, "partNumber": str(number)}, headers=headers)
            tags.append(accepted(answer, "UploadPartCopy").findtext("{*}ETag") or "")
        await self._complete(to, upload, tags)

    async def remove(self, path: str) -> None:
        with suppress(NotFound):
            await self._call("DELETE", guarded(path))

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _call(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        repeatable: bool | None = None,
    ) -> Answer:
        url = self._url(path) if path else URL(self.base, encoded=True)
        url = url.update_query(dict(params)) if params else url
        sent = self._signed(method, url, headers)
        if body is not None:
            sent["Content-Type"] = "application/octet-stream"
        return await self.client.request(method, str(url), headers=sent, body=body, repeatable=repeatable)

    def _signed(self, method: str, url: URL, headers: Mapping[str, str] | None = None) -> dict[str, str]:
        return signed(method, url, self.keys, self.services.clock(), headers)

    def _key(self, path: str) -> str:
        return "/".join(part for part in (self.prefix, path) if part)

    def _path(self, key: str) -> str:
        key = unquote(key)
        return key.removeprefix(f"{self.prefix}/") if self.prefix else key

    def _url(self, path: str) -> URL:
        return URL(f"{self.base}/{quote(self._key(path), safe='/-_.~')}")


class Hidden(NoAuth):
    """The keys sign and are never sent; they are named so that nothing shows them."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def secrets(self) -> tuple[str, ...]:
        return (self._keys.secret,)


async def pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[tuple[int, bytes]]:
    """Parts with their numbers; the last one is handed out once the source ended well."""
    held, number = bytearray(), 1
    async for chunk in chunks:
        if len(held) >= PIECE:
            yield number, bytes(held)
            held.clear()
            number += 1
        held += chunk
    if number > MOST_PIECES:
        raise Rejected(f"S3 takes {MOST_PIECES} parts of {PIECE} bytes; this file is longer.", code="file.length")
    yield number, bytes(held)


def held(path: str, body: bytes) -> FileSource:
    """A part as a file that can be sent again."""
    kind = "application/octet-stream"

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(body), CHUNK):
            yield body[at : at + CHUNK]

    @asynccontextmanager
    async def opened() -> AsyncIterator[FileStream]:
        yield FileStream(filename=path, media_type=kind, length=len(body), chunks=chunks())

    return file_source(opened, filename=path, media_type=kind, length=len(body))


def accepted(answer: Answer, what: str) -> etree._Element:
    """The body of an answer that may report an error with status 200."""
    root = parsed(answer.body, what)
    if plain(root) == "Error":
        raise BY_CODE.get(root.findtext("{*}Code") or "", Conflict)(
            f"S3 could not finish {what}: {root.findtext('{*}Message') or root.findtext('{*}Code')}."
        )
    return root


def plain(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def hidden(path: str, skip: frozenset[str]) -> bool:
    """Whether a key lies in a folder that is passed over."""
    folder = path.rpartition("/")[0]
    if any(part.startswith(".") for part in folder.split("/")):
        return True
    return any(folder == one or folder.startswith(f"{one}/") for one in skip)


def seconds(modified: str) -> float:
    try:
        at = datetime.fromisoformat(modified)
    except ValueError:
        return 0.0
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
