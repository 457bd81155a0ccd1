"""How a campaign goes: arrivals by day, the petition's count of each, decisions by whom and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

JUDGED = ["campaign", "state", "erased_on", "reviewed_by"]


def upgrade() -> None:
    """Make the tables, which the next purge fills, and an index."""
    op.create_table(
        "arrivals",
        sa.Column(
            "up_to", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("up_to", "campaign", "day", "language", name=op.f("pk_arrivals")),
    )
    op.create_table(
        "petition_days",
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "day", name=op.f("pk_petition_days")),
    )
    decided = sa.text("reviewed_on IS NOT NULL")
    op.create_index("ix_messages_judged", "messages", JUDGED, sqlite_where=decided, postgresql_where=decided)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_messages_judged", "messages")
    op.drop_table("petition_days")
    op.drop_table("arrivals")
