"""A system that answers as each test says, keeps what came in, and definitions that say one thing each."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lockgate.connectors.rest.library import read_text
from lockgate.kit.contract import Connector
from lockgate.kit.sandbox import Sandbox

from .opening import opened

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
HEAD = """\
definition: words
title: Words
base: "{settings.site}"
"""


class Seen(msgspec.Struct):
    """One call as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


Answers = Callable[[Seen], Any]


class Words(Sandbox):
    """Answers `GET /things` by `answers["GET /things"]`: JSON, a response, or what makes one of the call; else 404."""

    id: ClassVar[str] = "words"
    title: ClassVar[str] = "Words"

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.answers: dict[str, Any] = {}
        self.seen: list[Seen] = []

    def routes(self) -> list[Route]:
        return [Route("/{path:path}", self._answered, methods=METHODS)]

    async def seed(self) -> None:
        self.seen.clear()

    async def _answered(self, request: Request) -> Response:
        seen = Seen(request.method, request.url.path, dict(request.query_params), request.headers, await request.body())
        self.seen.append(seen)
        told = self.answers.get(f"{seen.method} {seen.path}")
        made = told(seen) if callable(told) and not isinstance(told, Response) else told
        if made is None:
            return JSONResponse({"message": "There is nothing here."}, 404)
        return made if isinstance(made, Response) else JSONResponse(made)

    def came(self, line: str) -> list[Seen]:
        """Those that came in of `GET /things`."""
        return [one for one in self.seen if f"{one.method} {one.path}" == line]


@asynccontextmanager
async def connected(
    system: Words, tmp_path: Path, text: str, settings: str = "{site: {label: Site}}", **values: Any
) -> AsyncIterator[Connector[Any]]:
    """The connector of a definition: what stands in it beside settings, base and check."""
    check = "" if "\ncheck:" in f"\n{text}" else "check: {call: GET /check}\n"
    made = read_text(f"{HEAD}settings: {settings}\n{check}{text}", "words.yaml")
    async with opened(made, system, tmp_path, **values) as connector:
        yield connector
