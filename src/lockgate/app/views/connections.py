"""Connections as people see them: settings without secrets, what the system said, which field carries what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from pydantic import SecretStr

from lockgate.app import registry
from lockgate.app.connections import profile_of
from lockgate.app.correcting import Chosen, corrected
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views.flowfile import installed
from lockgate.app.views.shape import View
from lockgate.engine.recipe import Flow
from lockgate.kit.contract import Connector, Settings, capabilities
from lockgate.kit.profile import Match, Profile, Schema, hints_for
from lockgate.ledger.connections import ConnectionRow
from lockgate.model.item import pick

MASK = "…"
"""Stands for a secret."""


class SystemView(View):
    """What the system said of itself."""

    product: str
    version: str = ""
    account: str = ""
    """Whom the credentials belong to."""
    notes: tuple[str, ...] = ()


class ConnectionLine(View):
    """One connection, as lists show it."""

    name: str
    connector: str
    title: str
    """The connector's name for people."""
    state: str
    """`ready`, `problem`, or `new`."""
    problem: str | None = None
    checked_at: datetime | None = None
    info: SystemView | None = None
    flows: list[str]
    """The flows that use it."""


class ConnectionView(ConnectionLine):
    settings: dict[str, Any]
    """Its settings; secrets are left out."""
    secrets: list[str]
    """The names of the secrets it has."""
    profile: "ProfileView"
    webhook: str
    """Where its webhooks come in, the secret part left out."""


class MatchView(View):
    """One canonical name and the field of the tenant that carries it."""

    kind: str
    canonical: str
    field: str
    label: str = ""
    """The tenant's name of the field, where the schema was read."""
    confidence: float
    """0 to 1; 1 is an exact name of the right type, or a person's word."""
    why: str = ""
    values: dict[str, str]
    """The vendor's value to the canonical value, for choices."""
    options: dict[str, Any]


class ProfileView(View):
    """Which field of the tenant carries which canonical name."""

    zone: str
    """Time zone in which the tenant's plain dates are meant."""
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    matches: list[MatchView]


class FieldView(View):
    """One field of the tenant's schema."""

    name: str
    label: str
    type: str
    multiple: bool
    localized: bool
    required: bool
    writable: bool
    options: dict[str, str]


class ProposalView(View):
    """What a fresh look at the tenant's schema proposes, beside all the fields there are."""

    matches: list[MatchView]
    fields: dict[str, list[FieldView]]
    """By kind of item."""
    canonical: dict[str, list[str]]
    """By kind, the canonical names the connector knows to look for."""


class ConnectorView(View):
    """A connector of the library."""

    id: str
    title: str
    kinds: list[str]
    can: dict[str, str]
    """Its operations and what each does to the system: `read`, `create`, `upsert`, `link`, `withdraw` …"""
    withdraw: list[str]
    """In which ways it can close a copy."""
    settings: dict[str, Any]
    """JSON Schema of its settings; `advanced` ones have a default that fits most."""


class SampleView(View):
    """A real item as the profile reads it, in canonical names."""

    id: str
    title: str
    item: dict[str, Any]


async def connections(app: Lockgate) -> list[ConnectionLine]:
    """All connections by name."""
    users = await users_of(app)
    return [ConnectionLine(**line_fields(row, users.get(row.name, []))) for row in await app.connections.all()]


async def connection(app: Lockgate, name: str) -> ConnectionView:
    """Raises Refused when there is none of this name."""
    row = await app.connections.row(name)
    users = await users_of(app)
    settings = registry.get(row.connector).settings_type
    hidden = app.connections.vault.open(row.secrets) if row.secrets else {}
    return ConnectionView(
        **line_fields(row, users.get(name, [])),
        settings={key: value for key, value in row.settings.items() if not secret(settings, key)},
        secrets=sorted(key for key, value in hidden.items() if value),
        profile=profile_view(profile_of(row)),
        webhook=f"/hooks/{name}/{MASK}",
    )


def line_fields(row: ConnectionRow, users: list[str]) -> dict[str, Any]:
    return {
        "name": row.name,
        "connector": row.connector,
        "title": registry.get(row.connector).title,
        "state": row.state,
        "problem": row.problem,
        "checked_at": row.checked_at,
        "info": SystemView.model_validate(row.info) if row.info else None,
        "flows": users,
    }


