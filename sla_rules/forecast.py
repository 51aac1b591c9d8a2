"""Where a goal will end: the chance of meeting its target, and the range that holds its end in 80 % of cases.

The method: the past is cut into weeks of seven days, at most 13, up to the day before which all leads are
decided; each weighs as much as was worked in it. A week is held to have a level that moves on from week to
week, and leads are held to come in clumps, not one by one. How fast the level moves and how large the clumps
are nobody knows, so every pairing of some speeds and sizes follows the weeks, one after the other, and weighs
as much as it foretold them well: a gamma-Poisson pair for counts, a beta-binomial pair for shares, both in
closed form. Together they say what the work left in the period will bring. To that comes what was reached,
what is planned (as far as plans were kept before), and of the leads not yet decided the share that usually
counts. Nothing is drawn at random. With fewer than six decided weeks nothing is said. Rates that take longer
to be decided than the weeks are old (SQL, won, pipeline) are left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, lgamma, log, sqrt

from sla_rules import chances
from sla_rules.chances import Part, log_beta

MOST_WEEKS, ENOUGH_WEEKS = 13, 6
KEEPS = (0.3, 0.5, 0.7, 0.95)
"""How much of what a week taught is still true in the next, at different speeds."""
CLUMPS = (1.0, 2.2, 5.0, 11.0, 25.0, 57.0, 128.0, 290.0, 650.0)
"""Leads that come, or are kept, together."""
UNLIKELY = 0.004
PLAN_KEPT, PLAN_SPREAD = 0.9, 0.3
"""How a plan is held to be kept where none was announced before."""
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days whose leads are decided: of `delivered`, `of` were counted and `n` of them count."""

    worked: float
    """In usual weeks: 0.8 where one of five equal days was off."""
    n: int
    of: int
    delivered: int
    planned: int = 0


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is to come in the period, and what of it is known."""

    worked: float
    """In usual weeks."""
    gap: float
    """Weeks from the middle of the last decided one to the middle of what is to come."""
    pending: int = 0
    """Leads handed over and not decided; only a count asks for them."""
    planned: int = 0
    """Leads announced and not handed over."""
    clump: float = 1.0
    """How many leads of a day come together, as `past.daily_clump` tells."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a figure will end: between `low` and `high` in 80 of 100 cases."""

    low: float
    high: float
    chance: float
    """Of meeting the target."""


def count(weeks: Sequence[Week], ahead: Ahead, so_far: int, target: float) -> Outlook | None:
    """Foretell a count, of which `so_far` is certain; None where too little is known."""
    if not _is_enough(weeks):
        return None
    known = [_of_pending(weeks, ahead), _of_plan(weeks, ahead)]
    mean, variance = (sum(one[n] for one in known) for n in (0, 1))
    parts = [
        Part(part.weight, part.mean + mean, part.variance + variance)
        for part in _arrivals([(week.worked, max(0, week.n - week.planned)) for week in weeks], ahead)
    ]
    if sum(part.mean + part.variance for part in parts) < ROUNDING:
        return Outlook(so_far, so_far, float(so_far >= target))
    cumulated = chances.of_count(parts)
    low, high = chances.likely(cumulated)
    missing = ceil(target - so_far - ROUNDING)
    return Outlook(so_far + low, so_far + high, 1 - cumulated(missing - 1))


def share(
    weeks: Sequence[Week], ahead: Ahead, so_far: Week, target: float, *, at_most: bool = False
) -> Outlook | None:
    """Foretell a share, of which `so_far` is known; None where too little is, or nothing will be counted."""
    counting = [week for week in weeks if week.of]
    if not _is_enough(counting):
        return None
    to_come = _to_be_counted(weeks, counting, ahead, so_far)
    whole = so_far.of + to_come
    if not whole:
        return None
    if not to_come:
        value = so_far.n / whole
        return Outlook(value, value, float(value <= target if at_most else value >= target))
    cumulated = chances.of_share(_kept(counting, to_come), to_come)
    low, high = chances.likely(cumulated)
    # How many will be counted is only expected: the range reaches half a lead further.
    least, most = max(0.0, low - 0.5), min(to_come, high + 0.5)
    if at_most:
        chance = cumulated(floor(target * whole - so_far.n + ROUNDING))
    else:
        chance = 1 - cumulated(ceil(target * whole - so_far.n - ROUNDING) - 1)
    return Outlook((so_far.n + least) / whole, (so_far.n + most) / whole, chance)


def _to_be_counted(weeks: Sequence[Week], counting: Sequence[Week], ahead: Ahead, so_far: Week) -> int:
    """Say how many of the period's leads are still expected to be counted, of those there and to come."""
    arrivals = _arrivals([(week.worked, week.delivered) for week in weeks], ahead)
    expected = so_far.delivered + ahead.planned + sum(part.weight * part.mean for part in arrivals)
    usual = sum(week.of for week in counting) / max(1, sum(week.delivered for week in counting))
    return max(0, round(min(1.0, usual) * expected) - so_far.of)


