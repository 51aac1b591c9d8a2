"""The terms to simulate, read from words or from a draft, and put to both leads exactly so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.models import AgreementVersion
from bot.services import rights, versions
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules import what_if
from sla_rules.agreement import Agreement
from sla_rules.amend import amended
from sla_rules.faults import AgreementFaults, Fault
from sla_rules.pieces import data_of
from sla_rules.what_if import Misread, Term

IN_FORCE, DRAFT, PROPOSED, IMPORTED = "in_force", "draft", "proposed", "imported"
"""What the words start from; `imported` is the text in force, held against leads that were imported."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The terms to simulate: the words, the text they start from, and the text they make of it."""

    words: str
    base: str
    text: str
    document: Agreement


@dataclass(frozen=True, slots=True)
class Unread:
    """Words that make no terms: those that mean nothing, and values that the text's own checks refuse."""

    misread: Sequence[Misread]
    faults: Sequence[tuple[str, Fault]]
    """(the word that brought it, what is wrong with it)"""


def terms_of(session: Session, agreed: Agreed) -> list[Term]:
    """List what can be changed in the text in force."""
    return what_if.terms_of(data_of(_speaking(session, agreed).text))


def read(session: Session, agreed: Agreed, words: str) -> WhatIf | Unread:
    """Read the terms asked for. Raises UserError where the draft or proposal they start from is not there."""
    first, _, rest = words.partition(" ")
    base = first.casefold() if first.casefold() in (DRAFT, PROPOSED, IMPORTED) else IN_FORCE
    text = _base(session, agreed, base).text
    found = what_if.read(data_of(text), words if base == IN_FORCE else rest)
    meant = amended(text, dict(found.changes)) if found.changes else text
    try:
        document = Agreement.parse(meant)
    except AgreementFaults as error:
        return Unread(found.misread, [(_word_of(found.asked, fault), fault) for fault in error.faults])
    if found.misread:
        return Unread(found.misread, ())
    return WhatIf(words, base, meant, document)


def _base(session: Session, agreed: Agreed, base: str) -> AgreementVersion:
    if base == DRAFT:
        found = versions.open_draft(session, agreed)
        if found is None:
            raise UserError("no_draft")
        return found
    if base == PROPOSED:
        found = versions.proposal(session, agreed)
        if found is None or found.is_ending:
            raise UserError("no_proposal")
        return found
    return _speaking(session, agreed)


def _speaking(session: Session, agreed: Agreed) -> AgreementVersion:
    return versions.named(session, agreed, agreed.row.version)


def _word_of(asked: Mapping[tuple[str | int, ...], str], fault: Fault) -> str:
    """Find the word by which a fault came in: the one whose place it lies in, else the nearest above."""
    places = {".".join(map(str, path)): word for path, word in asked.items()}
    return next((word for place, word in places.items() if fault.path.startswith(place)), "")


def propose(
    session: Session,
    agreed: Agreed,
    words: str,
    text_hash: str,
    user: str,
    now: datetime,
    *,
    delivery: str,
) -> AgreementVersion:
    """Propose exactly what was simulated. Raises UserError where the text reads otherwise by now."""
    rights.require(session, agreed, user, Act.AMEND)
    terms = read(session, agreed, words)
    if isinstance(terms, Unread) or not versions.hash_of(terms.text).startswith(text_hash):
        raise UserError("simulated_outdated")
    draft = versions.open_draft(session, agreed)
    if draft is not None and terms.base != DRAFT:
        raise UserError("draft_in_the_way", author=draft.proposed_by)
    return versions.propose_text(session, agreed, terms.text, user, now, delivery=delivery)
