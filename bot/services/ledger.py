"""The one door in: add acts to a handoff's ledger and write what that changes, in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, bindparam, case, delete, func, insert, or_, select, update
from sqlmodel import Session

from bot.database import EPOCH, upsert
from bot.models import Clock, Event, Handoff, Lead, Tally, Workspace, table_of
from bot.services import agreements, looked, notices, people, rungs
from bot.services.agreements import Agreed
from sla_rules import fold
from sla_rules.kinds import ActKind, ClockState, LeadState, Side
from sla_rules.ladder import Rung

CLOCK_KEY = ("workspace_id", "handoff_id", "key")
TALLY_KEY = ("workspace_id", "agreement_id", "by", "value", "measure", "day")


@dataclass(frozen=True, slots=True)
class NewAct:
    """An act about to be recorded."""

    kind: ActKind
    actor: str | None
    happened_at: datetime
    leads: Sequence[int] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    undoes: int | None = None


def acts_of(session: Session, handoff: Handoff) -> list[fold.Act]:
    """Read the acts of one handoff, in the order of the ledger."""
    if not handoff.revision:
        return []  # nothing was recorded of it yet
    rows = session.execute(_acts(), {"workspace_id": handoff.workspace_id, "handoff_id": handoff.id})
    return [_act(*row) for row in rows]


@cache
def _acts() -> Select[Any]:
    rows = table_of(Event).c
    return (
        select(rows.seq, rows.kind, rows.happened_at, rows.leads, rows.actor, rows.data, rows.undoes)
        .where(rows.workspace_id == bindparam("workspace_id"), rows.handoff_id == bindparam("handoff_id"))
        .order_by(rows.seq)
    )


def next_seq(session: Session, handoff: Handoff) -> int:
    """Give the number that the next act of this handoff will have."""
    events = table_of(Event)
    count = select(func.count()).where(
        events.c.workspace_id == handoff.workspace_id, events.c.handoff_id == handoff.id
    )
    return (session.scalar(count) or 0) + 1


def read(session: Session, agreed: Agreed, handoff: Handoff, until: datetime) -> fold.Handoff:
    """Fold a handoff as it stands at an instant, writing nothing."""
    return fold.fold(acts_of(session, handoff), agreed.history, epoch(until))


def record(
    session: Session, agreed: Agreed, handoff: Handoff, acts: Sequence[NewAct], now: datetime
) -> fold.Handoff:
    """Add acts, fold, and write the difference of rows and of figures.

    The rows stand as time left them when the handoff was last folded or the workspace last ticked, so the
    state before needs no reading: it is the fold up to then. Who read `now` before a tick and waited for it
    to commit does not take back what it marked.
    """
    settled_at = settled_until(session, handoff)
    until = max(now, settled_at)
    known = acts_of(session, handoff)
    added = [_new(number, act) for number, act in enumerate(acts, start=len(known) + 1)]
    before = fold.fold(known, agreed.history, epoch(settled_at))
    after = fold.fold([*known, *added], agreed.history, epoch(until))
    _append(session, handoff, acts, first=len(known) + 1, now=now)
    _write_leads(session, handoff, before, after)
    owners = _write_clocks(session, agreed, handoff, before, after, now)
    difference = fold.figures(after)
    difference.subtract(fold.figures(before))
    add_to_tallies(session, handoff.workspace_id, handoff.agreement_id, difference)
    _write_handoff(session, handoff, after, until)
    if not handoff.is_imported:
        daily = notices.daily_key(handoff.agreement_id, agreed.today(now))
        notices.bump_all(session, handoff.workspace_id, [f"card:{handoff.id}", daily], now)
        looked.follow(session, agreed, now, owners.union(act.actor for act in acts if act.actor))
    return after


def settled_until(session: Session, handoff: Handoff) -> datetime:
    """Say up to when time's own doing is in the rows of this handoff."""
    if not handoff.revision:
        return handoff.folded_until
    ticked_at = session.scalar(_ticked_at(), {"workspace_id": handoff.workspace_id})
    return max(handoff.folded_until, ticked_at or EPOCH)


@cache
def _ticked_at() -> Select[datetime | None]:
    rows = table_of(Workspace).c
    return select(rows.ticked_at).where(rows.id == bindparam("workspace_id"))


def note_on_agreement(
    session: Session, agreed: Agreed, kind: str, actor: str | None, now: datetime, data: Mapping[str, Any]
) -> None:
    """Put an act on the agreement itself in the ledger: signed, planned, away."""
    row = {
        "workspace_id": agreed.workspace_id,
        "agreement_id": agreed.id,
        "kind": kind,
        "actor": actor,
        "happened_at": now,
        "recorded_at": now,
        "data": dict(data),
        "leads": [],
        "seq": 0,
    }
    session.execute(insert(table_of(Event)), [row])
    agreements.change(session, agreed.workspace_id, agreed.id)
    looked.follow(session, agreed, now, [actor] if actor else ())


def epoch(at: datetime) -> int:
    """Give an instant as the rules take it: whole seconds."""
    return int(at.timestamp())


