"""The definition of Directus against Directus itself: the promises of every connector, and its traps."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
from aiohttp import web
from tests.servers.relay import ServerBench, asked, defined
from tests.servers.running.directus import Directus

from lockgate.kit.conformance import Carrier
from lockgate.kit.conformance.bench import KEY, PICTURE, source
from lockgate.kit.contract import HookRequest, Link, Receipt, Write
from lockgate.kit.errors import NeedsOperator, NotFound, Rejected
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services

CONNECTOR = defined("directus")
NOBODY = "00000000-0000-4000-8000-000000000000"
EVERYTHING = {"query": {"limit": -1}}


class DirectusBench(ServerBench):
    """A colleague's work beside ours, in the data model that our connection made."""

    server: Directus
    absent_id = NOBODY
    read_route = "GET /files"
    file_route = "GET /assets/*"
    counter: ClassVar[int] = 0
    settings: Mapping[str, str] = {}

    def connector(self, services: Services, url: str, key: str) -> Any:
        token = self.server.token if key == KEY else key
        settings = {"site": url, "token": token, "private_addresses": True, **self.settings}
        return CONNECTOR(CONNECTOR.settings_type.model_validate(settings), Profile(), services)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.server.token}"}

    async def wipe(self) -> None:
        self.ask("DELETE", "/files", EVERYTHING)
        for collection in self.collections():
            self.ask("DELETE", f"/items/{collection}", EVERYTHING)

    def collections(self) -> list[str]:
        every = [one["collection"] for one in self.ask("GET", "/collections")["data"]]
        return [name for name in every if not name.startswith("directus_")]

    def told(self, path: str, method: str = "GET", body: Any = None) -> Any:
        return self.ask(method, path, body)["data"]

    def upload(self, method: str, path: str, content: bytes) -> Any:
        type(self).counter += 1
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="theirs-{self.counter}.jpg"\r\n'
        body = head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n--x--\r\n"
        return self.ask(method, path, body, {"Content-Type": "multipart/form-data; boundary=x"})

    async def make_item(self, content: bytes) -> str:
        return str(self.upload("POST", "/files", content)["data"]["id"])

    async def change_item(self, id: str) -> None:
        type(self).counter += 1
        self.ask("PATCH", f"/files/{id}", {"description": f"seen {self.counter} times"})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        self.upload("PATCH", f"/files/{id}", content)

    def hook(self, id: str) -> HookRequest:
        return hook({"event": "files.update", "payload": {}, "keys": [id], "collection": "directus_files"})

    def strange_hook(self) -> HookRequest:
        return hook({"event": "auth.login", "payload": {}, "status": "success"})

    def count(self) -> int:
        return len(self.told("/files?fields=id&limit=-1"))

    def fields(self, version: int) -> Mapping[str, Any]:
        return {
            "title": f"Larch {version}",
            "description": f"A tree, version {version}.",
            "keywords": ["tree", "autumn, wood", f"v{version}"],
            "credit": f"Studio {version}",
            "license_until": f"2027-01-0{version}",
        }

    def product(self, **members: Any) -> str:
        return str(self.told("/items/products?fields=id", "POST", {"name": "Larch", **members})["id"])

    async def identified(self) -> tuple[str, str, str, str]:
        return "product", "sku", "LARCH-'1', \"a\"", self.product(sku="LARCH-'1', \"a\"")

    async def carrier(self) -> Carrier:
        return Carrier(kind="product", id=self.product(), field="images")

    async def attach(self, carrier: Carrier) -> str:
        theirs = await self.make_item(PICTURE)
        images = {"images": {"create": [{"directus_files_id": theirs}]}}
        self.ask("PATCH", f"/items/products/{carrier.id}", images)
        return theirs

    def attached(self, carrier: Carrier) -> Sequence[str]:
        found = self.told(f"/items/products/{carrier.id}?fields=images.directus_files_id")
        return [one["directus_files_id"] for one in found["images"]]


def hook(body: Mapping[str, Any]) -> HookRequest:
    return HookRequest(path="", headers={"content-type": "application/json"}, body=msgspec.json.encode(body))


