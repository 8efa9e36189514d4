"""The history of objects: who changed which field when, from what to what."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import msgspec

from lockgate.connectors.fourallportal.base import PortalBase
from lockgate.connectors.fourallportal.conditions import both, equal
from lockgate.connectors.fourallportal.values import entries, instant, stamp
from lockgate.kit.contract import operation
from lockgate.kit.errors import ContractBroken

KINDS = {0: "deleted", 1: "changed", 2: "created"}
MOST = 100_000


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. Fields are recorded where an administrator switched it on, and a moment after the change."""

    id: str
    what: str
    """`created`, `changed` or `deleted`."""
    field: str | None
    """The portal's name of the field; None where the whole object was deleted."""
    before: Any
    after: Any
    """The value, or a list of values with their dimensions where there are several."""
    by: str
    """Id of the user."""
    at: datetime | None


class HistoryOperations(PortalBase):
    @operation(effect="read")
    async def history(
        self, kind: str, id: str, *, since: datetime | None = None, field: str | None = None
    ) -> list[Change]:
        """Changes of one object, newest first; also of one that was deleted (route and answer are inferred)."""
        condition = both(
            f"mod_time >= '{stamp(since)}'" if since is not None else "", equal("field", field) if field else ""
        )
        return [one async for one in self._entries(kind, id, condition)]

    async def _entries(self, kind: str, id: str, condition: str) -> AsyncIterator[Change]:
        module, offset, seen = await self.modules.named(kind), 0, set[str]()
        while offset < MOST:
            page = (await self.client.history(module, id, condition, offset)).result
            fresh = [one for one in page if str(one["id"]) not in seen]
            if not fresh:
                return
            # What is noted meanwhile comes first and pushes what was read on to the next page.
            seen |= {str(one["id"]) for one in fresh}
            for one in fresh:
                yield to_change(one)
            offset += len(page)
        raise ContractBroken(f"The history of {kind} {id} has no end.", code="audit")


def to_change(one: dict[str, Any]) -> Change:
    return Change(
        id=str(one["id"]),
        what=KINDS.get(one.get("event_type", 1), "changed"),
        field=one.get("field"),
        before=said(one.get("old_value")),
        after=said(one.get("new_value")),
        by=str(one.get("mod_by") or ""),
        at=instant(one.get("mod_time")),
    )


def said(wire: Any) -> Any:
    """A value as one would say it: alone where it has no dimensions."""
    found = entries(wire)
    if not found:
        return None
    return found[0]["value"] if len(found) == 1 and not found[0].get("dimensions") else found
