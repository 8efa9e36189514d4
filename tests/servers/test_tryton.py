"""The definition of Tryton against Tryton itself: the promises of every connector, and its traps."""

import base64
import math
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.servers.relay import ServerBench, asked, defined
from tests.servers.running.tryton import Tryton

from lockgate.kit.conformance.bench import KEY
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.errors import Rejected
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services

CONNECTOR = defined("tryton")
ALWAYS = ["active", "in", [True, False]]


class TrytonBench(ServerBench):
    """A colleague's work beside ours. What has files here are attachments of the company."""

    server: Tryton
    read_route = "POST *"
    file_route = "POST *"
    counter: ClassVar[int] = 0
    session: ClassVar[dict[str, str]] = {}
    """The colleague's, by the server's address."""

    def connector(self, services: Services, url: str, key: str) -> Any:
        password = self.server.password if key == KEY else key
        settings: dict[str, Any] = {
            "site": url,
            "database": self.server.database,
            "user": self.server.user,
            "password": password,
        }
        settings |= {"company": self.server.company, "unit": self.server.unit, "private_addresses": True}
        return CONNECTOR(CONNECTOR.settings_type.model_validate(settings), Profile(), services)

    def headers(self) -> dict[str, str]:
        token = self.session.get(self.server.url)
        return {"Authorization": f"Session {token}"} if token else {}

    def call(self, method: str, *parameters: Any) -> Any:
        if self.server.url not in self.session:
            login = {
                "id": 1,
                "method": "common.db.login",
                "params": ["admin", {"password": self.server.password}, "en"],
            }
            user, secret, *_ = self.ask("POST", f"/{self.server.database}/rpc/", login)["result"]
            self.session[self.server.url] = base64.b64encode(f"admin:{user}:{secret}".encode()).decode()
        body = {"id": 1, "method": f"model.{method}", "params": [*parameters, {"company": self.server.company}]}
        told = self.ask("POST", f"/{self.server.database}/rpc/", body)
        assert "error" not in told, told
        return told["result"]

    async def wipe(self) -> None:
        self.call("ir.attachment.delete", self.call("ir.attachment.search", [], 0, None, None))
        for model in ("product.product", "product.template"):
            self.call(f"{model}.delete", self.call(f"{model}.search", [ALWAYS], 0, None, None))

    async def make_item(self, content: bytes) -> str:
        data = {"__class__": "bytes", "base64": base64.b64encode(content).decode()}
        resource = f"company.company,{self.server.company}"
        type(self).counter += 1
        made = {"name": f"theirs-{self.counter}.jpg", "type": "data", "resource": resource, "data": data}
        return str(self.call("ir.attachment.create", [made])[0])

    async def change_item(self, id: str) -> None:
        type(self).counter += 1
        self.call("ir.attachment.write", [int(id)], {"name": f"seen {self.counter} times.jpg"})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        data = {"__class__": "bytes", "base64": base64.b64encode(content).decode()}
        self.call("ir.attachment.write", [int(id)], {"data": data})

    def count(self) -> int:
        return len(self.call("ir.attachment.search", [], 0, None, None))

    def fields(self, version: int) -> Mapping[str, Any]:
        return {"title": f"Larch {version}.jpg"}

    def product(self, sku: str = "LARCH-1", **identifiers: str) -> str:
        codes = (
            [["create", [{"type": type_, "code": code} for type_, code in identifiers.items()]]] if identifiers else []
        )
        variants = [["create", [{"suffix_code": sku, "identifiers": codes}]]]
        made = {"name": "Larch", "type": "goods", "default_uom": self.server.unit, "products": variants}
        (template,) = self.call("product.template.create", [made])
        return str(self.call("product.product.search", [["template", "=", template]], 0, 1, None)[0])

    async def identified(self) -> tuple[str, str, str, str]:
        return "product", "sku", "LARCH-'1'", self.product("LARCH-'1'")


@pytest.fixture
async def bench(tryton_server: Tryton, tmp_path: Path) -> AsyncIterator[TrytonBench]:
    async with TrytonBench.on(tryton_server, tmp_path) as ready:
        yield ready


NEVER_HIDDEN = "attachments are there or are not; products, the other kind, are hidden below"
TestTryton = asked(
    CONNECTOR,
    TrytonBench,
    test_a_withdrawn_copy_is_seen_closed=NEVER_HIDDEN,
    test_a_copy_shown_again_is_seen_open=NEVER_HIDDEN,
    test_a_copy_that_is_gone_already_stops_no_other=NEVER_HIDDEN,
)


