"""What a target does with our items: found by our key, created, changed, their files replaced; one by one or many with one call."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from lockgate.connectors.rest.definition.calls import Bulk
from lockgate.connectors.rest.definition.calls import Write as WriteShape
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.paths import MISSING, getter
from lockgate.connectors.rest.definition.shapes import Kind
from lockgate.connectors.rest.definition.templates import value as value_template
from lockgate.connectors.rest.runtime.bulk import Bulks
from lockgate.connectors.rest.runtime.calls import Calling, Got, Ready, Scope, known_of
from lockgate.connectors.rest.runtime.fields import Unwritable
from lockgate.connectors.rest.runtime.records import Records
from lockgate.connectors.rest.runtime.standing import Standing
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.errors import ConnectorError, ContractBroken, NotFound, Rejected
from lockgate.kit.together import answered, each

Answer = Receipt | ConnectorError


class Writing:
    """Writes of one kind. An item is looked up by our key before it is created, so that a repeat creates nothing."""

    def __init__(self, calling: Calling, kind: Kind, records: Records, standing: Standing | None) -> None:
        self._records, self._standing = records, standing
        self._who = calling.client.services.connection
        ways = ("create", "update", "replace", "upsert")
        self._create, self._update, self._replace, self._upsert = (Made.of(calling, kind, records, one) for one in ways)
        self._bulk = Bulks(calling, kind.bulk, records) if kind.bulk else None
        self._bulk_shape: Bulk | None = kind.bulk

    async def upsert(self, scope: Scope, writes: Sequence[Write]) -> list[Answer]:
        """One answer for each write, in order. What concerns the whole connection is raised."""
        known, wires = await self._refs(scope, writes), dict[str, Scope | ConnectorError]()
        for write in writes:
            wires[write.key] = self._wire(scope, write, known.get(write.key))
        answers = await self._together(writes, wires)
        rest = [write for write in writes if write.key not in answers]
        single = await each(rest, lambda write: self._alone(write, wires[write.key]))
        answers |= {write.key: answer for write, answer in zip(rest, single, strict=True)}
        return [answers[write.key] for write in writes]

    async def _refs(self, scope: Scope, writes: Sequence[Write]) -> dict[str, str]:
        """Ids by key: as the ledger knows them, else as the system does now."""
        known = {write.key: write.ref for write in writes if write.ref is not None}
        unknown = [write.key for write in writes if write.ref is None]
        if not unknown or self._standing is None or self._upsert is not None:
            return known
        return known | await self._standing.refs(scope, unknown)

    def _wire(self, scope: Scope, write: Write, ref: str | None) -> Scope | ConnectorError:
        """What the calls for this write know, or why it cannot be sent."""
        try:
            keys = self._records.keys
            made: Scope = {
                "key": keys.written(write.key) if keys else write.key,
                "fields": self._records.wire(write.fields),
                "file": known_of(write.file) if write.file else MISSING,
                "ref": ref if ref is not None else MISSING,
            }
        except Unwritable as problem:
            return Rejected(f"{problem}. Correct it at the source.", code="field.value")
        except Rejected as problem:
            return problem
        return scope | {name: one for name, one in made.items() if one is not MISSING}

    # ── many with one call ───────────────────────────────────────────────────────────────────────────────────────

    async def _together(
        self, writes: Sequence[Write], wires: Mapping[str, Scope | ConnectorError]
    ) -> dict[str, Answer]:
        bulk, shape = self._bulk, self._bulk_shape
        if bulk is None or shape is None or len(writes) < 2:
            return {}
        fit = [
            (write, wire)
            for write in writes
            if not isinstance(wire := wires[write.key], ConnectorError) and write.file is None and suits(shape, wire)
        ]
        return await bulk.sent(fit) if fit else {}

    # ── one by one ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _alone(self, write: Write, wire: Scope | ConnectorError) -> Answer:
        if isinstance(wire, ConnectorError):
            return wire
        return await answered(self._one(write, wire))

    async def _one(self, write: Write, wire: Scope) -> Receipt:
        ref = wire.get("ref")
        if self._upsert is not None:
            return await self._by_key(self._upsert, write, wire)
        if ref is None:
            return await self._new(write, wire)
        if write.file is not None:
            return await self._file(write, wire, ref)
        return await self._change(write, wire, ref)

    async def _by_key(self, upsert: "Made", write: Write, wire: Scope) -> Receipt:
        """The system itself goes by our key; where the same call cannot carry the file, it follows."""
        made = await upsert.receipt(write, wire, wire.get("ref"))
        if write.file is None or upsert.ready.sends_file:
            return made
        filed = await self._file(write, wire | {"ref": made.ref}, made.ref)
        return msgspec.structs.replace(filed, created=made.created)

    async def _new(self, write: Write, wire: Scope) -> Receipt:
        if self._create is None:
            raise NotFound(
                f"{self._who} holds no {self._records.name} under our key {write.key}, and none can be created there."
            )
        if self._create.ready.needs_file and write.file is None:
            raise NotFound(
                f"{self._who} holds no {self._records.name} under our key {write.key}; it is created with its file."
            )
        return await self._create.receipt(write, wire, None)

    async def _file(self, write: Write, wire: Scope, ref: str) -> Receipt:
        if self._replace is not None:
            return await self._replace.receipt(write, wire, ref)
        if self._update is not None and self._update.ready.sends_file:
            return await self._update.receipt(write, wire, ref)
        raise Rejected(f"The file of a {self._records.name} cannot be replaced in {self._who}.", code="file.replace")

    async def _change(self, write: Write, wire: Scope, ref: str) -> Receipt:
        if not write.fields:
            return Receipt(key=write.key, ref=ref)
        if self._update is None:
            raise Rejected(f"A {self._records.name} cannot be changed in {self._who}.", code="update")
        return await self._update.receipt(write, wire, ref)


def suits(shape: Bulk, wire: Scope) -> bool:
    return shape.does == "upsert" or (shape.does == "update") == ("ref" in wire)


class Made:
    """One way of writing: its calls, and what its last answer says of what was made."""

    def __init__(self, calling: Calling, shape: WriteShape, records: Records, does: str) -> None:
        self._does = does
        self.ready: Ready = calling.work(shape)
        self._who, self._records = calling.client.services.connection, records
        self._ref = reader(shape.ref or records.shape.id)
        self._stated = bool(shape.ref)
        self._revision = reader(shape.revision) if shape.revision else None
        self._created = reader(shape.created) if shape.created else None

    @classmethod
    def of(cls, calling: Calling, kind: Kind, records: Records, does: str) -> "Made | None":
        shape: WriteShape | None = getattr(kind, does)
        return cls(calling, shape, records, does) if shape is not None else None

    async def receipt(self, write: Write, wire: Scope, ref: str | None) -> Receipt:
        """Perform it. A ref known before stays unless the definition says where another one stands."""
        got = await self.ready(wire, write.file)
        inner = self.ready.last.inner(got.answer) if got.answer.body else MISSING
        found = self._found(got, inner, ref)
        return Receipt(
            key=write.key,
            ref=found,
            revision=text(self._revision(got, inner)) if self._revision else "",
            created=self._is_new(got, inner),
            sha256=got.sent.sha256 if got.sent else None,
            bytes=got.sent.bytes if got.sent else 0,
        )

    def _found(self, got: Got, inner: Any, ref: str | None) -> str:
        if ref is not None and not self._stated:
            return ref
        found = text(self._ref(got, inner)) or ref
        if not found:
            raise ContractBroken(f"{self._who} does not say which {self._records.name} it made.", code="ref")
        return found

    def _is_new(self, got: Got, inner: Any) -> bool:
        if self._does != "upsert":
            return self._does == "create"
        return text(self._created(got, inner)) not in {"", "false", "0"} if self._created else got.answer.status == 201


def reader(path: str) -> Any:
    """What reads a path of the last answer, a header of it, or `=took.NAME`."""
    if path.startswith("="):
        filled = value_template(path)
        return lambda got, _: filled(got.scope)
    if path.startswith("header:"):
        return lambda got, _: got.answer.headers.get(path.removeprefix("header:"), MISSING)
    read = getter(path)
    return lambda _, inner: read(inner)


def text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else MISSING
    return "" if value is MISSING or value is None else as_text(value)
