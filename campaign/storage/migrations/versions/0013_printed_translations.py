"""A translation may be printed: what into, who made it, and whether the approval is for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make room for it. What was approved before is printed as it was written."""
    for table in ("messages", "originals"):
        op.add_column(table, sa.Column("translated_into", sa.String(16)))
        op.add_column(table, sa.Column("translated_by", sa.String(64)))
    op.add_column("messages", sa.Column("prints", sa.String(16), nullable=False, server_default="original"))


def downgrade() -> None:
    """Drop it: what was approved with its translation is approved for nothing then."""
    op.drop_column("messages", "prints")
    for table in ("messages", "originals"):
        op.drop_column(table, "translated_by")
        op.drop_column(table, "translated_into")
