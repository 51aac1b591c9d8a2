"""`/sla sign`: see what waits for signatures, and sign exactly that text."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done
from bot.messages import signing as message
from bot.models import AgreementVersion
from bot.services import agreements, deliveries, rights, signers, signing, versions
from bot.services.agreements import Agreed
from bot.services.rights import Act
from bot.slack import proposal
from bot.slack.proposal import Seen
from bot.slack.request import Asked
from bot.slack.typed import Word
from sla_rules.kinds import Side

SHORTEST_HASH = 8
"""Letters of a text's hash, as its card shows them, that a typed signature needs."""
SAID = {"in_force": "in_force", "signed": "begins_later", "ended": "agreement_ended"}
"""What follows from the second signature."""


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Show what waits for signatures; with its hash, sign it: a signature is never on what was not seen."""
    if words:
        with context.transaction() as session:
            seen = proposal.waiting(session, asked.agreed(session))
            if len(words[0].plain) < SHORTEST_HASH or not seen.sha256.startswith(words[0].plain):
                raise UserError("text_changed")
            return _sign(context, asked, session, seen)
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        seen = proposal.waiting(session, agreed)
        fact = signing.fact(session, agreed, seen.version, context.now())
        return message.message(fact, agreed.row.locale)


def press(context: Context, asked: Asked) -> Message:
    """Sign exactly the text that the card shows."""
    with context.transaction() as session:
        return _sign(context, asked, session, proposal.pressed(asked))


def _sign(context: Context, asked: Asked, session: Session, seen: Seen) -> Message:
    now, agreed = context.now(), agreements.by_id(session, asked.workspace(session), seen.agreement_id)
    if deliveries.is_new(session, agreed.workspace_id, asked.key, now):
        agreed = versions.sign(session, agreed, seen.version, seen.sha256, asked.user_id, now)
    return _signed(session, agreed, versions.named(session, agreed, seen.version), asked.user_id)


def _signed(session: Session, agreed: Agreed, text: AgreementVersion, user: str) -> Message:
    """Say how it stands, to a second delivery of the same press as well."""
    locale, name = agreed.row.locale, agreed.document.name
    if code := "ends_later" if text.is_ending and text.state == "signed" else SAID.get(text.state):
        return done.message(code, locale, name=name, version=text.version, begins_at=text.begins_at)
    names = versions.signatures(session, text)
    side = next((side for side, row in names.items() if row.user_id == user), None)
    if side is None or text.state != versions.PROPOSED:
        return done.message("already", locale)
    named = signers.signers(session, agreed, text)
    other = next(named[one] for one in Side if one is not side)
    return done.message("signed", locale, side=side, other=other)
