"""A small source and sink that speak as the rig does, for tests of its connectors where the rig is not there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


def record(seq: int, **changes: Any) -> dict[str, Any]:
    """A record of the rig's kind that passes all gates; changes name what is otherwise."""
    return {
        "id": f"P{seq:07d}", "seq": seq, "rev": 1, "type": "product", "status": "approved",
        "updated_at": "2026-03-01T10:00:00Z", "sku": f"SKU-{seq}", "gtin": "4006381333931",
        "brand": {"code": "FJO", "name": "Fjord"}, "title": {"en": "Kettle"}, "description": {"en": "A kettle"},
        "categories": ["kitchen"], "keywords": ["steel"], "price": {"amount": 20.5, "currency": "EUR", "tax": 0.19},
        "rights": {"expires": "2099-12-31", "territories": ["US", "DE"], "license": "RM"}, "channels": ["web"],
        "asset": {"filename": "kettle.tif", "mime": "image/tiff", "width": 3000, "height": 2000},
        "owner": {"name": "A", "email": "a@example.test"},
    } | changes  # fmt: skip


@dataclass
class Ends:
    """What the source holds, what was asked of it, and what the sink took."""

    records: list[dict[str, Any]]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)

    async def listed(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        size, page = int(request.query["size"]), int(request.query.get("page", "1"))
        first = int(request.query.get("offset", (page - 1) * size))
        found, total = self.records[first : first + size], len(self.records)
        if request.path == "/index":
            found = [{"id": one["id"], "rev": one["rev"]} for one in found]
        return web.json_response({"items": found, "total": total, "next": "/more" if first + size < total else None})

    async def stats(self, _: web.Request) -> web.Response:
        return web.json_response({"total": len(self.records)})

    async def one(self, request: web.Request) -> web.Response:
        self.taken.append(await request.json())
        return web.json_response({"ok": True})

    async def many(self, request: web.Request) -> web.Response:
        self.taken += await request.json()
        return web.json_response({"ok": True})


@asynccontextmanager
async def ends(*records: dict[str, Any]) -> AsyncIterator[Ends]:
    """Both on one port of this machine."""
    made, app = Ends(list(records)), web.Application()
    app.add_routes([web.get(path, made.listed) for path in ("/products", "/index")])
    app.add_routes([web.get("/stats", made.stats), web.post("/products", made.one), web.post("/bulk", made.many)])
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        made.url = "http://{}:{}".format(*runner.addresses[0][:2])
        yield made
    finally:
        await runner.cleanup()
