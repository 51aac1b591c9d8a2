"""What was broken and what is: open past its time now, and counted in a period."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, literal_column, select
from sqlmodel import Session

from bot.facts.breaches import BreachesFact, BrokenFact
from bot.facts.figures import DUTIES
from bot.models import Clock, Handoff, table_of
from bot.services import in_period, ladder, rights, tallies, turns
from bot.services.agreements import Agreed
from bot.services.rights import Act
from bot.services.tallies import Slice
from sla_rules.fold import EXCUSED, KEPT, LATE
from sla_rules.goals import Period
from sla_rules.kinds import ClockKind, Side, Tier

LISTED = 10
LONG_AGO = date(1, 1, 1)
Fates = Mapping[str, int]


def fact(session: Session, agreed: Agreed, user: str, within: Period, now: datetime) -> BreachesFact:
    """Say what is open past its time and what the period counts; of one that runs, whatever is still open."""
    until_on = in_period.so_far(agreed, within, now)
    asked = {
        "workspace_id": agreed.workspace_id,
        "agreement_id": agreed.id,
        "start_on": LONG_AGO if until_on else within.start_on,
        "end_on": within.end_on,
        "now": now,
    }
    kinds = {ClockKind(kind): n for kind, n in session.execute(_counting(), asked)}
    by_side = {side: sum(n for kind, n in kinds.items() if kind.side is side) for side in Side}
    sees_handoffs = rights.may(session, agreed, user, Act.EXPORT)
    rows: Sequence[Row[Any]] = session.execute(_listing(), asked).all() if sees_handoffs else ()
    return BreachesFact(
        agreement_id=agreed.id,
        name=agreed.document.name,
        overdue=[ladder.overdue(session, agreed, row, now, now) for row in rows],
        count=sum(kinds.values()),
        by_side=by_side,
        broken=[*_broken(session, agreed, within), *_duties(session, agreed, within)],
        period_label=within.label,
        until_on=until_on,
        sees_handoffs=sees_handoffs,
        now=now,
    )


def _broken(session: Session, agreed: Agreed, within: Period) -> Iterator[BrokenFact]:
    """Count each promise with a time by tier; what is of no tier, such as an answer, by itself."""
    every = Slice(within.start_on, within.end_on)
    by_tier = {tier: Slice(within.start_on, within.end_on, "tier", tier) for tier in Tier}
    sums = tallies.sums_of(session, agreed, (every, *by_tier.values()))
    for kind in ClockKind:
        left = Counter(_fates(sums[every], kind))
        for tier, part in by_tier.items():
            fates = _fates(sums[part], kind)
            left.subtract(fates)
            yield from _told(agreed, kind, tier, fates)
        yield from _told(agreed, kind, None, left)


def _fates(sums: Mapping[str, int], kind: ClockKind) -> Fates:
    return {fate: sums.get(f"{kind}.{fate}", 0) for fate in (KEPT, LATE, EXCUSED)}


def _told(agreed: Agreed, kind: ClockKind, tier: Tier | None, fates: Fates) -> Iterator[BrokenFact]:
    if any(fates.values()):
        yield BrokenFact(
            side=kind.side,
            kind=kind,
            tier=tier,
            late=fates[LATE],
            of=fates[KEPT] + fates[LATE],
            excused=fates[EXCUSED],
            clause=agreed.document.clause_of(f"clocks.{kind}") or "",
        )


def _duties(session: Session, agreed: Agreed, within: Period) -> Iterator[BrokenFact]:
    for made in turns.promise_facts(session, agreed, within.start_on, within.end_on):
        yield BrokenFact(made.side, DUTIES, None, made.of - made.n, made.of, 0, made.clause)


@cache
def _counting() -> Select[Any]:
    clocks, batches = table_of(Clock), table_of(Handoff)
    joined = clocks.join(batches, batches.c.id == clocks.c.handoff_id)
    overdue = _overdue(clocks.c, batches.c)
    return select(clocks.c.kind, func.count()).select_from(joined).where(*overdue).group_by(clocks.c.kind)


@cache
def _listing() -> Select[Any]:
    clocks, batches = table_of(Clock), table_of(Handoff)
    return (
        select(clocks, batches.c.number, batches.c.source)
        .join(batches, batches.c.id == clocks.c.handoff_id)
        .where(*_overdue(clocks.c, batches.c))
        .order_by(clocks.c.due_at, clocks.c.id)
        .limit(LISTED)
    )


def _overdue(clocks: Any, batches: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        clocks.workspace_id == bindparam("workspace_id"),
        clocks.agreement_id == bindparam("agreement_id"),
        clocks.waiting > literal_column("0"),  # as the partial index has it
        clocks.breaks_at <= bindparam("now"),
        batches.workspace_id == bindparam("workspace_id"),
        batches.day >= bindparam("start_on"),
        batches.day < bindparam("end_on"),
    )
