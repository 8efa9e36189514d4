"""A caller that speaks Content Server's language over real HTTP."""

import json
from dataclasses import dataclass
from typing import Any

import aiohttp
from multidict import CIMultiDictProxy

KEY = "pw-of-the-sandbox"
API = "/cs/cs/api"
CUSTOMERS, TEMPLATE, TYPE, CATEGORY, DETAILS = 34962, 30001, 16, 4711, 4712
APPROVAL, DIRECT, RM_CLASS, HOLD = 25397, 25398, 41320, 13
ADMIN, JANE, RICHARD, EVERYBODY, SALES = 1000, 1001, 1002, 999, 1100
GONE = "Sorry, the item you requested could not be accessed."


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Caller:
    """Calls one sandbox as one user or another; tickets are got as they are needed."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.changed = False
        """Whether a call that may change something was made."""
        self._session = session
        self._tickets: dict[str, str] = {}

    async def raw(self, method: str, path: str, **request: Any) -> Answer:
        """A call as it is given, below no base path and without a ticket."""
        self.changed |= method != "GET"
        async with self._session.request(method, self.url + path, **request) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    async def ticket(self, user: str = "admin") -> str:
        if user not in self._tickets:
            answer = await self.raw("POST", f"{API}/v1/auth", data={"username": user, "password": KEY})
            self._tickets[user] = str(answer.json["ticket"])
        return self._tickets[user]

    async def __call__(self, shape: str, body: Any = None, *, user: str = "admin", **request: Any) -> Answer:
        """`GET /v2/nodes/2000`; a `body` goes as JSON in the form field of that name."""
        method, _, path = shape.partition(" ")
        if body is not None:
            request["data"] = {"body": json.dumps(body)}
        headers = {"OTCSTicket": await self.ticket(user), **request.pop("headers", {})}
        return await self.raw(method, API + path, headers=headers, **request)

    async def ok(self, shape: str, body: Any = None, **request: Any) -> Any:
        """The JSON of a call that must succeed."""
        answer = await self(shape, body, **request)
        assert answer.status == 200, (answer.status, answer.body)
        return answer.json

    async def results(self, shape: str, body: Any = None, **request: Any) -> Any:
        return (await self.ok(shape, body, **request))["results"]

    async def refused(self, status: int, shape: str, body: Any = None, **request: Any) -> str:
        """The sentence of a call that must be refused so."""
        answer = await self(shape, body, **request)
        assert answer.status == status, (answer.status, answer.body)
        return str(answer.json["error"])

    # --- the usual things ---

    async def folder(self, parent: int, name: str, **request: Any) -> int:
        return id_of(await self.results("POST /v2/nodes", {"type": 0, "parent_id": parent, "name": name}, **request))

    async def document(self, parent: int, name: str = "doc.txt", content: bytes = b"hello", **request: Any) -> int:
        form = file_form({"type": "144", "name": name, "parent_id": str(parent)}, content, name)
        return id_of(await self.results("POST /v2/nodes", data=form, **request))

    async def workspace(self, number: str = "1", **said: Any) -> int:
        """Customer 1, which stands for KNA1 1."""
        body = {
            "template_id": TEMPLATE, "wksp_type_id": TYPE, "name": f"Customer {number}", "parent_id": CUSTOMERS,
            "ext_system_id": "TE1", "bo_type": "KNA1", "bo_id": number, **said,
        }  # fmt: skip
        return int((await self.results("POST /v2/businessworkspaces", body))["id"])

    async def values(self, node: int, category: int = CATEGORY) -> Any:
        return (await self.results(f"GET /v2/nodes/{node}/categories/{category}"))["data"]["categories"]

    async def properties(self, node: int, **request: Any) -> Any:
        return (await self.results(f"GET /v2/nodes/{node}", **request))["data"]["properties"]

    async def names(self, shape: str, body: Any = None, **request: Any) -> list[str]:
        """The names in a list of nodes."""
        return [row["data"]["properties"]["name"] for row in await self.results(shape, body, **request)]

    # --- the sandbox's own door ---

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.raw(method, f"/__sandbox/{path}", json=body)
        assert answer.status < 300, answer.body
        return answer.json if answer.body else None

    async def act(self, action: str, /, **arguments: Any) -> Any:
        return await self.control("POST", f"actions/{action}", arguments)

    async def switch(self, **switches: Any) -> None:
        await self.control("PUT", "options", switches)


def id_of(results: Any) -> int:
    return int(results["data"]["properties"]["id"])


def file_form(body: dict[str, Any], content: bytes, name: str) -> aiohttp.FormData:
    """Multipart as clients send it: the JSON beside the file."""
    form = aiohttp.FormData()
    form.add_field("body", json.dumps(body))
    form.add_field("file", content, filename=name, content_type="text/plain")
    return form
