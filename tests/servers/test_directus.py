"""The definition of Directus against Directus itself: the promises of every connector, and its traps."""

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
from tests.servers.relay import ServerBench, asked, defined
from tests.servers.running.directus import Directus

from lockgate.kit.conformance import Carrier
from lockgate.kit.conformance.bench import KEY, PICTURE
from lockgate.kit.contract import HookRequest, Receipt, Write
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

    def upload(self, method: str, path: str, content: bytes) -> str:
        type(self).counter += 1
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="theirs-{self.counter}.jpg"\r\n'
        body = head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n--x--\r\n"
        answer = self.ask(method, path, body, {"Content-Type": "multipart/form-data; boundary=x"})
        return str(answer["data"]["id"])

    async def make_item(self, content: bytes) -> str:
        return self.upload("POST", "/files", content)

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
