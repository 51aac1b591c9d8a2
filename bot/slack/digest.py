"""`/sla digest [week]`: the digest of a week, for the person who asks."""

from collections.abc import Sequence

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import digest as message
from bot.messages import share as share_message
from bot.services import digest, figures, posts
from bot.slack import about, share
from bot.slack.about import About
from bot.slack.request import Asked
from bot.slack.typed import Word
from sla_rules.goals import Period
from sla_rules.kinds import Per

USAGE = "digest W25"


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Show the last whole week, or the one named."""
    now = context.now()
    with context.reading() as session:
        meant = about.read(session, asked, words, now, usage=USAGE, usual=Per.WEEK)
        agreed, week = meant.agreed, _week(meant)
        fact = digest.fact(session, agreed, week.start_on, now)
        value = share.offer(session, agreed, asked, "digest", week.label)
    return share_message.offered(message.private(fact, agreed.row.locale), agreed.row.locale, value)


def _week(meant: About) -> Period:
    """Find the week meant. Raises UserError."""
    if meant.named is None:
        return figures.period(meant.agreed, Per.WEEK, posts.week_told(meant.agreed, meant.today))
    if meant.named.kind is not Per.WEEK:
        raise UserError("digest_is_weekly", period=meant.named.label)
    return meant.named
