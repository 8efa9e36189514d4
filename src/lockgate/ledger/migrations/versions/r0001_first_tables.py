"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    for create in (_inbox, _deliveries, _targets, _runs, _plans, _setup, _audit):
        create()
    end = sa.table("audit_head", sa.column("id"), sa.column("n"), sa.column("hash", sa.LargeBinary))
    op.bulk_insert(end, [{"id": 1, "n": 0, "hash": bytes(32)}])


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("ready", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="inbox_pkey"),
        sa.UniqueConstraint("flow", "key", name="inbox_flow_key_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "inbox_later",
        "inbox",
        ["ready"],
        unique=False,
        sqlite_where=sa.text("ready IS NOT NULL"),
        postgresql_where=sa.text("ready IS NOT NULL"),
    )
    op.create_index("inbox_order", "inbox", ["lane", "id", "ready"], unique=False)


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("rev", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("held", TEXT, nullable=False),
        sa.Column("ref", TEXT, nullable=True),
        sa.Column("file_version", TEXT, nullable=True),
        sa.Column("file_digest", sa.LargeBinary(), nullable=True),
        sa.Column("fields_digest", TEXT, nullable=True),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("audit_n", sa.BigInteger(), nullable=True),
        sa.Column("named", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("flow", "key", name="delivery_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "delivery_due",
        "delivery",
        ["due"],
        unique=False,
        sqlite_where=sa.text("due IS NOT NULL"),
        postgresql_where=sa.text("due IS NOT NULL"),
    )
    op.create_index(
        "delivery_hidden",
        "delivery",
        ["flow", "outcome", "code", "key"],
        unique=False,
        sqlite_where=sa.text("held = 'hidden'"),
        postgresql_where=sa.text("held = 'hidden'"),
    )
    op.create_index("delivery_list", "delivery", ["flow", "outcome", "code", "key"], unique=False)
    op.create_table(
        "delivery_detail",
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("search", TEXT, nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("flow", "key", name="delivery_detail_pkey"),
    )
    op.create_table(
        "item_identifier",
        sa.Column("value", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("value", "kind", "flow", "key", name="item_identifier_pkey"),
        sqlite_with_rowid=False,
    )


def _targets() -> None:
    op.create_table(
        "link",
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("ref", TEXT, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("flow", "key", "kind", "id", "field", name="link_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_index("link_used", "link", ["kind", "id"], unique=False)
    op.create_table(
        "intent",
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("file_version", TEXT, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("run", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("flow", "key", name="intent_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "parked",
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("waits", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("flow", "key", name="parked_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_index("parked_list", "parked", ["flow", "code", "key"], unique=False)
    op.create_index(
        "parked_next",
        "parked",
        ["next_try"],
        unique=False,
        sqlite_where=sa.text("next_try IS NOT NULL"),
        postgresql_where=sa.text("next_try IS NOT NULL"),
    )
    op.create_table(
        "parked_wait",
        sa.Column("wait", TEXT, nullable=False),
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("wait", "flow", "key", name="parked_wait_pkey"),
        sqlite_with_rowid=False,
    )


def _runs() -> None:
    op.create_table(
        "cursor",
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "name", name="cursor_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("finished", sa.BigInteger(), nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("params", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="run_pkey"),
    )
    op.create_index("run_flow", "run", ["flow", "started", "id"], unique=False)
    op.create_index("run_started", "run", ["started", "id"], unique=False)
    op.create_table(
        "run_page",
        sa.Column("run", TEXT, nullable=False),
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cursor", TEXT, nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("covers", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="run_page_run_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run", "page", name="run_page_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally",
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("flow", "hour", "outcome", "code", name="tally_pkey"),
        sqlite_with_rowid=False,
    )


def _plans() -> None:
    op.create_table(
        "plan",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("run", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="plan_pkey"),
    )
    op.create_index("plan_flow", "plan", ["flow", "created", "id"], unique=False)
    op.create_table(
        "plan_change",
        sa.Column("plan", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("actions", TEXT, nullable=False),
        sa.Column("change", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name="plan_change_plan_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan", "key", name="plan_change_pkey"),
        sqlite_with_rowid=False,
    )


def _setup() -> None:
    op.create_table(
        "flow",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("recipe", TEXT, nullable=False),
        sa.Column("binding", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="flow_pkey"),
    )
    op.create_table(
        "connection",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("connector", TEXT, nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=True),
        sa.Column("hook_secret", sa.LargeBinary(), nullable=True),
        sa.Column("profile", sa.LargeBinary(), nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("info", sa.LargeBinary(), nullable=True),
        sa.Column("problem", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("name", name="connection_pkey"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("run", TEXT, nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="audit_pkey"),
    )
    op.create_index("audit_flow", "audit", ["flow", "n"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_head_pkey"),
        sqlite_with_rowid=False,
    )
