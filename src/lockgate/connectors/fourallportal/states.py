"""Closing and opening what is ours: a status, the flags that publish to channels, deletion."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from lockgate.connectors.fourallportal.client import PortalClient
from lockgate.connectors.fourallportal.errors import STATUS_STEP
from lockgate.connectors.fourallportal.mapping import Fields, Record, revision
from lockgate.connectors.fourallportal.modules import Modules
from lockgate.connectors.fourallportal.values import FLAG, PLAIN, read
from lockgate.connectors.fourallportal.writing import Answer, patch_each
from lockgate.failpoints import passed
from lockgate.kit.contract import Receipt
from lockgate.kit.errors import Conflict, ConnectorError, NeedsOperator, NotFound, Rejected
from lockgate.kit.together import answered
from lockgate.model.item import ASSET

State = dict[str, Any]
"""The value that each field should have."""


class States:
    """Hides, shows and removes objects of one kind for one connection."""

    def __init__(self, client: PortalClient, modules: Modules, kind: str = ASSET) -> None:
        self.client, self.modules, self.quirks, self.kind = client, modules, client.quirks, kind

    @property
    def module(self) -> str:
        return self.modules.name(self.kind)

    async def hide(self, refs: Sequence[str]) -> list[Answer]:
        """The status that may not be used, and off from every channel."""
        fields = (await self.modules.records(self.kind)).fields
        flags: State = {name: False for name in self.quirks.publish_fields if name in fields}
        answers = await self.bring(refs, {self.status(fields): self.quirks.hidden_status, **flags})
        stuck = [ref for ref, answer in zip(refs, answers, strict=True) if refused_step(answer)]
        if stuck and flags:
            # The portal keeps the status as it is: then the copy is at least taken off its channels.
            await self.bring(stuck, flags)
        return answers

    async def show(self, refs: Sequence[str]) -> list[Answer]:
        """The status that may be used. Channels stay off: which of them publish a file is not ours to say."""
        fields = (await self.modules.records(self.kind)).fields
        return await self.bring(refs, {self.status(fields): self.quirks.shown_status})

    async def remove(self, refs: Sequence[str]) -> list[Answer]:
        """Delete objects that carry our key. The portal deletes softly; its links to them go with them."""
        name = self.quirks.key_field
        seen = await self.client.having(self.module, "id", refs, fields=[name])
        return [await answered(self._removed(ref, seen.get(ref))) for ref in refs]

    async def _removed(self, ref: str, record: Record | None) -> Receipt:
        if record is None:
            return Receipt(key=ref, ref=ref)
        if not read(PLAIN, record.get(self.quirks.key_field), self.quirks):
            raise Rejected(
                f"{ref} in module {self.module} does not carry our key: not ours to remove.", code="not_ours"
            )
        with suppress(NotFound):
            await self.client.delete(self.module, ref)
        return Receipt(key=ref, ref=ref)

    @property
    def word(self) -> str:
        """What people call an object of this kind."""
        return "file" if self.kind == ASSET else self.kind

    def status(self, fields: Fields) -> str:
        if self.quirks.status_field not in fields:
            raise NeedsOperator(
                f"Module {self.module} has no field {self.quirks.status_field!r}, so copies cannot be hidden. "
                "Name the field of the status under quirks, `status_field`.",
                code="status.field",
            )
        return self.quirks.status_field

    async def bring(self, refs: Sequence[str], state: State) -> list[Answer]:
        """Write what differs, then read it back: only what was seen in the new state gets a receipt."""
        seen = await self.seen(refs, state)
        change = {name: [{"value": value}] for name, value in state.items()}
        wanted = [{"id": id, **change} for id, record in seen.items() if self.differing(record, state)]
        stored = await patch_each(self.client, self.module, wanted)
        if wanted:
            passed("withdraw.sent")
        untouched = {id: record for id, record in seen.items() if id not in stored}
        now = untouched | await self.seen(list(stored), state)
        return [stored.get(ref) or self.confirmed(ref, now.get(ref), state) for ref in refs]

    async def seen(self, refs: Sequence[str], state: State) -> dict[str, Record]:
        return {**await self.client.having(self.module, "id", refs, fields=list(state))}

    def confirmed(self, ref: str, record: Record | None, state: State) -> Answer:
        if record is None:
            return NotFound(f"{self.client.services.connection} has no {self.word} {ref} any more.")
        if wrong := self.differing(record, state):
            return Conflict(f"{', '.join(wrong)} of {self.word} {ref} did not stay as written; it is tried again.")
        return Receipt(key=ref, ref=ref, revision=revision(record))

    def differing(self, record: Record, state: State) -> list[str]:
        return [name for name, want in state.items() if not self.stands(record.get(name), want)]

    def stands(self, wire: Any, want: Any) -> bool:
        """Whether a value is as wanted; a flag that was never set is off."""
        if isinstance(want, bool):
            return bool(read(FLAG, wire, self.quirks)) == want
        return bool(read(PLAIN, wire, self.quirks) == want)


def refused_step(answer: Answer) -> bool:
    return isinstance(answer, ConnectorError) and answer.code == STATUS_STEP
