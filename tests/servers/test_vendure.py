"""The definition of Vendure against Vendure itself: the promises of every connector, and its traps."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.servers.relay import ServerBench, asked, defined
from tests.servers.running.vendure import Vendure

from lockgate.kit.conformance import Carrier
from lockgate.kit.conformance.bench import KEY, PICTURE, source
from lockgate.kit.conformance.faults import WRITING
from lockgate.kit.contract import Link, Receipt, Write
from lockgate.kit.errors import Rejected
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services

CONNECTOR = defined("vendure")


class VendureBench(ServerBench):
    """A colleague's work beside ours."""

    server: Vendure
    read_route = "POST /admin-api"
    file_route = "GET /assets/*"
    counter: ClassVar[int] = 0

    def connector(self, services: Services, url: str, key: str) -> Any:
        settings = {"site": url, "key": self.server.key if key == KEY else key, "private_addresses": True}
        return CONNECTOR(CONNECTOR.settings_type.model_validate(settings), Profile(), services)

    def headers(self) -> dict[str, str]:
        return {"vendure-api-key": self.server.key}

    def call(self, document: str, **variables: Any) -> Any:
        told = self.ask("POST", "/admin-api", {"query": document, "variables": variables})
        assert "errors" not in told, told
        return told["data"]

    async def wipe(self) -> None:
        for product in self.call("{ products(options: {take: 1000}) { items { id } } }")["products"]["items"]:
            self.call("mutation($id: ID!) { deleteProduct(id: $id) { result } }", id=product["id"])
        ids = [one["id"] for one in self.call("{ assets(options: {take: 1000}) { items { id } } }")["assets"]["items"]]
        self.call("mutation($ids: [ID!]!) { deleteAssets(input: {assetIds: $ids, force: true}) { result } }", ids=ids)

    async def make_item(self, content: bytes) -> str:
        type(self).counter += 1
        made = "mutation($input: [CreateAssetInput!]!) { createAssets(input: $input) { ... on Asset { id } } }"
        operations = {"query": made, "variables": {"input": [{"file": None}]}}
        parts = [
            ('name="operations"', json.dumps(operations).encode()),
            ('name="map"', b'{"0": ["variables.input.0.file"]}'),
        ]
        parts.append((f'name="0"; filename="theirs-{self.counter}.jpg"\r\nContent-Type: image/jpeg', content))
        body = b"".join(
            b"--x\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + one + b"\r\n"
            for head, one in parts
        )
        headers = {"Content-Type": "multipart/form-data; boundary=x", "Apollo-Require-Preflight": "true"}
        return str(self.ask("POST", "/admin-api", body + b"--x--\r\n", headers)["data"]["createAssets"][0]["id"])

    async def change_item(self, id: str) -> None:
        type(self).counter += 1
        changed = "mutation($id: ID!, $name: String) { updateAsset(input: {id: $id, name: $name}) { id } }"
        self.call(changed, id=id, name=f"seen {self.counter} times")

    def count(self) -> int:
        return int(self.call("{ assets { totalItems } }")["assets"]["totalItems"])

    def fields(self, version: int) -> Mapping[str, Any]:
        return {"title": f"Larch {version}", "credit": f"Studio {version}", "license_until": f"2027-01-0{version}"}

    def product(self, name: str = "Larch", sku: str = "") -> str:
        text = f'{{languageCode: en, name: "{name}", slug: "s", description: ""}}'
        id = self.call(f"mutation {{ createProduct(input: {{translations: [{text}]}}) {{ id }} }}")["createProduct"][
            "id"
        ]
        if sku:
            variant = {
                "productId": id,
                "sku": sku,
                "price": 100,
                "translations": [{"languageCode": "en", "name": name}],
            }
            made = "mutation($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id } }"
            self.call(made, input=[variant])
        return str(id)

    async def identified(self) -> tuple[str, str, str, str]:
        return "product", "sku", "LARCH-'1'", self.product(sku="LARCH-'1'")

    async def carrier(self) -> Carrier:
        return Carrier(kind="product", id=self.product(), field="images")

    async def attach(self, carrier: Carrier) -> str:
        theirs = await self.make_item(PICTURE)
        self.carry(carrier, [theirs])
        return theirs

    def carry(self, carrier: Carrier, ids: Sequence[str]) -> None:
        attached = "mutation($id: ID!, $ids: [ID!]) { updateProduct(input: {id: $id, assetIds: $ids}) { id } }"
        self.call(attached, id=carrier.id, ids=ids)

    def featured(self, carrier: Carrier) -> str:
        told = self.call("query($id: ID!) { product(id: $id) { featuredAsset { id } } }", id=carrier.id)
        return str(told["product"]["featuredAsset"]["id"])

    def attached(self, carrier: Carrier) -> Sequence[str]:
        told = self.call("query($id: ID!) { product(id: $id) { assets { id } } }", id=carrier.id)
        return [one["id"] for one in told["product"]["assets"]]


