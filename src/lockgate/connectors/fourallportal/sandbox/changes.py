"""One change of one object, as history, feeds and webhooks hear of it."""

from dataclasses import dataclass
from enum import IntEnum

from .records import Record


class EventType(IntEnum):
    """Numbers of the wire."""

    DELETE = 0
    UPDATE = 1
    CREATE = 2


class ObjectType(IntEnum):
    """What of an object changed: itself, its derivates (the binary and its renditions), or both."""

    OBJECT = 0
    DERIVATE = 1
    BOTH = 2


@dataclass(frozen=True, slots=True)
class Change:
    """An object before (None: it did not exist) and after, perhaps deleted."""

    before: Record | None
    after: Record
    touched: ObjectType = ObjectType.OBJECT

    @property
    def kind(self) -> EventType:
        if self.after.deleted:
            return EventType.DELETE
        return EventType.CREATE if self.before is None else EventType.UPDATE
