"""The ladder of consequences: each rung is told once, in open hours, and first in private."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from bot.facts.clocks import OverdueFact, RoundupFact, ThreadFact
from bot.models import Clock, Handoff, Lead, Notice, table_of
from bot.services import notices, nudges, own, people, rungs
from bot.services.agreements import Agreed
from bot.services.nudges import GATHERED, Told
from sla_rules import ladder
from sla_rules.kinds import ClockKind, ClockState, LeadState, Side, Tier
from sla_rules.ladder import Rung, Seen, Step
from sla_rules.terms import Terms

Climbed = Sequence[tuple[Row[Any], Step]]
TOLD_AS_BROKEN = (Rung.BREACHED, Rung.THREAD, Rung.MANAGER)


def climb(session: Session, agreed: Agreed, rows: Sequence[Row[Any]], now: datetime) -> None:
    """Move clocks, as they were when their look fell due, to their next rungs, and tell what is told now."""
    if agreed.row.state == "ended":
        rungs.look(session, agreed.workspace_id, [(row.id, _run_out(row, now)) for row in rows])
        return
    if not agreed.calendar.is_open(now):
        opening = agreed.calendar.next_open(now)
        looks = [(row.id, _seen_again(row, now, opening)) for row in rows]
        rungs.look(session, agreed.workspace_id, looks)
        return
    left = _left(session, agreed, rows)
    terms = rungs.terms_of(agreed)
    climbed = [(row, _step(terms[row.version], row, left[row.id][0], now)) for row in rows]
    rungs.move(session, agreed.workspace_id, [(row.id, step) for row, step in climbed])
    told = [(row, step) for row, step in climbed if step.is_told]
    nudges.gather(session, agreed, _told_in_private(told, left), now)
    _post_in_threads(session, agreed, _at(told, Rung.THREAD), now)
    _round_up(session, agreed, _at(told, Rung.MANAGER), now)


def _run_out(row: Row[Any], now: datetime) -> datetime | None:
    """After the agreement's end its clocks still run out; nobody is told."""
    return row.breaks_at if row.breaks_at is not None and row.breaks_at > now else None


def _seen_again(row: Row[Any], now: datetime, opening: datetime) -> datetime:
    """Look again when hours open, or earlier where the clock's own version works on other days."""
    is_broken = row.breaks_at is None or row.breaks_at <= now
    return opening if is_broken else min(opening, row.breaks_at)


def _left(session: Session, agreed: Agreed, rows: Sequence[Row[Any]]) -> Mapping[int, tuple[int, int]]:
    """Read how many leads wait on each clock, and how many left it late, after some went back to the pool."""
    found = session.execute(
        select(col(Clock.id), col(Clock.waiting), col(Clock.late)).where(
            own.among(Clock, agreed.workspace_id, [row.id for row in rows])
        )
    )
    return {clock_id: (waiting, late) for clock_id, waiting, late in found}


def _step(terms: Terms, row: Row[Any], waiting: int, now: datetime) -> Step:
    seen = Seen(
        rung=Rung(row.rung),
        tier=Tier(row.tier) if row.tier else None,
        breaks_at=row.breaks_at,
        look_at=row.look_at,
        has_just_broken=row.state == ClockState.RUNNING,
    )
    step = ladder.climb(seen, terms, now)
    # Nobody waits on it any more where all its leads went back to the pool.
    return step if waiting else Step(step.rung, None, step.is_told)


def _told_in_private(told: Climbed, left: Mapping[int, tuple[int, int]]) -> list[Told]:
    private = [row for row, step in told if step.rung in (Rung.WARNED, Rung.BREACHED)]
    return [Told(row.id, row.owner, row.tier == Tier.A, _lapsed(row, *left[row.id])) for row in private]


def _lapsed(row: Row[Any], waiting: int, late: int) -> int:
    """Say how many of its leads went back to the pool: just now, or while nobody could be told."""
    return late - (row.late if waiting else 0)


def _at(told: Climbed, rung: Rung) -> list[Row[Any]]:
    return [row for row, step in told if step.rung is rung]


# ---- the thread of the card


def _post_in_threads(session: Session, agreed: Agreed, rows: Sequence[Row[Any]], now: datetime) -> None:
    """Leave one notice in the thread of each handoff's card, with what falls due there in 15 minutes."""
    if not rows or not agreed.row.channel_id:
        return
    clocks: dict[int, set[int]] = {}
    for row in [*rows, *_soon(session, agreed, {row.handoff_id for row in rows}, now)]:
        clocks.setdefault(row.handoff_id, set()).add(row.id)
    for handoff_id, ids in sorted(clocks.items()):
        notices.post(
            session,
            agreed,
            key=f"{notices.thread_prefix(handoff_id)}{now:%Y-%m-%dT%H:%M:%SZ}",
            kind="thread",
            thread_key=f"card:{handoff_id}",
            subject_id=handoff_id,
            about={"clocks": sorted(ids)},
            now=now,
        )


