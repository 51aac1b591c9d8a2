"""Running clocks: what waits on whom, and the tick that marks what time alone did."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    update,
)
from sqlmodel import Session, col

from bot.database import EPOCH
from bot.errors import UserError
from bot.facts.clocks import ClockFact
from bot.metrics import BREACHES
from bot.models import Clock, Handoff, Note, Workspace, table_of
from bot.services import agreements, handoffs, ladder, ledger, looked, notices, own, work
from bot.services.agreements import Agreed
from bot.services.known import known
from sla_rules import fold
from sla_rules.kinds import ClockKind, ClockState, Tier

AT_RISK_LISTED = 50


def due_workspaces(session: Session, now: datetime) -> list[int]:
    """List the workspaces with a clock to look at; an idle one costs nothing."""
    rows = session.scalars(
        select(col(Workspace.id)).where(col(Workspace.look_at) <= now, col(Workspace.state) == "active")
    )
    return [row for row in rows if row is not None]


def tick(session: Session, workspace_id: int, now: datetime) -> int:
    """Mark what broke, tell what is due in working hours, and say when to look again. Gives the clocks seen.

    1. Clocks whose leads lapse are folded again; of the others, only the row and the tallies change.
    2. Each rung of the ladder fires once: it is a column of the clock.
    3. Outside working hours nothing is told; the clock is looked at again when they open.
    """
    rows = session.execute(_due(), {"workspace_id": workspace_id, "now": now}).all()
    for agreement_id in sorted({row.agreement_id for row in rows}):
        agreed = agreements.by_id(session, workspace_id, agreement_id)
        mine = [row for row in rows if row.agreement_id == agreement_id]
        _break(session, agreed, mine, now)
        ladder.climb(session, agreed, mine, now)
        notices.bump_daily(session, workspace_id, agreement_id, agreed.today(now), now)
        looked.follow(session, agreed, now, {row.owner for row in mine})
    _look_again(session, workspace_id, now)
    return len(rows)


@cache
def _due() -> Select[Any]:
    clocks, rows = table_of(Clock), table_of(Handoff)
    return (
        select(clocks, rows.c.day, rows.c.source, rows.c.campaign)
        .join(rows, rows.c.id == clocks.c.handoff_id)
        .where(
            clocks.c.workspace_id == bindparam("workspace_id"),
            clocks.c.look_at.is_not(None),
            clocks.c.look_at <= bindparam("now"),
        )
        .order_by(clocks.c.look_at, clocks.c.id)
    )


def _break(session: Session, agreed: Agreed, rows: Sequence[Row[Any]], now: datetime) -> None:
    broken = [row for row in rows if row.state == ClockState.RUNNING and row.breaks_at <= now]
    folded = {row.handoff_id for row in broken if row.lapses}
    for handoff_id in sorted(folded):
        handoff = handoffs.by_id(session, agreed.workspace_id, handoff_id)
        ledger.record(session, agreed, handoff, [], now)
        owners = {row.owner for row in broken if row.lapses and row.handoff_id == handoff_id}
        work.refresh_all(session, agreed, handoff, owners, now)
    BREACHES.inc(len(broken))
    alone = [row for row in broken if row.handoff_id not in folded]
    if alone:
        _count_late(session, agreed, alone, now)


def _count_late(session: Session, agreed: Agreed, alone: Sequence[Row[Any]], now: datetime) -> None:
    clocks = table_of(Clock)
    session.connection().execute(
        update(clocks)
        .where(clocks.c.workspace_id == agreed.workspace_id, clocks.c.id == bindparam("b_id"))
        .values(state=ClockState.BREACHED),
        [{"b_id": row.id} for row in alone],
    )
    counts: Counter[fold.Key] = Counter()
    for row in alone:
        dims = fold.dims(row.source, row.campaign, row.tier, row.owner)
        counts.update(fold.breach_figures(dims, row.kind, row.day.isoformat(), row.counting))
    ledger.add_to_tallies(session, agreed.workspace_id, agreed.id, counts)
    cards = [f"card:{handoff_id}" for handoff_id in sorted({row.handoff_id for row in alone})]
    notices.bump_all(session, agreed.workspace_id, cards, now)


def _look_again(session: Session, workspace_id: int, now: datetime) -> None:
    earliest = session.scalar(
        select(func.min(col(Clock.look_at))).where(
            col(Clock.workspace_id) == workspace_id, col(Clock.look_at).is_not(None)
        )
    )
    workspaces = table_of(Workspace)
    # Another process may have ticked up to a later instant than the one that we began with.
    before = workspaces.c.ticked_at
    ticked_at = case((before > now, before), else_=literal(now, before.type))
    session.execute(
        update(workspaces)
        .where(workspaces.c.id == workspace_id)
        .values(look_at=earliest, ticked_at=ticked_at)
    )


# ---- what messages say of clocks


def waiting_on(
    session: Session, agreed: Agreed, user: str, now: datetime, limit: int = AT_RISK_LISTED
) -> Sequence[ClockFact]:
    """List what waits on one person, the earliest due first."""
    asked = ("moves", user, limit)
    read = partial(_rows, session, agreed, "owner", {"owner": user}, limit)
    return _known_facts(session, agreed, asked, known(session, agreed.mark, asked, read), now)


def at_risk(
    session: Session, agreed: Agreed, now: datetime, limit: int = AT_RISK_LISTED
) -> Sequence[ClockFact]:
    """List what is past its warning or broken, the earliest due first."""
    # Those warned first are known until something happens; only where they all are at risk, more may be.
    asked = ("warned", limit)
    nearest = known(session, agreed.mark, asked, partial(_rows, session, agreed, "warned", {}, limit))
    risky: Sequence[Row[Any]] = [row for row in nearest if row.warn_at <= now]
    if len(risky) == limit:
        return _listed(session, agreed, now, "risk", {"now": now}, limit)
    risky = sorted(risky, key=lambda row: (row.due_at or EPOCH, row.id))
    return _known_facts(session, agreed, asked, risky, now)


def of_handoff(session: Session, agreed: Agreed, handoff_id: int, now: datetime) -> list[ClockFact]:
    """List the clocks of one handoff on which leads wait."""
    return _listed(session, agreed, now, "handoff", {"handoff_id": handoff_id})


def by_ids(session: Session, agreed: Agreed, ids: Iterable[int], now: datetime) -> list[ClockFact]:
    """List these clocks, if leads still wait on them."""
    return _listed(session, agreed, now, "ids", {"ids": list(ids)})


def lapsed(session: Session, agreed: Agreed, counts: Mapping[str, int]) -> list[tuple[int, int]]:
    """Say of clocks, by id, from which handoff how many leads went back to the pool, and were late indeed."""
    rows = session.execute(
        select(col(Clock.id), col(Clock.late), col(Handoff.number))
        .join(Handoff, col(Handoff.id) == col(Clock.handoff_id))
        .where(own.among(Clock, agreed.workspace_id, list(map(int, counts))))
    )
    found: Counter[int] = Counter()
    for clock_id, late, number in rows:
        found[number] += min(counts[str(clock_id)], late)
    return sorted((+found).items())


def agreed_of(session: Session, workspace_id: int, clock_id: int) -> Agreed:
    """Find the agreement that a clock rests on."""
    row = own.find(session, Clock, workspace_id, clock_id)
    if row is None:
        raise UserError("no_such_clock")
    return agreements.by_id(session, workspace_id, row.agreement_id)


def open_by_side(session: Session, agreed: Agreed) -> Mapping[str, int]:
    """Count the handoffs that wait on each side."""
    return known(session, agreed.mark, "open_by_side", lambda: _open_by_side(session, agreed))


def _open_by_side(session: Session, agreed: Agreed) -> Mapping[str, int]:
    return {side: int(n) for side, n in session.execute(_counting_by_side(), _own(agreed))}


def _listed(
    session: Session,
    agreed: Agreed,
    now: datetime,
    which: str,
    asked: Mapping[str, object],
    limit: int = AT_RISK_LISTED,
) -> list[ClockFact]:
    return _facts(agreed, _rows(session, agreed, which, asked, limit), now)


def _rows(
    session: Session, agreed: Agreed, which: str, asked: Mapping[str, object], limit: int
) -> Sequence[Row[Any]]:
    return session.execute(_listing(which), {**_own(agreed), **asked, "most": limit}).all()


def _known_facts(
    session: Session, agreed: Agreed, asked: tuple[object, ...], rows: Sequence[Row[Any]], now: datetime
) -> Sequence[ClockFact]:
    """Say the same of clocks that are known for as long as no further warning or breach passes."""
    passed = sum(at <= now for row in rows for at in (row.warn_at, row.breaks_at) if at is not None)
    return known(session, agreed.mark, (*asked, passed), partial(_facts, agreed, rows, now))


def _facts(agreed: Agreed, rows: Iterable[Row[Any]], now: datetime) -> list[ClockFact]:
    return [fact(agreed, row, row.number, row.source, row.link or "", now) for row in rows]


def fact(
    agreed: Agreed, clock: Clock | Row[Any], number: int, source: str, link: str, now: datetime
) -> ClockFact:
    """Say of a clock what messages show."""
    is_breached = clock.breaks_at is not None and clock.breaks_at <= now
    return ClockFact(
        clock_id=clock.id or 0,
        handoff_id=clock.handoff_id,
        number=number,
        kind=ClockKind(clock.kind),
        tier=Tier(clock.tier) if clock.tier else None,
        owner=clock.owner,
        side=ClockKind(clock.kind).side,
        waiting=clock.waiting,
        due_at=clock.due_at,
        is_breached=is_breached,
        is_at_risk=not is_breached and clock.warn_at is not None and clock.warn_at <= now,
        clause=agreed.document.clause_of(f"clocks.{clock.kind}") or "",
        source=source,
        link=link,
    )


# ---- statements, built once


def _own(agreed: Agreed) -> dict[str, object]:
    return {"workspace_id": agreed.workspace_id, "agreement_id": agreed.id}


def _is_open(clocks: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        clocks.workspace_id == bindparam("workspace_id"),
        clocks.agreement_id == bindparam("agreement_id"),
        clocks.waiting > literal_column("0"),  # as the partial index has it
    )


@cache
def _counting_by_side() -> Select[Any]:
    """Count each handoff once for a side, in however many ways its leads wait."""
    clocks = table_of(Clock).c
    side = case({kind.value: literal_column(f"'{kind.side}'") for kind in ClockKind}, value=clocks.kind)
    waiting = select(side.label("side"), clocks.handoff_id).where(*_is_open(clocks)).distinct().subquery()
    return select(waiting.c.side, func.count()).group_by(waiting.c.side)


@cache
def _listing(which: str) -> Select[Any]:
    clocks, batches, notes = table_of(Clock), table_of(Handoff), table_of(Note)
    links = and_(
        notes.c.workspace_id == clocks.c.workspace_id,
        notes.c.handoff_id == clocks.c.handoff_id,
        notes.c.seq == 1,
        notes.c.kind == "link",
    )
    chosen = {
        "owner": clocks.c.owner == bindparam("owner"),
        "risk": clocks.c.warn_at <= bindparam("now"),
        "warned": clocks.c.warn_at.is_not(None),
        "handoff": clocks.c.handoff_id == bindparam("handoff_id"),
        "ids": clocks.c.id.in_(bindparam("ids", expanding=True)),
    }
    return (
        select(clocks, batches.c.number, batches.c.source, notes.c.text.label("link"))
        .join(batches, batches.c.id == clocks.c.handoff_id)
        .outerjoin(notes, links)
        .where(*_is_open(clocks.c), chosen[which])
        .order_by(clocks.c.warn_at if which == "warned" else clocks.c.due_at, clocks.c.id)
        .limit(bindparam("most"))
    )
