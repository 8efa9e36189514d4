"""Periods: half open, in UTC, whole days by the clocks of the place."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.model.rights import Period

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONES = ["UTC", "Europe/Berlin", "Asia/Beirut", "America/Havana", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kolkata"]


def test_the_last_instant_is_outside() -> None:
    period = Period(NOON, NOON + HOUR)
    assert period.holds(NOON)
    assert period.holds(NOON + HOUR - timedelta(microseconds=1))
    assert not period.holds(NOON + HOUR)
    assert not period.holds(NOON - timedelta(microseconds=1))


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Period(datetime(2026, 6, 1))  # noqa: DTZ001 - the point of it


def test_instants_of_any_zone_are_the_same_period() -> None:
    elsewhere = timezone(timedelta(hours=5, minutes=30))
    assert Period(NOON.astimezone(elsewhere)) == Period(NOON)
    assert hash(Period(NOON.astimezone(elsewhere))) == hash(Period(NOON))


def test_the_hour_that_clocks_repeat_is_counted_twice() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    second = first.replace(fold=1)
    assert Period(first, second).holds(first.astimezone(UTC) + HOUR / 2)
    assert not Period(first, second).empty


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_a_day_is_as_long_as_the_clocks_of_berlin_make_it(day: date, hours: int) -> None:
    period = Period.of_days(day, day, "Europe/Berlin")
    assert period.from_ is not None
    assert period.until is not None
    assert period.until - period.from_ == timedelta(hours=hours)


def test_a_day_whose_midnight_is_skipped_begins_with_its_first_instant() -> None:
    # Beirut went from 23:59:59 on 30 March 2024 to 01:00 on the 31st.
    period = Period.of_days(date(2024, 3, 31), None, "Asia/Beirut")
    assert period.from_ == datetime(2024, 3, 30, 22, tzinfo=UTC)


def test_a_day_whose_midnight_comes_twice_begins_with_the_first() -> None:
    # Havana went from 01:00 back to 00:00 on 3 November 2024.
    period = Period.of_days(date(2024, 11, 3), None, "America/Havana")
    assert period.from_ == datetime(2024, 11, 3, 4, tzinfo=UTC)


@given(day=st.dates(date(1990, 1, 1), date(2035, 1, 1)), zone=st.sampled_from(ZONES), minute=st.integers(0, 1439))
def test_every_minute_of_a_day_lies_in_it_and_in_no_other(day: date, zone: str, minute: int) -> None:
    wall = datetime.combine(day, datetime.min.time(), ZoneInfo(zone)) + timedelta(minutes=minute)
    at = wall.astimezone(UTC)
    local = at.astimezone(ZoneInfo(zone)).date()
    assert Period.of_days(local, local, zone).holds(at)
    assert not Period.of_days(local + timedelta(days=1), None, zone).holds(at)
    assert not Period.of_days(None, local - timedelta(days=1), zone).holds(at)


def test_the_ends_of_the_calendar_mean_always() -> None:
    assert Period.of_days(date.min, date.max, "Pacific/Apia") == Period()


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/Havana", "Asia/Tokyo"])
def test_days_beside_the_ends_of_the_calendar_are_still_days(zone: str) -> None:
    period = Period.of_days(date.min + timedelta(days=1), date.max - timedelta(days=1), zone)
    assert period.holds(NOON)
    assert not period.empty


def test_a_period_that_ends_before_it_begins_is_empty_and_never_holds() -> None:
    period = Period(NOON, NOON - HOUR)
    assert period.empty
    assert not any(period.holds(NOON + HOUR * step) for step in range(-3, 3))


INSTANTS = st.one_of(st.none(), st.integers(0, 6))


@given(start=INSTANTS, end=INSTANTS, at=st.integers(-1, 7))
def test_the_next_edge_is_the_first_instant_at_which_it_answers_otherwise(
    start: int | None, end: int | None, at: int
) -> None:
    def moment(step: int) -> datetime:
        return NOON + HOUR * step

    period = Period(None if start is None else moment(start), None if end is None else moment(end))
    now = period.holds(moment(at))
    changes = [moment(step) for step in range(at + 1, 9) if period.holds(moment(step)) is not now]
    if changes:
        assert period.next_edge(moment(at)) == changes[0]
