"""One look at one item: what it is now, what the gates say, what the target holds and should hold, what was done."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lockgate.engine.busy import Grip
from lockgate.kit.errors import ConnectorError, Transient
from lockgate.ledger.choices import Choice
from lockgate.ledger.deliveries import Delivery
from lockgate.ledger.holds import Hold
from lockgate.ledger.intents import Intent
from lockgate.ledger.links import LinkRow
from lockgate.ledger.parked import Parked
from lockgate.model.item import Item, Rendition
from lockgate.model.plan import Action, Outcome
from lockgate.model.verdict import Verdict

LinkTo = tuple[str, str, str]
"""Kind, id and canonical field of the item that should carry ours."""
CLOSING = "withdraw."
"""Begins the reason code of a copy that has to be closed and could not be: it is tried again until it is."""


@dataclass(slots=True)
class Look:
    """Filled from left to right by the steps of a page; `outcome` stays None until the item is settled."""

    key: str
    before: Delivery | None = None
    links: tuple[LinkRow, ...] = ()
    """Links of ours at the target, as far as the ledger knows; those not confirmed have no `ref`."""
    doubt: Intent | None = None
    """Something was begun and never confirmed: the target must be asked what it holds before anything is decided."""
    waiting: Parked | None = None
    """How it is parked at present."""
    grip: Grip | None = None
    """What keeps other processes from it while it is worked; none where nothing is written."""
    hold: Hold | None = None
    """A person recalled it."""
    choice: Choice | None = None
    """A person said which counterpart it belongs to."""
    item: Item | None = None
    at: datetime | None = None
    """When the item was read and the gates were asked."""
    verdicts: tuple[Verdict, ...] = ()
    verdict: Verdict | None = None
    """None as long as nothing is known of the item, because it could not be read."""

    # what the target should hold
    fields: dict[str, Any] = field(default_factory=dict)
    fields_digest: str = ""
    rendition: Rendition | None = None
    link_to: frozenset[LinkTo] = frozenset()
    actions: set[Action] = field(default_factory=set)
    ending: Outcome | None = None
    """The outcome once the actions are done, where that is neither written nor unchanged."""

    # what the target was seen to hold
    asked: bool = False
    """It was asked: `before` and `links` say what it holds, whatever the ledger says."""
    length: int | None = None
    """Of the file there."""
    recheck: bool = False
    """The file there may be another one than the ledger says."""
    lost_links: tuple[LinkRow, ...] = ()
    """Links the ledger knew and the target has no longer."""

    # what came of it
    unsure: bool = False
    """Something was begun and not confirmed (yet): the intent stays, and the next look asks the target."""
    confirmed: bool = False
    """All that was to be done was done, and answered: the target holds what it should."""
    begun: datetime | None = None
    """When it was noted what was begun."""
    wrote: bool = False
    shown: bool = False
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
        """Whether the target shows our copy, as far as is known."""
        return self.before is not None and self.before.held == "live"

    @property
    def held(self) -> bool:
        return self.before is not None and self.before.held != "none"

    @property
    def opening(self) -> bool:
        return self.verdict is not None and self.verdict.allows

    @property
    def closing(self) -> bool:
        return self.verdict is not None and not self.verdict.allows

    def linked_to(self) -> frozenset[LinkTo]:
        return frozenset((row.kind, row.id, row.field) for row in self.links)

    def settle(self, outcome: Outcome, code: str = "", reason: str = "") -> None:
        self.outcome, self.code, self.reason = outcome, code, reason

    def end_as(self, outcome: Outcome, code: str, reason: str, *waits: str) -> None:
        """What it will be once everything that is to be done is done."""
        self.ending, self.code, self.reason, self.waits = outcome, code, reason, waits

    def park(self, code: str, reason: str, *, retry_after: float | None = None) -> None:
        self.settle(Outcome.PARKED, code, reason)
        self.waits, self.retry_after = (), retry_after

    def fail(self, error: ConnectorError) -> None:
        """Park what a vendor refused or did not answer: tried again by itself where that may help.

        A copy that has to be closed is tried again whatever the vendor says, until it was seen closed. Of several failures
        the first one counts.
        """
        if self.outcome is not None:
            return
        tries = self.waiting.tries if self.waiting else 0
        asked = error.retry_after if isinstance(error, Transient) else None
        if self.closing:
            reason = f"our copy is not closed yet: {error.sentence}"
            self.park(CLOSING + error.code, reason, retry_after=backoff(tries, asked, longest=CLOSING_PAUSE))
        else:
            again = backoff(tries, asked) if isinstance(error, Transient) else None
            self.park(error.code, error.sentence, retry_after=again)


CLOSING_PAUSE = 300.0
"""The longest pause between two tries to close a copy, unless the vendor asks for more."""


def backoff(tries: int, asked: float | None, *, longest: float = 6 * 3600.0) -> float:
    """Seconds to wait: what the vendor asked for, and at least half a minute, doubling per try up to six hours."""
    return max(asked or 0.0, min(30.0 * float(2 ** min(tries, 20)), longest))


def waits_for(connection: str, kind: str, by: str, value: str) -> str:
    """The name under which a parked item waits for another one, and is woken."""
    return f"{connection}|{kind}|{by}|{value}"
