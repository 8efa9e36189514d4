"""The promises every connector keeps, asked of Consonance: as a source of images, and as a target for them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from graphql import get_introspection_query

from lockgate.connectors.consonance.connector import Consonance
from lockgate.connectors.consonance.sandbox import SANDBOX, ConsonanceSandbox
from lockgate.connectors.consonance.sandbox.execution import prepared
from lockgate.connectors.consonance.settings import ConsonanceSettings
from lockgate.kit.conformance import Bench, Carrier, promises
from lockgate.kit.conformance.bench import PICTURE
from lockgate.kit.profile import Profile
from lockgate.kit.sandbox import Sandbox
from lockgate.kit.services import Services

WORK, PAPERBACK, EBOOK = 7001, 9001, 9002


class ConsonanceBench(Bench):
    """Somebody else's work in the sandbox, as in its own user interface."""

    sandbox: ConsonanceSandbox
    sandbox_type: ClassVar[type[Sandbox]] = SANDBOX
    options: ClassVar[Mapping[str, Any]] = {"processing_seconds": 0.01, "small_books": 5}
    absent_id = "7001-999999"
    read_route = "POST /graphql"
    file_route = "GET /files/*"

    def connector(self, services: Services, url: str, key: str) -> Consonance:
        # What the sandbox works out once is not what tests of silence are about.
        prepared(get_introspection_query(descriptions=False), (), True)
        quirks = {"poll_seconds": 0.03}
        told = {"site": url, "key": key, "quirks": quirks}
        return Consonance(ConsonanceSettings.model_validate(told), Profile(zone="Europe/London"), services)

    # ── somebody else ────────────────────────────────────────────────────────────────────────────────────────────

    async def make_item(self, content: bytes) -> str:
        made = self.sandbox.put_resource(WORK, content, "theirs.jpg", "PRODUCT_IMAGE", products=[])
        return f"{WORK}-{made['id']}"

    async def change_item(self, id: str) -> None:
        number = int(id.partition("-")[2])
        caption = f"Larch {self.sandbox.clock.now().isoformat()}"
        self.sandbox.edit("SupportingResource", number, {"caption": caption})

    async def replace_item_file(self, id: str, content: bytes) -> None:
        self.sandbox.put_image(int(id.partition("-")[2]), content)

    def listed(self, id: str) -> str:
        return id.partition("-")[2]

    # ── what the sandbox holds ───────────────────────────────────────────────────────────────────────────────────

    def count(self) -> int:
        return self.sandbox.state.count("SupportingResource")

    def fields(self, version: int) -> Mapping[str, Any]:
        return {
            "work": str(WORK),
            "caption": {"en": f"Larch {version}", "de": "Lärche"},
            "credit": f"Larkfield, version {version}",
            "copyright": f"© {2026 + version} Larkfield",
            "variant": "front cover",
        }

    async def identified(self) -> tuple[str, str, str, str]:
        return "product", "isbn", "9781905005123", str(PAPERBACK)

    async def carrier(self) -> Carrier:
        return Carrier(kind="product", id=str(EBOOK), field="images")

    async def attach(self, carrier: Carrier) -> str:
        made = self.sandbox.put_resource(WORK, PICTURE, "theirs.jpg", "BACK_COVER", products=[int(carrier.id)])
        return f"{WORK}-{made['id']}"

    def attached(self, carrier: Carrier) -> Sequence[str]:
        """By the ids under which our items are known: those of ours carry a mark in their file name."""
        product = int(carrier.id)
        found = [
            one
            for one in self.sandbox.state.all("SupportingResource")
            if product in one["productIds"] and one["id"] != COVER
        ]
        return [f"{WORK}-{mark(one)}" for one in found]


def mark(record: Mapping[str, Any]) -> str:
    _, found, rest = str(record["filename"]).partition("-lg")
    return f"lg{rest.removesuffix('.jpg')}" if found else str(record["id"])


COVER = 901
"""The seeded front cover, which is on the carrier from the beginning."""

TestConsonance = promises(Consonance, ConsonanceBench)
