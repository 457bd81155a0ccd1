"""Run by Alembic inside `campaign.storage.database.migrate`, which hands over an open transaction."""

from __future__ import annotations

from alembic import context

from campaign.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
