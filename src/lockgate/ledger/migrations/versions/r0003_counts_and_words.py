"""Items counted as they change and found by the words of their titles; counterparts that people chose."""

import sqlalchemy as sa
from alembic import op

from lockgate.ledger.words import folded

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BATCH = 5_000


def upgrade() -> None:
    _lists()
    _counts()
    _details()
    _choices()
    op.create_index("run_state", "run", ["state", "started", "id"])
    op.create_index("audit_run", "audit", ["run", "flow", "n"])


def _lists() -> None:
    op.drop_index("delivery_hidden", table_name="delivery")
    op.drop_index("delivery_list", table_name="delivery")
    op.create_index("delivery_list", "delivery", ["flow", "outcome", "code", "held", "key"])
    there = sa.text("ref IS NOT NULL")
    op.create_index("delivery_ref", "delivery", ["ref"], sqlite_where=there, postgresql_where=there)
    op.drop_index("parked_list", table_name="parked")
    op.create_index("parked_list", "parked", ["flow", "code", "since", "key"])
    op.create_index("parked_since", "parked", ["since", "flow", "key"])


def _counts() -> None:
    op.create_table(
        "delivery_count",
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("held", TEXT, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("flow", "outcome", "code", "held", name="delivery_count_pkey"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO delivery_count (flow, outcome, code, held, n)"
        " SELECT flow, outcome, code, held, count(*) FROM delivery GROUP BY flow, outcome, code, held"
    )


def _details() -> None:
    """The wide rows get a number, and are found by the words of their titles."""
    # Copied, not renamed: on PostgreSQL indexes and constraints would keep the names they were given.
    op.execute("CREATE TABLE delivery_detail_old AS SELECT * FROM delivery_detail")
    op.create_index("delivery_detail_old_place", "delivery_detail_old", ["flow", "key"])
    op.drop_table("delivery_detail")
    op.create_table(
        "delivery_detail",
        sa.Column("id", COUNTER, autoincrement=True, nullable=False),
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("search", TEXT, nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="delivery_detail_pkey"),
        sa.UniqueConstraint("flow", "key", name="delivery_detail_flow_key_key"),
    )
    _copy()
    op.drop_table("delivery_detail_old")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE delivery_words USING fts5"
            "(search, content='delivery_detail', content_rowid='id', columnsize=0)"
        )
        op.execute(
            "INSERT INTO delivery_words (rowid, search) SELECT id, search FROM delivery_detail WHERE search <> ''"
        )
    else:
        op.execute("CREATE INDEX delivery_words ON delivery_detail USING gin (to_tsvector('simple', search))")


def _copy() -> None:
    old = sa.table("delivery_detail_old", *map(sa.column, ("flow", "key", "title", "detail")))
    new = sa.table("delivery_detail", *map(sa.column, ("flow", "key", "title", "search", "detail")))
    place = sa.tuple_(old.c.flow, old.c.key)
    read = sa.select(old).order_by(old.c.flow, old.c.key).limit(BATCH)
    last: tuple[str, str] = ("", "")
    while rows := op.get_bind().execute(read.where(place > sa.tuple_(*last))).all():
        told = [
            {"flow": flow, "key": key, "title": title, "search": folded(title), "detail": detail}
            for flow, key, title, detail in rows
        ]
        op.get_bind().execute(sa.insert(new), told)
        last = (rows[-1].flow, rows[-1].key)


def _choices() -> None:
    op.create_table(
        "choice",
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("flow", "key", name="choice_pkey"),
        sqlite_with_rowid=False,
    )
