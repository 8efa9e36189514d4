"""A stateful imitation of a WebDAV server of class 1, written from RFC 4918 and RFC 9110, never from our client.

Not imitated: locks (class 2), access rights of single folders, searches and versions, conditions in `If` headers.
"""

import base64
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, unquote, urlsplit
from xml.etree import ElementTree as ET

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lockgate.connectors.files.sandbox.filling import fill, sample
from lockgate.connectors.files.sandbox.tree import Doc, Tree
from lockgate.kit.sandbox import Sandbox, SandboxConfig, action, file_response
from lockgate.kit.seed import Content, SeedOptions

USER = "lockgate"
ALLOWED = "OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH, MKCOL, COPY, MOVE"
ERROR = '<?xml version="1.0" encoding="utf-8"?>\n<D:error xmlns:D="DAV:"><{0}/></D:error>'
Handler = Callable[[Request, str], Awaitable[Response]]


class DavSandbox(Sandbox):
    id: ClassVar[str] = "files"
    title: ClassVar[str] = "WebDAV server"
    base_path: ClassVar[str] = "/dav"
    contract: ClassVar[tuple[str, ...]] = ("OPTIONS/GET/PUT/DELETE/PROPFIND/PROPPATCH/MKCOL/COPY/MOVE /{path}",)

    def __init__(self, config: SandboxConfig) -> None:
        super().__init__(config)
        self.tree = Tree(self.state, self.clock)

    def routes(self) -> list[Route]:
        handlers: Mapping[str, Handler] = {
            "OPTIONS": self.options_of, "GET": self.get, "PUT": self.put, "DELETE": self.delete,
            "PROPFIND": self.propfind, "PROPPATCH": self.proppatch, "MKCOL": self.mkcol, "COPY": self.copy,
            "MOVE": self.copy,
        }  # fmt: skip
        methods = [*handlers, "HEAD"]
        answer = self.answering({**handlers, "HEAD": self.get})
        return [Route("/dav", answer, methods=methods), Route("/dav/{path:path}", answer, methods=methods)]

    def answering(self, handlers: Mapping[str, Handler]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            self.allow(request)
            path = request.path_params.get("path", "").strip("/")
            return await handlers[request.method](request, path)

        return answer

    def relisted(self, body: bytes, record: str, times: int) -> bytes | None:
        """A listing of a folder that shows a member so many times."""
        known = self.tree.get(record)
        told = response(known).encode() if known is not None else b""
        listed = told and told in body and body.count(b"<D:response>") > 1
        return body.replace(told, told * times) if listed else None

    def connection(self) -> dict[str, Any]:
        return {
            "address": self.base_url.replace("http://", "dav://") + "/dav",
            "user": USER,
            "password": self.config.key,
            "private_addresses": True,
            "feeds": ["feeds/*"],
            "settle": 0,
        }

    async def seed(self) -> None:
        sample(self.state, self.tree)

    async def seed_content(self, content: Content, options: SeedOptions) -> dict[str, Any]:  # noqa: ARG002 (dealt already)
        return await fill(self.state, self.tree, content)

    def allow(self, request: Request) -> None:
        pair = base64.b64encode(f"{USER}:{self.config.key}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            raise HTTPException(401, "Unauthorized", {"WWW-Authenticate": 'Basic realm="files"'})

    def on_error(self, request: Request, exc: Exception) -> Response:  # noqa: ARG002 (a server says the same to all)
        status = exc.status_code if isinstance(exc, HTTPException) else 500
        told = exc.detail if isinstance(exc, HTTPException) else "Internal Server Error"
        headers = dict(getattr(exc, "headers", None) or {})
        if told.startswith("D:"):  # a condition that was not met (RFC 4918, 16)
            return Response(ERROR.format(told), status, headers, "application/xml")
        return Response(f"<html><body><h1>{status} {told}</h1></body></html>", status, headers, "text/html")

    # ── what people do ───────────────────────────────────────────────────────────────────────────────────────────

    @action("Put a file into the folder")
    def put_file(self, path: str, text: str) -> dict[str, Any]:
        return self.place(path, text.encode())

    @action("Take a file out of the folder")
    def remove_file(self, path: str) -> None:
        self.tree.remove(path)

    def place(self, path: str, content: bytes | Path) -> Doc:
        """A file, with the folders above it."""
        parts = path.split("/")[:-1]
        for at in range(len(parts)):
            if not self.tree.is_folder(folder := "/".join(parts[: at + 1])):
                self.tree.make_folder(folder)
        digest = self.state.blob_put(content)
        return self.tree.put(path, digest, self.state.blob_path(digest).stat().st_size, media_type(path))

    # ── methods ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def options_of(self, _request: Request, _path: str) -> Response:
        return Response(headers={"Allow": ALLOWED, "DAV": "1"})

    async def get(self, request: Request, path: str) -> Response:
        doc = self.there(path)
        if doc.get("folder"):
            return Response("<html><body>a folder</body></html>", media_type="text/html")
        answer = file_response(
            self.state.blob_path(doc["digest"]), path.rsplit("/", maxsplit=1)[-1], doc["type"], request
        )
        answer.headers["etag"], answer.headers["last-modified"] = doc["etag"], http_date(doc["modified"])
        del answer.headers["content-disposition"]
        return answer

    async def put(self, request: Request, path: str) -> Response:
        """201 where there was none, 204 where there was; 409 without the folder above (RFC 4918, 9.7.1)."""
        known = self.tree.get(path)
        if known is not None and known.get("folder"):
            raise HTTPException(405, "Method Not Allowed", {"Allow": ALLOWED})
        self.in_folder(path)
        saved = await self.save_body(request)
        known = self.tree.get(path)
        try:
            self.wanted(request, known)
        except HTTPException:
            saved.path.unlink()
            raise
        digest = self.state.blob_put(saved.path, digest=saved.sha256, move=True)
        doc = self.tree.put(path, digest, saved.size, request.headers.get("content-type") or media_type(path))
        return Response(status_code=204 if known else 201, headers={"ETag": doc["etag"]})

    def wanted(self, request: Request, known: Doc | None) -> None:
        """Conditions of RFC 9110, 13.1."""
        none, match = request.headers.get("if-none-match"), request.headers.get("if-match")
        tag = known["etag"] if known is not None else None
        if none is not None and tag is not None and none in {"*", tag}:
            raise HTTPException(412, "Precondition Failed")
        if match is not None and (tag is None or match not in {"*", tag}):
            raise HTTPException(412, "Precondition Failed")

    async def delete(self, _request: Request, path: str) -> Response:
        self.there(path)
        if not path:
            raise HTTPException(403, "Forbidden")
        self.tree.remove(path)
        return Response(status_code=204)

    async def mkcol(self, request: Request, path: str) -> Response:
        if self.tree.get(path) is not None:
            raise HTTPException(405, "Method Not Allowed", {"Allow": ALLOWED})
        if await request.body():
            raise HTTPException(415, "Unsupported Media Type")
        self.in_folder(path)
        self.tree.make_folder(path)
        return Response(status_code=201)

    async def copy(self, request: Request, path: str) -> Response:
        """COPY, and MOVE: a copy after which the source is removed (RFC 4918, 9.9)."""
        self.there(path)
        to = self.destination(request)
        if to == path or to.startswith(f"{path}/"):
            raise HTTPException(403, "Forbidden")
        self.in_folder(to)
        known = self.tree.get(to)
        if known is not None and request.headers.get("overwrite", "T").upper() == "F":
            raise HTTPException(412, "Precondition Failed")
        with self.state.transaction():
            self.tree.remove(to)
            self.tree.copy(path, to)
            if request.method == "MOVE":
                self.tree.remove(path)
        return Response(status_code=204 if known else 201)

    def destination(self, request: Request) -> str:
        told = urlsplit(request.headers.get("destination", ""))
        if told.netloc and told.netloc != request.headers.get("host"):
            raise HTTPException(502, "Bad Gateway")
        path = unquote(told.path)
        if not path.startswith("/dav/") or not path.removeprefix("/dav/").strip("/"):
            raise HTTPException(400, "Bad Request")
        return path.removeprefix("/dav/").strip("/")

    async def propfind(self, request: Request, path: str) -> Response:
        """Every property, whatever was asked for: a server may tell more. Depth infinity is refused (9.1.1)."""
        depth = request.headers.get("depth", "infinity").lower()
        if depth not in {"0", "1"}:
            raise HTTPException(403, "D:propfind-finite-depth")
        checked_xml(await request.body())
        doc = self.there(path)
        docs = [doc, *(self.tree.members(path) if depth == "1" and doc.get("folder") else ())]
        body = "".join(response(one) for one in docs)
        return Response(multistatus(body), 207, media_type="application/xml; charset=utf-8")

    async def proppatch(self, request: Request, path: str) -> Response:
        """Properties of others are not kept: each is refused with 403, as 9.2.1 has it."""
        asked = checked_xml(await request.body())
        doc = self.there(path)
        names = [one.tag for prop in asked.iter("{DAV:}prop") for one in prop] if asked is not None else []
        told = "".join(f'<x:{name.rpartition("}")[2]} xmlns:x="{name[1:].partition("}")[0]}"/>' for name in names)
        status = "<D:status>HTTP/1.1 403 Forbidden</D:status>"
        body = f"<D:response><D:href>{href(doc)}</D:href><D:propstat><D:prop>{told}</D:prop>{status}</D:propstat></D:response>"
        return Response(multistatus(body), 207, media_type="application/xml; charset=utf-8")

    def there(self, path: str) -> Doc:
        if (doc := self.tree.get(path)) is None:
            raise HTTPException(404, "Not Found")
        return doc

    def in_folder(self, path: str) -> None:
        if not self.tree.is_folder(path.rpartition("/")[0]):
            raise HTTPException(409, "Conflict")


def checked_xml(body: bytes) -> ET.Element | None:
    if not body:
        return None
    if b"<!DOCTYPE" in body:
        raise HTTPException(400, "Bad Request")
    try:
        return ET.fromstring(body)  # noqa: S314 (a document type was refused)
    except ET.ParseError as problem:
        raise HTTPException(400, "Bad Request") from problem


def multistatus(body: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">{body}</D:multistatus>'


def response(doc: Doc) -> str:
    """One member; the tag is quoted as in the header (RFC 4918, 15.6)."""
    kind = "<D:collection/>" if doc.get("folder") else ""
    told = f"<D:resourcetype>{kind}</D:resourcetype><D:getlastmodified>{http_date(doc['modified'])}</D:getlastmodified>"
    if not doc.get("folder"):
        told += f"<D:getcontentlength>{doc['size']}</D:getcontentlength><D:getetag>{doc['etag']}</D:getetag>"
    status = "<D:status>HTTP/1.1 200 OK</D:status>"
    return (
        f"<D:response><D:href>{href(doc)}</D:href><D:propstat><D:prop>{told}</D:prop>{status}</D:propstat></D:response>"
    )


def href(doc: Doc) -> str:
    """Folders end in a slash (5.2)."""
    path = f"/dav/{quote(doc['path'])}"
    return f"{path.rstrip('/')}/" if doc.get("folder") else path


def http_date(seconds: float) -> str:
    return format_datetime(datetime.fromtimestamp(int(seconds), UTC), usegmt=True)


def media_type(path: str) -> str:
    return mimetypes.guess_type(path)[0] or "application/octet-stream"
