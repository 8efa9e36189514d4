"""The calls of CORA this connector makes, as public clients make them: OData v4 with `$top` and `$skip`, no next links."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from pydantic import SecretStr

from lockgate.connectors.celum.cora.mapping import to_asset, to_node
from lockgate.connectors.celum.mapping import dates
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.errors import ContractBroken, Rejected
from lockgate.kit.http import ApiKey, RestClient
from lockgate.kit.services import Services

Record = dict[str, Any]
CHANGED = "modificationInformation/lastModificationDateTime"
SELECT = (
    "id", "name", "fileCategory", "fileInformation", "modificationInformation", "versionInformation", "lockInformation",
    "availability",
)  # fmt: skip
NODE = ("id", "name", "hasChildren")
WHOLE = (*SELECT, "informationFieldValues")
EXPAND = ("nodes", "binaries", "type")


class Listed(msgspec.Struct):
    """A list as OData wraps it."""

    value: list[Record]
    count: int | None = msgspec.field(default=None, name="@odata.count")


class CoraClient(RestClient):
    """One API key at one CORA."""

    def __init__(self, base: str, services: Services, key: SecretStr | None, quirks: Quirks) -> None:
        secret = key.get_secret_value() if key is not None else ""
        super().__init__(base, services, CoraKey(secret))
        self.quirks = quirks

    async def listed(self, entity: str, **options: str | int | bool | None) -> Listed:
        """An entity set. Options are named without their `$`."""
        params = {f"${name}": value for name, value in options.items() if value is not None}
        found: Listed = await self.get_json(entity, params=params, type=Listed)
        return found

    async def formats(self) -> list[Record]:
        return (await self.listed("DownloadFormats")).value

    async def fields(self) -> list[Record]:
        return (await self.listed("AssetInformationFields")).value

    async def count(self, where: str | None) -> int | None:
        return (await self.listed("Assets", filter=where, top=1, select="id", count=True)).count

    async def above(self, last: int, where: str | None = None, *, whole: bool = False) -> AsyncIterator[list[Record]]:
        """Assets above an id, by id, until a page is empty: a short page means nothing."""
        while True:
            page = await self.page(both(f"id gt {last}", where), "id", whole=whole)
            if not page:
                return
            top = max(int(one["id"]) for one in page)
            if top <= last:
                raise ContractBroken(f"CORA was asked for assets above id {last} and sent none.", code="paging")
            yield page
            last = top

    async def page(self, where: str | None, order: str, *, whole: bool = False, top: int | None = None) -> list[Record]:
        found = await self.listed(
            "Assets",
            filter=where,
            orderby=order,
            top=top or self.quirks.page_size,
            select=",".join(WHOLE if whole else SELECT),
            expand=",".join(EXPAND if whole else ("nodes",)),
        )
        return found.value

    async def by_ids(self, ids: Sequence[int], where: str | None = None) -> list[Record]:
        """Those that are there and visible, whole."""
        found: list[Record] = []
        for at in range(0, len(ids), self.quirks.cora_ids_per_search):
            chunk = ids[at : at + self.quirks.cora_ids_per_search]
            any_of = " or ".join(f"id eq {one}" for one in chunk)
            found += await self.page(both(f"({any_of})", where), "id", whole=True, top=len(chunk))
        return found

    async def binary(self, asset: str, form: str) -> str | None:
        """Where the bytes of an asset in a format can be read; None where it has none."""
        where = f"binaries($filter=format eq '{form}')"
        params = {"$select": "id", "$expand": where}
        found = await self.get_json(f"Assets({int(asset)})", params=params, type=Record)
        links = [one.get("@odata.mediaReadLink") for one in found.get("binaries") or ()]
        return next((str(link) for link in links if link), None)

    # ── collections ──────────────────────────────────────────────────────────────────────────────────────────────

    async def node(self, id: str) -> Record:
        """One collection. Raises NotFound."""
        return to_node(await self._node(id))

    async def nodes(self, parent: str | None, *, recursive: bool) -> list[Record]:
        """Those below a collection, or all there are. Raises Rejected for the roots: CORA does not tell which those are."""
        if parent is not None:
            below = "childrenRecursive" if recursive else "children"
            found = (await self._node(parent, below)).get(below) or ()
            return [to_node(one, None if recursive else int(parent)) for one in found]
        if not recursive:
            raise Rejected("CORA does not say which collections are roots; ask for all, or below one.", code="cora")
        return [to_node(one) async for page in self._all_nodes() for one in page]

    async def _node(self, id: str, *expand: str) -> Record:
        params = {"$select": ",".join(NODE), "$expand": ",".join(expand) or None}
        found: Record = await self.get_json(f"Nodes({int(id)})", params=params, type=Record)
        return found

    async def _all_nodes(self) -> AsyncIterator[list[Record]]:
        last = 0
        while page := (
            await self.listed("Nodes", filter=f"id gt {last}", orderby="id", top=self.quirks.page_size)
        ).value:
            top = max(int(one["id"]) for one in page)
            if top <= last:
                raise ContractBroken(f"CORA was asked for nodes above id {last} and sent none.", code="paging")
            yield page
            last = top

    # ── what a watch asks ────────────────────────────────────────────────────────────────────────────────────────

    async def touched(self, since: datetime, *, entity: str) -> AsyncIterator[list[Record]]:  # noqa: ARG002 - assets only
        """Assets changed since then, in the form of the Content API."""
        async for page in self.above(0, f"{CHANGED} ge {dates.text(since)}"):
            yield [to_asset(one) for one in page]

    async def newest(self, *, entity: str) -> datetime | None:  # noqa: ARG002 - assets only
        page = await self.page(None, f"{CHANGED} desc", top=1)
        told: Mapping[str, Any] = (page[0].get("modificationInformation") or {}) if page else {}
        when = told.get("lastModificationDateTime")
        return None if when is None else dates.instant(when)


class CoraKey(ApiKey):
    """The key after the word `celumApiKey`."""

    def __init__(self, key: str) -> None:
        super().__init__(f"celumApiKey {key}", "Authorization")
        self._secrets = (key, f"celumApiKey {key}")


def both(*conditions: str | None) -> str | None:
    said = [one for one in conditions if one]
    return " and ".join(said) if said else None
