"""`/sla propose from 1 Jul`: put the draft, or the end, to both leads; and take a proposal back."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done
from bot.models import AgreementVersion
from bot.services import agreements, deliveries, versions
from bot.services.agreements import Agreed
from bot.slack import moments, proposal
from bot.slack.request import Asked
from bot.slack.typed import Word, joined

FROM = {"from", "on"}
USAGE, END = "propose from 1 Jul", "agreement end from 30 Sep"


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Propose the draft, to hold at once or from a day on."""
    now = context.now()
    with context.transaction() as session:
        agreed = asked.agreed(session)
        begins_on = _day(words, agreed.today(now), USAGE)
        text = versions.propose(session, agreed, asked.user_id, now, begins_on=begins_on, delivery=asked.key)
        return _proposed(agreed, text)


def end(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Propose that the agreement ends, at once or on a day."""
    now = context.now()
    with context.transaction() as session:
        agreed = asked.agreed(session)
        ends_on = _day(words, agreed.today(now), END)
        text = versions.propose_end(session, agreed, asked.user_id, now, ends_on=ends_on, delivery=asked.key)
        return _proposed(agreed, text)


def withdraw(context: Context, asked: Asked, _words: Sequence[Word]) -> Message:
    """Take back what is proposed."""
    with context.transaction() as session:
        return _withdraw(context, asked, session, asked.agreed(session))


def press_withdraw(context: Context, asked: Asked) -> Message:
    """Take back the proposal that the card shows."""
    seen = proposal.pressed(asked)
    with context.transaction() as session:
        agreed = agreements.by_id(session, asked.workspace(session), seen.agreement_id)
        if deliveries.find(session, agreed.workspace_id, asked.key) is None:
            versions.to_sign(session, agreed, seen.version, seen.sha256)
        return _withdraw(context, asked, session, agreed)


def _withdraw(context: Context, asked: Asked, session: Session, agreed: Agreed) -> Message:
    now = context.now()
    if not deliveries.is_new(session, agreed.workspace_id, asked.key, now):
        return done.message("already", agreed.row.locale)
    text = versions.withdraw(session, agreed, asked.user_id, now)
    return done.message("withdrawn", agreed.row.locale, version=text.version)


def _proposed(agreed: Agreed, text: AgreementVersion) -> Message:
    return done.message(
        "ending_proposed" if text.is_ending else "proposed",
        agreed.row.locale,
        version=text.version,
        channel=agreed.row.channel_id,
        begins_at=text.begins_at,
    )


def _day(words: Sequence[Word], today: date, usage: str) -> date | None:
    """Read "from 1 Jul"; nothing is at once. Raises UserError."""
    if not words:
        return None
    rest = words[1:] if words[0].plain in FROM else words
    day = moments.read_day(joined(rest), today)
    if day is None:
        raise UserError("word_unclear", text=joined(words), usage=f"/sla {usage}")
    return day
