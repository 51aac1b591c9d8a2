"""What somebody's Home shows: my moves and my leads first, then goals, what is open, the agreement."""

from datetime import UTC, datetime

from sqlmodel import Session

from bot.facts.people import HomeFact
from bot.models import Person
from bot.services import agreements, away, handoffs, notices, people, status, work
from sla_rules.kinds import Side


def open_for(session: Session, workspace_id: int, user: str, now: datetime) -> None:
    """Ask for somebody's Home to be drawn, and remember that they look at it."""
    people.opened_home(session, workspace_id, user, now)
    notices.want(
        session, workspace_id=workspace_id, key=f"home:{user}", kind="home", place=user, person=user, now=now
    )


def fact(session: Session, workspace_id: int, user: str, now: datetime) -> HomeFact:
    """Gather a person's Home; a guest sees no figures."""
    person = session.get(Person, (workspace_id, user))
    is_guest = person is not None and (person.is_guest or person.is_stranger)
    is_met = person is not None and person.refreshed_at is not None and not is_guest
    everything = [] if is_guest else agreements.all_of(session, workspace_id)
    mine = [agreed for agreed in everything if is_met or agreed.side_of(user) is not None]
    works = [agreed for agreed in mine if agreed.side_of(user) is Side.SALES]
    absences = [
        row for agreed in works for row in away.now_and_next(session, agreed, now, now) if row.user_id == user
    ]
    return HomeFact(
        user_id=user,
        name=person.name if person else "",
        is_guest=is_guest,
        statuses=[status.fact(session, agreed, user, now) for agreed in mine],
        leads=work.lead_facts(session, workspace_id, user, now) if works else [],
        handoffs=[row for agreed in mine for row in handoffs.open_ones(session, agreed)],
        away=absences[0] if absences else None,
        now=now,
        is_new=bool(everything) and not mine and not is_met,
        agreement_lines=[
            (agreed.document.name, f"v{agreed.row.version} {agreed.row.state}", _since(agreed))
            for agreed in mine
        ],
    )


def _since(agreed: agreements.Agreed) -> datetime | None:
    from_at = agreed.history[-1][0] if agreed.history else None
    return None if from_at is None else datetime.fromtimestamp(from_at, tz=UTC)
