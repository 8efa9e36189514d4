"""Akeneo PIM as its Web API reference describes it: tokens, products by UUID with values by locale and scope, media files.

Not imitated: product models, drafts, permissions by category, completeness, limits of speed, filters besides those named in
FILTERS. Sentences of refusals are worded after the reference's examples.
"""

import base64
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lockgate.kit.sandbox import Sandbox, file_response

Record = dict[str, Any]
COLLECTION = "application/vnd.akeneo.collection+json"
MOST = 100
PROPERTIES = {"uuid", "enabled", "family", "categories", "groups", "parent", "values", "associations"}
ATTRIBUTES: Mapping[str, Record] = {
    "sku": {"type": "pim_catalog_identifier", "localizable": False, "scopable": False},
    "name": {"type": "pim_catalog_text", "localizable": True, "scopable": False},
    "description": {"type": "pim_catalog_textarea", "localizable": True, "scopable": True},
    "image": {"type": "pim_catalog_image", "localizable": False, "scopable": False},
}
LOCALES = ("en_US", "de_DE", "fr_FR")
CHANNELS = ("ecommerce", "print")
FAMILIES = ("furniture", "kitchen")


class Refused(HTTPException):
    """A refusal in the API's words; `errors` names the properties it is about."""

    def __init__(self, status: int, message: str, errors: list[Record] | None = None) -> None:
        super().__init__(status, message)
        self.content: Record = {"code": status, "message": message} | ({"errors": errors} if errors else {})


def invalid(property: str, message: str, **more: Any) -> Refused:
    return Refused(422, "Validation failed.", [{"property": property, "message": message, **more}])


def unexpected(message: str) -> Refused:
    return Refused(422, f"{message} Check the expected format on the API documentation.")


