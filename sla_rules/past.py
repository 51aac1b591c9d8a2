"""The past as a forecast reads it: weeks of seven days, weighed by how much was worked and who works when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sla_rules.forecast import MOST_WEEKS, Week

WEEK = 7


@dataclass(frozen=True, slots=True)
class Day:
    """What was delivered on a day; of it `of` were counted, and `n` of them count."""

    n: int
    of: int
    delivered: int
    planned: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a usual week spreads over its weekdays: the seconds worked, and the share of its leads."""

    seconds: tuple[float, ...]
    leads: tuple[float, ...]

    def worked(self, seconds: Mapping[date, int]) -> float:
        """Add up days in usual weeks, by the seconds of each: 0.8 where one of five equal days is off."""
        return sum(self.leads[on.weekday()] * _opened(on, n, self.seconds) for on, n in seconds.items())


def first_days(first_on: date, until: date) -> list[date]:
    """Cut the time before a day into whole weeks, oldest first: give the first day of each."""
    count = min(MOST_WEEKS, (until - first_on).days // WEEK)
    return [until - timedelta(weeks=back) for back in range(count, 0, -1)]


def pattern(first_on: date, until: date, leads: Mapping[date, int], seconds: Mapping[date, int]) -> Pattern:
    """Learn how leads spread over the weekdays.

    One week in which they spread as the work does is added, so that single batches do not decide.
    """
    usual = [0.0] * WEEK
    for on, worked in seconds.items():
        usual[on.weekday()] = max(usual[on.weekday()], worked)
    came, opened = [0.0] * WEEK, [0.0] * WEEK
    for on in days_between(first_on, until):
        came[on.weekday()] += leads.get(on, 0)
        opened[on.weekday()] += _opened(on, seconds.get(on, 0), usual)
    week_of_leads = sum(came) / max(1.0, *opened)
    added = [week_of_leads * one / (sum(usual) or 1) for one in usual]
    rates = [(n + more) / (days + 1) for n, more, days in zip(came, added, opened, strict=True)]
    whole = sum(rates)
    return Pattern(tuple(usual), tuple(rate / whole if whole else 1 / WEEK for rate in rates))


def weeks(
    starts: Sequence[date], days: Mapping[date, Day], spread: Pattern, seconds: Mapping[date, int]
) -> list[Week]:
    """Add up the days of each week."""
    return [_week(list(days_between(on, on + timedelta(weeks=1))), days, spread, seconds) for on in starts]


def daily_clump(
    starts: Sequence[date], leads: Mapping[date, int], spread: Pattern, seconds: Mapping[date, int]
) -> float:
    """Say how many leads come together on single days: how far days vary beyond their week's pattern."""
    off = whole = 0.0
    for start_on in starts:
        within = list(days_between(start_on, start_on + timedelta(weeks=1)))
        shares = [spread.worked({on: seconds.get(on, 0)}) for on in within]
        came = sum(leads.get(on, 0) for on in within)
        if not (worked := sum(shares)):
            continue
        for on, share in zip(within, shares, strict=True):
            if expected := came * share / worked:
                off += (leads.get(on, 0) - expected) ** 2 / expected
                whole += 1 - share / worked
    return max(1.0, off / whole) if whole else 1.0


def _week(
    within: Sequence[date], days: Mapping[date, Day], spread: Pattern, seconds: Mapping[date, int]
) -> Week:
    found = [days[on] for on in within if on in days]
    return Week(
        worked=spread.worked({on: seconds.get(on, 0) for on in within}),
        n=sum(day.n for day in found),
        of=sum(day.of for day in found),
        delivered=sum(day.delivered for day in found),
        planned=sum(day.planned for day in found),
    )


def days_between(start_on: date, end_on: date) -> Iterable[date]:
    return (start_on + timedelta(days=n) for n in range((end_on - start_on).days))


def _opened(on: date, seconds: int, usual: Sequence[float]) -> float:
    """Say how much of a weekday's usual work a day has; one that never has any counts as it comes."""
    whole = usual[on.weekday()]
    return min(1.0, seconds / whole) if whole else 1.0
