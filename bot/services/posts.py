"""The posts an agreement schedules: a deadline is a column, and each local day has one post at the most."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, or_, select
from sqlmodel import Session, col

from bot import models
from bot.services import agreements, digest, figures, moved, notices, workspaces
from bot.services.agreements import Agreed
from sla_rules.hours import WEEKDAYS
from sla_rules.kinds import Per

DAYS_SEARCHED = 366
NEAR_DAYS = 31
"""No run of days off is longer than this."""
NEARLY_A_WEEK = timedelta(days=4)
"""From its fifth day on, Friday where weeks begin on Monday, a week is told while it still runs."""


def due(session: Session, now: datetime) -> list[tuple[int, int]]:
    """List (workspace, agreement) with a post to make."""
    rows = session.execute(
        select(col(models.Agreement.workspace_id), col(models.Agreement.id)).where(
            or_(col(models.Agreement.next_daily_at) <= now, col(models.Agreement.next_digest_at) <= now),
            workspaces.serves(col(models.Agreement.workspace_id)),
        )
    )
    return [(workspace_id, agreement_id or 0) for workspace_id, agreement_id in rows]


def post(session: Session, agreed: Agreed, now: datetime) -> None:
    """Leave the notices that are due, and say when the next ones are.

    A post missed by more than its own local day is not made good: the next one says what there is to say.
    """
    today, row = agreed.today(now), agreed.row
    if row.next_digest_at is not None and row.next_digest_at <= now:
        if _is_of_today(next_digest, agreed, row.next_digest_at, now):
            _digest(session, agreed, today, now)
        agreements.change(
            session, agreed.workspace_id, agreed.id, next_digest_at=_first(next_digest, agreed, now)
        )
    if row.next_daily_at is not None and row.next_daily_at <= now:
        is_due = _is_of_today(next_daily, agreed, row.next_daily_at, now)
        if is_due and not _has_posted(session, agreed, today, ("review",)):
            _daily(session, agreed, today, now)
        agreements.change(
            session, agreed.workspace_id, agreed.id, next_daily_at=_first(next_daily, agreed, now)
        )


def schedule(session: Session, agreed: Agreed, now: datetime) -> None:
    """Set the first posts of an agreement that has just come into force."""
    agreements.change(
        session,
        agreed.workspace_id,
        agreed.id,
        next_daily_at=_first(next_daily, agreed, now),
        next_digest_at=_first(next_digest, agreed, now),
    )


def _is_of_today(
    find: Callable[[Agreed, date], datetime], agreed: Agreed, due_at: datetime, now: datetime
) -> bool:
    """Say whether the post that was due is today's; after days of silence, whether today's own is due too."""
    today = agreed.today(now)
    found = due_at if agreed.today(due_at) == today else find(agreed, today)
    return agreed.today(found) == today and found <= now


def _first(find: Callable[[Agreed, date], datetime], agreed: Agreed, now: datetime) -> datetime:
    """Find the first post after an instant: today's, if its time is still to come."""
    today = agreed.today(now)
    found = find(agreed, today)
    return found if found > now else find(agreed, _after(today))


def next_daily(agreed: Agreed, day: date) -> datetime:
    """Find the next daily progress from a day on: a working day without digest or review pack."""
    for offset in range(DAYS_SEARCHED):
        found = day + timedelta(days=offset)
        others = (agreed.today(next_digest(agreed, found)), review_day(agreed, found))
        if agreed.calendar.works_on(found) and found not in others:
            return _at(agreed, found, _daily_time(agreed))
    return _at(agreed, day + timedelta(days=DAYS_SEARCHED), _daily_time(agreed))


def next_digest(agreed: Agreed, day: date) -> datetime:
    """Find the next digest from a day on: its day of the week, or the next working day without a pack."""
    wanted = WEEKDAYS.index(agreed.document.cadence.digest.weekday)
    monday = day - timedelta(days=7)
    for offset in range(DAYS_SEARCHED):
        found = monday + timedelta(days=offset)
        if found.weekday() == wanted and (posted := _digest_day(agreed, found)) >= day:
            return _at(agreed, posted, agreed.document.cadence.digest.at)
    return _at(agreed, day + timedelta(days=DAYS_SEARCHED), agreed.document.cadence.digest.at)


