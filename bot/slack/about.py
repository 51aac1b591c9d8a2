"""What is asked about: which agreement and which period, as they follow a word of `/sla`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.services import agreements, figures, in_period, rights
from bot.services.agreements import Agreed
from bot.services.rights import Act
from bot.slack import moments
from bot.slack.request import Asked
from bot.slack.typed import Kind, Word, joined
from sla_rules.goals import Period
from sla_rules.kinds import Per


@dataclass(frozen=True, slots=True)
class About:
    """The agreement that was meant, and the period where one was named."""

    agreed: Agreed
    named: Period | None
    today: date

    @property
    def name(self) -> str:
        """Name the period, or where none was named, the day on which that was."""
        return self.named.label if self.named else self.today.isoformat()

    def period(self, usual: Per = Per.MONTH) -> Period:
        """Give the period named, else the one of the usual kind that runs."""
        return self.named or figures.period(self.agreed, usual, self.today)


def read(
    session: Session,
    asked: Asked,
    words: Sequence[Word],
    now: datetime,
    *,
    usage: str,
    usual: Per = Per.MONTH,
) -> About:
    """Read an agreement, as its name or its channel, and a period, either of which may be missing.

    Raises UserError, also for a period that holds nothing: it has not begun, or the agreement had not.
    """
    agreed, text = _agreed(session, asked, words, now)
    rights.require(session, agreed, asked.user_id, Act.READ)
    today = agreed.today(now)
    period = moments.read_period(text, today, usual, figures.week_starts(agreed))
    if period is None:
        if text:
            raise UserError("period_unclear", text=text, usage=f"/sla {usage}")
        return About(agreed, None, today)
    if period.start_on > today:
        raise UserError("period_to_come", period=period.label)
    first_on = in_period.first_day(session, agreed, now)
    if period.end_on <= first_on:
        raise UserError("period_before", period=period.label, name=agreed.document.name, day=first_on)
    return About(agreed, period, today)


def _agreed(session: Session, asked: Asked, words: Sequence[Word], now: datetime) -> tuple[Agreed, str]:
    """Find the agreement that the words name, else the one that speaks here; give the text that is left."""
    channel = next((word for word in words if word.kind is Kind.CHANNEL), None)
    if channel:
        return _of_channel(session, asked, channel), joined([word for word in words if word is not channel])
    text = joined(words)
    if not text or moments.read_period(text, now.date(), Per.MONTH):
        return asked.agreed(session), text
    named = _named(session, asked, text)
    if len(named) == 1 and asked.agreement_id is None:
        return named[0]
    return asked.agreed(session), named[0][1] if named else text


def _of_channel(session: Session, asked: Asked, channel: Word) -> Agreed:
    every = agreements.all_of(session, asked.workspace(session))
    found = next((agreed for agreed in every if agreed.row.channel_id == channel.text), None)
    if found is None:
        raise UserError("no_agreement_there", channel=channel.text)
    return found


def _named(session: Session, asked: Asked, text: str) -> list[tuple[Agreed, str]]:
    """List agreements, with what is left, whose name the text begins or ends with, the longest name alone."""
    every = agreements.all_of(session, asked.workspace(session))
    found = [(agreed, left) for agreed in every if (left := _without(text, agreed.document.name)) is not None]
    least = min((len(left) for _, left in found), default=0)
    longest = [one for one in found if len(one[1]) == least]
    return [one for one in longest if one[0].row.state != "ended"] or longest


def _without(text: str, name: str) -> str | None:
    """Take a name off the beginning or the end of a text; None where it stands at neither."""
    words, named = text.split(), name.casefold().split()
    for rest, part in (
        (words[len(named) :], words[: len(named)]),
        (words[: -len(named)], words[-len(named) :]),
    ):
        if [word.casefold() for word in part] == named:
            return " ".join(rest)
    return None
