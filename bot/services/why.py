"""Why a clock stands as it stands: its clause, its version, its arithmetic and the events it rests on."""

from collections import Counter
from datetime import datetime
from typing import TypedDict

from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.facts import AppealFact, WhyClockFact, WhyFact
from bot.models import Clock, Handoff
from bot.services import agreements, clocks, handoffs, ledger
from bot.services.agreements import Agreed
from sla_rules import fold, ladder
from sla_rules.clock import Clock as RunningClock
from sla_rules.kinds import ClockKind, Tier
from sla_rules.ladder import Rung
from sla_rules.terms import Terms

EVENTS_SHOWN = 12
CLAUSES = {
    Rung.WARNED: "clocks.warn_at",
    Rung.BREACHED: "consequences.dm",
    Rung.THREAD: "consequences.thread_after",
    Rung.MANAGER: "consequences.manager_at",
}
"""Which clause of the text each rung of the ladder rests on."""


class _Climbed(TypedDict, total=False):
    rung: tuple[str, str]
    next_rung: tuple[str, str, datetime | None]
    observed_clause: str


def of_handoff(session: Session, agreed: Agreed, handoff: Handoff, now: datetime) -> WhyFact:
    """Explain every clock of a handoff."""
    state = ledger.read(session, agreed, handoff, now)
    rows = session.scalars(
        select(Clock)
        .where(col(Clock.workspace_id) == agreed.workspace_id, col(Clock.handoff_id) == handoff.id)
        .order_by(col(Clock.started_at), col(Clock.id))
    )
    by_key = {clock.key: clock for clock in state.clocks}
    return WhyFact(
        number=handoff.number,
        # Each by the text under which it started.
        clocks=[
            _explained(agreements.as_of(session, agreed, row.version), row, by_key[row.key], handoff, now)
            for row in rows
            if row.key in by_key
        ],
        events=_events(session, handoff),
        state=handoff.state,
        is_trial=handoff.is_trial,
        is_imported=handoff.is_imported,
        agreement_id=agreed.id,
        reasons=_reasons(agreed, state),
        spent=_spent(state),
    )


def _reasons(agreed: Agreed, state: fold.Handoff) -> list[AppealFact]:
    """Count rejections by reason, each with the definition to which it appeals."""
    document = agreed.document
    counts = Counter(lead.reason for lead in state.leads.values() if lead.reason and lead.rejection)
    return [
        AppealFact(
            label=reason.label,
            n=n,
            clause=document.clause_of(f"rejection_reasons.{key}") or "",
            version=agreed.row.version,
            appeals_to=reason.appeals_to or "",
            words=document.definitions.words(reason.appeals_to) if reason.appeals_to else "",
        )
        for key, n in counts.most_common()
        if key and (reason := document.rejection_reasons.get(key))
    ]


def of_clock(session: Session, workspace_id: int, clock_id: int, now: datetime) -> WhyFact:
    """Explain one clock."""
    row = session.get(Clock, clock_id)
    if row is None or row.workspace_id != workspace_id:
        raise UserError("no_such_clock")
    agreed = agreements.by_id(session, workspace_id, row.agreement_id)
    handoff = handoffs.by_id(session, workspace_id, row.handoff_id)
    found = of_handoff(session, agreed, handoff, now)
    return WhyFact(
        number=found.number,
        clocks=[explained for explained in found.clocks if explained.clock.clock_id == clock_id],
        events=found.events,
        state=found.state,
        is_trial=found.is_trial,
        is_imported=found.is_imported,
        agreement_id=found.agreement_id,
        spent=found.spent,
    )


def _spent(state: fold.Handoff) -> list[tuple[str, int]]:
    total: Counter[str] = Counter()
    for lead in state.leads.values():
        total.update(lead.spent)
    return [(part, round(total[part] / len(state.leads))) for part in fold.SPENT if total[part]]


def _explained(
    agreed: Agreed, row: Clock, clock: RunningClock, handoff: Handoff, now: datetime
) -> WhyClockFact:
    until = ledger.epoch(now)
    kind = ClockKind(row.kind)
    tier = Tier(row.tier) if row.tier else Tier.A
    return WhyClockFact(
        clock=clocks.fact(agreed, row, handoff.number, handoff.source, "", now),
        state=clock.state(until),
        version=row.version,
        clause_text=f"clocks.{kind}.{tier}",
        target=agreed.document.target_text(kind, tier) or "",
        started_at=row.started_at,
        elapsed_s=clock.elapsed(until),
        target_s=clock.target,
        paused_s=_paused(clock, until),
        kept=row.kept,
        late=row.late,
        hours=hours_text(agreed),
        zone=agreed.document.calendar.zone,
        **_climbed(agreed, row, clock.terms, now),
    )


def _climbed(agreed: Agreed, row: Clock, terms: Terms, now: datetime) -> _Climbed:
    """Say which rung of the ladder was told last, and which follows when."""
    clause = agreed.document.clause_of
    if row.waiting and ladder.is_observed(terms, min(row.breaks_at or now, now)):
        return _Climbed(observed_clause=clause("cadence.observe_until") or "")
    rung, tier = Rung(row.rung), Tier(row.tier) if row.tier else None
    following = Rung.WARNED if rung is Rung.NONE else ladder.next_rung(rung, terms, tier)
    return _Climbed(
        rung=(rung, clause(CLAUSES[rung]) or "") if rung else ("", ""),
        next_rung=(following, clause(CLAUSES[following]) or "", row.look_at)
        if row.look_at
        else ("", "", None),
    )


def _paused(clock: RunningClock, until: int) -> int:
    """Give the working seconds that pauses took out."""
    return clock.terms.calendar.elapsed(clock.started_at, until) - clock.elapsed(until)


def hours_text(agreed: Agreed) -> str:
    """Write the agreement's hours as the text has them."""
    hours = agreed.document.calendar.hours
    return ", ".join(
        f"{days[0]}-{days[-1]} {' '.join('-'.join(span) for span in spans)}"
        for days, spans in hours.items()
        if spans
    )


def _events(session: Session, handoff: Handoff) -> list[tuple[datetime, str, str | None, int]]:
    acts: list[fold.Act] = ledger.acts_of(session, handoff)[-EVENTS_SHOWN:]
    return [
        (at, act.kind.value, act.actor, len(act.leads))
        for act in acts
        if (at := ledger.instant(act.at)) is not None
    ]
