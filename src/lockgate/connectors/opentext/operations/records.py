"""Classification and records management: what makes a document a record, and what keeps it."""

from collections.abc import Mapping, Sequence
from typing import Any

from lockgate.connectors.opentext.answers import Hold, RecordDetails, Template
from lockgate.connectors.opentext.operations.parts import Parts, Record
from lockgate.kit.contract import operation
from lockgate.kit.errors import Conflict, NotFound


class RecordOperations(Parts):
    """Everything that an archive of evidence needs."""

    @operation(effect="read")
    async def classifications(self, node: int) -> list[Template]:
        """Classifications of a node."""
        rows = await self.client.classifications(node)
        return [Template(id=int(row["id"]), name=str(row.get("name") or "")) for row in rows if "id" in row]

    @operation(effect="upsert", idempotent="look-up")
    async def classify(self, node: int, classes: Sequence[int]) -> None:
        """Add classifications; those it has stay, although the server takes whole sets only. Read back."""
        before = [one.id for one in await self.classifications(node)]
        wanted = list(dict.fromkeys([*before, *classes]))
        if wanted != before:
            await self.client.set_classifications(node, wanted)
            self._expect(set(wanted) <= {one.id for one in await self.classifications(node)}, node, "classifications")

    @operation(effect="withdraw", idempotent="look-up")
    async def unclassify(self, node: int, classes: Sequence[int]) -> None:
        """Take classifications away; others stay."""
        gone = [one.id for one in await self.classifications(node) if one.id in classes]
        for one in gone:
            await self.client.drop_classification(node, one)
        if gone:
            left = {one.id for one in await self.classifications(node)}
            self._expect(not left & set(classes), node, "classifications")

    # ── records ──────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def record(self, node: int) -> RecordDetails:
        """What records management knows of a node; without classes where it is no record."""
        return as_record(await self.client.record_details(node))

    @operation(effect="upsert", idempotent="look-up")
    async def declare_record(self, node: int, record_class: int, *, rsi: str = "") -> RecordDetails:
        """Make a node a record of an RM classification; read back. Its retention is that of the class, or of the series `rsi`."""
        before = await self.record(node)
        if record_class not in before.classes:
            content: dict[str, Any] = {"class_id": record_class, "apply_to_sub_items": False}
            if rsi:
                content["rsi"] = rsi
            if before.token:
                content["rm_metadataToken"] = before.token
            await self.client.declare(node, content)
        after = await self.record(node)
        self._expect(record_class in after.classes, node, "RM classification")
        return after

    @operation(effect="withdraw", idempotent="look-up")
    async def undeclare_record(self, node: int, record_class: int) -> None:
        """End that a node is a record of a class; read back."""
        before = await self.record(node)
        if record_class in before.classes:
            await self.client.undeclare(node, record_class, before.token)
            self._expect(record_class not in (await self.record(node)).classes, node, "RM classification")

    @operation(effect="upsert", idempotent="compare-and-set")
    async def set_record(
        self, node: int, *, status: str | None = None, official: bool | None = None, token: str | None = None
    ) -> RecordDetails:
        """Set status code and official flag; read back. Conflict where somebody changed it since `token` was read."""
        before = await self.record(node)
        if not before.declared:
            raise NotFound(f"Item {node} is no record yet; declare it first.", code="record.none")
        said: Mapping[str, Any] = {"file_status": status, "official": official}
        content = {name: value for name, value in said.items() if value is not None}
        await self.client.change_record(node, {**content, "rm_metadataToken": token or before.token})
        after = await self.record(node)
        kept = (status is None or after.status == status) and (official is None or after.official == official)
        self._expect(kept, node, "record details")
        return after

    @operation(effect="upsert")
    async def finalize_records(self, nodes: Sequence[int]) -> None:
        """Make records final: nobody changes them any more."""
        await self.client.finalize(nodes)

    @operation(effect="upsert")
    async def set_confidential(self, node: int, confidential: bool, *, with_children: bool = False) -> None:
        """Mark a record as confidential, or end that."""
        await self.client.confidential(node, confidential, with_children)

    # ── holds ────────────────────────────────────────────────────────────────────────────────────────────────────

    @operation(effect="read")
    async def holds(self, node: int) -> list[Hold]:
        """What keeps a node from disposition."""
        rows = await self.client.holds(node)
        return [
            Hold(id=int(row["hold_id"]), name=str(row.get("hold_name") or ""), active=row.get("active") is not False)
            for row in rows
            if "hold_id" in row
        ]

    @operation(effect="read")
    async def all_holds(self) -> list[Hold]:
        """Every hold there is."""
        return [
            Hold(id=int(row["HoldID"]), name=str(row.get("HoldName") or ""), active=row.get("ActiveHold") in (1, True))
            for row in await self.client.all_holds()
            if "HoldID" in row
        ]

    @operation(effect="upsert", idempotent="look-up")
    async def hold(self, node: int, name: str) -> None:
        """Put a hold on a node by the hold's name; read back."""
        id = int((await self.client.hold_named(name))["HoldID"])
        if id not in {one.id for one in await self.holds(node)}:
            await self.client.add_hold(node, id)
            self._expect(id in {one.id for one in await self.holds(node)}, node, "hold")

    @operation(effect="withdraw", idempotent="look-up")
    async def unhold(self, node: int, name: str) -> None:
        """Take a hold from a node; read back."""
        id = int((await self.client.hold_named(name))["HoldID"])
        if id in {one.id for one in await self.holds(node)}:
            await self.client.drop_hold(node, id)
            self._expect(id not in {one.id for one in await self.holds(node)}, node, "hold")

    @staticmethod
    def _expect(kept: bool, node: int, what: str) -> None:
        if not kept:
            raise Conflict(f"The {what} of item {node} did not stay as written; it is tried again.")


def as_record(told: Record) -> RecordDetails:
    rows = [row for row in told.get("data") or () if isinstance(row, dict) and "rmclassification_id" in row]
    first: Record = rows[0] if rows else {}
    return RecordDetails(
        classes=tuple(int(row["rmclassification_id"]) for row in rows),
        status=str(first.get("file_status") or first.get("status") or ""),
        official=first.get("official") is True,
        file_number=str(first.get("file_number") or ""),
        rsi=str(first.get("rsi") or ""),
        recorded=str(first.get("record_date") or ""),
        token=str(told.get("rm_metadataToken") or ""),
        told=first,
    )
