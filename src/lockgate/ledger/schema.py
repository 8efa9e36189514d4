"""Bring a database's tables to this release, by migrations; cheap when there is nothing to do."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import Connection

from lockgate.ledger.database import Database
from lockgate.ledger.errors import LedgerUnavailable, SchemaMismatch

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0004"
"""The newest migration, known without loading Alembic: a process that finds it in the database need not import it."""

# Any number will do as long as nobody else takes it: two processes that start at once upgrade one after the other.
ADVISORY_LOCK = 0x10C6A7E

# Alembic keeps the migration under way in module globals: one at a time per process, whatever the database.
_one_at_a_time = threading.Lock()


def upgrade(url: str) -> None:
    """Create or upgrade the tables of the database at this URL. Safe to repeat and to run from several processes at once."""
    database = Database(url, readers=1)
    try:
        ensure(database, upgrade=True)
    finally:
        database.close()


def revision(c: Connection) -> str | None:
    """The migration this database is at, or None when it has no tables of ours."""
    if not sa.inspect(c).has_table("alembic_version"):
        return None
    return c.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def ensure(database: Database, *, upgrade: bool) -> None:
    """Leave the database at HEAD, or raise SchemaMismatch when that needs an upgrade and none is wanted."""
    try:
        with database.exclusive(), database.writing.begin() as c:
            if not database.sqlite:
                c.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
            found = revision(c)
            if found == HEAD:
                return
            if not upgrade:
                raise SchemaMismatch(
                    f"The tables of {database.name} are not of this release: run `lockgate db upgrade`"
                )
            _migrate(c, found, database.name)
    except sa.exc.OperationalError as error:
        raise LedgerUnavailable(f"The database {database.name} cannot be used: {error.orig}") from error


def _migrate(c: Connection, found: str | None, name: str) -> None:
    from alembic import command, script

    config = alembic_config(c)
    known = {one.revision for one in script.ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise SchemaMismatch(f"The tables of {name} are of a newer release (migration {found}): install that release")
    with _one_at_a_time:
        command.upgrade(config, "head")


def alembic_config(c: Connection) -> "Config":
    """What Alembic's commands need; they then work on this connection, in its transaction."""
    from alembic.config import Config

    config = Config(attributes={"connection": c})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
