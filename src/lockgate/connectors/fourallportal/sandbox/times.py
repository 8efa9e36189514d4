"""The portal's three ways of writing time."""

import re
from datetime import UTC, date, datetime

DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T.+)?")


def stamp(moment: datetime) -> str:
    """`2025-03-04T10:11:12.000Z`: UTC with milliseconds, sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def feed_stamp(moment: datetime) -> str:
    """`2025/03/04 10:11:12`: how events of connectors are dated, in UTC."""
    return moment.astimezone(UTC).strftime("%Y/%m/%d %H:%M:%S")


def instant(text: str) -> datetime:
    """Read ISO text as an instant; a bare date is its midnight and a time without zone is UTC.

    Raises `ValueError` for anything else.
    """
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def day(text: str) -> str:
    """The long form the portal answers for a date, from either form a writer may send."""
    if not DAY.fullmatch(text):
        raise ValueError(text)
    if len(text) > 10:
        instant(text)
    return f"{date.fromisoformat(text[:10]).isoformat()}T00:00:00.000Z"
