"""Run by Alembic: migrates over the connection, and inside the transaction, that migrate.py hands in."""

from __future__ import annotations

from alembic import context

from judge_desk.hub.db.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
context.run_migrations()
