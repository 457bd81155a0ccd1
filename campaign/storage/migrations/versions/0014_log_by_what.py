"""What staff did with one message is found without reading the whole log."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make an index; of a day's decisions there are few, and none is to lie in any order."""
    op.create_index(op.f("ix_staff_log_about"), "staff_log", ["about"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index(op.f("ix_staff_log_about"), "staff_log")
