"""Files of items: opened, their version compared before the first and after the last byte."""

import base64
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from lockgate.connectors.rest.definition import paths
from lockgate.connectors.rest.definition.calls import Work
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.shapes import Kind
from lockgate.connectors.rest.runtime.calls import Calling, Got, Scope, parameter
from lockgate.connectors.rest.runtime.reading import Many
from lockgate.connectors.rest.runtime.records import Records
from lockgate.kit.contract import FileStream
from lockgate.kit.errors import ContractBroken, NotFound
from lockgate.kit.transfer import CHUNK, digest_there, ending, same_file
from lockgate.model.item import Item, Rendition

ADDRESS = Work(call="GET {address}")


class Files:
    """Opens files of one kind."""

    def __init__(self, calling: Calling, kind: Kind, fetch: Many | None, records: Records) -> None:
        self._client = calling.client
        self._ready = calling.work(kind.download or ADDRESS)
        self._base64 = paths.getter(kind.download_base64) if kind.download_base64 else None
        self._fetch, self._records = fetch, records

    @asynccontextmanager
    async def open(self, scope: Scope, item_id: str, rendition: Rendition) -> AsyncIterator[FileStream]:
        """The bytes of exactly this version. Raises NotFound or Transient when there is another one by now."""
        await self._still(scope, item_id, rendition)
        async with self._stream(scope | {"id": item_id, "address": bare(rendition)}, rendition) as stream:
            yield ending(stream, partial(self._still, scope, item_id, rendition))

    async def digest(self, scope: Scope, ref: str, algorithm: str) -> str | None:
        """Of the first rendition the item has now; None where it has none."""
        item = await self._item(scope, ref)
        if item is None or not item.renditions:
            return None
        first = item.renditions[0]
        return await digest_there(self._stream(scope | {"id": ref, "address": bare(first)}, first), algorithm)

    async def _still(self, scope: Scope, item_id: str, rendition: Rendition) -> None:
        item = await self._item(scope, item_id)
        same_file(item, rendition, who=self._records.system, id=item_id)

    async def _item(self, scope: Scope, id: str) -> Item | None:
        found = await self._fetch.found(scope, [id]) if self._fetch is not None else []
        made = (
            self._records.item(values, raw) for one in found for values, raw in zip(one.values, one.raws, strict=True)
        )
        return next((item for item in made if item.id == id), None)

    @asynccontextmanager
    async def _stream(self, scope: Scope, rendition: Rendition) -> AsyncIterator[FileStream]:
        if self._base64 is not None:
            yield await self._decoded(scope, rendition)
            return
        async with await self._opened(scope, rendition) as stream:
            yield stream

    async def _opened(self, scope: Scope, rendition: Rendition) -> AbstractAsyncContextManager[FileStream]:
        """Calls before the last are made; the last one carries the bytes."""
        got = Got(scope=scope | {"took": {}})
        for one in self._ready.calls[:-1]:
            await one.perform(got, None)
        last = self._ready.last
        params = last.query(got.scope) if last.query else None
        await self._client.signed_in()
        return self._client.stream(
            last.address(got.scope),
            params={name: parameter(value) for name, value in params.items()} if params else None,
            headers=last.headers(got.scope),
            filename=rendition.filename,
            method=last.method,
        )

    async def _decoded(self, scope: Scope, rendition: Rendition) -> FileStream:
        """A file inside an answer: such a one is in memory, as the answer is."""
        got = await self._ready(scope)
        inner = self._ready.last.inner(got.answer)
        found = self._base64(inner) if self._base64 is not None and inner is not paths.MISSING else paths.MISSING
        if found in (None, paths.MISSING):
            raise NotFound(f"{self._records.system} has no file at {rendition.address}.")
        try:
            content = base64.b64decode(as_text(found))
        except ValueError as problem:
            raise ContractBroken(
                f"{self._records.system} gave a file that is no base64.", code="file.base64"
            ) from problem

        async def chunks() -> AsyncIterator[bytes]:
            for at in range(0, len(content), CHUNK):
                yield content[at : at + CHUNK]

        return FileStream(
            filename=rendition.filename,
            media_type=rendition.media_type or "application/octet-stream",
            length=len(content),
            chunks=chunks(),
        )


def bare(rendition: Rendition) -> str:
    """The system's own address of a file; ours begins with the kind."""
    return rendition.address.partition(":")[2]
