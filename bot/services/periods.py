"""Figures by period, and by source, campaign, tier, rep or party, from the tallies: for tables and files."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from bot.facts.figures import PromiseFact
from bot.models import Tally, table_of
from bot.services import figures, times
from bot.services.agreements import Agreed
from bot.services.tallies import COUNTED, Slice
from sla_rules import attainment, funnel
from sla_rules.fold import EXCUSED
from sla_rules.goals import Period
from sla_rules.kinds import ClockKind, Metric, Per, Side
from sla_rules.promises import FORMS

DIMENSIONS = ("source", "campaign", "tier", "rep")
BY = (*DIMENSIONS, "party")
MEASURES = (*COUNTED, *(f"{span}.{part}" for span in funnel.SPANS for part in ("n", "sum")))
NUMBERS = ("undecided", "accepted", "rejected_quality", "rejected_neutral", "sql", "won", "lost", "recycled")
DIGITS = {Metric.WON_PER_100: 2}
WORKING, CALENDAR = ("take", "touch"), ("conversion", "cycle")
NAMES = {
    "take": "time_to_take",
    "touch": "time_to_touch",
    "conversion": "conversion_time",
    "cycle": "sales_cycle",
}
COLUMNS = (
    "period",
    "partial",
    *BY,
    *Metric,
    "rejected",
    *NUMBERS,
    "excused",
    *(f"{NAMES[span]}_{which}_s" for span in WORKING for which in ("median", "p90")),
    *(f"{NAMES[span]}_{which}_days" for span in CALENDAR for which in ("mean", "median", "p90")),
    "promises_kept",
    "promises_made",
)

Row = dict[str, Any]


def table(
    session: Session,
    agreed: Agreed,
    *,
    per: Per,
    now: datetime,
    by: str | None = None,
    start_on: date | None = None,
    end_on: date | None = None,
) -> list[Row]:
    """List the figures of each period from `start_on` until before `end_on`, by default all that have leads.

    Without `by` every period is there, if only to say that it had no leads; so is each party. By anything
    else, whatever was counted. Times to take and to touch are working seconds, the others days of 24 hours.
    """
    first, last = _days(session, agreed)
    if first is None or last is None:
        return []
    start_on = start_on or figures.period(agreed, per, first).start_on
    end_on = end_on or figures.period(agreed, per, last).end_on
    dimension, today = by if by in DIMENSIONS else "all", agreed.today(now)
    sums = _sums(session, agreed, per, Slice(start_on, end_on, dimension))
    if dimension == "all":
        sums = {
            (period, ""): sums.get((period, ""), Counter())
            for period in _periods(agreed, per, start_on, end_on)
        }
    rows = []
    for (period, value), found in sorted(sums.items(), key=lambda item: (item[0][0].start_on, item[0][1])):
        part = Slice(max(start_on, period.start_on), min(end_on, period.end_on), dimension, value)
        row = _row(session, agreed, part, period, found) | {"partial": _is_partial(part, period, today)}
        if dimension == "all":
            promises = _promises(session, agreed, part, period, now)
            rows += [_of_party(row, side, promises) for side in (Side if by else (None,))]
        elif any(found.values()):
            rows.append(row)
    return rows


def _days(session: Session, agreed: Agreed) -> tuple[date | None, date | None]:
    """Find the first and the last day that have leads."""
    tallies = table_of(Tally)
    row = session.execute(
        select(func.min(tallies.c.day), func.max(tallies.c.day)).where(
            tallies.c.workspace_id == agreed.workspace_id,
            tallies.c.agreement_id == agreed.id,
            tallies.c.by == "all",
            tallies.c.measure == "delivered",
            tallies.c.n > 0,
        )
    ).one()
    return row[0], row[1]


def _periods(agreed: Agreed, per: Per, start_on: date, end_on: date) -> list[Period]:
    found = []
    while start_on < end_on:
        found.append(figures.period(agreed, per, start_on))
        start_on = found[-1].end_on
    return found


def _sums(session: Session, agreed: Agreed, per: Per, part: Slice) -> dict[tuple[Period, str], Counter[str]]:
    """Add up the days of each period, by value."""
    tallies = table_of(Tally)
    rows = session.execute(
        select(tallies.c.day, tallies.c.value, tallies.c.measure, tallies.c.n).where(
            tallies.c.workspace_id == agreed.workspace_id,
            tallies.c.agreement_id == agreed.id,
            tallies.c.by == part.by,
            tallies.c.measure.in_(MEASURES),
            tallies.c.day >= part.start_on,
            tallies.c.day < part.end_on,
        )
    )
    periods: dict[date, Period] = {}
    sums: dict[tuple[Period, str], Counter[str]] = defaultdict(Counter)
    for day, value, measure, n in rows:
        if day not in periods:
            periods[day] = figures.period(agreed, per, day)
        sums[periods[day], value][measure] += n
    return sums


def _is_partial(part: Slice, period: Period, today: date) -> bool:
    """Say whether days of the period are not asked for, or still to come."""
    return (part.start_on, part.end_on) != (period.start_on, period.end_on) or today < period.end_on


def _row(session: Session, agreed: Agreed, part: Slice, period: Period, sums: Mapping[str, int]) -> Row:
    row: Row = dict.fromkeys(COLUMNS)
    row |= {"period": period.label}
    row |= {part.by: part.value} if part.by in DIMENSIONS else {}
    row |= {
        metric: _rounded(attainment.measure(metric, sums).value, DIGITS.get(metric, 4)) for metric in Metric
    }
    row |= {name: sums.get(name, 0) for name in NUMBERS}
    row["rejected"] = row["rejected_quality"] + row["rejected_neutral"]
    row["excused"] = sum(sums.get(f"{kind}.{EXCUSED}", 0) for kind in ClockKind)
    return row | _times(session, agreed, part, sums)


def _times(session: Session, agreed: Agreed, part: Slice, sums: Mapping[str, int]) -> Row:
    row: Row = {}
    for span, name in NAMES.items():
        count, total = sums.get(f"{span}.n", 0), sums.get(f"{span}.sum", 0)
        median, ninetieth = (
            times.percentiles(session, agreed, part, span, (0.5, 0.9)) if count else (None, None)
        )
        if span in WORKING:
            row |= {f"{name}_median_s": _rounded(median, 0), f"{name}_p90_s": _rounded(ninetieth, 0)}
            continue
        row[f"{name}_mean_days"] = funnel.in_days(funnel.ratio(total, count))
        row[f"{name}_median_days"] = funnel.in_days(median)
        row[f"{name}_p90_days"] = funnel.in_days(ninetieth)
    return row


# ---- by party


def _promises(
    session: Session, agreed: Agreed, part: Slice, period: Period, now: datetime
) -> list[PromiseFact]:
    """List what was promised for these days; what is promised for the whole period, only of the whole one."""
    found = list(figures.promise_facts(session, agreed, part.start_on, part.end_on))
    if agreed.history and (part.start_on, part.end_on) == (period.start_on, period.end_on):
        goals = figures.goal_facts(session, agreed, now, period.start_on)
        found += [figures.as_promise(goal) for goal in goals if goal.label == period.label]
    return found


def _of_party(row: Row, side: Side | None, promises: list[PromiseFact]) -> Row:
    """Say how many promises were kept; of one party, only figures that it answers for, or both do."""
    made = [one for one in promises if one.is_kept is not None and side in (None, one.side)]
    told = {
        "party": side,
        "promises_kept": sum(bool(one.is_kept) for one in made),
        "promises_made": len(made),
    }
    others = [metric for metric in Metric if side and FORMS[metric].side not in (None, side)]
    return row | told | dict.fromkeys(others)


def _rounded(value: float | None, digits: int) -> float | None:
    return value if value is None or isinstance(value, int) else round(value, digits or None)
