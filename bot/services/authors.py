"""What only who logged a handoff may do with it, and only until Sales has acted."""

from sqlmodel import Session

from bot.errors import UserError
from bot.models import Handoff
from bot.services import ledger, rights
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules.kinds import ActKind

BY_SALES = {
    ActKind.TAKEN,
    ActKind.REJECTED,
    ActKind.TOUCHED,
    ActKind.OUTCOME,
    ActKind.ASKED,
    ActKind.DISPUTED,
}


def require(session: Session, agreed: Agreed, handoff: Handoff, user: str, act: Act) -> None:
    """Refuse who did not log it, and what comes too late; what was taken back is no act of Sales any more."""
    rights.require(session, agreed, user, act)
    if handoff.author != user:
        raise UserError("not_the_author", author=handoff.author, act=act)
    acts = ledger.acts_of(session, handoff)
    undone = {one.undoes for one in acts}
    if any(one.kind in BY_SALES and one.seq not in undone for one in acts):
        raise UserError("sales_acted", handoff=handoff.number, act=act)
