"""One look at one item: what it is now, what the gates say, what the target holds and should hold, what was done."""

from dataclasses import dataclass, field
from typing import Any

from lockgate.kit.errors import ConnectorError, Transient
from lockgate.ledger.deliveries import Delivery
from lockgate.ledger.intents import Intent
from lockgate.ledger.links import LinkRow
from lockgate.ledger.parked import Parked
from lockgate.model.item import Item, Rendition
from lockgate.model.plan import Action, FieldChange, Outcome
from lockgate.model.verdict import Verdict

LinkTo = tuple[str, str, str]
"""Kind, id and canonical field of the item that should carry ours."""


@dataclass(slots=True)
class Look:
    """Filled from left to right by the steps of a page; `outcome` stays None until the item is settled."""

    key: str
    before: Delivery | None = None
    links: tuple[LinkRow, ...] = ()
    doubt: Intent | None = None
    """A write that was begun and never recorded: the target must be asked before it is written again."""
    waiting: Parked | None = None
    """How it is parked at present."""
    announced: bool = False
    """Its own dates had said that it would change about now: the guard does not count such withdrawals."""
    item: Item | None = None
    verdicts: tuple[Verdict, ...] = ()
    verdict: Verdict | None = None

    # what the target should hold
    fields: dict[str, Any] = field(default_factory=dict)
    fields_digest: str = ""
    rendition: Rendition | None = None
    link_to: frozenset[LinkTo] = frozenset()
    actions: set[Action] = field(default_factory=set)
    changes: tuple[FieldChange, ...] = ()

    # what came of it
    ref: str | None = None
    sha256: str | None = None
    bytes: int = 0
    url: str | None = None
    linked: bool = False
    withdrawn: bool = False
    vanished: bool = False
    """Somebody removed our copy at the target."""
    link_done: set[LinkTo] = field(default_factory=set)
    unlink_done: set[LinkTo] = field(default_factory=set)
    outcome: Outcome | None = None
    code: str = ""
    reason: str = ""
    waits: tuple[str, ...] = ()
    retry_after: float | None = None
    """Seconds after which a parked item is tried again by itself; None waits for what it waits for, or a person."""

    @property
    def live(self) -> bool:
        """Whether the target shows our copy, as far as the ledger knows."""
        return self.before is not None and self.before.held == "live"

    @property
    def held(self) -> bool:
        return self.before is not None and self.before.held != "none"

    def linked_to(self) -> frozenset[LinkTo]:
        return frozenset((row.kind, row.id, row.field) for row in self.links)

    def settle(self, outcome: Outcome, code: str = "", reason: str = "") -> None:
        self.outcome, self.code, self.reason = outcome, code, reason

    def park(self, code: str, reason: str, *waits: str, retry_after: float | None = None) -> None:
        self.settle(Outcome.PARKED, code, reason)
        self.waits, self.retry_after = waits, retry_after

    def fail(self, error: ConnectorError) -> None:
        """Park what the vendor refused: later by itself when that helps, else until something or somebody changes it."""
        tries = self.waiting.tries if self.waiting else 0
        later = backoff(tries, error.retry_after) if isinstance(error, Transient) else None
        self.park(error.code, error.sentence, retry_after=later)


def backoff(tries: int, asked: float | None) -> float:
    """Seconds to wait: what the vendor asked for, and at least half a minute, doubling per try up to six hours."""
    return max(asked or 0.0, min(30.0 * float(2 ** min(tries, 20)), 6 * 3600.0))


def waits_for(connection: str, kind: str, by: str, value: str) -> str:
    """The name under which a parked item waits for another one, and is woken."""
    return f"{connection}|{kind}|{by}|{value}"
