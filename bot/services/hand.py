"""Hand leads on to a colleague: the promise goes along as it stands, it is no fresh start."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.models import Handoff
from bot.services import ledger, people, rights, work
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules.kinds import ActKind, LeadState, Side

WORKED = (LeadState.TAKEN, LeadState.TOUCHED)


def hand_on(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    *,
    user: str,
    to: str,
    now: datetime,
    numbers: Sequence[int] = (),
) -> list[int]:
    """Hand on the named leads, or all of one's own that are open; the sales lead hands on anybody's."""
    rights.require(session, agreed, user, Act.HAND_ON)
    check_colleague(session, agreed, user, to, now)
    state = ledger.read(session, agreed, handoff, now)
    is_lead = agreed.document.is_lead(user, Side.SALES)
    worked = [lead for lead in state.leads.values() if lead.state in WORKED and lead.owner != to]
    mine = [lead.n for lead in worked if lead.owner == user]
    movable = {lead.n for lead in worked} if is_lead else set(mine)
    if missing := sorted(set(numbers) - movable):
        raise UserError("not_yours_to_hand_on", field="numbers", numbers=missing, handoff=handoff.number)
    chosen = sorted(set(numbers)) or mine
    if not chosen:
        raise UserError("nothing_to_hand_on", handoff=handoff.number)
    data = {"to": to, "fresh": False, "why": "handed_on"}
    ledger.record(session, agreed, handoff, [ledger.NewAct(ActKind.MOVED, user, now, chosen, data)], now)
    owners = {state.leads[n].owner or user for n in chosen}
    work.refresh_all(session, agreed, handoff, {*owners, to}, now)
    return chosen


def check_colleague(session: Session, agreed: Agreed, user: str, to: str, now: datetime) -> None:
    """Refuse whoever cannot work the leads: oneself, no rep, or away."""
    if to == user:
        raise UserError("hand_on_to_self", field="to")
    if to not in people.reps(agreed):
        raise UserError("hand_on_not_in_sales", field="to", person=to)
    if people.is_away(session, agreed.workspace_id, to, now):
        raise UserError("hand_on_is_away", field="to", person=to)
