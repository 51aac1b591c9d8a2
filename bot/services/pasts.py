"""What a simulation folds once more: the last quarter as it was lived, or leads that were imported."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.models import Handoff
from bot.services import replay
from bot.services.agreements import Agreed
from bot.services.what_if import IMPORTED, WhatIf
from sla_rules import imported
from sla_rules.agreement import Agreement
from sla_rules.fold import Act, History
from sla_rules.kinds import ClockKind
from sla_rules.touched import Touched, touched_by

IMPORTED_BACK = timedelta(weeks=12)

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Past:
    """What is folded once more, and what it is held beside."""

    ledgers: Iterable[Sequence[Act]]
    ids: list[int]
    """Of the handoff of each ledger that was read."""
    history: History
    lived: History
    told: Callable[[], Collection[ClockKind]]
    """Gives the clocks of which the ledgers, once they are read, say how they ended."""
    was: Callable[[Touched, replay.Sums], replay.Sums]
    left_out: Sequence[tuple[str, Sequence[int]]]


def past(session: Session, agreed: Agreed, terms: WhatIf, days: Days, now: datetime) -> Past:
    """Give what these terms are held against."""
    return (_taken_in if terms.base == IMPORTED else _lived)(session, agreed, terms, days, now)


def _lived(session: Session, agreed: Agreed, terms: WhatIf, days: Days, now: datetime) -> Past:
    ids: list[int] = []
    return Past(
        ledgers=_noted(session, agreed, days, ids),
        ids=ids,
        history=history_of(agreed, terms.document, now),
        lived=agreed.history,
        told=lambda: tuple(ClockKind),
        was=lambda promise, _: partial(replay.stored, session, agreed, promise.tier),
        left_out=_left_out(session, agreed, days, now),
    )


def _taken_in(session: Session, agreed: Agreed, terms: WhatIf, days: Days, now: datetime) -> Past:
    """Take imported leads as if these terms had always been in force; no clock of theirs ever ran."""
    ids: list[int] = []
    seen: set[str] = set()
    text = terms.document
    days_off = {*text.expand_days_off(days[0]), *text.expand_days_off(agreed.today(now))}
    return Past(
        ledgers=_carded(session, agreed, days, ids, seen),
        ids=ids,
        history=((0, text.terms(agreed.row.version, days_off)),),
        lived=(),
        told=partial(imported.told, seen),
        was=lambda promise, would: would if promise.clock is None else lambda *_: {},
        left_out=(),
    )


def days_of(session: Session, agreed: Agreed, terms: WhatIf, now: datetime) -> Days:
    if terms.base == IMPORTED:
        return _imported_days(session, agreed)
    if not agreed.history:
        raise UserError("nothing_to_simulate")
    touched = touched_by(agreed.document, terms.document)
    return replay.days_of(session, agreed, touched, terms.document, now)


def _imported_days(session: Session, agreed: Agreed) -> Days:
    """Give the last weeks of which leads were imported, from the first of a month: months are whole."""
    last_on = session.scalar(
        select(func.max(col(Handoff.day))).where(
            col(Handoff.workspace_id) == agreed.workspace_id,
            col(Handoff.agreement_id) == agreed.id,
            col(Handoff.is_imported).is_(True),
            col(Handoff.state) != "voided",
        )
    )
    if last_on is None:
        raise UserError("nothing_imported")
    return (last_on - IMPORTED_BACK).replace(day=1), last_on + timedelta(days=1)


def history_of(agreed: Agreed, document: Agreement, now: datetime) -> History:
    """Give the terms as they held, where they are the same; else the others from the first day on."""
    old = agreed.document
    if (old.clocks, old.calendar, old.consequences) == (
        document.clocks,
        document.calendar,
        document.consequences,
    ):
        return agreed.history
    terms = document.terms(agreed.row.version, document.expand_days_off(agreed.today(now)))
    return ((agreed.history[0][0], terms),)


def _noted(session: Session, agreed: Agreed, days: Days, ids: list[int]) -> Iterator[list[Act]]:
    """Read all ledgers of these days, and note whose they are."""
    for handoff_id, acts in replay.every_ledger(session, agreed, *days):
        ids.append(handoff_id)
        yield acts


def _carded(
    session: Session, agreed: Agreed, days: Days, ids: list[int], seen: set[str]
) -> Iterator[list[Act]]:
    """Read the imported ledgers of these days as if there had been cards, and note whose they are."""
    for handoff_id, acts in replay.every_ledger(session, agreed, *days):
        cards = imported.as_handed_over(acts)
        seen |= imported.seen(acts) if cards else set()
        ids += [handoff_id] * len(cards)
        yield from cards


def _left_out(session: Session, agreed: Agreed, days: Days, now: datetime) -> list[tuple[str, Sequence[int]]]:
    """List the handoffs of the quarter that say nothing of clocks, by why."""
    rows = session.execute(
        select(col(Handoff.number), col(Handoff.day), col(Handoff.is_imported), col(Handoff.is_trial))
        .where(
            col(Handoff.workspace_id) == agreed.workspace_id,
            col(Handoff.agreement_id) == agreed.id,
            col(Handoff.day) >= days[0],
            col(Handoff.day) < replay.until_of(agreed, now),
            col(Handoff.state) != "voided",
            (col(Handoff.day) >= days[1]) | col(Handoff.is_imported) | col(Handoff.is_trial),
        )
        .order_by(col(Handoff.number))
    )
    found: dict[str, list[int]] = {}
    for number, day, is_imported, is_trial in rows:
        why = "running" if day >= days[1] else "imported" if is_imported else "trial" if is_trial else ""
        found.setdefault(why, []).append(number)
    return sorted(found.items())
