"""Downloads of several assets: as one archive at once, or by a job for renditions that must be converted first."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec

from lockgate.connectors.celum.base import CelumBase
from lockgate.connectors.celum.client.calls import Link, Record
from lockgate.kit.contract import FileStream, operation
from lockgate.kit.errors import ContractBroken, Rejected, Transient
from lockgate.kit.http.url import Params

Wanted = tuple[str, str]
"""An asset, and a download format by its key or number."""


class Converted(msgspec.Struct, frozen=True, kw_only=True):
    """What a job came to: one file as it is, several as an archive."""

    file: FileStream
    failed: tuple[Wanted, ...]
    """Which could not be converted."""


class DownloadOperations(CelumBase):
    @operation(effect="read")
    @asynccontextmanager
    async def bundle(self, assets: Sequence[str], form: str) -> AsyncIterator[FileStream]:
        """Assets in one format that needs no conversion; several come as a ZIP archive."""
        query: Params = {"assetIds": list(assets), "downloadFormatId": await self._format(form)}
        link = msgspec.convert(await self.client.one("assets/download", query), Link)
        async with self.client.stream(link.url, filename=link.filename or None) as stream:
            yield stream

    @operation(effect="read", idempotent="look-up")
    @asynccontextmanager
    async def convert(self, wanted: Sequence[Wanted]) -> AsyncIterator[Converted]:
        """Renditions made by a job, waited for. A start whose answer is lost leaves a job nobody asks for: it does no harm.

        Raises Rejected (`job.failed`) when none could be made, Transient (`job.slow`) after the quirk `job_seconds`.
        """
        keys = {str(one["id"]): str(one.get("key") or one["id"]) for one in await self.client.formats()}
        items = [{"assetId": int(asset), "formatId": await self._format(form)} for asset, form in wanted]
        job = await self._done(await self.client.create("jobs", {"type": "DOWNLOAD", "items": items}))
        failed = tuple(
            (str(one["assetId"]), keys.get(str(one["formatId"]), str(one["formatId"])))
            for one in job.get("failedItems") or ()
        )
        if job.get("status") == "FAILED":
            raise Rejected(f"CELUM could convert none of {len(items)} renditions.", code="job.failed")
        if not isinstance(job.get("download"), dict):
            raise ContractBroken("A finished download job came without its download.", code="job")
        link = msgspec.convert(job["download"], Link)
        async with self.client.stream(link.url, filename=link.filename or None) as stream:
            yield Converted(file=stream, failed=failed)

    async def _done(self, job: Record) -> Record:
        """The job once it stands still."""
        try:
            async with asyncio.timeout(self.quirks.job_seconds):
                while job.get("status") == "PROGRESS":
                    await asyncio.sleep(self.quirks.job_poll_seconds)
                    job = await self.client.one(f"jobs/{job['id']}")
        except TimeoutError:
            raise Transient(
                f"Download job {job.get('id')} is still running after {self.quirks.job_seconds:g} s; it is asked for again.",
                code="job.slow",
            ) from None
        if job.get("status") not in {"FINISHED", "FAILED"}:
            raise ContractBroken(f"A download job is {job.get('status')!r}, which no document knows.", code="job")
        return job

    async def _format(self, form: str) -> int:
        """The number of a download format. Raises Rejected."""
        for one in await self.client.formats():
            if form in {str(one.get("key")), str(one["id"])}:
                return int(one["id"])
        raise Rejected(f"CELUM has no download format {form!r}.", code="format")
