"""Webhooks at both ends: a sender whose posts become rows of a catalogue, a receiver that is told what a DAM approves."""

import asyncio
import base64
import csv
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from standardwebhooks import Webhook, WebhookVerificationError
from tests.flows.installation import Installation, installed
from tests.world import CELUM_KEY, celum_of, content_folder, until

SECRET = "whsec_" + base64.b64encode(b"the secret of sender and receiver").decode()
SAMPLE = {
    "type": "article.saved",
    "timestamp": "2026-03-01T10:00:00Z",
    "data": {"id": "4711", "sku": "4711", "name": "x"},
}

CATALOGUE = """\
recipe: articles-to-catalogue
title: Articles that may be sold are in the catalogue
uses:
  shop: {kinds: [product]}
  feed: {kinds: [product]}
watch: {system: shop, kind: product}
gates:
  - name: it is released
    approved: {}
  - name: it may be sold in Germany
    rights: {action: distribute, territory: [DE]}
deliver:
  to: feed
  as: product
  rendition: none
  fields: {sku: ids.sku, title: title}
  closed: hide
"""

TELLING = """\
recipe: pictures-to-app
title: An app is told of approved pictures
uses:
  dam: {kinds: [asset]}
  app: {kinds: [asset]}
watch: {system: dam, kind: asset}
gates:
  - name: creative has approved it
    approved: {}
  - name: we may use it in Germany
    rights: {action: distribute, territory: [DE]}
deliver:
  to: app
  as: asset
  fields: {title: title, sku: ids.sku}
  closed: hide
"""

# ── a sender ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Shop:
    """A system that announces its articles by Standard Webhooks."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self.http, self.address, self.number = http, address, 0

    async def tell(self, type: str, at: datetime | None = None, secret: str = SECRET, **data: Any) -> int:
        """Post an event; the status of the answer."""
        self.number += 1
        now = datetime.now(UTC)
        body = json.dumps({"type": type, "timestamp": (at or now).isoformat(), "data": data})
        id = f"msg_{self.number}"
        headers = {
            "Content-Type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(id, now, body),
        }
        return await self.post(body, headers)

    async def post(self, body: str, headers: Mapping[str, str]) -> int:
        self.last = (body, headers)
        async with self.http.post(self.address, data=body.encode(), headers=headers) as answer:
            return answer.status

    async def again(self) -> int:
        """The very same post once more, as a sender does that heard no answer."""
        return await self.post(*self.last)


def article(sku: str, /, **more: Any) -> dict[str, Any]:
    cleared = {"status": "released", "rights.cleared": True, "rights.territories": ["DE", "AT"]}
    return {"id": sku, "sku": sku, "name": "Kettle", **cleared, **more}


@asynccontextmanager
async def catalogue(folder: Path) -> AsyncIterator[tuple[Installation, Shop, str]]:
    """An installation that takes the shop's webhooks and keeps `catalogue.csv` in the folder."""
    async with installed(folder / "home", folders=folder, watching=True) as lockgate:
        await lockgate.connect("shop", "webhook", secret=SECRET, sample=json.dumps(SAMPLE))
        await lockgate.connect("feed", "files", address=f"file://{folder}", feed="catalogue.csv")
        flow = await lockgate.flow(CATALOGUE, shop="shop", feed="feed")
        async with aiohttp.ClientSession() as http:
            yield lockgate, Shop(http, await lockgate.hook("shop")), flow


def rows(folder: Path) -> dict[str, str]:
    """Titles by SKU, as a reader of CSV finds them."""
    if not (folder / "catalogue.csv").exists():
        return {}
    with (folder / "catalogue.csv").open(newline="", encoding="utf-8-sig") as file:
        return {row["sku"]: row["title"] for row in csv.DictReader(file)}


async def shows(folder: Path, **expected: str) -> None:
    async def found() -> bool:
        return await asyncio.to_thread(rows, folder) == expected

    await until(found)


async def test_an_article_that_is_announced_is_in_the_catalogue_once(tmp_path: Path) -> None:
    async with catalogue(tmp_path) as (lockgate, shop, flow):
        assert await shop.tell("article.saved", **article("K1")) == 202
        await shows(tmp_path, K1="Kettle")
        assert await shop.again() == 202
        assert await shop.tell("article.saved", **article("K2", status="draft")) == 202
        assert await shop.tell("article.saved", **article("K3", **{"rights.territories": ["US"]})) == 202
        assert await shop.tell("article.saved", id="K4", sku="K4", name="Jug", status="released") == 202
        assert await shop.tell("article.saved", **article("K5", name="Pot")) == 202
        await shows(tmp_path, K1="Kettle", K5="Pot")
        await lockgate.at_rest()
        codes = {key: (await lockgate.entry(flow, key)).code for key in ("K2", "K3", "K4")}
        assert codes == {"K2": "approved.no", "K3": "rights.territory", "K4": "rights.unknown"}
        assert await lockgate.acts(flow, "K1") == ["written"]
        assert rows(tmp_path) == {"K1": "Kettle", "K5": "Pot"}


