"""Working time: published cases, the laws, and two other ways of counting."""

import json
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import workclock
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_rules.hours import WEEKDAYS, CalendarError
from sla_rules.working_time import BeyondCalendarError, WorkingTime

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "working-time-vectors.json").read_text()
)["vectors"]
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
Pauses = list[tuple[int, int | None]]
OFFICE = {day: [("09:00", "17:00")] for day in WEEKDAYS[:5]}
BERLIN = WorkingTime("Europe/Berlin", OFFICE, days_off={date(2018, 5, 1)})


def at(text: str) -> datetime:
    """Read Berlin's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


def epoch(text: str) -> int:
    return int(at(text).timestamp())


# Published cases


def vectors(*ops: str) -> list[Any]:
    return [pytest.param(vector, id=vector["id"]) for vector in VECTORS if vector["op"] in ops]


def calendar_of(vector: dict[str, Any]) -> WorkingTime:
    calendar = vector["calendar"]
    return WorkingTime(
        calendar["tz"],
        calendar["week"],
        days_off=map(date.fromisoformat, calendar["holidays"]),
        extra={date.fromisoformat(day): hours for day, hours in calendar["extra"].items()},
    )


def pauses_of(vector: dict[str, Any]) -> list[tuple[datetime, datetime | None]]:
    read = datetime.fromisoformat
    return [(read(start), read(end) if end else None) for start, end in vector.get("pauses", ())]


@pytest.mark.parametrize("vector", vectors("deadline"))
def test_every_published_deadline_is_met(vector: dict[str, Any]) -> None:
    start = datetime.fromisoformat(vector["start"])
    reached = calendar_of(vector).add(start, vector["seconds"], pauses_of(vector))
    assert reached == datetime.fromisoformat(vector["expected"])


@pytest.mark.parametrize("vector", vectors("elapsed"))
def test_every_published_span_is_counted(vector: dict[str, Any]) -> None:
    start, end = datetime.fromisoformat(vector["start"]), datetime.fromisoformat(vector["end"])
    assert calendar_of(vector).elapsed(start, end, pauses_of(vector)) == vector["expected_seconds"]


@pytest.mark.parametrize("vector", vectors("next_open"))
def test_every_published_opening_is_found(vector: dict[str, Any]) -> None:
    start = datetime.fromisoformat(vector["start"])
    assert calendar_of(vector).next_open(start) == datetime.fromisoformat(vector["expected"])


def test_no_published_case_was_lost() -> None:
    assert [len(vectors(op)) for op in ("deadline", "elapsed", "next_open")] == [98, 84, 15]


# Rules, one by one


@pytest.mark.parametrize(
    ("start", "hours", "deadline", "breaks"),
    [
        ("2018-04-27T10:00", 4, "2018-04-27T14:00", "2018-04-27T14:00"),
        ("2018-04-27T13:00", 4, "2018-04-27T17:00", "2018-04-30T09:00"),  # a tie, over a weekend
        ("2018-04-30T13:00", 4, "2018-04-30T17:00", "2018-05-02T09:00"),  # a tie, over a holiday
        ("2018-04-27T16:50", 1, "2018-04-30T09:50", "2018-04-30T09:50"),
        ("2018-04-28T12:00", 0, "2018-04-28T12:00", "2018-04-30T09:00"),
        ("2018-04-27T12:00", 0, "2018-04-27T12:00", "2018-04-27T12:00"),
    ],
)
def test_a_deadline_at_closing_breaks_at_the_next_opening(
    start: str, hours: int, deadline: str, breaks: str
) -> None:
    assert BERLIN.add(at(start), hours * 3600) == at(deadline)
    assert BERLIN.breaks_at(at(start), hours * 3600) == at(breaks)


def test_a_pause_that_begins_at_the_deadline_moves_the_breach_but_not_the_deadline() -> None:
    start, noon = epoch("2018-04-27T10:00"), epoch("2018-04-27T12:00")
    assert BERLIN.add(start, 7200, [(noon, None)]) == noon
    assert BERLIN.breaks_at(start, 7200, [(noon, None)]) is None
    assert BERLIN.breaks_at(start, 7200, [(noon, noon + 3600)]) == noon + 3600


def test_an_open_pause_before_the_target_leaves_no_deadline() -> None:
    start, pause = at("2018-04-27T10:00"), at("2018-04-27T11:00")
    assert BERLIN.add(start, 7200, [(pause, None)]) is None
    assert BERLIN.breaks_at(start, 7200, [(pause, None)]) is None
    assert BERLIN.elapsed(start, at("2018-04-30T12:00"), [(pause, None)]) == 3600


def test_pauses_that_overlap_are_counted_once_and_those_before_the_start_not_at_all() -> None:
    start, end = epoch("2018-04-27T10:00"), epoch("2018-04-27T16:00")
    pauses: Pauses = [
        (start + 7200, start + 3 * 3600),
        (start - 9000, start - 3600),
        (start + 3600, start + 9000),
        (start + 9000, start + 3600),
    ]
    assert BERLIN.elapsed(start, end, pauses) == 4 * 3600
    assert BERLIN.add(start, 4 * 3600, pauses) == end


@pytest.mark.parametrize(
    ("days_off", "worked"),
    [
        (set(), 4 * 8),
        ({date(2018, 5, 1)}, 2 + 2 * 8 + 6),  # Monday's night ends at midnight, Tuesday's begins at it
        ({date(2018, 5, 1), date(2018, 5, 2)}, 2 + 6 + 8),
    ],
)
def test_a_holiday_cuts_its_civil_day_out_of_the_nights(days_off: set[date], worked: int) -> None:
    nights = {day: [("22:00", "06:00")] for day in WEEKDAYS[:4]}
    calendar = WorkingTime("Europe/Berlin", nights, days_off)
    assert calendar.elapsed(at("2018-04-30T12:00"), at("2018-05-04T12:00")) == worked * 3600


@pytest.mark.parametrize(
    ("zone", "day", "hours", "worked"),
    [
        ("Europe/Berlin", date(2018, 3, 25), ("00:00", "24:00"), 23 * 3600),
        ("Europe/Berlin", date(2018, 10, 28), ("00:00", "24:00"), 25 * 3600),
        ("Europe/Berlin", date(2018, 3, 25), ("02:30", "05:00"), 5400),  # 02:30 is 03:30
        ("Europe/Berlin", date(2018, 3, 25), ("02:15", "02:45"), 1800),  # both edges move
        ("Europe/Berlin", date(2018, 3, 25), ("02:45", "03:15"), 0),
        ("Europe/Berlin", date(2018, 10, 28), ("02:30", "03:00"), 5400),  # the first 02:30
        ("Europe/Berlin", date(2018, 10, 28), ("01:00", "02:30"), 5400),
        ("Europe/Berlin", date(2018, 3, 24), ("22:00", "06:00"), 7 * 3600),
        ("America/Sao_Paulo", date(2018, 11, 4), ("00:00", "24:00"), 23 * 3600),  # no midnight
        ("Australia/Lord_Howe", date(2018, 10, 7), ("00:00", "24:00"), 23 * 3600 + 1800),
    ],
)
def test_a_clock_change_counts_real_seconds(
    zone: str, day: date, hours: tuple[str, str], worked: int
) -> None:
    calendar = WorkingTime(zone, {}, extra={day: [hours]})
    around = datetime.combine(day, time(), UTC) - timedelta(days=3)
    assert calendar.elapsed(around, around + timedelta(days=6)) == worked


def test_a_night_before_the_day_that_samoa_skipped_ends_where_the_holiday_after_it_begins() -> None:
    calendar = WorkingTime("Pacific/Apia", {"thu": [("18:00", "08:00")]}, days_off={date(2011, 12, 31)})
    thursday = datetime(2011, 12, 29, 12, tzinfo=ZoneInfo("Pacific/Apia"))
    assert calendar.elapsed(thursday, thursday + timedelta(days=4)) == 6 * 3600


def test_hours_of_a_date_replace_its_hours_even_on_a_holiday() -> None:
    extra: dict[date, list[tuple[str, str]]] = {
        date(2018, 5, 1): [("10:00", "12:00")],
        date(2018, 5, 2): [],
        date(2018, 5, 5): [("9:00", "10:00"), ("10:00", "11:30")],
    }
    calendar = WorkingTime("Europe/Berlin", OFFICE, {date(2018, 5, 1)}, extra)
    days = [calendar.elapsed(*calendar.day_bounds(date(2018, 5, day))) / 3600 for day in (1, 2, 3, 4, 5, 6)]
    assert days == [2, 0, 8, 8, 2.5, 0]
    assert [calendar.works_on(date(2018, 5, day)) for day in (1, 2, 5)] == [True, False, True]


# Questions about days


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [
        ("2018-04-30T08:00", date(2018, 5, 5), 4),
        ("2018-04-30T16:59", date(2018, 5, 5), 4),
        ("2018-04-30T17:00", date(2018, 5, 5), 3),
        ("2018-04-30T08:00", date(2018, 4, 30), 0),
        ("2018-05-05T08:00", date(2018, 4, 30), 0),
        ("2018-04-28T00:00", date(2018, 4, 30), 0),
        ("2018-01-01T00:00", date(2019, 1, 1), 260),
    ],
)
def test_working_days_left_count_today_while_work_remains(start: str, end: date, left: int) -> None:
    assert BERLIN.working_days_left(at(start), end) == left
    assert BERLIN.working_days_left(epoch(start), int(BERLIN.day_bounds(end)[0].timestamp())) == left


def test_a_lunch_is_no_working_day_and_a_night_is_one() -> None:
    week = {"mon": [("09:00", "12:00"), ("13:00", "17:00")], "wed": [("22:00", "06:00")]}
    calendar = WorkingTime("Europe/Berlin", week)
    assert calendar.working_days_left(at("2018-04-30T12:00"), at("2018-04-30T13:00")) == 0
    assert calendar.working_days_left(at("2018-04-30T12:00"), at("2018-04-30T13:01")) == 1
    assert calendar.working_days_left(at("2018-05-02T00:00"), date(2018, 5, 5)) == 1
    assert calendar.working_days_left(at("2018-05-03T05:00"), date(2018, 5, 5)) == 1
    assert calendar.working_days_left(at("2018-05-02T00:00"), date(2018, 5, 5), {date(2018, 5, 2)}) == 0
    assert calendar.working_days_left(at("2018-05-02T00:00"), date(2018, 5, 5), {date(2018, 5, 3)}) == 1


def test_days_are_the_zone_s_and_openings_come_in_utc() -> None:
    assert BERLIN.local_date(datetime(2018, 5, 1, 22, 30, tzinfo=UTC)) == date(2018, 5, 2)
    opening = BERLIN.opening(date(2018, 5, 2))
    assert opening == at("2018-05-02T09:00")
    assert opening.tzinfo is UTC
    assert BERLIN.opening(date(2018, 5, 1)) is None
    assert BERLIN.day_bounds(date(2018, 3, 25)) == (at("2018-03-25"), at("2018-03-26"))


@pytest.mark.parametrize(
    ("moment", "is_open", "opens"),
    [
        ("2018-04-27T09:00", True, "2018-04-27T09:00"),
        ("2018-04-27T16:59", True, "2018-04-27T16:59"),
        ("2018-04-27T17:00", False, "2018-04-30T09:00"),
        ("2018-05-01T12:00", False, "2018-05-02T09:00"),
    ],
)
def test_an_interval_holds_its_opening_and_not_its_closing(moment: str, is_open: bool, opens: str) -> None:  # noqa: FBT001
    assert BERLIN.is_open(at(moment)) is is_open
    assert BERLIN.next_open(at(moment)) == at(opens)
    assert BERLIN.next_open(epoch(moment)) == epoch(opens)


@pytest.mark.parametrize(
    ("week", "hours"),
    [
        (OFFICE, 8),
        (OFFICE | {"fri": [("09:00", "13:00")]}, 8),
        ({"mon": [("09:00", "12:00"), ("13:00", "17:30")], "tue": [("09:00", "15:00")]}, 7.5),
        ({"mon": [("22:00", "06:30")]}, 8.5),
        ({"sun": [("00:00", "00:00")]}, 24),
    ],
)
def test_a_usual_day_is_the_most_common_one(week: dict[str, list[tuple[str, str]]], hours: float) -> None:
    assert WorkingTime("UTC", week).day_seconds == hours * 3600


# What is refused


@pytest.mark.parametrize(
    "zone",
    [
        *("", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe", "right/UTC", "posix/UTC"),
        *("leapseconds", "Europe/Berlin\n", "Europe//Berlin", "Europe/Bérlin", "a" * 5000, "UTC\0", None, 1),
    ],
)
def test_a_zone_that_is_no_zone_is_refused(zone: Any) -> None:
    with pytest.raises(CalendarError) as refused:
        WorkingTime(zone, OFFICE)
    assert refused.value.code == "unknown_zone"


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ({}, "no_working_time"),
        ({"mon": []}, "no_working_time"),
        ({"monday": [("09:00", "17:00")]}, "unknown_weekday"),
        ({"mon": [("09:00", "25:00")]}, "bad_time"),
        ({"mon": [("24:00", "05:00")]}, "bad_time"),
        ({"mon": [("9", "17:00")]}, "bad_time"),
        ({"mon": [("09:60", "17:00")]}, "bad_time"),
        ({"mon": [("-1:00", "17:00")]}, "bad_time"),
        ({"mon": [("09:00\n", "17:00")]}, "bad_time"),
        ({"mon": [("\u0660\u0669:\u0660\u0660", "17:00")]}, "bad_time"),
        ({"mon": [(9, 17)]}, "bad_time"),
        ({"mon": ["09:00-17:00"]}, "bad_interval"),
        ({"mon": "09:00-17:00"}, "bad_interval"),
        ({"mon": [("09:00",)]}, "bad_interval"),
        ({"mon": [("09:00", "12:00"), ("11:59", "17:00")]}, "overlapping_hours"),
        ({"mon": [("22:00", "06:00"), ("23:00", "23:30")]}, "overlapping_hours"),
    ],
)
def test_hours_that_make_no_sense_are_refused(week: Any, code: str) -> None:
    with pytest.raises(CalendarError) as refused:
        WorkingTime("UTC", week)
    assert refused.value.code == code


@pytest.mark.parametrize("day", [datetime(2018, 5, 1, tzinfo=UTC), "2018-05-01"])
def test_a_day_off_is_a_plain_date(day: Any) -> None:
    with pytest.raises(CalendarError, match="bad_date"):
        WorkingTime("UTC", OFFICE, days_off={day})


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2018, 5, 1)  # noqa: DTZ001  (what is tried)
    with pytest.raises(TypeError):
        BERLIN.add(naive, 60)
    with pytest.raises(TypeError):
        BERLIN.elapsed(at("2018-05-01"), naive)


def test_time_is_not_taken_away() -> None:
    for ask in (BERLIN.add, BERLIN.breaks_at):
        with pytest.raises(ValueError, match="not taken away"):
            ask(epoch("2018-05-02T12:00"), -1)


def test_what_is_not_known_is_not_guessed() -> None:
    calendar = WorkingTime("Europe/Berlin", OFFICE, known=(date(2018, 1, 1), date(2018, 12, 31)))
    first, last = epoch("2018-01-01"), epoch("2019-01-01")
    assert calendar.elapsed(first, last) == 261 * 8 * 3600
    assert calendar.add(epoch("2018-12-31T16:00"), 3600) == epoch("2018-12-31T17:00")
    for start, end in [(first - 1, last), (first, last + 1), (last + 1, first)]:
        with pytest.raises(BeyondCalendarError):
            calendar.elapsed(start, end)
    for start, seconds in [(first - 1, 1), (last - 7 * 3600 - 3600, 3601), (last, 1), (first, 10**9)]:
        with pytest.raises(BeyondCalendarError):
            calendar.add(start, seconds)
    with pytest.raises(BeyondCalendarError):
        calendar.next_open(last)


def test_a_calendar_of_single_dates_ends_with_the_last_of_them() -> None:
    calendar = WorkingTime("Europe/Berlin", {}, extra={date(2018, 5, 1): [("10:00", "12:00")]})
    assert calendar.add(at("2017-01-01"), 7200) == at("2018-05-01T12:00")
    assert calendar.elapsed(at("2016-01-01"), at("2026-01-01")) == 7200
    with pytest.raises(BeyondCalendarError):
        calendar.add(at("2017-01-01"), 7201)


# Laws, for any calendar

half_hours = st.integers(0, 48)
FIRST_AT = int(datetime(2018, 1, 1, tzinfo=UTC).timestamp())
instants = st.integers(FIRST_AT, FIRST_AT + 400 * 86400)
targets = st.integers(0, 60 * 3600)
dates = st.dates(date(2018, 1, 1), date(2019, 3, 1))


def clock(half: int) -> str:
    return f"{half // 2:02}:{half % 2 * 30:02}"


@st.composite
def days(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Draw up to two intervals of one day, the last one into the night at times."""
    edges = sorted(draw(st.sets(half_hours, max_size=4)))
    into_the_night = draw(st.booleans())
    pairs = [(clock(a), clock(b)) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    if edges and into_the_night:
        opens = max(edges[-1], 24)
        return [*pairs, (clock(opens), clock(draw(st.integers(0, 16))))] if opens < 48 else pairs
    return pairs


@st.composite
def calendars(draw: st.DrawFn, zones: Sequence[str] = ZONES) -> WorkingTime:
    week = draw(st.dictionaries(st.sampled_from(WEEKDAYS), days()))
    days_off = draw(st.sets(dates, max_size=8))
    extra = draw(st.dictionaries(dates, days(), max_size=5))
    week["wed"] = week.get("wed") or [("09:00", "17:00")]
    return WorkingTime(draw(st.sampled_from(zones)), week, days_off, extra)


closed_pauses = st.lists(st.tuples(instants, st.integers(0, 40 * 86400)), max_size=4).map(
    lambda spans: [(start, start + length) for start, length in spans]
)


@given(calendars(), instants, targets)
def test_what_was_added_has_elapsed_and_not_a_second_earlier(
    calendar: WorkingTime, start: int, seconds: int
) -> None:
    reached = calendar.add(start, seconds)
    assert reached is not None
    assert calendar.elapsed(start, reached) == seconds
    assert reached == start if seconds == 0 else calendar.elapsed(start, reached - 1) == seconds - 1


@given(calendars(), instants, targets, closed_pauses)
def test_a_paused_clock_is_not_broken(
    calendar: WorkingTime, start: int, seconds: int, pauses: list[tuple[int, int | None]]
) -> None:
    reached, breaks_at = calendar.add(start, seconds, pauses), calendar.breaks_at(start, seconds, pauses)
    assert reached is not None
    assert breaks_at is not None
    assert reached <= breaks_at
    assert calendar.elapsed(start, reached, pauses) == seconds
    assert calendar.elapsed(start, breaks_at, pauses) == seconds
    assert calendar.elapsed(start, breaks_at + 1, pauses) == seconds + 1


@given(calendars(), instants, instants, instants)
def test_elapsed_time_adds_up_and_runs_backwards_alike(calendar: WorkingTime, a: int, b: int, c: int) -> None:
    assert calendar.elapsed(a, b) == -calendar.elapsed(b, a)
    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)
    assert 0 <= calendar.elapsed(min(a, b), max(a, b)) <= abs(b - a)


