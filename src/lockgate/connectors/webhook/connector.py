"""Webhooks: records in, events out. What it can and cannot do: README.md in this folder."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import msgspec

from lockgate.connectors.webhook import journal as states
from lockgate.connectors.webhook import sending
from lockgate.connectors.webhook.journal import Journal
from lockgate.connectors.webhook.mapping import fields_of, revision, to_item
from lockgate.connectors.webhook.proof import prove
from lockgate.connectors.webhook.reading import Told, at, members, read
from lockgate.connectors.webhook.settings import WebhookSettings, key_of
from lockgate.kit.contract import (
    Connector,
    FileSource,
    FileStream,
    Held,
    HookRequest,
    Page,
    Receipt,
    Ref,
    Settings,
    SystemInfo,
    Write,
    operation,
)
from lockgate.kit.errors import ConnectorError, NeedsOperator, Rejected
from lockgate.kit.profile import FieldInfo, Hint, Profile, Schema, schema_of
from lockgate.kit.records.words import HINTS, OURS
from lockgate.kit.services import Services
from lockgate.kit.together import apart
from lockgate.kit.transfer import digest
from lockgate.model.event import Event
from lockgate.model.item import Item, Rendition

PAGE = 500
POLICIES = {"hide": (sending.HIDDEN, states.HIDDEN), "remove": (sending.REMOVED, states.REMOVED)}


class Webhook(Connector[WebhookSettings]):
    """A sender that pushes its records, and a receiver that takes events; one of them or both."""

    id: ClassVar[str] = "webhook"
    title: ClassVar[str] = "Webhooks"
    kinds: ClassVar[tuple[str, ...]] = ("product", "asset")
    settings_type: ClassVar[type[Settings]] = WebhookSettings
    hints: ClassVar[tuple[Hint, ...]] = HINTS
    withdraw_policies: ClassVar[tuple[str, ...]] = tuple(POLICIES)

    def __init__(self, settings: WebhookSettings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        given = settings.secret.get_secret_value() if settings.secret else services.hook_secret
        self._key = key_of(given) if given else b""
        self.journal = Journal(services.spool)
        self.files = sending.Files("", services)
        self._receiver: sending.Receiver | None = None
        if settings.signing_secret is not None and settings.site:
            secret = settings.signing_secret.get_secret_value()
            signing = sending.Signing(key_of(secret), secret, services)
            self._receiver = sending.Receiver(settings.site, services, signing)

    async def __aexit__(self, *exc: object) -> None:
        await self.files.close()
        if self._receiver is not None:
            await self._receiver.close()
        self.journal.close()

    @operation(effect="read")
    async def check(self) -> SystemInfo:
        """Send an event of type `lockgate.check`, where there is a receiver; a sender cannot be asked."""
        if self._receiver is not None:
            now, data = self.services.clock().isoformat(), {"connection": self.services.connection}
            await self._receiver.post(
                sending.event(self.services.connection, sending.CHECK, uuid.uuid4().hex, now, data)
            )
        return SystemInfo(product=self.title, notes=tuple(self._notes()))

    def _notes(self) -> list[str]:
        said = []
        if self._receiver is None:
            said.append("No receiver is named (setting site): records are taken and none are sent.")
        if self.settings.proof == "path":
            said.append("Webhooks are not signed: who knows the address can send records.")
        if not self.settings.sample:
            said.append("No sample body is given (setting sample): fields are known by our own names only.")
        return said

    @operation(effect="read")
    async def schema(self) -> Schema:
        """The fields of the sample, else those that a record in our own names can have."""
        fields = self._sampled() if self.settings.sample else OURS
        return schema_of({kind: fields if kind == self.settings.kind else () for kind in self.kinds})

    def _sampled(self) -> tuple[FieldInfo, ...]:
        try:
            found = members(self.settings, msgspec.json.decode(self.settings.sample))
        except Rejected as error:
            raise NeedsOperator(f"The sample does not fit the paths: {error.sentence}", code="sample") from error
        record = at(found[0], self.settings.record) if found else None
        if not isinstance(record, dict):
            raise NeedsOperator(
                f"The sample has no record at {self.settings.record or 'its top'}: correct the path or the sample.",
                code="sample",
            )
        return fields_of(record)

    # ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    def receive(self, request: HookRequest) -> list[Event]:
        """An event each for the items a body tells of, with the newest that is known of it."""
        prove(self.settings, self._key, request)
        return [self._event(one) for one in self.journal.hear(read(self.settings, request))]

    def _event(self, told: Told) -> Event:
        kind = self.settings.kind
        type = f"{kind}.gone" if told.gone else f"{kind}.changed"
        # One that is gone carries what it says, too: it must take the place of a record that waits to be looked at.
        return Event(type=type, kind=kind, id=told.id, at=told.at, record=msgspec.json.encode(told))

    def told(self, kind: str, records: Sequence[bytes]) -> list[Item]:  # noqa: ARG002 (it has one kind)
        """The items as they are by the newest that is known, without those that are gone."""
        newest = self.journal.hear((msgspec.json.decode(one, type=Told) for one in records), surely=True)
        return [self._item(one) for one in newest if not one.gone]

    def _item(self, told: Told) -> Item:
        return to_item(told, self.settings, self.services.connection, self.profile)

    @operation(effect="read")
    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """All items that were sent to us and are not gone, by id."""
        last, more = after or "", kind == self.settings.kind
        while more:
            found = self.journal.page(last, PAGE)
            if found:
                last = found[-1].id
                yield Page([Ref(one.id, revision(one)) for one in found], cursor=last)
            more = len(found) == PAGE

    @operation(effect="read")
    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        """The items as they were last sent to us: a sender cannot be asked."""
        if kind != self.settings.kind:
            return []
        return [self._item(one) for one in self.journal.here(ids)]

    @operation(effect="read")
    @asynccontextmanager
    async def open(self, item_id: str, rendition: Rendition) -> AsyncIterator[FileStream]:  # noqa: ARG002
        """The file at the address that the record stated, if it may be called."""
        try:
            async with self.files.stream(rendition.address, filename=rendition.filename) as stream:
                yield stream
        except NeedsOperator as error:
            if error.code != "egress":
                raise
            raise Rejected(f"The file of this item may not be called: {error.sentence}", code="egress") from error

    # ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:  # noqa: ARG002 (keys are of one kind each)
        """What the receiver was told and confirmed, by our own record. In doubt a copy counts as open."""
        return {
            one.key: Held(
                key=one.key,
                ref=one.key,
                revision=one.event,
                fields=msgspec.json.decode(one.fields) if one.fields else {},
                hidden=one.state == states.HIDDEN,
            )
            for one in self.journal.said(keys)
            if one.state in {states.OPEN, states.HIDDEN}
        }

    def as_held(self, kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        """As JSON gives it back."""
        plain: Mapping[str, Any] = msgspec.json.decode(msgspec.json.encode(fields))
        return plain

    @operation(effect="read")
    async def file_digest(self, kind: str, ref: str, algorithm: str = "sha256") -> str | None:  # noqa: ARG002
        """SHA-256 of the file that the receiver confirmed to have been told of; None in doubt, and for other algorithms."""
        known = self.journal.said([ref])
        return known[0].file if known and algorithm == "sha256" else None

    @operation(effect="upsert", idempotent="key")
    async def upsert(self, kind: str, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:
        """An event each. A file is read to its end for its digest and is not sent."""
        return await apart(self._write(kind, write) for write in writes)

    async def _write(self, kind: str, write: Write) -> Receipt:
        file = await described(write.file) if write.file else None
        known = self.journal.said([write.key])
        sha256 = file["sha256"] if file else known[0].file if known else None
        data = {"key": write.key, "kind": kind, "fields": write.fields, **({"file": file} if file else {})}
        event, before = await self._say(sending.WRITTEN, write.key, data, opening=True)
        await asyncio.to_thread(self.journal.confirm, write.key, states.OPEN, fields=write.fields, file=sha256)
        created = before is None or not before.confirmed or before.state == states.REMOVED
        return Receipt(
            key=write.key, ref=write.key, revision=event, created=created, sha256=file["sha256"] if file else None
        )

    @operation(effect="withdraw")
    async def withdraw(self, kind: str, refs: Sequence[str], policy: str) -> list[Receipt | ConnectorError]:
        """Tell the receiver to close copies; its 2xx is what counts as closed."""
        type, state = POLICIES[policy]
        return await apart(self._tell(type, kind, ref, state) for ref in refs)

    @operation(effect="withdraw")
    async def show(self, kind: str, refs: Sequence[str]) -> list[Receipt | ConnectorError]:
        """Tell the receiver that copies may be seen again."""
        return await apart(self._tell(sending.SHOWN, kind, ref, states.OPEN) for ref in refs)

    async def _tell(self, type: str, kind: str, key: str, state: str) -> Receipt:
        opening = state == states.OPEN
        event, _ = await self._say(type, key, {"key": key, "kind": kind}, opening=opening)
        await asyncio.to_thread(self.journal.confirm, key, state)
        return Receipt(key=key, ref=key, revision=event)

    async def _say(
        self, type: str, key: str, data: Mapping[str, Any], *, opening: bool
    ) -> tuple[str, states.Said | None]:
        """Send an event of a key; answers its id, and what was said before. Raises ConnectorError."""
        if self._receiver is None:
            raise NeedsOperator("To send events, give the receiver's address (setting site).", code="no_receiver")
        now = self.services.clock()
        content = hashlib.sha256(msgspec.json.encode([type, data], order="deterministic")).hexdigest()
        said, before = await asyncio.to_thread(
            self.journal.begin,
            key,
            content,
            opening=opening,
            writing=type == sending.WRITTEN,
            time=now.isoformat(),
            sequence=int(now.timestamp() * 1_000_000),
        )
        await self._receiver.post(
            sending.event(
                self.services.connection, type, said.event, said.time, data, subject=key, sequence=said.sequence
            )
        )
        return said.event, before


async def described(file: FileSource) -> dict[str, Any]:
    """What is told of a file: it was read to its end, and its bytes are those that the source states."""
    async with file.open() as stream:
        sha256, length = await digest(stream)
    return {"name": file.filename, "media_type": file.media_type, "length": length, "sha256": sha256}


CONNECTOR = Webhook