def instant(seconds: int | None) -> datetime | None:
    """Give an instant as the tables take it."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


# ---- the ledger's rows


def _act(
    seq: int,
    kind: str,
    at: datetime,
    leads: list[int],
    actor: str | None,
    data: dict[str, Any],
    undoes: int | None,
) -> fold.Act:
    return fold.Act(seq, ActKind(kind), epoch(at), tuple(leads), actor, data, undoes)


def _new(seq: int, act: NewAct) -> fold.Act:
    return fold.Act(seq, act.kind, epoch(act.happened_at), tuple(act.leads), act.actor, act.data, act.undoes)


def _append(session: Session, handoff: Handoff, acts: Sequence[NewAct], *, first: int, now: datetime) -> None:
    rows = [
        {
            "workspace_id": handoff.workspace_id,
            "agreement_id": handoff.agreement_id,
            "handoff_id": handoff.id,
            "seq": seq,
            "kind": act.kind,
            "actor": act.actor,
            "happened_at": act.happened_at,
            "recorded_at": now,
            "leads": list(act.leads),
            "data": dict(act.data),
            "undoes": act.undoes,
        }
        for seq, act in enumerate(acts, start=first)
    ]
    if rows:
        session.execute(insert(table_of(Event)), rows)


# ---- what follows from it


def _write_leads(session: Session, handoff: Handoff, before: fold.Handoff, after: fold.Handoff) -> None:
    old = lead_rows(before)
    new = lead_rows(after)
    leads = table_of(Lead)
    fixed = {
        "workspace_id": handoff.workspace_id,
        "handoff_id": handoff.id,
        "agreement_id": handoff.agreement_id,
    }
    if added := [{**fixed, **row, "n": n} for n, row in new.items() if n not in old]:
        # Most of a new lead is empty still: what no row has is not written.
        names = [name for name in added[0] if any(row[name] is not None for row in added)]
        session.execute(insert(leads), [{name: row[name] for name in names} for row in added])
    here = (leads.c.workspace_id == handoff.workspace_id) & (leads.c.handoff_id == handoff.id)
    if gone := old.keys() - new.keys():  # there are fewer of them than was said at first
        session.execute(delete(leads).where(here, leads.c.n.in_(gone)))
    if changed := [{**row, "b_n": n} for n, row in new.items() if n in old and old[n] != row]:
        values: dict[str, Any] = {name: bindparam(name) for name in changed[0] if name != "b_n"}
        session.connection().execute(
            update(leads).where(here, leads.c.n == bindparam("b_n")).values(values), changed
        )


def lead_rows(handoff: fold.Handoff) -> dict[int, dict[str, Any]]:
    """Give the rows of the leads that a fold stands for, by number."""
    day = date.fromisoformat(handoff.day) if handoff.day else None
    return {
        lead.n: {
            "tier": lead.tier,
            "state": lead.state,
            "owner": lead.owner,
            "day": day,
            "arrived_at": instant(lead.arrived_at),
            "handed_over_at": instant(lead.handed_over_at),
            "taken_at": instant(lead.taken_at),
            "touched_at": instant(lead.touched_at),
            "attempts": lead.attempts or None,
            "sql_at": instant(lead.sql_at),
            "ended_at": instant(lead.ended_at),
            "reason": lead.reason,
            "outcome": lead.outcome,
            "amount": lead.amount,
            "take_s": lead.take_s,
            "touch_s": lead.touch_s,
            "conversion_s": lead.conversion_s,
            "cycle_s": lead.cycle_s,
        }
        for lead in handoff.leads.values()
    }


def clock_rows(handoff: fold.Handoff) -> dict[str, dict[str, Any]]:
    """Give the rows of the clocks that a fold stands for, by key."""
    return {
        clock.key: {
            "kind": clock.kind,
            "tier": clock.tier,
            "owner": clock.owner,
            "version": clock.terms.version,
            "started_at": instant(clock.started_at),
            "due_at": instant(clock.due_at),
            "warn_at": instant(clock.warn_at),
            "breaks_at": instant(clock.breaks_at),
            "state": clock.state(handoff.until),
            "waiting": len(clock.waiting),
            "kept": clock.kept,
            "late": clock.late,
            "snoozes": clock.snoozes,
            "snoozed_until": instant(clock.snoozed_until),
            "counting": fold.counting(handoff, clock),
            "lapses": fold.breaks_into_more(handoff, clock),
        }
        for clock in handoff.clocks
        if clock.waiting or clock.kept or clock.late
    }


def _write_clocks(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    before: fold.Handoff,
    after: fold.Handoff,
    now: datetime,
) -> set[str]:
    """Write what is new of the clocks; gives whose they are."""
    old = clock_rows(before)
    new = clock_rows(after)
    clocks = table_of(Clock)
    gone = [{"b_key": key} for key in old.keys() - new.keys()]
    if gone:
        here = (clocks.c.workspace_id == handoff.workspace_id) & (clocks.c.handoff_id == handoff.id)
        session.connection().execute(
            update(clocks)
            .where(here, clocks.c.key == bindparam("b_key"))
            .values(
                state=ClockState.CANCELLED, waiting=0, counting=0, kept=0, late=0, lapses=False, look_at=None
            ),
            gone,
        )
    changed = [
        {**row, **_rung(row, after.until), "key": key, **_place(handoff)}
        for key, row in new.items()
        if old.get(key) != row
    ]
    if changed:
        session.execute(_clock_upsert(), changed)
        _look(session, handoff.workspace_id, changed)
    rungs.go_on(session, handoff, before, after, {row["key"] for row in changed}, now)
    was = [row for key, row in old.items() if new.get(key) != row]
    if was:
        _tell_again(session, agreed, handoff, was, now)
    return {row["owner"] for row in (*changed, *was)}


def _tell_again(
    session: Session, agreed: Agreed, handoff: Handoff, was: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Ask for what was told of clocks to be made true again; of those not broken only who answers knows."""
    owners = {row["owner"] for row in was}
    told = owners | {people.answers_for(session, agreed, owner, now) for owner in owners}
    if any(row["state"] == ClockState.BREACHED for row in was):
        told |= {agreed.document.party(side).manager for side in Side}
        notices.bump_threads(session, handoff.workspace_id, handoff.id or 0, now)
    notices.bump_nudges(session, handoff.workspace_id, told, now)


