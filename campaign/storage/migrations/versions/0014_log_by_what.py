"""What staff did with one message is found without reading the whole log."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make an index for each part of the log."""
    op.create_index(op.f("ix_staff_log_about"), "staff_log", ["about"])
    op.create_index(op.f("ix_staff_log_today_about"), "staff_log_today", ["about"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_staff_log_today_about"), "staff_log_today")
    op.drop_index(op.f("ix_staff_log_about"), "staff_log")
