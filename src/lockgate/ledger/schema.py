"""Bring a database's tables to this release, by migrations; cheap when there is nothing to do."""

from sqlalchemy import Connection, inspect, text

from lockgate.ledger.database import Database
from lockgate.ledger.errors import SchemaMismatch

HEAD = "0001"
"""The newest migration, known without loading Alembic: a process that finds it in the database need not import it."""

# Any number will do as long as it is ours: two processes that start at once upgrade one after the other.
ADVISORY = 0x10C6A7E


def upgrade(url: str) -> None:
    """Create or upgrade the tables of the database at this URL. Safe to repeat and to run from several processes at once."""
    database = Database(url, readers=1)
    try:
        ensure(database, upgrade=True)
    finally:
        database.close()


def revision(c: Connection) -> str | None:
    """The migration this database is at, or None when it has no tables of ours."""
    if not inspect(c).has_table("alembic_version"):
        return None
    return c.execute(text("SELECT version_num FROM alembic_version")).scalar()


def ensure(database: Database, *, upgrade: bool) -> None:
    """Leave the database at HEAD; without `upgrade` only check that it is there."""
    with database.exclusive(), database.writing.begin() as c:
        if revision(c) == HEAD:
            return
        if not upgrade:
            raise SchemaMismatch(f"The tables of {database.name} are not of this release: run `lockgate db upgrade`")
        if not database.sqlite:
            c.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY})
        if revision(c) != HEAD:
            _migrate(c)


def _migrate(c: Connection) -> None:
    from lockgate.ledger.tables import metadata

    metadata.create_all(c)
    c.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    c.execute(text("INSERT INTO audit_head (id, n, hash) VALUES (1, 0, :zero)"), {"zero": bytes(32)})
    c.execute(text("INSERT INTO claim (bucket, worker, until) VALUES (:b, '', 0)"), [{"b": b} for b in range(64)])
    c.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
