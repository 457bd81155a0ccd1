"""Wrong passwords and codes are counted here, so that a restart forgets none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make room for them."""
    op.create_table(
        "guesses",
        sa.Column("who", sa.String(96), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_guesses")),
    )
    op.create_index(op.f("ix_guesses_last_at"), "guesses", ["last_at"])


def downgrade() -> None:
    """Drop them: all that is lost is that somebody guessed."""
    op.drop_table("guesses")
