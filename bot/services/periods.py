"""Figures by period, and by source, campaign, tier or rep: read from the tallies, for tables and files."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from bot.models import Tally, table_of
from bot.services import figures, times
from bot.services.agreements import Agreed
from bot.services.tallies import COUNTED, Slice
from sla_rules import attainment, funnel
from sla_rules.goals import Period
from sla_rules.kinds import Metric, Per

DIMENSIONS = ("source", "campaign", "tier", "rep")
MEASURES = (*COUNTED, "conversion.n", "conversion.sum")
COLUMNS = (
    "period",
    "partial",
    *DIMENSIONS,
    "leads_delivered",
    "undecided",
    "accepted",
    "rejected",
    "sql",
    "won",
    "lost",
    "recycled",
    "acceptance_rate",
    "won_per_100",
    "conversion_time_mean_days",
    "conversion_time_median_days",
)

Row = dict[str, Any]


def table(
    session: Session,
    agreed: Agreed,
    *,
    per: Per,
    by: str | None = None,
    start_on: date | None = None,
    end_on: date | None = None,
) -> list[Row]:
    """List the figures of each period from `start_on` until before `end_on`, by default all that have leads.

    Without `by` every period is there, if only to say that it had no leads; with it, whatever delivered any.
    """
    first, last = _days(session, agreed)
    if first is None or last is None:
        return []
    start_on = start_on or figures.period(agreed, per, first).start_on
    end_on = end_on or figures.period(agreed, per, last).end_on
    sums = _sums(session, agreed, per, Slice(start_on, end_on, by or "all"))
    if by is None:
        sums = {
            (period, ""): sums.get((period, ""), Counter())
            for period in _periods(agreed, per, start_on, end_on)
        }
    return [
        _row(
            session,
            agreed,
            Slice(max(start_on, period.start_on), min(end_on, period.end_on), by or "all", value),
            period,
            found,
        )
        for (period, value), found in sorted(sums.items(), key=lambda item: (item[0][0].start_on, item[0][1]))
        if by is None or found["delivered"]
    ]


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


def _row(session: Session, agreed: Agreed, part: Slice, period: Period, sums: Mapping[str, int]) -> Row:
    median = times.percentile(session, agreed, part, "conversion", 0.5) if sums["conversion.n"] else None
    return {
        "period": period.label,
        "partial": (part.start_on, part.end_on) != (period.start_on, period.end_on),
        **{name: part.value if name == part.by else None for name in DIMENSIONS},
        "leads_delivered": sums["delivered"],
        "undecided": sums["undecided"],
        "accepted": sums["accepted"],
        "rejected": sums["rejected_quality"] + sums["rejected_neutral"],
        "sql": sums["sql"],
        "won": sums["won"],
        "lost": sums["lost"],
        "recycled": sums["recycled"],
        "acceptance_rate": _rounded(attainment.measure(Metric.ACCEPTANCE_RATE, sums).value, 4),
        "won_per_100": _rounded(attainment.measure(Metric.WON_PER_100, sums).value, 2),
        "conversion_time_mean_days": funnel.in_days(
            funnel.ratio(sums["conversion.sum"], sums["conversion.n"])
        ),
        "conversion_time_median_days": funnel.in_days(median),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
