"""What `lockgate doctor` looks at: whether the installation can be opened, then what only an open one can tell."""

import asyncio

from lockgate.app.lockgate import busy, opened
from lockgate.app.settings import AppSettings
from lockgate.app.views.health import FindingView, fail, inside, key, ok, space, warn
from lockgate.cli.database import look
from lockgate.cli.place import noted_address, settings
from lockgate.ledger import LedgerError


async def examined() -> list[FindingView]:
    """All findings, in the order in which one would ask. Raises SettingsProblem."""
    found = settings()
    findings = [await database(found), key(found), space(found), process(found)]
    if findings[0].state != "fail":
        try:
            async with opened(found) as app:
                findings += [one async for one in inside(app)]
        except (LedgerError, OSError) as error:
            findings.append(fail("installation", str(error), "put that right, then ask again"))
    return findings


async def database(found: AppSettings) -> FindingView:
    try:
        told = await asyncio.to_thread(look, found.database_url)
    except LedgerError as error:
        return fail("database", str(error), "check LOCKGATE_DATABASE, and that the server runs and lets us in")
    name = told["database"]
    if told["tables"] is None:
        return warn("database", f"{name} has no tables yet", "lockgate db upgrade")
    if told["tables"] != told["needed"]:
        return warn(
            "database", f"{name} is at {told['tables']}, this release needs {told['needed']}", "lockgate db upgrade"
        )
    return ok("database", f"{name} answers, its tables are of this release")


def process(found: AppSettings) -> FindingView:
    if not found.on_sqlite():
        return ok("process", "any number may work on PostgreSQL")
    if busy(found):
        return ok("process", f"a Lockgate works this home, at {noted_address(found.home) or 'no address'}")
    return warn("process", "nobody works this home now, so nothing is watched", "lockgate up")
