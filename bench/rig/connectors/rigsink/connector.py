"""The connector of the rig's sink, a system that can be written to and not read."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from lockgate.kit.contract import (
    Connector,
    Held,
    Receipt,
    Settings,
    SystemInfo,
    Write,
    operation,
    setting,
)
from lockgate.kit.errors import ConnectorError
from lockgate.kit.http import RestClient
from lockgate.kit.profile import Profile, Schema, schema_of
from lockgate.kit.services import Services

KIND = "product"
BULK = 250


class RigSinkSettings(Settings):
    site: str = setting("Address of the sink", example="http://127.0.0.1:18002")
    bulk: bool = setting("Send many records with one call", default=True)


class RigSink(Connector[RigSinkSettings]):
    id: ClassVar[str] = "rigsink"
    title: ClassVar[str] = "The rig's sink"
    kinds: ClassVar[tuple[str, ...]] = (KIND,)
    settings_type: ClassVar[type[Settings]] = RigSinkSettings
    withdraw_policies: ClassVar[tuple[str, ...]] = ("flag",)

    def __init__(self, settings: RigSinkSettings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        self.client = RestClient(settings.site, services)

    async def __aexit__(self, *exc: object) -> None:
        await self.client.close()

    async def check(self) -> SystemInfo:
        await self.client.get_json("/stats")
        return SystemInfo(product=self.title, notes=("It counts what it takes and cannot be read.",))

    async def schema(self) -> Schema:
        return schema_of({KIND: ()})

    @operation(effect="read")
    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:  # noqa: ARG002 (nothing can be read)
        """Nothing is ever seen here; a second write under the same key does no harm."""
        return {}

    @operation(effect="upsert", idempotent="key")
    async def upsert(self, kind: str, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:  # noqa: ARG002
        """Many with one call, or one a call and several at once."""
        if not self.settings.bulk or len(writes) == 1:
            return await self._each(writes)
        for start in range(0, len(writes), BULK):
            body = [write.fields for write in writes[start : start + BULK]]
            await self.client.send_json("POST", "/bulk", body, repeatable=True)
        return [receipt(write) for write in writes]

    async def _each(self, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:
        """A call for each; a few coroutines that draw from one iterator cost less than a task a call."""
        answers: dict[str, Receipt | ConnectorError] = {}
        waiting = iter(writes)

        async def draw() -> None:
            for write in waiting:
                answers[write.key] = await self._one(write)

        await asyncio.gather(*(draw() for _ in range(min(len(writes), self.settings.concurrency))))
        return [answers[write.key] for write in writes]

    async def _one(self, write: Write) -> Receipt | ConnectorError:
        try:
            await self.client.send_json("POST", "/products", write.fields, repeatable=True)
        except ConnectorError as error:
            return error
        return receipt(write)

    @operation(effect="withdraw")
    async def withdraw(self, kind: str, refs: Sequence[str], policy: str) -> list[Receipt | ConnectorError]:  # noqa: ARG002
        return [await self._flag(ref, {"withdrawn": True}) for ref in refs]

    @operation(effect="withdraw")
    async def show(self, kind: str, refs: Sequence[str]) -> list[Receipt | ConnectorError]:  # noqa: ARG002
        return [await self._flag(ref, {"withdrawn": False}) for ref in refs]

    async def _flag(self, ref: str, fields: Mapping[str, Any]) -> Receipt | ConnectorError:
        return await self._one(Write(key=ref, fields={"id": ref, **fields}))


def receipt(write: Write) -> Receipt:
    return Receipt(key=write.key, ref=write.key, created=write.ref is None)


CONNECTOR = RigSink
