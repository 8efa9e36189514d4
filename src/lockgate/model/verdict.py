"""What a gate answers: allow, deny or ask, why, and until when that may hold."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec


class Decision(StrEnum):
    ALLOW = "allow"
    DENY = "deny"
    ASK = "ask"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One gate's answer. `due` is the first instant (UTC) at which it may change without any event; None means never."""

    decision: Decision
    reason: str
    gate: str = ""
    code: str = ""
    """Machine-readable class of the reason (`rights.expired`, `approved.no`): what accounts count by."""
    due: datetime | None = None

    @property
    def allows(self) -> bool:
        return self.decision is Decision.ALLOW


def allow(reason: str, *, code: str = "", due: datetime | None = None) -> Verdict:
    return Verdict(decision=Decision.ALLOW, reason=reason, code=code, due=due)


def deny(reason: str, *, code: str = "", due: datetime | None = None) -> Verdict:
    return Verdict(decision=Decision.DENY, reason=reason, code=code, due=due)


def ask(reason: str, *, code: str = "", due: datetime | None = None) -> Verdict:
    return Verdict(decision=Decision.ASK, reason=reason, code=code, due=due)


def earliest(instants: Iterable[datetime | None]) -> datetime | None:
    """The first of the instants that are there, or None."""
    return min([instant for instant in instants if instant is not None], default=None)
