"""Instants on the wire: ISO 8601 in UTC with milliseconds, so that text order is time order."""

from datetime import UTC, datetime
from typing import Any


def iso(instant: datetime) -> str:
    """An aware instant as CELUM writes it, `2026-01-13T09:15:00.000Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def normal(given: Any) -> str:
    """What a client sent as an instant (ISO text, or epoch milliseconds) in that form. ValueError when it is neither."""
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise ValueError("an instant is ISO 8601 text")  # noqa: TRY004 (one error for all that is no instant)
    if isinstance(given, int):
        return iso(datetime.fromtimestamp(given / 1000, UTC))
    instant = datetime.fromisoformat(given)
    return iso(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