async def test_what_is_not_signed_by_the_sender_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    async with catalogue(tmp_path) as (lockgate, shop, flow):
        other = "whsec_" + base64.b64encode(b"somebody else's secret entirely").decode()
        assert await shop.tell("article.saved", secret=other, **article("K1")) == 400
        body, headers = shop.last
        assert await shop.post(body, {"Content-Type": "application/json"}) == 400
        assert await shop.tell("article.saved", **article("K2")) == 202
        body, headers = shop.last
        assert await shop.post(body.replace("Kettle", "Gold"), headers) == 400
        elsewhere = Shop(shop.http, shop.address + "x")
        assert await elsewhere.tell("article.saved", **article("K3")) == 404
        await shows(tmp_path, K2="Kettle")
        await lockgate.at_rest()
        assert await lockgate.run(flow) == {"read": 1, "unchanged": 1}


async def test_a_change_that_closes_takes_an_article_out_and_a_late_older_one_does_not_bring_it_back(
    tmp_path: Path,
) -> None:
    async with catalogue(tmp_path) as (lockgate, shop, flow):
        begin = datetime.now(UTC)
        for sku in ("K1", "K2", "K3"):
            await shop.tell("article.saved", **article(sku))
        await shows(tmp_path, K1="Kettle", K2="Kettle", K3="Kettle")
        await shop.tell("article.saved", **article("K1", **{"rights.cleared": False}))
        await shop.tell("article.deleted", id="K2")
        await shows(tmp_path, K3="Kettle")
        assert await shop.tell("article.saved", at=begin, **article("K1", name="Old kettle")) == 202
        await shop.tell("article.saved", **article("K3", name="New kettle"))
        await shows(tmp_path, K3="New kettle")
        await lockgate.at_rest()
        assert [(await lockgate.entry(flow, key)).held for key in ("K1", "K2", "K3")] == ["hidden", "hidden", "live"]
        assert (await lockgate.entry(flow, "K2")).code == "gone"
        assert await lockgate.acts(flow, "K1") == ["written", "withdrawn"]
        await shop.tell("article.saved", **article("K1", name="Kettle again"))
        await shows(tmp_path, K1="Kettle again", K3="New kettle")


# ── a receiver ───────────────────────────────────────────────────────────────────────────────────────────────────────


class App:
    """A program of somebody's that takes webhooks: it verifies, and keeps what it was told."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.refused = 0
        self.busy = 0
        """How many posts it has no time for."""

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            Webhook(SECRET).verify(body, dict(request.headers))
        except WebhookVerificationError:
            self.refused += 1
            return web.Response(status=401)
        if self.busy:
            self.busy -= 1
            return web.Response(status=503, headers={"Retry-After": "0"})
        self.events.append(from_structured_event(HTTPMessage(headers=dict(request.headers), body=body)))
        return web.Response(status=204)

    def told(self, subject: str) -> list[str]:
        """The types of the events about a subject, each once, in their own order."""
        about = {one.get_id(): one for one in self.events if one.get_subject() == subject}
        ordered = sorted(about.values(), key=lambda one: str(one.get_extension("sequence")))
        return [str(one.get_type()).removeprefix("lockgate.item.") for one in ordered]

    def last(self, subject: str) -> Any:
        return [one for one in self.events if one.get_subject() == subject][-1].get_data()


@pytest.fixture
async def app() -> AsyncIterator[tuple[App, str]]:
    receiver = App()
    site = web.Application()
    site.router.add_post("/events", receiver.take)
    runner = web.AppRunner(site)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield receiver, f"http://127.0.0.1:{runner.addresses[0][1]}/events"
    finally:
        await runner.cleanup()


async def test_an_app_is_told_of_approved_pictures_and_of_what_becomes_of_them(
    tmp_path: Path, app: tuple[App, str]
) -> None:
    receiver, address = app
    async with celum_of(content_folder(tmp_path)) as celum, installed(tmp_path / "home") as lockgate:
        picture = await celum.asset("Kettle", sku="4711", content=b"first")
        draft = await celum.asset("Draft", sku="4712", released=False)
        uncleared = await celum.asset("Uncleared", sku="4713", cleared=None)
        await lockgate.connect("dam", "celum", site=celum.url, key=CELUM_KEY)
        await lockgate.connect("app", "webhook", kind="asset", site=address, signing_secret=SECRET)
        flow = await lockgate.flow(TELLING, dam="dam", app="app")
        receiver.busy = 1
        first = await lockgate.run(flow)
        assert {name: first[name] for name in ("read", "written", "blocked")} == {"read": 3, "written": 1, "blocked": 2}
        subject = f"dam:{picture}"
        assert receiver.told(subject) == ["written"]
        data = receiver.last(subject)
        assert data["fields"]["sku"] == ["4711"]
        assert "Kettle" in data["fields"]["title"].values()
        assert (data["file"]["length"], len(data["file"]["sha256"])) == (5, 64)
        assert {one.get_subject() for one in receiver.events} == {None, subject}

        assert await lockgate.run(flow) == {"read": 3, "unchanged": 1, "blocked": 2, "reasons": first["reasons"]}
        await celum.new_version(picture, b"second one")
        await lockgate.run(flow)
        assert receiver.last(subject)["file"]["length"] == 10
        await celum.act("unrelease", id=int(picture))
        await lockgate.run(flow)
        await celum.act("release", id=int(picture))
        await lockgate.run(flow)
        await celum.act("delete", id=int(picture))
        await lockgate.run(flow)
        assert receiver.told(subject) == ["written", "written", "hidden", "shown", "hidden"]
        assert receiver.refused == 0
        assert all(receiver.told(f"dam:{one}") == [] for one in (draft, uncleared))
