"""The probes that write: a scratch file and a scratch object are made, changed, read back and deleted.

`check` writes nothing. Before a tenant goes live a person asks for this once, and puts right under `quirks` what it names.
"""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from lockgate.connectors.fourallportal.base import PortalBase
from lockgate.connectors.fourallportal.client import Record
from lockgate.connectors.fourallportal.mapping import Fields
from lockgate.connectors.fourallportal.values import BOOLEANS, DATES, NUMBERS, localized, read
from lockgate.kit.contract import FileSource, FileStream, operation
from lockgate.kit.errors import ConnectorError, NotFound
from lockgate.model.item import ASSET, PRODUCT

FIRST, SECOND = b"A scratch file of a rehearsal; it may be deleted.", b"The same scratch file, replaced."
NAME, PLAIN = "rehearsal.txt", "text/plain"
SAMPLES: tuple[tuple[frozenset[str], Any], ...] = (
    (BOOLEANS, True),
    (NUMBERS, 7),
    (DATES, "2031-05-06"),
    (frozenset({"CEVarcharList"}), ["one", "two"]),
)
"""A value of each sort whose form on the wire is inferred."""


class RehearsalOperations(PortalBase):
    @operation(effect="create")
    async def rehearse(self) -> list[str]:
        """Try out uploading, replacing, the forms of values and creating with an id of ours; what was made is deleted.

        Answers a sentence for each thing tried, those that went wrong beginning with `!`.
        """
        key = f"rehearsal:{secrets.token_hex(8)}"
        return [*await self._with_a_file(key), *await self._with_an_object(key)]

    async def _with_a_file(self, key: str) -> list[str]:
        module, fields = self.modules.name(ASSET), await self.modules.read(ASSET)
        record = self._keyed(fields, key)
        if folder := self.quirks.upload_folder:
            record[self.quirks.folder_field] = [{"value": folder}]
        try:
            id, _ = await self.client.create_file(record, source(FIRST))
        except ConnectorError as error:
            return [f"! A file cannot be uploaded: {error.sentence}"]
        said = [await self._is_held(id, FIRST, "uploaded")]
        try:
            await self.client.replace_file(id, source(SECOND))
            said.append(await self._is_held(id, SECOND, "replaced"))
        except ConnectorError as error:
            said.append(f"! A file cannot be replaced: {error.sentence}")
        said += await self._values(module, id, fields)
        return [*said, *await self._cleared(module, id)]

    async def _is_held(self, id: str, content: bytes, done: str) -> str:
        try:
            async with self.client.media(self.modules.name(ASSET), id, self.quirks.original_usage) as stream:
                same = b"".join([chunk async for chunk in stream.chunks]) == content
        except ConnectorError as error:
            return f"! The {done} file cannot be read: {error.sentence}"
        return f"A file is {done} and read back." if same else f"! The {done} file is read back with other bytes."

    async def _with_an_object(self, key: str) -> list[str]:
        """An unknown id is said to create with that id; where it does, creating can be repeated."""
        module, fields = self.modules.name(PRODUCT), await self.modules.read(PRODUCT)
        record = self._keyed(fields, key)
        id = f"00000000-0000-4000-8000-{secrets.token_hex(6)}"
        try:
            (made,) = await self.client.patch(module, [{"id": id, **record}], repeatable=False)
        except (ConnectorError, ValueError) as error:
            said = error.sentence if isinstance(error, ConnectorError) else "it did not answer one id"
            return [f"! A {module} cannot be created: {said}"]
        chosen = (
            "An object is created with the id we choose." if made == id else "! An object gets another id than ours."
        )
        return [chosen, *await self._values(module, made, fields), *await self._cleared(module, made)]

    async def _values(self, module: str, id: str, fields: Fields) -> list[str]:
        """Write one field of each sort and read it back."""
        return [
            await self._value(module, id, field, value)
            for field, value in samples(fields, self.quirks.read_only_fields)
        ]

    async def _value(self, module: str, id: str, field: Mapping[str, Any], value: Any) -> str:
        name = str(field["name"])
        try:
            await self.client.patch(module, [{"id": id, name: [{"value": value}]}])
            held = read(field, (await self.client.get(module, id, [name])).get(name), self.quirks)
        except ConnectorError as error:
            return f"! {field['type']} in {module}.{name} is refused: {error.sentence}"
        return (
            f"{field['type']} in {module}.{name} is written and read back."
            if held == value
            else f"! {field['type']} in {module}.{name} is read back as {held!r}."
        )

    async def _cleared(self, module: str, id: str) -> list[str]:
        try:
            await self.client.delete(module, id)
        except NotFound:
            return []
        except ConnectorError as error:
            return [f"! The scratch object {id} of module {module} is left; delete it by hand: {error.sentence}"]
        return []

    def _keyed(self, fields: Fields, key: str) -> Record:
        """A new record under a key of ours, so that what is left over can be found."""
        return {self.quirks.key_field: [{"value": key}]} if self.quirks.key_field in fields else {}


def source(content: bytes) -> FileSource:
    @asynccontextmanager
    async def opened() -> AsyncIterator[FileStream]:
        async def chunks() -> AsyncIterator[bytes]:
            yield content

        yield FileStream(filename=NAME, media_type=PLAIN, length=len(content), chunks=chunks())

    return FileSource(filename=NAME, media_type=PLAIN, length=len(content), expected=None, open=opened)


def samples(fields: Fields, read_only: tuple[str, ...]) -> list[tuple[Mapping[str, Any], Any]]:
    """The first writable field of each sort, with a value for it. Publish fields are left alone: they would publish."""
    found = []
    for types, value in SAMPLES:
        fitting = (
            field
            for name, field in fields.items()
            if field.get("type") in types
            and name not in read_only
            and not name.startswith("publish")
            and not localized(field)
            and not field.get("valueOptionKey")
        )
        if (field := next(fitting, None)) is not None:
            found.append((field, value))
    return found
