"""Record series, the words of records management, and holds as such."""

from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.opentext.answers import Series
from lockgate.connectors.opentext.operations.parts import Parts, Record
from lockgate.kit.contract import operation
from lockgate.kit.errors import Conflict, NotFound


class RetentionOperations(Parts):
    """How long what is kept."""

    @operation(effect="read")
    async def record_codes(self) -> Mapping[str, Any]:
        """The words that this server knows for status, storage and the like, by field."""
        return await self.client.codes()

    @operation(effect="read")
    async def retention_series(self) -> list[Series]:
        """Every record series once, whatever many stages its schedule has; that is kept by whoever manages records."""
        found = [as_series(row) for row in await self.client.series() if number(row) is not None]
        return list({one.id: one for one in found}.values())

    @operation(effect="read")
    async def series_of(self, node: int) -> list[Series]:
        """The record series of a record."""
        return [as_series(row) for row in await self.client.series_of(node) if number(row) is not None]

    @operation(effect="upsert", idempotent="look-up")
    async def set_series(self, node: int, record_class: int, name: str) -> None:
        """Give a record of a class the retention of the series of this name; read back."""
        found = next((one for one in await self.retention_series() if one.name == name), None)
        if found is None:
            raise NotFound(f"{self.client.services.connection} has no record series {name}.", code="series")
        if found.id not in {one.id for one in await self.series_of(node)}:
            await self.client.set_series(node, record_class, found.id)
            await self._expect_series(node, name, present=True)

    @operation(effect="withdraw", idempotent="look-up")
    async def drop_series(self, node: int, record_class: int) -> None:
        """End that; read back. The retention of the class holds again."""
        for one in await self.series_of(node):
            await self.client.drop_series(node, record_class)
            await self._expect_series(node, one.name, present=False)

    async def _expect_series(self, node: int, name: str, *, present: bool) -> None:
        if (name in {one.name for one in await self.series_of(node)}) != present:
            raise Conflict(f"The record series of item {node} did not stay as written; it is tried again.")

    @operation(effect="create", idempotent="look-up")
    async def make_hold(self, name: str, type: str, *, comment: str = "") -> int:
        """The hold of this name; made where there is none. `type` is one of the server's words, such as LEGAL."""
        try:
            return int((await self.client.hold_named(name))["HoldID"])
        except NotFound:
            today = self.client.services.clock().date().isoformat()
            fields = {"type": type, "name": name, "date_applied": today, "comment": comment or None}
            return await self.client.make_hold(fields)


def as_series(row: Record) -> Series:
    return Series(
        id=number(row) or 0,
        name=text(row, "RSI", "rsi_name", "name"),
        title=text(row, "Title", "title"),
        status=text(row, "RSIStatus", "status"),
    )


def number(row: Record) -> int | None:
    """Lists call it otherwise than nodes do."""
    return next((row[name] for name in ("RSIID", "rsi_id", "id") if isinstance(row.get(name), int)), None)


def text(row: Record, *names: str) -> str:
    found: Sequence[str] = [str(row[name]) for name in names if row.get(name)]
    return found[0] if found else ""
