"""The mass-withdraw guard: closing many copies at once is more often a mistake than a wish, so it asks first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lockgate.engine.look import Look
from lockgate.engine.recipe import Guard

WINDOW = timedelta(hours=1)
"""Over which time the live lane adds up withdrawals."""


class GuardTripped(Exception):
    """A run stopped before it withdrew more than its share."""

    def __init__(self, sentence: str, wanted: int, limit: int) -> None:
        super().__init__(sentence)
        self.sentence, self.wanted, self.limit = sentence, wanted, limit


@dataclass(slots=True)
class Watchman:
    """Counts the withdrawals of one run, or of the live lane's last hour.

    `live` is how many copies the target shows, `confirmed` how many withdrawals a person has agreed to beforehand.
    Closings that were known in advance (an expiry at its instant) are not counted: they were announced by the item itself.
    """

    guard: Guard
    live: int
    confirmed: int = 0
    times: list[tuple[datetime, int]] = field(default_factory=list)

    @property
    def limit(self) -> int:
        """The most withdrawals let through without asking."""
        return max(self.guard.least, int(self.guard.share * self.live), self.confirmed)

    def check(self, looks: Sequence[Look], now: datetime) -> None:
        """Count these withdrawals; raises GuardTripped when they are too many, and then counts none of them."""
        number = sum(1 for look in looks if not look.announced)
        self.times = [(at, count) for at, count in self.times if at > now - WINDOW]
        wanted = number + sum(count for _, count in self.times)
        if wanted > self.limit and number:
            raise GuardTripped(
                f"{wanted} of {self.live} live copies would be withdrawn; more than {self.limit} need a person's word",
                wanted,
                self.limit,
            )
        if number:
            self.times.append((now, number))