def secret(settings: type[Settings], name: str) -> bool:
    field = settings.model_fields.get(name)
    return field is None or SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ()))


async def users_of(app: Lockgate) -> dict[str, list[str]]:
    """The flows that use each connection. A flow whose file cannot be read counts as a user of none."""
    users: dict[str, list[str]] = {}
    for row in await app.flows.all():
        found = await installed(row)
        for name in set(found.uses.values()) if isinstance(found, Flow) else ():
            users.setdefault(name, []).append(row.name)
    return users


def profile_view(profile: Profile, schema: Schema | None = None) -> ProfileView:
    return ProfileView(
        zone=profile.zone,
        confirmed_by=profile.confirmed_by,
        confirmed_at=profile.confirmed_at,
        matches=match_views(profile.matches, schema),
    )


def match_views(matches: Any, schema: Schema | None = None) -> list[MatchView]:
    labels = {
        (kind, field.name): field.label for kind, fields in (schema.kinds if schema else {}).items() for field in fields
    }
    return [
        match_view(kind, one, labels.get((kind, one.field), "")) for kind, found in matches.items() for one in found
    ]


def match_view(kind: str, one: Match, label: str) -> MatchView:
    return MatchView(kind=kind, label=label, **msgspec.to_builtins(one))


async def profile(app: Lockgate, name: str) -> ProfileView:
    """The stored profile, with the labels the tenant gives its fields now. Raises Refused, ConnectorError."""
    row = await app.connections.row(name)
    return profile_view(profile_of(row), await (await app.connections.open(name)).schema())


async def proposal(app: Lockgate, name: str) -> ProposalView:
    """Look at the tenant's schema now. Raises Refused, ConnectorError."""
    await app.connections.row(name)
    connector = await app.connections.open(name)
    schema = await connector.schema()
    return ProposalView(
        matches=match_views(await app.connections.proposal(name), schema),
        fields={kind: [field_view(field) for field in fields] for kind, fields in schema.kinds.items()},
        canonical={
            kind: sorted({hint.canonical for hint in hints_for(kind, connector.hints)}) for kind in schema.kinds
        },
    )


def field_view(field: Any) -> FieldView:
    names = FieldView.model_fields
    return FieldView(**{name: value for name, value in msgspec.to_builtins(field).items() if name in names})


async def samples(
    app: Lockgate, name: str, kind: str | None, limit: int, matches: Sequence[Chosen] = ()
) -> list[SampleView]:
    """The first items the system lists, read under the profile, or as it would be with these matches.

    Raises Refused, ConnectorError.
    """
    await app.connections.row(name)
    connector = await app.connections.open(name)
    wanted = kind or connector.kinds[0]
    known = {*connector.kinds, *connector.profile.matches}  # a tenant may have kinds of its own
    if wanted not in known or not {"index", "fetch"} <= capabilities(connector).keys():
        raise Refused(f"{name} ({connector.title}) cannot list items of kind {wanted!r}")
    if not matches:
        return await read_samples(connector, wanted, limit)
    async with app.connections.trial(name, await corrected(name, connector, matches)) as trial:
        return await read_samples(trial, wanted, limit)


async def read_samples(connector: Connector[Any], kind: str, limit: int) -> list[SampleView]:
    ids = await first_ids(connector, kind, limit)
    return [
        SampleView(id=one.id, title=pick(one.title) or one.id, item=msgspec.to_builtins(one))
        for one in await connector.fetch(kind, ids)
    ]


async def first_ids(connector: Connector[Any], kind: str, limit: int) -> list[str]:
    async for page in connector.index(kind, None):
        return [ref.id for ref in page.records[:limit]]
    return []


def connectors() -> list[ConnectorView]:
    """The library, by id."""
    return [connector_view(one) for one in registry.sound()]


def connector_view(kind: type[Connector[Any]]) -> ConnectorView:
    return ConnectorView(
        id=kind.id,
        title=kind.title,
        kinds=list(kind.kinds),
        can={name: one.effect for name, one in sorted(capabilities(kind).items())},
        withdraw=list(kind.withdraw_policies),
        settings=kind.settings_type.model_json_schema(),
    )