@pytest.fixture
async def bench(directus_server: Directus, tmp_path: Path) -> AsyncIterator[DirectusBench]:
    async with DirectusBench.on(directus_server, tmp_path) as ready:
        if "products" not in ready.collections():
            await one(await ready.connect(), Write(key="first:1", fields={"title": "What makes the collection"}))
            await ready.wipe()
        yield ready


async def one(connector: Any, write: Write, kind: str = "product") -> Receipt:
    (answer,) = await connector.upsert(kind, [write])
    assert isinstance(answer, Receipt), answer
    return answer


NEVER_HIDDEN = "files are there or are not; products, the other kind, are hidden below"
TestDirectus = asked(
    CONNECTOR,
    DirectusBench,
    test_a_withdrawn_copy_is_seen_closed=NEVER_HIDDEN,
    test_a_copy_shown_again_is_seen_open=NEVER_HIDDEN,
)


# ── products ─────────────────────────────────────────────────────────────────────────────────────────────────────────

KETTLE = {"title": "Kettle", "description": "For tea.", "price": 49.9, "ids.sku": "4711", "ids.gtin": "4006381333931"}


async def test_a_product_is_made_once_and_changed_where_it_differs(bench: DirectusBench) -> None:
    connector = await bench.connect()
    first = await one(connector, Write(key="pim:4711", fields=KETTLE))
    again = await one(connector, Write(key="pim:4711", fields={"price": 52.5, "title": "Tea kettle"}))
    assert (first.created, again.created, again.ref) == (True, False, first.ref)
    (item,) = await connector.fetch("product", [first.ref])
    assert (item.title, item.identifiers["sku"], item.status) == ({"und": "Tea kettle"}, ("4711",), "approved")
    assert (item.fields["price"], item.texts["description"]) == (52.5, {"und": "For tea."})
    held = (await connector.held("product", ["pim:4711"]))["pim:4711"]
    assert held.fields["price"] == 52.5


async def test_a_hidden_product_is_archived_until_it_is_shown(bench: DirectusBench) -> None:
    connector = await bench.connect()
    ref = (await one(connector, Write(key="pim:4711", fields=KETTLE))).ref

    def status() -> str:
        return str(bench.told(f"/items/products/{ref}?fields=status")["status"])

    assert status() == "published"
    await connector.withdraw("product", [ref], "hide")
    assert status() == "archived"
    assert (await connector.held("product", ["pim:4711"]))["pim:4711"].hidden
    await connector.show("product", [ref])
    assert status() == "published"
    await connector.withdraw("product", [ref], "remove")
    assert await connector.held("product", ["pim:4711"]) == {}


async def test_many_products_are_one_call_and_a_bad_one_stops_no_other(bench: DirectusBench) -> None:
    connector = await bench.connect()
    await connector.held("product", ["pim:0"])
    before = len(bench.sandbox.calls)
    writes = [Write(key=f"pim:{n}", fields={"title": f"Product {n}"}) for n in range(5)]
    answers = await connector.upsert("product", writes)
    made = [answer for answer in answers if isinstance(answer, Receipt)]
    assert [answer.key for answer in made] == [one.key for one in writes], answers
    titles = {answer.ref: bench.told(f"/items/products/{answer.ref}?fields=name")["name"] for answer in made}
    assert list(titles.values()) == [f"Product {n}" for n in range(5)]
    assert len(bench.sandbox.calls) - before <= 4, "set-up looked for, keys looked up, one call for all"
    mixed = [Write(key="pim:8", fields={"title": "x" * 300}), Write(key="pim:9", fields={"title": "Good"})]
    bad, good = await connector.upsert("product", mixed)
    assert isinstance(bad, Rejected), bad
    assert isinstance(good, Receipt), good
    assert len(bench.told("/items/products?fields=id")) == 6


async def test_an_identifier_two_products_share_gives_both(bench: DirectusBench) -> None:
    both = {bench.product(sku="SAME"), bench.product(sku="SAME")}
    found = await (await bench.connect()).find("product", "sku", ["SAME", "OTHER"])
    assert {sku: set(ids) for sku, ids in found.items()} == {"SAME": both}


