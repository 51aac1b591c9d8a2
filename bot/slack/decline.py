"""`/sla decline the target is too high`: close a proposal unsigned, with the reason."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.context import Context
from bot.facts.said import Message
from bot.messages import decline as message
from bot.messages import done
from bot.services import agreements, deliveries, versions
from bot.slack import proposal
from bot.slack.proposal import Seen
from bot.slack.request import Asked
from bot.slack.typed import Word, joined

USAGE = "decline the target is too high"


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message | None:
    """Decline with the reason that follows; without one, ask for it."""
    if words:
        with context.transaction() as session:
            seen = proposal.waiting(session, asked.agreed(session))
            return _decline(context, asked, session, seen, joined(words))
    with context.reading() as session:
        seen = proposal.waiting(session, asked.agreed(session))
    _ask_why(context, asked, seen)
    return None


def press(context: Context, asked: Asked) -> None:
    """Ask for the reason."""
    _ask_why(context, asked, proposal.pressed(asked))


def submit(context: Context, asked: Asked) -> None:
    """Decline for the reason that the form gives."""
    with context.transaction() as session:
        _decline(context, asked, session, proposal.carried(asked), asked.form.text("because"))


def _ask_why(context: Context, asked: Asked, seen: Seen) -> None:
    with context.reading() as session:
        agreed = agreements.by_id(session, asked.workspace(session), seen.agreement_id)
        versions.may_decline(session, agreed, seen.version, seen.sha256, asked.user_id)
    carried = {"agreement": seen.agreement_id, "version": seen.version, "sha256": seen.sha256}
    view = message.modal(
        agreed.row.locale,
        agreement=agreed.document.name,
        version=seen.version,
        metadata=carried | {"channel": asked.channel_id},
    )
    context.gateway.open_view(asked.trigger_id, view)


def _decline(context: Context, asked: Asked, session: Session, seen: Seen, because: str) -> Message:
    now, agreed = context.now(), agreements.by_id(session, asked.workspace(session), seen.agreement_id)
    if not deliveries.is_new(session, agreed.workspace_id, asked.key, now):
        return done.message("already", agreed.row.locale)
    versions.decline(session, agreed, seen.version, seen.sha256, asked.user_id, because, now)
    return done.message("declined", agreed.row.locale, version=seen.version)
