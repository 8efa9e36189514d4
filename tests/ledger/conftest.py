"""The ledger's tests run on SQLite and on PostgreSQL."""

from tests.databases import (
    database_url,
    empty_database_url,
    empty_postgres_url,
    ledger,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_url,
)

__all__ = [
    "database_url",
    "empty_database_url",
    "empty_postgres_url",
    "ledger",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "sqlite_url",
]
