"""Record what became of leads: SQL, won, lost or recycled."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.models import Handoff
from bot.services import ledger, people, work
from bot.services.agreements import Agreed
from sla_rules.kinds import ActKind, LeadState, Outcome, Side

MOST_AMOUNT = 10**11


def outcome(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    *,
    user: str,
    result: Outcome,
    numbers: Sequence[int],
    now: datetime,
    at: datetime | None = None,
    amount: int | None = None,
) -> list[int]:
    """Record an outcome of the named leads; `amount` of a won lead in hundredths. It implies a touch."""
    people.may_act(session, agreed, user, Side.SALES)
    if at is not None and not handoff.handed_over_at <= at <= now:
        raise UserError("outcome_time_unclear", field="at")
    if amount is not None and (result is not Outcome.WON or not 0 <= amount <= MOST_AMOUNT):
        raise UserError("amount_only_for_won", field="amount")
    state = ledger.read(session, agreed, handoff, now)
    barred = (LeadState.REJECTED, LeadState.HELD)
    open_to_me = {lead.n for lead in state.leads.values() if lead.state not in barred and lead.owner in (user, None)}
    if not numbers or (missing := sorted(set(numbers) - open_to_me)):
        raise UserError("not_yours_to_close", field="numbers", numbers=missing if numbers else [], handoff=handoff.number)
    data = {"outcome": result.value, **({"amount": amount} if amount is not None else {})}
    act = ledger.NewAct(ActKind.OUTCOME, user, at or now, sorted(set(numbers)), data)
    ledger.record(session, agreed, handoff, [act], now)
    work.refresh(session, agreed, handoff, user, now)
    return sorted(set(numbers))