@pytest.fixture
async def bench(vendure_server: Vendure, tmp_path: Path) -> AsyncIterator[VendureBench]:
    async with VendureBench.on(vendure_server, tmp_path) as ready:
        yield ready


NO_NEW_FILE = "nobody can exchange the file of an asset in Vendure"
NEW_ASSET = "a file sent again is a new asset in Vendure; what takes its place is asked below"
NEVER_HIDDEN = "assets are there or are not; products, the other kind, are hidden below"
TestVendure = asked(
    CONNECTOR,
    VendureBench,
    test_a_new_version_is_never_given_for_the_old_one=NO_NEW_FILE,
    test_a_key_written_twice_is_one_object=NEW_ASSET,
    test_a_replaced_file_stays_at_its_object=NEW_ASSET,
    test_no_fault_at_any_call_leaves_a_replaced_file_unsaid=NEW_ASSET,
    test_a_withdrawn_copy_is_seen_closed=NEVER_HIDDEN,
    test_a_copy_shown_again_is_seen_open=NEVER_HIDDEN,
)


# ── a newer file ─────────────────────────────────────────────────────────────────────────────────────────────────────

FULL = {"title": "Larch", "credit": "Studio", "license_until": "2027-01-01"}
CALLS_OF_A_REPLACEMENT = 5


async def sent(connector: Any, content: bytes, ref: str | None = None, **fields: str) -> Receipt:
    (answer,) = await connector.upsert("asset", [Write(key="dam:1", ref=ref, fields=fields, file=source(content))])
    assert isinstance(answer, Receipt), answer
    return answer


async def linked(connector: Any, carrier: Carrier, ref: str) -> None:
    (done,) = await connector.link([Link(kind=carrier.kind, id=carrier.id, field=carrier.field, ref=ref)])
    assert isinstance(done, Receipt), done


async def test_a_newer_file_takes_the_place_of_the_older(bench: VendureBench) -> None:
    connector, carrier = await bench.connect(), await bench.carrier()
    first = await sent(connector, PICTURE, **FULL)
    await linked(connector, carrier, first.ref)
    bench.call('mutation($id: ID!) { updateAsset(input: {id: $id, tags: ["autumn"]}) { id } }', id=first.ref)
    theirs = await bench.make_item(PICTURE)
    bench.carry(carrier, [first.ref, theirs])
    second = await sent(connector, PICTURE + b"new", first.ref, credit="Another studio")
    assert await connector.file_digest("asset", second.ref) == hashlib.sha256(PICTURE + b"new").hexdigest()
    assert (second.created, bench.attached(carrier), bench.featured(carrier)) == (
        False,
        [second.ref, theirs],
        second.ref,
    )
    assert bench.count() == 2, "the older one stayed"
    held = (await connector.held("asset", ["dam:1"]))["dam:1"]
    assert (held.ref, held.links) == (second.ref, (carrier.id,))
    assert {name: held.fields[name] for name in FULL} == {**FULL, "credit": "Another studio"}
    told = bench.call("query($id: ID!) { asset(id: $id) { tags { value } } }", id=second.ref)
    assert told["asset"]["tags"] == [{"value": "autumn"}]


