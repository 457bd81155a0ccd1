"""Each member of staff has a role; whoever was there before may do all that they could."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add it: coordinators, whose rows are signed as they were."""
    with op.batch_alter_table("staff") as table:
        table.add_column(sa.Column("role", sa.String(16), nullable=False, server_default="coordinator"))
        table.create_check_constraint(op.f("ck_staff_role_known"), "role IN ('reviewer', 'coordinator')")


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("staff") as table:
        table.drop_constraint(op.f("ck_staff_role_known"), type_="check")
        table.drop_column("role")
