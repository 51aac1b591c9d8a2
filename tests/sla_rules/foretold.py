"""Forecasts held against what came: of simulated teams, or of any days of leads."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import exp, pi, sin, sqrt
from random import Random

from sla_rules import forecast, past
from sla_rules.forecast import Ahead, Outlook, Week
from sla_rules.goals import Period, period_of
from sla_rules.kinds import Per
from sla_rules.past import Day

FIRST_ON = date(2024, 1, 1)
"""A Monday."""
WORK = 8 * 3600
LEAST_LEFT, LEAST_LEADS = 0.12, 20
"""Of a week's work, and of leads in the past: with less there is nothing to be right or wrong about."""
Days = Mapping[date, Day]


@dataclass(frozen=True, slots=True)
class Look:
    """One forecast, and the figure that came."""

    outlook: Outlook
    truth: float
    period: str

    @property
    def holds(self) -> bool:
        return self.outlook.low <= self.truth <= self.outlook.high


def looks(
    days: Days, on: date, per: Per, *, since: date, weeks: int = forecast.MOST_WEEKS
) -> dict[str, Look]:
    """Foretell on the morning of a day where its period ends: a count, and the share of what is counted."""
    within = period_of(on, per)
    decided, ahead = _read(days, on, within, max(since, on - timedelta(weeks=weeks)))
    if ahead.worked < LEAST_LEFT or sum(week.delivered for week in decided) < LEAST_LEADS:
        return {}
    so_far, whole = _sum(days, within.start_on, on), _sum(days, within.start_on, within.end_on)
    count = forecast.count(_arrived(decided), ahead, so_far.delivered, whole.delivered)
    known = Week(0, so_far.n, so_far.of, so_far.delivered)
    share = forecast.share(decided, ahead, known, 0.8)
    found = {"count": Look(count, whole.delivered, within.label)} if count else {}
    return {**found, "share": Look(share, whole.n / whole.of, within.label)} if share and whole.of else found


def chance(days: Days, on: date, per: Per, *, since: date) -> tuple[float, bool]:
    """Say how likely it was to reach what the last 13 weeks brought in as long a time, and whether it was."""
    within = period_of(on, per)
    decided, ahead = _read(days, on, within, max(since, on - timedelta(weeks=forecast.MOST_WEEKS)))
    length = (within.end_on - within.start_on).days / past.WEEK
    target = round(length * sum(week.delivered for week in decided) / len(decided))
    so_far, whole = _sum(days, within.start_on, on), _sum(days, within.start_on, within.end_on)
    found = forecast.count(_arrived(decided), ahead, so_far.delivered, target)
    assert found is not None
    return found.chance, whole.delivered >= target


def _arrived(weeks: list[Week]) -> list[Week]:
    return [replace(week, n=week.delivered) for week in weeks]


def _read(days: Days, on: date, within: Period, first_on: date) -> tuple[list[Week], Ahead]:
    """Read what is known on the morning of a day."""
    seconds = {day: WORK * (day.weekday() < 5) for day in past.days_between(first_on, within.end_on)}
    leads = {day: found.delivered for day, found in days.items() if first_on <= day < on}
    spread = past.pattern(first_on, on, leads, seconds)
    starts = past.first_days(first_on, on)
    left = spread.worked({day: seconds[day] for day in past.days_between(on, within.end_on)})
    gap = (past.WEEK + (within.end_on - on).days) / 2 / past.WEEK
    clump = past.daily_clump(starts, leads, spread, seconds)
    return past.weeks(starts, days, spread, seconds), Ahead(left, gap, clump=clump)


def _sum(days: Days, start_on: date, end_on: date) -> Day:
    found = [days[on] for on in past.days_between(start_on, end_on) if on in days]
    return Day(sum(one.n for one in found), sum(one.of for one in found), sum(one.delivered for one in found))


def held(found: list[Look]) -> float:
    """Give the share of ranges that held the truth."""
    return sum(look.holds for look in found) / len(found)


# ---- teams that might be


def _steady(_chance: Random) -> Callable[[int], float]:
    return lambda week: 1.0


def _seasonal(chance: Random) -> Callable[[int], float]:
    height, began = chance.uniform(0.2, 0.6), chance.random()
    return lambda week: 1 + height * sin(2 * pi * (week / 52 + began))


def _growing(chance: Random) -> Callable[[int], float]:
    rate = chance.uniform(0.005, 0.025)
    return lambda week: exp(rate * week)


LEVELS: Mapping[str, Callable[[Random], Callable[[int], float]]] = {
    "steady": _steady,
    "seasonal": _seasonal,
    "growing": _growing,
    "bursty": _steady,
}


def team(kind: str, number: int, weeks: int = 56) -> dict[date, Day]:
    """Make up a team: 1 to 40 leads a working day, weeks that vary, and a share kept that varies too."""
    chance = Random(f"{kind} {number}")
    usual, varies = exp(chance.uniform(0, 3.7)), chance.uniform(0.05, 0.5)
    level = LEVELS[kind](chance)
    kept, alike = chance.uniform(0.5, 0.95), chance.uniform(8, 200)
    days = {}
    for week in range(weeks):
        this = usual * level(week) * (1 if kind == "bursty" else chance.gammavariate(varies**-2, varies**2))
        share = chance.betavariate(kept * alike, (1 - kept) * alike)
        for weekday in range(5):
            mean = _burst(chance, this) if kind == "bursty" else this
            delivered = _poisson(chance, mean)
            n = sum(chance.random() < share for _ in range(delivered))
            days[FIRST_ON + timedelta(weeks=week, days=weekday)] = Day(n, delivered, delivered)
    return days


def _burst(chance: Random, usual: float) -> float:
    """Give three tenths of the usual, and now and then a large batch."""
    batch = chance.expovariate(0.15 / (0.7 * usual)) if chance.random() < 0.15 else 0.0
    return 0.3 * usual + batch


def _poisson(chance: Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(chance.gauss(mean, sqrt(mean))))
    n, left = 0, chance.expovariate(1)
    while left < mean:
        n, left = n + 1, left + chance.expovariate(1)
    return n


def simulated(kind: str, teams: int, per: Per, every: int = 9) -> dict[str, list[Look]]:
    """Foretell many teams on many days, with six to thirteen weeks behind them."""
    found: dict[str, list[Look]] = defaultdict(list)
    for number in range(teams):
        days, weeks = team(kind, number), 6 + number % 8
        for day in range(13 * 7 + number % 7, 51 * 7, every):
            on = FIRST_ON + timedelta(days=day)
            for name, look in looks(days, on, per, since=FIRST_ON, weeks=weeks).items():
                found[name].append(look)
    return found
