"""Connections: named, credentialed, profiled uses of a connector. Secrets are sealed before they reach the ledger."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import msgspec
from pydantic import SecretStr, ValidationError
from sqlalchemy import Connection

from lockgate.app import registry
from lockgate.app.keeping import Kept
from lockgate.app.problems import Refused
from lockgate.app.settings import AppSettings
from lockgate.kit.contract import Connector, Settings, SystemInfo
from lockgate.kit.egress import Egress
from lockgate.kit.errors import ConnectorError, ContractBroken
from lockgate.kit.keeping import InMemory, Keep
from lockgate.kit.limits import Limits
from lockgate.kit.profile import Match, Profile, propose
from lockgate.kit.services import Clock, Services
from lockgate.ledger import Ledger, connections
from lockgate.ledger.connections import ConnectionRow
from lockgate.ledger.secrets import Vault


class Connections:
    """The connections of one installation. Opened connectors are kept until `close`; changing one closes it."""

    def __init__(self, ledger: Ledger, vault: Vault, settings: AppSettings, clock: Clock) -> None:
        self.ledger, self.vault, self.settings, self.clock = ledger, vault, settings, clock
        self._open: dict[str, Connector[Any]] = {}
        self._opened_as: dict[str, tuple[Any, ...] | None] = {}
        self._opening = asyncio.Lock()
        self._kept: dict[str, Kept] = {}

    async def close(self) -> None:
        for name in tuple(self._open):
            await self._release(name)

    async def stale(self) -> list[str]:
        """Open connections that another process has changed or removed since: closed here, opened anew when next used."""
        rows = {row.name: row for row in await self.all()}
        changed = [name for name, known in self._opened_as.items() if meaning(rows.get(name)) != known]
        for name in changed:
            await self._release(name)
        return changed

    async def _release(self, name: str) -> None:
        self._opened_as.pop(name, None)
        connector = self._open.pop(name, None)
        if connector is not None:
            await connector.__aexit__(None, None, None)

    # ── setting up ───────────────────────────────────────────────────────────────────────────────────────────────

    async def add(
        self, name: str, connector: str, values: Mapping[str, Any], renewed: tuple[str, Any] | None = None
    ) -> SystemInfo:
        """Check the settings, then the system itself, propose a profile, and store. Replaces one of the same name.

        `renewed` is what a consent gave beside them: seed and tokens.
        Raises Refused with every wrong setting at once, UnknownConnector, or what the system answered (ConnectorError).
        Nothing is stored unless the system answered.
        """
        named(name)
        kind = registry.get(connector)
        settings = validated(kind, values)
        known = await self.ledger.read(lambda c: connections.get(c, name))
        hook_secret = self.vault.open(known.hook_secret) if known and known.hook_secret else secrets.token_urlsafe(24)
        again = known is not None and known.connector == connector
        keep: Keep = self._keep(name) if again else InMemory()
        if renewed is not None:
            await keep.write(*renewed)
        async with self._make(name, kind, settings, Profile(), hook_secret, keep) as trial:
            info = await checked(trial)
            schema = await trial.schema()
        matches = propose(schema, kind.hints)
        profile = kept(known, Profile(matches=matches, schema_digest=schema.digest))
        plain, hidden = parted(settings)
        row = ConnectionRow(
            name=name,
            connector=connector,
            settings=plain,
            secrets=self.vault.seal(hidden),
            hook_secret=self.vault.seal(hook_secret),
            profile=msgspec.to_builtins(profile),
            state="ready",
            checked_at=self.clock(),
            info=msgspec.to_builtins(info),
            kept=self.vault.seal(keep.all) if isinstance(keep, InMemory) and keep.all else None,
        )
        await self.ledger.write(partial(stored, row, again))
        await self._release(name)
        return info

    async def confirm(
        self, name: str, matches: Mapping[str, tuple[Match, ...]], by: str, *, zone: str | None = None
    ) -> None:
        """Store the profile a person confirmed; `zone` is the time zone of the tenant's plain dates, kept as it is if None."""
        known = profile_of(await self.row(name))
        profile = msgspec.structs.replace(
            known,
            matches=matches,
            schema_digest=await self._schema_digest(name) or known.schema_digest,
            zone=zone or known.zone,
            confirmed_by=by,
            confirmed_at=self.clock(),
        )
        await self.ledger.write(lambda c: connections.update(c, name, profile=msgspec.to_builtins(profile)))
        await self._release(name)

    async def _schema_digest(self, name: str) -> str:
        """Of the schema that the person had before them; empty where the system does not answer now."""
        try:
            return (await (await self.open(name)).schema()).digest
        except ConnectorError:
            return ""

    async def proposal(self, name: str) -> Mapping[str, tuple[Match, ...]]:
        """What a fresh look at the tenant's schema would propose."""
        connector = await self.open(name)
        return propose(await connector.schema(), connector.hints)

    async def check(self, name: str) -> SystemInfo:
        """Ask the system now; what it answered is noted on the connection. Raises ConnectorError."""
        connector = await self.open(name)
        try:
            info = await connector.check()
        except ConnectorError as error:
            problem = error.sentence
            await self._note(name, state="problem", problem=problem)
            raise
        await self._note(name, state="ready", problem=None, info=msgspec.to_builtins(info))
        return info

    async def _note(self, name: str, **changes: Any) -> None:
        await self.ledger.write(lambda c: connections.update(c, name, checked_at=self.clock(), **changes))

    async def remove(self, name: str) -> bool:
        await self._release(name)
        return await self.ledger.write(lambda c: connections.remove(c, name))

    # ── using ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def row(self, name: str) -> ConnectionRow:
        """Raises Refused when there is none of this name."""
        row = await self.ledger.read(lambda c: connections.get(c, name))
        if row is None:
            there = ", ".join(one.name for one in await self.all()) or "none yet"
            raise Refused(f"there is no connection {name!r}; there are: {there}", missing=True)
        return row

    async def all(self) -> list[ConnectionRow]:
        return await self.ledger.read(connections.all)

    async def open(self, name: str) -> Connector[Any]:
        """The connection's connector, ready to be called; the same one until the connection changes."""
        if (known := self._open.get(name)) is not None:
            return known
        async with self._opening:
            if name not in self._open:
                row = await self.row(name)
                kind = registry.get(row.connector)
                settings = self._settings(row, kind)
                hook_secret = self.vault.open(row.hook_secret) if row.hook_secret else ""
                connector = self._make(name, kind, settings, profile_of(row), hook_secret)
                self._open[name] = await connector.__aenter__()
                self._opened_as[name] = meaning(row)
            return self._open[name]

    @asynccontextmanager
    async def trial(self, name: str, matches: Mapping[str, tuple[Match, ...]]) -> AsyncIterator[Connector[Any]]:
        """The connection's connector under other matches, for a look; nothing is stored."""
        row = await self.row(name)
        kind, profile = registry.get(row.connector), msgspec.structs.replace(profile_of(row), matches=matches)
        async with self._make(name, kind, self._settings(row, kind), profile, "") as connector:
            yield connector

    async def values(self, name: str) -> dict[str, Any]:
        """Its settings, secrets among them, as they were given. Raises Refused when there is none of this name."""
        row = await self.row(name)
        return {**row.settings, **(self.vault.open(row.secrets) if row.secrets else {})}

    def _settings(self, row: ConnectionRow, kind: type[Connector[Any]]) -> Settings:
        hidden = self.vault.open(row.secrets) if row.secrets else {}
        return validated(kind, {**row.settings, **hidden})

    async def hook_path(self, name: str) -> str:
        """The secret path under which this connection's webhooks come in, below the installation's own address."""
        row = await self.row(name)
        return f"/hooks/{name}/{self.vault.open(row.hook_secret) if row.hook_secret else ''}"

    async def hook_secret(self, name: str) -> str:
        row = await self.row(name)
        return str(self.vault.open(row.hook_secret)) if row.hook_secret else ""

    def _keep(self, name: str) -> Kept:
        return self._kept.setdefault(name, Kept(self.ledger, self.vault, name, self.settings.home / "turns" / name))

    def _make(
        self,
        name: str,
        kind: type[Connector[Any]],
        settings: Settings,
        profile: Profile,
        hook_secret: str,
        keep: Keep | None = None,
    ) -> Connector[Any]:
        return kind(settings, profile, self.services(name, settings, hook_secret, keep))

    def services(self, name: str, settings: Settings, hook_secret: str = "", keep: Keep | None = None) -> Services:
        """What a connector of these settings is handed; what it renews is kept with the connection if nothing else is said."""
        spool = self.settings.spool / name
        spool.mkdir(parents=True, exist_ok=True)
        return Services(
            connection=name,
            egress=Egress(
                hosts=(*settings.site_hosts(), *settings.hosts),
                private=settings.private_addresses,
                folders=self.settings.allowed_folders,
            ),
            limits=Limits(concurrency=settings.concurrency, rate=settings.rate),
            spool=spool,
            clock=self.clock,
            hook_secret=hook_secret,
            keep=keep or self._keep(name),
        )


