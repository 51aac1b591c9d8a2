"""Exactly the text that somebody saw: what is signed, declined or withdrawn."""

from dataclasses import dataclass

from sqlmodel import Session

from bot.errors import UserError
from bot.models import AgreementVersion
from bot.services import versions
from bot.services.agreements import Agreed
from bot.slack.request import Asked


@dataclass(frozen=True, slots=True)
class Seen:
    """Which agreement, which version, and the hash of its text."""

    agreement_id: int
    version: int
    sha256: str


def pressed(asked: Asked) -> Seen:
    """Read which text the card showed on which a button was pressed."""
    agreement_id, version, sha256 = [*asked.value.split(":"), "", ""][:3]
    return Seen(asked.id(agreement_id), asked.id(version), sha256)


def carried(asked: Asked) -> Seen:
    """Read which text a modal was about."""
    sha256 = str(asked.metadata.get("sha256"))
    return Seen(asked.carried_id("agreement"), asked.carried_id("version"), sha256)


def waiting(session: Session, agreed: Agreed) -> Seen:
    """Find what waits for signatures. Raises UserError."""
    found: AgreementVersion | None = versions.proposal(session, agreed)
    if found is None:
        raise UserError("no_proposal")
    return Seen(agreed.id, found.version, found.sha256)
