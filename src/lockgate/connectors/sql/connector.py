"""SQL: rows of one table, in and out, through SQLAlchemy. What it can and cannot do: README.md in this folder."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from lockgate.connectors.sql import reading, writing
from lockgate.connectors.sql.database import Database
from lockgate.connectors.sql.settings import SqlSettings
from lockgate.connectors.sql.table import Rows, plain, reflected, sendable
from lockgate.kit.contract import Connector, Held, Page, Receipt, Ref, Settings, SystemInfo, Write, operation
from lockgate.kit.errors import ConnectorError, NeedsOperator, Rejected
from lockgate.kit.profile import Hint, Profile, Schema, schema_of
from lockgate.kit.records.words import HINTS
from lockgate.kit.services import Services
from lockgate.model.event import Event
from lockgate.model.item import Item


class Sql(Connector[SqlSettings]):
    id: ClassVar[str] = "sql"
    title: ClassVar[str] = "SQL database"
    kinds: ClassVar[tuple[str, ...]] = ("product", "asset")
    settings_type: ClassVar[type[Settings]] = SqlSettings
    hints: ClassVar[tuple[Hint, ...]] = HINTS
    withdraw_policies: ClassVar[tuple[str, ...]] = ("hide", "remove")

    def __init__(self, settings: SqlSettings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        self.database = Database(settings, services)
        self._rows: Rows | None = None
        self._asking = asyncio.Lock()

    async def __aexit__(self, *exc: object) -> None:
        await self.database.close()

    async def check(self) -> SystemInfo:
        """Fail at set-up: address, password, table, columns, and whether our key is kept unique."""
        self._rows = None
        rows = await self.rows()
        product, version, account = await self.database.read(reading.server)
        if rows.key is not None and rows.key.name not in rows.unique:
            raise NeedsOperator(
                f"Column {rows.key.name} holds our key and must be unique, so that no row is written twice:"
                f" add a unique index on it.",
                code="key_not_unique",
            )
        if not await self.database.read(lambda c: reading.tells_apart(c, rows)):
            raise NeedsOperator(
                f"Column {self.settings.key} holds our key, and takes A and a for one letter: give it the collation utf8mb4_bin.",
                code="key_not_exact",
            )
        return SystemInfo(product=product, version=version, account=account, notes=tuple(notes(rows)))

    async def schema(self) -> Schema:
        """The table's columns as they are now."""
        self._rows = None
        fields = (await self.rows()).fields()
        return schema_of({kind: fields if self._serves(kind) else () for kind in self.kinds})

    async def rows(self) -> Rows:
        """The table, asked of the database once."""
        async with self._asking:
            if self._rows is None:
                self._rows = await self.database.read(lambda c: reflected(c, self.settings))
            return self._rows

    # ── source ───────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def changes(self, kind: str, after: str | None) -> AsyncIterator[Page[Event]]:
        """Rows whose time of change is not older than the newest one seen, less the overlap: some come again, none is missed.

        Without such a column nothing is reported; rows that were deleted never are. Full runs find both.
        """
        rows = await self.rows()
        if not self._serves(kind) or rows.modified is None:
            yield Page([], cursor=after or "")
            return
        cursor = (
            reading.Cursor.parsed(rows, after) if after else await self.database.read(lambda c: reading.newest(c, rows))
        )
        begin, more = cursor, after is not None
        yield Page([], cursor=str(cursor))
        while more:
            found = await self.database.read(partial(reading.changed_rows, rows=rows, after=begin))
            begin, more = found.last, len(found.events) == reading.PAGE
            cursor = cursor.later(found.last)
            yield Page(found.events, cursor=str(cursor))

    @operation(effect="read")
    async def index(self, kind: str, after: str | None) -> AsyncIterator[Page[Ref]]:
        """All rows in order of their id; the revision is a digest of the row."""
        rows, more = await self.rows(), self._serves(kind)
        while more:
            page = await self.database.read(partial(reading.page, rows=rows, after=after))
            if page:
                after = page[-1].id
                yield Page(page, cursor=after)
            more = len(page) == reading.PAGE

    @operation(effect="read")
    async def fetch(self, kind: str, ids: Sequence[str]) -> list[Item]:
        """Rows as they are now."""
        if not self._serves(kind):
            return []
        rows = await self.rows()
        found = await self.database.read(lambda c: reading.by_ids(c, rows, ids))
        return [reading.to_item(rows, row, self.services.connection, self.profile) for row in found]

    # ── target ───────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def find(self, kind: str, by: str, values: Sequence[str]) -> dict[str, list[str]]:
        """Ids of rows whose column for this identifier holds exactly these values."""
        column = self.profile.field(self.settings.kind, f"ids.{by}")
        if not self._serves(kind) or column is None:
            return {}
        rows = await self.rows()
        return await self.database.read(lambda c: reading.found(c, rows, column, values))

    @operation(effect="read")
    async def held(self, kind: str, keys: Sequence[str]) -> dict[str, Held]:  # noqa: ARG002 (one table, one kind)
        """Our rows, by the column of our key."""
        rows = await self.writable()
        found = await self.database.read(lambda c: writing.by_keys(c, rows, keys))
        return {one[rows.key.name]: self._held(rows, one) for one in found}

    def _held(self, rows: writing.Writable, row: Mapping[str, Any]) -> Held:
        matched = {one.field: one.canonical for one in self.profile.matches.get(self.settings.kind, ())}
        told = {one.name: plain(row[one.name]) for one in rows.told}
        fields = {**told, **{matched[name]: value for name, value in told.items() if name in matched}}
        return Held(
            key=str(row[rows.key.name]),
            ref=str(plain(row[rows.id.name])),
            revision=reading.revision(told),
            fields=fields,
            hidden=rows.hidden is not None and bool(row[rows.hidden.name]),
        )

    def as_held(self, kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002 (one kind)
        """As the columns keep them: one language, lists joined, so many decimals."""
        rows = self._rows
        if rows is None:
            return fields
        return {name: plain(self._sent(rows, name, value)[1]) for name, value in fields.items()}

    @operation(effect="upsert", idempotent="key")
    async def upsert(self, kind: str, writes: Sequence[Write]) -> list[Receipt | ConnectorError]:  # noqa: ARG002 (one kind)
        """A row each, in a transaction of its own: changed where our key is there, else put in. Files are not taken."""
        rows = await self.writable()
        return [await self._put(rows, write) for write in writes]

    async def _put(self, rows: writing.Writable, write: Write) -> Receipt | ConnectorError:
        if write.file is not None:
            return Rejected("A table takes no files: use a recipe without rendition.", code="no_files")
        try:
            values = dict(self._sent(rows.rows, name, value) for name, value in write.fields.items())
            return await self.database.write(partial(writing.put, rows=rows, key=write.key, values=values))
        except Rejected as error:
            return error

    def _sent(self, rows: Rows, name: str, value: Any) -> tuple[str, Any]:
        """Column and value of a canonical field. Raises Rejected for a field that has no column."""
        match = self.profile.match(self.settings.kind, name)
        column = rows.table.columns.get(match.field if match else name)
        if column is None:
            raise Rejected(
                f"The table has no column for {name}: match one in the profile, or leave the field out of the recipe.",
                code="no_column",
            )
        return column.name, sendable(column, match, value)

    @operation(effect="withdraw")
    async def withdraw(self, kind: str, refs: Sequence[str], policy: str) -> list[Receipt | ConnectorError]:  # noqa: ARG002
        """`hide` marks the row in the column for it, `remove` deletes it; only rows with our key, seen closed before the commit."""
        rows = await self.writable()
        if policy == "remove":
            return list(await self.database.write(lambda c: writing.removed(c, rows, refs)))
        return list(await self.database.write(lambda c: writing.marked(c, rows, refs, hide=True)))

    @operation(effect="withdraw")
    async def show(self, kind: str, refs: Sequence[str]) -> list[Receipt | ConnectorError]:  # noqa: ARG002 (one kind)
        """Take the mark off."""
        rows = await self.writable()
        return list(await self.database.write(lambda c: writing.marked(c, rows, refs, hide=False)))

    async def writable(self) -> writing.Writable:
        """Raises NeedsOperator where the settings name no column for our key."""
        rows = await self.rows()
        if rows.key is None:
            raise NeedsOperator("To write rows, say which column holds our key (setting key).", code="no_key")
        return writing.Writable(rows)

    def _serves(self, kind: str) -> bool:
        return kind == self.settings.kind


def notes(rows: Rows) -> list[str]:
    said = []
    if rows.modified is None:
        said.append("No column says when a row was changed (setting modified): changes are found by full runs only.")
    if rows.key is None:
        said.append("No column is there for our key (setting key): rows are read and not written.")
    elif rows.hidden is None:
        said.append("No column hides a row (setting hidden): rows can only be removed.")
    return said


CONNECTOR = Sql
