"""The life of an agreement's versions: drafted, proposed, signed by both, in force, superseded or ended."""

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.facts.agreement import VersionFact
from bot.models import AgreementVersion, Signature
from bot.services import agreements, deliveries, effect, ledger, rights, signers
from bot.services.agreements import Agreed
from bot.services.effect import IN_FORCE, SIGNED
from bot.services.rights import Act
from sla_rules.agreement import Agreement
from sla_rules.kinds import Side

DRAFT, PROPOSED = "draft", "proposed"
DECLINED, WITHDRAWN = "declined", "withdrawn"
OPEN = (PROPOSED, SIGNED)
AHEAD = timedelta(days=366)
"""How far ahead a version may begin."""
LONGEST_REASON = 500


# ---- reading


def open_draft(session: Session, agreed: Agreed) -> AgreementVersion | None:
    """Find the text that is being written, which both sides share."""
    return effect.newest(session, agreed, (DRAFT,))


def proposal(session: Session, agreed: Agreed) -> AgreementVersion | None:
    """Find what waits for signatures, or is signed and begins later."""
    return effect.newest(session, agreed, OPEN)


def text_to_edit(session: Session, agreed: Agreed) -> str:
    """Give the text to go on from: the draft's, else the proposal's, else the one that speaks."""
    found = open_draft(session, agreed) or proposal(session, agreed)
    return found.text if found and not found.is_ending else named(session, agreed, agreed.row.version).text


def named(session: Session, agreed: Agreed, number: int) -> AgreementVersion:
    """Read a version by its number. Raises UserError."""
    found = session.get(AgreementVersion, (agreed.workspace_id, agreed.id, number))
    if found is None:
        raise UserError("no_such_version", number=number)
    return found


def history(session: Session, agreed: Agreed) -> list[VersionFact]:
    """List all versions, the newest first: who proposed and signed them, and what became of them."""
    found = agreements.versions(session, agreed.id, agreed.workspace_id)
    return [_fact(session, agreed, version) for version in reversed(found)]


def signatures(session: Session, text: AgreementVersion) -> dict[Side, Signature]:
    """Read who signed a version."""
    rows = session.scalars(
        select(Signature).where(
            col(Signature.workspace_id) == text.workspace_id,
            col(Signature.agreement_id) == text.agreement_id,
            col(Signature.version) == text.version,
        )
    )
    return {Side(row.side): row for row in rows}


def _fact(session: Session, agreed: Agreed, text: AgreementVersion) -> VersionFact:
    return VersionFact(
        version=text.version,
        state=text.state,
        is_ending=text.is_ending,
        sha256=text.sha256,
        based_on=text.based_on,
        proposed_by=text.proposed_by,
        proposed_at=text.proposed_at,
        signed={side: (row.user_id, row.signed_at) for side, row in signatures(session, text).items()},
        begins_at=text.begins_at,
        in_force_at=text.in_force_at,
        closed_by=text.closed_by,
        closed_because=text.closed_because,
        speaks=text.version == agreed.row.version,
    )


# ---- writing


def save_draft(session: Session, agreed: Agreed, text: str, user: str, now: datetime) -> AgreementVersion:
    """Keep a text that is being written; whoever of the parties writes last replaces it.

    Raises AgreementFaults for a text with faults, UserError for one that changes nothing.
    """
    rights.require(session, agreed, user, Act.AMEND)
    spoken = named(session, agreed, agreed.row.version)
    # What was declined or withdrawn before anything was signed may be proposed again as it is.
    if text == spoken.text and spoken.state not in (DECLINED, WITHDRAWN):
        raise UserError("nothing_changed")
    return write_draft(session, agreed, text, user, now)


def write_draft(session: Session, agreed: Agreed, text: str, user: str, now: datetime) -> AgreementVersion:
    """Keep a draft, whoever writes it. Raises AgreementFaults."""
    document = Agreement.parse(text)
    draft = open_draft(session, agreed) or _new(session, agreed, user, now)
    draft.text, draft.sha256 = text, hash_of(text)
    draft.days_off = [day.isoformat() for day in document.expand_days_off(now.date())]
    draft.based_on = agreed.row.version if agreed.history else None
    draft.proposed_by, draft.proposed_at = user, now
    session.add(draft)
    session.flush()
    return draft


def first_draft(
    session: Session, workspace_id: int, agreement_id: int, text: str, user: str, now: datetime
) -> None:
    """Keep the first text of an agreement that has just been made. Raises AgreementFaults."""
    days_off = [day.isoformat() for day in Agreement.parse(text).expand_days_off(now.date())]
    draft = AgreementVersion(
        workspace_id=workspace_id,
        agreement_id=agreement_id,
        version=1,
        text=text,
        sha256=hash_of(text),
        days_off=days_off,
        state=DRAFT,
        proposed_by=user,
        proposed_at=now,
    )
    session.add(draft)
    session.flush()


