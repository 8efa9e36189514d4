"""Our copies of files, and our objects of other modules: created, files replaced, fields set. Our key is what they are found by."""

from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.fourallportal.client import PortalClient
from lockgate.connectors.fourallportal.errors import VALUE_TAKEN
from lockgate.connectors.fourallportal.mapping import Records
from lockgate.connectors.fourallportal.modules import Modules
from lockgate.connectors.fourallportal.values import Unwritable
from lockgate.kit.contract import FileSource, Receipt, Write
from lockgate.kit.errors import Conflict, ConnectorError, ContractBroken, NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.joint import Joint
from lockgate.kit.together import answered
from lockgate.model.item import ASSET

Answer = Receipt | ConnectorError
Wire = dict[str, Any]


class Copies:
    """Writes copies of one kind for one connection."""

    def __init__(self, client: PortalClient, modules: Modules, kind: str = ASSET) -> None:
        self.client, self.modules, self.quirks, self.kind = client, modules, client.quirks, kind
        self._found = Joint(self._find)

    @property
    def module(self) -> str:
        return self.modules.name(self.kind)

    async def upsert(self, writes: Sequence[Write]) -> list[Answer]:
        """Files one after another, fields alone in batches.

        Every copy is looked up by our key first, also where its id is known: a copy that lost our key is not ours any
        more, and to write to an id that is gone would create something.
        """
        records = await self.modules.records(self.kind)
        refs = await self.refs([write.key for write in writes])
        answers: dict[str, Answer] = {}
        plain: dict[str, Wire] = {}
        for write in writes:
            try:
                wire = records.encoded(write.fields)
                if write.file is not None:
                    answers[write.key] = await answered(
                        self.send(write, write.file, refs.get(write.key), wire, records)
                    )
                elif write.key not in refs and write.ref is None and self.kind != ASSET:
                    answers[write.key] = await answered(self.make(write.key, wire, records))
                elif write.key in refs:
                    plain[write.key] = wire
                else:
                    answers[write.key] = self.lost(write)
            except Unwritable as problem:
                answers[write.key] = Rejected(f"{problem}. Correct it at the source.", code="field.value")
        answers |= await self.update({key: {"id": refs[key], **wire} for key, wire in plain.items()})
        return [answers[write.key] for write in writes]

    async def refs(self, keys: Sequence[str]) -> dict[str, str]:
        """Ids of our copies by our key, as the portal knows them now."""
        found = await self._found(keys)
        return {key: found[key] for key in keys if key in found}

    async def _find(self, keys: Sequence[str]) -> dict[str, str]:
        name, records = self.quirks.key_field, await self.modules.records(self.kind)
        if name not in records.fields:
            raise NeedsOperator(
                f"Module {self.module} has no field {name!r} for our key, so what we write there could not be found again. "
                "Have a unique text field of that name made, or name one under quirks, `key_field`.",
                code="key.field",
            )
        found = await self.client.having(self.module, name, keys, fields=[name])
        return {records.key(record): id for id, record in found.items()}

    def lost(self, write: Write) -> NotFound:
        return NotFound(f"{self.client.services.connection} holds no copy under our key {write.key}.")

    async def update(self, objects: Mapping[str, Wire]) -> dict[str, Answer]:
        """Set fields of copies that are there, by key."""
        stored = await patch_each(self.client, self.module, list(objects.values()))
        return {key: stored[wire["id"]] or Receipt(key=key, ref=wire["id"]) for key, wire in objects.items()}

    async def make(self, key: str, wire: Wire, records: Records) -> Receipt:
        """An object without a file. One that is there under the key by now was made by a call whose answer was lost."""
        record = wire | {self.quirks.key_field: [{"value": self.fitting(key, records)}]}
        try:
            return Receipt(key=key, ref=await self.client.create(self.module, record), created=True)
        except (Rejected, Transient, ContractBroken) as error:
            ref = (await self.refs([key])).get(key)
            if ref is None:
                raise self.unseen(key, error) if self.about_key(error, key) else error from error
        await self.client.patch(self.module, [{"id": ref, **wire}])
        return Receipt(key=key, ref=ref, created=True)

    def about_key(self, error: ConnectorError, key: str) -> bool:
        """Whether it is our key that is taken: an object has other unique fields, such as a product its number."""
        named = key in error.sentence or self.quirks.key_field in error.sentence
        return error.code == VALUE_TAKEN and named

    async def send(self, write: Write, file: FileSource, ref: str | None, wire: Wire, records: Records) -> Receipt:
        """Create our copy, or replace the file of the one there is."""
        if self.kind != ASSET:
            raise Rejected(f"Objects of module {self.module} have no file of their own.", code="file")
        if ref is not None:
            return await self.replace(write.key, file, ref, wire)
        if write.ref is not None:
            raise self.lost(write)
        return await self.create(write.key, file, wire, records)

    async def replace(self, key: str, file: FileSource, ref: str, wire: Wire) -> Receipt:
        sent = await self.client.replace_file(ref, file)
        if wire:
            await self.client.patch(self.quirks.file_module, [{"id": ref, **wire}])
        return Receipt(key=key, ref=ref, sha256=sent.sha256, bytes=sent.bytes)

    async def create(self, key: str, file: FileSource, wire: Wire, records: Records) -> Receipt:
        """A key that is taken was created by us a moment ago by a call whose answer we did not see: then that copy is replaced."""
        record = wire | {self.quirks.key_field: [{"value": self.fitting(key, records)}]}
        if self.quirks.upload_folder:
            record[self.quirks.folder_field] = [{"value": self.quirks.upload_folder}]
        try:
            id, sent = await self.client.create_file(record, file)
        except Rejected as error:
            ref = (await self.refs([key])).get(key)
            if ref is not None:
                return await self.replace(key, file, ref, wire)
            if error.code == VALUE_TAKEN:
                raise self.unseen(key, error) from error
            raise
        return Receipt(key=key, ref=id, created=True, sha256=sent.sha256, bytes=sent.bytes)

    def fitting(self, key: str, records: Records) -> str:
        """Our key is never shortened: two could become one."""
        length = records.fields.get(self.quirks.key_field, {}).get("length")
        if isinstance(length, int) and len(key) > length:
            raise Rejected(
                f"Our key {key} is longer than the {length} characters of field {self.quirks.key_field}; have that field made longer.",
                code="key.length",
            )
        return key

    def unseen(self, key: str, error: ConnectorError) -> Conflict:
        return Conflict(
            f"{error.sentence} No copy can be seen under our key {key}: it appears in a moment and is tried again then, or it lies "
            "deleted or hidden from our key's role in the portal, and a person has to free the value.",
            code=VALUE_TAKEN,
            detail=error.detail,
        )


async def patch_each(client: PortalClient, module: str, objects: Sequence[Wire]) -> dict[str, ConnectorError | None]:
    """Change objects in batches; a refused batch was not stored at all, so its objects are tried one by one."""
    answers: dict[str, ConnectorError | None] = {}
    for start in range(0, len(objects), client.quirks.batch):
        part = objects[start : start + client.quirks.batch]
        error = await patched(client, module, part)
        if not isinstance(error, Rejected):
            answers |= {one["id"]: error for one in part}
        elif len(part) == 1:
            answers[part[0]["id"]] = await explained(client, module, part[0]["id"], error)
        else:
            for one in part:
                answers |= await patch_each(client, module, [one])
    return answers


async def patched(client: PortalClient, module: str, part: Sequence[Wire]) -> ConnectorError | None:
    told = await answered(client.patch(module, part))
    return told if isinstance(told, ConnectorError) else None


async def explained(client: PortalClient, module: str, id: str, refused: Rejected) -> ConnectorError:
    """The portal refuses a deleted object like a taken value, so the difference is asked for."""
    try:
        await client.get(module, id)
    except NotFound as lost:
        return lost
    return refused
