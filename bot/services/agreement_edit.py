"""The draft of an agreement as it is written piece by piece, and thrown away."""

from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.facts.agreement import EditFact
from bot.models import AgreementVersion
from bot.services import agreements, doubts, rights, versions
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules.agreement import Agreement
from sla_rules.amend import Amendment, amended
from sla_rules.pieces import Data, data_of
from sla_rules.strict_yaml import load


def to_edit(session: Session, workspace_id: int, agreement_id: int, user: str) -> Agreed:
    """Find the agreement for somebody who may change it. Raises UserError."""
    agreed = agreements.by_id(session, workspace_id, agreement_id)
    rights.require(session, agreed, user, Act.AMEND)
    return agreed


def fact(session: Session, agreed: Agreed, now: datetime) -> EditFact:
    """Gather what the draft says, and what it changes."""
    draft, waiting = versions.open_draft(session, agreed), versions.proposal(session, agreed)
    text = versions.text_to_edit(session, agreed)
    speaking = versions.named(session, agreed, agreed.row.version).text
    document = Agreement.signed(text)
    return EditFact(
        agreement_id=agreed.id,
        version=agreed.row.version,
        document=document,
        data=data_of(text),
        before=data_of(speaking),
        text_hash=versions.hash_of(text),
        author=draft.proposed_by if draft else "",
        written_at=draft.proposed_at if draft else None,
        proposal=waiting.version if waiting else None,
        doubts=doubts.of(session, agreed, document, now),
    )


def data(session: Session, agreed: Agreed) -> Data:
    """Read the text to go on from."""
    return data_of(versions.text_to_edit(session, agreed))


def amend(session: Session, agreed: Agreed, changes: Amendment, user: str, now: datetime) -> None:
    """Write changes into the draft; a draft that changes nothing any more is gone.

    Raises AgreementFaults where the whole text would have faults, UserError.
    """
    text = amended(versions.text_to_edit(session, agreed), changes)
    draft, waiting = versions.open_draft(session, agreed), versions.proposal(session, agreed)
    standing = waiting or versions.named(session, agreed, agreed.row.version)
    if load(text).data != data_of(standing.text) or standing.is_ending:
        versions.save_draft(session, agreed, text, user, now)
    elif draft is not None:
        _drop(session, draft)


def discard(session: Session, agreed: Agreed, text_hash: str) -> None:
    """Throw the draft away, if it is the one that was seen. Raises UserError."""
    draft = versions.open_draft(session, agreed)
    if draft is None:
        raise UserError("no_draft")
    if draft.sha256 != text_hash:
        raise UserError("draft_changed", author=draft.proposed_by)
    _drop(session, draft)


def _drop(session: Session, draft: AgreementVersion) -> None:
    session.delete(draft)
    session.flush()
