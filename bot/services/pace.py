"""Marketing's pace rung: at the agreed shares of a period, where it is behind, a catch-up plan is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.facts.figures import GoalFact, PaceFact
from bot.models import Notice
from bot.services import agreements, figures, ledger, notices, own, rights
from bot.services.agreements import Agreed
from sla_rules import attainment, ladder
from sla_rules.goals import Period, share_gone_at
from sla_rules.kinds import Side
from sla_rules.promises import Goal

KIND = notices.PACE


@dataclass(frozen=True, slots=True)
class Look:
    """The instant at which a share of a goal's period is gone."""

    place: int
    """Of the goal, among those of the text."""
    goal: Goal
    within: Period
    share: float
    at: datetime


def step(session: Session, agreed: Agreed, now: datetime) -> datetime | None:
    """Look at the goals whose share of the period is gone today, and say when the next one is."""
    if not agreed.history or agreed.row.state == "ended":
        return None
    if not agreed.calendar.is_open(now):
        return agreed.calendar.next_open(now)
    today = agreed.today(now)
    looks = list(_looks(agreed, today))
    for look in looks:
        # A look missed by more than its own working day is not made good: it would be another share.
        days = {agreed.today(look.at), agreed.today(agreed.calendar.next_open(look.at))}
        if look.at <= now and today in days and _may_judge(agreed, look):
            _look(session, agreed, look, now)
    return min((look.at for look in looks if look.at > now), default=None)


def refresh(session: Session, agreed: Agreed, now: datetime) -> None:
    """Make this period's messages true again: leads came, or a plan."""
    if agreed.history:
        lead = agreed.document.party(Side.MARKETING).lead
        notices.bump_pace(session, agreed.workspace_id, lead, now)


def fact(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> PaceFact | None:
    """Say how the goal stands that a message is about; None where the text has no such goal any more."""
    about = notice.about
    found = next((place for place, goal in _goals(agreed) if _name(goal) == about["goal"]), None)
    start_on = date.fromisoformat(about["start_on"])
    told = None if found is None else _goal_fact(session, agreed, found, start_on, now)
    if told is None:
        return None
    pace = agreed.document.consequences.pace
    return PaceFact(
        notice_id=notice.id or 0,
        agreement_id=agreed.id,
        goal=told,
        share_gone=about["share"] / 100,
        below=pace.below,
        plan_within=str(pace.plan_within),
        looked_at=notice.created_at,
        due_at=datetime.fromtimestamp(about["due_at"], UTC),
        clause=agreed.document.clause_of("consequences.pace") or "",
        version=agreed.row.version,
        is_over=not told.days_left and told.expected == told.target,
        settled_by=_settled_by(told, pace.below),
        now=now,
    )


def by_id(session: Session, workspace_id: int, notice_id: int, now: datetime) -> tuple[Agreed, PaceFact]:
    """Find what a message is about by its number."""
    notice = own.find(session, Notice, workspace_id, notice_id)
    if notice is None or notice.kind != KIND:
        raise UserError("pace_gone")
    agreed = agreements.by_id(session, workspace_id, notice.agreement_id or 0)
    found = fact(session, agreed, notice, now)
    if found is None:
        raise UserError("pace_gone")
    return agreed, found


def _settled_by(goal: GoalFact, below: float) -> str:
    """Say what brings a goal back above that part of plan: the leads so far, or with them what is planned."""
    if goal.so_far >= below * goal.expected:
        return "leads"
    return "plan" if goal.planned and goal.so_far + goal.planned >= below * goal.target else ""


# ---- when to look


def _goals(agreed: Agreed) -> Iterator[tuple[int, Goal]]:
    """List what Marketing promises that has a pace."""
    for place, goal in enumerate(agreed.document.goals):
        if goal.party is Side.MARKETING and goal.metric in attainment.COUNTS:
            yield place, goal


def _looks(agreed: Agreed, today: date) -> Iterator[Look]:
    """List the looks at each goal in its period, and the first one of the next."""
    for place, goal in _goals(agreed):
        this = figures.period(agreed, goal.per, today)
        shares = sorted(agreed.document.consequences.pace.at)
        yield from (_look_at(agreed, place, goal, this, share) for share in shares)
        yield _look_at(agreed, place, goal, figures.period(agreed, goal.per, this.end_on), shares[0])


def _look_at(agreed: Agreed, place: int, goal: Goal, within: Period, share: float) -> Look:
    at = share_gone_at(share, within, agreed.calendar, figures.blackout_days(agreed))
    return Look(place, goal, within, share, at)


def _may_judge(agreed: Agreed, look: Look) -> bool:
    """Say whether the agreement was in force for half of what is gone; before, nothing was promised."""
    start_at, _ = agreed.calendar.day_bounds(look.within.start_on)
    since = datetime.fromtimestamp(agreed.history[0][0], UTC)
    seen = agreed.calendar.elapsed(max(start_at, since), look.at)
    return 2 * seen >= agreed.calendar.elapsed(start_at, look.at)


def _look(session: Session, agreed: Agreed, look: Look, now: datetime) -> None:
    """Write to the marketing lead where a goal is behind and no plan makes up for it; once for each look."""
    terms, key = agreed.terms(), _key(agreed, look)
    if terms is None or ladder.is_observed(terms, now) or notices.exists(session, agreed.workspace_id, key):
        return
    pace = agreed.document.consequences.pace
    told = _goal_fact(session, agreed, look.place, look.within.start_on, now)
    if told is None or _settled_by(told, pace.below):
        return
    due_at = agreed.calendar.add(now, pace.plan_within.seconds_in(agreed.calendar.day_seconds)) or now
    lead = _addressee(session, agreed)
    notices.tell(
        session,
        agreed,
        lead,
        key=key,
        kind=KIND,
        about={
            "goal": _name(look.goal),
            "start_on": look.within.start_on.isoformat(),
            "share": round(100 * look.share),
            "due_at": ledger.epoch(due_at),
        },
        counts=True,
        now=now,
    )


def _addressee(session: Session, agreed: Agreed) -> str:
    """Name the marketing lead; for one who left, the manager."""
    party = agreed.document.parties.marketing
    has_left = rights.is_outsider(session, agreed.workspace_id, party.lead)
    return party.manager if has_left else party.lead


def _goal_fact(
    session: Session, agreed: Agreed, place: int, start_on: date, now: datetime
) -> GoalFact | None:
    clause = agreed.document.clause_of(f"goals.{place}")
    facts = figures.goal_facts(session, agreed, now, start_on)
    return next((one for one in facts if one.clause == clause and one.side is Side.MARKETING), None)


def _name(goal: Goal) -> str:
    """Name a goal so that another version's clause numbers do not matter."""
    return ":".join(filter(None, (goal.metric, goal.tier, goal.per)))


def _key(agreed: Agreed, look: Look) -> str:
    return f"pace:{agreed.id}:{look.within.label}:{_name(look.goal)}:{round(100 * look.share)}"
