"""`/sla agreement review` and the answers to the pack: propose a draft, keep a clause."""

from collections.abc import Sequence
from datetime import date

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done
from bot.messages import review as message
from bot.services import agreements, observed, review, rights
from bot.services.rights import Act
from bot.slack.form import Unexpected
from bot.slack.request import Asked
from bot.slack.typed import Word


def command(context: Context, asked: Asked, _words: Sequence[Word]) -> Message:
    """Show the pack as it would be now."""
    now = context.now()
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        if not agreed.history:
            raise UserError("nothing_to_review")
        return message.message(review.preview(session, agreed, now), agreed.row.locale)


def propose(context: Context, asked: Asked) -> Message:
    """Propose a draft of the pack."""
    now = context.now()
    agreement_id, review_on, number = _read(asked)
    with context.transaction() as session:
        agreed = agreements.by_id(session, asked.workspace(session), agreement_id)
        version = review.propose(
            session, agreed, review_on, number, asked.user_id, now, delivery=asked.key
        ).version
    return done.message("draft_proposed", agreed.row.locale, version=version)


def keep(context: Context, asked: Asked) -> Message:
    """Note that a clause stays as it is."""
    agreement_id, review_on, number = _read(asked)
    with context.transaction() as session:
        agreed = agreements.by_id(session, asked.workspace(session), agreement_id)
        review.keep(session, agreed, review_on, number, asked.user_id, context.now())
    return done.message("draft_kept", agreed.row.locale)


def propose_seen(context: Context, asked: Asked) -> Message:
    """Propose the targets that were seen in the observe weeks."""
    now = context.now()
    agreement_id, until, _ = _read(asked)
    with context.transaction() as session:
        agreed = agreements.by_id(session, asked.workspace(session), agreement_id)
        version = observed.propose(session, agreed, until, asked.user_id, now, delivery=asked.key).version
    return done.message("draft_proposed", agreed.row.locale, version=version)


def _read(asked: Asked) -> tuple[int, date, int]:
    """Read a button's value: the agreement, a date, and the draft's place where there is one."""
    agreement_id, on, number = [*asked.value.split(":"), "0", "0"][:3]
    try:
        return asked.id(agreement_id), date.fromisoformat(on), int(number)
    except ValueError as error:
        raise Unexpected("a review's button") from error
