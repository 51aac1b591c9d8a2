"""Promises that look unreal: nothing is refused for them, and both sides are told before they sign."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from sla_rules.agreement import Agreement
from sla_rules.kinds import Metric, Per, Tier
from sla_rules.promises import FORMS, Goal, Unit
from sla_rules.strict_yaml import Path
from sla_rules.working_time import WorkingTime

WEEKS: Mapping[Per, float] = {Per.WEEK: 1, Per.MONTH: 52 / 12, Per.QUARTER: 13}
"""Weeks in a usual period: a promise is for all of them, not for one with its holidays."""
FAR, FAR_TIMES = 0.2, 1.5
"""How far a target lies from what was seen: in points where it is a share, else that many times."""
NEAR_NOTHING = 0.05
"""A share that even a side that does nothing reaches."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the team's own ledger shows of each metric: a share of 1 where it is one, else a month's mean."""

    figures: Mapping[tuple[Metric, Tier | None], float | None] = field(default_factory=dict)
    """None where too little was counted to say."""

    def of(self, goal: Goal) -> float | None:
        """Give the figure to hold against a goal, over its own period."""
        figure = self.figures.get((goal.metric, goal.tier))
        if figure is None or goal.metric not in ADD_UP:
            return figure
        return figure * WEEKS[goal.per] / WEEKS[Per.MONTH]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One promise that looks unreal, and why."""

    code: str
    path: Path
    clause: str | None
    values: Mapping[str, object] = field(default_factory=dict)


ADD_UP = frozenset({Metric.LEADS_DELIVERED, Metric.QUALIFIED_LEADS, Metric.PIPELINE})
"""Metrics of which a longer period holds more."""
LEADS = frozenset({Metric.LEADS_DELIVERED, Metric.QUALIFIED_LEADS})
Doubtful = Iterator[tuple[str, Path, Mapping[str, object]]]


def doubts(document: Agreement, seen: Seen | None = None) -> tuple[Doubt, ...]:
    """Name every promise that looks unreal, by clause; without `seen` what the text alone shows."""
    found = [doubt for look in LOOKS for doubt in look(document)]
    if seen is not None:
        found += _far_from_seen(document, seen)
    told = [
        Doubt(code, path, document.clause_of(".".join(map(str, path))), values)
        for code, path, values in found
    ]
    return tuple(sorted(told, key=lambda doubt: tuple(map(int, (doubt.clause or "0").split(".")))))


def _never_broken(document: Agreement) -> Doubtful:
    for path, goal in _goals(document):
        is_share = goal.unit is Unit.SHARE
        if goal.is_at_most:
            if is_share and goal.target >= 1:
                yield "cannot_be_broken", path, _promise(goal)
        elif (is_share and goal.target <= NEAR_NOTHING) or (not is_share and goal.target <= 1):
            yield "cannot_be_broken", path, _promise(goal)


def _without_room(document: Agreement) -> Doubtful:
    for path, goal in _goals(document):
        if goal.unit is Unit.SHARE and not goal.is_at_most and goal.target >= 1:
            yield "no_room", path, _promise(goal)
    if document.clocks.warn_at >= 1:
        yield "warned_too_late", ("clocks", "warn_at"), {}


def _more_than_sales_take(document: Agreement) -> Doubtful:
    a_day = sum(cap for cap in document.limits.capacity.values() if cap is not None)
    reps, days = len(document.parties.sales.rota), _working_days(document)
    for path, goal in _goals(document):
        if goal.metric not in LEADS:
            continue
        in_period = round(days * WEEKS[goal.per])
        capacity = reps * a_day * in_period
        if a_day and goal.target > capacity:
            values = {"capacity": capacity, "reps": reps, "a_day": a_day, "days": in_period}
            yield "more_than_capacity", path, {**_promise(goal), **values}
        if (most := _volume(document, goal.per, days)) is not None and goal.target > most:
            yield "more_than_volume", path, {**_promise(goal), "most": most}


def _volume(document: Agreement, per: Per, days: int) -> int | None:
    """Give the most leads that the caps let through in a period."""
    volume, weeks = document.limits.volume, WEEKS[per]
    caps = ((volume.day, days * weeks), (volume.week, weeks), (volume.month, weeks / WEEKS[Per.MONTH]))
    return min((round(most * times) for most, times in caps if most is not None), default=None)


def _longer_than_the_period(document: Agreement) -> Doubtful:
    day = WorkingTime(document.calendar.zone, document.calendar.week).day_seconds
    days = _working_days(document)
    for path, goal in _goals(document):
        kind = FORMS[goal.metric].clock
        spans = document.clocks.spans() if kind else {}
        for (of, tier), span in spans.items():
            period = days * WEEKS[goal.per]
            if of is kind and goal.tier in (tier, None) and span.seconds_in(day) > period * day:
                values = {"kind": kind, "of_tier": tier, "span": str(span), "days": round(period)}
                yield "longer_than_period", path, {**_promise(goal), **values}


def _far_from_seen(document: Agreement, seen: Seen) -> Doubtful:
    for path, goal in _goals(document):
        figure = seen.of(goal)
        if figure is None:
            continue
        # Above nothing is what would still be kept: less leads than promised, more refusals than allowed.
        room = figure - goal.target if not goal.is_at_most else goal.target - figure
        far = FAR if goal.unit is Unit.SHARE else (FAR_TIMES - 1) * min(figure, goal.target)
        if abs(room) > far:
            yield "far_above_seen" if room < 0 else "far_below_seen", path, {**_promise(goal), "seen": figure}


def _working_days(document: Agreement) -> int:
    """Count the days of a week on which there is work."""
    return sum(bool(hours) for hours in document.calendar.week.values())


def _goals(document: Agreement) -> Iterator[tuple[Path, Goal]]:
    for place, goal in enumerate(document.goals):
        yield ("goals", place), goal


def _promise(goal: Goal) -> dict[str, object]:
    return {
        "metric": goal.metric,
        "tier": goal.tier,
        "target": goal.target,
        "per": goal.per,
        "at_most": goal.is_at_most,
    }


LOOKS: tuple[Callable[[Agreement], Doubtful], ...] = (
    _never_broken,
    _without_room,
    _more_than_sales_take,
    _longer_than_the_period,
)
