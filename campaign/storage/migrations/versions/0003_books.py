"""A keepsake knows its file, and how many messages it holds that were taken back since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add both. Of earlier books neither is known; what they held was told when it was taken back."""
    op.add_column("keepsakes", sa.Column("taken_back", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("keepsakes", sa.Column("sha256", sa.String(64)))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("keepsakes", "sha256")
    op.drop_column("keepsakes", "taken_back")
