"""What follows when both sides have signed: a text comes into force, waits for its day, or ends all."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.models import AgreementVersion, Event
from bot.services import agreements, ledger, notices, posts
from bot.services.agreements import Agreed

SIGNED, IN_FORCE, SUPERSEDED, ENDED = "signed", "in_force", "superseded", "ended"


def take(session: Session, agreed: Agreed, text: AgreementVersion, now: datetime) -> None:
    """Do what both have just signed: wait for its day, or begin at once; never for a time that is gone."""
    if text.begins_at is not None and text.begins_at > now:
        text.state = SIGNED
        session.add(text)
        agreements.change(session, agreed.workspace_id, agreed.id, look_at=now)
        want_card(session, agreed, text.version, now)
    else:
        begin(session, agreed, text, now, now)


def begin(session: Session, agreed: Agreed, text: AgreementVersion, since: datetime, now: datetime) -> None:
    """Let a text rule, or end the agreement."""
    if text.is_ending:
        _end(session, agreed, text, since, now)
    else:
        _put_in_force(session, agreed, text, since, now)
    want_card(session, agreed, text.version, now)


def _put_in_force(
    session: Session, agreed: Agreed, text: AgreementVersion, since: datetime, now: datetime
) -> None:
    _leave(session, agreed, SUPERSEDED, now)
    days_off = agreements.parsed(text.text).expand_days_off(agreed.today(now))
    text.days_off = [day.isoformat() for day in days_off]
    text.state, text.in_force_at = IN_FORCE, since
    session.add(text)
    session.flush()
    let_speak(session, agreed, text)
    agreements.change(session, agreed.workspace_id, agreed.id, state=IN_FORCE, look_at=now)
    posts.schedule(session, agreements.by_id(session, agreed.workspace_id, agreed.id), now)
    ledger.note_on_agreement(session, agreed, "in_force", None, now, {"version": text.version})


def _end(session: Session, agreed: Agreed, text: AgreementVersion, since: datetime, now: datetime) -> None:
    """End the agreement: its clocks run out, nothing new begins, and nothing is posted any more."""
    _leave(session, agreed, ENDED, now)
    text.state, text.begins_at = ENDED, since
    session.add(text)
    ended = {"state": ENDED, "next_daily_at": None, "next_digest_at": None}
    agreements.change(session, agreed.workspace_id, agreed.id, **ended)
    ledger.note_on_agreement(session, agreed, "ended", None, now, {"version": text.version})


def _leave(session: Session, agreed: Agreed, state: str, now: datetime) -> None:
    """Close the version that was in force, if there was one."""
    former = newest(session, agreed, (IN_FORCE,))
    if former is not None:
        former.state = state
        session.add(former)
        session.flush()
        want_card(session, agreed, former.version, now)


def let_speak(session: Session, agreed: Agreed, text: AgreementVersion) -> None:
    """Make a text the one that speaks, with its name and its language."""
    document = agreements.parsed(text.text)
    speaking = {"version": text.version, "name": document.name, "locale": document.locale}
    agreements.change(session, agreed.workspace_id, agreed.id, **speaking)


def since(session: Session, agreed: Agreed, begins_at: datetime, now: datetime) -> datetime:
    """Say from when a version holds: its day, unless something was recorded since under the former one."""
    last = session.scalar(
        select(func.max(col(Event.recorded_at))).where(
            col(Event.workspace_id) == agreed.workspace_id,
            col(Event.agreement_id) == agreed.id,
            col(Event.handoff_id).is_not(None),
            col(Event.happened_at) >= begins_at,
        )
    )
    return begins_at if last is None else now


def want_card(session: Session, agreed: Agreed, version: int, now: datetime) -> None:
    """Ask for the card of a version to be posted, or to be made true again."""
    notices.post(
        session,
        agreed,
        key=f"signing:{agreed.id}:{version}",
        kind="signing",
        subject_id=version,
        now=now,
    )


def newest(session: Session, agreed: Agreed, states: tuple[str, ...]) -> AgreementVersion | None:
    """Find the version in one of these states; of several the newest."""
    return session.scalar(
        select(AgreementVersion)
        .where(
            col(AgreementVersion.workspace_id) == agreed.workspace_id,
            col(AgreementVersion.agreement_id) == agreed.id,
            col(AgreementVersion.state).in_(states),
        )
        .order_by(col(AgreementVersion.version).desc())
        .limit(1)
    )
