"""The older REST list, a reader of last resort: products by page, or one by its id."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec

from lockgate.connectors.consonance.quirks import Quirks
from lockgate.kit.errors import ContractBroken
from lockgate.kit.http import RestClient
from lockgate.kit.http.auth import FixedAuth
from lockgate.kit.paging import by_page
from lockgate.kit.services import Services

Record = dict[str, Any]


class Listing(msgspec.Struct):
    """One page."""

    products: list[Record]
    current_page: int = 1
    total_pages: int = 1
    per_page: int | None = None


class RestReader(RestClient):
    """Products over REST v4."""

    def __init__(self, site: str, key: str, services: Services, quirks: Quirks) -> None:
        super().__init__(site, services, FixedAuth("Authorization", f"Token token={key}", key))
        self.quirks = quirks

    async def pages(self, first: int = 1) -> AsyncIterator[tuple[int, Sequence[Record]]]:
        """Every page of the catalogue from this one on, with its number."""
        number = first - 1

        async def page(wanted: int) -> tuple[Sequence[Record], bool]:
            told: Listing = await self.get_json(self.quirks.rest_path, params={"page": wanted}, type=Listing)
            return told.products, bool(told.products) and wanted < told.total_pages

        async for records in by_page(page, key=lambda one: one["id"], first=first):
            number += 1
            yield number, records

    async def product(self, id: int) -> Record | None:
        """One product. Conditions that the service does not know are ignored by it, so what comes back is looked at."""
        told: Listing = await self.get_json(self.quirks.rest_path, params={"q[id_eq]": id}, type=Listing)
        if any(one.get("id") != id for one in told.products):
            raise ContractBroken(f"{self.services.connection} ignores the filter by id at {self.quirks.rest_path}.")
        return next(iter(told.products), None)
