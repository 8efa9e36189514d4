"""The definition of Redmine against Redmine itself: the promises of every connector, and its traps."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.servers.relay import ServerBench, asked, defined
from tests.servers.running.redmine import Redmine

from lockgate.kit.conformance.bench import KEY, source
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.errors import Rejected
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services

CONNECTOR = defined("redmine")
ALL = "/issues.json?project_id=campaigns&status_id=*&limit=100"
NEW, CLOSED = 1, 5
"""Numbers of states in the data Redmine comes with."""


class RedmineBench(ServerBench):
    """A colleague's work beside ours."""

    server: Redmine
    kind = "task"
    read_route = "GET /issues.json"
    file_route = "GET /attachments/download/*"
    at_once = 1  # on SQLite it answers 500 to the second of two writers
    counter: ClassVar[int] = 0

    def connector(self, services: Services, url: str, key: str) -> Any:
        theirs = {"site": url, "key": self.server.key if key == KEY else key, "project": "campaigns"}
        settings = {**theirs, "key_field": self.server.key_field, "private_addresses": True}
        return CONNECTOR(CONNECTOR.settings_type.model_validate(settings), Profile(), services)

    def headers(self) -> dict[str, str]:
        return {"X-Redmine-API-Key": self.server.key}

    async def wipe(self) -> None:
        while issues := self.ask("GET", ALL)["issues"]:
            for issue in issues:
                self.ask("DELETE", f"/issues/{issue['id']}.json")

    def issue(self, content: bytes | None = None, **members: Any) -> str:
        uploads = [] if content is None else [self.uploaded(content)]
        made = {"project_id": "campaigns", "subject": "A ticket of theirs", "uploads": uploads, **members}
        return str(self.ask("POST", "/issues.json", {"issue": made})["issue"]["id"])

    def uploaded(self, content: bytes) -> dict[str, str]:
        octets = {"Content-Type": "application/octet-stream"}
        token = self.ask("POST", "/uploads.json?filename=theirs.jpg", content, octets)["upload"]["token"]
        return {"token": token, "filename": "theirs.jpg", "content_type": "image/jpeg"}

    async def make_item(self, content: bytes) -> str:
        return self.issue(content)

    async def change_item(self, id: str) -> None:
        type(self).counter += 1
        self.ask("PUT", f"/issues/{id}.json", {"issue": {"subject": f"Seen {self.counter} times"}})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        old = self.ask("GET", f"/issues/{id}.json?include=attachments")["issue"]["attachments"][0]["id"]
        self.ask("PUT", f"/issues/{id}.json", {"issue": {"uploads": [self.uploaded(content)]}})
        self.ask("DELETE", f"/attachments/{old}.json")

    def count(self) -> int:
        return int(self.ask("GET", ALL)["total_count"])

    def fields(self, version: int) -> Mapping[str, Any]:
        return {
            "title": f"Check the larch, {version}",
            "description": f"Is it the right tree?\n\nVersion {version}",
            "window.until": f"2027-01-0{version}",
            "done": 10 * version,
        }


@pytest.fixture
async def bench(redmine_server: Redmine, tmp_path: Path) -> AsyncIterator[RedmineBench]:
    async with RedmineBench.on(redmine_server, tmp_path) as ready:
        yield ready


TestRedmine = asked(CONNECTOR, RedmineBench)


# ── traps of Redmine ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def one(connector: Any, write: Write) -> Receipt:
    (answer,) = await connector.upsert("task", [write])
    assert isinstance(answer, Receipt), answer
    return answer


async def test_closed_tickets_are_told_of_too(bench: RedmineBench) -> None:
    connector = await bench.connect()
    closed = bench.issue()
    bench.ask("PUT", f"/issues/{closed}.json", {"issue": {"status_id": CLOSED}})
    assert closed in {ref.id async for page in connector.index("task", None) for ref in page.records}
    (item,) = await connector.fetch("task", [closed])
    assert (item.status, item.status_label) == ("archived", "Closed")


async def test_more_tickets_than_it_tells_at_once_are_all_told(bench: RedmineBench) -> None:
    made = {bench.issue(subject=f"Ticket {n}") for n in range(103)}
    connector = await bench.connect()
    pages = [page async for page in connector.index("task", None)]
    assert [len(page.records) for page in pages if page.records] == [100, 3]
    assert {ref.id for page in pages for ref in page.records} == made
    fetched = await connector.fetch("task", sorted(made))
    assert {item.id for item in fetched} == made


async def test_a_ticket_without_a_file_is_made_and_found_by_our_key(bench: RedmineBench) -> None:
    connector = await bench.connect()
    first = await one(connector, Write(key="pim:4711", fields={"title": "Translate", "status_id": NEW}))
    again = await one(connector, Write(key="pim:4711", fields={"title": "Translate", "status_id": NEW}))
    assert (first.created, again.created, again.ref) == (True, False, first.ref)
    bench.issue(subject="pim:4711")
    held = await connector.held("task", ["pim:4711", "pim:471"])
    assert {key: one.ref for key, one in held.items()} == {"pim:4711": first.ref}


async def test_a_ticket_is_closed_by_its_state(bench: RedmineBench) -> None:
    connector = await bench.connect()
    ref = (await one(connector, Write(key="pim:1", fields={"title": "Translate"}))).ref
    await one(connector, Write(key="pim:1", ref=ref, fields={"status_id": CLOSED}))
    assert bench.ask("GET", f"/issues/{ref}.json")["issue"]["status"]["name"] == "Closed"
    assert "pim:1" in await connector.held("task", ["pim:1"])


async def test_what_it_refuses_is_told_in_its_own_words(bench: RedmineBench) -> None:
    connector = await bench.connect()
    (answer,) = await connector.upsert("task", [Write(key="pim:1", fields={"title": ""})])
    assert isinstance(answer, Rejected)
    assert "Subject cannot be blank" in answer.sentence
    backwards = {"title": "Late", "window.from": "2027-02-01", "window.until": "2027-01-01"}
    (answer,) = await connector.upsert("task", [Write(key="pim:2", fields=backwards)])
    assert isinstance(answer, Rejected)
    assert "Due date must be greater than start date" in answer.sentence


async def test_another_file_takes_the_place_of_ours(bench: RedmineBench) -> None:
    connector = await bench.connect()
    ref = (await one(connector, Write(key="dam:1", fields={"title": "Look"}, file=source(b"one" * 100)))).ref
    await one(connector, Write(key="dam:1", ref=ref, file=source(b"two" * 200)))
    attachments = bench.ask("GET", f"/issues/{ref}.json?include=attachments")["issue"]["attachments"]
    assert [one["filesize"] for one in attachments] == [600]