class Akeneo(Sandbox):
    id: ClassVar[str] = "akeneo"
    title: ClassVar[str] = "Akeneo"
    base_path: ClassVar[str] = "/api/rest/v1"
    contract: ClassVar[tuple[str, ...]] = (
        "POST /api/oauth/v1/token",
        "GET /system-information",
        "GET/PATCH /products-uuid",
        "GET/PATCH/DELETE /products-uuid/{uuid}",
        "POST /media-files",
        "GET /media-files/{code:path}",
        "GET /media-files/{code:path}/download",
    )

    def routes(self) -> list[Route]:
        base = self.base_path
        return [
            Route("/api/oauth/v1/token", self.token, methods=["POST"]),
            Route(f"{base}/system-information", self.known(self.system)),
            Route(f"{base}/products-uuid", self.known(self.products)),
            Route(f"{base}/products-uuid", self.known(self.patch_many), methods=["PATCH"]),
            Route(f"{base}/products-uuid/{{uuid}}", self.known(self.product)),
            Route(f"{base}/products-uuid/{{uuid}}", self.known(self.patch), methods=["PATCH"]),
            Route(f"{base}/products-uuid/{{uuid}}", self.known(self.delete), methods=["DELETE"]),
            Route(f"{base}/media-files", self.known(self.upload), methods=["POST"]),
            Route(f"{base}/media-files/{{code:path}}/download", self.known(self.download)),
            Route(f"{base}/media-files/{{code:path}}", self.known(self.media_file)),
        ]

    async def seed(self) -> None:
        for number, name in enumerate(("Chair", "Table", "Lamp"), 1):
            self.save(
                str(UUID(int=number, version=4)),
                {
                    "family": "furniture",
                    "values": {
                        "sku": [{"locale": None, "scope": None, "data": f"SKU-{number}"}],
                        "name": [{"locale": "en_US", "scope": None, "data": name}],
                    },
                },
            )

    def connection(self) -> dict[str, Any]:
        named = {"client_id": "lockgate", "secret": "client-secret", "user": "lockgate_1234"}
        return {"site": self.base_url, **named, "password": self.config.key}

    def on_error(self, request: Request, exc: Exception) -> Response:  # noqa: ARG002 (all refusals look alike)
        if isinstance(exc, Refused):
            return JSONResponse(exc.content, exc.status_code)
        status = exc.status_code if isinstance(exc, HTTPException) else 500
        return JSONResponse({"code": status, "message": WORDS.get(status, "Internal Server Error")}, status)

    # ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def token(self, request: Request) -> Response:
        """The client by Basic, the user by JSON or by a refresh token; wrong ones are a 422, as the reference has it."""
        pair = base64.b64encode(b"lockgate:client-secret").decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            raise Refused(422, 'Parameter "client_id" is missing or does not match any client, or secret is invalid')
        told = await self.json(request)
        if told.get("grant_type") == "refresh_token":
            if self.state.get("refresh", str(told.get("refresh_token"))) is None:
                raise Refused(422, "Refresh token is invalid or has expired")
        elif (told.get("username"), told.get("password")) != ("lockgate_1234", self.config.key):
            raise Refused(422, "No user found for the given username and password")
        made, again = secrets.token_hex(16), secrets.token_hex(16)
        self.state.put("token", made, {"at": self.clock.now().timestamp()})
        self.state.put("refresh", again, {})
        answer = {"access_token": made, "expires_in": 3600, "token_type": "bearer", "scope": None}
        return JSONResponse({**answer, "refresh_token": again})

    def known(self, handler: Callable[[Request], Any]) -> Callable[[Request], Any]:
        """The handler for those with a token that has not ended."""

        async def handle(request: Request) -> Response:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            found = self.state.get("token", token)
            if found is None:
                raise Refused(401, "The access token provided is invalid.")
            if self.clock.now().timestamp() > found["at"] + 3600:
                raise Refused(401, "The access token provided has expired.")
            answer: Response = await handler(request)
            return answer

        return handle

    async def json(self, request: Request) -> Record:
        return decoded(await request.body())

    async def system(self, _: Request) -> Response:
        return JSONResponse({"version": "7.0.50", "edition": "CE"})

    # ── reading products ─────────────────────────────────────────────────────────────────────────────────────────

    async def products(self, request: Request) -> Response:
        """Pages by UUID after the last one; the last page names no next one."""
        query = request.query_params
        if query.get("pagination_type") != "search_after":
            raise Refused(422, "This sandbox pages with pagination_type=search_after only.")
        limit = int(query.get("limit", "10"))
        if not 0 < limit <= MOST:
            raise Refused(422, f'"{limit}" is not a valid limit number, the maximum limit is {MOST}.')
        tests = tests_of(query.get("search", "{}"))
        after = query.get("search_after", "")
        every = sorted(self.state.all("product"), key=lambda one: str(one["uuid"]))
        found = [one for one in every if one["uuid"] > after and all(test(one) for test in tests)]
        page = found[:limit]
        links = {"self": {"href": str(request.url)}}
        if len(found) > limit:
            following = request.url.include_query_params(search_after=page[-1]["uuid"])
            links["next"] = {"href": f"{self.base_url}{following.path}?{following.query}"}
        return JSONResponse({"_links": links, "_embedded": {"items": [self.told(one) for one in page]}})

    async def product(self, request: Request) -> Response:
        return JSONResponse(self.told(self.found(request)))

    def found(self, request: Request) -> Record:
        uuid = request.path_params["uuid"]
        if (product := self.state.get("product", uuid)) is None:
            raise Refused(404, f"Product {uuid} does not exist or you do not have permission to access it.")
        return product

    def told(self, product: Record) -> Record:
        """A product with links to its files."""
        for entry in product["values"].get("image", []):
            entry["_links"] = {"download": {"href": f"{self.media_url(entry['data'])}/download"}}
        return product

    def media_url(self, code: str) -> str:
        return f"{self.base_url}{self.base_path}/media-files/{code}"

    # ── writing products ─────────────────────────────────────────────────────────────────────────────────────────

    async def patch(self, request: Request) -> Response:
        """Made where it is not there (201), else merged (204)."""
        uuid = request.path_params["uuid"]
        status = self.write(uuid, await self.json(request))
        return Response(status_code=status, headers={"Location": f"{self.base_url}{request.url.path}"})

    async def patch_many(self, request: Request) -> Response:
        """One product a line, one status a line."""
        told = request.headers.get("content-type", "")
        if told != COLLECTION:
            words = f"The '{told}' in 'Content-Type' header is not valid. Only '{COLLECTION}' is allowed."
            raise Refused(415, words)
        lines = (await request.body()).splitlines()
        if len(lines) > MOST:
            raise Refused(413, f"Too many resources to process, {MOST} is the maximum allowed.")
        answers = [self.line(number, line) for number, line in enumerate(lines, 1)]
        return Response(b"\n".join(map(msgspec.json.encode, answers)), media_type=COLLECTION)

    def line(self, number: int, line: bytes) -> Record:
        answer: Record = {"line": number}
        try:
            told = decoded(line)
            answer["uuid"] = uuid = str(told.get("uuid", ""))
            return {**answer, "status_code": self.write(uuid, told)}
        except Refused as refused:
            rest = {name: one for name, one in refused.content.items() if name != "code"}
            return {**answer, "status_code": refused.status_code, **rest}

    def write(self, uuid: str, told: Record) -> int:
        check(uuid, told)
        for entry in told.get("values", {}).get("sku", []):
            self.check_identifier(uuid, entry["data"])
        new = self.state.get("product", uuid) is None
        self.save(uuid, told)
        return 201 if new else 204

    def check_identifier(self, uuid: str, identifier: Any) -> None:
        if any(mark in str(identifier) for mark in ",;"):
            raise invalid("identifier", "This field should not contain any comma or semicolon.", attribute="sku")
        if identifier and any(sku(one) == identifier and one["uuid"] != uuid for one in self.state.all("product")):
            raise invalid("identifier", f"The {identifier} identifier is already used for another product.")

    def save(self, uuid: str, told: Record) -> Record:
        """Merged into what is there: members as they are given, values one by one; a value of null is taken away."""
        known = self.state.get("product", uuid) or {
            "uuid": uuid,
            "enabled": True,
            "family": None,
            "categories": [],
            "groups": [],
            "parent": None,
            "values": {},
            "created": self.stamp(),
        }
        values = {code: list(entries) for code, entries in known["values"].items()}
        for code, entries in told.get("values", {}).items():
            values[code] = merged(values.get(code, []), entries)
        given = {name: one for name, one in told.items() if name not in {"values", "uuid"}}
        kept = {code: entries for code, entries in values.items() if entries}
        product = {**known, **given, "values": kept, "updated": self.stamp()}
        self.state.put("product", uuid, product)
        return product

    def stamp(self) -> str:
        return self.clock.now().astimezone(UTC).isoformat(timespec="seconds")

    async def delete(self, request: Request) -> Response:
        self.state.delete("product", self.found(request)["uuid"])
        return Response(status_code=204)

    # ── media files ──────────────────────────────────────────────────────────────────────────────────────────────

    async def upload(self, request: Request) -> Response:
        """Attached to the product that its part names; the file's code stands in Location."""
        form = await self.read_form(request)
        part, file = form.get("product"), form.get("file")
        if part is None:
            raise Refused(400, 'The property "product" or "product_model" is required.')
        if file is None or file.saved is None:
            raise Refused(400, 'Property "file" is required.')
        told = decoded(part.data)
        if {"identifier", "attribute", "scope", "locale"} - set(told):
            words = 'Product property must contain "identifier", "attribute", "locale" and "scope" properties.'
            raise Refused(422, words)
        product = next((one for one in self.state.all("product") if sku(one) == told["identifier"]), None)
        if product is None:
            raise Refused(422, f"Product {told['identifier']} does not exist.")
        if ATTRIBUTES.get(told["attribute"], {}).get("type") != "pim_catalog_image":
            raise unexpected(f"The {told['attribute']} attribute does not exist in your PIM or holds no file.")
        digest = self.state.blob_put(file.saved.path, digest=file.saved.sha256, move=True)
        code = self.keep(product["uuid"], digest, file.saved.size, file.filename or "file")
        return Response(status_code=201, headers={"Location": self.media_url(code)})

    def keep(self, uuid: str, digest: str, size: int, filename: str) -> str:
        """A stored file as the image of a product; returns its code."""
        token = uuid4().hex
        code = "/".join([*token[:4], f"{token}_{filename}"])
        record = {"code": code, "original_filename": filename, "mime_type": "image/jpeg", "size": size}
        self.state.put("media", code, {**record, "sha256": digest})
        self.save(uuid, {"values": {"image": [{"locale": None, "scope": None, "data": code}]}})
        return code

    def media(self, request: Request) -> Record:
        code = request.path_params["code"]
        if (found := self.state.get("media", code)) is None:
            raise Refused(404, f'Media file "{code}" does not exist.')
        return found

    async def media_file(self, request: Request) -> Response:
        found = self.media(request)
        links = {"download": {"href": f"{self.media_url(found['code'])}/download"}}
        return JSONResponse({**{name: one for name, one in found.items() if name != "sha256"}, "_links": links})

    async def download(self, request: Request) -> Response:
        found = self.media(request)
        path = self.state.blob_path(found["sha256"])
        return file_response(path, found["original_filename"], found["mime_type"], request)


