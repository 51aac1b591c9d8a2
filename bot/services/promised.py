"""What was promised in a period: the versions that held in it, and their goals with weighed targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlmodel import Session

from bot.services import agreements
from bot.services.agreements import Agreed
from bot.services.known import known
from sla_rules import goals
from sla_rules.agreement import Agreement
from sla_rules.promises import Goal


@dataclass(frozen=True, slots=True)
class Held:
    """A version within a period: its text, and the working seconds for which it held in it."""

    version: int
    document: Agreement
    worked: int


@dataclass(frozen=True, slots=True)
class Promised:
    """A goal as it was promised for a period, its target weighed over the versions that held in it."""

    goal: Goal
    target: float
    clause: str
    place: int


def held(
    session: Session, agreed: Agreed, start_on: date, end_on: date, now: datetime | None = None
) -> tuple[Held, ...]:
    """List the versions in force in these days, oldest first, as it was known at an instant.

    Where none was, the text that speaks now stands for them.
    """
    signed = None if now is None else sum(since <= now.timestamp() for since, _ in agreed.history)
    read = partial(_held, session, agreed, start_on, end_on, signed)
    return known(session, agreed.mark, ("held", start_on, end_on, signed), read)


def _held(
    session: Session, agreed: Agreed, start_on: date, end_on: date, signed: int | None
) -> tuple[Held, ...]:
    """List them out of so many versions as were `signed` by then; out of all, where that is None."""
    texts = _texts(session, agreed)
    (start_at, _), (end_at, _) = agreed.calendar.day_bounds(start_on), agreed.calendar.day_bounds(end_on)
    begins, ends = int(start_at.timestamp()), int(end_at.timestamp())
    until = [*(since for since, _ in agreed.history[1:signed]), ends]
    found = [
        Held(terms.version, texts[terms.version], terms.calendar.elapsed(max(since, begins), min(last, ends)))
        for (since, terms), last in zip(agreed.history[:signed], until, strict=False)
        if since < ends and last > begins
    ]
    return tuple(found) or (Held(agreed.row.version, agreed.document, 0),)


def _texts(session: Session, agreed: Agreed) -> Mapping[int, Agreement]:
    if len(agreed.history) == 1 and agreed.history[0][1].version == agreed.row.version:
        return {agreed.row.version: agreed.document}

    def read() -> Mapping[int, Agreement]:
        rows = agreements.versions(session, agreed.id, agreed.workspace_id)
        return {row.version: agreements.parsed(row.text) for row in rows if row.in_force_at is not None}

    return known(session, agreed.mark, "texts", read)


def resting_on(session: Session, agreed: Agreed, start_on: date, end_on: date) -> tuple[int, ...]:
    """Name the versions that figures of these days rest on; none where that is the one in force alone."""
    found = tuple(one.version for one in held(session, agreed, start_on, end_on))
    return () if found == (agreed.row.version,) else found


def promised(
    session: Session, agreed: Agreed, start_on: date, end_on: date, now: datetime | None = None
) -> list[Promised]:
    """List the goals of the last version of these days, each target weighed by working time."""
    versions = held(session, agreed, start_on, end_on, now)
    asked = ("promised", *((one.version, one.worked) for one in versions))
    return known(session, agreed.mark, asked, partial(_promised, versions))


def _promised(versions: Sequence[Held]) -> list[Promised]:
    document = versions[-1].document
    return [
        Promised(goal, _weighed(goal, versions), document.clause_of(f"goals.{place}") or "", place)
        for place, goal in enumerate(document.goals)
    ]


def _weighed(goal: Goal, versions: Sequence[Held]) -> float:
    same = [
        (other.target, one.worked)
        for one in versions
        for other in one.document.goals
        if identity(other) == identity(goal)
    ]
    return goals.weighted_target(same)


def identity(goal: Goal) -> tuple[str, ...]:
    """Say what makes a goal the same in another version, whatever its target."""
    return (goal.party, goal.metric, goal.per, goal.tier or "")
