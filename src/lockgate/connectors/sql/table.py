"""The table as the database describes it: its columns, which of them we were told of, and what their values are to us. Pure."""

import base64
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Boolean, Column, Date, DateTime, Inspector, LargeBinary, MetaData, Numeric, Table, Text, inspect
from sqlalchemy.dialects.mysql import TINYINT
from sqlalchemy.engine import Connection
from sqlalchemy.types import JSON, TypeEngine

from lockgate.connectors.sql.settings import SqlSettings
from lockgate.kit.errors import NeedsOperator
from lockgate.kit.profile import FieldInfo, Match
from lockgate.model.item import pick


class Rows:
    """The table with the columns that the settings name. Raises NeedsOperator for one that is not there."""

    def __init__(self, table: Table, settings: SqlSettings, unique: frozenset[str]) -> None:
        self.table, self.settings, self.unique = table, settings, unique
        self.id = self._id()
        self.modified = self.named("modified", settings.modified)
        self.key = self.named("key", settings.key)
        self.hidden = self.named("hidden", settings.hidden)
        ours = {one.name for one in (self.key, self.hidden) if one is not None}
        self.told = [one for one in table.columns if not isinstance(one.type, LargeBinary) and one.name not in ours]
        """Columns that are read as the row's values: no bytes, nothing of ours."""

    def _id(self) -> Column[Any]:
        if (column := self.named("id", self.settings.id)) is not None:
            return column
        keys = list(self.table.primary_key.columns)
        if len(keys) != 1:
            raise NeedsOperator(
                f"{self.settings.table} has no primary key of one column: say which column tells rows apart (id).",
                code="no_id",
            )
        return keys[0]

    def named(self, setting: str, name: str) -> Column[Any] | None:
        if not name:
            return None
        if name not in self.table.columns:
            there = ", ".join(self.table.columns.keys())
            raise NeedsOperator(
                f"{self.settings.table} has no column {name} (setting {setting}); there are {there}.", code="no_column"
            )
        column: Column[Any] = self.table.columns[name]
        return column

    def fields(self) -> tuple[FieldInfo, ...]:
        return tuple(
            FieldInfo(
                name=str(one.name),
                label=one.comment or "",
                type=type_of(one),
                required=not one.nullable and one.server_default is None and not one.autoincrement,
                writable=one is not self.id and one is not self.modified and one.computed is None,
            )
            for one in self.told
        )

    def record(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row's values as JSON would hold them; what is null is not stated."""
        return {one.name: plain(row[one.name]) for one in self.told if row[one.name] is not None}

    def told_and_id(self) -> list[Column[Any]]:
        return self.told if self.id in self.told else [self.id, *self.told]

    def as_id(self, text: str) -> Any:
        """An id as the column has it; text that is none finds nothing."""
        return comparable(self.id, text)


def reflected(connection: Connection, settings: SqlSettings) -> Rows:
    """Ask the database. Raises NoSuchTableError, and NeedsOperator for a column that is not there.

    SQLite keeps instants as texts in whatever form they were written, so there they are compared as texts. MySQL and MariaDB
    have no type for yes and no: what is declared as one is a number of one digit.
    """
    schema, _, name = settings.table.rpartition(".")
    inspector = inspect(connection)
    there = {one["name"]: one["type"] for one in inspector.get_columns(name, schema=schema or None)}
    texts = {settings.modified} & there.keys() if connection.dialect.name == "sqlite" else set()
    columns: list[Column[Any]] = [Column(one, Text()) for one in texts]
    columns += [Column(one, Boolean()) for one, kind in there.items() if is_yes_or_no(kind)]
    table = Table(name, MetaData(), *columns, schema=schema or None, autoload_with=connection, resolve_fks=False)
    return Rows(table, settings, unique_columns(inspector, name, schema or None))


def is_yes_or_no(kind: TypeEngine[Any]) -> bool:
    return isinstance(kind, TINYINT) and kind.display_width == 1


def unique_columns(inspector: Inspector, table: str, schema: str | None) -> frozenset[str]:
    """Columns that a constraint or index of their own keeps unique."""
    found: list[tuple[str | None, ...]] = [
        tuple(one["column_names"]) for one in inspector.get_unique_constraints(table, schema=schema)
    ]
    found += [
        tuple(one["column_names"])
        for one in inspector.get_indexes(table, schema=schema, include_auto_indexes=True)
        if one["unique"]
    ]
    found.append(tuple(inspector.get_pk_constraint(table, schema=schema)["constrained_columns"]))
    return frozenset(one[0] for one in found if len(one) == 1 and one[0] is not None)


def type_of(column: Column[Any]) -> str:
    kinds = {Boolean: "boolean", Numeric: "number", DateTime: "instant", Date: "date"}
    if python_type(column) is int:
        return "number"
    return next((name for kind, name in kinds.items() if isinstance(column.type, kind)), "text")


def python_type(column: Column[Any]) -> type | None:
    try:
        return column.type.python_type
    except NotImplementedError:  # a type the library does not know: handed on as it is
        return None


def plain(value: Any) -> Any:
    """A column's value as JSON: dates in ISO 8601, instants in UTC where they state a zone, numbers with all their digits."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID | timedelta):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def comparable(column: Column[Any], text: str) -> Any:
    """A text as a value of the column; None where it cannot be one."""
    kind = python_type(column)
    try:
        if kind is int:
            return int(text)
        if kind in {Decimal, float, UUID}:
            return kind(text)
        if kind in {datetime, date}:
            return kind.fromisoformat(text)
    except (ValueError, ArithmeticError):
        return None
    return text


def sendable(column: Column[Any], match: Match | None, value: Any) -> Any:
    """A canonical value as the column takes it: the language that is matched, lists joined, JSON where the column is JSON."""
    if value is None or isinstance(column.type, JSON):
        return value
    language = str((match.options if match else {}).get("language", "en"))
    if isinstance(value, dict):
        value = pick({str(name): str(text) for name, text in value.items()}, language)
    if isinstance(value, list | tuple):
        value = "; ".join(str(one) for one in value)
    kind = python_type(column)
    if kind is bool or value is None:
        return value
    if isinstance(value, bool):
        return str(value).lower() if kind is str else int(value)
    if kind is str:
        return value if isinstance(value, str) else msgspec.json.encode(value).decode()
    found = comparable(column, str(value))
    return value if found is None else fitted(column, found)


def fitted(column: Column[Any], value: Any) -> Any:
    """With as many decimals as the column keeps, and in UTC where it keeps no zone: so it comes back as it was sent."""
    scale = getattr(column.type, "scale", None)
    if isinstance(value, Decimal) and scale is not None:
        return value.quantize(Decimal(1).scaleb(-scale))
    if isinstance(value, datetime) and value.tzinfo is not None and not getattr(column.type, "timezone", False):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
