"""What the portal stores of one object."""

from collections.abc import Iterable
from typing import Any

import msgspec

Entry = dict[str, Any]
"""One value of a field with the dimensions it is for: `{"value": V, "dimensions"?: {...}}`, on the wire and at rest."""

PLAIN = ("id", "module", "type", "mod_time")
STAMPED = ("created_time", "created_by", "mod_by")
TECHNICAL = frozenset({*PLAIN, *STAMPED, "mod_time_img", "has_child", "deleted"})


class Record(msgspec.Struct, gc=False):
    """One object: technical fields as columns, configured fields as lists of entries."""

    id: str
    module: str
    type: str
    created_time: str
    created_by: str
    mod_time: str
    mod_by: str
    mod_time_img: str
    fields: dict[str, list[Entry]]
    deleted: bool = False
    blob: str | None = None

    def value(self, field: str) -> Any:
        """The first value of a field, None when it has none."""
        entries = self.fields.get(field)
        return entries[0]["value"] if entries else None

    def values(self, field: str) -> Iterable[Any]:
        """Every single value: of all dimensions, lists taken apart."""
        for entry in self.fields.get(field, ()):
            value = entry["value"]
            if isinstance(value, list):
                yield from value
            else:
                yield value


def plain(value: Any) -> list[Entry]:
    """A value without dimensions, in the portal's form."""
    return [{"value": value}]
