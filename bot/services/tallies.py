"""Read the tallies: sums over days, at a cost that does not grow with what is stored."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlmodel import Session

from bot.models import Tally, table_of
from bot.services.agreements import Agreed
from bot.services.known import known
from sla_rules.fold import EXCUSED, KEPT, LATE
from sla_rules.kinds import ClockKind

COUNTED = (
    "delivered",
    "undecided",
    "accepted",
    "rejected_quality",
    "rejected_neutral",
    "sql",
    "won",
    "lost",
    "recycled",
    "amount",
    *(f"{kind}.{fate}" for kind in ClockKind for fate in (KEPT, LATE, EXCUSED)),
)


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of the tallies that is asked for: days from `start_on` until before `end_on`, by what."""

    start_on: date
    end_on: date
    by: str = "all"
    value: str = ""


def sums(
    session: Session, agreed: Agreed, part: Slice, measures: tuple[str, ...] = COUNTED
) -> Mapping[str, int]:
    """Add up measures over days."""
    return sums_of(session, agreed, (part,), measures)[part]


def sums_of(
    session: Session, agreed: Agreed, parts: tuple[Slice, ...], measures: tuple[str, ...] = COUNTED
) -> Mapping[Slice, Mapping[str, int]]:
    """Add up measures over the same days for several parts, in one read."""
    if not parts:
        return {}

    def read() -> Mapping[Slice, Mapping[str, int]]:
        return _sums_of(session, agreed, parts, measures)

    return known(session, agreed.mark, (parts, measures), read)


def _sums_of(
    session: Session, agreed: Agreed, parts: tuple[Slice, ...], measures: tuple[str, ...]
) -> Mapping[Slice, Mapping[str, int]]:
    start_on, end_on = parts[0].start_on, parts[0].end_on
    asked = {
        "workspace_id": agreed.workspace_id,
        "agreement_id": agreed.id,
        "start_on": start_on,
        "end_on": end_on,
        "bys": list({part.by for part in parts}),
        "values": list({part.value for part in parts}),
        "measures": measures,
    }
    found: dict[Slice, Counter[str]] = {part: Counter() for part in parts}
    for by, value, measure, n in session.execute(_summing(), asked):
        if n and (part := Slice(start_on, end_on, by, value)) in found:
            found[part][measure] = n
    return found


@cache
def _summing() -> Select[Any]:
    tallies = table_of(Tally).c
    return (
        select(tallies.by, tallies.value, tallies.measure, func.sum(tallies.n))
        .where(
            tallies.workspace_id == bindparam("workspace_id"),
            tallies.agreement_id == bindparam("agreement_id"),
            tallies.by.in_(bindparam("bys", expanding=True)),
            tallies.value.in_(bindparam("values", expanding=True)),
            tallies.measure.in_(bindparam("measures", expanding=True)),
            tallies.day >= bindparam("start_on"),
            tallies.day < bindparam("end_on"),
        )
        .group_by(tallies.by, tallies.value, tallies.measure)
    )


def reasons(session: Session, agreed: Agreed, part: Slice) -> Mapping[str, int]:
    """Count the leads refused by reason."""
    tallies = table_of(Tally)
    rows = session.execute(
        select(tallies.c.measure, func.sum(tallies.c.n))
        .where(*_within(agreed, part), tallies.c.measure >= "reason.", tallies.c.measure < "reason/")
        .group_by(tallies.c.measure)
    )
    return {measure.removeprefix("reason."): n for measure, n in rows if n}


def values_of(session: Session, agreed: Agreed, by: str, start_on: date, end_on: date) -> list[str]:
    """List the sources (campaigns, reps, …) that delivered leads in these days."""
    tallies = table_of(Tally)
    rows = session.scalars(
        select(tallies.c.value)
        .where(
            tallies.c.workspace_id == agreed.workspace_id,
            tallies.c.agreement_id == agreed.id,
            tallies.c.by == by,
            tallies.c.measure == "delivered",
            tallies.c.day >= start_on,
            tallies.c.day < end_on,
            tallies.c.n > 0,
        )
        .distinct()
    )
    return sorted(rows)


def _within(agreed: Agreed, part: Slice) -> tuple[ColumnElement[bool], ...]:
    tallies = table_of(Tally)
    return (
        tallies.c.workspace_id == agreed.workspace_id,
        tallies.c.agreement_id == agreed.id,
        tallies.c.by == part.by,
        tallies.c.value == part.value,
        tallies.c.day >= part.start_on,
        tallies.c.day < part.end_on,
    )
