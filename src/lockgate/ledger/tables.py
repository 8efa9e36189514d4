"""All tables of the ledger, for SQLite and PostgreSQL alike. Instants are microseconds (see `clock`), digests bytes.

Wide and rarely read columns stand apart from the rows that every run looks up: `delivery` stays small enough for its
whole index to be walked, `delivery_detail` holds what people read.
"""

import sqlalchemy as sa
from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    UniqueConstraint,
    event,
)
from sqlalchemy.schema import ExecutableDDLElement

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    }
)

# Ordered by code points on PostgreSQL too, whatever its locale: as SQLite and Python do, and with faster indexes.
Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# SQLite counts only INTEGER PRIMARY KEY columns itself; there it is 64 bits wide all the same.
Counter = BigInteger().with_variant(Integer(), "sqlite")

inbox = Table(
    "inbox",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("flow", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("bucket", SmallInteger, nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("ready", BigInteger),  # empty: at once
    Column("tries", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", LargeBinary),
    UniqueConstraint("flow", "key"),
    # Without AUTOINCREMENT an emptied table would give old ids again, and a late `done` would take a new row.
    sqlite_autoincrement=True,
)
Index("inbox_order", inbox.c.lane, inbox.c.id, inbox.c.ready)
Index(
    "inbox_later",
    inbox.c.ready,
    sqlite_where=inbox.c.ready.is_not(None),
    postgresql_where=inbox.c.ready.is_not(None),
)

delivery = Table(
    "delivery",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("rev", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("held", Text, nullable=False),
    Column("ref", Text),
    Column("file_version", Text),
    Column("file_digest", LargeBinary),
    Column("fields_digest", Text),
    Column("due", BigInteger),
    Column("at", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("audit_n", BigInteger),
    Column("named", BigInteger, nullable=False),  # hash of what the item is found by: whether that must be touched
    sqlite_with_rowid=False,
)
# With `delivery_count` any filter of a list is a handful of ranges of this one index.
Index("delivery_list", delivery.c.flow, delivery.c.outcome, delivery.c.code, delivery.c.held, delivery.c.key)
Index(
    "delivery_due",
    delivery.c.due,
    sqlite_where=delivery.c.due.is_not(None),
    postgresql_where=delivery.c.due.is_not(None),
)

delivery_count = Table(
    "delivery_count",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("outcome", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("held", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# With a row id: rows of a kilobyte and more would each spill into a page of their own in a table without.
delivery_detail = Table(
    "delivery_detail",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("detail", LargeBinary, nullable=False),
)

# By what an item is found, in tables of their own: they are touched only where a title or a number changes.
item_title = Table(
    "item_title",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),  # by which SQLite's index of words names its row
    Column("flow", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("words", Text, nullable=False),  # in comparable form, with single blanks between
    UniqueConstraint("flow", "key"),
)
WORDS = {
    # Holds no copy of the texts: whoever changes a row takes its old words out and puts the new ones in.
    "sqlite": "CREATE VIRTUAL TABLE item_words USING fts5(words, content='item_title', content_rowid='id', columnsize=0)",
    "postgresql": "CREATE INDEX item_words ON item_title USING gin (to_tsvector('simple', words))",
}
"""The index of the words of titles, which each database has in its own way."""


def _ddl(statement: str, dialect: str) -> ExecutableDDLElement:
    made: ExecutableDDLElement = DDL(statement)  # type: ignore[no-untyped-call]
    return made.execute_if(dialect=dialect)


for dialect, statement in WORDS.items():
    event.listen(item_title, "after_create", _ddl(statement, dialect))
event.listen(item_title, "before_drop", _ddl("DROP TABLE IF EXISTS item_words", "sqlite"))

item_identifier = Table(
    "item_identifier",
    metadata,
    Column("value", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("flow", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    sqlite_with_rowid=False,
)

link = Table(
    "link",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("ref", Text),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("link_used", link.c.kind, link.c.id)

parked = Table(
    "parked",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("waits", LargeBinary, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try", BigInteger),
    sqlite_with_rowid=False,
)
Index("parked_list", parked.c.flow, parked.c.code, parked.c.since, parked.c.key)
Index("parked_since", parked.c.since, parked.c.flow, parked.c.key)
Index(
    "parked_next",
    parked.c.next_try,
    sqlite_where=parked.c.next_try.is_not(None),
    postgresql_where=parked.c.next_try.is_not(None),
)

parked_wait = Table(
    "parked_wait",
    metadata,
    Column("wait", Text, primary_key=True),
    Column("flow", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    sqlite_with_rowid=False,
)

hold = Table(
    "hold",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

choice = Table(
    "choice",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

intent = Table(
    "intent",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("action", Text, nullable=False),
    Column("file_version", Text),
    Column("at", BigInteger, nullable=False),
    Column("run", Text, nullable=False),
    sqlite_with_rowid=False,
)

cursor = Table(
    "cursor",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

run = Table(
    "run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("flow", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started", BigInteger, nullable=False),
    Column("finished", BigInteger),
    Column("account", LargeBinary, nullable=False),
    Column("total", BigInteger),
    Column("note", Text, nullable=False),
    Column("params", LargeBinary, nullable=False),
)
Index("run_flow", run.c.flow, run.c.started, run.c.id)
Index("run_started", run.c.started, run.c.id)
Index("run_state", run.c.state, run.c.started, run.c.id)

run_page = Table(
    "run_page",
    metadata,
    Column("run", Text, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("page", Integer, primary_key=True, autoincrement=False),
    Column("cursor", Text),
    Column("account", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("covers", LargeBinary),  # which items it accounts for; empty once the run has ended
    sqlite_with_rowid=False,
)

tally = Table(
    "tally",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("outcome", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

plan = Table(
    "plan",
    metadata,
    Column("id", Text, primary_key=True),
    Column("flow", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("account", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("run", Text),
)
Index("plan_flow", plan.c.flow, plan.c.created, plan.c.id)

plan_change = Table(
    "plan_change",
    metadata,
    Column("plan", Text, ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("actions", Text, nullable=False),  # space-separated, so that a summary need not open the change
    Column("change", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

flow = Table(
    "flow",
    metadata,
    Column("name", Text, primary_key=True),
    Column("recipe", Text, nullable=False),
    Column("binding", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", Text, nullable=False),
)

connection = Table(
    "connection",
    metadata,
    Column("name", Text, primary_key=True),
    Column("connector", Text, nullable=False),
    Column("settings", LargeBinary, nullable=False),
    Column("secrets", LargeBinary),
    Column("hook_secret", LargeBinary),
    Column("profile", LargeBinary),
    Column("state", Text, nullable=False),
    Column("checked_at", BigInteger),
    Column("info", LargeBinary),
    Column("problem", Text),
    Column("kept", LargeBinary),
)

audit = Table(
    "audit",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("flow", Text, nullable=False),
    Column("run", Text, nullable=False),
    Column("items", Integer, nullable=False),
    Column("entries", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

Index("audit_flow", audit.c.flow, audit.c.n)
Index("audit_run", audit.c.run, audit.c.flow, audit.c.n)

audit_head = Table(
    "audit_head",
    metadata,
    # One row: where the chain ends. Writers of several processes queue on it, and a chain cut short shows.
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
