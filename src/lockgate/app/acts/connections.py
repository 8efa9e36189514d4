"""What people do with connections."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lockgate.app.acts.noting import note
from lockgate.app.consenting import Asking, given
from lockgate.app.correcting import Chosen, Matches, corrected
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views.connections import users_of
from lockgate.kit.contract import SystemInfo


async def add_connection(app: Lockgate, name: str, connector: str, settings: Mapping[str, Any], by: str) -> SystemInfo:
    """Check settings and system, then store, replacing one of that name; flows that use it go on with it.

    Raises Refused with every wrong setting at once, UnknownConnector, ConnectorError.
    """
    info = await app.connections.add(name, connector, settings)
    await note(app, "connection added", name, by, connector=connector, settings=sorted(settings))
    await app.rebind(name)
    return info


async def give_consent(app: Lockgate, name: str, asked: Asking, address: str, by: str) -> SystemInfo:
    """Turn a person's consent into a connection, or renew that of one; `address` is the one the browser was led to.

    Raises NeedsOperator where the answer is no consent, and all that `add_connection` does.
    """
    got = await given(app.connections, name, asked, address)
    info = await app.connections.add(name, asked.connector, got.settings, (got.seed, got.tokens))
    await note(app, "consent given", name, by, connector=asked.connector, settings=sorted(got.settings))
    await app.rebind(name)
    return info


async def confirm_proposal(app: Lockgate, name: str, by: str, *, zone: str | None = None) -> None:
    """Confirm what a fresh look at the tenant's schema proposes. Raises Refused, ConnectorError."""
    await app.connections.row(name)
    await confirm_profile(app, name, await app.connections.proposal(name), by, zone=zone)


async def set_matches(app: Lockgate, name: str, chosen: Sequence[Chosen], by: str, *, zone: str | None = None) -> None:
    """Set single matches; all others stay, and the whole counts as confirmed.

    Raises Refused with every kind, name or field that is not there.
    """
    await app.connections.row(name)
    matches = await corrected(name, await app.connections.open(name), chosen)
    await confirm_profile(app, name, matches, by, zone=zone)


async def confirm_profile(app: Lockgate, name: str, matches: Matches, by: str, *, zone: str | None = None) -> None:
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
