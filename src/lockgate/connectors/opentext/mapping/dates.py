"""Dates of the server: with a zone in core answers, without one in those about workspaces."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def instant(value: object, zone: str) -> datetime | None:
    """The instant in UTC; one without a zone is meant in the server's. None for what is no date."""
    if not isinstance(value, str) or not value:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
