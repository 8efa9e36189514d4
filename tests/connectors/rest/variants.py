"""A system in all the ways in which systems differ: pages, credentials, uploads, errors. It keeps a list of a dozen records."""

import base64
import hashlib
import hmac
from typing import Any, ClassVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lockgate.kit.sandbox import Sandbox

RECORDS = [
    {"id": number, "name": f"Record {number}", "price": {"__class__": "Decimal", "decimal": f"{number}.5"}}
    for number in range(1, 13)
]
SECRET = "shared-secret"
CODES = {"wait": "THROTTLED", "gone": "ENTITY_NOT_FOUND", "wrong": "USER_INPUT_ERROR"}


class Variants(Sandbox):
    id: ClassVar[str] = "variants"
    title: ClassVar[str] = "Variants"

    def routes(self) -> list[Route]:
        return [
            Route("/page", self.by_page),
            Route("/offset", self.by_offset),
            Route("/link", self.by_link),
            Route("/next", self.by_next),
            Route("/cursor", self.by_cursor),
            Route("/whole", self.whole),
            Route("/repeat", self.repeat),
            Route("/graphql", self.graphql, methods=["POST"]),
            Route("/rpc", self.rpc, methods=["POST"]),
            Route("/token", self.token, methods=["POST"]),
            Route("/bearer", self.bearer),
            Route("/signed", self.signed, methods=["GET", "POST"]),
            Route("/form", self.form, methods=["POST"]),
            Route("/base64", self.base64, methods=["POST"]),
            Route("/stage", self.stage, methods=["POST"]),
            Route("/staged", self.form, methods=["POST"]),
            Route("/lines", self.lines, methods=["PATCH"]),
            Route("/fields", self.fields),
            Route("/once/{name}", self.once, methods=["GET", "PUT"]),
        ]

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.seen: list[Any] = []
        """What came in, as each route saw it."""
        self.tokens = 0
        self.made: set[str] = set()
        self.most = 100

    async def seed(self) -> None:
        self.seen.clear()

    # ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def by_page(self, request: Request) -> Response:
        """Totals in headers; past the end is an error."""
        size, page = int(request.query_params["per_page"]), int(request.query_params["page"])
        found = RECORDS[(page - 1) * size : page * size]
        if not found:
            return JSONResponse({"code": "invalid_page_number", "message": "There is no such page."}, 400)
        pages = {} if "quiet" in request.query_params else {"X-Pages": str(-(-len(RECORDS) // size))}
        return JSONResponse(found, headers=pages)

    async def by_offset(self, request: Request) -> Response:
        """The size is cut without a word."""
        offset, size = int(request.query_params["offset"]), min(int(request.query_params["limit"]), self.most)
        return JSONResponse({"count": len(RECORDS), "rows": RECORDS[offset : offset + size]})

    async def by_link(self, request: Request) -> Response:
        at = int(request.query_params.get("at", "0"))
        more = (
            f'</link?at={at + 5}>; rel="next", </link>; rel="first"'
            if at + 5 < len(RECORDS)
            else '</link>; rel="first"'
        )
        return JSONResponse(RECORDS[at : at + 5], headers={"Link": more})

    async def by_next(self, request: Request) -> Response:
        at = int(request.query_params.get("at", "0"))
        following = {"next": {"href": f"{self.base_url}/next?at={at + 5}"}} if at + 5 < len(RECORDS) else {}
        return JSONResponse({"_links": following, "_embedded": {"items": RECORDS[at : at + 5]}})

    async def by_cursor(self, request: Request) -> Response:
        at = int(request.query_params.get("after", "0"))
        info = {"endCursor": str(at + 5), "hasNextPage": at + 5 < len(RECORDS)}
        return JSONResponse({"edges": [{"node": one} for one in RECORDS[at : at + 5]], "pageInfo": info})

    async def whole(self, _: Request) -> Response:
        return JSONResponse({"data": RECORDS})

    async def repeat(self, _: Request) -> Response:
        return JSONResponse(RECORDS[:5])

    # ── GraphQL and JSON-RPC: errors under status 200 ────────────────────────────────────────────────────────────

    async def graphql(self, request: Request) -> Response:
        if "multipart" in request.headers.get("content-type", ""):
            form = await self.read_form(request)
            told = {
                part.name: msgspec.json.decode(part.data) for part in form.parts if part.name in {"operations", "map"}
            }
            file = form.get("0")
            self.seen.append({**told, "sha256": file.saved.sha256 if file and file.saved else None})
            return JSONResponse({"data": {"createAssets": [{"id": "7"}]}})
        told = await request.json()
        self.seen.append(told)
        name = told["variables"].get("id", "")
        if name in CODES:
            return JSONResponse(
                {"data": None, "errors": [{"message": f"It is {name}.", "extensions": {"code": CODES[name]}}]}
            )
        if name == "union":
            return JSONResponse({"data": {"change": {"errorCode": "NAME_TAKEN", "message": "The name is taken."}}})
        return JSONResponse({"data": {"things": {"items": RECORDS, "totalItems": len(RECORDS)}}})

    async def rpc(self, request: Request) -> Response:
        told = await request.json()
        if told["method"] == "common.login":
            good = told["params"] == ["ann", {"password": SECRET}]
            self.tokens += 1
            return JSONResponse({"id": told["id"], "result": [5, f"session-{self.tokens}"] if good else None})
        wanted = base64.b64encode(f"ann:5:session-{self.tokens}".encode()).decode()
        if request.headers.get("authorization") != f"Session {wanted}":
            return Response(status_code=401)
        self.seen.append(told)
        if told["method"] == "thing.fail":
            return JSONResponse({"id": told["id"], "error": ["UserError", ["This cannot be done.", ""]]})
        return JSONResponse({"id": told["id"], "result": RECORDS})

    # ── credentials ──────────────────────────────────────────────────────────────────────────────────────────────

    async def token(self, request: Request) -> Response:
        pair = base64.b64encode(f"app:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            return JSONResponse({"error": "invalid_client"}, 401)
        self.seen.append(msgspec.json.decode(await request.body()))
        self.tokens += 1
        return JSONResponse({"access_token": f"token-{self.tokens}", "expires_in": 3600, "refresh_token": "again"})

    async def bearer(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer token-{self.tokens}":
            return Response(status_code=401)
        return JSONResponse(RECORDS)

    async def signed(self, request: Request) -> Response:
        message = f"{request.method}{request.url.path}{request.headers['x-time']}".encode() + await request.body()
        proof = hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
        return (
            JSONResponse(RECORDS) if request.headers.get("x-signature") == f"v1={proof}" else Response(status_code=401)
        )

    # ── uploads ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def form(self, request: Request) -> Response:
        form = await self.read_form(request)
        parts = {part.name: part.saved.sha256 if part.saved else part.data.decode() for part in form.parts}
        self.seen.append({"parts": parts, "credentials": request.headers.get("x-key")})
        return Response(status_code=201, headers={"Location": f"{self.base_url}/files/42"})

    async def base64(self, request: Request) -> Response:
        told = await request.json()
        self.seen.append({**told, "data": hashlib.sha256(base64.b64decode(told["data"])).hexdigest()})
        return JSONResponse({"id": 9}, 201)

    async def stage(self, request: Request) -> Response:
        self.seen.append(await request.json())
        parameters = [{"name": "policy", "value": "p-1"}, {"name": "name", "value": "x"}]
        return JSONResponse({"target": {"url": f"{self.base_url}/staged", "parameters": parameters}})

    async def lines(self, request: Request) -> Response:
        """One status for each line, as lines."""
        answers = []
        for line in (await request.body()).splitlines():
            told = msgspec.json.decode(line)
            bad = told.get("name") == "bad"
            answers.append(
                {"code": told["code"], "status_code": 422 if bad else 204, "message": "No good." if bad else ""}
            )
        self.seen.append(request.headers["content-type"])
        return Response(b"\n".join(map(msgspec.json.encode, answers)), media_type="application/vnd.lines+json")

    # ── set-up and schema ────────────────────────────────────────────────────────────────────────────────────────

    async def fields(self, _: Request) -> Response:
        fields = [
            {"code": "artikelnummer", "label": "Artikelnummer", "kind": "string"},
            {"code": "weight", "label": "Weight", "kind": "number"},
        ]
        return JSONResponse({"fields": fields})

    async def once(self, request: Request) -> Response:
        name = request.path_params["name"]
        if request.method == "PUT":
            self.made.add(name)
            self.seen.append(f"made {name}")
        if name not in self.made:
            raise HTTPException(404)
        return JSONResponse({"id": f"zone-{name}"})
