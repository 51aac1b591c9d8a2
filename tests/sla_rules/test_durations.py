"""Durations: what is read, what is refused, and that writing and reading agree."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.durations import Duration, DurationError


@pytest.mark.parametrize(
    ("text", "days", "seconds", "written"),
    [
        ("4h", 0, 14400, "4h"),
        ("4 hours", 0, 14400, "4h"),
        ("1 hr", 0, 3600, "1h"),
        ("15 min", 0, 900, "15min"),
        ("30m", 0, 1800, "30min"),
        ("30 Minutes", 0, 1800, "30min"),
        ("90 s", 0, 90, "1min 30s"),
        ("45 seconds", 0, 45, "45s"),
        ("1 business day", 1, 0, "1 working day"),
        ("1 working day", 1, 0, "1 working day"),
        ("1 Working Day", 1, 0, "1 working day"),
        ("2 work days", 2, 0, "2 working days"),
        ("2d", 2, 0, "2 working days"),
        ("1 day", 1, 0, "1 working day"),
        ("400 days", 400, 0, "400 working days"),
        ("1h 30m", 0, 5400, "1h 30min"),
        ("1h30m", 0, 5400, "1h 30min"),
        ("90m", 0, 5400, "1h 30min"),
        ("1.5h", 0, 5400, "1h 30min"),
        ("0.25 h", 0, 900, "15min"),
        ("24 business hours", 0, 86400, "24h"),
        ("1 working day 2h", 1, 7200, "1 working day 2h"),
        ("1d 2h 3m 4s", 1, 7384, "1 working day 2h 3min 4s"),
        ("  1\t working   day ", 1, 0, "1 working day"),
        ("0d 5m", 0, 300, "5min"),
        ("010 min", 0, 600, "10min"),
    ],
)
def test_a_duration_is_read_as_people_write_it(text: str, days: int, seconds: int, written: str) -> None:
    duration = Duration.parse(text)
    assert (duration.days, duration.seconds, str(duration)) == (days, seconds, written)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_duration"),
        ("   ", "bad_duration"),
        ("-", "bad_duration"),
        ("4", "bad_duration"),
        ("h", "bad_duration"),
        ("soon", "bad_duration"),
        ("NaN h", "bad_duration"),
        ("inf h", "bad_duration"),
        ("1e3h", "bad_duration"),
        ("+4h", "bad_duration"),
        ("--4h", "bad_duration"),
        ("1,5h", "bad_duration"),
        (".5h", "bad_duration"),
        ("1.h", "bad_duration"),
        ("4h 4h", "bad_duration"),
        ("30m 1h", "bad_duration"),
        ("4h and more", "bad_duration"),
        ("1 month", "bad_duration"),
        ("1 week", "bad_duration"),
        ("\u0664h", "bad_duration"),  # an Arabic four
        ("4\uff48", "bad_duration"),  # a full-width h
        ("4h\0", "bad_duration"),
        ("9" * 50 + "h", "bad_duration"),
        ("9" * 1_000_000 + "h", "bad_duration"),
        (" " * 1_000_000 + "4h", "bad_duration"),
        (None, "bad_duration"),
        (4, "bad_duration"),
        ("-4h", "negative_duration"),
        ("-1 working day", "negative_duration"),
        ("-0h", "negative_duration"),
        ("0h", "no_duration"),
        ("0 working days 0 min", "no_duration"),
        ("401d", "too_long"),
        ("400d 1s", "too_long"),
        ("3201h", "too_long"),
        ("999999999 h", "too_long"),
        ("0.5 days", "part_of_a_day"),
        ("1.5 working days", "part_of_a_day"),
        ("0.5s", "part_of_a_second"),
        ("0.0001h", "part_of_a_second"),
    ],
)
def test_what_is_no_duration_is_refused_with_what_was_written(text: Any, code: str) -> None:
    with pytest.raises(DurationError) as refused:
        Duration.parse(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("days", "seconds", "code"),
    [(-1, 0, "negative_duration"), (0, -1, "negative_duration"), (0, 0, "no_duration")],
)
def test_no_duration_exists_that_could_not_be_written(days: int, seconds: int, code: str) -> None:
    with pytest.raises(DurationError, match=code):
        Duration(days, seconds)


def test_a_day_is_as_long_as_the_calendar_says() -> None:
    assert Duration.parse("1 working day 30m").seconds_in(8 * 3600) == 8 * 3600 + 1800
    assert Duration.parse("24 business hours").seconds_in(8 * 3600) == 3 * 8 * 3600


@given(st.integers(0, 399), st.integers(1, 8 * 3600))
def test_what_was_written_reads_as_the_same(days: int, seconds: int) -> None:
    duration = Duration(days, seconds)
    assert Duration.parse(str(duration)) == duration


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert Duration.parse(text).seconds_in(1) > 0
    except DurationError as refused:
        assert refused.value == text or refused.code in {"no_duration", "too_long"}  # noqa: PT017
