"""The review of an agreement: a reminder, the pack on its day, and what is answered to its drafts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.facts.review import DraftFact, ReviewFact
from bot.models import AgreementVersion, Notice
from bot.services import deliveries, drafts, ledger, notices, pack, posts, rights, versions
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules.kinds import Side

REMINDED_BEFORE = timedelta(weeks=1)
FAR = timedelta(days=180)
"""Days further ahead may be beyond those expanded for the version: it is looked at again."""
DRAFTS = TypeAdapter(tuple[DraftFact, ...])
QUICKLY, WITHIN_AN_ACT = 5_000, 20_000
"""Leads folded anew where somebody waits for the answer, and where others wait to write."""
KEPT, PROPOSED = "kept", "proposed"


def step(session: Session, agreed: Agreed, now: datetime) -> datetime | None:
    """Remind both leads a week before, and post the pack on the day; a step of the agreement's life."""
    review_on = agreed.document.cadence.review
    if not _is_to_come(session, agreed, review_on):
        return None
    if agreed.today(now) + FAR < review_on:
        return now + FAR / 2
    remind_at = posts.at_digest_time(agreed, review_on - REMINDED_BEFORE)
    pack_at = posts.at_digest_time(agreed, review_on)
    if now < pack_at:
        if now < remind_at:
            return remind_at
        _remind(session, agreed, now)
        return pack_at
    # One that was missed waits for a day without another post.
    turn_at = now if agreed.today(pack_at) == agreed.today(now) else posts.free_at(session, agreed, now)
    if turn_at <= now:
        _post(session, agreed, now)
        return None
    return turn_at


def _is_to_come(session: Session, agreed: Agreed, review_on: date) -> bool:
    if agreed.row.state != "in_force" or agreed.calendar.local_date(agreed.history[0][0]) > review_on:
        return False
    return find(session, agreed, review_on) is None


def fact(session: Session, agreed: Agreed, about: dict[str, Any], now: datetime) -> ReviewFact:
    """Give the pack as it was posted, with what was answered to its drafts."""
    start_on, end_on = (date.fromisoformat(about[name]) for name in ("start", "end"))
    told = pack.fact(session, agreed, start_on, end_on, _drafts(about), now)
    return replace(told, review_on=date.fromisoformat(about["review"]))


def preview(session: Session, agreed: Agreed, now: datetime) -> ReviewFact:
    """Give the pack as it would be now."""
    start_on, end_on = pack.days(session, agreed, now)
    found = drafts.drafted(session, agreed, start_on, end_on, now, most_leads=QUICKLY)
    return pack.fact(session, agreed, start_on, end_on, found, now, is_preview=True)


def find(session: Session, agreed: Agreed, review_on: date) -> Notice | None:
    """Find the pack that was posted for a date."""
    return session.scalar(
        select(Notice).where(
            col(Notice.workspace_id) == agreed.workspace_id, col(Notice.key) == _key(agreed, review_on)
        )
    )


def propose(
    session: Session, agreed: Agreed, review_on: date, number: int, user: str, now: datetime, *, delivery: str
) -> AgreementVersion:
    """Propose a draft of the pack by one press."""
    if (earlier := deliveries.find(session, agreed.workspace_id, delivery)) is not None:
        return versions.named(session, agreed, earlier.made or 0)
    notice, found = _answerable(session, agreed, review_on, number, user)
    version = drafts.propose(session, agreed, found[number : number + 1], user, now, delivery=delivery)
    _answer(session, agreed, notice, found, number, (PROPOSED, user), now)
    return version


def keep(session: Session, agreed: Agreed, review_on: date, number: int, user: str, now: datetime) -> None:
    """Note that a clause stays as it is."""
    notice, found = _answerable(session, agreed, review_on, number, user)
    if found[number].answer == KEPT:
        return
    data = {"review": review_on.isoformat(), "draft": number}
    ledger.note_on_agreement(session, agreed, "kept", user, now, data)
    _answer(session, agreed, notice, found, number, (KEPT, user), now)


def _answerable(
    session: Session, agreed: Agreed, review_on: date, number: int, user: str
) -> tuple[Notice, tuple[DraftFact, ...]]:
    rights.require(session, agreed, user, Act.AMEND)
    notice = find(session, agreed, review_on)
    found = _drafts(notice.about) if notice else ()
    if notice is None or not 0 <= number < len(found):
        raise UserError("draft_outdated", clause="")
    if found[number].answer == PROPOSED:
        raise UserError("draft_proposed", person=found[number].by)
    return notice, found


def _answer(
    session: Session,
    agreed: Agreed,
    notice: Notice,
    found: tuple[DraftFact, ...],
    number: int,
    answer: tuple[str, str],
    now: datetime,
) -> None:
    said, by = answer
    told = [replace(one, answer=said, by=by) if n == number else one for n, one in enumerate(found)]
    notice.about = {**notice.about, "drafts": _stored(told)}
    session.add(notice)
    session.flush()
    notices.bump(session, agreed.workspace_id, notice.key, now)


# ---- what is said


def _remind(session: Session, agreed: Agreed, now: datetime) -> None:
    review_on = agreed.document.cadence.review.isoformat()
    about = {"review": review_on}
    for lead in leads(agreed):
        key = f"review_reminder:{agreed.id}:{review_on}:{lead}"
        want_once(session, agreed, key, "review_reminder", lead, about, now)


def _post(session: Session, agreed: Agreed, now: datetime) -> None:
    start_on, end_on = pack.days(session, agreed, now)
    review_on = agreed.document.cadence.review
    about = {
        "review": review_on.isoformat(),
        "start": start_on.isoformat(),
        "end": end_on.isoformat(),
    }
    found = drafts.drafted(session, agreed, start_on, end_on, now, most_leads=WITHIN_AN_ACT)
    place = agreed.row.channel_id or agreed.document.party(Side.MARKETING).lead
    want_once(
        session, agreed, _key(agreed, review_on), "review", place, {**about, "drafts": _stored(found)}, now
    )
    for lead in leads(agreed):
        want_once(
            session,
            agreed,
            f"review_people:{agreed.id}:{review_on}:{lead}",
            "review_people",
            lead,
            about,
            now,
        )
    data = {"review": review_on.isoformat()}
    ledger.note_on_agreement(session, agreed, pack.REVIEWED, None, now, data)


def leads(agreed: Agreed) -> Sequence[str]:
    """Name who signs for each side."""
    return [agreed.document.party(side).lead for side in Side]


def want_once(
    session: Session, agreed: Agreed, key: str, kind: str, place: str, about: dict[str, Any], now: datetime
) -> None:
    """Ask for a message unless it is there already."""
    if not notices.exists(session, agreed.workspace_id, key):
        notices.want(
            session,
            workspace_id=agreed.workspace_id,
            agreement_id=agreed.id,
            key=key,
            kind=kind,
            place=place,
            person=None if place == agreed.row.channel_id else place,
            about=about,
            now=now,
        )


def _key(agreed: Agreed, review_on: date) -> str:
    return f"review:{agreed.id}:{review_on}"


def _drafts(about: dict[str, Any]) -> tuple[DraftFact, ...]:
    return DRAFTS.validate_python(about["drafts"])


def _stored(found: Sequence[DraftFact]) -> list[Any]:
    """Write drafts as JSON holds them."""
    plain: list[Any] = DRAFTS.dump_python(tuple(found), mode="json")
    return plain
