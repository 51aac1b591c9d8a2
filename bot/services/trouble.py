"""What Slack refuses us, told once to a lead of the agreement: they can mend it, or know who can."""

from datetime import datetime

from sqlmodel import Session

from bot.facts.people import TroubleFact
from bot.models import Notice
from bot.services import agreements, notices, people
from bot.services.agreements import Agreed
from sla_rules.kinds import Side

KIND = "trouble"
CLOSED, NOT_SENT = "closed", "not_sent"
DIRECT = ("U", "W")
"""How a place begins that is a person: whom we cannot reach is no trouble of the agreement's."""


def tell(session: Session, notice: Notice, what: str, code: str, now: datetime) -> None:
    """Tell of a channel that is closed to us once until it opens; of messages not sent, once a day."""
    if notice.kind == KIND or notice.agreement_id is None:
        return
    if what == CLOSED and notice.place.startswith(DIRECT):
        return
    agreed = agreements.by_id(session, notice.workspace_id, notice.agreement_id)
    mark = notice.key if what == CLOSED else agreed.today(now)
    key, lead = f"{KIND}:{agreed.id}:{what}:{mark}", _lead(session, agreed)
    if lead and not notices.exists(session, agreed.workspace_id, key):
        about = {"what": what, "place": notice.place, "code": code}
        opens_at = agreed.calendar.next_open(now)
        notices.tell(session, agreed, lead, key=key, kind=KIND, about=about, not_before=opens_at, now=now)


def _lead(session: Session, agreed: Agreed) -> str | None:
    gone = people.gone(session, agreed.workspace_id)
    return next((lead for side in Side if (lead := agreed.document.party(side).lead) not in gone), None)


def fact(agreed: Agreed, notice: Notice) -> TroubleFact:
    """Say what is told, as the agreement stands."""
    about = notice.about
    return TroubleFact(about["what"], agreed.document.name, about["place"], about["code"])
