"""Dates as the two halves of the API write them."""

from datetime import UTC, date, datetime


def stamp(instant: datetime) -> str:
    """`2025-01-19T06:57:04Z`: UTC, whole seconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def bare(stamped: str | None) -> str | None:
    """As business workspace calls write it: without the zone."""
    return stamped.removesuffix("Z") if stamped is not None else None


def day(text: str) -> date | None:
    """A date parameter; None when it is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def written_date(given: str) -> str | None:
    """A date attribute as it is kept (`2016-02-01T00:00:00`); None when the text is no date."""
    try:
        read = datetime.fromisoformat(given.strip())
    except ValueError:
        return None
    return (read.astimezone(UTC) if read.tzinfo else read).strftime("%Y-%m-%dT%H:%M:%S")
