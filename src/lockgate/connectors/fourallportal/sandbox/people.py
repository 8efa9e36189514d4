"""What people do in the portal's own user interface."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lockgate.kit.sandbox import ActionRefused, action

from .conditions import condition
from .errors import Refusal
from .media import BINARY
from .portal import Portal
from .query import parse
from .records import plain
from .schema import ConnectorConfig
from .writing import Writing

USER = "u-person"


class People:
    """Actions of a 4ALLPORTAL sandbox; they leave history, events and announcements as calls do."""

    portal: Portal

    @action("Create a product")
    def create_product(
        self, sku: str, name: str | None = None, gtin: str | None = None, family: str | None = None
    ) -> dict[str, Any]:
        with by_hand(self.portal) as writing:
            return {"id": writing.write(self.portal.module("product"), _product(sku, name, gtin, family))}

    @action("Create the products that assets of the content name and that are missing")
    def create_missing_products(self, limit: int | None = None, skus: list[str] | None = None) -> dict[str, Any]:
        """Of the first `limit`, or of these; each is an id by the SKU, GTIN or family that was missing."""
        missing = [doc for doc in self.portal.store.all("missing") if skus is None or doc["key"] in skus][:limit]
        ids = {}
        with by_hand(self.portal) as writing:
            for doc in missing:
                sent = _product(doc["article_number"], None, doc["gtin"], None)
                ids[doc["key"]] = writing.write(self.portal.module("product"), sent)
                self.portal.store.delete("missing", doc["key"])
        return {"created": ids}

    @action("Delete an object")
    def delete(self, module: str, id: str) -> None:
        with by_hand(self.portal) as writing:
            writing.delete(self.portal.module(module), id)

    @action("Publish an object to a channel, or with `on` false take it back")
    def publish(self, module: str, id: str, channel: str, on: bool = True) -> None:
        self._set(module, id, f"publish_{channel}", on)

    @action("Set the status of an object, whatever steps the portal allows to its interface")
    def set_status(self, module: str, id: str, status: str) -> None:
        self._set(module, id, "status", status)

    @action("List every binary that was ever put in: when, by whom, into which file, with which digest")
    def binaries(self, after: int = 0) -> list[dict[str, Any]]:
        return [one for one in self.portal.store.all(BINARY) if one["n"] > after]

    @action("Change the fields or conditions of a connector; its hash changes with them")
    def configure_connector(
        self, name: str, fields: list[str] | None = None, conditions: list[str] | None = None
    ) -> dict[str, Any]:
        with _said_to_people():
            usual = self.portal.feed.config(name)
            module = self.portal.module(usual.module)
            wanted = usual.fields if fields is None else tuple(fields)
            tests = usual.conditions if conditions is None else tuple(conditions)
            for test in tests:
                condition(parse(test), self.portal.search.columns(module))
            if unknown := [one for one in wanted if one not in module.fields]:
                raise ActionRefused(f"Module {module.name} has no field {unknown[0]}.")
            self.portal.reconfigure(ConnectorConfig(name, module.name, wanted, tests, usual.derivates))
            return self.portal.feed.config(name).wire(module)

    def _set(self, module: str, id: str, field: str, value: Any) -> None:
        with by_hand(self.portal) as writing:
            if self.portal.objects.live(module, id) is None:
                raise ActionRefused(f"There is no {module} with id {id}.")
            writing.write(self.portal.module(module), {"id": id, field: plain(value)})


@contextmanager
def by_hand(portal: Portal) -> Iterator[Writing]:
    """One call of a person; what the portal refuses becomes a sentence for people."""
    with _said_to_people(), portal.changing() as changes:
        yield Writing(portal, USER, changes, any_status=True)


@contextmanager
def _said_to_people() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise ActionRefused(f"{refusal.message}.") from refusal


def _product(sku: str, name: str | None, gtin: str | None, family: str | None) -> dict[str, Any]:
    sent: dict[str, Any] = {"article_number": plain(sku), "status": plain("approved")}
    sent |= {field: plain(value) for field, value in (("gtin", gtin), ("family", family)) if value is not None}
    return sent | ({} if name is None else {"name": plain(name)})
