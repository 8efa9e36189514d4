"""The calls of the Content API this connector makes."""

from collections.abc import AsyncIterator, Sequence
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
from lockgate.kit.http import RestClient, Sent
from lockgate.kit.http.url import Params
from lockgate.kit.paging import by_page
from lockgate.kit.services import Services

Asset = dict[str, Any]
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
        self.quirks = quirks
        self.field_names: dict[int, str] = {}
        """Names of information fields by id, filled by `fields`, so that errors can name them."""

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

    async def fields(self) -> list[dict[str, Any]]:
        """Definitions of all information fields of assets."""
        params = {"entityType": self.quirks.entity_type or None}
        found = await self._read("information-fields", list[dict[str, Any]], params)
        self.field_names = {one["id"]: str(one.get("name", "")) for one in found if isinstance(one.get("id"), int)}
        return found

    async def formats(self) -> list[dict[str, Any]]:
        return await self._read("download-formats", list[dict[str, Any]])

    async def asset_types(self) -> list[dict[str, Any]]:
        return await self._read("asset-types", list[dict[str, Any]])

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
    ) -> ListPage:
        """One page. `whole` asks for field values and formats, which lists leave out otherwise."""
        body: dict[str, Any] = {
            "filter": query,
            "sorting": [{"field": sort, "order": order}],
            "pagination": {"page": page, "size": size or self.quirks.page_size},
        }
        if whole:
            body["inclusions"] = filters.WHOLE
        found: ListPage = await self.send_json("POST", "assets/search", body, repeatable=True, type=ListPage)
        return found

    async def by_ids(self, ids: Sequence[int], within: int | None = None) -> list[Asset]:
        """The assets that are there and visible, whole; only those below a collection where one is given."""
        found: list[Asset] = []
        for chunk in chunks(ids, self.quirks.ids_per_search):
            query = filters.every(filters.with_ids(chunk), filters.below_collection(within))
            async for page in self.pages(query, whole=True):
                found += page
        return found

    def pages(self, query: Filter, *, whole: bool = False) -> AsyncIterator[Sequence[Asset]]:
        """All pages by number: for results that stay in one or two pages. The server may make pages smaller than asked."""

        async def read(number: int) -> tuple[Sequence[Asset], bool]:
            page = await self.search(query, page=number, whole=whole)
            return page.content or (), page.has_next

        return by_page(read, key=itemgetter("id"))

    async def above(self, last: int, *queries: Filter | None) -> AsyncIterator[ListPage]:
        """All assets above an id, by id, without inclusions. Nothing written meanwhile makes it skip one."""
        more = True
        while more:
            page = await self.search(filters.every(filters.above(last), *queries))
            top = max((one["id"] for one in page.content or ()), default=last)
            if page.has_next and top <= last:
                raise ContractBroken(
                    f"CELUM was asked for assets above id {last}, sent none and says that more follow."
                )
            yield page
            more, last = page.has_next, top

    async def touched(self, since: datetime) -> AsyncIterator[list[Asset]]:
        """Assets modified, created or given a version since then, by id."""
        query = filters.touched_since(since, versioned=self.quirks.versioned_filter)
        async for page in self.above(0, query):
            yield page.content or []

    async def newest(self) -> datetime | None:
        """The last instant at which anything was created or modified by the server's own clock; None when it is empty."""
        found = []
        for kind, field in (("MODIFICATION", "modification"), ("CREATION", "creation")):
            page = await self.search(filters.dated(kind), sort=f"{field}.date", order="DESC", size=1)
            found += [dates.instant(one[field]["date"]) for one in page.content or () if one.get(field)]
        return max(found, default=None)

    async def versions(self, asset: int) -> list[dict[str, Any]]:
        """All versions of an asset, newest first."""

        async def read(number: int) -> tuple[Sequence[dict[str, Any]], bool]:
            params = {"page": number, "size": self.quirks.page_size}
            page = await self._read(f"assets/{asset}/versions", ListPage, params)
            return page.content or (), page.has_next

        return [one async for page in by_page(read, key=itemgetter("id")) for one in page]

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
