"""The end of the observe weeks: targets proposed from what was seen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.facts.figures import PromiseFact
from bot.facts.review import DraftFact, SeenFact
from bot.models import AgreementVersion, Notice
from bot.services import deliveries, drafts, figures, notices, posts, review, rights, tallies, versions
from bot.services.agreements import Agreed
from bot.services.promised import Promised
from bot.services.rights import Act
from sla_rules import attainment, drift
from sla_rules.promises import Goal

ONE_DAY = timedelta(days=1)
OBSERVED = "observed"
SEEN = TypeAdapter(tuple[tuple[PromiseFact, DraftFact | None], ...])


def step(session: Session, agreed: Agreed, now: datetime) -> datetime | None:
    """Tell both leads what was seen, on the first working day after; a step of the agreement's life."""
    until = agreed.document.cadence.observe_until
    if until is None or agreed.row.state != "in_force" or _start_on(agreed) > until:
        return None
    if agreed.today(now) + review.FAR < until:
        return now + review.FAR / 2
    told_at = posts.at_digest_time(agreed, until + ONE_DAY)
    if now < told_at:
        return told_at
    if not _notices(session, agreed, until):
        _tell(session, agreed, until, now)
    return None


def fact(agreed: Agreed, about: dict[str, Any]) -> SeenFact:
    """Give what was seen, as it was told."""
    return SeenFact(
        agreement_id=agreed.id,
        name=agreed.document.name,
        start_on=date.fromisoformat(about["start"]),
        end_on=date.fromisoformat(about["end"]),
        targets=SEEN.validate_python(about["targets"]),
        is_proposed=about.get("proposed", False),
    )


def propose(
    session: Session, agreed: Agreed, until: date, user: str, now: datetime, *, delivery: str
) -> AgreementVersion:
    """Propose all targets that were seen in one text."""
    if (earlier := deliveries.find(session, agreed.workspace_id, delivery)) is not None:
        return versions.named(session, agreed, earlier.made or 0)
    rights.require(session, agreed, user, Act.AMEND)
    told = _notices(session, agreed, until)
    if not told:
        raise UserError("draft_outdated", clause="")
    found = fact(agreed, told[0].about)
    if found.is_proposed:
        raise UserError("targets_proposed")
    wanted = tuple(draft for _, draft in found.targets if draft)
    version = drafts.propose(session, agreed, wanted, user, now, delivery=delivery)
    for notice in told:
        notice.about = {**notice.about, "proposed": True}
        session.add(notice)
    session.flush()
    notices.bump_all(session, agreed.workspace_id, [notice.key for notice in told], now)
    return version


def _tell(session: Session, agreed: Agreed, until: date, now: datetime) -> None:
    start_on, end_on = _start_on(agreed), until + ONE_DAY
    text = versions.named(session, agreed, agreed.row.version).text
    targets = [
        _seen(session, agreed, text, goal, place, (start_on, end_on))
        for place, goal in enumerate(agreed.document.goals)
    ]
    about = {
        "start": start_on.isoformat(),
        "end": until.isoformat(),
        "targets": SEEN.dump_python(tuple(targets), mode="json"),
    }
    for lead in review.leads(agreed):
        review.want_once(session, agreed, f"{_key(agreed, until)}:{lead}", OBSERVED, lead, about, now)


def _seen(
    session: Session, agreed: Agreed, text: str, goal: Goal, place: int, days: tuple[date, date]
) -> tuple[PromiseFact, DraftFact | None]:
    """Hold a goal against what was seen; a count is brought to the length of its period."""
    clause = agreed.document.clause_of(f"goals.{place}") or ""
    part = figures.part_of(*days, goal.tier)
    promise = Promised(goal, goal.target, clause, place)
    found = figures.promise_fact(session, agreed, promise, part, tallies.sums(session, agreed, part))
    if goal.metric in attainment.COUNTS:
        value = (found.value or 0) * _share(agreed, goal, days)
        found = replace(found, value=value or None, is_kept=value >= goal.target if value else None)
    if found.value is None:
        return found, None
    path = ("goals", place, "target")
    old, new = drafts.written_at(text, path), drift.seen_target(goal, found.value)
    if new == drift.written(goal, goal.target):
        return found, None
    return found, DraftFact(code=OBSERVED, clause=clause, path=path, old=old, new=new)


def _share(agreed: Agreed, goal: Goal, days: tuple[date, date]) -> float:
    """Give how often these days' working time goes into the working time of the goal's period."""
    period = figures.period(agreed, goal.per, days[1])
    seen, whole = _worked(agreed, *days), _worked(agreed, period.start_on, period.end_on)
    return whole / seen if seen else 0


def _worked(agreed: Agreed, start_on: date, end_on: date) -> int:
    (start_at, _), (end_at, _) = agreed.calendar.day_bounds(start_on), agreed.calendar.day_bounds(end_on)
    return agreed.calendar.elapsed(start_at, end_at)


def _start_on(agreed: Agreed) -> date:
    return agreed.calendar.local_date(agreed.history[0][0])


def _notices(session: Session, agreed: Agreed, until: date) -> Sequence[Notice]:
    return session.scalars(
        select(Notice).where(
            col(Notice.workspace_id) == agreed.workspace_id,
            col(Notice.agreement_id) == agreed.id,
            col(Notice.kind) == OBSERVED,
            col(Notice.key).startswith(f"{_key(agreed, until)}:", autoescape=True),
        )
    ).all()


def _key(agreed: Agreed, until: date) -> str:
    return f"{OBSERVED}:{agreed.id}:{until}"
