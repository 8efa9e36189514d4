"""The profile of a connection as it stands, or after a person's word, with values of real items."""

from typing import Any

from lockgate.app import acts, views
from lockgate.app.acts import Chosen
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.cli.place import installation
from lockgate.cli.reading import Document, plain
from lockgate.cli.working import person
from lockgate.kit.contract import Connector, capabilities
from lockgate.model import paths

LOOKED_AT = 20
"""Items among which samples are looked for."""


async def looked_at(name: str, given: list[str], *, confirm: bool, zone: str | None) -> Document:
    """`{"profile", "proposal", "samples"}`. Raises Refused, ConnectorError; nothing is stored unless all was right."""
    chosen = [word(one) for one in given]
    async with installation() as app:
        if chosen:
            await set_after(app, name, chosen, confirm=confirm, zone=zone)
        elif confirm or zone is not None:
            await acts.confirm_proposal(app, name, person(), zone=zone)
        connector = await app.connections.open(name)
        return {
            "profile": plain(await views.profile(app, name)),
            "proposal": plain(await views.proposal(app, name)),
            "samples": {kind: await samples(connector, kind) for kind in connector.profile.matches},
        }


async def set_after(app: Lockgate, name: str, chosen: list[Chosen], *, confirm: bool, zone: str | None) -> None:
    if confirm:
        await acts.confirm_proposal(app, name, person())
    await acts.set_matches(app, name, chosen, person(), zone=zone)


def word(given: str) -> Chosen:
    """`asset.ids.sku=643`. Raises Refused."""
    path, equals, field = given.partition("=")
    kind, dot, canonical = path.partition(".")
    if not (equals and dot and kind and canonical):
        raise Refused(f"{given!r} does not say which field: write KIND.NAME=FIELD, such as asset.ids.sku=643")
    return Chosen(kind, canonical, field or None)


async def samples(connector: Connector[Any], kind: str) -> dict[str, Any]:
    """For each canonical name of a kind a value that some item has; nothing for systems that are only written to."""
    if not {"index", "fetch"} <= capabilities(connector).keys():
        return {}
    found: dict[str, Any] = {}
    async for page in connector.index(kind, None):
        items = await connector.fetch(kind, [ref.id for ref in page.records[:LOOKED_AT]])
        for match in connector.profile.matches.get(kind, ()):
            values = (paths.value(item, match.canonical) for item in items if paths.known(match.canonical))
            found[match.canonical] = next((value for value in values if value not in (None, "", [], {})), None)
        break
    return found
