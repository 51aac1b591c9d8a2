"""Which promises another text touches: a goal's target, the time of a clock, or the hours they count in."""

from collections.abc import Iterator
from dataclasses import dataclass

from sla_rules.agreement import Agreement
from sla_rules.attainment import IN_TIME
from sla_rules.kinds import ClockKind, Metric, Per, Tier
from sla_rules.promises import Goal


@dataclass(frozen=True, slots=True)
class Touched:
    """A promise that a change of the text touches: its goal and its clock's target, before and after."""

    metric: Metric
    tier: Tier | None
    clause: str
    goal_was: Goal | None
    goal_meant: Goal | None
    span_was: str = ""
    span_meant: str = ""

    @property
    def clock(self) -> ClockKind | None:
        return IN_TIME.get(self.metric)


def touched_by(old: Agreement, new: Agreement) -> list[Touched]:
    """List the promises that differ, by goal or by clock; where the calendar does, all that have a time."""
    found = {(one.metric, one.tier): one for one in _by_clock(old, new)}
    for metric, tier in dict.fromkeys((goal.metric, goal.tier) for goal in (*new.goals, *old.goals)):
        was, would = _goal(old, metric, tier), _goal(new, metric, tier)
        is_anew = metric in IN_TIME and old.calendar != new.calendar
        if (metric, tier) not in found and (is_anew or _target(was) != _target(would)):
            clause = _clause_of_goal(new, would) or _clause_of_goal(old, was)
            found[metric, tier] = Touched(metric, tier, clause, was, would)
    return list(found.values())


def _by_clock(old: Agreement, new: Agreement) -> Iterator[Touched]:
    for metric, kind in IN_TIME.items():
        for tier in (None,) if kind is ClockKind.ANSWER else Tier:
            was, would = (text.target_text(kind, tier or Tier.A) or "" for text in (old, new))
            counts_from = [tier in text.clocks.from_arrival for text in (old, new)]
            if was != would or (kind is ClockKind.FIRST_TOUCH and counts_from[0] != counts_from[1]):
                clause = new.clause_of(f"clocks.{kind}") or ""
                yield Touched(
                    metric,
                    tier,
                    clause,
                    _goal(old, metric, tier, None),
                    _goal(new, metric, tier, None),
                    was,
                    would,
                )


def _goal(document: Agreement, metric: Metric, *tiers: Tier | None) -> Goal | None:
    """Find the goal of a metric for the first of these tiers that has one; None is for all."""
    found = {goal.tier: goal for goal in reversed(document.goals) if goal.metric is metric}
    return next((found[tier] for tier in tiers if tier in found), None)


def _target(goal: Goal | None) -> tuple[float, Per] | None:
    return None if goal is None else (goal.target, goal.per)


def _clause_of_goal(document: Agreement, goal: Goal | None) -> str:
    return "" if goal is None else document.clause_of(f"goals.{document.goals.index(goal)}") or ""
