"""Instants as the database keeps them: whole microseconds since 1970-01-01 UTC, one integer on every database."""

from datetime import UTC, datetime, timedelta
from typing import overload

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@overload
def micros(instant: datetime) -> int: ...
@overload
def micros(instant: None) -> None: ...
def micros(instant: datetime | None) -> int | None:
    """The stored form of an aware instant. A naive one is refused: it does not say when it is."""
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone: instants in the ledger are aware")
    return (instant - EPOCH) // MICROSECOND


@overload
def instant(stored: int) -> datetime: ...
@overload
def instant(stored: None) -> None: ...
def instant(stored: int | None) -> datetime | None:
    """The aware UTC instant of its stored form."""
    return None if stored is None else EPOCH + timedelta(microseconds=stored)
