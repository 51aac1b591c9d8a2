"""Make an agreement from the starter, and let both leads sign it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlmodel import Session, col

from bot import models
from bot.errors import UserError
from bot.facts import SigningFact
from bot.models import AgreementVersion, Signature
from bot.services import agreements, deliveries, ledger, notices, people, posts
from bot.services.agreements import Agreed, Standing
from sla_rules.agreement import Agreement
from sla_rules.kinds import ClockKind, Side, Tier


@dataclass(frozen=True, slots=True)
class Proposal:
    """The text that one person proposes for a channel."""

    text: str
    channel_id: str | None
    proposed_by: str


def create(session: Session, workspace_id: int, proposal: Proposal, now: datetime, delivery: str) -> Agreed:
    """Make the agreement of a channel; until both leads sign, handoffs in it are on trial.

    Raises AgreementFaults for a text with faults. Before anybody signed, a new text replaces the old.
    """
    if not deliveries.is_new(session, workspace_id, delivery, now):
        return agreements.spoken_of(session, workspace_id, proposal.channel_id)
    document = Agreement.parse(proposal.text)
    row = _row(session, workspace_id, proposal, document, now)
    version = AgreementVersion(
        workspace_id=workspace_id,
        agreement_id=row.id or 0,
        version=row.version,
        text=proposal.text,
        sha256=sha256(proposal.text.encode()).hexdigest(),
        days_off=[day.isoformat() for day in document.expand_days_off(now.date())],
        proposed_by=proposal.proposed_by,
        proposed_at=now,
    )
    session.merge(version)
    session.flush()
    agreed = agreements.by_id(session, workspace_id, row.id or 0)
    data = {"version": row.version, "sha256": version.sha256}
    ledger.note_on_agreement(session, agreed, "proposed", proposal.proposed_by, now, data)
    _want_card(session, agreed, now)
    return agreed


def _row(
    session: Session, workspace_id: int, proposal: Proposal, document: Agreement, now: datetime
) -> models.Agreement:
    here = select(models.Agreement).where(
        col(models.Agreement.workspace_id) == workspace_id,
        col(models.Agreement.channel_id) == proposal.channel_id,
    )
    row = session.scalar(here)
    if row is not None and row.state != "trial":
        raise UserError("agreement_in_force", name=row.name)
    if row is None:
        row = models.Agreement(
            workspace_id=workspace_id, name="", channel_id=proposal.channel_id, created_at=now
        )
    elif _signatures(session, row):
        raise UserError("agreement_half_signed", name=row.name)
    row.name, row.locale = document.name, document.locale
    session.add(row)
    session.flush()
    return row


def may_propose(session: Session, workspace_id: int, channel_id: str, user: str) -> None:
    """Refuse outsiders, and where a channel has its agreement, all but its parties before they signed."""
    people.refuse_known_outsider(session, workspace_id, user)
    here = select(models.Agreement).where(
        col(models.Agreement.workspace_id) == workspace_id, col(models.Agreement.channel_id) == channel_id
    )
    row = session.scalar(here)
    if row is None:
        return
    if row.state != "trial":
        raise UserError("agreement_in_force", name=row.name)
    agreed = agreements.by_id(session, workspace_id, row.id or 0)
    version = session.get_one(AgreementVersion, (workspace_id, row.id, row.version))
    if user != version.proposed_by and agreed.document.side_of(user) is None:
        raise UserError("not_a_party")
    if _signatures(session, row):
        raise UserError("agreement_half_signed", name=row.name)


def sign(
    session: Session,
    workspace_id: int,
    *,
    agreement_id: int,
    version: int,
    text_hash: str,
    user: str,
    now: datetime,
) -> Agreed:
    """Sign exactly the text with this hash, as the lead of one's side; both signatures put it into force."""
    agreed = agreements.by_id(session, workspace_id, agreement_id)
    text = session.get(AgreementVersion, (workspace_id, agreement_id, version))
    if text is None or text.sha256 != text_hash:
        raise UserError("text_changed")
    side = next((side for side in Side if agreed.document.is_lead(user, side)), None)
    if side is None:
        leads = {side.value: agreed.document.party(side).lead for side in Side}
        raise UserError("only_leads_sign", **leads)
    if session.get(Signature, (workspace_id, agreement_id, version, side)) is not None:
        raise UserError("signed_already")
    row = {"version": version, "sha256": text_hash, "side": side.value}
    signature = Signature(
        workspace_id=workspace_id,
        agreement_id=agreement_id,
        version=version,
        side=side,
        user_id=user,
        sha256=text_hash,
        signed_at=now,
    )
    session.add(signature)
    session.flush()
    ledger.note_on_agreement(session, agreed, "signed", user, now, row)
    if {signed.side for signed in _signatures(session, agreed.row)} == set(Side):
        agreed = _put_in_force(session, agreed, text, now)
    _want_card(session, agreed, now)
    return agreed


def _put_in_force(session: Session, agreed: Agreed, text: AgreementVersion, now: datetime) -> Agreed:
    text.state, text.in_force_at = "in_force", now
    session.add(text)
    session.flush()
    agreements.change(session, agreed.id, state="in_force")
    posts.schedule(session, agreed, now)
    ledger.note_on_agreement(session, agreed, "in_force", None, now, {"version": text.version})
    return agreements.by_id(session, agreed.workspace_id, agreed.id)


def _signatures(session: Session, row: models.Agreement | Standing) -> list[Signature]:
    return list(
        session.scalars(
            select(Signature).where(
                col(Signature.workspace_id) == row.workspace_id,
                col(Signature.agreement_id) == row.id,
                col(Signature.version) == row.version,
            )
        )
    )


def _want_card(session: Session, agreed: Agreed, now: datetime) -> None:
    if agreed.row.channel_id:
        notices.want(
            session,
            workspace_id=agreed.workspace_id,
            agreement_id=agreed.id,
            key=f"signing:{agreed.id}:{agreed.row.version}",
            kind="signing",
            place=agreed.row.channel_id,
            subject_id=agreed.id,
            now=now,
        )


def signing_fact(session: Session, agreed: Agreed) -> SigningFact:
    """Gather what the card shows on which both leads sign."""
    version = session.get_one(AgreementVersion, (agreed.workspace_id, agreed.id, agreed.row.version))
    signatures = _signatures(session, agreed.row)
    return SigningFact(
        agreement_id=agreed.id,
        name=agreed.document.name,
        version=version.version,
        sha256=version.sha256,
        proposed_by=version.proposed_by,
        leads={side: agreed.document.party(side).lead for side in Side},
        signed={Side(row.side): (row.user_id, row.signed_at) for row in signatures},
        state=agreed.row.state,
        goals=[
            (agreed.document.clause_of(f"goals.{index}") or "", goal)
            for index, goal in enumerate(agreed.document.goals)
        ],
        clocks=_clocks(agreed.document),
    )


def _clocks(document: Agreement) -> list[tuple[str, ClockKind, list[tuple[Tier, str]]]]:
    """List what each clock promises, tier by tier."""
    found = []
    for kind in ClockKind:
        targets = [(tier, text) for tier in Tier if (text := document.target_text(kind, tier))]
        if kind is ClockKind.ANSWER:
            targets = targets[:1]
        if targets:
            found.append((document.clause_of(f"clocks.{kind}") or "", kind, targets))
    return found