WORDS = {
    401: "Authentication is required",
    403: "Access forbidden.",
    404: "The resource was not found.",
    405: "Method not allowed.",
    429: "Too many requests.",
    503: "Service unavailable.",
}


def decoded(body: bytes) -> Record:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.MsgspecError:
        raise Refused(400, "Invalid json message received") from None


def sku(product: Record) -> str | None:
    return next((entry["data"] for entry in product["values"].get("sku", [])), None)


# ── what may be written ──────────────────────────────────────────────────────────────────────────────────────────


def check(uuid: str, told: Record) -> None:
    """Raises what the API answers to a product of another form."""
    try:
        UUID(uuid)
    except ValueError:
        raise invalid("uuid", f"This is not a valid UUID: {uuid}.") from None
    if told.get("uuid", uuid) != uuid:
        words = (
            f'The uuid "{told["uuid"]}" provided in the request body must match the uuid "{uuid}" provided in the url.'
        )
        raise Refused(422, words)
    if strange := sorted(set(told) - PROPERTIES):
        raise unexpected(f'Property "{strange[0]}" does not exist.')
    if not isinstance(told.get("enabled", True), bool):
        raise unexpected('Property "enabled" expects a boolean as data.')
    if told.get("family") not in {None, *FAMILIES}:
        raise unexpected(
            f'Property "family" expects a valid family code. The family does not exist, "{told["family"]}" given.'
        )
    for code, entries in told.get("values", {}).items():
        check_values(code, entries)


