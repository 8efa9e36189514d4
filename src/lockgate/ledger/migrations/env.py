"""Run by Alembic: migrate over the connection that `lockgate.ledger.schema` hands in, in its transaction."""

from alembic import context

from lockgate.ledger.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
