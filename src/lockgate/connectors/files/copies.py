"""Our copies in the folder: files with their sidecars, found again by our key through a small record of each.

The record lies in `.lockgate/copies`, named by a digest of the key, which is also the copy's id. Where a file lies says whether
it is hidden, so that a crash between two steps leaves nothing that is told wrongly.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import msgspec

from lockgate.connectors.files import sidecars
from lockgate.connectors.files.naming import Template, allowed, parted
from lockgate.connectors.files.settings import FilesSettings
from lockgate.connectors.files.stores import Entry, Store
from lockgate.kit.contract import FileSource, Held, Receipt, Write
from lockgate.kit.errors import ConnectorError, ContractBroken, NotFound, Rejected, Transient
from lockgate.kit.together import answered, each
from lockgate.kit.transfer import own_hash

OWN = ".lockgate"
"""Our own folder in the store."""
Answer = Receipt | ConnectorError
T = TypeVar("T")


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one copy."""

    key: str
    path: str
    """Where it lies while it may be seen."""
    sha256: str
    bytes: int
    fields: dict[str, Any] = {}


class Copies:
    """Writes copies for one connection."""

    def __init__(self, store: Store, settings: FilesSettings) -> None:
        self.store, self.settings = store, settings
        self.template = Template(settings.name)

    # ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def held(self, keys: Sequence[str]) -> dict[str, Held]:
        found = await each(keys, self._held, self.settings.concurrency)
        return {one.key: one for one in found if one is not None}

    async def _held(self, key: str) -> Held | None:
        copy = await self.copy(ref_of(key))
        entry = await self.lying(copy) if copy is not None else None
        if copy is None or entry is None or copy.key != key:
            return None
        return Held(
            key=key,
            ref=ref_of(key),
            revision=revision(copy, entry),
            fields=copy.fields,
            length=entry.size,
            hidden=entry.path != copy.path,
        )

    async def copy(self, ref: str) -> Copy | None:
        """The record of a copy; None where there is none."""
        body = await self.store.get(record_path(ref)) if is_ref(ref) else None
        if body is None:
            return None
        try:
            return msgspec.json.decode(body, type=Copy)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ContractBroken(f"{record_path(ref)} is not as we wrote it.", detail=str(error)) from error

    async def lying(self, copy: Copy) -> Entry | None:
        """The file of a copy where it may be seen, else where it is hidden."""
        return await self.store.stat(copy.path) or await self.store.stat(self.hidden(copy.path))

    def hidden(self, path: str) -> str:
        return f"{self.settings.closed}/{path}"

    async def digest(self, ref: str, algorithm: str) -> str | None:
        copy = await self.copy(ref)
        entry = await self.lying(copy) if copy is not None else None
        if entry is None:
            return None
        digest = own_hash(algorithm) or hashlib.sha256()
        async with self.store.read(entry.path) as chunks:
            async for chunk in chunks:
                digest.update(chunk)
        return digest.hexdigest()

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def upsert(self, writes: Sequence[Write]) -> list[Answer]:
        return await self._answered(writes, self._upsert)

    async def _upsert(self, write: Write) -> Receipt:
        ref = ref_of(write.key)
        known = await self.copy(ref)
        entry = await self.lying(known) if known is not None else None
        if write.file is None:
            return await self._fields(write, ref, known, entry)
        return await self._file(write, write.file, ref, known, entry)

    async def _fields(self, write: Write, ref: str, known: Copy | None, entry: Entry | None) -> Receipt:
        if known is None or entry is None:
            raise NotFound(f"There is no copy under our key {write.key}.")
        copy = msgspec.structs.replace(known, fields={**known.fields, **write.fields})
        await self._described(copy, entry)
        await self._record(ref, copy)
        return Receipt(key=write.key, ref=ref, revision=revision(copy, entry))

    async def _file(
        self, write: Write, source: FileSource, ref: str, known: Copy | None, entry: Entry | None
    ) -> Receipt:
        """First the file, then what describes it, then the record: what is in the record is there."""
        fields = {**(known.fields if known else {}), **write.fields}
        path = await self._path(write.key, fields, source, known)
        hidden = entry is not None and known is not None and entry.path != known.path
        sent = await self.store.write(self.hidden(path) if hidden else path, source)
        copy = Copy(key=write.key, path=path, sha256=sent.sha256, bytes=sent.bytes, fields=fields)
        written = await self.store.stat(self.hidden(path) if hidden else path)
        if written is None or written.size != sent.bytes:
            raise Transient(f"{path} is not there as it was written; it is written again.", code="file.length")
        await self._described(copy, written)
        await self._record(ref, copy)
        if known is not None and known.path != path:
            await self._cleared(known.path)
            await self._cleared(self.hidden(known.path))
        return Receipt(
            key=write.key,
            ref=ref,
            revision=revision(copy, written),
            created=entry is None,
            sha256=sent.sha256,
            bytes=sent.bytes,
        )

    async def _path(self, key: str, fields: dict[str, Any], source: FileSource, known: Copy | None) -> str:
        """A copy keeps its name for life, as long as its files are of one kind."""
        if known is not None and parted(known.path)[1] == parted(source.filename)[1] and allowed(known.path):
            return known.path
        path = self.template.path(key, fields, source.filename)
        if not self.template.unique:
            await self._claim(key, path)
        return path

    async def _claim(self, key: str, path: str) -> None:
        """Make sure that a name is ours before anything is put under it. Raises Rejected where it is somebody else's."""
        place = f"{OWN}/names/{digest(path.casefold())}"
        owner = await self.store.get(place)
        if owner is None:
            if await self.store.stat(path) is not None:
                raise taken(path, "somebody else's file")
            await self.store.put(place, key.encode(), fresh=True)
            owner = await self.store.get(place)
        if owner != key.encode():
            raise taken(path, "another item")

    async def _described(self, copy: Copy, entry: Entry) -> None:
        if self.settings.sidecar in {"json", "both"}:
            await self.store.put(entry.path + sidecars.JSON, sidecars.to_json(copy.fields))
        if self.settings.sidecar in {"xmp", "both"}:
            await self.store.put(entry.path + sidecars.XMP, sidecars.to_xmp(copy.fields))

    async def _record(self, ref: str, copy: Copy) -> None:
        await self.store.put(record_path(ref), msgspec.json.encode(copy))

    async def _cleared(self, path: str) -> None:
        """A file that is ours, with what describes it."""
        for one in (path, path + sidecars.JSON, path + sidecars.XMP):
            await self.store.remove(one)

    # ── closing and showing ──────────────────────────────────────────────────────────────────────────────────────

    async def withdraw(self, refs: Sequence[str], policy: str) -> list[Answer]:
        close = {"hide": self._hide, "remove": self._remove}[policy]
        return await self._answered(refs, close)

    async def show(self, refs: Sequence[str]) -> list[Answer]:
        return await self._answered(refs, self._show)

    async def _hide(self, ref: str) -> Receipt:
        copy = await self._known(ref)
        await self._moved(copy.path, self.hidden(copy.path))
        return await self._closed(ref, copy)

    async def _remove(self, ref: str) -> Receipt:
        """The record stays: removed once more, the copy is still one of ours that is gone."""
        copy = await self._known(ref)
        await self._cleared(copy.path)
        await self._cleared(self.hidden(copy.path))
        return await self._closed(ref, copy)

    async def _show(self, ref: str) -> Receipt:
        copy = await self._known(ref)
        if await self.store.stat(copy.path) is None:
            await self._moved(self.hidden(copy.path), copy.path)
        entry = await self.store.stat(copy.path)
        if entry is None:
            raise NotFound(f"{copy.path} is not there any more, neither open nor hidden.")
        return Receipt(key=copy.key, ref=ref, revision=revision(copy, entry))

    async def _moved(self, path: str, to: str) -> None:
        """What lies at a place goes to the other; the file last when it is shown, first when it is hidden, does no harm."""
        for suffix in ("", sidecars.JSON, sidecars.XMP):
            if await self.store.stat(path + suffix) is not None:
                await self.store.move(path + suffix, to + suffix)

    async def _closed(self, ref: str, copy: Copy) -> Receipt:
        """Read back: nothing lies where it may be seen."""
        for one in (copy.path, copy.path + sidecars.JSON, copy.path + sidecars.XMP):
            if await self.store.stat(one) is not None:
                raise Transient(f"{one} can still be seen; it is closed again.", code="still_open")
        return Receipt(key=copy.key, ref=ref)

    async def _known(self, ref: str) -> Copy:
        copy = await self.copy(ref)
        if copy is None or not allowed(copy.path):
            raise NotFound(f"There is no copy {ref} of ours.")
        return copy

    async def _answered(self, things: Sequence[T], act: Callable[[T], Awaitable[Receipt]]) -> list[Answer]:
        return await each(things, lambda one: answered(act(one)), self.settings.concurrency)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def ref_of(key: str) -> str:
    """A copy's id: a digest of our key, whatever the key holds."""
    return digest(key)[:40]


def is_ref(ref: str) -> bool:
    return len(ref) == 40 and all(letter in "0123456789abcdef" for letter in ref)


def record_path(ref: str) -> str:
    return f"{OWN}/copies/{ref[:2]}/{ref}.json"


def revision(copy: Copy, entry: Entry) -> str:
    told = msgspec.json.encode([copy.fields, entry.path, entry.tag], order="deterministic")
    return hashlib.blake2b(told, digest_size=12).hexdigest()


def taken(path: str, by: str) -> Rejected:
    return Rejected(
        f"The name {path} is taken by {by}: put {{id}} into the naming template, or name one of the two otherwise.",
        code="name.taken",
    )
