"""What `lockgate db` does: without opening the ledger, which would upgrade it."""

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from lockgate.cli.place import settings
from lockgate.ledger import LedgerUnavailable, schema
from lockgate.ledger.database import Database, parse


async def standing() -> dict[str, Any]:
    """The release of the tables. Raises LedgerUnavailable."""
    return await asyncio.to_thread(look, settings().database_url)


def look(address: str) -> dict[str, Any]:
    url = parse(address)
    there = url.get_backend_name() != "sqlite" or Path(str(url.database)).exists()
    return {
        "database": url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True),
        "tables": revision(address) if there else None,
        "needed": schema.HEAD,
    }


def revision(address: str) -> str | None:
    database = Database(address, readers=1)
    try:
        with database.reading.connect() as c:
            return schema.revision(c)
    except OperationalError as error:
        raise LedgerUnavailable(f"The database {database.name} cannot be used: {error.orig}") from error
    finally:
        database.close()


async def upgraded() -> dict[str, Any]:
    """Bring the tables to this release; says from and to which."""
    before = await standing()
    await asyncio.to_thread(schema.upgrade, settings().database_url)
    after = await standing()
    return {"database": after["database"], "from": before["tables"], "to": after["tables"]}
