"""Rebuild states, clocks and tallies from the ledger, and name every difference."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.models import Clock, Handoff, Lead, Tally, Workspace, table_of
from bot.services import agreements, ledger, turns
from bot.services.agreements import Agreed
from sla_rules import fold
from sla_rules.kinds import ClockState


@dataclass(frozen=True, slots=True)
class Difference:
    """What a table holds and what the ledger says instead."""

    where: str
    stored: Any
    rebuilt: Any

    def __str__(self) -> str:
        return f"{self.where}: stored {self.stored!r}, the ledger gives {self.rebuilt!r}"


def count_handoffs(session: Session) -> int:
    """Count what there is to verify."""
    return session.scalar(select(func.count()).select_from(Handoff)) or 0


def differences(session: Session, progress: Callable[[], object] = lambda: None) -> Iterator[Difference]:
    """Compare everything stored with the fold of the ledger; nothing comes out where all is equal."""
    for workspace_id in session.scalars(select(col(Workspace.id)).order_by(col(Workspace.id))).all():
        for agreed in agreements.all_of(session, workspace_id or 0):
            yield from _of_agreement(session, agreed, progress)


def _of_agreement(session: Session, agreed: Agreed, progress: Callable[[], object]) -> Iterator[Difference]:
    total: Counter[fold.Key] = Counter()
    handoffs = session.scalars(
        select(Handoff).where(
            col(Handoff.workspace_id) == agreed.workspace_id, col(Handoff.agreement_id) == agreed.id
        )
    ).all()
    for handoff in handoffs:
        state = ledger.read(session, agreed, handoff, ledger.settled_until(session, handoff))
        total.update(fold.figures(state))
        yield from _of_handoff(session, handoff, state)
        progress()
    yield from _of_tallies(session, agreed, total)
    yield from _rows("agreement", "duty", turns.stored(session, agreed), turns.rebuilt(session, agreed))


def _of_handoff(session: Session, handoff: Handoff, state: fold.Handoff) -> Iterator[Difference]:
    name = f"H-{handoff.number}"
    for field, rebuilt in ledger.handoff_values(state).items():
        if (stored := getattr(handoff, field)) != rebuilt:
            yield Difference(f"{name} {field}", stored, rebuilt)
    yield from _rows(name, "lead", _stored_leads(session, handoff), ledger.lead_rows(state))
    yield from _rows(name, "clock", _stored_clocks(session, handoff), ledger.clock_rows(state))


def _rows(
    name: str, kind: str, stored: Mapping[Any, Mapping[str, Any]], rebuilt: Mapping[Any, Mapping[str, Any]]
) -> Iterator[Difference]:
    for key in sorted(stored.keys() | rebuilt.keys(), key=str):
        one, other = stored.get(key), rebuilt.get(key)
        if one is None or other is None:
            yield Difference(f"{name} {kind} {key}", one, other)
            continue
        for field, value in other.items():
            if one[field] != value:
                yield Difference(f"{name} {kind} {key} {field}", one[field], value)


def _stored_leads(session: Session, handoff: Handoff) -> dict[int, Mapping[str, Any]]:
    leads = table_of(Lead)
    rows = session.execute(
        select(leads).where(leads.c.workspace_id == handoff.workspace_id, leads.c.handoff_id == handoff.id)
    )
    return {row.n: row._asdict() for row in rows}


def _stored_clocks(session: Session, handoff: Handoff) -> dict[str, Mapping[str, Any]]:
    clocks = table_of(Clock)
    rows = session.execute(
        select(clocks).where(
            clocks.c.workspace_id == handoff.workspace_id,
            clocks.c.handoff_id == handoff.id,
            clocks.c.state != ClockState.CANCELLED,
        )
    )
    return {row.key: row._asdict() for row in rows}


def _of_tallies(session: Session, agreed: Agreed, total: Counter[fold.Key]) -> Iterator[Difference]:
    tallies = table_of(Tally)
    rows = session.execute(
        select(tallies).where(
            tallies.c.workspace_id == agreed.workspace_id,
            tallies.c.agreement_id == agreed.id,
            tallies.c.n != 0,
        )
    )
    stored = {(row.by, row.value, row.measure, row.day.isoformat()): row.n for row in rows}
    rebuilt = {key: n for key, n in total.items() if n}
    for key in sorted(stored.keys() | rebuilt.keys()):
        if stored.get(key, 0) != rebuilt.get(key, 0):
            yield Difference("tally " + " ".join(key), stored.get(key, 0), rebuilt.get(key, 0))
