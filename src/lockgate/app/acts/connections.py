"""What people do with connections."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lockgate.app.acts.noting import note
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views.connections import users_of
from lockgate.kit.contract import SystemInfo
from lockgate.kit.profile import FieldInfo, Hint, Match, Schema
from lockgate.kit.profile.proposal import translated


async def add_connection(app: Lockgate, name: str, connector: str, settings: Mapping[str, Any], by: str) -> SystemInfo:
    """Check settings and system, then store, replacing one of that name; flows that use it go on with it.

    Raises Refused with every wrong setting at once, UnknownConnector, ConnectorError.
    """
    info = await app.connections.add(name, connector, settings)
    await note(app, "connection added", name, by, connector=connector, settings=sorted(settings))
    await app.rebind(name)
    return info


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person's word on one canonical name: which field carries it (None: none does), and what its values mean."""

    kind: str
    canonical: str
    field: str | None
    values: Mapping[str, str] | None = None
    """The vendor's value to the canonical value; None takes what the connector knows of the field's choices."""


async def confirm_proposal(app: Lockgate, name: str, by: str, *, zone: str | None = None) -> None:
    """Confirm what a fresh look at the tenant's schema proposes. Raises Refused, ConnectorError."""
    await app.connections.row(name)
    await confirm_profile(app, name, await app.connections.proposal(name), by, zone=zone)


async def set_matches(app: Lockgate, name: str, chosen: Sequence[Chosen], by: str, *, zone: str | None = None) -> None:
    """Set single matches; all others stay, and the whole counts as confirmed.

    Raises Refused with every kind, name or field that is not there.
    """
    await app.connections.row(name)
    connector = await app.connections.open(name)
    schema, hints = await connector.schema(), connector.hints
    matches = dict(connector.profile.matches)
    wrong: list[str] = []
    for one in chosen:
        field, hint = field_of(schema, one), hint_of(hints, one)
        wrong += [*lacking(name, one, field), *unknown(name, one, hint)]
        others = tuple(match for match in matches.get(one.kind, ()) if match.canonical != one.canonical)
        matches[one.kind] = (*others, *matched(one, field, hint))
    if wrong:
        raise Refused(*wrong)
    await confirm_profile(app, name, matches, by, zone=zone)


def field_of(schema: Schema, one: Chosen) -> FieldInfo | None:
    return next((field for field in schema.kinds.get(one.kind, ()) if field.name == one.field), None)


def hint_of(hints: Sequence[Hint], one: Chosen) -> Hint | None:
    return next((hint for hint in hints if (hint.kind, hint.canonical) == (one.kind, one.canonical)), None)


def lacking(name: str, one: Chosen, field: FieldInfo | None) -> Iterator[str]:
    if one.field is not None and field is None:
        yield f"{one.kind} at {name} has no field {one.field!r}"


def unknown(name: str, one: Chosen, hint: Hint | None) -> Iterator[str]:
    if hint is None and not one.canonical.startswith(FREE):
        yield f"{one.canonical!r} is no name that {one.kind} at {name} can have; others begin with {' or '.join(FREE)}"


FREE = ("fields.", "ids.", "keywords.", "texts.")
"""Beginnings of canonical names that people may add to those the connector looks for."""


def matched(one: Chosen, field: FieldInfo | None, hint: Hint | None) -> Iterator[Match]:
    if field is not None:
        known = translated(hint, field)[0] if hint is not None else {}
        values = known if one.values is None else one.values
        yield Match(canonical=one.canonical, field=field.name, why="a person said so", values=values)


async def confirm_profile(
    app: Lockgate, name: str, matches: Mapping[str, tuple[Match, ...]], by: str, *, zone: str | None = None
) -> None:
    """Store these matches as confirmed; flows go on with them. Raises Refused."""
    if zone is not None:
        known_zone(zone)
    await app.connections.confirm(name, matches, by, zone=zone)
    told = {kind: {one.canonical: one.field for one in found} for kind, found in matches.items()}
    await note(app, "profile confirmed", name, by, matches=told)
    await app.rebind(name)


def known_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"{zone!r} is no time zone: write one like Europe/Berlin or UTC") from None


async def remove_connection(app: Lockgate, name: str, by: str) -> None:
    """Forget a connection and its secrets. Raises Refused while a flow uses it."""
    await app.connections.row(name)
    users = (await users_of(app)).get(name, [])
    if users:
        raise Refused(f"{name} is used by {', '.join(users)}: remove the flow first, or bind it to another connection")
    await app.connections.remove(name)
    await note(app, "connection removed", name, by)


async def reveal_webhook(app: Lockgate, name: str, by: str) -> tuple[str, str]:
    """The path of the connection's webhooks with its secret, and the secret that signs them. Raises Refused."""
    path, secret = await app.connections.hook_path(name), await app.connections.hook_secret(name)
    await note(app, "webhook address shown", name, by)
    return path, secret
