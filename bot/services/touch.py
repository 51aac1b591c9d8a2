"""Report the first contact with leads, now or for earlier."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.models import Handoff
from bot.services import ledger, people, work
from bot.services.agreements import Agreed
from sla_rules.kinds import ActKind, LeadState, Side


def touch(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    *,
    user: str,
    now: datetime,
    numbers: Sequence[int] = (),
    at: datetime | None = None,
) -> list[int]:
    """Touch the named leads, or all of one's own that are untouched; a touch implies acceptance."""
    people.may_act(session, agreed, user, Side.SALES)
    touched_at = _checked(agreed, handoff, at, now)
    state = ledger.read(session, agreed, handoff, now)
    mine = [lead.n for lead in state.leads.values() if lead.state is LeadState.TAKEN and lead.owner == user]
    workable = {lead.n for lead in state.leads.values() if lead.state in (LeadState.TAKEN, LeadState.OPEN)}
    if missing := sorted(set(numbers) - workable):
        raise UserError("nothing_to_touch_in", field="numbers", numbers=missing, handoff=handoff.number)
    chosen = sorted(set(numbers)) or mine
    if not chosen:
        raise UserError("nothing_to_touch", handoff=handoff.number)
    data = {"reported": True} if at is not None else {}
    ledger.record(session, agreed, handoff, [ledger.NewAct(ActKind.TOUCHED, user, touched_at, chosen, data)], now)
    work.refresh_all(session, agreed, handoff, {user, *(state.leads[n].owner or user for n in chosen)}, now)
    return chosen


def _checked(agreed: Agreed, handoff: Handoff, at: datetime | None, now: datetime) -> datetime:
    """A touch may be reported for up to one working day back, after the handover and not for the future."""
    if at is None:
        return now
    if at > now:
        raise UserError("touch_in_future", field="at")
    if agreed.calendar.elapsed(at, now) > agreed.calendar.day_seconds:
        raise UserError("touch_too_long_ago", field="at")
    return max(at, handoff.handed_over_at)
