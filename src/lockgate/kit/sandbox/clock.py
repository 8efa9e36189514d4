"""The sandbox's own clock: real time, unless somebody moves or stops it."""

import time
from datetime import UTC, datetime, timedelta

import msgspec


class ClockState(msgspec.Struct, frozen=True):
    """What the control API tells of the clock."""

    now: datetime
    frozen: bool
    offset_seconds: float


class SandboxClock:
    """Calendar time for the vendor's records, and elapsed time for its delays."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._frozen: datetime | None = None
        self._skipped = 0.0

    def now(self) -> datetime:
        """The present instant of this sandbox, aware, in UTC."""
        return self._frozen if self._frozen is not None else datetime.now(UTC) + self._offset

    def elapsed(self) -> float:
        """Seconds that never run backwards, for delays and retries.

        `advance` makes them pass at once; a frozen clock does not stop them.
        """
        return time.monotonic() + self._skipped

    def set(self, instant: datetime | None) -> None:
        """Move to an instant and run on from there; None goes back to real time."""
        if instant is None:
            self._offset, self._frozen = timedelta(), None
            return
        instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
        self._offset = instant - datetime.now(UTC)
        if self._frozen is not None:
            self._frozen = instant

    def advance(self, seconds: float) -> None:
        """Let this much time pass at once (negative: back, which delays do not notice)."""
        step = timedelta(seconds=seconds)
        self._offset += step
        self._skipped += max(seconds, 0.0)
        if self._frozen is not None:
            self._frozen += step

    def freeze(self, frozen: bool = True) -> None:
        """Stop the calendar, or let it run on from where it stands."""
        if frozen:
            self._frozen = self.now()
        elif self._frozen is not None:
            self._offset = self._frozen - datetime.now(UTC)
            self._frozen = None

    def state(self) -> ClockState:
        return ClockState(self.now(), self._frozen is not None, self._offset.total_seconds())
