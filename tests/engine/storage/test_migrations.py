"""The migrations make the schema that the queries speak of, on both databases."""

import importlib
import pkgutil
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import engine.storage
from engine.domain.people import SYSTEM
from engine.storage.base import metadata
from engine.storage.serials import next_serial
from engine.storage.unit import Store, _migrations

for module in pkgutil.iter_modules(engine.storage.__path__):
    importlib.import_module(f"engine.storage.{module.name}")


def differences(store):
    with store._writer.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)


def names(store):
    """Return all tables, indexes and unique constraints with their columns and conditions."""
    with store._writer.begin() as connection:
        found = sa.inspect(connection)
        return {
            table: (
                sorted((column["name"], column["nullable"]) for column in found.get_columns(table)),
                sorted(
                    (index["name"], tuple(index["column_names"]), bool(index["unique"]))
                    for index in found.get_indexes(table)
                    if not index.get("duplicates_constraint")
                ),
                sorted(
                    (one["name"], tuple(one["column_names"]))
                    for one in found.get_unique_constraints(table)
                ),
                found.get_pk_constraint(table)["constrained_columns"],
                sorted(
                    (key["constrained_columns"][0], key["referred_table"])
                    for key in found.get_foreign_keys(table)
                ),
            )
            for table in found.get_table_names()
            if table != "alembic_version"
        }


def partial_indexes(store):
    """Return the conditions of partial indexes, told in the words of the database."""
    question = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'"
        if store.dialect == "sqlite"
        else "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%WHERE%'"
        " AND schemaname = 'public'"
    )
    with store._writer.begin() as connection:
        rows = connection.execute(sa.text(question))
        return {name: text.split("WHERE", 1)[1].strip(" ()") for name, text in rows}


@pytest.fixture
def from_metadata(store, tmp_path, request):
    """Open a database whose tables were made from the metadata, without migrations."""
    if store.dialect == "sqlite":
        (tmp_path / "other.sqlite").touch()
        other = Store(f"sqlite:///{tmp_path / 'other.sqlite'}")
        context = None
    else:
        context = request.getfixturevalue("postgresql").database("template0")
        other = Store(context.__enter__())
    with other._writer.begin() as connection:
        metadata.create_all(connection)
    yield other
    other.dispose()
    if context is not None:
        context.__exit__(None, None, None)


def test_the_migrated_schema_is_that_of_the_metadata(store, from_metadata):
    assert store.at_head()
    assert differences(store) == []
    assert names(store) == names(from_metadata)
    assert partial_indexes(store) == partial_indexes(from_metadata)
    assert partial_indexes(store)


def test_down_and_up_again_leaves_the_same_schema(store):
    before, settings = names(store), _migrations()
    with store._writer.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    assert not store.at_head()
    store.upgrade()
    assert names(store) == before


def test_upgrading_twice_keeps_what_is_there(office):
    with office.unit() as unit:
        next_serial(unit, "n")
    office.store.upgrade()
    with office.unit() as unit:
        assert next_serial(unit, "n") == 2


def test_a_new_file_is_made_with_its_folder_and_for_its_owner_alone(tmp_path, now):
    store = Store(f"sqlite:///{tmp_path / '数据 100%' / 'hall.sqlite'}")
    assert not store.at_head()
    store.create()
    assert store.at_head()
    assert store.path.stat().st_mode & 0o077 == 0
    with store.unit(now, lambda: "id", SYSTEM) as unit:
        assert next_serial(unit, "n") == 1
    store.dispose()


def test_two_who_upgrade_at_once_do_it_one_after_the_other(from_metadata, request):
    with from_metadata._writer.begin() as connection:
        metadata.drop_all(connection)
    stores = [Store(from_metadata.url.render_as_string(hide_password=False)) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(Store.upgrade, stores))
    assert all(store.at_head() for store in stores)
    for store in stores:
        store.dispose()
