"""A first handoff for practice: as long as nothing is signed, nothing of it counts."""

from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.models import Handoff
from bot.services import log, rights
from bot.services.agreements import Agreed
from bot.services.log import Batch
from bot.services.rights import Act


def begin(
    session: Session, agreed: Agreed, batch: Batch, *, author: str, now: datetime, delivery: str
) -> Handoff:
    """Hand invented leads over, for whoever may set an agreement up. Raises UserError once it is signed."""
    rights.require(session, agreed, author, Act.SETUP)
    if not agreed.is_trial:
        raise UserError("practice_over", name=agreed.document.name)
    return log.log(session, agreed, batch, author=author, now=now, delivery=delivery, by=Act.SETUP)
