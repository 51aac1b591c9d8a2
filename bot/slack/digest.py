"""`/sla digest [week]`: the digest of a week, for the person who asks."""

from collections.abc import Sequence
from datetime import date

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import digest as message
from bot.services import digest, figures, posts, rights
from bot.services.agreements import Agreed
from bot.services.rights import Act
from bot.slack import moments, typed
from bot.slack.request import Asked
from bot.slack.typed import Word
from sla_rules.kinds import Per


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Show the last whole week, or the one named."""
    now = context.now()
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        week_on = _week(agreed, typed.joined(words), agreed.today(now))
        fact = digest.fact(session, agreed, week_on, now)
    return message.private(fact, agreed.row.locale)


def _week(agreed: Agreed, text: str, today: date) -> date:
    """Find the first day of the week meant, as the agreement begins its weeks. Raises UserError."""
    if not text:
        return posts.week_told(agreed, today)
    named = moments.read_week(text, today)
    if named is None or named > today:
        raise UserError("week_unclear", text=text)
    return figures.period(agreed, Per.WEEK, named).start_on
