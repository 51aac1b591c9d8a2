"""Share in Channel: what one person was shown, for both sides to see, once however often it is pressed."""

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done
from bot.services import agreements, notices, rights
from bot.services.agreements import Agreed
from bot.services.rights import Act
from bot.slack.form import Unexpected, checked
from bot.slack.request import KEY, Asked

KIND = "shared"


def offer(session: Session, agreed: Agreed, asked: Asked, what: str, of: str) -> str:
    """Give the value of the button under an answer; nothing where this person cannot share it.

    `what` is the word that answered; `of` is the period that was shown, or the day on which none was named.
    """
    is_possible = agreed.row.channel_id and rights.may(session, agreed, asked.user_id, Act.SHARE)
    return f"{agreed.id} {what} {of} {asked.key}" if is_possible else ""


def press(context: Context, asked: Asked) -> Message:
    """Post it into the agreement's channel."""
    agreement_id, what, of, key = _read(asked)
    now = context.now()
    with context.transaction() as session:
        agreed = agreements.by_id(session, asked.workspace(session), agreement_id)
        rights.require(session, agreed, asked.user_id, Act.SHARE)
        if agreed.row.channel_id is None:
            raise UserError("nothing_to_share")
        name = f"{KIND}:{agreed.id}:{key}"
        if not notices.exists(session, agreed.workspace_id, name):
            about = {"user": asked.user_id, "what": what, "of": of}
            notices.post(session, agreed, key=name, kind=KIND, about=about, now=now)
    return done.message("shared", agreed.row.locale)


def _read(asked: Asked) -> tuple[int, str, str, str]:
    """Read the button: the agreement, the word, the period, and the key of what was typed."""
    parts = asked.value.split(" ")
    if len(parts) != 4:  # noqa: PLR2004  (as `offer` writes them)
        raise Unexpected("a Share button")
    return asked.id(parts[0]), parts[1], checked(parts[2], KEY), checked(parts[3], KEY)
