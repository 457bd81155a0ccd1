"""A cut can be undone: what stood there before it is kept for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make room for it. What was cut before is gone, as it was said to be."""
    op.create_table(
        "originals",
        sa.Column("message", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("translation", sa.Text()),
        sa.Column("redactions", sa.JSON(), nullable=False),
        sa.Column("kept_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.id"], op.f("fk_originals_message_messages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_originals")),
    )


def downgrade() -> None:
    """Drop it, with what it holds."""
    op.drop_table("originals")
