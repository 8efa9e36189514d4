"""Ask systems whether they are there."""

from lockgate.app import views
from lockgate.app.lockgate import Lockgate
from lockgate.cli.place import installation
from lockgate.cli.reading import Document, whole
from lockgate.kit.errors import ConnectorError


async def checked(name: str | None) -> Document:
    """The connection, or all of them, as they stand after being asked. Raises Refused when there is none of this name."""
    async with installation() as app:
        names = [name] if name is not None else [row.name for row in await app.connections.all()]
        for one in names:
            await check(app, one)
        return whole([line for line in await views.connections(app) if line.name in names])


async def check(app: Lockgate, name: str) -> None:
    """What is wrong is noted on the connection itself."""
    try:
        await app.connections.check(name)
    except ConnectorError:
        return