def _new(session: Session, agreed: Agreed, user: str, now: datetime) -> AgreementVersion:
    """Begin a version, with the text that speaks."""
    speaking = named(session, agreed, agreed.row.version)
    last = max(version.version for version in agreements.versions(session, agreed.id, agreed.workspace_id))
    return AgreementVersion(
        workspace_id=agreed.workspace_id,
        agreement_id=agreed.id,
        version=last + 1,
        text=speaking.text,
        sha256=speaking.sha256,
        days_off=speaking.days_off,
        state=DRAFT,
        based_on=agreed.row.version if agreed.history else None,
        proposed_by=user,
        proposed_at=now,
    )


def hash_of(text: str) -> str:
    """Give what a signature is on."""
    return sha256(text.encode()).hexdigest()


# ---- proposing


def propose(
    session: Session,
    agreed: Agreed,
    user: str,
    now: datetime,
    *,
    delivery: str,
    begins_on: date | None = None,
) -> AgreementVersion:
    """Put the draft to both leads; what was proposed before is withdrawn, and its signatures are void."""
    if (earlier := deliveries.find(session, agreed.workspace_id, delivery)) is not None:
        return named(session, agreed, earlier.made or 0)
    rights.require(session, agreed, user, Act.AMEND)
    draft = open_draft(session, agreed)
    if draft is None:
        raise UserError("no_draft")
    draft.begins_at = _begins_at(agreed, begins_on, now)
    put_up(session, agreed, draft, user, now)
    deliveries.remember(session, agreed.workspace_id, delivery, now, made=draft.version)
    return draft


def propose_text(
    session: Session,
    agreed: Agreed,
    text: str,
    user: str,
    now: datetime,
    *,
    delivery: str,
    begins_on: date | None = None,
) -> AgreementVersion:
    """Write and propose a whole text in one act. Raises AgreementFaults, UserError."""
    if deliveries.find(session, agreed.workspace_id, delivery) is None:
        save_draft(session, agreed, text, user, now)
    return propose(session, agreed, user, now, delivery=delivery, begins_on=begins_on)


def propose_end(
    session: Session,
    agreed: Agreed,
    user: str,
    now: datetime,
    *,
    delivery: str,
    ends_on: date | None = None,
) -> AgreementVersion:
    """Propose that the agreement ends; both leads sign it like any other change."""
    if (earlier := deliveries.find(session, agreed.workspace_id, delivery)) is not None:
        return named(session, agreed, earlier.made or 0)
    rights.require(session, agreed, user, Act.AMEND)
    if agreed.row.state != IN_FORCE:
        raise UserError("nothing_to_end")
    ending = _new(session, agreed, user, now)
    ending.is_ending, ending.begins_at = True, _begins_at(agreed, ends_on, now)
    put_up(session, agreed, ending, user, now)
    deliveries.remember(session, agreed.workspace_id, delivery, now, made=ending.version)
    return ending


def put_up(session: Session, agreed: Agreed, text: AgreementVersion, user: str, now: datetime) -> None:
    """Post a version for both leads to sign; while nothing is signed, it is the one that speaks."""
    _close_former(session, agreed, now)
    text.state, text.proposed_by, text.proposed_at = PROPOSED, user, now
    text.based_on = agreed.row.version if agreed.history else None
    session.add(text)
    session.flush()
    if agreed.row.state == "trial":
        effect.let_speak(session, agreed, text)
    data = {"version": text.version, "sha256": text.sha256, "is_ending": text.is_ending}
    ledger.note_on_agreement(session, agreed, "proposed", user, now, data)
    effect.want_card(session, agreed, text.version, now)


def _close_former(session: Session, agreed: Agreed, now: datetime) -> None:
    former = proposal(session, agreed)
    if former is None:
        return
    if former.state == SIGNED:
        raise _signed_waits(former)
    _close(session, agreed, former, WITHDRAWN, None, now)


def _signed_waits(text: AgreementVersion) -> UserError:
    return UserError("signed_waits", version=text.version, begins_at=text.begins_at, is_ending=text.is_ending)


