"""Why a clock stands as it stands: its clause, its version, its arithmetic and the events it rests on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypedDict

from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.facts.clocks import AppealFact, PauseFact, WhyClockFact, WhyFact
from bot.models import Clock, Handoff
from bot.services import agreements, clocks, handoffs, ledger, notes, own, spent
from bot.services.agreements import Agreed
from sla_rules import fold, ladder
from sla_rules.clock import Clock as RunningClock
from sla_rules.kinds import ActKind, ClockKind, ClockState, Tier
from sla_rules.ladder import Rung
from sla_rules.terms import Terms

EVENTS_SHOWN = 12
SNOOZED = "snoozed"
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
    acts = ledger.acts_of(session, handoff)
    said = _said(session, handoff)
    return WhyFact(
        number=handoff.number,
        # Each by the text under which it started.
        clocks=[
            replace(_explained(text, row, clock, handoff, now), pauses=_pauses(clock, acts, said))
            for row in rows
            if (clock := by_key.get(row.key)) is not None
            for text in [agreements.as_of(session, agreed, row.version)]
        ],
        events=_events(acts),
        state=handoff.state,
        is_trial=handoff.is_trial,
        is_imported=handoff.is_imported,
        agreement_id=agreed.id,
        reasons=_reasons(agreed, state),
        spent=_spent(state),
        excused=_excused(state),
    )


def _excused(state: fold.Handoff) -> list[tuple[ClockKind, int]]:
    counts = Counter(kind for kind, n in state.excused if (kind, n) in fold.fates(state))
    return [(kind, counts[kind]) for kind in ClockKind if counts[kind]]


def _said(session: Session, handoff: Handoff) -> Mapping[int, str]:
    """Read the words beside questions and snoozes, by the number of the act."""
    place = (session, handoff.workspace_id, handoff.id or 0)
    return {**notes.of(*place), **notes.of(*place, "question")}


def _pauses(clock: RunningClock, acts: Sequence[fold.Act], said: Mapping[int, str]) -> list[PauseFact]:
    """Say by whom and why a clock stood still."""
    by_span = {(act.at, act.data["until"]): act for act in acts if act.kind is ActKind.SNOOZED}
    by_start = {act.at: act for act in acts if act.kind is ActKind.ASKED}
    return [
        PauseFact(
            kind=act.kind if act else "posting",
            by=(act.actor if act else None) or "",
            from_at=datetime.fromtimestamp(since, UTC),
            until_at=ledger.instant(until),
            reason=said.get(act.seq, "") if act else "",
        )
        for since, until in clock.pauses
        for act in [by_span.get((since, until)) or by_start.get(since)]
    ]


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
    row = own.find(session, Clock, workspace_id, clock_id)
    if row is None:
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
        excused=found.excused,
    )


def _spent(state: fold.Handoff) -> list[tuple[str, int]]:
    total: Counter[str] = Counter()
    for lead in state.leads.values():
        total.update(lead.spent)
    return spent.a_lead(total, len(state.leads))


def _explained(
    agreed: Agreed, row: Clock, clock: RunningClock, handoff: Handoff, now: datetime
) -> WhyClockFact:
    until = ledger.epoch(now)
    kind = ClockKind(row.kind)
    tier = Tier(row.tier) if row.tier else Tier.A
    return WhyClockFact(
        clock=clocks.fact(agreed, row, handoff.number, handoff.source, "", now),
        state=_state(clock, until),
        version=row.version,
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


def _state(clock: RunningClock, until: int) -> str:
    """Name its state; a snoozed clock runs on by itself, and stands still until then."""
    state = clock.state(until)
    return SNOOZED if state is ClockState.RUNNING and (clock.snoozed_until or 0) > until else state


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
        if row.look_at and agreed.row.state != "ended"
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


def _events(acts: Sequence[fold.Act]) -> list[tuple[datetime, str, str | None, int]]:
    return [
        (at, act.kind.value, act.actor, len(act.leads))
        for act in acts[-EVENTS_SHOWN:]
        if (at := ledger.instant(act.at)) is not None
    ]
