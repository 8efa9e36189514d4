"""Tables come about by migrations, and are what the code describes."""

import asyncio
import re
import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from lockgate.ledger import Ledger, SchemaMismatch
from lockgate.ledger.database import Database
from lockgate.ledger.schema import HEAD, alembic_config, upgrade
from lockgate.ledger.tables import metadata


def described(c: Connection) -> dict[str, str]:
    """Every table and index of the database in its own words, by name."""
    if c.dialect.name == "sqlite":
        found = c.execute(
            sa.text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'")
        )
        return {name: re.sub(r'[\s"]+', " ", definition) for name, definition in found}
    columns = c.execute(
        sa.text(
            "SELECT table_name || '.' || column_name, concat_ws(' ', data_type, is_nullable, collation_name, column_default)"
            " FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'alembic%'"
        )
    )
    indexes = c.execute(
        sa.text(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'alembic%'"
        )
    )
    rules = c.execute(
        sa.text(
            "SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'alembic%'"
        )
    )
    return {name: text for found in (columns, indexes, rules) for name, text in found}


def described_as_table(name: str | None, *_: object) -> bool:
    """The index of words is SQLite's own kind of table and PostgreSQL's own kind of index."""
    return not (name or "").startswith("item_words")


def read(url: str) -> dict[str, str]:
    database = Database(url, readers=1)
    try:
        with database.reading.connect() as c:
            return described(c)
    finally:
        database.close()


def test_the_migrations_make_what_the_code_describes(empty_database_url: str) -> None:
    database = Database(empty_database_url, readers=1)
    try:
        with database.writing.begin() as c:
            metadata.create_all(c)
            wanted = described(c)
            metadata.drop_all(c)
        upgrade(empty_database_url)
        with database.reading.connect() as c:
            assert described(c) == wanted
            compared = MigrationContext.configure(c, opts={"include_name": described_as_table})
            assert compare_metadata(compared, metadata) == []
            assert ScriptDirectory.from_config(alembic_config(c)).get_current_head() == HEAD
    finally:
        database.close()


def test_upgrading_again_changes_nothing(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    before = read(empty_database_url)
    upgrade(empty_database_url)
    assert read(empty_database_url) == before


def test_processes_that_start_at_once_upgrade_once(empty_database_url: str) -> None:
    script = "import sys; from lockgate.ledger.schema import upgrade; upgrade(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", script, empty_database_url], stderr=subprocess.PIPE)  # noqa: S603
        for _ in range(2)
    ]
    for process in started:
        _, said = process.communicate(timeout=30)
        assert (process.returncode, said) == (0, b"")
    assert "delivery_list" in read(empty_database_url)


async def test_ledgers_opened_at_once_in_one_process_upgrade_once(empty_database_url: str) -> None:
    ledgers = await asyncio.gather(*(Ledger.open(empty_database_url) for _ in range(3)))
    await asyncio.gather(*(ledger.close() for ledger in ledgers))


async def test_tables_of_a_newer_release_are_left_alone(database_url: str) -> None:
    async with await Ledger.open(database_url) as ledger:
        await ledger.write(lambda c: c.execute(sa.text("UPDATE alembic_version SET version_num = '9999'")).close())
    with pytest.raises(SchemaMismatch, match="newer release"):
        await Ledger.open(database_url)


async def test_an_upgrade_nobody_asked_for_does_not_happen(empty_database_url: str) -> None:
    with pytest.raises(SchemaMismatch, match="lockgate db upgrade"):
        await Ledger.open(empty_database_url, upgrade=False)
    assert read(empty_database_url) == {}
    upgrade(empty_database_url)
    async with await Ledger.open(empty_database_url, upgrade=False) as ledger:
        await ledger.read(lambda _: None)
