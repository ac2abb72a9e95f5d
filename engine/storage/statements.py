"""Statements of the hot path: written in SQLAlchemy's Core, compiled once, run on the driver.

SQLAlchemy spends several times longer on wrapping a small statement than SQLite on running it:
half of the processor time of a step (measured). What every step runs therefore goes this way;
everything else goes through the connection as usual, in the same transaction.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from operator import itemgetter
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.storage.base import SQLITE
from engine.storage.faults import READS, fail

Processor = Callable[[Any], Any]
Statement = sa.Select[Any] | sa.Insert | sa.Update | sa.Delete | sa.TextClause
DRIVER_ERRORS = (sqlite3.Error, psycopg.Error, OverflowError, UnicodeEncodeError)
INSERTS: Mapping[str, Callable[[sa.Table], Any]] = {
    SQLITE: sqlite_insert,
    "postgresql": postgresql_insert,
}


def insert_into(table: sa.Table, *columns: str) -> sa.Insert:
    """Return an insert of one row with a parameter for each of the columns."""
    return table.insert().values({name: sa.bindparam(name) for name in columns})


class Line:
    """The driver's connection below an open transaction, with what its unit must know of it."""

    def __init__(self, connection: sa.Connection) -> None:
        self.raw: Any = connection.connection.driver_connection
        self.dialect = connection.dialect
        self.info = connection.info
        self.reads: bool = connection.get_execution_options().get(READS, False)


class Prepared:
    """One statement with named parameters; values are given and taken as its columns' types.

    A statement that the databases spell differently comes as a function of the dialect's name.
    Expanding parameters (`IN`) have no fixed text and cannot be prepared.
    """

    def __init__(self, statement: Statement | Callable[[str], Statement]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def first(self, line: Line, **values: object) -> Sequence[Any] | None:
        """Return the first row, None without one."""
        compiled = self._for(line)
        cursor = compiled.execute(line, values)
        row = cursor.fetchone()
        return None if row is None else compiled.fetch(cursor, [row])[0]

    def rows(self, line: Line, **values: object) -> list[Sequence[Any]]:
        """Return all rows."""
        compiled = self._for(line)
        cursor = compiled.execute(line, values)
        return compiled.fetch(cursor, cursor.fetchall())

    def run(self, line: Line, values: Mapping[str, object]) -> int:
        """Change rows and return how many."""
        compiled = self._for(line)
        number = int(compiled.execute(line, values).rowcount)
        if number:
            compiled.note(line)
        return number

    def run_many(self, line: Line, rows: Sequence[Mapping[str, object]]) -> None:
        """Change rows once for each mapping, in one call of the driver."""
        if rows:
            compiled = self._for(line)
            if compiled.execute_many(line, rows):
                compiled.note(line)

    def _for(self, line: Line) -> "_Compiled":
        name = line.dialect.name
        compiled = self._compiled.get(name)
        if compiled is None:
            statement = self._statement
            if not isinstance(statement, sa.Executable):
                statement = statement(name)
            compiled = self._compiled[name] = _Compiled(statement, line.dialect)
        return compiled


class _Compiled:
    """A statement in the words of one database."""

    def __init__(self, statement: Statement, dialect: sa.Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self._text: str = str(compiled)
        table = getattr(statement, "table", None)
        self._table = table.name if isinstance(table, sa.Table) else None
        names: Sequence[str] = compiled.positiontup or list(compiled.binds)
        self._positional = compiled.positiontup is not None
        # Constants of the statement (a LIMIT) are parameters too; the others must be given.
        self._constants = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required
        }
        # One call that picks all values, then the few that must be spelt for the driver.
        self._names = tuple(names)
        self._pick = itemgetter(*names) if len(names) > 1 else None
        makers = [
            compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
            for name in names
        ]
        self._spelt = [(place, make) for place, make in enumerate(makers) if make is not None]
        columns = statement.selected_columns if isinstance(statement, sa.Select) else ()
        self._types = [column.type.dialect_impl(dialect) for column in columns]
        self._dialect = dialect
        self._results: list[tuple[int, Processor]] | None = None

    def execute(self, line: Line, values: Mapping[str, object]) -> Any:
        parameters = self._bound(values)
        line.info["statements"] += 1
        try:
            return line.raw.execute(self._text, parameters)
        except DRIVER_ERRORS as error:
            fail(line.info, line.reads, error)
            raise

    def execute_many(self, line: Line, rows: Sequence[Mapping[str, object]]) -> int:
        parameters = [self._bound(values) for values in rows]
        line.info["statements"] += 1
        try:
            with closing(line.raw.cursor()) as cursor:
                cursor.executemany(self._text, parameters)
                return int(cursor.rowcount)
        except DRIVER_ERRORS as error:
            fail(line.info, line.reads, error)
            raise

    def fetch(self, cursor: Any, rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
        """Return rows of the driver as values of the columns' types."""
        results = self._results
        if results is None:
            results = self._results = self._processors(cursor)
        if not results:
            return list(rows)
        found: list[Sequence[Any]] = []
        for row in rows:
            values = list(row)
            for place, process in results:
                values[place] = process(values[place])
            found.append(values)
        return found

    def _processors(self, cursor: Any) -> list[tuple[int, Processor]]:
        made = (
            (place, kind.result_processor(self._dialect, cursor.description[place][1]))
            for place, kind in enumerate(self._types)
        )
        return [(place, process) for place, process in made if process is not None]

    def note(self, line: Line) -> None:
        if self._table is not None:
            line.info["changed"].add(self._table)

    def _bound(self, values: Mapping[str, object]) -> list[Any] | dict[str, Any]:
        given = {**self._constants, **values} if self._constants else values
        pick, names = self._pick, self._names
        bound = list(pick(given)) if pick is not None else [given[name] for name in names]
        for place, make in self._spelt:
            bound[place] = make(bound[place])
        return bound if self._positional else dict(zip(names, bound, strict=True))
