"""Whether the installation is in order, and if not what to do. Nothing is changed but what asking a system notes of it."""

import asyncio
import shutil
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from lockgate.app.lockgate import UNSTARTABLE, Lockgate
from lockgate.app.problems import Refused
from lockgate.app.settings import AppSettings
from lockgate.app.views.shape import View
from lockgate.kit.errors import ConnectorError
from lockgate.ledger import LedgerError, tables
from lockgate.ledger.clock import instant

State = Literal["ok", "warn", "fail"]

LITTLE_SPACE, NO_SPACE = 5_000_000_000, 500_000_000
"""Bytes free below which a spooled film may not fit, and below which the database may not."""
OLD_INTENT = timedelta(minutes=15)
OLD_HINT = timedelta(minutes=10)
CLOCK_DRIFT = timedelta(seconds=30)


class FindingView(View):
    """What was looked at, how it is, and what to do where it is not well."""

    what: str
    state: State
    sentence: str
    remedy: str = ""


def ok(what: str, sentence: str) -> FindingView:
    return FindingView(what=what, state="ok", sentence=sentence)


def warn(what: str, sentence: str, remedy: str) -> FindingView:
    return FindingView(what=what, state="warn", sentence=sentence, remedy=remedy)


def fail(what: str, sentence: str, remedy: str) -> FindingView:
    return FindingView(what=what, state="fail", sentence=sentence, remedy=remedy)


async def health(app: Lockgate) -> list[FindingView]:
    """All findings, in the order in which one would ask; every system is asked."""
    return [key(app.settings), space(app.settings), work(app), *[one async for one in inside(app)]]


async def inside(app: Lockgate) -> AsyncIterator[FindingView]:
    """What only an open installation can tell."""
    for one in await asyncio.gather(*(connection(app, row.name) for row in await app.connections.all())):
        yield one
    for flow in await app.flows.all():
        yield await bound(app, flow.name, flow.state)
    yield await clock(app)
    yield await intents(app)
    yield await inbox(app)


def work(app: Lockgate) -> FindingView:
    if app.engine is None:
        return warn("process", "flows are not worked by this process", "they are by `lockgate up` or `lockgate worker`")
    return ok("process", f"{len(app.engine.flows)} flows are worked")


def key(found: AppSettings) -> FindingView:
    if found.key:
        return ok("key", "given by LOCKGATE_KEY")
    file = found.key_file
    if not file.exists():
        return ok("key", f"{file} is made when the first connection is added")
    open_to = stat.S_IMODE(file.stat().st_mode) & 0o077
    if open_to:
        return fail(
            "key", f"others on this machine can read {file}, which opens all stored secrets", f"chmod 600 {file}"
        )
    return ok("key", f"only its owner reads {file}; keep a copy of it apart from the database's backups")


def space(found: AppSettings) -> FindingView:
    folder = next(one for one in (found.home.resolve(), *found.home.resolve().parents) if one.exists())
    free = shutil.disk_usage(folder).free
    told = f"{free / 1e9:,.1f} GB free at {folder}"
    if free < NO_SPACE:
        return fail("disk", told, "make room: the database and files on their way are kept there")
    if free < LITTLE_SPACE:
        return warn("disk", told, "make room, or set LOCKGATE_HOME to a larger disk")
    return ok("disk", told)


async def connection(app: Lockgate, name: str) -> FindingView:
    what = f"connection {name}"
    before = datetime.now(UTC)
    try:
        info = await app.connections.check(name)
    except ConnectorError as error:
        return fail(what, error.sentence, f"put that right, then `lockgate connect check {name}`")
    except LedgerError as error:
        return fail(what, str(error), "give the key its secrets were sealed with, or add the connection again")
    took = (datetime.now(UTC) - before).total_seconds()
    return ok(what, " ".join(part for part in (info.product, info.version, f"answered in {took:.1f} s") if part))


async def bound(app: Lockgate, name: str, state: str) -> FindingView:
    what = f"flow {name}"
    try:
        await app.flows.bound(name)
    except UNSTARTABLE as error:
        return fail(what, told(error), f"then `lockgate flow resume {name}`")
    if state == "paused":
        return warn(what, "is paused", f"lockgate flow resume {name}")
    if state == "draft":
        return warn(what, "is a draft", f"lockgate flow plan {name}, then lockgate flow activate {name}")
    return ok(what, "can be worked")


def told(error: Exception) -> str:
    if isinstance(error, Refused):
        return "; ".join(error.sentences)
    return error.sentence if isinstance(error, ConnectorError) else str(error)


async def clock(app: Lockgate) -> FindingView:
    """Due dates act at their instant, so the clock must not lie: not behind what is recorded, not off the server's."""
    recorded, server = await app.ledger.read(times)
    now = app.clock()
    if recorded is not None and recorded - now > CLOCK_DRIFT:
        return fail(
            "clock",
            f"it says {now:%Y-%m-%d %H:%M:%S}Z, but something was recorded at {recorded:%Y-%m-%d %H:%M:%S}Z",
            SET,
        )
    if server is not None and abs(server - now) > CLOCK_DRIFT:
        return fail("clock", f"it differs from the database server's by {abs(server - now).total_seconds():.0f} s", SET)
    return ok("clock", f"{now:%Y-%m-%d %H:%M:%S}Z")


LAST_RECORDED = select(func.max(tables.audit.c.at))
SET = "set it by a time server (NTP): due dates act by it"


def times(c: Connection) -> tuple[datetime | None, datetime | None]:
    """The newest instant on record, and the database server's time; None on SQLite, which has no server."""
    newest: int | None = c.execute(LAST_RECORDED).scalar()
    if c.dialect.name == "sqlite":
        return instant(newest), None
    server: datetime = c.execute(select(func.clock_timestamp())).scalar_one()
    return instant(newest), server.astimezone(UTC)


async def intents(app: Lockgate) -> FindingView:
    """Writes that were begun and never recorded: the target is asked about each before it is written again."""
    oldest, number = await app.ledger.read(lambda c: _oldest(c, tables.intent.c.at))
    if oldest is None or app.clock() - oldest < OLD_INTENT:
        return ok("writes in doubt", f"{number} under way" if number else "none")
    told = f"{number}, the oldest of {oldest:%Y-%m-%d %H:%M}Z: Lockgate was cut off while it wrote"
    return warn("writes in doubt", told, "start `lockgate up`, or `lockgate flow run FLOW`: each is looked at again")


async def inbox(app: Lockgate) -> FindingView:
    oldest, number = await app.ledger.read(lambda c: _oldest(c, tables.inbox.c.at))
    if oldest is None or app.clock() - oldest < OLD_HINT:
        return ok("inbox", f"{number} items wait to be looked at" if number else "empty")
    told = f"{number} items wait, the oldest since {oldest:%Y-%m-%d %H:%M}Z"
    return warn("inbox", told, "is `lockgate up` running, is the flow paused, do its systems answer?")


def _oldest(c: Connection, column: "sa.Column[int]") -> tuple[datetime | None, int]:
    first, number = c.execute(select(func.min(column), func.count())).one()
    return instant(first), number