@given(calendars(), instants, targets, targets)
def test_a_longer_target_is_never_due_earlier(
    calendar: WorkingTime, start: int, seconds: int, more: int
) -> None:
    first, second = calendar.add(start, seconds), calendar.add(start, seconds + more)
    assert first is not None
    assert second is not None
    assert first <= second
    assert calendar.add(first, more) == second or more == 0


@given(calendars(), instants, instants, closed_pauses)
def test_a_pause_takes_away_its_own_working_time_once(
    calendar: WorkingTime, start: int, end: int, pauses: list[tuple[int, int | None]]
) -> None:
    edges = sorted({start, end, *(edge for pause in pauses for edge in pause if edge is not None)})
    counted = sum(
        calendar.elapsed(a, b)
        for a, b in pairwise(edges)
        if min(start, end) <= a < max(start, end)
        and not any(opens <= a < (closes or 0) for opens, closes in pauses)
    )
    assert calendar.elapsed(start, end, pauses) == (counted if start <= end else -counted)


@given(calendars(), instants, instants, targets, closed_pauses)
def test_epochs_and_datetimes_say_the_same(
    calendar: WorkingTime, start: int, end: int, seconds: int, pauses: list[tuple[int, int | None]]
) -> None:
    zone = ZoneInfo("Asia/Kolkata")
    moment = datetime.fromtimestamp(start, zone)
    spans = [
        (datetime.fromtimestamp(a, UTC), datetime.fromtimestamp(b, zone) if b else None) for a, b in pauses
    ]
    reached, broken = calendar.add(moment, seconds, spans), calendar.breaks_at(moment, seconds, spans)
    assert reached is not None
    assert broken is not None
    assert reached.tzinfo is zone
    assert reached.timestamp() == calendar.add(start, seconds, pauses)
    assert broken.timestamp() == calendar.breaks_at(start, seconds, pauses)
    ends = datetime.fromtimestamp(end, zone)
    assert calendar.elapsed(moment, ends, spans) == calendar.elapsed(start, end, pauses)