def _begins_at(agreed: Agreed, begins_on: date | None, now: datetime) -> datetime | None:
    """Give the first instant of a day to come in the agreement's zone; today is at once."""
    today = agreed.today(now)
    if begins_on is None or begins_on == today:
        return None
    if not today < begins_on <= today + AHEAD:
        raise UserError("begins_unclear", day=begins_on)
    midnight = datetime.combine(begins_on, time(), ZoneInfo(agreed.document.calendar.zone))
    return datetime.fromtimestamp(midnight.timestamp(), UTC)


# ---- signing, declining, withdrawing


def sign(session: Session, agreed: Agreed, version: int, text_hash: str, user: str, now: datetime) -> Agreed:
    """Sign exactly the text with this hash for one's side; both signatures put it into force."""
    rights.refuse_known_outsider(session, agreed.workspace_id, user)
    text = to_sign(session, agreed, version, text_hash)
    signed = {side: row.user_id for side, row in signatures(session, text).items()}
    side = signers.side_signed_by(session, agreed, text, user, signed)
    session.add(
        Signature(
            workspace_id=agreed.workspace_id,
            agreement_id=agreed.id,
            version=version,
            side=side,
            user_id=user,
            sha256=text_hash,
            signed_at=now,
        )
    )
    session.flush()
    data = {"version": version, "sha256": text_hash, "side": side.value}
    ledger.note_on_agreement(session, agreed, "signed", user, now, data)
    if {*signed, side} == set(Side):
        effect.take(session, agreed, text, now)
    effect.want_card(session, agreed, version, now)
    return agreements.by_id(session, agreed.workspace_id, agreed.id)


def to_sign(session: Session, agreed: Agreed, version: int, text_hash: str) -> AgreementVersion:
    """Find the proposal that somebody saw. Raises UserError where it is no longer to be signed."""
    text = session.get(AgreementVersion, (agreed.workspace_id, agreed.id, version))
    if text is None or text.sha256 != text_hash:
        raise UserError("text_changed")
    if text.state in (DECLINED, WITHDRAWN):
        raise UserError(f"proposal_{text.state}", version=version)
    if text.state != PROPOSED:
        raise UserError("signed_already")
    return text


def decline(
    session: Session,
    agreed: Agreed,
    version: int,
    text_hash: str,
    user: str,
    because: str,
    now: datetime,
) -> AgreementVersion:
    """Close a proposal unsigned, as one of those who would sign it, with the reason."""
    text = may_decline(session, agreed, version, text_hash, user)
    if not because:
        raise UserError("decline_reason_missing", field="because")
    if len(because) > LONGEST_REASON:
        raise UserError("text_too_long", field="because", most=LONGEST_REASON)
    text.closed_because = because
    _close(session, agreed, text, DECLINED, user, now)
    return text


def may_decline(
    session: Session, agreed: Agreed, version: int, text_hash: str, user: str
) -> AgreementVersion:
    """Find the proposal to decline. Raises UserError for whoever does not sign it."""
    rights.refuse_known_outsider(session, agreed.workspace_id, user)
    text = to_sign(session, agreed, version, text_hash)
    # Asked as if nobody had signed: who signed may still think better of it.
    signers.side_signed_by(session, agreed, text, user, {})
    return text


def withdraw(session: Session, agreed: Agreed, user: str, now: datetime) -> AgreementVersion:
    """Take a proposal back, as who made it or as the lead of their side."""
    rights.refuse_known_outsider(session, agreed.workspace_id, user)
    text = proposal(session, agreed)
    if text is None:
        raise UserError("no_proposal")
    if text.state == SIGNED:
        raise _signed_waits(text)
    side = agreed.side_of(text.proposed_by)
    lead = signers.signers(session, agreed, text)[side] if side else None
    if user not in (text.proposed_by, lead):
        raise UserError("not_the_proposer", author=text.proposed_by)
    _close(session, agreed, text, WITHDRAWN, user, now)
    return text


def _close(
    session: Session, agreed: Agreed, text: AgreementVersion, state: str, user: str | None, now: datetime
) -> None:
    """Close a proposal unsigned; nobody closes one that a newer one replaces."""
    text.state, text.closed_by = state, user
    session.add(text)
    session.flush()
    ledger.note_on_agreement(session, agreed, state, user, now, {"version": text.version})
    effect.want_card(session, agreed, text.version, now)


# ---- in force, superseded, ended


def begin(session: Session, agreed: Agreed, now: datetime) -> datetime | None:
    """Put a version that both signed into force on its day; a step of the agreement's life."""
    text = proposal(session, agreed)
    if text is None or text.state != SIGNED or text.begins_at is None:
        return None
    if text.begins_at > now:
        return text.begins_at
    effect.begin(session, agreed, text, effect.since(session, agreed, text.begins_at, now), now)
    return None
