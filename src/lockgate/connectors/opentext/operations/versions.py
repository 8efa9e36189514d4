"""Versions of documents and their renditions."""

from contextlib import AbstractAsyncContextManager

from lockgate.connectors.opentext.answers import OtherForm, Version
from lockgate.connectors.opentext.operations.parts import Parts, Record
from lockgate.kit.contract import FileStream, operation
from lockgate.kit.errors import NotFound


class VersionOperations(Parts):
    """What a document was, and in which other forms it is there."""

    @operation(effect="read")
    async def versions(self, document: int) -> list[Version]:
        """All versions, oldest first, with who uploaded them."""
        return [self._version(one) for one in await self.client.versions(document)]

    @operation(effect="read")
    async def version(self, document: int, number: int) -> Version:
        """One version. NotFound where there is none of that number."""
        found = await self.client.version(document, number)
        if "version_number" not in found:
            raise NotFound(f"Document {document} has no version {number}.", code="version")
        return self._version(found)

    def _version(self, one: Record) -> Version:
        return Version(
            number=int(one["version_number"]),
            name=str(one.get("version_number_name") or one["version_number"]),
            file_name=str(one.get("file_name") or ""),
            size=one.get("file_size") if isinstance(one.get("file_size"), int) else None,
            media_type=str(one.get("mime_type") or ""),
            created=self.at(one.get("create_date")),
            by=one.get("owner_id") if isinstance(one.get("owner_id"), int) else None,
            description=str(one.get("description") or ""),
            locked=one.get("locked") is True,
        )

    @operation(effect="upsert")
    async def describe_version(self, document: int, number: int, description: str) -> None:
        """Say what is new in a version; 255 characters are kept."""
        await self.client.describe_version(document, number, description)

    @operation(effect="upsert")
    async def lock_version(self, document: int, number: int) -> None:
        """Keep a version from being changed or deleted, such as the one that was approved; newer ones may still be added."""
        if not (await self.version(document, number)).locked:
            await self.client.mark_version(document, number, "lock")

    @operation(effect="upsert")
    async def unlock_version(self, document: int, number: int) -> None:
        if (await self.version(document, number)).locked:
            await self.client.mark_version(document, number, "unlock")

    @operation(effect="upsert", idempotent="look-up")
    async def promote_version(self, document: int, number: int, description: str = "") -> None:
        """Make a version the next major one, unless it is one. Rejected where the document counts no minor ones."""
        found = await self.client.version(document, number)
        major, minor = found.get("version_number_major"), found.get("version_number_minor")
        if not (major and minor == 0):
            await self.client.mark_version(document, number, "promote", {"description": description or None})

    @operation(effect="withdraw")
    async def remove_version(self, document: int, number: int) -> None:
        """Remove one version; nothing happens where it is gone. The only one, and locked ones, are refused."""
        if any(one.number == number for one in await self.versions(document)):
            await self.client.remove_version(document, number)

    @operation(effect="withdraw")
    async def purge_versions(self, document: int, keep: int) -> None:
        """Remove all versions but the newest so many; locked ones stay."""
        await self.client.purge_versions(document, keep)

    # ── renditions ───────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def renditions(self, document: int, number: int | None = None) -> list[OtherForm]:
        """Other forms of a version, such as a PDF that the server made of it; of the newest one where no number is given."""
        if number is None:
            number = int((await self.client.latest(document))["version_number"])
        return [
            OtherForm(
                type=str(one["rendition_type"]),
                version=number,
                file_name=str(one.get("file_name") or ""),
                size=one.get("file_size") if isinstance(one.get("file_size"), int) else None,
                media_type=str(one.get("mime_type") or ""),
                created=self.at(one.get("create_date")),
            )
            for one in await self.client.renditions(document, number)
        ]

    @operation(effect="read")
    def open_rendition(self, document: int, number: int, type: str) -> AbstractAsyncContextManager[FileStream]:
        """The bytes of another form of a version."""
        return self.client.rendition(document, number, type)