@pytest.mark.parametrize("fault", ["unavailable", "done but not answered"])
async def test_no_fault_at_any_call_of_a_replacement_leaves_two_or_the_older(bench: VendureBench, fault: str) -> None:
    connector, carrier = await bench.connect(), await bench.carrier()
    ref = (await sent(connector, PICTURE, **FULL)).ref
    await linked(connector, carrier, ref)
    for call in range(CALLS_OF_A_REPLACEMENT):
        content = PICTURE + bytes([call])
        bench.fault(match="*", times=1, after=call, **WRITING[fault])
        (answer,) = await connector.upsert("asset", [Write(key="dam:1", ref=ref, fields={}, file=source(content))])
        assert not isinstance(answer, Rejected), answer
        bench.calm()
        held = (await connector.held("asset", ["dam:1"]))["dam:1"]
        await linked(connector, carrier, held.ref)  # as a run does that finds the newer one not linked
        # The id known before, as if nobody had asked.
        ref = answer.ref if isinstance(answer, Receipt) else (await sent(connector, content, ref)).ref
        assert await connector.file_digest("asset", ref) == hashlib.sha256(content).hexdigest(), f"call {call + 1}"
        assert (bench.count(), bench.attached(carrier)) == (1, [ref]), f"call {call + 1}"


async def test_a_replacement_makes_five_calls(bench: VendureBench) -> None:
    connector, carrier = await bench.connect(), await bench.carrier()
    ref = (await sent(connector, PICTURE)).ref
    await linked(connector, carrier, ref)
    before = len(bench.sandbox.calls)
    await sent(connector, PICTURE + b"new", ref)
    assert len(bench.sandbox.calls) - before == CALLS_OF_A_REPLACEMENT


async def test_a_removal_takes_what_a_broken_replacement_left(bench: VendureBench) -> None:
    connector, theirs = await bench.connect(), await bench.make_item(PICTURE)
    ref = (await sent(connector, PICTURE, **FULL)).ref
    bench.fault(match="*", after=2, **WRITING["unavailable"])
    (answer,) = await connector.upsert("asset", [Write(key="dam:1", ref=ref, fields={}, file=source(PICTURE + b"new"))])
    bench.calm()
    assert not isinstance(answer, Receipt)
    assert bench.count() == 3, "nothing was left behind, so nothing is tested"
    (gone,) = await connector.withdraw("asset", [ref], "remove")
    assert isinstance(gone, Receipt), gone
    left = bench.call("{ assets { items { id } } }")["assets"]["items"]
    assert left == [{"id": theirs}]


# ── products, and traps of Vendure ───────────────────────────────────────────────────────────────────────────────────────

KETTLE = {"title": "Kettle", "description": "For tea.", "price": 4990, "ids.sku": "4711", "slug": "kettle"}


async def one(connector: Any, write: Write) -> Receipt:
    (answer,) = await connector.upsert("product", [write])
    assert isinstance(answer, Receipt), answer
    return answer


async def test_a_product_is_made_once_and_changed_where_it_differs(bench: VendureBench) -> None:
    connector = await bench.connect()
    first = await one(connector, Write(key="pim:4711", fields=KETTLE))
    again = await one(connector, Write(key="pim:4711", fields={"price": 5250, "title": "Tea kettle"}))
    assert (first.created, again.created, again.ref) == (True, False, first.ref)
    (item,) = await connector.fetch("product", [first.ref])
    assert (item.title, item.identifiers["sku"], item.status) == ({"en": "Tea kettle"}, ("4711",), "approved")
    assert (item.fields["price"], item.fields["slug"]) == (5250, "kettle")
    assert item.texts["description"] == {"en": "For tea."}


async def test_a_hidden_product_leaves_the_shop_until_it_is_shown(bench: VendureBench) -> None:
    connector = await bench.connect()
    ref = (await one(connector, Write(key="pim:4711", fields=KETTLE))).ref

    def in_shop() -> list[str]:
        told = bench.ask("POST", "/shop-api", {"query": "{ products { items { id } } }"})
        return [product["id"] for product in told["data"]["products"]["items"]]

    assert in_shop() == [ref]
    await connector.withdraw("product", [ref], "hide")
    assert in_shop() == []
    assert (await connector.held("product", ["pim:4711"]))["pim:4711"].hidden
    await connector.show("product", [ref])
    assert in_shop() == [ref]


async def test_an_identifier_two_products_share_gives_both(bench: VendureBench) -> None:
    connector = await bench.connect()
    both = {bench.product("One", "SAME"), bench.product("Two", "SAME")}
    found = await connector.find("product", "sku", ["SAME", "OTHER"])
    assert {sku: set(ids) for sku, ids in found.items()} == {"SAME": both}
