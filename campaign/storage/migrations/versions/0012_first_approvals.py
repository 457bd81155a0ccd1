"""Two people may be asked to approve a message; and who looks at one outlives a restart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make room for both."""
    op.create_table(
        "first_approvals",
        sa.Column(
            "message", sa.String(32), sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
    )
    op.create_table(
        "presence",
        sa.Column(
            "message", sa.String(32), sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
