"""One call: who asks, what is said in path, query and body, and the envelope of the answer."""

import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lockgate.kit.sandbox import Form, Part, Saved

from .errors import Refusal, bad, missing, wrong_type
from .lists import Wish, listed, truth, wishes
from .tenant import Tenant

API = "/cs/cs/api"
PAGE = 100
"""Entries of a list page where none is asked for."""
LARGEST = 2**53


class Call:
    """What handlers are given. Members of the body go before those of the query."""

    def __init__(self, request: Request, tenant: Tenant, user: int) -> None:
        self.request = request
        self.tenant = tenant
        self.user = user
        self.query = {name: request.query_params.getlist(name) for name in request.query_params}
        self.sent: dict[str, Any] = {}
        self.form: Form | None = None

    @property
    def path(self) -> str:
        """As `href` shows it: `/api/v2/…`, without the server's base path."""
        return "/api" + self.request.url.path.removeprefix(API)

    # --- what was said ---

    def id(self, name: str = "id") -> int:
        """A number of the path."""
        return whole(self.request.path_params[name], name)

    def word(self, name: str) -> str:
        return str(self.request.path_params[name])

    def get(self, name: str, default: Any = None) -> Any:
        """A value as it was sent; the first one of a repeated key of the query."""
        if name in self.sent:
            return self.sent[name]
        return self.query[name][0] if name in self.query else default

    def text(self, name: str, default: str = "") -> str:
        given = self.get(name)
        return default if given is None else str(given)

    def needed(self, name: str) -> str:
        given = self.get(name)
        if given is None or given == "":
            raise missing(name)
        return str(given)

    def number(self, name: str) -> int | None:
        given = self.get(name)
        return None if given is None or given == "" else whole(given, name)

    def needed_number(self, name: str) -> int:
        return whole(self.needed(name), name)

    def flag(self, name: str, default: bool = False) -> bool:
        given = self.get(name)
        return default if given is None else truth(given)

    def many(self, name: str) -> list[str]:
        """A list, however it was written."""
        if name in self.sent:
            given = self.sent[name]
            return listed(given if isinstance(given, list) else [given])
        return listed(self.query.get(name, []))

    def numbers(self, name: str) -> list[int]:
        return [whole(one, name) for one in self.many(name)]

    def mapping(self, name: str) -> dict[str, Any]:
        """An object among the members; empty when it is left out."""
        given = self.get(name)
        if given is None or given == "":
            return {}
        if not isinstance(given, dict):
            raise wrong_type(name)
        return given

    def wishes(self, name: str = "fields") -> dict[str, Wish]:
        given = self.sent.get(name)
        return wishes(self.query.get(name, []) if given is None else given if isinstance(given, list) else [str(given)])

    @property
    def file(self) -> tuple[Part, Saved] | None:
        return self.form.file("file") if self.form else None

    # --- reading the body ---

    async def read(self) -> None:
        """Take in the body: form fields, multipart, or a field `body` that holds JSON."""
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            self.form = await self.tenant.read_form(self.request)
            fields: dict[str, list[str]] = {}
            for part in self.form.parts:
                if not part.saved:
                    fields.setdefault(part.name, []).append(part.data.decode("utf-8", "replace"))
            self._take(fields)
            return
        content = await self.request.body()
        if kind == "application/json" and content.strip() and self.request.method != "GET":
            self._take_json(content)
        elif content:
            self._take(parse_qs(content.decode("utf-8", "replace"), keep_blank_values=True))

    def _take_json(self, content: bytes) -> None:
        if self.tenant.switches.strict_encoding and not self.path.endswith("/v1/auth"):
            raise bad("The request body must be form encoded")
        self.sent = _object(content)

    def _take(self, fields: Mapping[str, list[str]]) -> None:
        self.sent = {name: given[0] if len(given) == 1 else given for name, given in fields.items()}
        if "body" in self.sent:
            self.sent |= _object(str(self.sent.pop("body")).encode())

    # --- answering ---

    def links(self) -> dict[str, Any]:
        return {"data": {"self": link(self.path, self.request.method)}}

    def answer(self, body: Any) -> Response:
        if "suppress_response_codes" in self.query and isinstance(body, dict):
            body = {**body, "statusCode": 200}
        return json(body)

    def results(self, results: Any, **more: Any) -> Response:
        """The envelope of v2: an object for one item, a list for several, `{}` for done."""
        return self.answer({**more, "links": self.links(), "results": results})

    def done(self) -> Response:
        return self.results({})

    def page(self, default: int = PAGE, most: int | None = None) -> "Page":
        """Which part of a list is asked for."""
        limit, number = self.number("limit") or default, self.number("page") or 1
        if limit < 1 or number < 1:
            raise bad(f"Invalid value for the parameter '{'limit' if limit < 1 else 'page'}'")
        return Page(number, min(limit, most) if most else limit, repeat=self.tenant.switches.repeat_last_page)

    def sort(self, default: str) -> str:
        return (self.many("sort") or [default])[0]

    def collection(self, page: "Page", total: int, sort: str) -> dict[str, Any]:
        """What stands beside the results of a core list."""
        paging = page.paging(total)
        if page.has_next(total):
            paging["links"] = {"data": {"next": self._next(page)}}
        return {"paging": paging, "sorting": {"sort": [{"key": "sort", "value": sort}]}}

    def workspace_paging(self, page: "Page", total: int) -> dict[str, Any]:
        """What stands beside the results of a list of workspaces; `actions` is empty on the last page."""
        actions = {}
        if page.has_next(total):
            actions["next"] = self._next(page)
        if page.number > 1:
            actions["previous"] = self._next(page, -1, "Previous")
        return {**page.paging(total), "actions": actions if "next" in actions else {}}

    def _next(self, page: "Page", step: int = 1, name: str = "Next") -> dict[str, Any]:
        query = {**self.query, "page": [str(page.number + step)], "limit": [str(page.limit)]}
        return link(f"{self.path}?{urlencode(query, doseq=True)}", "GET", name)


