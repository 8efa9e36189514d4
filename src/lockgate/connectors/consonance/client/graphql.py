"""GraphQL over HTTP: one address, errors under status 200, plain lists whose only paging is `after`."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
from graphql import get_introspection_query

from lockgate.connectors.consonance.client import documents
from lockgate.connectors.consonance.client.live import LiveSchema, shipped
from lockgate.connectors.consonance.quirks import Quirks
from lockgate.kit.contract import FileSource, FileStream
from lockgate.kit.errors import ConnectorError, ContractBroken, NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.http import Bearer, RestClient, Uploaded
from lockgate.kit.paging import by_key
from lockgate.kit.services import Services
from lockgate.kit.together import together

Record = dict[str, Any]
Payload = dict[str, Any]

NOT_FOUND = "Record not found"
FORBIDDEN = "forbidden"


class GraphQLError(msgspec.Struct):
    message: str = ""
    extensions: dict[str, Any] | None = None
    locations: list[Any] | None = None


class Body(msgspec.Struct):
    """What answers an operation."""

    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: list[GraphQLError] | None = None


class GraphQLClient(RestClient):
    """Operations of one account."""

    def __init__(self, site: str, key: str, services: Services, quirks: Quirks) -> None:
        super().__init__(site, services, Bearer(key))
        self.quirks = quirks
        self._live: LiveSchema | None = None
        self._asking = asyncio.Lock()

    # ── operations ───────────────────────────────────────────────────────────────────────────────────────────────

    async def read(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The data of a query, cut down to what the account's schema has."""
        live = await self.live()
        return await self._ask(live.fitted(document), variables or {}, repeatable=True)

    async def write(self, mutation: str, input: Mapping[str, Any]) -> Payload:
        """The payload of a mutation, never sent twice. Raises Rejected or NotFound with the business's own words."""
        live, type = await self.live(), documents.input_type(mutation)
        live.need("Mutation", mutation)
        live.need(type, *input)
        data = await self._ask(live.fitted(documents.MUTATIONS[mutation]), {"input": dict(input)}, repeatable=False)
        payload = data.get(mutation)
        if not isinstance(payload, dict):
            raise ContractBroken(f"{self.services.connection} answered {mutation} without a payload.")
        if payload.get("errors"):
            raise self.refused(mutation, payload["errors"])
        return payload

    def refused(self, mutation: str, errors: Sequence[Any]) -> Rejected:
        said = self.exchange.scrubber().text("; ".join(map(str, errors)))
        if NOT_FOUND in errors:
            return NotFound(f"{self.services.connection} has no record for {mutation} any more ({said}).")
        return Rejected(f"{self.services.connection} refused {mutation}: {said}.", code="business")

    async def live(self) -> LiveSchema:
        """The account's schema; asked once."""
        async with self._asking:
            if self._live is None:
                self._live = await self._introspect()
            return self._live

    async def _introspect(self) -> LiveSchema:
        who = self.services.connection
        if not self.quirks.introspect:
            return shipped(who)
        try:
            told = await self._raw(get_introspection_query(descriptions=False), {}, repeatable=True)
        except ContractBroken as error:
            if error.code != "graphql":
                raise
            return shipped(who)
        return LiveSchema.told(told, who)

    async def _ask(self, query: str, variables: Mapping[str, Any], *, repeatable: bool) -> dict[str, Any]:
        data: dict[str, Any] = msgspec.json.decode(await self._raw(query, variables, repeatable=repeatable))
        return data

    async def _raw(self, query: str, variables: Mapping[str, Any], *, repeatable: bool) -> bytes:
        """The data of an answer as it stands in it. Part of an answer is none: what is missing cannot be told from what is empty."""
        body = {"query": query, "variables": dict(variables)}
        path = self.quirks.graphql_path
        told: Body | None = await self.send_json("POST", path, body, repeatable=repeatable, type=Body)
        if told is not None and told.errors:
            raise self.meant(told.errors)
        if told is None or not bytes(told.data).startswith(b"{"):
            raise ContractBroken(f"{self.services.connection} answered a GraphQL operation without data.")
        return bytes(told.data)

    # ── errors ───────────────────────────────────────────────────────────────────────────────────────────────────

    def meant(self, errors: Sequence[GraphQLError]) -> ConnectorError:
        who, codes = self.services.connection, {(one.extensions or {}).get("code") for one in errors}
        said = self.exchange.scrubber().text("; ".join(one.message for one in errors))[:500]
        if FORBIDDEN in codes:
            return NeedsOperator(
                f"{who} lets this key read only ({said}). Ask Consonance's support for a key that may write.",
                code="read_only",
            )
        if any(one.message.startswith("Timeout") for one in errors):
            return Transient(f"{who} took too long ({said}).", code="graphql.timeout")
        if codes - {None} or any(one.locations for one in errors):
            return ContractBroken(f"{who} does not understand what we asked ({said}).", code="graphql")
        return Transient(f"{who} could not answer ({said}).", code="graphql.execution")

    def reason(self, body: bytes) -> str:
        """The first message of an error body; HTML pages say nothing."""
        try:
            told = msgspec.json.decode(body, type=Body)
        except msgspec.DecodeError:
            return ""
        return told.errors[0].message if told.errors else ""

    # ── lists and look-ups ───────────────────────────────────────────────────────────────────────────────────────

    async def pages(
        self, document: str, root: str, variables: Mapping[str, Any], after: int | None = None
    ) -> AsyncIterator[Sequence[Record]]:
        """A root list by `after`, until it is empty. ContractBroken when ids do not ascend."""

        async def page(last: int | None) -> Sequence[Record]:
            found: list[Record] = (await self.read(document, {**variables, "after": last}))[root]
            ids = [int(one["id"]) for one in found]
            if ids != sorted(set(ids)) or (ids and last is not None and ids[0] <= last):
                raise ContractBroken(f"{self.services.connection} lists {root} out of order.", code="paging")
            return found

        async for records in by_key(page, key=lambda one: int(one["id"]), after=after):
            yield records

    async def several(self, root: str, ids: Sequence[int], fragment: str) -> list[Record]:
        """Records by id with the fields of a fragment, in batches of aliased look-ups; those not there are left out."""
        size = self.quirks.batch
        batches = [ids[at : at + size] for at in range(0, len(ids), size)]
        answers = await together(self._batch(root, batch, fragment) for batch in batches)
        return [record for found in answers for record in found]

    async def _batch(self, root: str, ids: Sequence[int], fragment: str) -> list[Record]:
        live = await self.live()
        query = documents.batch(root, ids, live.fitted(fragment))
        data = await self._ask(query, {}, repeatable=True)
        found = [record for id in ids if (record := data.get(f"r{id}")) is not None]
        if strangers := [one for one in found if int(one.get("id", 0)) not in ids]:
            raise ContractBroken(
                f"{self.services.connection} gave {root} {strangers[0].get('id')}, which nobody asked for."
            )
        return found

    # ── files ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def put_file(self, address: str, file: FileSource) -> Uploaded:
        """Send a file to an upload address, which is good for a short while and proves itself."""
        return await self.upload("PUT", address, file, media_type="image/jpeg")

    def image(self, address: str, filename: str) -> AbstractAsyncContextManager[FileStream]:
        """An image in public storage."""
        return self.stream(address, filename=filename)
