"""Goals: periods, expected by now, needed a day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.goals import (
    Period,
    expected_by_now,
    needed_a_day,
    pace,
    period_of,
    previous,
    weighted_target,
    working_days,
)
from sla_rules.hours import WEEKDAYS
from sla_rules.kinds import Per
from sla_rules.working_time import WorkingTime

CALENDAR = WorkingTime(
    "Europe/Berlin",
    {day: [("09:00", "17:00")] for day in WEEKDAYS[:5]},
    days_off={date(2026, 6, 4)},
)
JUNE = period_of(date(2026, 6, 18), Per.MONTH)  # 22 weekdays, one of them off
ONE_DAY = timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("day", "per", "bounds", "label", "before"),
    [
        (date(2018, 2, 14), Per.MONTH, (date(2018, 2, 1), date(2018, 3, 1)), "2018-02", "2018-01"),
        (date(2018, 12, 31), Per.MONTH, (date(2018, 12, 1), date(2019, 1, 1)), "2018-12", "2018-11"),
        (date(2018, 1, 1), Per.MONTH, (date(2018, 1, 1), date(2018, 2, 1)), "2018-01", "2017-12"),
        (date(2018, 3, 31), Per.QUARTER, (date(2018, 1, 1), date(2018, 4, 1)), "2018-Q1", "2017-Q4"),
        (date(2018, 11, 5), Per.QUARTER, (date(2018, 10, 1), date(2019, 1, 1)), "2018-Q4", "2018-Q3"),
        (date(2018, 2, 18), Per.WEEK, (date(2018, 2, 12), date(2018, 2, 19)), "2018-W07", "2018-W06"),
        (date(2018, 12, 31), Per.WEEK, (date(2018, 12, 31), date(2019, 1, 7)), "2019-W01", "2018-W52"),
        (date(2021, 1, 3), Per.WEEK, (date(2020, 12, 28), date(2021, 1, 4)), "2020-W53", "2020-W52"),
    ],
)
def test_a_day_lies_in_its_period(
    day: date, per: Per, bounds: tuple[date, date], label: str, before: str
) -> None:
    period = period_of(day, per)
    assert ((period.start_on, period.end_on), period.label) == (bounds, label)
    assert previous(period).label == before


@pytest.mark.parametrize(
    ("week_starts", "starts"), [(0, date(2018, 2, 12)), (5, date(2018, 2, 10)), (6, date(2018, 2, 11))]
)
def test_a_week_begins_on_the_day_agreed(week_starts: int, starts: date) -> None:
    week = period_of(date(2018, 2, 14), Per.WEEK, week_starts)
    assert (week.start_on, week.label) == (starts, "2018-W07")


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.sampled_from(Per), st.integers(0, 6))
def test_periods_leave_no_gap_and_never_share_a_label(day: date, per: Per, week_starts: int) -> None:
    period = period_of(day, per, week_starts)
    assert day in period
    assert period.end_on not in period
    assert period_of(period.end_on - ONE_DAY, per, week_starts) == period
    assert previous(period).end_on == period.start_on
    assert previous(period).label < period.label


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-05-20T12:00", 0),
        ("2026-06-01T09:00", 0),
        ("2026-06-01T17:00", 10),
        ("2026-06-03T13:00", 25),
        ("2026-06-04T13:00", 30),  # a holiday adds nothing
        ("2026-06-07T13:00", 40),
        ("2026-06-30T17:00", 210),
        ("2026-07-15T12:00", 210),
    ],
)
def test_without_a_plan_the_working_time_gone_is_expected(now: str, expected: float) -> None:
    assert expected_by_now(210, JUNE, at(now), CALENDAR) == expected


def test_blackout_days_are_neither_gone_nor_to_come() -> None:
    dark = {date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 4), date(2026, 6, 6), date(2026, 7, 1)}
    assert expected_by_now(190, JUNE, at("2026-06-02T17:00"), CALENDAR, blackout=dark) == 0
    assert expected_by_now(190, JUNE, at("2026-06-03T17:00"), CALENDAR, blackout=dark) == 10
    assert working_days(JUNE, at("2026-05-01"), CALENDAR, dark) == 19
    assert working_days(JUNE, at("2026-06-02T12:00"), CALENDAR, dark) == 19
    assert working_days(JUNE, at("2026-06-03T12:00"), CALENDAR, dark) == 19
    assert working_days(JUNE, at("2026-06-03T17:00"), CALENDAR, dark) == 18


def test_a_period_without_working_time_expects_nothing() -> None:
    every_day = {JUNE.start_on + ONE_DAY * day for day in range(30)}
    assert expected_by_now(240, JUNE, at("2026-06-20T12:00"), CALENDAR, blackout=every_day) == 0
    assert working_days(JUNE, at("2026-06-20T12:00"), CALENDAR, every_day) == 0


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-05-01T00:00", 21),
        ("2026-06-18T16:59", 9),
        ("2026-06-18T17:00", 8),
        ("2026-06-30T16:59", 1),
        ("2026-06-30T17:00", 0),
        ("2026-08-01T00:00", 0),
    ],
)
def test_today_is_left_while_it_has_work(now: str, left: int) -> None:
    assert working_days(JUNE, at(now), CALENDAR) == left


@pytest.mark.parametrize(
    ("target", "so_far", "planned", "days", "needed"),
    [
        (240, 118, 0, 9, 122 / 9),
        (240, 118, 90, 9, 32 / 9),
        (240, 118, 200, 9, 0),
        (240, 250, 0, 9, 0),
        (240, 118, 0, 0, None),
        (240, 250, 0, 0, None),
    ],
)
def test_what_is_missing_is_spread_over_the_days_left(
    target: float, so_far: float, planned: float, days: int, needed: float | None
) -> None:
    assert needed_a_day(target, so_far, planned, days) == needed


def test_a_pace_tells_plan_and_need_together() -> None:
    told = pace(
        target=240,
        so_far=118,
        period=JUNE,
        now=at("2026-06-18T10:00"),
        calendar=CALENDAR,
        planned_until_now=116,
        planned_ahead=90,
    )
    assert (told.expected, told.days_left, told.on_plan) == (116, 9, True)
    assert (told.needed_a_day, told.needed_after_plan) == (122 / 9, 32 / 9)


@pytest.mark.parametrize(("so_far", "on_plan"), [(29, False), (30, True), (31, True)])
def test_what_is_expected_is_on_plan(so_far: int, on_plan: bool) -> None:  # noqa: FBT001
    now = at("2026-06-04T12:00")
    told = pace(target=210, so_far=so_far, period=JUNE, now=now, calendar=CALENDAR)
    assert told.on_plan is on_plan


@pytest.mark.parametrize(
    ("parts", "target"),
    [
        ([(240, 100)], 240),
        ([(240, 100), (300, 100)], 270),
        ([(240, 300), (300, 100)], 255),
        ([(240, 0), (300, 0)], 300),  # no working time: what holds last
    ],
)
def test_an_amended_target_is_weighed_by_the_working_time_under_each(
    parts: list[tuple[float, int]], target: float
) -> None:
    assert weighted_target(parts) == target


@given(st.integers(0, 10_000), st.integers(0, 29 * 24), st.integers(0, 24))
def test_more_is_never_expected_earlier(target: int, hours: int, more: int) -> None:
    now = at("2026-06-01") + timedelta(hours=hours)
    earlier = expected_by_now(target, JUNE, now, CALENDAR)
    assert 0 <= earlier <= expected_by_now(target, JUNE, now + timedelta(hours=more), CALENDAR) <= target


@pytest.mark.parametrize(
    ("day", "is_held"),
    [("2026-05-31", False), ("2026-06-01", True), ("2026-06-07", True), ("2026-06-08", False)],
)
def test_a_period_holds_its_first_day_and_not_its_end(day: str, is_held: bool) -> None:  # noqa: FBT001
    assert (date.fromisoformat(day) in Period(Per.WEEK, date(2026, 6, 1), date(2026, 6, 8))) is is_held
