"""Licence dates as files write them: whole days, or instants."""

import re
from datetime import UTC, date, datetime, timedelta

from lockgate.model.rights import Period

ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?)?)?$"
)


def start(value: date | datetime | None) -> datetime | None:
    """The first instant at which a licence that begins then holds."""
    return value if value is None or isinstance(value, datetime) else Period.of_days(value, None).from_


def end(value: date | datetime | None) -> datetime | None:
    """The first instant at which a licence that ends then no longer holds; of a bare date, the next midnight (UTC)."""
    return value if value is None or isinstance(value, datetime) else Period.of_days(None, value).until


def parsed(text: str, *, last: bool = False) -> date | datetime:
    """A date in the forms XMP allows. Of a year or month alone, its first day, or with `last` its last one.

    A time without a zone is taken for UTC. Raises ValueError when it is no date.
    """
    found = ISO.match(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no date")
    if found["time"]:
        instant = datetime.fromisoformat(text.strip().replace(" ", ""))
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return day(int(found["year"]), int(found["month"] or 0), int(found["day"] or 0), last=last)


def compact(text: str, clock: str = "", *, last: bool = False) -> date | datetime:
    """A date and time in the forms of IPTC IIM: `CCYYMMDD`, where 00 is "not known", and `HHMMSS±HHMM`."""
    if not re.fullmatch(r"\d{8}", text):
        raise ValueError(f"{text!r} is no date")
    whole = day(int(text[:4]), int(text[4:6]), int(text[6:8]), last=last)
    if not re.fullmatch(r"\d{6}([+-]\d{4})?", clock):
        return whole
    instant = datetime.fromisoformat(f"{whole.isoformat()}T{clock[:2]}:{clock[2:4]}:{clock[4:6]}{clock[6:]}")
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def day(year: int, month: int, number: int, *, last: bool) -> date:
    if month and number:
        return date(year, month, number)
    if not last:
        return date(year, month or 1, 1)
    following = date(year + 1, 1, 1) if month in {0, 12} else date(year, month + 1, 1)
    return following - timedelta(days=1)
