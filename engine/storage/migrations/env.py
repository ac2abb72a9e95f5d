"""Runs migrations on the connection of a store, inside the transaction that the store opened."""

from alembic import context

from engine.storage.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
