"""Working time against workclock, in one run: `python -m tests.bench.bench_working_time`."""

import gc
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import workclock

from sla_rules.working_time import WorkingTime

INPUTS = 10_000
ROUNDS = 7
ZONE = ZoneInfo("America/New_York")
WEEK = {day: [("09:00", "17:30")] for day in ("mon", "tue", "wed", "thu", "fri")}
YEARS = range(2021, 2031)
DAYS_OFF = frozenset(holidays.country_holidays("US", years=YEARS))
YEAR = 365 * 86_400


def rows() -> list[dict[str, Any]]:
    """Measure all; `ours` and `reference` in microseconds of CPU time a call (a year's table: in all)."""
    ours = WorkingTime(ZONE.key, WEEK, DAYS_OFF)
    office = workclock.WorkDay(datetime.min.time().replace(hour=9), datetime.min.time().replace(17, 30))
    theirs = workclock.Schedule([office, workclock.Holidays(DAYS_OFF)], time_zone=ZONE.key)
    starts, ends, seconds = _inputs()
    moments, later = ([datetime.fromtimestamp(at, ZONE) for at in instants] for instants in (starts, ends))
    spans = [timedelta(seconds=count) for count in seconds]
    add, between = _micros(theirs.add, moments, spans), _micros(theirs.between, moments, later)
    return [
        _at_least(8, "deadline, epoch", _micros(ours.add, starts, seconds), add),
        _at_least(8, "elapsed, epoch", _micros(ours.elapsed, starts, ends), between),
        _at_least(3, "deadline, aware datetime", _micros(ours.add, moments, seconds), add),
        _at_least(3, "elapsed, aware datetime", _micros(ours.elapsed, moments, later), between),
        *_lengths(ours, starts),
        _building(),
    ]


def _inputs() -> tuple[list[int], list[int], list[int]]:
    """Draw starts over three years, ends up to thirty days later, and targets up to eighty hours."""
    pick = random.Random(20)
    first = int(datetime(2022, 1, 1, tzinfo=UTC).timestamp())
    starts = [first + pick.randrange(3 * YEAR) for _ in range(INPUTS)]
    ends = [start + pick.randrange(30 * 86_400) for start in starts]
    return starts, ends, [pick.randrange(1, 80 * 3600) for _ in starts]


def _micros(act: Callable[[Any, Any], object], firsts: Sequence[Any], seconds: Sequence[Any]) -> float:
    """Give the CPU time of a call in the best of some rounds, the loop around it included."""
    act(firsts[0], seconds[0])
    gc.disable()
    try:
        return min(_round(act, firsts, seconds) for _ in range(ROUNDS)) / len(firsts) * 1e6
    finally:
        gc.enable()


def _round(act: Callable[[Any, Any], object], firsts: Sequence[Any], seconds: Sequence[Any]) -> float:
    began = time.process_time()
    for first, second in zip(firsts, seconds, strict=True):
        act(first, second)
    return time.process_time() - began


def _at_least(times: int, what: str, ours: float, reference: float) -> dict[str, Any]:
    ratio = reference / ours
    return _row(f"working time: {what}", ours, reference, ratio, f">= {times}x", held=ratio >= times)


def _lengths(calendar: WorkingTime, starts: list[int]) -> list[dict[str, Any]]:
    """Hold the cost of a year's span against that of a day's."""
    told = []
    for what, act, day, year in (
        ("deadline", calendar.add, 8 * 3600, 2_000 * 3600),
        ("elapsed", lambda start, length: calendar.elapsed(start, start + length), 86_400, YEAR),
    ):
        of_day, of_year = (_micros(act, starts, [length] * len(starts)) for length in (day, year))
        ratio = of_year / of_day
        held = ratio <= 1.5
        told.append(
            _row(f"working time: {what} over a year, to a day", of_year, of_day, ratio, "<= 1.5x", held=held)
        )
    return told


def _building() -> dict[str, Any]:
    """Build nine years of a fresh calendar by one question, and give what one of them costs."""
    first, last = datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[-2], 1, 1, tzinfo=UTC)
    years = (last - first) / timedelta(days=365) + 1  # a fresh table reaches a year further
    calendars = [WorkingTime(ZONE.key, WEEK, DAYS_OFF) for _ in range(ROUNDS)]
    best = min(_round(calendar.elapsed, [first], [last]) for calendar in calendars) / years * 1e6
    return _row("working time: building a year", best, 3000.0, best / 3000, "<= 3 ms", held=best <= 3000)


def _row(what: str, ours: float, reference: float, ratio: float, bar: str, *, held: bool) -> dict[str, Any]:
    figures = {"ours": round(ours, 3), "reference": round(reference, 3), "ratio": round(ratio, 2)}
    return {"what": what, **figures, "bar": bar, "held": held}


if __name__ == "__main__":
    json.dump(rows(), sys.stdout, indent=1)
