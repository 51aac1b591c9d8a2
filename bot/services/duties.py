"""Duties that recur: a turn opens, is told to its owner, and is done, in time or late."""

from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.facts.people import DutyFact
from bot.models import Duty
from bot.services import agreements, deliveries, ledger, notices, own, people, rights, turns
from bot.services.agreements import Agreed
from bot.services.rights import Act
from bot.services.turns import DONE, OPENED, UNDONE
from sla_rules import duties, sections
from sla_rules.duties import Turn
from sla_rules.goals import period_of
from sla_rules.kinds import Per, Side


def step(session: Session, agreed: Agreed, now: datetime) -> datetime | None:
    """Open the turns that begin, remind on the due day, and mark what is late."""
    if not agreed.history or agreed.row.state == "ended":
        return None
    all_turns = list(duties.turns(agreed.document, agreed.calendar, agreed.today(now)))
    for turn in all_turns:
        if turn.opens_at <= now < turn.due_at and _is_owed(session, agreed, turn):
            _open(session, agreed, turn, now)
    instants = [turn.opens_at for turn in all_turns]
    for duty in turns.unfinished(session, agreed):
        instants += _go_on(session, agreed, duty, now)
    return min((at for at in instants if at > now), default=None)


def done(session: Session, agreed: Agreed, duty_id: int, *, user: str, now: datetime, delivery: str) -> Duty:
    """Mark a turn as done, by its owner or whoever works for that side; late counts as late, not as lost."""
    duty = turns.by_id(session, agreed, duty_id)
    if not deliveries.is_new(session, agreed.workspace_id, delivery, now):
        return duty
    _require(session, agreed, duty, user)
    if duty.done_at is not None:
        raise UserError("duty_done_already", who=duty.done_by)
    _write(session, agreed, duty, DONE, user, now)
    return duty


def undo(session: Session, agreed: Agreed, duty_id: int, *, user: str, now: datetime, delivery: str) -> Duty:
    """Take back what one marked as done oneself, until the end of that day."""
    duty = turns.by_id(session, agreed, duty_id)
    if not deliveries.is_new(session, agreed.workspace_id, delivery, now):
        return duty
    if duty.done_at is None:
        raise UserError("duty_not_done")
    if duty.done_by != user:
        raise UserError("duty_done_by_other", who=duty.done_by)
    if agreed.today(duty.done_at) != agreed.today(now):
        raise UserError("duty_day_over")
    _write(session, agreed, duty, UNDONE, user, now)
    agreements.change(session, agreed.workspace_id, agreed.id, look_at=now)
    return duty


def agreed_of(session: Session, workspace_id: int, duty_id: int) -> Agreed:
    """Find the agreement that a turn belongs to."""
    duty = own.find(session, Duty, workspace_id, duty_id)
    if duty is None:
        raise UserError("no_such_duty")
    return agreements.by_id(session, workspace_id, duty.agreement_id)


# ---- what is told of them


def listed(session: Session, agreed: Agreed, now: datetime) -> list[DutyFact]:
    """List what is open, what opens next, and what was done in this quarter, each by its due day."""
    quarter = period_of(agreed.today(now), Per.QUARTER)
    made = [
        *turns.unfinished(session, agreed),
        *turns.done_since(session, agreed, agreed.calendar.day_bounds(quarter.start_on)[0]),
    ]
    facts = [turns.fact_of(session, agreed, duty, now) for duty in sorted(made, key=lambda duty: duty.due_at)]
    return facts + _coming(session, agreed, now)


def _coming(session: Session, agreed: Agreed, now: datetime) -> list[DutyFact]:
    """Say of each duty when its next turn is due that is not open yet."""
    found: dict[int, DutyFact] = {}
    if agreed.row.state == "ended":
        return []
    for turn in duties.turns(agreed.document, agreed.calendar, agreed.today(now)):
        if turn.opens_at > now and turn.place not in found and _is_owed(session, agreed, turn):
            duty = agreed.document.duties[turn.place]
            found[turn.place] = DutyFact(
                duty_id=0,
                side=duty.party,
                what=duty.what,
                every=duty.every,
                due=duty.due,
                owner=_owner(session, agreed, duty, now),
                due_at=turn.due_at,
                clause=agreed.document.clause_of(f"duties.{turn.place}") or "",
                version=agreed.row.version,
            )
    return sorted(found.values(), key=lambda fact: fact.due_at)


