"""Check the chain against itself, against its head and against a hash kept elsewhere."""

from functools import partial
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from lockgate.ledger.audit.chain import GENESIS, chained, head_text
from lockgate.ledger.tables import audit, audit_head

if TYPE_CHECKING:
    from lockgate.ledger.store import Ledger

STEP = 500
"""Rows checked in one read: so that no reader holds a large database's log for minutes."""
BEFORE_ALL = -(2**63)


class AuditReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found: how far the chain holds, and the first thing that is wrong with it."""

    rows: int
    entries: int
    broken: int | None = None
    """The first row that does not fit."""
    problem: str | None = None
    last: tuple[int, str]
    """Number and hash of the last row that fits: keep it to check against later."""

    @property
    def holds(self) -> bool:
        return self.problem is None


class Check:
    """A check under way: give it rows in order, then the head."""

    def __init__(self, known: tuple[int, str] | None = None, *, start: tuple[int, bytes] = (0, GENESIS)) -> None:
        self.n, self.hash = start
        self.rows = self.entries = 0
        self.broken: int | None = None
        self.problem: str | None = None
        self._known = known

    def row(self, n: int, at: int, flow: str, run: str, items: int, entries: bytes, hash: bytes) -> None:
        if self.problem is not None:
            return
        if n != self.n + 1:
            missing = f"row {self.n + 1} is missing" if n > self.n else "it stands before the first row"
            self.fail(min(n, self.n + 1), missing)
        elif chained(self.hash, head_text(n, at, flow, run, items), entries) != hash:
            self.fail(n, f"row {n} does not follow from what stands before it: it or row {n - 1} was changed")
        elif self._known is not None and n == self._known[0] and hash.hex() != self._known[1]:
            self.fail(n, f"row {n} is not the one whose hash was kept: the chain was written anew")
        else:
            self.n, self.hash = n, hash
            self.rows += 1
            self.entries += items

    def end(self, head: tuple[int, bytes] | None) -> None:
        if self.problem is not None:
            return
        if head is None:
            self.fail(self.n, "the head of the chain is missing")
        elif head[0] > self.n:
            self.fail(self.n + 1, f"rows {self.n + 1} to {head[0]} are missing at the end")
        elif head[0] < self.n:
            self.fail(head[0] + 1, f"rows from {head[0] + 1} on stand behind the head of the chain")
        elif head[1] != self.hash:
            self.fail(self.n, f"row {self.n} is not the one the head of the chain names")
        elif self._known is not None and self._known[0] > self.n:
            self.fail(
                self.n + 1, f"row {self._known[0]}, whose hash was kept, is missing: the chain was cut or written anew"
            )

    def fail(self, n: int, problem: str) -> None:
        """Note what is wrong; only the first thing counts, the rest follows from it."""
        if self.problem is None:
            self.broken, self.problem = n, problem

    def report(self) -> AuditReport:
        return AuditReport(
            rows=self.rows,
            entries=self.entries,
            broken=self.broken,
            problem=self.problem,
            last=(self.n, self.hash.hex()),
        )


def _step(c: Connection, check: Check, after: int) -> int | None:
    """Check the next rows; gives the number to go on from, or None at the end of the chain."""
    statement = sa.select(audit).where(audit.c.n > after).order_by(audit.c.n).limit(STEP)
    rows = c.execute(statement).all()
    for row in rows:
        check.row(row.n, row.at, row.flow, row.run, row.items, bytes(row.entries), bytes(row.hash))
    if check.problem is not None:
        return None
    if len(rows) == STEP:
        return int(rows[-1].n)
    found = c.execute(sa.select(audit_head.c.n, audit_head.c.hash)).one_or_none()
    check.end((found[0], bytes(found[1])) if found is not None else None)
    return None


def verify(c: Connection, *, known: tuple[int, str] | None = None) -> AuditReport:
    """Check the whole chain in one read; for large ones use `verify_in_steps`."""
    check = Check(known)
    after: int | None = BEFORE_ALL
    while after is not None:
        after = _step(c, check, after)
    return check.report()


async def verify_in_steps(ledger: "Ledger", *, known: tuple[int, str] | None = None) -> AuditReport:
    """Check the whole chain in short reads, beside whatever is being written."""
    check = Check(known)
    after: int | None = BEFORE_ALL
    while after is not None:
        after = await ledger.read(partial(_step, check=check, after=after))
    return check.report()
