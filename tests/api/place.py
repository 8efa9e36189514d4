"""A seeded installation served over real HTTP, and a client that holds every answer to the API's description."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from tests.api.spec import Spec
from tests.world import FLOW, World, until

from lockgate.api import serving
from lockgate.app.lockgate import Lockgate

V1 = "/api/v1"


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def errors(self) -> list[str]:
        return list(self.body["errors"])


@dataclass
class Api:
    """Calls the API; an answer that is not as documented fails the test."""

    url: str
    http: aiohttp.ClientSession
    spec: Spec = field(default_factory=lambda: Spec({"paths": {}}))
    called: set[tuple[str, str]] = field(default_factory=set)
    """Documented operations that answered with success."""

    async def learn(self) -> None:
        self.spec = Spec((await self.raw("GET", "/api/openapi.json")).body)

    async def raw(self, method: str, path: str, **more: Any) -> Answer:
        async with self.http.request(method, self.url + path, **more) as answer:
            return Answer(answer.status, dict(answer.headers), await answer.read())

    async def call(self, method: str, path: str, expected: int | None = None, **more: Any) -> Answer:
        answer = await self.raw(method, path, **more)
        assert expected in {None, answer.status}, f"{method} {path}: {answer.status} {answer.raw!r}"
        route = self.spec.route(method, path.split("?", maxsplit=1)[0])
        if route is not None:
            self.hold(route, answer)
        return answer

    def hold(self, route: tuple[str, str], answer: Answer) -> None:
        media = self.spec.media(route, answer.status)
        if answer.status < 300:
            self.called.add(route)
        if not media:
            assert answer.raw in {b"", b"null"}, f"{route} documents no body: {answer.raw!r}"
            return
        kind = answer.headers["Content-Type"].split(";")[0]
        assert kind in media, f"{route} answered {kind}, documented are {sorted(media)}"
        if kind == "application/json":
            wrong = list(self.spec.check(answer.body, media[kind]["schema"]))
            assert not wrong, f"{route} is not as documented: {wrong[:5]}"

    async def get(self, path: str, expected: int = 200, **params: Any) -> Any:
        return (await self.call("GET", V1 + path, expected, params=params or None)).body

    async def post(self, path: str, body: Any = None, expected: int = 200) -> Any:
        answer = await self.call("POST", V1 + path, expected, json=body)
        return answer.body if answer.raw else None

    async def put(self, path: str, body: Any, expected: int = 200) -> Any:
        return (await self.call("PUT", V1 + path, expected, json=body)).body

    async def delete(self, path: str, expected: int = 204) -> Any:
        answer = await self.call("DELETE", V1 + path, expected)
        return answer.body if answer.raw else None

    async def rows(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """All rows of a list, page by page."""
        found: list[dict[str, Any]] = []
        after: dict[str, Any] = {}
        while True:
            page = await self.get(path, **params, **after)
            found += page["rows"]
            if page["next"] is None:
                return found
            after = {"after": page["next"]}

    async def finished(self, run: str) -> dict[str, Any]:
        """The run once it has ended."""

        async def ended() -> Any:
            now = await self.get(f"/runs/{run}")
            return now if now["state"] not in {"queued", "running"} else None

        found: dict[str, Any] = await until(ended)
        return found


@dataclass
class Place:
    world: World
    app: Lockgate
    api: Api
    assets: dict[str, str]
    """Name to id of the seeded assets."""


@asynccontextmanager
async def place(world: World, *, watching: bool = False) -> AsyncIterator[Place]:
    """Assets of every fate, carried once, behind a served API."""
    celum = world.celum
    assets = {f"packshot {n}": await celum.asset(f"packshot {n}", sku="SEED-1") for n in range(1, 6)}
    assets["draft"] = await celum.asset("draft", sku="SEED-1", released=False)
    assets["american"] = await celum.asset("american", sku="SEED-1", regions=["US"])
    assets["unstated"] = await celum.asset("unstated", sku="SEED-1", cleared=None, regions=[])
    for n in (1, 2):
        assets[f"orphan {n}"] = await celum.asset(f"orphan {n}", sku=f"NOWHERE-{n}")
    async with world.lockgate(watching=watching) as app, serving(app, "127.0.0.1", 0) as url:
        api = Api(url, world.celum.http)
        await api.learn()
        run = await app.working.run(FLOW)
        assert (await app.working.wait(run.id)).account.balanced()
        yield Place(world, app, api, assets)