# ---- what time does


def _is_owed(session: Session, agreed: Agreed, turn: Turn) -> bool:
    """Say whether a turn is to be made: its period has none yet, and its day began after the signing."""
    duty = agreed.document.duties[turn.place]
    since = agreed.history[-1][0] if agreed.history else 0
    made = turns.of_days(session, agreed, turn.within.start_on, turn.within.end_on)
    return since < turn.reminds_at.timestamp() and not any(
        (one.side, one.what) == (duty.party, duty.what) for one in made
    )


def _open(session: Session, agreed: Agreed, turn: Turn, now: datetime) -> None:
    duty = agreed.document.duties[turn.place]
    row = Duty(
        workspace_id=agreed.workspace_id,
        agreement_id=agreed.id,
        version=agreed.row.version,
        place=turn.place,
        side=duty.party,
        owner=_owner(session, agreed, duty, now),
        what=duty.what,
        due_on=turn.due_on,
        due_at=turn.due_at,
        opened_at=now,
    )
    session.add(row)
    session.flush()
    data = {
        "duty": row.id,
        "version": row.version,
        "place": row.place,
        "owner": row.owner,
        "due_on": row.due_on.isoformat(),
        "due_at": ledger.epoch(row.due_at),
    }
    ledger.note_on_agreement(session, agreed, OPENED, None, now, data)
    _tell(session, agreed, row, _key(row), now)


def _owner(session: Session, agreed: Agreed, duty: sections.Duty, now: datetime) -> str:
    """Name who has a duty by the text; for who left the lead or the manager, for who is away the cover."""
    party = agreed.document.party(duty.party)
    named = {"lead": party.lead, "manager": party.manager}.get(duty.who, duty.who)
    there = (
        who
        for who in (named, party.lead, party.manager)
        if not rights.is_outsider(session, agreed.workspace_id, who)
    )
    owner = next(there, named)
    absence = people.is_away(session, agreed.workspace_id, owner, now)
    return absence.cover if absence and absence.cover else owner


def _go_on(session: Session, agreed: Agreed, duty: Duty, now: datetime) -> tuple[datetime, ...]:
    """Remind of a turn on its day, and mark it late after it; gives when it is to be seen again."""
    reminds_at = agreed.calendar.opening(agreed.today(duty.due_at)) or duty.due_at
    if duty.due_at <= now:
        if not duty.is_late:
            duty.is_late = True
            _made_true(session, duty, now)
    elif reminds_at <= now and duty.opened_at < reminds_at:
        _tell(session, agreed, duty, f"{_key(duty)}:due", now)
        _made_true(session, duty, now)
    return (reminds_at, duty.due_at)


def _tell(session: Session, agreed: Agreed, duty: Duty, key: str, now: datetime) -> None:
    """Write to the owner once; what is over two messages a day waits for the next opening, if it may."""
    if notices.exists(session, agreed.workspace_id, key):
        return
    start_at, end_at = agreed.calendar.day_bounds(agreed.today(now))
    later = agreed.calendar.next_open(end_at)
    has_room = notices.has_room(session, agreed.workspace_id, duty.owner, start_at)
    notices.tell(
        session,
        agreed,
        duty.owner,
        key=key,
        kind="duty",
        subject_id=duty.id,
        counts=True,
        now=now,
        not_before=now if has_room or later >= duty.due_at else later,
    )


def _key(duty: Duty) -> str:
    return f"duty:{duty.id}"


def _made_true(session: Session, duty: Duty, now: datetime) -> None:
    notices.bump_all(session, duty.workspace_id, [_key(duty), f"{_key(duty)}:due"], now)


# ---- rows and the ledger


def _require(session: Session, agreed: Agreed, duty: Duty, user: str) -> None:
    if user == duty.owner:
        rights.refuse_known_outsider(session, agreed.workspace_id, user)
    else:
        rights.require(session, agreed, user, Act.DUTY, Side(duty.side))


def _write(session: Session, agreed: Agreed, duty: Duty, kind: str, user: str, now: datetime) -> None:
    is_done = kind == DONE
    duty.done_at, duty.done_by = (now, user) if is_done else (None, None)
    duty.is_late = now > duty.due_at
    session.add(duty)
    session.flush()
    ledger.note_on_agreement(session, agreed, kind, user, now, {"duty": duty.id})
    _made_true(session, duty, now)
