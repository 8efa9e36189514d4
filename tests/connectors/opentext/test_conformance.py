"""The promises every connector keeps, asked of Content Server: as a source of documents, and as a target for them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

import msgspec

from lockgate.connectors.opentext.connector import OpenText
from lockgate.connectors.opentext.sandbox import SANDBOX, OpenTextSandbox
from lockgate.connectors.opentext.settings import OpenTextSettings
from lockgate.kit.conformance import Bench, Carrier, promises
from lockgate.kit.conformance.bench import KEY, source
from lockgate.kit.http import ApiKey, Part, RestClient
from lockgate.kit.profile import Match, Profile
from lockgate.kit.sandbox import Sandbox
from lockgate.kit.services import Services

LIBRARY, CUSTOMERS, TEMPLATE, CUSTOMER_TYPE = 2000, 34962, 30001, 16
PROFILE = Profile(
    matches={
        "asset": (
            Match(canonical="name", field="name"),
            Match(canonical="description", field="description"),
            Match(canonical="ids.customer", field="4711_2"),
            Match(canonical="market", field="4711_3"),
            Match(canonical="fields.contacts", field="4711_4_x_5"),
        ),
        "workspace": (Match(canonical="ids.sku", field="business_object_id"),),
    },
    zone="Europe/Berlin",
)


class OpenTextBench(Bench):
    """Somebody else's work in the sandbox, over the same API."""

    sandbox: OpenTextSandbox
    sandbox_type: ClassVar[type[Sandbox]] = SANDBOX
    absent_id = "999999999"
    read_route = "GET */api/v2/nodes/*"
    file_route = "GET *content*"

    def connector(self, services: Services, url: str, key: str) -> OpenText:
        told = {"site": f"{url}/cs/cs", "user": "admin", "password": key, "folder": CUSTOMERS}
        return OpenText(OpenTextSettings.model_validate(told), PROFILE, services)

    # ── somebody else ────────────────────────────────────────────────────────────────────────────────────────────

    async def call(self, method: str, path: str, content: Mapping[str, Any] | None = None) -> Any:
        """A call by somebody else; the answer's JSON."""
        async with await self.api() as api:
            body = None if content is None else form({"body": msgspec.json.encode(content).decode()})
            answer = await api.request(method, path, headers=FORM, body=body)
            return api.decode(answer)

    async def api(self) -> RestClient:
        async with RestClient(f"{self.url}/cs/cs/api", self.services()) as door:
            body = form({"username": "jdoe", "password": KEY})
            told = door.decode(await door.request("POST", "/v1/auth", headers=FORM, body=body))
        return RestClient(f"{self.url}/cs/cs/api", self.services(), ApiKey(told["ticket"], "OTCSTicket"))

    async def upload(self, path: str, content: bytes, fields: Mapping[str, Any]) -> Any:
        part = Part(name="body", content=msgspec.json.encode(fields))
        async with await self.api() as api:
            sent = await api.upload("POST", path, source(content), field="file", parts=[part])
            return api.decode(sent.answer)

    async def workspace(self, bo_id: str) -> int:
        """The workspace of a business object; made where there is none."""
        path = f"/v2/externalsystems/TE1/botypes/KNA1/boids/{bo_id}"
        if found := (await self.call("GET", path))["results"]:
            return int(found[0]["data"]["properties"]["id"])
        content = {
            "template_id": TEMPLATE, "wksp_type_id": CUSTOMER_TYPE, "name": f"Customer {bo_id}", "parent_id": CUSTOMERS,
            "ext_system_id": "TE1", "bo_type": "KNA1", "bo_id": bo_id,
        }  # fmt: skip
        return int((await self.call("POST", "/v2/businessworkspaces", content))["results"]["id"])

    async def make_item(self, content: bytes) -> str:
        parent = await self.workspace("0000004711")
        there = len((await self.call("GET", f"/v2/nodes/{parent}/nodes?limit=100"))["results"])
        fields = {"type": 144, "name": f"leaf {there}.png", "parent_id": parent}
        made = await self.upload("/v2/nodes", content, fields)
        return str(made["results"]["data"]["properties"]["id"])

    async def change_item(self, id: str) -> None:
        description = f"seen {self.sandbox.clock.now().isoformat()}"
        await self.call("PUT", f"/v2/nodes/{id}", {"description": description})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        await self.upload(f"/v2/nodes/{id}/versions", content, {})

    # ── what the sandbox holds ───────────────────────────────────────────────────────────────────────────────────

    def count(self) -> int:
        return len(self.documents())

    def documents(self) -> list[Any]:
        return list(self.sandbox.tenant.select("type = 144"))

    def fields(self, version: int) -> Mapping[str, Any]:
        return {
            "description": {"und": f"a tree, version {version}"},
            "ids.customer": [f"C-{version}"],
            "market": ["EU", f"v{version}"],
            "fields.contacts": ["Ann", f"Bob {version}"],
            "unknown.here": "left out",
        }

    async def identified(self) -> tuple[str, str, str, str]:
        return "workspace", "sku", "0000010077", str(await self.workspace("0000010077"))

    async def carrier(self) -> Carrier:
        return Carrier(kind="workspace", id=str(await self.workspace("0000010088")), field="documents")

    async def attach(self, carrier: Carrier) -> str:
        fields = {"type": 144, "name": "theirs.png", "parent_id": int(carrier.id)}
        made = await self.upload("/v2/nodes", b"a file of somebody else's", fields)
        return str(made["results"]["data"]["properties"]["id"])

    def attached(self, carrier: Carrier) -> Sequence[str]:
        return [str(node.id) for node in self.documents() if abs(node.parent) == int(carrier.id)]


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def form(fields: Mapping[str, str]) -> bytes:
    return urlencode(fields).encode()


TestOpenText = promises(OpenText, OpenTextBench)
