"""Akeneo by its shipped definition, against the sandbox that was written from its reference."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from lockgate.connectors.rest.library import connector
from lockgate.connectors.rest.places import SHIPPED
from lockgate.connectors.rest.sandboxes.akeneo import Akeneo
from lockgate.kit.conformance import Bench, promises
from lockgate.kit.contract import Connector, Receipt, Write
from lockgate.kit.errors import Rejected
from lockgate.kit.profile import Profile
from lockgate.kit.sandbox import Sandbox, coverage
from lockgate.kit.services import Services

DEFINED = connector(SHIPPED / "akeneo.yaml")


class AkeneoBench(Bench):
    sandbox_type: ClassVar[type[Sandbox]] = Akeneo
    sandbox: Akeneo
    kind = "product"
    absent_id = "00000000-0000-4000-8000-0000000000ff"
    read_route = "GET /products-uuid*"
    file_route = "GET /media-files/*"

    def connector(self, services: Services, url: str, key: str) -> Connector[Any]:
        settings = {**self.sandbox.connection(), "site": url, "password": key}
        return DEFINED(DEFINED.settings_type.model_validate(settings), Profile(), services)

    async def make_item(self, content: bytes) -> str:
        number = self.sandbox.state.next_id("theirs")
        uuid = f"10000000-0000-4000-8000-{number:012}"
        self.sandbox.save(uuid, {"values": {"sku": [{"locale": None, "scope": None, "data": f"THEIRS-{number}"}]}})
        self.sandbox.keep(uuid, self.sandbox.state.blob_put(content), len(content), "larch.jpg")
        return uuid

    async def change_item(self, id: str) -> None:
        name = f"renamed {self.sandbox.state.next_id('name')}"
        self.sandbox.save(id, {"values": {"name": [{"locale": "en_US", "scope": None, "data": name}]}})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        self.sandbox.keep(id, self.sandbox.state.blob_put(content), len(content), "other.jpg")

    def count(self) -> int:
        return self.sandbox.state.count("product")

    def fields(self, version: int) -> Mapping[str, Any]:
        return {
            "title": {"en": f"Larch {version}", "de": f"Lärche {version}"},
            "description": {"en": f"A chair of larch, {version}"},
            "family": "furniture" if version == 1 else "kitchen",
            "categories": ["chairs", f"version_{version}"],
        }

    def write(
        self, key: str, *, ref: str | None = None, version: int = 1, content: bytes | None = None, broken: bool = False
    ) -> Write:
        """With an identifier of its own, which no two products share."""
        made = super().write(key, ref=ref, version=version, content=content, broken=broken)
        return msgspec.structs.replace(made, fields={**made.fields, "ids.sku": f"SKU {key}"})

    async def identified(self) -> tuple[str, str, str, str]:
        return "product", "sku", "SKU-2", "00000000-0000-4000-8000-000000000002"


TestAkeneo = promises(DEFINED, AkeneoBench, excuses=DEFINED.definition.about.excuses)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[AkeneoBench]:
    async with AkeneoBench.running(tmp_path) as ready:
        yield ready


def test_the_sandbox_serves_what_its_contract_names() -> None:
    bench = AkeneoBench(Path())
    try:
        told = coverage(bench.sandbox.routes(), Akeneo.contract, Akeneo.base_path)
    finally:
        bench.sandbox.state.close()
    assert told.missing == []


async def test_many_products_go_with_one_call_and_each_has_its_own_answer(bench: AkeneoBench) -> None:
    target = await bench.connect()
    writes = [bench.write(f"flow:{n}") for n in range(120)]
    writes[7] = Write(key="flow:7", fields={"title": {"en": "Clash"}, "ids.sku": "SKU-1"})
    before = len(bench.sandbox.calls)
    answers = await target.upsert("product", writes)
    assert [n for n, one in enumerate(answers) if not isinstance(one, Receipt)] == [7]
    assert isinstance(answers[7], Rejected)
    assert "SKU-1 identifier is already used" in str(answers[7])
    assert len(bench.sandbox.calls) - before <= 3  # the token and two portions
    assert bench.count() == 3 + 119
    again = await target.upsert("product", writes[:2])
    assert [one.created for one in answers[:2] + again if isinstance(one, Receipt)] == [True, True, False, False]


async def test_a_list_of_more_than_one_page_is_read_to_its_end(bench: AkeneoBench) -> None:
    target = await bench.connect()
    await target.upsert("product", [bench.write(f"flow:{n}") for n in range(205)])
    ids = [ref.id async for page in target.index("product", None) for ref in page.records]
    assert len(ids) == len(set(ids)) == 208


async def test_a_value_of_another_channel_is_left_alone(bench: AkeneoBench) -> None:
    target = await bench.connect()
    [receipt] = await target.upsert("product", [bench.write("flow:1")])
    assert isinstance(receipt, Receipt)
    theirs = {"locale": "en_US", "scope": "print", "data": "For print"}
    bench.sandbox.save(receipt.ref, {"values": {"description": [theirs]}})
    await target.upsert("product", [bench.write("flow:1", version=2)])
    values = (bench.sandbox.state.get("product", receipt.ref) or {})["values"]
    assert theirs in values["description"]
    held = (await target.held("product", ["flow:1"]))["flow:1"]
    assert held.fields["description"] == {"en": "A chair of larch, 2"}


async def test_null_clears_a_value(bench: AkeneoBench) -> None:
    target = await bench.connect()
    [receipt] = await target.upsert("product", [bench.write("flow:1")])
    assert isinstance(receipt, Receipt)
    await target.upsert("product", [Write(key="flow:1", ref=receipt.ref, fields={"description": {"en": None}})])
    values = (bench.sandbox.state.get("product", receipt.ref) or {})["values"]
    assert "description" not in values


async def test_a_product_that_is_gone_is_not_made_again_by_hiding_it(bench: AkeneoBench) -> None:
    target = await bench.connect()
    await target.withdraw("product", [bench.absent_id], "hide")
    assert bench.sandbox.state.get("product", bench.absent_id) is None


async def test_what_akeneo_refuses_is_told_in_its_words(bench: AkeneoBench) -> None:
    target = await bench.connect()
    [answer] = await target.upsert("product", [Write(key="flow:1", fields={"family": "no_such_family"})])
    assert isinstance(answer, Rejected)
    assert "expects a valid family code" in str(answer)
