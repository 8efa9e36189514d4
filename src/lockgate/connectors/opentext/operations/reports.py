"""Web reports: questions that an administrator wrote once, to be asked by nickname."""

from collections.abc import Mapping
from typing import Any

from lockgate.connectors.opentext.answers import Report
from lockgate.connectors.opentext.operations.parts import Parts
from lockgate.kit.contract import operation
from lockgate.kit.errors import ContractBroken, Rejected

LONGEST = 16 * 1024 * 1024


class ReportOperations(Parts):
    """What no other call of the server answers."""

    @operation(effect="read")
    async def report(self, nickname: str, values: Mapping[str, Any] | None = None) -> Report:
        """What a report puts out for these values: a text of up to 16 MiB, such as JSON or CSV. Rejected where it is no text.

        The report must only read: the server cannot tell, and the call may be repeated.
        """
        found = bytearray()
        async with self.client.report(nickname, values or {}) as stream:
            async for chunk in stream.chunks:
                found += chunk
                if len(found) > LONGEST:
                    raise ContractBroken(f"Report {nickname} puts out more than {LONGEST} bytes.", code="too_long")
        try:
            return Report(media_type=stream.media_type, text=found.decode())
        except UnicodeDecodeError as problem:
            raise Rejected(f"Report {nickname} puts out no text ({stream.media_type}).", code="report") from problem

    @operation(effect="read")
    async def report_parameters(self, nickname: str) -> list[Mapping[str, Any]]:
        """What a report asks for, in the server's words."""
        return list(await self.client.report_parameters(nickname))

    @operation(effect="upsert")
    async def run_report(self, nickname: str, values: Mapping[str, Any] | None = None) -> None:
        """Run a report whose output goes elsewhere, such as into a document. Whether a repeat does harm is for its author to say."""
        await self.client.run_report(nickname, values or {})
