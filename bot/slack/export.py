"""`/sla export leads last month`: a table as a file, by DM."""

from collections.abc import Sequence

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import export as message
from bot.services import export, rights
from bot.slack import about, coming
from bot.slack.request import Asked
from bot.slack.typed import Word

USAGE = "export leads last month"
KIND = "export"


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Have the file sent to the person's DM: of handoffs, if no other table is named, of this month.

    Only the wish is written down; the delivery job makes and uploads the file, at most once, as it does with
    the files of an agreement.
    """
    now = context.now()
    is_named = bool(words) and words[0].plain in export.WHAT
    what = words[0].plain if is_named else export.HANDOFFS
    with context.transaction() as session:
        meant = about.read(session, asked, words[is_named:], now, usage=USAGE)
        agreed, within = meant.agreed, meant.period()
        rights.require(session, agreed, asked.user_id, export.NEEDS[what])
        if export.is_empty(session, agreed, within):
            raise UserError("nothing_to_export", period=within.label)
        coming.send(session, agreed, asked, KIND, {"what": what, "period": within.label}, now)
    return message.coming(export.fact(agreed, what, within, now), agreed.row.locale)
