"""Make an agreement from a first text, and put it to both leads."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from bot import models
from bot.errors import UserError
from bot.models import AgreementVersion
from bot.services import agreements, deliveries, rights, versions
from bot.services.agreements import Agreed
from sla_rules.agreement import Agreement


@dataclass(frozen=True, slots=True)
class Proposal:
    """The text that one person proposes for a channel."""

    text: str
    channel_id: str | None
    proposed_by: str


def create(session: Session, workspace_id: int, proposal: Proposal, now: datetime, delivery: str) -> Agreed:
    """Make the agreement of a channel; until both leads sign, handoffs in it are on trial.

    Raises AgreementFaults for a text with faults. Before anybody signed, a new text takes the place of the
    old; after an agreement has ended, one begins it anew.
    """
    if not deliveries.is_new(session, workspace_id, delivery, now):
        return agreements.spoken_of(session, workspace_id, proposal.channel_id)
    row = _here(session, workspace_id, proposal.channel_id)
    if row is None:
        agreed = _new(session, workspace_id, proposal, now)
    else:
        agreed = agreements.by_id(session, workspace_id, row.id or 0)
        _refuse_running(session, agreed)
        versions.write_draft(session, agreed, proposal.text, proposal.proposed_by, now)
    if (draft := versions.open_draft(session, agreed)) is not None:
        versions.put_up(session, agreed, draft, proposal.proposed_by, now)
    return agreements.by_id(session, workspace_id, agreed.id)


def _here(session: Session, workspace_id: int, channel_id: str | None) -> models.Agreement | None:
    return session.scalar(
        select(models.Agreement).where(
            col(models.Agreement.workspace_id) == workspace_id, col(models.Agreement.channel_id) == channel_id
        )
    )


def _new(session: Session, workspace_id: int, proposal: Proposal, now: datetime) -> Agreed:
    document = Agreement.parse(proposal.text)
    row = models.Agreement(
        workspace_id=workspace_id,
        name=document.name,
        locale=document.locale,
        channel_id=proposal.channel_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    versions.first_draft(session, workspace_id, row.id or 0, proposal.text, proposal.proposed_by, now)
    return agreements.by_id(session, workspace_id, row.id or 0)


def _refuse_running(session: Session, agreed: Agreed) -> None:
    """Refuse where an agreement is in force, or somebody has put their name under a first one."""
    if agreed.row.state == "in_force":
        raise UserError("agreement_in_force", name=agreed.row.name)
    waiting = versions.proposal(session, agreed)
    if waiting is not None and versions.signatures(session, waiting):
        raise UserError("agreement_half_signed", name=agreed.row.name)


def may_propose(session: Session, workspace_id: int, channel_id: str, user: str) -> None:
    """Refuse outsiders, and where a channel has its agreement, all but its parties before they signed."""
    rights.refuse_known_outsider(session, workspace_id, user)
    row = _here(session, workspace_id, channel_id)
    if row is None:
        return
    agreed = agreements.by_id(session, workspace_id, row.id or 0)
    version = session.get_one(AgreementVersion, (workspace_id, row.id, row.version))
    if agreed.row.state == "trial" and user != version.proposed_by and agreed.side_of(user) is None:
        raise UserError("not_a_party")
    _refuse_running(session, agreed)