def _place(handoff: Handoff) -> dict[str, Any]:
    return {
        "workspace_id": handoff.workspace_id,
        "agreement_id": handoff.agreement_id,
        "handoff_id": handoff.id,
    }


def _rung(row: Mapping[str, Any], until: int) -> dict[str, Any]:
    """Say what was told of a new clock: what it is born past needs no telling, its owner just acted."""
    if not row["waiting"] or row["warn_at"] is None:
        return {"rung": Rung.NONE, "look_at": None}
    if row["state"] == ClockState.BREACHED:
        return {"rung": Rung.BREACHED, "look_at": None}
    if epoch(row["warn_at"]) <= until:
        return {"rung": Rung.WARNED, "look_at": row["breaks_at"]}
    return {"rung": Rung.NONE, "look_at": row["warn_at"]}


@cache
def _clock_upsert() -> Insert:
    """Build the write of a clock; of one that is there already, what was told of it stays told."""
    clocks = table_of(Clock)

    def values(new: Any) -> dict[str, Any]:
        names = (
            "version",
            "state",
            "due_at",
            "warn_at",
            "breaks_at",
            "waiting",
            "kept",
            "late",
            "snoozes",
            "snoozed_until",
            "counting",
            "lapses",
        )
        look_at = case(
            (new.waiting == 0, None),
            (clocks.c.rung == Rung.NONE.value, new.warn_at),
            (or_(clocks.c.rung == Rung.WARNED.value, new.state != ClockState.BREACHED.value), new.breaks_at),
            else_=clocks.c.look_at,
        )
        return {**{name: new[name] for name in names}, "look_at": look_at}

    return upsert(clocks, CLOCK_KEY, values)


def _look(session: Session, workspace_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Tell the workspace when its earliest clock must be seen again."""
    earliest = min((row["look_at"] or row["warn_at"] for row in rows if row["warn_at"]), default=None)
    if earliest is None:
        return
    workspaces = table_of(Workspace)
    is_later = workspaces.c.look_at.is_(None) | (workspaces.c.look_at > earliest)
    session.execute(
        update(workspaces).where(workspaces.c.id == workspace_id, is_later).values(look_at=earliest)
    )


def add_to_tallies(session: Session, workspace_id: int, agreement_id: int, counts: Counter[fold.Key]) -> None:
    """Add a difference of figures to the tallies."""
    agreements.change(session, workspace_id, agreement_id)
    rows = [
        {
            "workspace_id": workspace_id,
            "agreement_id": agreement_id,
            "by": by,
            "value": value,
            "measure": measure,
            "day": date.fromisoformat(day),
            "n": n,
        }
        for (by, value, measure, day), n in counts.items()
        if n
    ]
    if not rows:
        return
    session.execute(_tally_upsert(), rows)


@cache
def _tally_upsert() -> Insert:
    tallies = table_of(Tally)
    return upsert(tallies, TALLY_KEY, lambda new: {"n": tallies.c.n + new.n})


def _write_handoff(session: Session, handoff: Handoff, after: fold.Handoff, now: datetime) -> None:
    values = {**handoff_values(after), "folded_until": now, "revision": handoff.revision + 1}
    for name, value in values.items():
        if getattr(handoff, name) != value:
            setattr(handoff, name, value)
    session.flush()


def handoff_values(handoff: fold.Handoff) -> dict[str, Any]:
    """Give what a handoff's row keeps of the fold."""
    return {
        "state": state_of(handoff),
        "source": handoff.source,
        "campaign": handoff.campaign,
        "count": len(handoff.leads),
        "held": sum(lead.state is LeadState.HELD for lead in handoff.leads.values()),
        "waiting": handoff.waiting(),
        "undecided": 0 if handoff.is_voided else len(handoff.undecided()),
    }


def state_of(handoff: fold.Handoff) -> str:
    """Say where a handoff stands: open while somebody has a move."""
    if handoff.is_voided:
        return "voided"
    return "open" if handoff.waiting() else "closed"