def _is_enough(weeks: Sequence[Week]) -> bool:
    return len(weeks) >= ENOUGH_WEEKS and any(week.delivered for week in weeks)


def _of_pending(weeks: Sequence[Week], ahead: Ahead) -> tuple[float, float]:
    """Give mean and variance of how many undecided leads will count."""
    if not ahead.pending:
        return 0.0, 0.0
    parts = _kept(weeks, ahead.pending)
    mean = sum(part.weight * part.mean for part in parts)
    return mean, sum(part.weight * (part.variance + (part.mean - mean) ** 2) for part in parts)


def _of_plan(weeks: Sequence[Week], ahead: Ahead) -> tuple[float, float]:
    """Give mean and variance of what the plan will bring, by how such plans were kept before."""
    if not ahead.planned:
        return 0.0, 0.0
    kept = [(week.planned, min(1.0, week.n / week.planned)) for week in weeks if week.planned]
    whole = ahead.planned + sum(planned for planned, _ in kept)
    mean = (PLAN_KEPT * ahead.planned + sum(planned * part for planned, part in kept)) / whole
    missed = PLAN_SPREAD**2 * ahead.planned + sum(planned * (part - mean) ** 2 for planned, part in kept)
    return mean * ahead.planned, missed / whole * ahead.planned**2


# ---- pairings of speed and size that follow the weeks


def _arrivals(weeks: Sequence[tuple[float, int]], ahead: Ahead) -> list[Part]:
    """Give what each pairing expects to arrive in the work left; the sizes reach up to the largest week."""
    level = (sum(n for _, n in weeks) + 1) / sum(worked for worked, _ in weeks)

    def follow(keeps: float, clump: float) -> tuple[float, float, float]:
        fit, a, b = 0.0, 1.0, clump / level
        for worked, n in weeks:
            a, b, x = a * keeps, b * keeps, n / clump
            fit += _gamma_poisson(x, worked, a, b) - log(clump)
            a, b = a + x, b + worked
        a, b = a * keeps**ahead.gap, b * keeps**ahead.gap
        mean = clump * a / b * ahead.worked
        return fit, mean, _clump_within(clump, ahead) * mean + mean**2 / a

    return _weighed(follow, max(n for _, n in weeks))


def _kept(weeks: Sequence[Week], to_come: int) -> list[Part]:
    """Give how many of so many leads each pairing expects to count."""
    counted = sum(week.of for week in weeks)
    usual = (sum(week.n for week in weeks) + 0.5) / (counted + 1)
    part_of_week = min(1.0, to_come * len(weeks) / max(1, counted))

    def follow(keeps: float, clump: float) -> tuple[float, float, float]:
        fit, a, b = 0.0, usual, 1 - usual
        for week in weeks:
            a, b, x, rest = a * keeps, b * keeps, week.n / clump, (week.of - week.n) / clump
            fit += log_beta(a + x, b + rest) - log_beta(a, b) - log_beta(x + 1, rest + 1)
            fit -= log(week.of / clump + 1) + log(clump)
            a, b = a + x, b + rest
        # What is to come is foretold as each next week was: of what is known, as much is no longer true.
        a, b = a * keeps, b * keeps
        mean = a / (a + b)
        clumps = max(1.0, to_come / (1 + (clump - 1) * sqrt(part_of_week)))
        alone = mean * (1 - mean) / clumps
        return fit, mean * to_come, alone * (a + b + clumps) / (a + b + 1) * to_come**2

    return _weighed(follow, max(week.of for week in weeks))


def _clump_within(clump: float, ahead: Ahead) -> float:
    """Give a clump's size in what is left: on a day as days tell, in a week or more as weeks do."""
    return ahead.clump + (clump - ahead.clump) * sqrt(min(1.0, ahead.worked))


def _gamma_poisson(n: float, worked: float, a: float, b: float) -> float:
    """Give the logarithm of the chance of so many in so much work."""
    if not worked:
        return 0.0
    whole = b + worked
    return lgamma(a + n) - lgamma(a) - lgamma(n + 1) + a * log(b / whole) + n * log(worked / whole)


def _weighed(follow: Callable[[float, float], tuple[float, float, float]], largest: int) -> list[Part]:
    """Weigh the pairings by how well they foretold; larger clumps are held to be rarer beforehand."""
    sizes = [clump for clump in CLUMPS if clump <= max(1, largest)]
    found = [(clump, *follow(keeps, clump)) for keeps in KEEPS for clump in sizes]
    best = max(fit for _, fit, _, _ in found)
    parts = [Part(exp(fit - best) / sqrt(clump), mean, variance) for clump, fit, mean, variance in found]
    whole = sum(part.weight for part in parts)
    counting = [part for part in parts if part.weight >= UNLIKELY * whole]
    whole = sum(part.weight for part in counting)
    return [Part(part.weight / whole, part.mean, part.variance) for part in counting]
