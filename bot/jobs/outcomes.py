"""How a delivery can end, and what is written down for each end."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.answers import Ambiguous, Limited, Refused, Scope, Unreached
from bot.database import EPOCH
from bot.metrics import NOTICES
from bot.models import Notice
from bot.services import gates, outbox, own, trouble
from bot.services.outbox import Claim

log = logging.getLogger(__name__)

OnPosted = Callable[[Session, Notice, datetime], object]
"""What is written, in the same transaction, when a card became visible: (session, notice, its instant)."""

OUTAGE = timedelta(seconds=10)
EDIT_AGAIN = timedelta(seconds=30)
LOOK_AGAIN = timedelta(minutes=5)


def nothing_to_say(session: Session, claim: Claim) -> None:
    """Leave what stands in Slack as it is, and post nothing where nothing stands."""
    if claim.is_edit:
        outbox.settle(session, claim, state="shown", shown=claim.notice.wanted)
    else:
        outbox.settle(session, claim, state="superseded", error="nothing to say")


def accepted(session: Session, claim: Claim, shows: str, now: datetime) -> None:
    """Write down that an edit, a Home, or files are shown."""
    gates.pass_through(session, claim.notice.workspace_id, claim.gate, now)
    outbox.settle(
        session,
        claim,
        state="shown",
        shown=claim.notice.wanted,
        shows=shows,
        attempts=0,
        is_plain=False,
        error=None,
    )


def posted(
    session: Session, claim: Claim, place: tuple[str, str], shows: str, now: datetime, on_posted: OnPosted
) -> bool:
    """Write down a post's (channel id, ts); false where somebody else saw to it meanwhile."""
    gates.pass_through(session, claim.notice.workspace_id, claim.gate, now)
    is_ours = _visible(session, claim, place, claim.notice.wanted, on_posted, shows=shows)
    if is_ours and claim.was_uncertain:
        outbox.sweep_next(session, claim.notice, now, now)
    return is_ours


def found(session: Session, claim: Claim, place: tuple[str, str], on_posted: OnPosted) -> bool:
    """Write down a post that had landed; it may show an older state of things, so it is edited once more."""
    return _visible(session, claim, place, claim.notice.wanted - 1, on_posted)


def _visible(
    session: Session,
    claim: Claim,
    place: tuple[str, str],
    shown: int,
    on_posted: OnPosted,
    *,
    shows: str | None = None,
) -> bool:
    channel_id, ts = place
    is_ours = outbox.settle(
        session,
        claim,
        state="shown",
        shown=shown,
        shows=shows,
        channel_id=channel_id,
        ts=ts,
        attempts=0,
        is_plain=False,
        error=None,
    )
    if is_ours and claim.notice.kind == "card":
        notice = own.one(session, Notice, claim.notice.workspace_id, claim.notice.id)
        on_posted(session, notice, instant_of(ts))
    return is_ours


def not_sent(session: Session, claim: Claim, why: Exception, now: datetime) -> None:
    """Write down why it did not go out, and when it may be tried again."""
    workspace_id = claim.notice.workspace_id
    match why:
        case Refused():
            _refused(session, claim, why, now)
        case Limited():
            gates.close(session, workspace_id, claim.gate, now + timedelta(seconds=why.retry_after))
            outbox.put_back(session, claim)
        case Unreached():
            gates.close(session, workspace_id, gates.WORKSPACE, now + OUTAGE)
            outbox.put_back(session, claim, error=str(why))
        case Ambiguous():
            _doubtful(session, claim, why, now)


def not_rendered(session: Session, claim: Claim, why: Exception, now: datetime) -> None:
    """Put off what cannot be rendered, and give it up in the end."""
    log.error("notice %s could not be rendered", claim.notice.key, exc_info=why)
    _put_off(session, claim, "not_rendered", now)


def _refused(session: Session, claim: Claim, refusal: Refused, now: datetime) -> None:
    log.warning("notice %s refused: %s", claim.notice.key, refusal.code)
    notice, until = claim.notice, now + gates.PROBE
    is_home = notice.kind == "home"
    match refusal.scope:
        case Scope.WORKSPACE:
            gates.close(session, notice.workspace_id, gates.WORKSPACE, until, refusal.code)
            outbox.put_back(session, claim, error=refusal.code)
        case Scope.PLACE if not is_home:
            gates.close(session, notice.workspace_id, notice.place, until, refusal.code)
            outbox.settle(session, claim, state="parked", error=refusal.code)
            trouble.tell(session, notice, trouble.CLOSED, refusal.code, now)
        case Scope.MESSAGE:  # somebody deleted it: it does not rise again
            outbox.settle(session, claim, state="superseded", error=refusal.code)
        case Scope.CONTENT if not (notice.is_plain or is_home):
            outbox.put_back(session, claim, is_plain=True, error=refusal.code)
        case Scope.UNKNOWN:
            _put_off(session, claim, refusal.code, now)
        case _:
            _give_up(session, claim, refusal.code, now)


def _put_off(session: Session, claim: Claim, error: str, now: datetime) -> None:
    if outbox.was_last_try(claim):
        _give_up(session, claim, error, now)
    else:
        outbox.put_off(session, claim, error, now)


def _give_up(session: Session, claim: Claim, error: str, now: datetime) -> None:
    """Send it no more, so that it holds up nothing; somebody is told, and it is counted."""
    if outbox.settle(session, claim, state="dead", error=error):
        trouble.tell(session, claim.notice, trouble.NOT_SENT, error, now)
        NOTICES.labels(claim.notice.kind, "dead").inc()


def _doubtful(session: Session, claim: Claim, doubt: Ambiguous, now: datetime) -> None:
    gates.pass_through(session, claim.notice.workspace_id, claim.gate, now)
    if claim.is_edit:
        outbox.put_back(session, claim, error=str(doubt), shows=None, not_before=now + EDIT_AGAIN)
    elif claim.is_unkeyed:
        outbox.put_back(session, claim, is_plain=True, error=str(doubt))
    else:
        still_unsure(session, claim, str(doubt), now + outbox.SETTLE)


def still_unsure(session: Session, claim: Claim, error: str, look_at: datetime) -> None:
    """Keep the place for this post until it is known whether it landed."""
    outbox.settle(session, claim, state="uncertain", error=error, not_before=look_at)


def not_looked(session: Session, claim: Claim, why: Exception, now: datetime) -> None:
    """Write down why the look for a post brought nothing, and when to look again; guess never."""
    if isinstance(why, Limited):
        until = now + timedelta(seconds=why.retry_after)
        gates.close(session, claim.notice.workspace_id, gates.HISTORY, until)
        still_unsure(session, claim, str(why), until)
    elif isinstance(why, Refused) and why.scope is Scope.MESSAGE:  # its thread was deleted, and it with it
        outbox.settle(session, claim, state="superseded", error=why.code)
    else:
        wait = LOOK_AGAIN if isinstance(why, Refused) else outbox.SETTLE
        still_unsure(session, claim, str(why), now + wait)


def unreadable(session: Session, claim: Claim) -> None:
    """Leave a post alone whose fate cannot be found out: in such a place it is sent at most once."""
    outbox.settle(session, claim, state="unknown", error="history cannot be read")


def instant_of(ts: str) -> datetime:
    """Read the instant out of a message's ts, exactly."""
    seconds, micros = ts.split(".")
    return EPOCH + timedelta(seconds=int(seconds), microseconds=int(micros))
