"""What a target should hold, what differs from what it does hold, and what came of it."""

from enum import StrEnum
from typing import Any

import msgspec


class Action(StrEnum):
    """One piece of a plan for one item."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE_FILE = "replace_file"
    LINK = "link"
    UNLINK = "unlink"
    SHOW = "show"
    WITHDRAW = "withdraw"


class Outcome(StrEnum):
    """How an item left a run. Law of accounts: read = written + unchanged + blocked + parked + failed."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"
    PARKED = "parked"
    FAILED = "failed"


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """`msgspec.UNSET` stands for a side that does not carry the field at all, which is not null."""

    field: str
    before: Any = msgspec.UNSET
    after: Any = msgspec.UNSET


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What apply would do for one item, and why."""

    key: str
    title: str
    actions: tuple[Action, ...]
    fields: tuple[FieldChange, ...] = ()
    file_before: str | None = None
    file_after: str | None = None
    links: tuple[str, ...] = ()
    reason: str = ""


class Account(msgspec.Struct, kw_only=True):
    """The numbers of a run. `linked` and `withdrawn` are counted within the five outcomes, not beside them."""

    read: int = 0
    written: int = 0
    unchanged: int = 0
    blocked: int = 0
    parked: int = 0
    failed: int = 0
    linked: int = 0
    withdrawn: int = 0
    bytes: int = 0
    reasons: dict[str, int] = {}
    """Blocked, parked and failed items counted by the code of their reason."""

    def balanced(self) -> bool:
        return self.read == self.written + self.unchanged + self.blocked + self.parked + self.failed

    def add(self, other: "Account") -> None:
        for name in ("read", "written", "unchanged", "blocked", "parked", "failed", "linked", "withdrawn", "bytes"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for code, number in other.reasons.items():
            self.reasons[code] = self.reasons.get(code, 0) + number

    def count(self, outcome: Outcome, code: str = "", number: int = 1) -> None:
        self.read += number
        setattr(self, outcome.value, getattr(self, outcome.value) + number)
        if code and outcome in {Outcome.BLOCKED, Outcome.PARKED, Outcome.FAILED}:
            self.reasons[code] = self.reasons.get(code, 0) + number
