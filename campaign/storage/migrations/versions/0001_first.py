"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "backups",
        sa.Column("id", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("lapses_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups")),
    )
    op.create_table(
        "batches",
        sa.Column("id", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("press", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("reprints", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True)),
        sa.Column("printed_at", sa.DateTime(timezone=True)),
        sa.Column("posted_on", sa.Date()),
        sa.Column("void_reason", sa.Text()),
        sa.CheckConstraint(
            "state IN ('planned', 'rendered', 'printed', 'posted', 'void')",
            name=op.f("ck_batches_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("campaign", "number", name=op.f("uq_batches_campaign_number")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("message", sa.String(32), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("why", sa.String(64), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "health",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health")),
    )
    op.create_table(
        "keepsakes",
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "made_on", name=op.f("pk_keepsakes")),
    )
    op.create_table(
        "messages",
        sa.Column("sequence", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("flood", sa.Boolean(), nullable=False),
        sa.Column("wall", sa.Boolean(), nullable=False),
        sa.Column("updates", sa.Boolean(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("consent_version", sa.String(16), nullable=False),
        sa.Column("consent_language", sa.String(16), nullable=False),
        sa.Column("likeness", sa.String(32), nullable=False),
        sa.Column("receipt_digest", sa.String(64)),
        sa.Column("approval", sa.Text()),
        sa.Column("reviewed_by", sa.String(64)),
        sa.Column("reviewed_on", sa.Date()),
        sa.Column("reason", sa.Text()),
        sa.Column("translation", sa.Text()),
        sa.Column("redactions", sa.JSON(), nullable=False),
        sa.Column("erased_on", sa.Date()),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'rejected', 'withdrawn')", name=op.f("ck_messages_state_known")
        ),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_messages")),
        sa.UniqueConstraint("id", name=op.f("uq_messages_id")),
        sa.UniqueConstraint("receipt_digest", name=op.f("uq_messages_receipt_digest")),
    )
    op.create_index(op.f("ix_messages_likeness"), "messages", ["likeness"])
    op.create_index("ix_messages_queue", "messages", ["campaign", "state", "sequence"])
    op.create_table(
        "petition_counts",
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("campaign", name=op.f("pk_petition_counts")),
    )
    op.create_table(
        "petition_events",
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("webhook_id", sa.String(255), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signatures", sa.Integer()),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "webhook_id", name=op.f("pk_petition_events")),
    )
    op.create_index(op.f("ix_petition_events_received_at"), "petition_events", ["received_at"])
    op.create_index("ix_petition_events_time", "petition_events", ["campaign", "happened_at"])
    op.create_table(
        "staff",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_staff")),
    )
    op.create_table(
        "used_tokens",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("message", sa.String(32), nullable=False),
        sa.Column("words_digest", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_used_tokens")),
    )
    op.create_index(op.f("ix_used_tokens_expires_at"), "used_tokens", ["expires_at"])
    op.create_index(op.f("ix_used_tokens_message"), "used_tokens", ["message"])
    op.create_table(
        "details",
        sa.Column("message", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.id"], name=op.f("fk_details_message_messages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_details")),
    )
    op.create_table(
        "slots",
        sa.Column("id", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("batch", SEQUENCE, nullable=False),
        sa.Column("message", sa.String(32), nullable=False),
        sa.Column("card", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name=op.f("fk_slots_batch_batches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.UniqueConstraint("batch", "card", "position", name=op.f("uq_slots_batch_card_position")),
    )
    op.create_index(op.f("ix_slots_message"), "slots", ["message"])
    op.create_index(
        "uq_slots_live_message",
        "slots",
        ["message"],
        unique=True,
        sqlite_where=sa.text("live = 1"),
        postgresql_where=sa.text("live"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("slots")
    op.drop_table("details")
    op.drop_table("used_tokens")
    op.drop_table("staff")
    op.drop_table("petition_events")
    op.drop_table("petition_counts")
    op.drop_table("messages")
    op.drop_table("keepsakes")
    op.drop_table("health")
    op.drop_table("erasures")
    op.drop_table("batches")
    op.drop_table("backups")
