"""Snooze a clock: it stands still for a while, with a reason, within what the agreement allows."""

from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.models import Clock
from bot.services import handoffs, ledger, notes, people, rights, work
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules.clock import Clock as RunningClock
from sla_rules.kinds import ActKind, ClockKind


def snooze(
    session: Session, agreed: Agreed, clock: Clock, *, user: str, until: datetime, reason: str, now: datetime
) -> None:
    """Let a clock stand still until an instant; its owner, or who covers, may do so."""
    rights.require(session, agreed, user, Act.SNOOZE, ClockKind(clock.kind).side)
    reason = notes.required(reason, "snooze_reason_missing", "reason")
    handoff = handoffs.by_id(session, agreed.workspace_id, clock.handoff_id)
    running = running_of(session, agreed, clock, now)
    if people.answers_for(session, agreed, clock.owner, now) != user:
        raise UserError("not_your_clock")
    if running.is_broken(ledger.epoch(now)):
        raise UserError("snooze_too_late", handoff=handoff.number)
    _check_limit(running, until, now)
    seq = ledger.next_seq(session, handoff)
    data = {"clock": running.kind.value, "until": ledger.epoch(until)}
    act = ledger.NewAct(ActKind.SNOOZED, user, now, sorted(running.waiting), data)
    ledger.record(session, agreed, handoff, [act], now)
    notes.keep(session, handoff, seq, reason)
    work.refresh_all(session, agreed, handoff, {clock.owner, user}, now)


def running_of(session: Session, agreed: Agreed, clock: Clock, now: datetime) -> RunningClock:
    """Give a clock as the rules see it. Raises UserError where nothing waits on it any more."""
    handoff = handoffs.by_id(session, agreed.workspace_id, clock.handoff_id)
    state = ledger.read(session, agreed, handoff, now)
    found = next((one for one in state.clocks if one.key == clock.key and one.waiting), None)
    if found is None:
        raise UserError("nothing_waits")
    return found


def latest(running: RunningClock, now: datetime) -> datetime:
    """Give until when a clock may be snoozed from now."""
    return running.terms.calendar.add(now, running.terms.snooze_at_most) or now


def _check_limit(running: RunningClock, until: datetime, now: datetime) -> None:
    terms = running.terms
    if running.snoozes >= terms.snooze_times:
        raise UserError("snoozed_enough", times=terms.snooze_times)
    if until <= now:
        raise UserError("snooze_in_past", field="until")
    if terms.calendar.elapsed(now, until) > terms.snooze_at_most:
        raise UserError("snooze_too_long", field="until", latest=latest(running, now))
