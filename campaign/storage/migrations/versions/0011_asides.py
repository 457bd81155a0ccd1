"""A message may be set aside with a note; and an index alone answers how many are in which state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

BEFORE = ["campaign", "state", "sequence"]
QUEUE = ["campaign", "state", "erased_on", "sequence", "flood"]
DECIDED = ["campaign", "state", "erased_on", "reviewed_on", "sequence"]


def upgrade() -> None:
    """Make room for the notes, and the indexes anew."""
    op.create_table(
        "asides",
        sa.Column("message", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.id"], op.f("fk_asides_message_messages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_asides")),
    )
    op.drop_index("ix_messages_queue", "messages")
    op.create_index("ix_messages_queue", "messages", QUEUE)
    decided = sa.text("reviewed_on IS NOT NULL")
    op.create_index(
        "ix_messages_decided", "messages", DECIDED, sqlite_where=decided, postgresql_where=decided
    )
    flood = ["campaign", "state", "erased_on", "flood"]
    op.create_index(
        "ix_messages_flood",
        "messages",
        flood,
        sqlite_where=sa.text("flood = 1"),
        postgresql_where=sa.text("flood"),
    )


def downgrade() -> None:
    """Drop them, with the notes."""
    op.drop_index("ix_messages_flood", "messages")
    op.drop_index("ix_messages_decided", "messages")
    op.drop_index("ix_messages_queue", "messages")
    op.create_index("ix_messages_queue", "messages", BEFORE)
    op.drop_table("asides")