async def test_a_product_that_was_made_and_never_changed_is_a_change(bench: DirectusBench) -> None:
    connector = await bench.connect()
    cursor = [page async for page in connector.changes("product", None)][-1].cursor
    made, changed = bench.product(), bench.product()
    bench.ask("PATCH", f"/items/products/{changed}", {"name": "Oak"})
    assert bench.told(f"/items/products/{made}")["date_updated"] is None, "the trap is not there, so nothing is tested"
    pages = [page async for page in connector.changes("product", cursor)]
    assert {made, changed} <= {event.id for page in pages for event in page.records}
    bench.ask("PATCH", f"/items/products/{made}", {"name": "Elm"})
    later = [page async for page in connector.changes("product", pages[-1].cursor)]
    assert [event.id for page in later for event in page.records] == [made]


# ── traps of Directus ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_gone_is_told_as_gone_though_directus_says_done(bench: DirectusBench) -> None:
    connector = await bench.connect()
    bench.ask("PATCH", f"/items/products/{NOBODY}", {"name": "Nobody"})  # a success, and nothing done
    (answer,) = await connector.upsert("product", [Write(key="pim:1", ref=NOBODY, fields={"title": "Nobody"})])
    assert isinstance(answer, NotFound), answer
    (answer,) = await connector.show("product", [NOBODY])
    assert isinstance(answer, NotFound), answer
    link = Link(kind="product", id=NOBODY, field="images", ref=await bench.make_item(PICTURE))
    (answer,) = await connector.link([link])
    assert isinstance(answer, NotFound), answer


async def test_a_file_for_what_is_gone_makes_no_other(bench: DirectusBench) -> None:
    connector = await bench.connect()
    write = Write(key="dam:1", ref=NOBODY, fields={"title": "Larch"}, file=source(PICTURE))
    (answer,) = await connector.upsert("asset", [write])
    assert isinstance(answer, NotFound), answer
    assert bench.count() == 0
    bench.upload("PATCH", f"/files/{NOBODY}", PICTURE)
    assert bench.count() == 1, "the trap is not there, so nothing is tested"


@pytest.fixture
def reader(bench: DirectusBench) -> Iterator[DirectusBench]:
    """The bench of an account that may make products and read them, and nothing else."""
    every = [{"collection": "products", "action": action, "fields": ["*"]} for action in ("read", "create")]
    permissions = {"create": every, "update": [], "delete": []}
    policy = bench.told("/policies", "POST", {"name": "Reader", "permissions": permissions})["id"]
    policies = {"create": [{"policy": {"id": policy}}], "update": [], "delete": []}
    account = {"email": "reader@example.com", "token": "reader", "status": "active", "policies": policies}
    user = bench.told("/users", "POST", account)["id"]
    yield bench
    bench.ask("DELETE", f"/users/{user}")
    bench.ask("DELETE", f"/policies/{policy}")


async def test_what_is_forbidden_is_told_to_a_person_though_directus_says_the_same_of_what_is_gone(
    reader: DirectusBench,
) -> None:
    connector, there = await reader.connect(key="reader"), reader.product()
    assert [item.id for item in await connector.fetch("product", [there, NOBODY])] == [there]
    with pytest.raises(NeedsOperator):
        await connector.withdraw("product", [there], "hide")
    with pytest.raises(NeedsOperator):
        await connector.fetch("asset", [NOBODY])


async def test_a_value_the_database_does_not_take_is_of_this_item_alone(bench: DirectusBench) -> None:
    bench.ask("POST", "/fields/products", {"field": "stock", "type": "integer", "schema": {}})
    try:
        bench.settings = {"price": "stock"}
        connector = await bench.connect()
        (answer,) = await connector.upsert("product", [Write(key="pim:1", fields={"title": "Larch", "price": 1.5})])
    finally:
        bench.ask("DELETE", "/fields/products/stock")
    assert isinstance(answer, Rejected), answer


