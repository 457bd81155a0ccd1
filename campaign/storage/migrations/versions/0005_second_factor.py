"""Each member of staff may have a second factor: its sealed secret, and what was used of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add it; who is there has none, and enrols at the next login."""
    op.add_column("staff", sa.Column("factor", sa.Text()))
    op.add_column("staff", sa.Column("recovery", sa.Text(), nullable=False, server_default=""))
    op.add_column("staff", sa.Column("code_step", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop it."""
    for name in ("code_step", "recovery", "factor"):
        op.drop_column("staff", name)
