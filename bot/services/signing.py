"""What the card of a version shows: what is signed, by whom, and what became of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.facts.agreement import SigningFact
from bot.facts.review import MeantFact
from bot.models import AgreementVersion
from bot.services import agreements, replay, signers, versions
from bot.services.agreements import Agreed
from bot.services.known import known
from sla_rules.agreement import Agreement
from sla_rules.compare import Change, changes
from sla_rules.kinds import ClockKind, Side, Tier
from sla_rules.promises import FORMS, Unit


def fact(
    session: Session, agreed: Agreed, version: int, now: datetime, *, reckons: bool = True
) -> SigningFact:
    """Gather the card of a version; a first one shows what stands in it, an amendment what it changes.

    What it would have meant is reckoned on request: that costs as much as a quarter has leads.
    """
    text = versions.named(session, agreed, version)
    document = agreements.parsed(text.text)
    is_first = text.based_on is None
    return SigningFact(
        agreement_id=agreed.id,
        name=document.name,
        version=version,
        sha256=text.sha256,
        proposed_by=text.proposed_by,
        leads=signers.signers(session, agreed, text),
        signed={
            side: (row.user_id, row.signed_at) for side, row in versions.signatures(session, text).items()
        },
        state=text.state,
        goals=[
            (document.clause_of(f"goals.{index}") or "", goal)
            for index, goal in enumerate(document.goals if is_first else ())
        ],
        clocks=_clocks(document) if is_first else (),
        changes=_changes(session, agreed, text, document),
        based_on=text.based_on,
        is_ending=text.is_ending,
        begins_at=text.begins_at,
        in_force_at=text.in_force_at,
        closed_by=text.closed_by,
        closed_because=text.closed_because,
        replaced_by=_replaced_by(session, agreed, text),
        meant=_meant(session, agreed, text, document, now) if reckons else (),
    )


def awaits(session: Session, agreed: Agreed, user: str) -> tuple[Side, int] | None:
    """Find the version that waits for this person's signature, and the side it would be for."""
    has_one = known(session, agreed.mark, "proposal", lambda: versions.proposal(session, agreed) is not None)
    text = versions.proposal(session, agreed) if has_one else None
    if text is None or text.state != versions.PROPOSED:
        return None
    signed = {side: row.user_id for side, row in versions.signatures(session, text).items()}
    try:
        return signers.side_signed_by(session, agreed, text, user, signed), text.version
    except UserError:
        return None


def _changes(
    session: Session, agreed: Agreed, text: AgreementVersion, document: Agreement
) -> Sequence[Change]:
    if text.based_on is None or text.is_ending:
        return ()
    before = versions.named(session, agreed, text.based_on)
    return changes(agreements.parsed(before.text), document)


def _meant(
    session: Session, agreed: Agreed, text: AgreementVersion, document: Agreement, now: datetime
) -> Sequence[MeantFact]:
    """Reckon what it would have meant, for as long as somebody has to decide on it.

    Of a goal that counts up, only whole periods tell anything; a quarter without leads tells nothing.
    """
    if text.state != versions.PROPOSED or text.is_ending:
        return ()
    found = replay.meant(session, agreed, document, now)
    if not any(one.of or one.was for one in found):
        return ()
    return [one for one in found if one.periods or FORMS[one.metric].unit in (Unit.SHARE, Unit.NUMBER)]


def _replaced_by(session: Session, agreed: Agreed, text: AgreementVersion) -> int | None:
    """Find the proposal that took the place of one which nobody withdrew."""
    if text.state != versions.WITHDRAWN or text.closed_by is not None:
        return None
    later = (
        one.version
        for one in agreements.versions(session, agreed.id, agreed.workspace_id)
        if one.version > text.version and one.state != versions.DRAFT
    )
    return next(later, None)


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