def test_the_part_of_a_second_is_dropped() -> None:
    noon = at("2018-05-02T12:00")
    assert BERLIN.elapsed(noon + timedelta(microseconds=999_999), noon + timedelta(seconds=1)) == 1
    assert BERLIN.add(noon + timedelta(milliseconds=500), 60) == noon + timedelta(seconds=60)
    assert (
        BERLIN.elapsed(datetime(1969, 12, 31, 9, 0, 0, 500_000, UTC), datetime(1969, 12, 31, 10, tzinfo=UTC))
        == 3600
    )


def test_the_order_of_questions_and_the_thread_that_asks_change_no_answer() -> None:
    zone, asked = "America/New_York", random.Random(7)
    spans = [(asked.randrange(20 * 365 * 86400), asked.randrange(90 * 86400)) for _ in range(200)]
    alone = WorkingTime(zone, OFFICE)
    expected = [alone.elapsed(start, start + length) for start, length in spans]
    shared = WorkingTime(zone, OFFICE)
    with ThreadPoolExecutor(8) as threads:
        backwards = list(threads.map(lambda span: shared.elapsed(span[0], sum(span)), reversed(spans)))
    assert backwards[::-1] == expected


# Two other ways of counting


@settings(max_examples=60)
@given(calendars(zones=("Asia/Kathmandu",)), dates)
def test_counting_half_hour_by_half_hour_gives_the_same(calendar: WorkingTime, first: date) -> None:
    zone = ZoneInfo("Asia/Kathmandu")
    start = datetime.combine(first, time(), zone)
    steps = [start + timedelta(minutes=30) * step for step in range(48 * 9)]
    for step in steps:
        worked = calendar.elapsed(step, step + timedelta(minutes=30))
        assert worked == 1800 * is_worked(calendar, step), step