@pytest.fixture
def catalogue(bench: DirectusBench) -> Iterator[DirectusBench]:
    """The bench of a house with a collection of its own: numbers for ids, other names, neither status nor files."""
    number: dict[str, Any] = {
        "field": "id",
        "type": "integer",
        "schema": {"is_primary_key": True, "has_auto_increment": True},
    }
    named: list[Any] = [{"field": name, "type": "string", "schema": {}} for name in ("label", "article")]
    dates = [
        {"field": name, "type": "timestamp", "schema": {}, "meta": {"special": [name.replace("_", "-")]}}
        for name in ("date_created", "date_updated")
    ]
    made = {"collection": "catalogue", "schema": {}, "meta": {}, "fields": [number, *named, *dates]}
    bench.ask("POST", "/collections", made)
    bench.settings = {
        "collection": "catalogue",
        "title": "label",
        "sku": "article",
        "images": "pictures",
        "junction": "catalogue_files",
        "product": "catalogue_id",
    }
    yield bench
    for collection in ("catalogue_files", "catalogue"):
        bench.ask("DELETE", f"/collections/{collection}")


async def test_a_collection_that_is_there_keeps_its_form_and_gets_what_lacks(catalogue: DirectusBench) -> None:
    theirs = catalogue.told("/items/catalogue", "POST", {"label": "Larch", "article": "A-1"})["id"]
    connector = await catalogue.connect()
    info = await connector.check()
    assert any("collection of products" in note for note in info.notes), info.notes
    made = await one(connector, Write(key="pim:2", fields={"title": "Oak", "ids.sku": "A-2"}))
    assert await connector.find("product", "sku", ["A-1", "A-2"]) == {"A-1": [str(theirs)], "A-2": [made.ref]}
    picture = await one(connector, Write(key="dam:1", fields={"title": "Larch"}, file=source(PICTURE)), "asset")
    (done,) = await connector.link([Link(kind="product", id=str(theirs), field="images", ref=picture.ref)])
    assert isinstance(done, Receipt), done
    shown = catalogue.told(f"/items/catalogue/{theirs}?fields=label,status,pictures.directus_files_id")
    assert shown == {"label": "Larch", "status": "published", "pictures": [{"directus_files_id": picture.ref}]}
    assert (await connector.held("asset", ["dam:1"]))["dam:1"].links == (str(theirs),)
    assert not any("collection of products" in note for note in (await connector.check()).notes)


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────────────────────────────

EVENTS = ["items.create", "items.update", "items.delete", "files.upload", "files.update", "files.delete"]


@asynccontextmanager
async def told_of_changes(bench: DirectusBench) -> AsyncIterator[asyncio.Queue[HookRequest]]:
    """What a flow of Directus posts, as the page for a person says it is made."""
    came: asyncio.Queue[HookRequest] = asyncio.Queue()

    async def receive(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        came.put_nowait(HookRequest(path="", headers=headers, body=await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    options = {"type": "action", "scope": EVENTS, "collections": ["products", "directus_files"]}
    flow = bench.told(
        "/flows", "POST", {"name": "Lockgate", "status": "active", "trigger": "event", "options": options}
    )["id"]
    posts = {"method": "POST", "url": f"http://127.0.0.1:{port}/hook", "body": "{{$trigger}}"}
    step = {"flow": flow, "key": "tell", "type": "request", "position_x": 20, "position_y": 1, "options": posts}
    bench.ask("PATCH", f"/flows/{flow}", {"operation": bench.told("/operations", "POST", step)["id"]})
    try:
        yield came
    finally:
        bench.ask("DELETE", f"/flows/{flow}")
        await runner.cleanup()


async def test_a_flow_of_directus_tells_of_each_change(bench: DirectusBench) -> None:
    connector = await bench.connect()

    async def next_of(kind: str, id: str) -> None:
        """Until an event of this item comes: Directus tells some twice."""
        async with asyncio.timeout(60):
            while (kind, id) not in {(event.kind, event.id) for event in connector.receive(await came.get())}:
                pass

    async with told_of_changes(bench) as came:
        product = await asyncio.to_thread(bench.product)
        await next_of("product", product)
        await asyncio.to_thread(bench.ask, "PATCH", f"/items/products/{product}", {"name": "Oak"})
        await next_of("product", product)
        picture = (await asyncio.to_thread(bench.upload, "POST", "/files", PICTURE))["data"]["id"]
        await next_of("asset", picture)
        await asyncio.to_thread(bench.ask, "DELETE", f"/items/products/{product}")
        await next_of("product", product)
