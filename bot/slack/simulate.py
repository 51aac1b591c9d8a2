"""`/sla simulate decide.B=2h`: what the last quarter would have been under other terms."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError, UserErrors
from bot.facts.said import Message
from bot.messages import done
from bot.messages import simulate as message
from bot.messages.words import fault_plainly
from bot.services import agreements, rights, simulate, what_if
from bot.services.agreements import Agreed
from bot.services.rights import Act
from bot.services.what_if import Unread, WhatIf
from bot.slack import coming
from bot.slack.form import Unexpected
from bot.slack.request import Asked
from bot.slack.typed import Word, joined

USAGE = "simulate decide.B=2h target.qualified=200 hours=08:00-17:00"
KIND = "simulated"


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Answer at once, or where there are many leads, by a DM."""
    now = context.now()
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        terms = _read(session, agreed, words)
        if terms.base == what_if.DRAFT:
            rights.require(session, agreed, asked.user_id, Act.AMEND)
        leads = simulate.leads_in(session, agreed, terms, now)
        if leads > simulate.MOST:
            raise UserError("simulate_too_many", leads=leads, most=simulate.MOST)
        if leads <= simulate.AT_ONCE:
            fact = simulate.fact(session, agreed, terms, asked.user_id, now)
            return message.message(fact, agreed.row.locale)
    _send_later(context, asked, agreed, terms)
    return message.coming(agreed.row.locale, leads=leads)


def propose(context: Context, asked: Asked) -> Message:
    """Propose exactly what was simulated."""
    agreement_id, _, rest = asked.value.partition(":")
    text_hash, colon, words = rest.partition(":")
    if not colon:
        raise Unexpected("a simulation's button")
    now = context.now()
    with context.transaction() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id(agreement_id))
        version = what_if.propose(
            session, agreed, words, text_hash, asked.user_id, now, delivery=asked.key
        ).version
    return done.message("draft_proposed", agreed.row.locale, version=version)


def _read(session: Session, agreed: Agreed, words: Sequence[Word]) -> WhatIf:
    """Read the terms typed. Raises UserErrors with all that is unclear, and what can be changed."""
    can = [f"{term.name}={term.value}" for term in what_if.terms_of(session, agreed) if term.value]
    if not words:
        raise UserErrors([UserError("simulate_missing", usage=f"/sla {USAGE}"), _listed(can)])
    found = what_if.read(session, agreed, joined(words))
    if isinstance(found, Unread):
        raise UserErrors([*_misread(found), *_refused(found, agreed.row.locale), _listed(can)])
    return found


def _misread(found: Unread) -> list[UserError]:
    return [
        UserError("simulate_unread", text=one.text, why=one.code, names=one.names) for one in found.misread
    ]


def _refused(found: Unread, locale: str) -> list[UserError]:
    return [
        UserError("simulate_refused", text=word, why=fault_plainly(locale, fault, fault.path))
        for word, fault in found.faults
    ]


def _listed(can: Sequence[str]) -> UserError:
    return UserError("simulate_can", can=can)


def _send_later(context: Context, asked: Asked, agreed: Agreed, terms: WhatIf) -> None:
    now = context.now()
    with context.transaction() as session:
        coming.send(session, agreed, asked, KIND, {"words": terms.words}, now)