def review_day(agreed: Agreed, day: date) -> date | None:
    """Give the day of the review pack, the date agreed or the next working day, where this day is near it."""
    review_on = agreed.document.cadence.review
    return _working_day(agreed, review_on) if abs((day - review_on).days) <= NEAR_DAYS else None


def at_digest_time(agreed: Agreed, day: date) -> datetime:
    """Give the digest's time on a day, or on the next working day."""
    return _at(agreed, _working_day(agreed, day), agreed.document.cadence.digest.at)


def free_at(session: Session, agreed: Agreed, now: datetime) -> datetime:
    """Find from when on one more scheduled post is the only one of its day: now, or another day."""
    today, digest_at = agreed.today(now), agreed.row.next_digest_at
    is_taken = _has_posted(session, agreed, today, ("daily", "digest", "review"))
    if is_taken or (digest_at is not None and agreed.today(digest_at) == today):
        return at_digest_time(agreed, _after(today))
    found = max(now, at_digest_time(agreed, today))
    return found if agreed.calendar.is_open(found) else at_digest_time(agreed, _after(today))


def _has_posted(session: Session, agreed: Agreed, today: date, kinds: Sequence[str]) -> bool:
    start_at, end_at = agreed.calendar.day_bounds(today)
    asked = {
        "workspace_id": agreed.workspace_id,
        "agreement_id": agreed.id,
        "kinds": kinds,
        "start_at": start_at,
        "end_at": end_at,
    }
    return session.scalar(_posting(), asked) is not None


@cache
def _posting() -> Select[Any]:
    posted = models.table_of(models.Notice).c
    return (
        select(posted.id)
        .where(
            posted.workspace_id == bindparam("workspace_id"),
            posted.agreement_id == bindparam("agreement_id"),
            posted.kind.in_(bindparam("kinds", expanding=True)),
            posted.created_at >= bindparam("start_at"),
            posted.created_at < bindparam("end_at"),
        )
        .limit(1)
    )


def _digest_day(agreed: Agreed, day: date) -> date:
    posted = _working_day(agreed, day)
    return posted if posted != review_day(agreed, posted) else _working_day(agreed, _after(posted))


def week_told(agreed: Agreed, day: date) -> date:
    """Say with which day the week begins that a digest on this day tells: the last whole one."""
    this_week = figures.period(agreed, Per.WEEK, day)
    is_nearly_over = day - this_week.start_on >= NEARLY_A_WEEK
    return this_week.start_on if is_nearly_over else this_week.start_on - timedelta(days=7)


def _daily(session: Session, agreed: Agreed, today: date, now: datetime) -> None:
    key = notices.daily_key(agreed.id, today)
    notices.post(session, agreed, key=key, kind="daily", about={"day": today.isoformat()}, now=now)


def _digest(session: Session, agreed: Agreed, today: date, now: datetime) -> None:
    start_on = week_told(agreed, today)
    if not agreed.history or start_on + timedelta(days=7) <= agreed.calendar.local_date(agreed.history[0][0]):
        return  # that week was over before anything was agreed
    key = f"{moved.KIND}:{agreed.id}:{start_on}"
    if notices.exists(session, agreed.workspace_id, key):
        return  # what was told is not rewritten
    about = digest.to_post(session, agreed, start_on, now)
    notices.post(session, agreed, key=key, kind=moved.KIND, about=about, now=now)
    in_thread = f"{key}:thread"
    notices.post(session, agreed, key=in_thread, kind="digest_thread", thread_key=key, now=now)


def _working_day(agreed: Agreed, day: date) -> date:
    while not agreed.calendar.works_on(day):
        day = _after(day)
    return day


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _daily_time(agreed: Agreed) -> time:
    return agreed.document.cadence.daily


def _at(agreed: Agreed, day: date, at: time) -> datetime:
    """Give the instant of a local time; one that the clock change leaves out moves later."""
    local = datetime.combine(day, at, ZoneInfo(agreed.document.calendar.zone))
    return datetime.fromtimestamp(local.timestamp(), tz=UTC)
