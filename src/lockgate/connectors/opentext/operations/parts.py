"""What every group of operations works with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lockgate.connectors.opentext.answers import Node
from lockgate.connectors.opentext.client import OtcsClient
from lockgate.connectors.opentext.documents import Documents
from lockgate.connectors.opentext.linking import Links
from lockgate.connectors.opentext.mapping.dates import instant
from lockgate.connectors.opentext.places import Places
from lockgate.connectors.opentext.quirks import Quirks
from lockgate.connectors.opentext.states import States
from lockgate.connectors.opentext.tenant import Tenant

Record = Mapping[str, Any]


class Parts:
    """The connector as its groups of operations see it."""

    client: OtcsClient
    quirks: Quirks
    tenant: Tenant
    places: Places
    documents: Documents
    states: States
    links: Links

    def at(self, value: object) -> datetime | None:
        return instant(value, self.quirks.server_zone)

    def as_node(self, row: Record) -> Node:
        return Node(
            id=int(row["id"]),
            name=str(row.get("name") or ""),
            type=int(row.get("type") or 0),
            container=row.get("container") is True,
            modified=self.at(row.get("modify_date")),
            size=row["size"] if isinstance(row.get("size"), int) else None,
        )
