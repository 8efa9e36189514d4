"""Recalls by people."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("flow", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("flow", "key", name="hold_pkey"),
        sqlite_with_rowid=False,
    )