class Page:
    """Which part of a list was asked for; pages count from 1."""

    def __init__(self, number: int, limit: int, *, repeat: bool = False) -> None:
        self.number = number
        self.limit = limit
        self._repeat = repeat

    def begin(self, total: int) -> int:
        """Where the page begins. A page beyond the last one is empty, unless the tenant repeats the last one."""
        number = min(self.number, max(math.ceil(total / self.limit), 1)) if self._repeat else self.number
        return (number - 1) * self.limit

    def cut(self, whole: Sequence[Any]) -> Sequence[Any]:
        begin = self.begin(len(whole))
        return whole[begin : begin + self.limit]

    def has_next(self, total: int) -> bool:
        return self.number * self.limit < total

    def paging(self, total: int) -> dict[str, Any]:
        begin = (self.number - 1) * self.limit
        there = begin < total
        return {
            "limit": self.limit,
            "page": self.number,
            "page_total": math.ceil(total / self.limit),
            "range_max": min(begin + self.limit, total) if there else 0,
            "range_min": begin + 1 if there else 0,
            "total_count": total,
        }


def link(href: str, method: str, name: str = "") -> dict[str, Any]:
    return {"body": "", "content_type": "", "href": href, "method": method, "name": name}


def json(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(body), status, headers, "application/json; charset=utf-8")


def whole(given: Any, name: str) -> int:
    """A whole number, sent as one or as text; 400 when it is none."""
    if isinstance(given, bool) or not isinstance(given, (int, str)):
        raise wrong_type(name)
    try:
        number = int(given)
    except ValueError:
        raise wrong_type(name) from None
    if abs(number) > LARGEST:
        raise wrong_type(name)
    return number


def _object(content: bytes) -> dict[str, Any]:
    try:
        decoded = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError):
        raise Refusal(400, "The value of 'body' could not be parsed as JSON") from None
    if not isinstance(decoded, dict):
        raise wrong_type("body")
    return decoded