def stored(row: ConnectionRow, again: bool, c: Connection) -> None:
    """Put the row; what the connector has renewed meanwhile stays, where it was there before."""
    there = connections.get(c, row.name) if again else None
    connections.put(c, row if there is None else msgspec.structs.replace(row, kept=there.kept))


def named(name: str) -> None:
    """Names stand in addresses and file names: letters, digits and dashes only. Raises Refused."""
    if not name or not all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in name):
        raise Refused(f"{name!r} cannot be a name: use letters, digits, - and _")


async def checked(trial: Connector[Any]) -> SystemInfo:
    """The system's answer. One that is of another form than documented comes mostly of an address that is another system's."""
    try:
        return await trial.check()
    except ContractBroken as error:
        if "address" in error.sentence:
            raise
        sentence = f"{error.sentence} Check the address: is this {trial.title}?"
        raise ContractBroken(sentence, code=error.code, detail=error.detail) from error


def validated(kind: type[Connector[Any]], values: Mapping[str, Any]) -> Settings:
    """The connector's settings from plain values. Raises Refused with a sentence for each wrong one."""
    try:
        return kind.settings_type.model_validate(dict(values))
    except ValidationError as error:
        fields = kind.settings_type.model_fields
        raise Refused(*(problem(fields, one) for one in error.errors())) from None


