"""How an agreement stands for the person who asks: one screen, at a cost that does not grow."""

from datetime import date, datetime

from sqlmodel import Session

from bot.facts.figures import DailyFact, StatusFact
from bot.services import clocks, figures, handoffs, in_period, promised, signing, turns
from bot.services.agreements import Agreed
from sla_rules.goals import Period
from sla_rules.kinds import Per, Side


def fact(
    session: Session, agreed: Agreed, user: str, now: datetime, of: Period | date | None = None
) -> StatusFact:
    """Gather what `/sla status` answers with: my moves, goals, promises of both sides, what is at risk.

    Promises and goals are those of the period named; else those that ran on a day, which is today, if none
    is named: promises of its month, each goal of its own period.
    """
    day = of if isinstance(of, date) else None
    named = of if isinstance(of, Period) else None
    within = named or figures.period(agreed, Per.MONTH, day or agreed.today(now))
    by_side = clocks.open_by_side(session, agreed)
    return StatusFact(
        agreement_id=agreed.id,
        name=agreed.document.name,
        state=agreed.row.state,
        channel_id=agreed.row.channel_id,
        side=agreed.side_of(user),
        moves=clocks.waiting_on(session, agreed, user, now),
        goals=(
            in_period.goal_facts(session, agreed, named, now)
            if named
            else figures.goal_facts(session, agreed, now, day)
        ),
        promises=figures.promise_facts(session, agreed, within.start_on, within.end_on),
        open_handoffs=handoffs.count_open(session, agreed),
        open_by_side={side: by_side.get(side, 0) for side in Side},
        at_risk=clocks.at_risk(session, agreed, now),
        period_label=within.label,
        now=now,
        versions=promised.resting_on(session, agreed, within.start_on, within.end_on),
        until_on=in_period.so_far(agreed, within, now),
        from_on=in_period.in_force_from(agreed, within),
        duties_due=[due_at for owner, due_at in turns.awaited(session, agreed) if owner == user],
        awaits_signature=signing.awaits(session, agreed, user) is not None,
    )


def daily(session: Session, agreed: Agreed, now: datetime) -> DailyFact:
    """Gather the day's progress; it is calm when goals are on plan and nothing is at risk."""
    at_risk = clocks.at_risk(session, agreed, now)
    goals = figures.goal_facts(session, agreed, now)
    by_side = clocks.open_by_side(session, agreed)
    return DailyFact(
        agreement_id=agreed.id,
        name=agreed.document.name,
        day=agreed.today(now),
        goals=goals,
        open_handoffs=handoffs.count_open(session, agreed),
        open_by_side={side: by_side.get(side, 0) for side in Side},
        at_risk=at_risk,
        is_calm=not at_risk and all(goal.is_on_plan for goal in goals),
        now=now,
    )
