"""Who signs a version for each side, and why anybody else does not."""

from collections.abc import Mapping

from sqlmodel import Session

from bot.errors import UserError
from bot.models import AgreementVersion
from bot.services import agreements, rights
from bot.services.agreements import Agreed
from sla_rules.agreement import Agreement
from sla_rules.kinds import Side


def signers(session: Session, agreed: Agreed, text: AgreementVersion) -> Mapping[Side, str | None]:
    """Name who signs for each side: the lead by the text in force, or by this text while none is.

    For a lead who left or turned out to be a guest, the side's manager signs; where neither can, whom this
    text makes lead, if they belong to that side already.
    """
    proposed = agreements.parsed(text.text)
    return {side: _signer(session, agreed, proposed, side) for side in Side}


def ruling(agreed: Agreed, proposed: Agreement) -> Agreement:
    """Give the text that says who signs."""
    return agreed.document if agreed.row.state == "in_force" else proposed


def _side_of(agreed: Agreed, proposed: Agreement, user: str) -> Side | None:
    return ruling(agreed, proposed).side_of(user, agreed.groups)


def _signer(session: Session, agreed: Agreed, proposed: Agreement, side: Side) -> str | None:
    party, heir = ruling(agreed, proposed).party(side), proposed.party(side).lead
    named = [party.lead, party.manager]
    if _side_of(agreed, proposed, heir) is side:
        named.append(heir)
    return next((who for who in named if not rights.is_outsider(session, agreed.workspace_id, who)), None)


def side_signed_by(
    session: Session, agreed: Agreed, text: AgreementVersion, user: str, signed: Mapping[Side, str]
) -> Side:
    """Say for which side somebody signs; `signed` is who did. Raises UserError with the reason why not."""
    named = signers(session, agreed, text)
    sides = [side for side in Side if named[side] == user]
    if not sides:
        raise _why_not(session, agreed, text, user, named)
    _refuse_unknown(session, agreed.workspace_id, user)
    side = next((side for side in sides if side not in signed), sides[0])
    if side in signed:
        raise UserError("signed_already")
    own = _side_of(agreed, agreements.parsed(text.text), text.proposed_by)
    if user in signed.values() or (user == text.proposed_by and own not in (None, side)):
        raise UserError("one_side_only", side=side)
    return side


def _refuse_unknown(session: Session, workspace_id: int, user: str) -> None:
    person = rights.person_of(session, workspace_id, user)
    if person is None or person.refreshed_at is None:
        raise UserError("unknown_person")


def _why_not(
    session: Session,
    agreed: Agreed,
    text: AgreementVersion,
    user: str,
    named: Mapping[Side, str | None],
) -> UserError:
    proposed = agreements.parsed(text.text)
    for side in Side:
        if proposed.is_lead(user, side):
            return UserError("lead_later", side=side, lead=named[side])
        if _was_lead(session, agreed, user, side):
            return UserError("former_lead", side=side, lead=named[side])
    if _side_of(agreed, proposed, user) is None:
        _refuse_unknown(session, agreed.workspace_id, user)
        return UserError("not_a_party")
    return UserError("only_leads_sign", **{side.value: named[side] or "" for side in Side})


def _was_lead(session: Session, agreed: Agreed, user: str, side: Side) -> bool:
    """Say whether somebody led a side by a version that was in force."""
    return any(
        agreements.parsed(version.text).is_lead(user, side)
        for version in agreements.versions(session, agreed.id, agreed.workspace_id)
        if version.in_force_at is not None
    )
