"""What somebody shared with the channel reads like: their answer without what was theirs alone."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from sqlmodel import Session

from bot.facts.said import Message
from bot.messages import breaches as breaches_message
from bot.messages import digest as digest_message
from bot.messages import forecast as forecast_message
from bot.messages import goals as goals_message
from bot.messages import share as message
from bot.messages import status as status_message
from bot.models import Notice
from bot.services import breaches, digest, figures, forecast, in_period, status
from bot.services.agreements import Agreed
from sla_rules.goals import Period
from sla_rules.kinds import Per

Span = Period | date


def render(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    """Say it once more as figures stand now, for the period that was shown."""
    user, what = notice.about["user"], notice.about["what"]
    said = WHAT[what](session, agreed, user, _span(agreed, notice.about["of"]), now)
    return message.shared(said, agreed.row.locale, by=user)


def _span(agreed: Agreed, of: str) -> Span:
    """Read the period that was named, or the day on which none was."""
    return in_period.named(agreed, of) or date.fromisoformat(of)


def _within(agreed: Agreed, span: Span, usual: Per) -> Period:
    return span if isinstance(span, Period) else figures.period(agreed, usual, span)


def _status(session: Session, agreed: Agreed, user: str, span: Span, now: datetime) -> Message:
    return status_message.public(status.fact(session, agreed, user, now, span), agreed.row.locale)


def _goals(session: Session, agreed: Agreed, user: str, span: Span, now: datetime) -> Message:
    return goals_message.message(status.fact(session, agreed, user, now, span), agreed.row.locale)


def _breaches(session: Session, agreed: Agreed, user: str, span: Span, now: datetime) -> Message:
    fact = breaches.fact(session, agreed, user, _within(agreed, span, Per.MONTH), now)
    return breaches_message.public(fact, agreed.row.locale)


def _forecast(session: Session, agreed: Agreed, _user: str, span: Span, now: datetime) -> Message:
    within = span if isinstance(span, Period) else None
    return forecast_message.message(forecast.fact(session, agreed, now, within), agreed.row.locale)


def _digest(session: Session, agreed: Agreed, _user: str, span: Span, now: datetime) -> Message:
    week = _within(agreed, span, Per.WEEK)
    return digest_message.message(digest.fact(session, agreed, week.start_on, now), agreed.row.locale)


WHAT: Mapping[str, Callable[[Session, Agreed, str, Span, datetime], Message]] = {
    "status": _status,
    "goals": _goals,
    "breaches": _breaches,
    "forecast": _forecast,
    "digest": _digest,
}
