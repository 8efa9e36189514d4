"""Instants in the forms in which systems write them."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")


class NoInstant(ValueError):
    """A value that is no instant in the form it should have."""


def reader(format: str, zone: str) -> Callable[[Any], datetime]:
    """What reads an instant; one without a zone is meant in `zone`. Raises NoInstant."""
    tz = UTC if zone == "UTC" else ZoneInfo(zone)
    parse = READERS.get(format) or (lambda value: datetime.strptime(str(value), format))  # noqa: DTZ007 (the zone comes below)

    def read(value: Any) -> datetime:
        try:
            at = parse(value)
            return (at if at.tzinfo else at.replace(tzinfo=tz)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, OSError) as error:
            raise NoInstant(f"{value!r} is not an instant") from error

    return read


def iso(value: Any) -> datetime:
    if not isinstance(value, str):
        raise NoInstant(f"{value!r} is not an instant")
    return datetime.fromisoformat(value.strip())


def of_parts(value: Any) -> datetime:
    year, month, day, hour, minute, second, microsecond = (int(value.get(name, 0)) for name in PARTS)
    return datetime(year, month, day, hour, minute, second, microsecond)  # noqa: DTZ001 (the zone comes with the reader)


READERS: Mapping[str, Callable[[Any], datetime]] = {
    "iso": iso,
    "naive": iso,
    "date": iso,
    "seconds": lambda value: datetime.fromtimestamp(float(value), UTC),
    "milliseconds": lambda value: datetime.fromtimestamp(float(value) / 1000, UTC),
    "parts": of_parts,
}


def writer(format: str, zone: str) -> Callable[[datetime], Any]:
    """What writes an instant in this form, in this zone."""
    tz = UTC if zone == "UTC" else ZoneInfo(zone)
    write = WRITERS.get(format) or (lambda at: at.strftime(format))
    return lambda at: write(at.astimezone(tz))


def as_iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


WRITERS: Mapping[str, Callable[[datetime], Any]] = {
    "iso": as_iso,
    "naive": lambda at: at.replace(tzinfo=None).isoformat(),
    "date": lambda at: at.date().isoformat(),
    "seconds": lambda at: int(at.timestamp()),
    "milliseconds": lambda at: int(at.timestamp() * 1000),
    "parts": lambda at: {name: getattr(at, name) for name in PARTS},
}


def day(value: Any) -> date:
    """A calendar day, of a date or of the beginning of an instant. Raises NoInstant."""
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError as error:
        raise NoInstant(f"{value!r} is not a date") from error
