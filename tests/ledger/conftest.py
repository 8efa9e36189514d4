"""The ledger's tests run on SQLite and on PostgreSQL."""

from tests.databases import *  # noqa: F403 - the fixtures, as its __all__ names them
