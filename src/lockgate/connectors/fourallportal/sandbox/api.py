"""The routes of 4ALLPORTAL as its minimal contract lists them, and who answers which."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lockgate.kit.sandbox import Form

from .access import Access, demand
from .errors import Refusal, bad, not_found
from .media import Media
from .parameters import json_body, listed, listing, page_size, required_list, whole
from .portal import Portal
from .records import Record
from .switches import Right
from .versions import Versions
from .writing import Writing

Handler = Callable[[Request], Awaitable[Response]]
ReadForm = Callable[[Request], Awaitable[Form]]

MODULES = "/api/modules"
OBJECTS = MODULES + "/{module}/objects"
FILES = MODULES + "/file/objects"
CONNECTORS = "/api/connectors"


class Api:
    """Handlers of all routes."""

    def __init__(self, portal: Portal, access: Access, media: Media, read_form: ReadForm) -> None:
        self._portal = portal
        self._access = access
        self._media = media
        self._read_form = read_form
        self._versions = Versions(portal)

    def routes(self) -> list[Route]:
        open_routes = [
            Route("/health", self.health, methods=["GET"]),
            Route("/service/usermanagement/login", self.login, methods=["POST"]),
        ]
        keyed: list[tuple[str, str, Handler, Right]] = [
            ("GET", MODULES, self.modules, "view"),
            ("GET", MODULES + "/{module}", self.module, "view"),
            ("GET", "/api/system/value-options", self.value_options, "view"),
            ("GET", OBJECTS, self.list, "view"),
            ("POST", FILES, self.upload, "upload"),
            ("PATCH", OBJECTS, self.patch, "view"),
            ("GET", OBJECTS + "/{id}", self.get, "view"),
            ("DELETE", OBJECTS + "/{id}", self.delete, "delete"),
            ("PUT", FILES + "/{id}/media/original", self.replace, "upload"),
            ("GET", OBJECTS + "/{id}/media/{usage}", self.download, "download"),
            ("GET", OBJECTS + "/{id}/audit", self.audit, "view"),
            ("GET", OBJECTS + "/{id}/versions", self.versions, "view"),
            ("POST", OBJECTS + "/{id}/versions", self.take_version, "edit"),
            ("POST", OBJECTS + "/{id}/versions/{version}/restore", self.restore_version, "edit"),
            ("GET", CONNECTORS, self.connectors, "view"),
            ("GET", CONNECTORS + "/{connector}", self.connector, "view"),
            ("GET", CONNECTORS + "/{connector}/events/{start}", self.events, "view"),
            ("GET", CONNECTORS + "/{connector}/objects", self.connector_objects, "view"),
        ]
        by_path: dict[str, dict[str, tuple[Handler, Right]]] = {}
        for method, path, handler, right in keyed:
            by_path.setdefault(path, {})[method] = (handler, right)
        return open_routes + [Route(path, self._keyed(each), methods=list(each)) for path, each in by_path.items()]

    def _keyed(self, handlers: dict[str, tuple[Handler, Right]]) -> Handler:
        """One endpoint for all methods of a path, for callers with a key whose role has the right."""

        async def answer(request: Request) -> Response:
            request.state.user = self._access.user(request, self._portal.switches)
            handler, right = handlers["GET" if request.method == "HEAD" else request.method]
            demand(right, self._portal.switches)
            return await handler(request)

        return answer

    # --- R1, R14 ---

    async def health(self, _request: Request) -> Response:
        return _json({"status": "UP"})

    async def login(self, request: Request) -> Response:
        return _json(self._access.login(await json_body(request)))

    # --- R2, R3 ---

    async def modules(self, _request: Request) -> Response:
        return _json([one.wire(with_fields=False) for one in self._portal.schema.modules.values()])

    async def module(self, request: Request) -> Response:
        module = self._portal.module(request.path_params["module"])
        return _json(module.wire(with_fields="fields" in (listed(request, "groups") or [])))

    async def value_options(self, request: Request) -> Response:
        found = {id: self._value_option(id) for id in required_list(request, "ids")}
        return _json({id: option for id, option in found.items() if option is not None})

    def _value_option(self, id: str) -> dict[str, Any] | None:
        schema = self._portal.schema
        if id in schema.options:
            return {"items": [{"key": key, "label": label} for key, label in schema.options[id].items()]}
        target, _, kind = id.rpartition(".")
        if kind != "referenced_by" or target not in schema.modules:
            return None
        groups: dict[str, list[dict[str, str]]] = {}
        for module, field in sorted(schema.links_to(target), key=lambda pair: (pair[0].name, pair[1].name)):
            groups.setdefault(module.name, []).append({"key": f"{module.name}_{field.name}", "icon": "V-FIELD_LINK"})
        return {"groups": [{"key": key, "items": items} for key, items in groups.items()]}

    # --- R4 to R7 ---

    async def list(self, request: Request) -> Response:
        module = self._portal.module(request.path_params["module"])
        found = self._portal.search.find(module, listing(request))
        seen = (self._portal.seen_of(one, module.name, one.id) for one in found.records)
        fields = listed(request, "fields")
        answer: dict[str, Any] = {} if found.total is None else {"total_count": found.total}
        answer["result"] = [self._portal.present.object(module, one, fields) for one in seen if one is not None]
        return _json(answer)

    async def get(self, request: Request) -> Response:
        module = self._portal.module(request.path_params["module"])
        record = self._portal.seen(module.name, request.path_params["id"]) or not_found("Object")
        return _json(self._portal.present.object(module, record, listed(request, "fields")))

    async def patch(self, request: Request) -> Response:
        module = self._portal.module(request.path_params["module"])
        sent = await json_body(request)
        if not isinstance(sent, list):
            bad("The body must be an array of objects")
        with self._portal.changing() as changes:
            writing = Writing(self._portal, request.state.user, changes)
            ids = [writing.write(module, one) for one in sent]
            for change in changes:
                demand("create" if change.before is None else "edit", self._portal.switches)
        return _json(ids)

    async def delete(self, request: Request) -> Response:
        module = self._portal.module(request.path_params["module"])
        with self._portal.changing() as changes:
            Writing(self._portal, request.state.user, changes).delete(module, request.path_params["id"])
        return Response(status_code=204)

    # --- R8 to R10 ---

    async def upload(self, request: Request) -> Response:
        form = await self._form(request)
        try:
            return _json([await self._media.upload(form, request.state.user)], 201)
        finally:
            form.discard()

    async def replace(self, request: Request) -> Response:
        id = request.path_params["id"]
        form = await self._form(request)
        try:
            await self._media.replace(id, form, request.state.user)
        finally:
            form.discard()
        return _json([id])

    async def _form(self, request: Request) -> Form:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "multipart/form-data":
            raise Refusal(415, f"Content type '{kind}' not supported")
        length = request.headers.get("content-length", "")
        most = self._portal.switches.max_upload
        # The body is the file and some hundred bytes around it; what is over by less is found out when it has arrived.
        if length.isdigit() and int(length) > most + 65_536:
            raise Refusal(413, f"The upload is larger than {most} bytes")
        return await self._read_form(request)

    async def download(self, request: Request) -> Response:
        module = self._portal.module(request.path_params["module"])
        record = self._portal.seen(module.name, request.path_params["id"]) or not_found("Object")
        return await self._media.download(record, request.path_params["usage"], request)

    # --- R11 ---

    async def audit(self, request: Request) -> Response:
        module, id = self._portal.module(request.path_params["module"]), request.path_params["id"]
        if self._portal.objects.get(module.name, id) is None:
            not_found("Object")
        query = request.query_params.get("query", "")
        return _json(self._portal.audit.list(module.name, id, query, whole(request, "offset", 0), page_size(request)))

    # --- versions, which the minimal contract leaves out ---

    async def versions(self, request: Request) -> Response:
        return _json(self._versions.listed(self._addressed(request)))

    async def take_version(self, request: Request) -> Response:
        sent = await json_body(request)
        return _json(self._versions.take(self._addressed(request), sent, request.state.user), 201)

    async def restore_version(self, request: Request) -> Response:
        version, user = request.path_params["version"], request.state.user
        return _json(self._versions.restore(self._addressed(request), version, user))

    def _addressed(self, request: Request) -> Record:
        """The object that the path names, as it is now."""
        module = self._portal.module(request.path_params["module"])
        return self._portal.objects.live(module.name, request.path_params["id"]) or not_found("Object")

    # --- R12 ---

    async def connectors(self, _request: Request) -> Response:
        configs = self._portal.schema.connectors.values()
        return _json([{"connector_name": one.name, "module_name": one.module} for one in configs])

    async def connector(self, request: Request) -> Response:
        config = self._portal.feed.config(request.path_params["connector"])
        return _json(config.wire(self._portal.module(config.module)))

    async def events(self, request: Request) -> Response:
        start = request.path_params["start"]
        if not start.isascii() or not start.isdigit() or len(start) > 15:
            bad("The event id must be a whole number from 0")
        name, hash = request.path_params["connector"], request.query_params.get("hash")
        return _json(self._portal.feed.events(name, int(start), hash, self._portal.switches))

    async def connector_objects(self, request: Request) -> Response:
        config = self._portal.feed.config(request.path_params["connector"])
        found = self._portal.feed.objects(config.name, required_list(request, "ids"), self._portal.seen)
        module, form = self._portal.module(config.module), self._portal.switches.undimensioned
        return _json([self._portal.present.fed(module, one, config.fields, form) for one in found])


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")
