"""The calls of the Content API that read: who is there, definitions, assets, files."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeVar

import msgspec

from lockgate.connectors.celum.client import errors, filters
from lockgate.connectors.celum.client.auth import CelumAuth
from lockgate.connectors.celum.client.filters import Filter
from lockgate.connectors.celum.mapping import dates
from lockgate.connectors.celum.quirks import Quirks
from lockgate.kit.contract import FileStream
from lockgate.kit.errors import ConnectorError, ContractBroken, NeedsOperator, Transient
from lockgate.kit.http import Answer, RestClient, Sent
from lockgate.kit.http.url import Params
from lockgate.kit.paging import by_page
from lockgate.kit.services import Services

Asset = dict[str, Any]
Record = dict[str, Any]
ASSET, COLLECTION, RELATION = "asset", "collection", "relation"
"""What has information fields."""
T = TypeVar("T")


class ListPage(msgspec.Struct, rename="camel"):
    """The documented envelope of a list. `has_next` decides: totals differ by account and may move."""

    content: list[dict[str, Any]] | None = None
    has_next: bool = False
    total_elements: int | None = None


class Link(msgspec.Struct):
    """Where a file can be read for a short while, without credentials."""

    url: str
    filename: str = ""


class CelumClient(RestClient):
    """One account at one CELUM server."""

    def __init__(self, base: str, services: Services, auth: CelumAuth, quirks: Quirks) -> None:
        super().__init__(base, services, auth)
        self.account, self.quirks = auth, quirks
        self.field_names: dict[int, str] = {}
        """Names of information fields by id, filled by `fields`, so that errors can name them."""

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        repeatable: bool | None = None,
    ) -> Answer:
        """As for every client, with a token at hand where the account is one of the identity provider."""
        await self.account.prepare()
        return await super().request(method, path, params=params, headers=headers, body=body, repeatable=repeatable)

    def error_for(self, status: int, body: bytes, sent: Sent) -> ConnectorError:
        if not sent.path.startswith(self.base.path):
            return errors.file_refused(status, sent) or super().error_for(status, body, sent)
        hidden = self.quirks.hidden_is_403_with_entity
        found = errors.explain(status, body, sent, fields=self.field_names, hidden_is_403=hidden)
        return found or super().error_for(status, body, sent)

    async def _read(self, path: str, shape: type[T], params: Params | None = None) -> T:
        answer: T = await self.get_json(path, params=params, type=shape)
        return answer

    # ── who and what is there ────────────────────────────────────────────────────────────────────────────────────

    async def me(self) -> dict[str, Any]:
        return await self._read("users/me", dict[str, Any])

    async def version(self) -> dict[str, Any]:
        return await self._read("version", dict[str, Any])

    async def fields(self, entity: str = ASSET) -> list[dict[str, Any]]:
        """Definitions of all information fields of assets, or of collections or relations."""
        params = {"entityType": self._entity_types()[entity] or None}
        found = await self._read("information-fields", list[dict[str, Any]], params)
        self.field_names |= {one["id"]: str(one.get("name", "")) for one in found if isinstance(one.get("id"), int)}
        return found

    def _entity_types(self) -> dict[str, str]:
        quirks = self.quirks
        return {
            ASSET: quirks.entity_type,
            COLLECTION: quirks.collection_entity_type,
            RELATION: quirks.relation_entity_type,
        }

    async def formats(self) -> list[dict[str, Any]]:
        return await self._read("download-formats", list[dict[str, Any]])

    async def listed(self, path: str, params: Params | None = None) -> list[Record]:
        """A route that answers a bare list: types, roles, formats."""
        return await self._read(path, list[Record], params)

    async def one(self, path: str, params: Params | None = None) -> Record:
        """A route that answers one entity. Raises NotFound when it is missing, or not for us."""
        return await self._read(path, Record, params)

    async def paged(self, path: str, params: Params | None = None) -> list[Record]:
        """A route that answers pages, read to its end."""

        async def read(number: int) -> tuple[Sequence[Record], bool]:
            page = await self._read(path, ListPage, {**(params or {}), "page": number, "size": self.quirks.page_size})
            return page.content or (), page.has_next

        return [one async for page in by_page(read, key=itemgetter("id")) for one in page]

    async def collection(self, id: int) -> dict[str, Any]:
        """Raises NotFound when there is none with this id, or not for us."""
        return await self._read(f"collections/{id}", dict[str, Any])

    async def collection_names(self, ids: Sequence[int]) -> dict[int, Any]:
        """Names of collections and tags by id, as maps by locale; those hidden from us are absent."""
        found: dict[int, Any] = {}
        size = min(50, self.quirks.page_size)  # one parameter each: a longer address could meet a limit on the way
        for chunk in chunks(sorted(set(ids)), size):
            params: Params = {"ids": chunk, "recursive": True, "page": 1, "size": size}
            page = await self._read("collections", ListPage, params)
            found |= {one["id"]: one.get("name") for one in page.content or ()}
        return found

    # ── assets ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def search(
        self,
        query: Filter,
        *,
        sort: str = "id",
        order: str = "ASC",
        page: int = 1,
        size: int | None = None,
        whole: bool = False,
        entity: str = ASSET,
    ) -> ListPage:
        """One page. `whole` asks for field values and formats, which lists leave out otherwise."""
        body: dict[str, Any] = {
            "filter": query,
            "sorting": [{"field": sort, "order": order}],
            "pagination": {"page": page, "size": size or self.quirks.page_size},
        }
        if whole:
            body["inclusions"] = filters.WHOLE[entity]
        found: ListPage = await self.send_json("POST", f"{entity}s/search", body, repeatable=True, type=ListPage)
        return found

    async def by_ids(self, ids: Sequence[int], within: int | None = None, *, entity: str = ASSET) -> list[Record]:
        """Those that are there and visible, whole; only those below a collection where one is given."""
        found: list[Record] = []
        for chunk in chunks(ids, self.quirks.ids_per_search):
            below = filters.below_collection(within, entity=entity)
            query = filters.every(filters.with_ids(chunk, entity=entity), below, entity=entity)
            async for page in self.pages(query, whole=True, entity=entity):
                found += page
        return found

    def pages(self, query: Filter, *, whole: bool = False, entity: str = ASSET) -> AsyncIterator[Sequence[Record]]:
        """All pages by number: for results that stay in one or two pages. The server may make pages smaller than asked."""

        async def read(number: int) -> tuple[Sequence[Asset], bool]:
            page = await self.search(query, page=number, whole=whole, entity=entity)
            return page.content or (), page.has_next

        return by_page(read, key=itemgetter("id"))

    async def above(self, last: int, *queries: Filter | None, entity: str = ASSET) -> AsyncIterator[ListPage]:
        """All above an id, by id, without inclusions. Nothing written meanwhile makes it skip one."""
        more = True
        while more:
            query = filters.every(filters.above(last, entity=entity), *queries, entity=entity)
            page = await self.search(query, entity=entity)
            top = max((one["id"] for one in page.content or ()), default=last)
            if page.has_next and top <= last:
                raise ContractBroken(
                    f"CELUM was asked for {entity}s above id {last}, sent none and says that more follow."
                )
            yield page
            more, last = page.has_next, top

    async def touched(self, since: datetime, *, entity: str = ASSET) -> AsyncIterator[list[Record]]:
        """Those modified, created or given a version since then, by id."""
        query = filters.touched_since(since, versioned=self.quirks.versioned_filter, entity=entity)
        async for page in self.above(0, query, entity=entity):
            yield page.content or []

    async def newest(self, *, entity: str = ASSET) -> datetime | None:
        """The last instant at which anything was created or modified by the server's own clock; None when it is empty."""
        found = []
        for kind, field in (("MODIFICATION", "modification"), ("CREATION", "creation")):
            query = filters.dated(kind, entity=entity)
            page = await self.search(query, sort=f"{field}.date", order="DESC", size=1, entity=entity)
            found += [dates.instant(one[field]["date"]) for one in page.content or () if one.get(field)]
        return max(found, default=None)

    async def asset(self, id: str | int, *inclusions: str) -> Asset:
        """One asset, read alone: as a whole, or with exactly these inclusions. Raises NotFound."""
        return await self.one(f"assets/{id}", {"inclusions": list(inclusions)} if inclusions else None)

    async def versions(self, asset: int) -> list[Record]:
        """All versions of an asset, newest first."""
        return await self.paged(f"assets/{asset}/versions")

    # ── files ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def link(self, asset: str, form: str, version: str) -> Link:
        """An address of one version in one format. It expires: use it at once, never store it."""
        params = {"downloadFormatId": form, "versionId": version or None}
        try:
            return await self._read(f"assets/{int(asset)}/download", Link, params)
        except NeedsOperator as error:
            raise errors.as_item_error(error, asset, form) from error

    @asynccontextmanager
    async def download(self, asset: str, form: str, version: str) -> AsyncIterator[FileStream]:
        """The bytes. A link that no longer serves is replaced once."""
        async with AsyncExitStack() as stack:
            try:
                stream = await self._opened(stack, asset, form, version)
            except Transient as error:
                if error.code != errors.LINK_EXPIRED:
                    raise
                stream = await self._opened(stack, asset, form, version)
            yield stream

    async def _opened(self, stack: AsyncExitStack, asset: str, form: str, version: str) -> FileStream:
        link = await self.link(asset, form, version)
        return await stack.enter_async_context(self.stream(link.url, filename=link.filename or None))


def chunks(ids: Sequence[int], size: int) -> list[Sequence[int]]:
    return [ids[at : at + size] for at in range(0, len(ids), size)]