# ── products, and traps of Tryton ────────────────────────────────────────────────────────────────────────────────────────

KETTLE = {"title": "Kettle", "description": "For tea.", "price": 49.9, "ids.sku": "4711"}


async def one(connector: Any, write: Write) -> Receipt:
    (answer,) = await connector.upsert("product", [write])
    assert isinstance(answer, Receipt), answer
    return answer


async def told(connector: Any, cursor: str) -> tuple[set[str], str]:
    pages = [page async for page in connector.changes("product", cursor)]
    return {event.id for page in pages for event in page.records}, pages[-1].cursor


async def test_a_product_is_made_once_with_code_name_and_price(bench: TrytonBench) -> None:
    connector = await bench.connect()
    first = await one(connector, Write(key="pim:4711", fields=KETTLE))
    again = await one(connector, Write(key="pim:4711", fields=KETTLE | {"price": 52.5, "title": "Tea kettle"}))
    assert (first.created, again.created, again.ref) == (True, False, first.ref)
    (item,) = await connector.fetch("product", [first.ref])
    assert (item.title, item.identifiers["sku"], item.status) == ({"und": "Tea kettle"}, ("4711",), "approved")
    assert math.isclose(item.fields["price"], 52.5)
    assert await connector.find("product", "sku", ["4711", "4712"]) == {"4711": [first.ref]}
    held = await connector.held("product", ["pim:4711", "pim:471"])
    assert {key: one.ref for key, one in held.items()} == {"pim:4711": first.ref}


async def test_a_hidden_product_is_still_found_and_shown_again(bench: TrytonBench) -> None:
    connector = await bench.connect()
    ref = (await one(connector, Write(key="pim:4711", fields=KETTLE))).ref
    cursor = [page async for page in connector.changes("product", None)][-1].cursor
    await connector.withdraw("product", [ref], "hide")
    assert bench.call("product.product.search", [["code", "=", "4711"]], 0, None, None) == []
    assert (await connector.held("product", ["pim:4711"]))["pim:4711"].hidden
    assert await connector.find("product", "sku", ["4711"]) == {"4711": [ref]}
    assert ref in {known.id async for page in connector.index("product", None) for known in page.records}
    assert ref in (await told(connector, cursor))[0]
    assert (await one(connector, Write(key="pim:4711", fields={}))).ref == ref, "a second one was made"
    await connector.show("product", [ref])
    assert not (await connector.held("product", ["pim:4711"]))["pim:4711"].hidden


async def test_a_price_that_changes_at_the_template_is_a_change_of_its_variant(bench: TrytonBench) -> None:
    connector = await bench.connect()
    other, ref = bench.product("LARCH-2"), bench.product()
    cursor = [page async for page in connector.changes("product", None)][-1].cursor
    _, cursor = await told(connector, cursor)
    (template,) = bench.call("product.product.read", [int(ref)], ["template"])
    price = {"list_price": {"__class__": "Decimal", "decimal": "3.20"}}
    bench.call("product.template.write", [template["template"]], price)
    changed, cursor = await told(connector, cursor)
    assert (ref in changed, other in changed) == (True, False)
    assert await told(connector, cursor) == (set(), cursor)


async def test_a_gtin_among_other_codes_is_found(bench: TrytonBench) -> None:
    connector = await bench.connect()
    ref = bench.product("LARCH-3", ean="4006381333931", mpn="L3")
    assert await connector.find("product", "gtin", ["4006381333931"]) == {"4006381333931": [ref]}
    (item,) = await connector.fetch("product", [ref])
    assert item.identifiers["gtin"] == ("04006381333931",)


async def test_a_refusal_under_status_200_is_told_in_its_own_words(bench: TrytonBench) -> None:
    connector = await bench.connect()
    (answer,) = await connector.upsert("product", [Write(key="pim:1", fields={"title": "", "ids.sku": "1"})])
    assert isinstance(answer, Rejected)
    assert "Name" in answer.sentence
    assert bench.call("product.product.search", [ALWAYS], 0, None, None) == []


async def test_a_product_deleted_over_there_is_made_anew(bench: TrytonBench) -> None:
    connector = await bench.connect()
    ref = (await one(connector, Write(key="pim:4711", fields=KETTLE))).ref
    bench.call("product.product.delete", [int(ref)])
    (answer,) = await connector.upsert("product", [Write(key="pim:4711", ref=ref, fields={"price": 1.0})])
    assert not isinstance(answer, Receipt)
    assert answer.code == "not_found"
    assert (await one(connector, Write(key="pim:4711", fields=KETTLE))).created
