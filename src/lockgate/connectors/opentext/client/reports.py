"""Web reports: what an administrator wrote to be asked for by its nickname."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from lockgate.connectors.opentext.client.http import OtcsHttp, Rows
from lockgate.kit.contract import FileStream
from lockgate.kit.http import segment

REPORTS = "/api/v1/webreports"


class ReportCalls(OtcsHttp):
    """The calls of web reports. Their answers are of any form, also pages and empty ones, so they are not looked into."""

    def report(self, nickname: str, values: Mapping[str, Any]) -> AbstractAsyncContextManager[FileStream]:
        """What a report puts out, as it stands: without `format` the server would write it as JSON once more."""
        return self.stream(f"{REPORTS}/{segment(nickname)}", params={**values, "format": "webreport"})

    async def run_report(self, nickname: str, values: Mapping[str, Any]) -> None:
        """Run a report that puts its output elsewhere. Not repeated: it may do anything."""
        await self.form("POST", f"{REPORTS}/{segment(nickname)}", values, repeatable=False)

    async def report_parameters(self, nickname: str) -> Rows:
        told = (await self.get(f"{REPORTS}/{segment(nickname)}/parameters")).get("data")
        return [one for one in told or () if isinstance(one, dict)]
