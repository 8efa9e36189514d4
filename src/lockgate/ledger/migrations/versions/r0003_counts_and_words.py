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
    _titles()
    _choices()
    op.create_index("run_state", "run", ["state", "started", "id"])
    op.create_index("audit_run", "audit", ["run", "flow", "n"])


def _lists() -> None:
    op.drop_index("delivery_hidden", table_name="delivery")
    op.drop_index("delivery_list", table_name="delivery")
    op.create_index("delivery_list", "delivery", ["flow", "outcome", "code", "held", "key"])
    op.execute(
        "INSERT INTO item_identifier (value, kind, flow, key)"
        " SELECT ref, '~copy', flow, key FROM delivery WHERE ref IS NOT NULL"
    )
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


def _titles() -> None:
    """Titles by their words, apart from what is rewritten at each look."""
    op.drop_column("delivery_detail", "search")
    op.create_table(
        "item_title",
        sa.Column("id", COUNTER, autoincrement=True, nullable=False),
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("words", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="item_title_pkey"),
        sa.UniqueConstraint("flow", "key", name="item_title_flow_key_key"),
    )
    _fill()
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE item_words USING fts5(words, content='item_title', content_rowid='id', columnsize=0)"
        )
        op.execute("INSERT INTO item_words (item_words) VALUES ('rebuild')")
    else:
        op.execute("CREATE INDEX item_words ON item_title USING gin (to_tsvector('simple', words))")


def _fill() -> None:
    old = sa.table("delivery_detail", *map(sa.column, ("flow", "key", "title")))
    new = sa.table("item_title", *map(sa.column, ("flow", "key", "words")))
    place = sa.tuple_(old.c.flow, old.c.key)
    read = sa.select(old).order_by(old.c.flow, old.c.key).limit(BATCH)
    last: tuple[str, str] = ("", "")
    while rows := op.get_bind().execute(read.where(place > sa.tuple_(*last))).all():
        told = [{"flow": flow, "key": key, "words": folded(title)} for flow, key, title in rows]
        if told := [one for one in told if one["words"]]:
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
