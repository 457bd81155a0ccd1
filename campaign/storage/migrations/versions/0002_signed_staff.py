"""Rows of staff are signed, their sessions are kept here, and each slot knows the book that holds it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add them, empty.

    No row of staff is signed here: one that somebody planted before would be signed with the rest. Nor is a
    slot put into a book: of the books made so far only the day is known, and a batch may have been marked
    posted afterwards. The next keepsake holds all of them again.
    """
    op.add_column("staff", sa.Column("signature", sa.Text()))
    op.add_column("slots", sa.Column("in_book_on", sa.Date()))
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("member", sa.String(64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_member"), "sessions", ["member"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("sessions")
    op.drop_column("slots", "in_book_on")
    op.drop_column("staff", "signature")
