"""Jira by its shipped definition, against the sandbox that was written from its reference."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from lockgate.connectors.rest.library import connector
from lockgate.connectors.rest.places import SHIPPED
from lockgate.connectors.rest.sandboxes.jira import Jira
from lockgate.kit.conformance import Bench, promises
from lockgate.kit.conformance.bench import PICTURE
from lockgate.kit.contract import Connector, Receipt, Write
from lockgate.kit.errors import Rejected
from lockgate.kit.profile import Profile
from lockgate.kit.sandbox import Sandbox, coverage
from lockgate.kit.services import Services

DEFINED = connector(SHIPPED / "jira.yaml")


class JiraBench(Bench):
    sandbox_type: ClassVar[type[Sandbox]] = Jira
    sandbox: Jira
    kind = "task"
    read_route = "POST /issue/bulkfetch"
    file_route = "GET /attachment/content/*"

    def connector(self, services: Services, url: str, key: str) -> Connector[Any]:
        settings = {**self.sandbox.connection(), "site": url, "token": key}
        return DEFINED(DEFINED.settings_type.model_validate(settings), Profile(), services)

    def found(self, id: str) -> dict[str, Any]:
        return self.sandbox.state.get("issue", id) or {}

    def attach_theirs(self, id: str, content: bytes) -> None:
        self.sandbox.keep(id, self.sandbox.state.blob_put(content), len(content), "larch.jpg")

    async def make_item(self, content: bytes) -> str:
        id = str(self.sandbox.save({}, {"summary": "Theirs"})["id"])
        self.attach_theirs(id, content)
        return id

    async def change_item(self, id: str) -> None:
        self.sandbox.save(self.found(id), {"summary": f"renamed {self.sandbox.state.next_id('name')}"})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        self.attach_theirs(id, content)

    def count(self) -> int:
        return self.sandbox.state.count("issue")

    def fields(self, version: int) -> Mapping[str, Any]:
        return {
            "title": f"Check the cover, {version}",
            "description": f"The cover is new.\n\nLook at it, {version}.",
            "priority": "High" if version == 1 else "Low",
            "window.until": f"2027-01-0{version}",
        }


TestJira = promises(DEFINED, JiraBench, excuses=DEFINED.definition.about.excuses)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[JiraBench]:
    async with JiraBench.running(tmp_path) as ready:
        yield ready


def test_the_sandbox_serves_what_its_contract_names() -> None:
    bench = JiraBench(Path())
    try:
        told = coverage(bench.sandbox.routes(), Jira.contract, Jira.base_path)
    finally:
        bench.sandbox.state.close()
    assert told.missing == []


async def test_what_jira_refuses_is_told_in_its_words(bench: JiraBench) -> None:
    target = await bench.connect()
    answers = await target.upsert(
        "task",
        [Write(key="flow:1", fields={"title": ""}), Write(key="flow:2", fields={"title": "x", "priority": "Odd"})],
    )
    assert all(isinstance(one, Rejected) for one in answers)
    assert "You must specify a summary" in str(answers[0])
    assert "Specify the Priority" in str(answers[1])


async def test_what_others_attach_stays_when_our_file_is_replaced(bench: JiraBench) -> None:
    target = await bench.connect()
    [receipt] = await target.upsert("task", [bench.write("flow:1", content=PICTURE)])
    assert isinstance(receipt, Receipt)
    bench.attach_theirs(receipt.ref, PICTURE)
    await target.upsert("task", [bench.write("flow:1", ref=receipt.ref, content=PICTURE + b"new")])
    names = [one["filename"] for one in bench.found(receipt.ref)["fields"]["attachment"]]
    assert names == ["larch.jpg", "larch (Lockgate).jpg"]