def check_values(code: str, entries: Any) -> None:
    if (attribute := ATTRIBUTES.get(code)) is None:
        raise unexpected(f"The {code} attribute does not exist in your PIM.")
    if not isinstance(entries, list):
        raise unexpected(f'Property "{code}" expects an array as data.')
    for entry in entries:
        if not isinstance(entry, dict) or {"locale", "scope", "data"} - set(entry):
            raise unexpected(f'Property "{code}" expects an array with the keys "locale", "scope" and "data".')
        check_place(code, entry["locale"], attribute["localizable"], LOCALES, "locale")
        check_place(code, entry["scope"], attribute["scopable"], CHANNELS, "channel")
        if entry["data"] is not None and not isinstance(entry["data"], str):
            raise unexpected(f"The {code} attribute requires a string.")


def check_place(code: str, given: Any, needed: bool, known: tuple[str, ...], what: str) -> None:
    if needed and given is None:
        raise unexpected(f"The {code} attribute requires a value per {what}.")
    if not needed and given is not None:
        raise unexpected(f"The {code} attribute does not require a value per {what}.")
    if given is not None and given not in known:
        raise unexpected(f"The {code} attribute requires a valid {what}. The {given} {what} does not exist.")


def merged(before: list[Record], entries: list[Record]) -> list[Record]:
    places = {(one["locale"], one["scope"]): one for one in before}
    for entry in entries:
        places[(entry["locale"], entry["scope"])] = {name: entry[name] for name in ("locale", "scope", "data")}
    return [one for one in places.values() if one["data"] not in (None, "")]


# ── filters ──────────────────────────────────────────────────────────────────────────────────────────────────────


def instant(text: Any) -> datetime:
    try:
        return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        words = f'Property "updated" expects a string with format "yyyy-mm-dd H:i:s" as data, "{text}" given.'
        raise Refused(422, words) from None


def later(value: Any) -> Callable[[Record], bool]:
    since = instant(value)
    return lambda one: datetime.fromisoformat(one["updated"]) > since


FILTERS: Mapping[tuple[str, str], Callable[[Any], Callable[[Record], bool]]] = {
    ("updated", ">"): later,
    ("uuid", "IN"): lambda value: lambda one: one["uuid"] in value,
    ("sku", "IN"): lambda value: lambda one: sku(one) in value,
    ("sku", "="): lambda value: lambda one: sku(one) == value,
    ("enabled", "="): lambda value: lambda one: one["enabled"] == value,
}


def tests_of(search: str) -> list[Callable[[Record], bool]]:
    try:
        told = msgspec.json.decode(search, type=dict[str, list[dict[str, Any]]])
    except msgspec.MsgspecError:
        raise Refused(400, "Search query parameter should be valid JSON.") from None
    tests = []
    for property, conditions in told.items():
        for condition in conditions:
            operator = str(condition.get("operator"))
            if (made := FILTERS.get((property, operator))) is None:
                words = f'Filter on property "{property}" is not supported or does not support operator "{operator}".'
                raise Refused(422, words)
            tests.append(made(condition.get("value")))
    return tests


SANDBOX = Akeneo