WORDS = {
    "missing": "this is needed",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_parsing": "write a number",
    "string_type": "write a text",
    "tuple_type": "write a list",
    "dict_type": "write names and values, as name:={…}",
}
"""What the validating library says otherwise in words of its own."""


def problem(fields: Mapping[str, Any], error: Any) -> str:
    name = str(error["loc"][0]) if error["loc"] else ""
    if not name:
        return str(error["msg"]).removeprefix("Value error, ")
    if name not in fields:
        return f"{name} is no setting here; there are {', '.join(fields)}"
    said = WORDS.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")
    return f"{name} ({fields[name].title}): {said[:1].lower()}{said[1:]}"


def parted(settings: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """The settings without and with secrets, as JSON values."""
    plain, hidden = {}, {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            hidden[name] = value.get_secret_value()
        else:
            plain[name] = value
    dumped = settings.model_dump(mode="json", include=set(plain))
    return dumped, hidden


def meaning(row: ConnectionRow | None) -> tuple[Any, ...] | None:
    """What of a stored connection makes its connector: all but how it was when last checked."""
    return (row.connector, row.settings, row.secrets, row.hook_secret, row.profile) if row is not None else None


def profile_of(row: ConnectionRow) -> Profile:
    return msgspec.convert(row.profile, Profile) if row.profile else Profile()


def kept(known: ConnectionRow | None, fresh: Profile) -> Profile:
    """What a person confirmed stays when a connection is added again to the same schema."""
    if known is None or not known.profile:
        return fresh
    old = profile_of(known)
    return old if old.confirmed_at is not None and old.schema_digest == fresh.schema_digest else fresh
