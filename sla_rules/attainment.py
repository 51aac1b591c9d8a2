"""What each side promised and kept: every metric's definition, in one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sla_rules.funnel import ratio
from sla_rules.kinds import ClockKind, Metric

HUNDREDTHS = 100
"""Amounts are kept in hundredths of the agreement's currency."""
Sums = Mapping[str, int]
"""What tallies add up to over a period: measure → how many."""

AT_MOST = frozenset({Metric.QUALITY_REFUSALS})
"""Metrics of which less is better."""
COUNTS = frozenset({Metric.LEADS_DELIVERED, Metric.QUALIFIED_LEADS, Metric.PIPELINE})
"""Metrics to be reached within a period, so that they have a pace."""
IN_TIME: Mapping[Metric, ClockKind] = {
    Metric.HANDED_OVER_IN_TIME: ClockKind.HANDOVER,
    Metric.ANSWERED_IN_TIME: ClockKind.ANSWER,
    Metric.DECIDED_IN_TIME: ClockKind.DECIDE,
    Metric.TOUCHED_IN_TIME: ClockKind.FIRST_TOUCH,
    Metric.OUTCOME_IN_TIME: ClockKind.OUTCOME,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value: `n` of `of`; None where there is nothing to divide by."""

    value: float | None
    n: int
    of: int


def measure(metric: Metric, sums: Sums) -> Figure:
    """Work out a metric from the sums of a period; the definitions of product section 5."""
    if metric in IN_TIME:
        return _in_time(IN_TIME[metric], sums)
    return DEFINITIONS[metric](sums)


def is_kept(metric: Metric, target: float, figure: Figure) -> bool | None:
    """Say whether a promise is kept; None while nothing was counted."""
    if figure.value is None:
        return None
    return figure.value <= target if metric in AT_MOST else figure.value >= target


def _in_time(kind: ClockKind, sums: Sums) -> Figure:
    """Count leads whose clock was met, of those whose clock ended or is overdue; excused in neither."""
    kept, late = sums.get(f"{kind}.kept", 0), sums.get(f"{kind}.late", 0)
    return Figure(ratio(kept, kept + late), kept, kept + late)


def _delivered(sums: Sums) -> int:
    return sums.get("delivered", 0)


def _qualified(sums: Sums) -> int:
    return _delivered(sums) - sums.get("rejected_quality", 0) - sums.get("rejected_neutral", 0)


def _count(n: int) -> Figure:
    return Figure(n, n, n)


def _of_decided(part: str, sums: Sums) -> Figure:
    decided = sums.get("accepted", 0) + sums.get("rejected_quality", 0)
    return Figure(ratio(sums.get(part, 0), decided), sums.get(part, 0), decided)


def _per_delivered(part: str, sums: Sums, scale: int = 1) -> Figure:
    n = sums.get(part, 0)
    return Figure(ratio(scale * n, _delivered(sums)), n, _delivered(sums))


DEFINITIONS: Mapping[Metric, Callable[[Sums], Figure]] = {
    Metric.LEADS_DELIVERED: lambda sums: _count(_delivered(sums)),
    Metric.QUALIFIED_LEADS: lambda sums: _count(_qualified(sums)),
    Metric.QUALITY_REFUSALS: lambda sums: _of_decided("rejected_quality", sums),
    Metric.ACCEPTANCE_RATE: lambda sums: _of_decided("accepted", sums),
    Metric.SQL_RATE: lambda sums: _per_delivered("sql", sums),
    Metric.WON_PER_100: lambda sums: _per_delivered("won", sums, 100),
    Metric.PIPELINE: lambda sums: _count(round(sums.get("amount", 0) / HUNDREDTHS)),
}