def is_worked(calendar: WorkingTime, wall: datetime) -> bool:
    """Say by the wall clock alone whether an instant is worked; the zone has no clock changes."""
    today, minute = wall.date(), wall.hour * 60 + wall.minute
    if today in calendar._days_off:
        return False
    yesterday = today - timedelta(days=1)
    hours = [(day, calendar._extra.get(day, calendar._week[day.weekday()])) for day in (today, yesterday)]
    return any(
        opens <= minute + 1440 * (today - day).days < closes
        for day, pairs in hours
        for opens, closes in pairs
    )


def agrees_with_workclock(seed: int, comparisons: int) -> None:
    """Compare a random calendar, without dates of its own and pauses, with workclock's answers."""
    pick = random.Random(seed)
    zone = pick.choice(ZONES)
    opens = {day: pick.sample(range(0, 1440, 15), 2) for day in range(7) if pick.random() < 0.7 or day == 2}
    days_off = {date(2010, 1, 1) + timedelta(days=pick.randrange(4000)) for _ in range(60)}
    week = {
        WEEKDAYS[day]: [tuple(f"{edge // 60:02}:{edge % 60:02}" for edge in edges)]
        for day, edges in opens.items()
    }
    ours = WorkingTime(zone, week, days_off)  # type: ignore[arg-type]  # pairs, built in a loop
    rules: list[Any] = [
        workclock.WorkDay(time(a // 60, a % 60), time(b // 60, b % 60), days=[day])
        for day, (a, b) in opens.items()
    ]
    theirs = workclock.Schedule([*rules, workclock.Holidays(days_off)], time_zone=zone)
    for _ in range(comparisons):
        start = datetime.fromtimestamp(pick.randrange(1262304000, 1577836800), UTC)
        end = start + timedelta(seconds=pick.randrange(-30 * 86400, 200 * 86400))
        seconds = pick.randrange(200 * 3600)
        assert ours.elapsed(start, end) == theirs.between(start, end).total_seconds(), (
            zone,
            week,
            start,
            end,
        )
        assert ours.add(start, seconds) == theirs.add(start, seconds=seconds), (zone, week, start, seconds)


@pytest.mark.parametrize("seed", range(20))
def test_workclock_says_the_same(seed: int) -> None:
    agrees_with_workclock(seed, comparisons=100)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_workclock_says_the_same_100_000_times(seed: int) -> None:
    agrees_with_workclock(seed, comparisons=500)
