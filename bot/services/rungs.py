"""How far each clock has climbed the ladder, and when it is looked at next: two columns of its row."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, Update, bindparam, case, or_, update
from sqlmodel import Session

from bot.models import Clock, Handoff, Workspace, table_of
from bot.services.agreements import Agreed
from sla_rules import fold, ladder
from sla_rules.clock import Clock as RunningClock
from sla_rules.kinds import ClockState
from sla_rules.ladder import Rung, Step
from sla_rules.terms import Terms


def terms_of(agreed: Agreed) -> Mapping[int, Terms]:
    """Give the terms of each version: a clock climbs by those in force when it started."""
    return {terms.version: terms for _, terms in agreed.history}


def move(session: Session, workspace_id: int, steps: Sequence[tuple[int, Step]]) -> None:
    """Write where these clocks stand."""
    rows = [
        {"b_workspace": workspace_id, "b_id": clock_id, "b_rung": step.rung, "b_look": step.look_at}
        for clock_id, step in steps
    ]
    if rows:
        session.connection().execute(_moving(), rows)


def look(session: Session, workspace_id: int, looks: Sequence[tuple[int, datetime | None]]) -> None:
    """Write when these clocks are looked at, None for never, their rungs as they are."""
    rows = [{"b_workspace": workspace_id, "b_id": clock_id, "b_look": at} for clock_id, at in looks]
    session.connection().execute(_looking(), rows)


def go_on(
    session: Session,
    handoff: Handoff,
    before: fold.Handoff,
    after: fold.Handoff,
    changed: Collection[str],
    now: datetime,
) -> None:
    """Let the ladder of broken clocks go on where it stood still: new, answered, or back by an undo.

    Who just acted has the time to the thread from now on; while a question is open nobody is told, and
    nobody any more of what was excused.
    """
    keys = {*changed, *(_held(before) ^ _held(after))}
    broken = [
        clock for clock in after.clocks if clock.key in keys and _is_open_and_broken(clock, after.until)
    ]
    if broken:
        session.connection().execute(_going(), [_going_on(handoff, after, clock, now) for clock in broken])
        session.execute(_waking(), {"b_id": handoff.workspace_id, "b_now": now})


def _held(handoff: fold.Handoff) -> set[str]:
    """Name the clocks that an open question holds."""
    return {clock.key for clock in handoff.clocks if any(end is None for _, end in clock.pauses)}


def _is_open_and_broken(clock: RunningClock, until: int) -> bool:
    return bool(clock.waiting) and clock.state(until) is ClockState.BREACHED


def _going_on(handoff: Handoff, after: fold.Handoff, clock: RunningClock, now: datetime) -> dict[str, Any]:
    is_excused = all((clock.kind, n) in after.excused for n in clock.waiting)
    is_held = is_excused or any(end is None for _, end in clock.pauses)
    stands = is_held or clock.breaks_at is None or ladder.is_observed(clock.terms, clock.breaks_at)
    looks = {
        rung: None if stands else ladder.next_look(rung, clock.terms, clock.tier, now)
        for rung in (Rung.BREACHED, Rung.THREAD)
    }
    return {
        "b_workspace": handoff.workspace_id,
        "b_handoff": handoff.id,
        "b_key": clock.key,
        "b_held": is_held,
        "b_thread": looks[Rung.BREACHED],
        "b_roundup": looks[Rung.THREAD],
    }


@cache
def _moving() -> Update:
    clocks = table_of(Clock)
    look_at = bindparam("b_look", type_=clocks.c.look_at.type)
    return update(clocks).where(*_one(clocks)).values(rung=bindparam("b_rung"), look_at=look_at)


@cache
def _looking() -> Update:
    clocks = table_of(Clock)
    look_at = bindparam("b_look", type_=clocks.c.look_at.type)
    return update(clocks).where(*_one(clocks)).values(look_at=look_at)


def _one(clocks: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return clocks.c.workspace_id == bindparam("b_workspace"), clocks.c.id == bindparam("b_id")


@cache
def _going() -> Update:
    clocks = table_of(Clock)
    row, instant = clocks.c, clocks.c.look_at.type
    here = (
        row.workspace_id == bindparam("b_workspace"),
        row.handoff_id == bindparam("b_handoff"),
        row.key == bindparam("b_key"),
        or_(row.rung == Rung.BREACHED.value, row.rung == Rung.THREAD.value),
        or_(row.look_at.is_(None), row.look_at <= row.breaks_at, bindparam("b_held")),
    )
    look_at = case(
        (row.rung == Rung.BREACHED.value, bindparam("b_thread", type_=instant)),
        else_=bindparam("b_roundup", type_=instant),
    )
    return update(clocks).where(*here).values(look_at=look_at)


@cache
def _waking() -> Update:
    workspaces = table_of(Workspace)
    now = bindparam("b_now", type_=workspaces.c.look_at.type)
    is_later = or_(workspaces.c.look_at.is_(None), workspaces.c.look_at > now)
    return update(workspaces).where(workspaces.c.id == bindparam("b_id"), is_later).values(look_at=now)
