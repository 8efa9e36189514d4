"""Dates as CELUM writes them: ISO 8601, or milliseconds since 1970 as one description has it."""

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from lockgate.model.rights import Period

NEVER = Period(until=datetime(1970, 1, 1, tzinfo=UTC))
"""A period that never opens: it ended before anybody could ask, so no due date waits for it."""

FOREVER = 9000
"""Years from here on are what people type for 'no end'; calendars cannot be computed much beyond."""
LONG_AGO = 1900


class Unreadable(ValueError):
    """A value that should be a date and is none."""


def instant(raw: object) -> datetime:
    """The instant (UTC) that a date-time of the API means. Raises Unreadable."""
    when = read(raw)
    return when if isinstance(when, datetime) else datetime.combine(when, time.min, UTC)


def read(raw: object) -> date | datetime:
    """An instant (UTC), or a plain day where nothing more is written. Raises Unreadable."""
    try:
        if isinstance(raw, int) and not isinstance(raw, bool):
            return datetime.fromtimestamp(raw / 1000, UTC)
        if isinstance(raw, str):
            return read_text(raw.strip())
    except (ValueError, OverflowError, OSError) as error:
        raise Unreadable(f"{raw!r} is not a date") from error
    raise Unreadable(f"{raw!r} is not a date")


def read_text(text: str) -> date | datetime:
    if len(text) == len("2026-03-31"):
        return date.fromisoformat(text)
    if text.isdecimal():
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    when = datetime.fromisoformat(text)
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def day(raw: object, zone: str) -> date | datetime:
    """What a DATE field holds: a plain day where it is midnight in UTC or in the tenant's zone, else the instant itself."""
    when = read(raw)
    if not isinstance(when, datetime):
        return when
    for tz in (UTC, ZoneInfo(zone)):
        local = moved(when, tz)
        if local is not None and local.time() == time.min:
            return local.date()
    return when


def moved(when: datetime, zone: tzinfo) -> datetime | None:
    try:
        return when.astimezone(zone)
    except OverflowError:
        return None


def between(first: object, last: object, zone: str) -> Period:
    """The period of two DATE values in a tenant's zone: plain days whole, the last one included. Raises Unreadable."""
    start = None if first is None else day(first, zone)
    end = None if last is None else day(last, zone)
    if start is not None and start.year >= FOREVER:
        return NEVER
    if end is not None and end.year < LONG_AGO:
        return NEVER
    start = None if start is None or start.year < LONG_AGO else start
    end = None if end is None or end.year >= FOREVER else end
    return Period(opening(start, zone), closing(end, zone))


def opening(start: date | datetime | None, zone: str) -> datetime | None:
    return start if start is None or isinstance(start, datetime) else Period.of_days(start, None, zone).from_


def closing(end: date | datetime | None, zone: str) -> datetime | None:
    return end if end is None or isinstance(end, datetime) else Period.of_days(None, end, zone).until


def both(one: Period, other: Period) -> Period:
    """The instants that lie in both periods."""
    starts = [edge for edge in (one.from_, other.from_) if edge is not None]
    ends = [edge for edge in (one.until, other.until) if edge is not None]
    return Period(max(starts, default=None), min(ends, default=None))


def whole_day(end: datetime, zone: str) -> datetime:
    """The first instant after the day in which `end` lies."""
    last = end.astimezone(ZoneInfo(zone)).date()
    return Period.of_days(None, last, zone).until or end


def plain(raw: object, zone: str) -> str:
    """A DATE value as JSON: `2026-03-31`, or an instant where it has a time of day."""
    return day(raw, zone).isoformat()


def text(when: datetime) -> str:
    """The form in which dates are sent: ISO 8601 in UTC with milliseconds, rounded down."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