def _soon(session: Session, agreed: Agreed, handoffs: Collection[int], now: datetime) -> list[Row[Any]]:
    """Find what comes to the thread of these handoffs in 15 minutes, and count it as told."""
    rows = session.execute(
        select(col(Clock.id), col(Clock.handoff_id), col(Clock.tier), col(Clock.version)).where(
            col(Clock.workspace_id) == agreed.workspace_id,
            col(Clock.handoff_id).in_(handoffs),
            col(Clock.waiting) > 0,
            col(Clock.rung) == Rung.BREACHED,
            col(Clock.look_at) <= now + GATHERED,
        )
    ).all()
    terms = rungs.terms_of(agreed)
    near = [row for row in rows if ladder.thread_after(terms[row.version], row.tier) is not None]
    looks = [ladder.next_look(Rung.THREAD, terms[row.version], row.tier, now) for row in near]
    steps = [(row.id, Step(Rung.THREAD, look_at)) for row, look_at in zip(near, looks, strict=True)]
    rungs.move(session, agreed.workspace_id, steps)
    return list(near)


def thread_fact(session: Session, agreed: Agreed, handoff_id: int, clocks: Collection[int]) -> ThreadFact:
    """Say what of a handoff is open past its time, of these clocks."""
    told = _told(session, agreed, clocks)
    waiting = [row for row in told if row.waiting]
    return ThreadFact(
        handoff_id=handoff_id,
        number=told[0].number,
        source=told[0].source,
        clocks=[(row.id, ClockKind(row.kind), row.waiting) for row in waiting],
        to_take=_to_take(session, agreed, handoff_id, waiting),
        is_disproved=all(map(_is_disproved, told)),
    )


def _to_take(session: Session, agreed: Agreed, handoff_id: int, waiting: Sequence[Row[Any]]) -> int:
    """Count the leads past their time that nobody decided."""
    tiers = {row.tier for row in waiting if row.kind in (ClockKind.DECIDE, ClockKind.FIRST_TOUCH)}
    query = select(func.count()).where(
        col(Lead.workspace_id) == agreed.workspace_id,
        col(Lead.handoff_id) == handoff_id,
        col(Lead.state) == LeadState.OPEN,
        col(Lead.tier).in_(tiers),
    )
    return session.scalar(query) or 0


# ---- the manager's round-up


def _round_up(session: Session, agreed: Agreed, rows: Sequence[Row[Any]], now: datetime) -> None:
    """Leave one notice a day for each manager, whoever leads both sides getting one of both."""
    clocks: dict[str, set[int]] = {}
    for row in rows:
        clocks.setdefault(_manager(agreed, ClockKind(row.kind).side), set()).add(row.id)
    for manager, ids in sorted(clocks.items()):
        side = next(side for side in Side if _manager(agreed, side) == manager)
        key = f"roundup:{agreed.id}:{side}:{agreed.today(now)}"
        notices.tell(
            session,
            agreed,
            manager,
            key=key,
            kind="roundup",
            about={"clocks": sorted(ids | _rounded_up(session, agreed, key))},
            now=now,
        )


def _manager(agreed: Agreed, side: Side) -> str:
    return agreed.document.party(side).manager


def _rounded_up(session: Session, agreed: Agreed, key: str) -> set[int]:
    """Read what the day's round-up tells already."""
    about = session.scalar(
        select(col(Notice.about)).where(
            col(Notice.workspace_id) == agreed.workspace_id, col(Notice.key) == key
        )
    )
    return set(about["clocks"]) if about else set()


def roundup_fact(
    session: Session, agreed: Agreed, manager: str, clocks: Collection[int], at: datetime, now: datetime
) -> RoundupFact:
    """Say what of these clocks is still open past its time, and how late that was at the round-up."""
    told = _told(session, agreed, clocks)
    waiting = [overdue(session, agreed, row, at, now) for row in told if row.waiting]
    return RoundupFact(
        user_id=manager,
        day=agreed.today(at),
        clocks=sorted(waiting, key=lambda clock: (clock.side, -clock.late_s, clock.number)),
        settled=sum(not (row.waiting or _is_disproved(row)) for row in told),
        disproved=disproved(session, agreed, clocks),
        clause=agreed.document.clause_of("consequences.manager_at") or "",
    )


# ---- what both say


def disproved(session: Session, agreed: Agreed, clocks: Collection[int]) -> list[int]:
    """Name the handoffs of which it was told that they were late, and a later report says otherwise."""
    return sorted({row.number for row in _told(session, agreed, clocks) if _is_disproved(row)})


def _is_disproved(row: Row[Any]) -> bool:
    return row.rung in TOLD_AS_BROKEN and row.kept > 0 and not row.late and row.state == ClockState.MET


def _told(session: Session, agreed: Agreed, clocks: Collection[int]) -> Sequence[Row[Any]]:
    rows = table_of(Clock)
    return session.execute(
        select(rows, col(Handoff.number), col(Handoff.source))
        .join(Handoff, col(Handoff.id) == rows.c.handoff_id)
        .where(own.among(rows.c, agreed.workspace_id, clocks))
        .order_by(rows.c.due_at, rows.c.id)
    ).all()


def overdue(session: Session, agreed: Agreed, row: Row[Any], at: datetime, now: datetime) -> OverdueFact:
    """Say whose move an overdue clock is, and how late it was at an instant."""
    kind = ClockKind(row.kind)
    answers = people.answers_for(session, agreed, row.owner, now)
    calendar = rungs.terms_of(agreed)[row.version].calendar
    return OverdueFact(
        clock_id=row.id,
        number=row.number,
        source=row.source,
        kind=kind,
        side=kind.side,
        tier=Tier(row.tier) if row.tier else None,
        owner=row.owner,
        cover=answers if answers != row.owner else "",
        waiting=row.waiting,
        late_s=calendar.elapsed(row.due_at, at) if row.due_at else 0,
        clause=agreed.document.clause_of(f"clocks.{kind}") or "",
    )
