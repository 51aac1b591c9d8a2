"""What somebody's Home shows: what waits on them first, then how each agreement stands."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from sqlmodel import Session

from bot.facts.agreement import SigningFact
from bot.facts.handoffs import QuestionFact
from bot.facts.people import AwayFact, DutyFact, HomeFact, PartFact
from bot.models import Notice
from bot.services import (
    agreements,
    ask,
    away,
    handoffs,
    looked,
    notices,
    people,
    rights,
    signing,
    status,
    turns,
    versions,
    work,
)
from bot.services.agreements import Agreed
from bot.services.rights import Act, Role
from sla_rules.kinds import ClockKind, Side

LEADS = 1_000
"""No more than so many leads of one rep are read; the list turns its pages among them."""
QUESTIONS = 5
FROM = "from"
"""Of the notice: with which lead the list begins."""

NAMED = rights.PARTIES | {Role.MANAGER, Role.IN_BOTH}
WATCHED: Mapping[Role, tuple[Side, ...]] = {
    Role.MARKETING_LEAD: (Side.MARKETING,),
    Role.SALES_LEAD: (Side.SALES,),
    Role.MARKETING_MANAGER: (Side.MARKETING,),
    Role.SALES_MANAGER: (Side.SALES,),
    Role.MANAGER: tuple(Side),
}
"""Whose open moves somebody answers for."""
MANAGERS = (Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.MANAGER)


def open_for(session: Session, workspace_id: int, user: str, now: datetime, leads_from: int = 0) -> None:
    """Ask for somebody's Home to be drawn before all others, and remember that they look at it."""
    people.opened_home(session, workspace_id, user, now)
    notices.want(
        session,
        workspace_id=workspace_id,
        key=looked.key_of(user),
        kind="home",
        place=user,
        person=user,
        about={FROM: leads_from},
        now=now,
        not_before=now - looked.FIRST,
    )


def drawn(session: Session, notice: Notice, now: datetime) -> HomeFact:
    """Gather the Home that a notice stands for."""
    return fact(session, notice.workspace_id, notice.place, now, notice.about.get(FROM, 0))


def fact(session: Session, workspace_id: int, user: str, now: datetime, leads_from: int = 0) -> HomeFact:
    """Gather a person's Home; a guest sees no figures."""
    person = rights.person_of(session, workspace_id, user)
    is_outsider = rights.is_outsider(session, workspace_id, user)
    is_met = person is not None and person.refreshed_at is not None and not is_outsider
    everything = [] if is_outsider else agreements.all_of(session, workspace_id)
    own = [agreed for agreed in everything if rights.role_of(session, agreed, user) in NAMED]
    own.sort(key=lambda agreed: agreed.row.state == "ended")
    shown = own or (everything if is_met else [])
    works = [agreed for agreed in own if agreed.side_of(user) is Side.SALES]
    return HomeFact(
        user_id=user,
        name=person.name if person else "",
        zone=person.zone if person and is_met else "",
        is_guest=is_outsider,
        parts=[_part(session, agreed, user, now) for agreed in shown],
        leads=work.lead_facts(session, workspace_id, user, now, limit=LEADS) if works else [],
        leads_from=leads_from,
        away=_absence(session, works, user, now),
        now=now,
        is_new=bool(everything) and not shown,
    )


def locale_of(session: Session, workspace_id: int, shown: HomeFact) -> str:
    """Say in which language somebody's Home speaks: that of the first agreement in it."""
    if not shown.parts:
        return agreements.locale_of(session, workspace_id)
    return agreements.by_id(session, workspace_id, shown.parts[0].status.agreement_id).row.locale


def _part(session: Session, agreed: Agreed, user: str, now: datetime) -> PartFact:
    role = rights.role_of(session, agreed, user)
    stands = status.fact(session, agreed, user, now)
    may_edit = rights.may(session, agreed, user, Act.AMEND)
    asked_of = [clock.handoff_id for clock in stands.moves if clock.kind is ClockKind.ANSWER]
    return PartFact(
        status=stands,
        version=agreed.row.version,
        since_at=datetime.fromtimestamp(agreed.history[-1][0], UTC) if agreed.history else None,
        signed={side: agreed.document.party(side).lead for side in Side} | _signed(session, agreed),
        review_on=agreed.document.cadence.review,
        is_in_both=role is Role.IN_BOTH,
        is_manager=role in MANAGERS,
        watches=WATCHED.get(role, ()),
        may_log=rights.may(session, agreed, user, Act.LOG),
        may_edit=may_edit,
        has_draft=may_edit and versions.open_draft(session, agreed) is not None,
        to_sign=_to_sign(session, agreed, user, now),
        duties=_duties(session, agreed, user, now),
        questions=_questions(session, agreed, asked_of, now),
        handoffs=handoffs.open_ones(session, agreed, author=user if role is Role.MARKETER else None),
    )


def _signed(session: Session, agreed: Agreed) -> dict[Side, str]:
    text = versions.named(session, agreed, agreed.row.version)
    return {side: row.user_id for side, row in versions.signatures(session, text).items()}


def _to_sign(session: Session, agreed: Agreed, user: str, now: datetime) -> tuple[Side, SigningFact] | None:
    """Find the proposal that waits for this person's signature."""
    found = signing.awaits(session, agreed, user)
    if found is None:
        return None
    side, version = found
    return side, signing.fact(session, agreed, version, now, reckons=False)


def _duties(session: Session, agreed: Agreed, user: str, now: datetime) -> list[DutyFact]:
    return [
        turns.fact_of(session, agreed, duty, now)
        for duty in turns.unfinished(session, agreed)
        if duty.owner == user
    ]


def _questions(
    session: Session, agreed: Agreed, handoff_ids: Collection[int], now: datetime
) -> list[QuestionFact]:
    """Read the first questions of these handoffs, in their order."""
    found: list[QuestionFact] = []
    for handoff_id in dict.fromkeys(handoff_ids):
        if len(found) < QUESTIONS:
            handoff = handoffs.by_id(session, agreed.workspace_id, handoff_id)
            found += [
                ask.fact(session, agreed, handoff_id, seq, now)
                for seq in ask.open_in(session, agreed, handoff, now)
            ]
    return found[:QUESTIONS]


def _absence(session: Session, works: Collection[Agreed], user: str, now: datetime) -> AwayFact | None:
    rows = (row for agreed in works for row in away.now_and_next(session, agreed, now, now))
    return next((row for row in rows if row.user_id == user), None)
