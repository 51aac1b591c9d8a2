"""Gather what is told to one person into one message, within the budget of two a day besides hand-raisers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypedDict

from sqlalchemy import Row, Select, bindparam, literal_column, or_, select
from sqlmodel import Session, col

from bot.models import Clock, Notice, table_of
from bot.services import notices, people, rungs
from bot.services.agreements import Agreed
from sla_rules import ladder
from sla_rules.kinds import Tier
from sla_rules.ladder import Rung, Step

GATHERED = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Told:
    """A rung that is told now: whose clock, and whether it is a hand-raiser's."""

    clock_id: int
    owner: str
    is_hand_raiser: bool
    lapsed: int = 0
    """How many of its leads went back to the pool."""


class About(TypedDict):
    """What a nudge is about: clocks, and of those whose leads went back to the pool, how many."""

    clocks: list[int]
    lapsed: dict[str, int]


def gather(session: Session, agreed: Agreed, told: Iterable[Told], now: datetime) -> None:
    """Leave one notice for each person whose move it is."""
    told = list(told)
    answers = {
        owner: people.answers_for(session, agreed, owner, now) for owner in {rung.owner for rung in told}
    }
    by_person: dict[str, list[Told]] = {}
    for rung in told:
        by_person.setdefault(answers[rung.owner], []).append(rung)
    for person, theirs in sorted(by_person.items()):
        if person:
            soon = _soon(session, agreed, {rung.owner for rung in theirs}, now)
            about = About(
                clocks=sorted({*(rung.clock_id for rung in theirs), *(clock.id or 0 for clock in soon)}),
                lapsed={str(rung.clock_id): rung.lapsed for rung in theirs if rung.lapsed},
            )
            is_urgent = any(rung.is_hand_raiser for rung in theirs) or any(
                clock.tier == Tier.A for clock in soon
            )
            _nudge(session, agreed, person, about, now, is_urgent=is_urgent)


def _soon(session: Session, agreed: Agreed, owners: set[str], now: datetime) -> Sequence[Row[Any]]:
    """Find what falls due for telling within 15 minutes, and count its warning as told."""
    asked = {**_own(agreed), "owners": sorted(owners), "until": now + GATHERED}
    rows = session.execute(_falling_due(), asked).all()
    terms = rungs.terms_of(agreed)
    told = [clock for clock in rows if not ladder.is_observed(terms[clock.version], now)]
    steps = [(clock.id, Step(Rung.WARNED, clock.breaks_at, is_told=True)) for clock in told]
    rungs.move(session, agreed.workspace_id, steps)
    return told


def _nudge(
    session: Session, agreed: Agreed, person: str, about: About, now: datetime, *, is_urgent: bool
) -> None:
    latest = _latest(session, agreed, person, now)
    is_near = latest is not None and latest.created_at > now - GATHERED
    start_at, _ = agreed.calendar.day_bounds(agreed.today(now))
    may_send = is_urgent or notices.has_room(session, agreed.workspace_id, person, start_at)
    is_unsent = latest is not None and latest.ts is None  # Slack is out of reach: one message, not several
    if latest is not None and (is_near or is_unsent or not may_send):
        latest.about = {
            "clocks": sorted({*latest.about["clocks"], *about["clocks"]}),
            "lapsed": {**latest.about["lapsed"], **about["lapsed"]},
        }
        session.add(latest)
        session.flush()
        notices.bump(session, agreed.workspace_id, latest.key, now)
        return
    if not may_send:
        return  # Home and the next message show it; a third message a day is one too many.
    notices.tell(
        session,
        agreed,
        person,
        key=f"nudge:{agreed.id}:{person}:{now:%Y-%m-%dT%H:%M:%SZ}",
        kind="nudge",
        about=dict(about),
        counts=not is_urgent,
        now=now,
    )


def _latest(session: Session, agreed: Agreed, person: str, now: datetime) -> Notice | None:
    start_at, _ = agreed.calendar.day_bounds(agreed.today(now))
    return session.scalar(_newest(), {**_own(agreed), "person": person, "start_at": start_at})


def _own(agreed: Agreed) -> dict[str, object]:
    return {"workspace_id": agreed.workspace_id, "agreement_id": agreed.id}


@cache
def _falling_due() -> Select[Any]:
    clocks = table_of(Clock).c
    return select(clocks.id, clocks.tier, clocks.version, clocks.breaks_at).where(
        clocks.workspace_id == bindparam("workspace_id"),
        clocks.agreement_id == bindparam("agreement_id"),
        clocks.owner.in_(bindparam("owners", expanding=True)),
        clocks.waiting > literal_column("0"),  # as the partial index has it
        clocks.rung == Rung.NONE.value,
        clocks.look_at.is_not(None),
        clocks.look_at <= bindparam("until", type_=clocks.look_at.type),
    )


@cache
def _newest() -> Select[Notice]:
    return (
        select(Notice)
        .where(
            col(Notice.workspace_id) == bindparam("workspace_id"),
            col(Notice.person) == bindparam("person"),
            col(Notice.kind) == "nudge",
            col(Notice.agreement_id) == bindparam("agreement_id"),
            or_(col(Notice.created_at) >= bindparam("start_at"), col(Notice.ts).is_(None)),
            *(col(Notice.state) != over for over in notices.OVER),
        )
        .order_by(col(Notice.created_at).desc(), col(Notice.id).desc())
        .limit(1)
    )
