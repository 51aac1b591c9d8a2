"""How the turns of duties stand: what messages show, what counts as kept, what the ledger makes of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.facts.figures import DUTIES, PromiseFact
from bot.facts.people import DutyFact
from bot.models import Duty, Event
from bot.services import agreements, own
from bot.services.agreements import Agreed
from bot.services.known import known
from sla_rules.agreement import Agreement
from sla_rules.kinds import Side

OPENED, DONE, UNDONE = "duty_opened", "duty_done", "duty_undone"


def fact(session: Session, agreed: Agreed, duty_id: int, now: datetime) -> DutyFact:
    """Say how a turn stands."""
    return fact_of(session, agreed, by_id(session, agreed, duty_id), now)


def promise_facts(session: Session, agreed: Agreed, start_on: date, end_on: date) -> list[PromiseFact]:
    """Say how many duties of these days each side kept, of those that are done or late."""
    return promises_of(agreed, of_days(session, agreed, start_on, end_on))


def promises_of(agreed: Agreed, duties: Sequence[Duty]) -> list[PromiseFact]:
    """Say how many of these duties each side kept, of those that are done or late."""
    settled = [duty for duty in duties if duty.done_at is not None or duty.is_late]
    return [
        _promise(agreed, side, made)
        for side in Side
        if (made := [duty for duty in settled if duty.side == side])
    ]


def _promise(agreed: Agreed, side: Side, made: list[Duty]) -> PromiseFact:
    kept = sum(not duty.is_late for duty in made)
    places = {duty.place for duty in made}
    path = f"duties.{places.pop()}" if len(places) == 1 else "duties"
    return PromiseFact(
        side=side,
        metric=DUTIES,
        tier=None,
        target=1.0,
        at_most=False,
        value=kept / len(made),
        n=kept,
        of=len(made),
        is_kept=kept == len(made),
        clause=agreed.document.clause_of(path) or "",
        per="",
    )


def fact_of(session: Session, agreed: Agreed, duty: Duty, now: datetime) -> DutyFact:
    document = text_of(session, agreed, duty.version)
    return DutyFact(
        duty_id=duty.id or 0,
        side=Side(duty.side),
        what=duty.what,
        every=document.duties[duty.place].every,
        due=document.duties[duty.place].due,
        owner=duty.owner,
        due_at=duty.due_at,
        done_at=duty.done_at,
        done_by=duty.done_by or "",
        is_late=duty.is_late,
        is_today=agreed.today(duty.due_at) == agreed.today(now),
        may_undo=duty.done_at is not None and agreed.today(duty.done_at) == agreed.today(now),
        clause=document.clause_of(f"duties.{duty.place}") or "",
        version=duty.version,
    )


def by_id(session: Session, agreed: Agreed, duty_id: int) -> Duty:
    duty = own.find(session, Duty, agreed.workspace_id, duty_id)
    if duty is None or duty.agreement_id != agreed.id:
        raise UserError("no_such_duty")
    return duty


def unfinished(session: Session, agreed: Agreed) -> list[Duty]:
    """Read the turns not done yet, the earliest due first."""
    rows = session.scalars(
        select(Duty)
        .where(
            col(Duty.workspace_id) == agreed.workspace_id,
            col(Duty.agreement_id) == agreed.id,
            col(Duty.done_at).is_(None),
        )
        .order_by(col(Duty.due_at), col(Duty.id))
    )
    return list(rows)


def awaited(session: Session, agreed: Agreed) -> list[tuple[str, datetime]]:
    """List whose the unfinished turns are, and when each is due."""

    def read() -> list[tuple[str, datetime]]:
        return [(row.owner, row.due_at) for row in unfinished(session, agreed)]

    return known(session, agreed.mark, "duties", read)


def of_days(session: Session, agreed: Agreed, start_on: date, end_on: date) -> list[Duty]:
    """Read the turns that the text has on these days."""
    rows = session.scalars(
        select(Duty).where(
            col(Duty.workspace_id) == agreed.workspace_id,
            col(Duty.agreement_id) == agreed.id,
            col(Duty.due_on) >= start_on,
            col(Duty.due_on) < end_on,
        )
    )
    return list(rows)


def done_since(session: Session, agreed: Agreed, at: datetime) -> list[Duty]:
    """Read the turns that were done since an instant."""
    rows = session.scalars(
        select(Duty).where(
            col(Duty.workspace_id) == agreed.workspace_id,
            col(Duty.agreement_id) == agreed.id,
            col(Duty.done_at) >= at,
        )
    )
    return list(rows)


def text_of(session: Session, agreed: Agreed, version: int) -> Agreement:
    """Give the text that a turn was opened under."""
    if version == agreed.row.version:
        return agreed.document
    texts = agreements.versions(session, agreed.id, agreed.workspace_id)
    return agreements.parsed(next(one.text for one in texts if one.version == version))


# ---- against the ledger


def stored(session: Session, agreed: Agreed) -> dict[int, Mapping[str, Any]]:
    """Give the rows of all turns by id, for comparing them with the ledger."""
    rows = select(Duty).where(
        col(Duty.workspace_id) == agreed.workspace_id, col(Duty.agreement_id) == agreed.id
    )
    return {duty.id or 0: duty.model_dump() for duty in session.scalars(rows)}


def rebuilt(session: Session, agreed: Agreed) -> dict[int, dict[str, Any]]:
    """Make the rows of all turns from the ledger; of what is not done, time alone says if it is late."""
    events = session.scalars(
        select(Event)
        .where(
            col(Event.workspace_id) == agreed.workspace_id,
            col(Event.agreement_id) == agreed.id,
            col(Event.handoff_id).is_(None),
            col(Event.kind).in_((OPENED, DONE, UNDONE)),
        )
        .order_by(col(Event.id))
    )
    opened: dict[int, dict[str, Any]] = {}
    ended: dict[int, dict[str, Any]] = {}
    for event in events:
        duty_id = event.data["duty"]
        if event.kind == OPENED:
            opened[duty_id] = _opened(session, agreed, event)
        elif event.kind == DONE:
            is_late = event.happened_at > opened[duty_id]["due_at"]
            ended[duty_id] = {"done_at": event.happened_at, "done_by": event.actor, "is_late": is_late}
        else:
            ended.pop(duty_id, None)
    return {duty_id: row | ended.get(duty_id, {}) for duty_id, row in opened.items()}


def _opened(session: Session, agreed: Agreed, event: Event) -> dict[str, Any]:
    data = event.data
    duty = text_of(session, agreed, data["version"]).duties[data["place"]]
    return {
        "version": data["version"],
        "place": data["place"],
        "side": duty.party,
        "owner": data["owner"],
        "what": duty.what,
        "due_on": date.fromisoformat(data["due_on"]),
        "due_at": datetime.fromtimestamp(data["due_at"], UTC),
        "opened_at": event.happened_at,
        "done_at": None,
        "done_by": None,
    }
