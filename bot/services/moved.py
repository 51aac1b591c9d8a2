"""What digests told of past weeks, and what of it is no longer so."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.facts.figures import MOVED_SHOWN, WON, MovedFact, MovedMetric
from bot.models import Event, Handoff, Notice
from bot.services import notices
from bot.services.agreements import Agreed
from bot.services.weeks import Stood, Week
from sla_rules.attainment import AT_MOST, IN_TIME
from sla_rules.kinds import ActKind, Metric, Outcome

KIND = "digest"
ONE_DAY = timedelta(days=1)
OF_QUALITY = frozenset({Metric.QUALIFIED_LEADS, Metric.QUALITY_REFUSALS, Metric.ACCEPTANCE_RATE})
OF_OUTCOMES: Mapping[Outcome, Collection[str]] = {
    Outcome.WON: (WON, Metric.WON_PER_100, Metric.PIPELINE),
    Outcome.SQL: (Metric.SQL_RATE,),
}
SAID = {
    ActKind.SETTLED: "dispute",
    ActKind.EXCUSED: "excused",
    ActKind.VOIDED: "voided",
    ActKind.CORRECTED: "corrected",
    ActKind.UNDONE: "undone",
    ActKind.OUTCOME: "outcome",
}
"""Acts that change what was told, the most telling first."""

Key = tuple[str, str, str, str]
"""(first day of the week, what, tier, side)"""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as it was last told."""

    value: float | None
    is_kept: bool | None
    at: datetime


def to_keep(week: Week, found: Sequence[MovedFact], weeks: Sequence[Week]) -> list[list[Any]]:
    """Give what a digest tells, as it is kept with its notice: its own week, and what moved."""
    moved_in = {one.start_on for one in found}
    told = [week, *(one for one in weeks if one.period.start_on in moved_in)]
    return [[*_key(one, figure), figure.value, figure.is_kept] for one in told for figure in one.figures]


def since_told(session: Session, agreed: Agreed, weeks: Sequence[Week]) -> list[MovedFact]:
    """List what moved since it was last told, the most important first; causes only of what is shown."""
    told = _told(session, agreed, weeks[0].period.start_on)
    found = [
        (before, _fact(week, figure, before))
        for week in weeks
        for figure in week.figures
        if (before := told.get(_key(week, figure))) is not None and _has_moved(before, figure)
    ]
    found.sort(key=lambda one: _weight(one[1]), reverse=True)
    return [
        _with_cause(session, agreed, fact, before.at) if n < MOVED_SHOWN else fact
        for n, (before, fact) in enumerate(found)
    ]


def _told(session: Session, agreed: Agreed, since_on: date) -> Mapping[Key, Told]:
    """Read what the digests of these weeks told; what was told last counts."""
    prefix = f"{KIND}:{agreed.id}:"
    rows = session.execute(
        select(col(Notice.about), col(Notice.created_at))
        .where(
            col(Notice.workspace_id) == agreed.workspace_id,
            col(Notice.key) >= f"{prefix}{since_on}",
            col(Notice.key) < f"{prefix};",  # digits are below it: a range of the index on keys
            col(Notice.kind) == KIND,
            col(Notice.state).not_in(notices.OVER),
        )
        .order_by(col(Notice.created_at), col(Notice.id))
    )
    return {
        (week, what, tier, side): Told(value, is_kept, at)
        for about, at in rows
        for week, what, tier, side, value, is_kept in about.get("told", ())
    }


def _key(week: Week, figure: Stood) -> Key:
    return (week.period.start_on.isoformat(), figure.what, figure.tier or "", figure.side)


def _has_moved(before: Told, figure: Stood) -> bool:
    """Say whether a figure reads otherwise than it was told: in whole percents, or in its verdict."""
    return (_read(before.value), before.is_kept) != (_read(figure.value), figure.is_kept)


def _read(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _fact(week: Week, figure: Stood, before: Told) -> MovedFact:
    return MovedFact(
        start_on=week.period.start_on,
        end_on=week.period.end_on - ONE_DAY,
        what=figure.what,
        tier=figure.tier,
        target=figure.target,
        at_most=figure.what in AT_MOST,
        was=before.value,
        value=figure.value,
        was_kept=before.is_kept,
        is_kept=figure.is_kept,
    )


def _weight(fact: MovedFact) -> tuple[int, float, date]:
    """Weigh what moved: a verdict turned round, a first verdict, then by how much, in parts of the target."""
    turned = fact.was_kept != fact.is_kept
    rank = 3 if turned and fact.was_kept is not None else 2 if turned else 1 if fact.target else 0
    size = abs((fact.value or 0) - (fact.was or 0)) / (fact.target or fact.was or 1)
    return rank, size, fact.start_on


# ---- why


def _with_cause(session: Session, agreed: Agreed, fact: MovedFact, told_at: datetime) -> MovedFact:
    """Name the most telling acts since then that may have moved it."""
    acts: dict[ActKind, dict[int, None]] = {}
    for kind, data, number in _acts(session, agreed, fact, told_at):
        if _moves(ActKind(kind), data, fact.what):
            acts.setdefault(ActKind(kind), {})[number] = None
    first = next((kind for kind in SAID if kind in acts), None)
    return fact if first is None else replace(fact, cause=SAID[first], numbers=tuple(acts[first]))


def _acts(
    session: Session, agreed: Agreed, fact: MovedFact, told_at: datetime
) -> Iterator[tuple[str, Mapping[str, Any], int]]:
    rows = session.execute(
        select(col(Event.kind), col(Event.data), col(Handoff.number))
        .join(Handoff, col(Handoff.id) == col(Event.handoff_id))
        .where(
            col(Event.workspace_id) == agreed.workspace_id,
            col(Handoff.workspace_id) == agreed.workspace_id,
            col(Handoff.agreement_id) == agreed.id,
            col(Handoff.day) >= fact.start_on,
            col(Handoff.day) <= fact.end_on,
            col(Event.recorded_at) > told_at,
            col(Event.kind).in_(list(SAID)),
        )
        .order_by(col(Event.id))
    )
    return ((row[0], row[1], row[2]) for row in rows)


def _moves(kind: ActKind, data: Mapping[str, Any], what: MovedMetric) -> bool:
    """Say whether an act may move a figure."""
    by_kind: Mapping[ActKind, Collection[str]] = {
        ActKind.SETTLED: () if data.get("upheld") else OF_QUALITY,
        ActKind.EXCUSED: [metric for metric, clock in IN_TIME.items() if clock == data.get("clock")],
        ActKind.OUTCOME: (Metric.OUTCOME_IN_TIME, *OF_OUTCOMES.get(data.get("outcome", ""), ())),
    }
    return what in by_kind.get(kind, (what,))
