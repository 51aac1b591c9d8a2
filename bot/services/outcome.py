"""Record what became of leads: SQL, won, lost or recycled."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.models import Handoff, Lead
from bot.services import ledger, rights, work
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules.kinds import ActKind, LeadState, Outcome

MOST_AMOUNT = 10**11
WORKED = (LeadState.TAKEN, LeadState.TOUCHED)


def outcome(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    *,
    user: str,
    result: Outcome,
    numbers: Sequence[int] = (),
    now: datetime,
    at: datetime | None = None,
    amount: int | None = None,
) -> list[int]:
    """Record an outcome of the named leads, or of all that one works; it implies a touch.

    `amount` is of each won lead, in hundredths.
    """
    rights.require(session, agreed, user, Act.OUTCOME)
    if at is not None and not handoff.handed_over_at <= at <= now:
        raise UserError("outcome_time_unclear", field="at")
    if amount is not None and (result is not Outcome.WON or not 0 <= amount <= MOST_AMOUNT):
        raise UserError("amount_only_for_won", field="amount")
    state = ledger.read(session, agreed, handoff, now)
    barred = (LeadState.REJECTED, LeadState.HELD)
    open_to_me = {
        lead.n for lead in state.leads.values() if lead.state not in barred and lead.owner in (user, None)
    }
    worked = [lead.n for lead in state.leads.values() if lead.state in WORKED and lead.owner == user]
    chosen = sorted(set(numbers)) or worked
    missing = sorted(set(chosen) - open_to_me)
    if missing or not chosen:
        raise UserError("not_yours_to_close", field="numbers", numbers=missing, handoff=handoff.number)
    data = {"outcome": result.value, **({"amount": amount} if amount is not None else {})}
    act = ledger.NewAct(ActKind.OUTCOME, user, at or now, chosen, data)
    ledger.record(session, agreed, handoff, [act], now)
    work.refresh(session, agreed, handoff, user, now)
    return chosen


def count_mine(session: Session, handoff: Handoff, user: str) -> int:
    """Count the leads of a handoff that somebody works."""
    query = select(func.count()).select_from(Lead)
    here = (col(Lead.workspace_id) == handoff.workspace_id) & (col(Lead.handoff_id) == handoff.id)
    return session.scalar(query.where(here, col(Lead.owner) == user, col(Lead.state).in_(WORKED))) or 0
