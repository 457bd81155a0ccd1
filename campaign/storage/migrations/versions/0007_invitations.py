"""A member of staff may be invited; and logging out everywhere forgets the browsers that were known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add both; who is there has a password, and no invitation."""
    op.add_column("staff", sa.Column("invitation", sa.Text()))
    op.add_column("staff", sa.Column("devices", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop them."""
    for name in ("devices", "invitation"):
        op.drop_column("staff", name)
