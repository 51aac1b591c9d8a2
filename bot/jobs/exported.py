"""The file that somebody asked for with `/sla export`, made when it is sent."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.facts.said import Files, Message
from bot.messages import export as message
from bot.models import Notice
from bot.services import export, in_period, rights
from bot.services.agreements import Agreed
from bot.services.export import EVERYBODY, LEADS, Wanted


def render(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message | Files | None:
    """Make the file of what its reader may see now; or say in words why none came."""
    what, user = notice.about["what"], notice.place
    within = in_period.named(agreed, notice.about["period"])
    if within is None or not rights.may(session, agreed, user, export.NEEDS[what]):
        return None
    fact = export.fact(agreed, what, within, now)
    if notice.is_plain:
        return message.not_sent(fact, agreed.row.locale, because=notice.error or "")
    names_of = export.names_for(session, agreed, user)
    made = export.file(session, agreed, Wanted(what, within.start_on, within.end_on, names_of), now)
    names = ("all" if names_of == EVERYBODY else "own") if what == LEADS else ""
    fact = replace(fact, rows=made.rows, is_cut=made.is_cut, names=names)
    return message.file(fact, agreed.row.locale, made.content)
