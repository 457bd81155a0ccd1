"""What runs on this database, and by which keys: so that a machine that lags is found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the table; who runs says so within a minute."""
    op.create_table(
        "machines",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("part", sa.String(16), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("secret_key", sa.String(8)),
        sa.Column("approval_key", sa.String(8)),
        sa.Column("age_recipients", sa.String(8)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machines")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("machines")
