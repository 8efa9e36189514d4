"""Documents: uploads in one piece or in parts, versions, renditions, content."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import urlencode

import msgspec

from lockgate.connectors.opentext.client.auth import FORM
from lockgate.connectors.opentext.client.http import Record, Rows, group_of, properties_of, result_of
from lockgate.connectors.opentext.client.parts import PartCalls
from lockgate.kit.contract import FileSource, FileStream
from lockgate.kit.errors import ContractBroken
from lockgate.kit.http import Part, Uploaded, segment
from lockgate.kit.transfer import Spooled, spooled


class ContentCalls(PartCalls):
    """The calls about what a document holds. What makes a document or a version is never repeated by itself."""

    async def make_document(self, content: Mapping[str, Any], source: FileSource) -> tuple[Record, Uploaded]:
        sent = await self._send("/api/v2/nodes", {"body": msgspec.json.encode(content)}, source)
        return properties_of(self.decode(sent.answer)), sent

    async def add_version(self, id: int, source: FileSource, description: str = "", *, major: bool = False) -> Uploaded:
        """A new version; a `major` one where the document counts them so. One whose answer was lost may have arrived."""
        fields = {"description": description[:255].encode(), "add_major_version": b"true" if major else b""}
        said = {name: value for name, value in fields.items() if value}
        return await self._send(f"/api/v2/nodes/{id}/versions", said, source)

    async def _send(self, path: str, fields: Mapping[str, bytes], source: FileSource) -> Uploaded:
        """Fields with their file: in one call, or, for a large file, with the key of what was sent in parts before.

        The server wants to know a length first: a file of unknown length is kept on disk until it is known.
        """
        if source.length is not None and not await self.takes_parts(source.length):
            return await self._whole_file(path, fields, source)
        async with spooled(source, self.services.spool) as kept:
            if not await self.takes_parts(kept.length):
                return await self._whole_file(path, fields, kept.source)
            return await self._by_key(path, fields, kept)

    async def _whole_file(self, path: str, fields: Mapping[str, bytes], source: FileSource) -> Uploaded:
        parts = [Part(name=name, content=value) for name, value in fields.items()]
        return await self.upload("POST", path, source, field="file", parts=parts)

    async def _by_key(self, path: str, fields: Mapping[str, bytes], kept: Spooled) -> Uploaded:
        key = await self.sent_in_parts(kept)
        form = urlencode([*fields.items(), ("upload_key", key)]).encode()
        answer = await self.request("POST", path, headers={"Content-Type": FORM}, body=form)
        return Uploaded(answer=answer, sha256=kept.sha256, bytes=kept.length)

    # ── versions ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def latest(self, id: int | str) -> Record:
        told = (await self.get(f"/api/v1/nodes/{segment(id)}/versions/latest")).get("data")
        if not isinstance(told, dict) or not isinstance(told.get("version_number"), int):
            raise ContractBroken(f"The latest version of {id} was answered without its number.", code="version")
        return told

    async def versions(self, id: int) -> list[Record]:
        rows = await self.listed(
            f"/api/v2/nodes/{id}/versions", {}, self.quirks.list_size, key="version_number", group="versions"
        )
        return sorted((group_of(row, "versions") for row in rows), key=lambda one: int(one["version_number"]))

    async def purge_versions(self, id: int, keep: int) -> None:
        await self.form("DELETE", f"/api/v2/nodes/{id}/versions", {"number_to_keep": keep})

    def content(self, id: int | str, version: str, filename: str | None) -> AbstractAsyncContextManager[FileStream]:
        path = self.quirks.content_path.format(id=segment(id), version=segment(version))
        return self.stream(path, filename=filename)

    # ── one version ──────────────────────────────────────────────────────────────────────────────────────────────

    async def version(self, id: int, number: int) -> Record:
        return group_of(result_of(await self.get(version_path(id, number))), "versions")

    async def describe_version(self, id: int, number: int, description: str) -> None:
        await self.form("PUT", version_path(id, number), {"description": description[:255]})

    async def remove_version(self, id: int, number: int) -> None:
        await self.request("DELETE", version_path(id, number))

    async def mark_version(self, id: int, number: int, how: str, fields: Mapping[str, Any] | None = None) -> None:
        """`lock`, `unlock` or `promote`."""
        await self.form("POST", f"{version_path(id, number)}/{how}", fields or {}, repeatable=how != "promote")

    # ── renditions ───────────────────────────────────────────────────────────────────────────────────────────────

    async def renditions(self, id: int | str, number: int) -> Rows:
        """Other forms of a version; none give an empty list."""
        told = (await self.get(f"{version_path(id, number)}/renditions")).get("results")
        rows = told.get("data") if isinstance(told, dict) else None
        if not isinstance(rows, list):
            raise ContractBroken(f"The renditions of version {number} of {id} came in no list.", code="list")
        return [one for one in rows if isinstance(one, dict) and one.get("rendition_type")]

    def rendition(self, id: int | str, number: int, kind: str) -> AbstractAsyncContextManager[FileStream]:
        return self.stream(f"{version_path(id, number)}/renditions/content", params={"rendition_type": kind})


def version_path(id: int | str, number: int) -> str:
    return f"/api/v2/nodes/{segment(id)}/versions/{number}"
