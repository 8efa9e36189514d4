"""How Content Server is spoken to: forms, JSON within a form field, pages, and what its refusals mean."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from lockgate.connectors.opentext.client.auth import FORM, TICKET, Tickets
from lockgate.connectors.opentext.client.errors import explain, with_data
from lockgate.connectors.opentext.quirks import Quirks
from lockgate.kit.errors import ConnectorError, ContractBroken, Rejected
from lockgate.kit.http import Answer, RestClient, Sent
from lockgate.kit.http.answer import usual_reason
from lockgate.kit.http.url import Params, pairs
from lockgate.kit.paging import short
from lockgate.kit.services import Services

Record = dict[str, Any]
Rows = list[Record]
ROUNDS = 3
"""How often a list is read that grew or shrank while it was."""
DEEP = 90_000
"""Paging ends near 100,000 rows, whatever a list says of its length."""


class OtcsHttp(RestClient):
    """Calls of one server. Successes are 200 with a JSON body that is never empty; refusals are told apart by their words."""

    auth: Tickets

    def __init__(self, site: str, services: Services, auth: Tickets, quirks: Quirks) -> None:
        super().__init__(site, services, auth)
        self.quirks = quirks

    # ── what answers mean ────────────────────────────────────────────────────────────────────────────────────────

    def accept(self, answer: Answer, sent: Sent) -> None:
        """No success is without data; records management refuses within one."""
        self.auth.adopt(answer.headers.get(TICKET))
        with_data(answer, sent)
        if b'"errMsg"' in answer.body[:400] and (words := refused_within(answer.body)):
            scrub = self.exchange.scrubber()
            raise Rejected(
                f"{sent.connection} refused {sent.what} ({scrub.text(words)}).", detail=scrub.body(answer.body)
            )

    def error_for(self, status: int, body: bytes, sent: Sent) -> ConnectorError:
        scrub = self.exchange.scrubber()
        error = explain(status, scrub.text(self.reason(body)), sent, self.quirks)
        if error is None:
            return super().error_for(status, body, sent)
        error.detail = scrub.body(body)
        return error

    def reason(self, body: bytes) -> str:
        return refused_within(body) or usual_reason(body)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def get(self, path: str, params: Params | None = None) -> Record:
        told: Record = await self.get_json(path, params=params, type=Record)
        return told

    async def form(
        self,
        method: str,
        path: str,
        fields: Mapping[str, Any],
        *,
        params: Params | None = None,
        repeatable: bool | None = None,
    ) -> Record:
        """Send plain form fields: lists repeat their name, None is left out."""
        answer = await self.request(
            method,
            path,
            params=params,
            headers={"Content-Type": FORM},
            body=urlencode(pairs(fields)).encode(),
            repeatable=repeatable,
        )
        told = self.decode(answer)
        return told if isinstance(told, dict) else {"results": told}

    async def body(
        self, method: str, path: str, content: Mapping[str, Any], *, repeatable: bool | None = None
    ) -> Record:
        """Send JSON in the form field `body`: servers take no JSON bodies."""
        fields = {"body": msgspec.json.encode(content).decode()}
        return await self.form(method, path, fields, repeatable=repeatable)

    # ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def listed(
        self, path: str, params: Mapping[str, Any], size: int, *, key: str = "id", group: str = "properties"
    ) -> Rows:
        """All rows of a list, each once. One that grew or shrank meanwhile may have skipped some, so it is read again.

        Raises ContractBroken where it gives fewer than it says there are.
        """
        found: dict[Any, Record] = {}
        for _ in range(ROUNDS):
            totals: list[int | None] = []
            async for rows, total in self.pages(path, params, size, key=key, group=group):
                found |= {row["data"][group][key]: row for row in rows}
                totals.append(total)
            least = min((one for one in totals if one is not None), default=0)
            if len(set(totals)) <= 1 and len(found) >= least:
                break
        if len(found) < least and self.quirks.exact_totals:
            raise self._short(len(found), least)
        return list(found.values())

    def _short(self, found: int, least: int) -> ContractBroken:
        if found >= DEEP:
            return ContractBroken(
                f"{self.services.connection} ended a list after {found} of {least} entries; name the workspace types of this "
                "connection, so that its lists are shorter.",
                code="list.cut",
            )
        return short(found, least)

    async def pages(
        self, path: str, params: Mapping[str, Any], size: int, *, key: str = "id", group: str = "properties"
    ) -> AsyncIterator[tuple[Rows, int | None]]:
        """Pages of a list with the total it states; either of the two forms of paging, or none stated.

        Some servers repeat the last page instead of giving an empty one, so the end is also a page without anything new.
        """
        seen: set[Any] = set()
        number, more = 1, True
        while more:
            told = await self.get(path, {**params, "limit": size, "page": number})
            rows = rows_of(told, group, key)
            keys = {row["data"][group][key] for row in rows}
            total, more = paging(told, size, number, len(rows))
            if keys - seen or number == 1:
                yield rows, total
            if not keys - seen:
                return
            seen |= keys
            number += 1


def refused_within(body: bytes) -> str:
    """What records management says when it refuses within its `results`, else empty."""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    results = told.get("results") if isinstance(told, dict) else None
    if isinstance(results, dict) and results.get("ok") is False:
        return str(results.get("errMsg") or "no reason given")
    return ""


def paging(told: Mapping[str, Any], size: int, number: int, rows: int) -> tuple[int | None, bool]:
    """The total a list states, and whether another page follows.

    Workspace lists promise more pages than they give; there only the link to the next one tells.
    """
    if isinstance(own := told.get("paging"), dict):
        links = own.get("actions") or own.get("links") or {}
        return number_of(own.get("total_count")), "next" in (links.get("data") or links)
    own = (told.get("collection") or {}).get("paging") or {}
    total = number_of(own.get("total_count"))
    if total is None:
        return None, rows >= size
    return total, number * int(own.get("limit") or size) < total


def number_of(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def rows_of(told: Mapping[str, Any], group: str, key: str) -> Rows:
    """The rows of a list; ContractBroken where one has no id."""
    rows = told.get("results")
    if not isinstance(rows, list) or not all(key in group_of(row, group) for row in rows):
        raise ContractBroken(f"A list came without rows that have {group}.{key}.", code="list")
    return rows


def group_of(row: Any, group: str) -> Record:
    """One group of fields of a node or row: `data.properties`, `data.versions` …; empty where it is not there."""
    data = row.get("data") if isinstance(row, dict) else None
    found = data.get(group) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def result_of(told: Mapping[str, Any]) -> Record:
    """`results` of an answer about one thing; a list of one is taken for it, since recordings differ."""
    results = told.get("results")
    if isinstance(results, list) and len(results) == 1:
        results = results[0]
    if not isinstance(results, dict):
        raise ContractBroken("An answer about one item came without it.", code="result")
    return results


def properties_of(told: Mapping[str, Any]) -> Record:
    found = group_of(result_of(told), "properties")
    if "id" not in found:
        raise ContractBroken("An answer about one item came without its properties.", code="result")
    return found
