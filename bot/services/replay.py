"""What the last quarter would have been under other terms: the same acts, folded once more."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, Select, String, cast, func, select, type_coerce
from sqlmodel import Session

from bot.facts.review import MeantFact
from bot.models import Event, Handoff, table_of
from bot.services import agreements, figures, ledger, tallies
from bot.services.agreements import Agreed
from sla_rules import attainment, goals
from sla_rules.agreement import Agreement
from sla_rules.fold import Act
from sla_rules.kinds import ActKind, ClockKind, Per, Side, Tier
from sla_rules.promises import FORMS, Goal
from sla_rules.replay import Replayed, replayed
from sla_rules.touched import Touched, touched_by

WEEKS = 13
HANDOFFS_AT_ONCE = 200
KINDS = {kind.value: kind for kind in ActKind}
SECOND = 1_000_000
"""In the microseconds that the store keeps."""
LONGEST_WAIT = 400
"""Days to look back for a day whose leads have run out."""

Sums = Callable[[date, date], Mapping[str, int]]
"""Adds up the measures of a promise over days."""


def meant(
    session: Session,
    agreed: Agreed,
    text: Agreement | str,
    now: datetime,
    *,
    most_leads: int | None = None,
) -> tuple[MeantFact, ...]:
    """Say what each promise that another text touches was over the last quarter, and would have been.

    It takes about a quarter of a second for ten thousand leads; who cannot wait says how many to fold at the
    most, and hears nothing of clocks where there are more.
    """
    document = agreements.parsed(text) if isinstance(text, str) else text
    touched = touched_by(agreed.document, document)
    if not touched or not agreed.history:
        return ()
    start_on, end_on = days_of(session, agreed, touched, document, now)
    if start_on >= end_on:
        return ()
    if most_leads and delivered(session, agreed, start_on, end_on) > most_leads:
        touched = [promise for promise in touched if promise.clock is None]
        document = agreed.document
    again = _again(session, agreed, document, (start_on, end_on), now)
    counted = _by_part(again) if again else {}
    found = []
    for promise in touched:
        was: Sums = partial(stored, session, agreed, promise.tier)
        would = was
        if again and promise.clock:
            would = partial(
                _counted, counted.get(("tier", promise.tier) if promise.tier else ("all", ""), [])
            )
        fact = compared(agreed, promise, (start_on, end_on), was, would)
        found.append(replace(fact, impossible=again.impossible) if again and promise.clock else fact)
    return tuple(found)


def _again(
    session: Session, agreed: Agreed, document: Agreement, days: tuple[date, date], now: datetime
) -> Replayed | None:
    """Fold all once more under another text; None where its clocks and its calendar are the same."""
    old = agreed.document
    if old.clocks == document.clocks and old.calendar == document.calendar:
        return None
    terms = document.terms(agreed.row.version, document.expand_days_off(agreed.today(now)))
    history = [(agreed.history[0][0], terms)]
    return replayed(ledgers(session, agreed, *days), history, ledger.epoch(now))


def delivered(session: Session, agreed: Agreed, start_on: date, end_on: date) -> int:
    return stored(session, agreed, None, start_on, end_on).get("delivered", 0)


def stored(
    session: Session, agreed: Agreed, tier: Tier | None, start_on: date, end_on: date
) -> Mapping[str, int]:
    return tallies.sums(session, agreed, figures.part_of(start_on, end_on, tier))


def _counted(figures_of_days: Iterable[tuple[date, str, int]], start_on: date, end_on: date) -> Counter[str]:
    found: Counter[str] = Counter()
    for day, measure, n in figures_of_days:
        if start_on <= day < end_on:
            found[measure] += n
    return found


def compared(agreed: Agreed, promise: Touched, days: tuple[date, date], was: Sums, would: Sums) -> MeantFact:
    start_on, end_on = days
    goal = promise.goal_meant or promise.goal_was
    periods = _periods(agreed, goal.per, start_on, end_on) if goal else []
    kept_was = _kept(promise.goal_was, [was(one.start_on, one.end_on) for one in periods])
    kept_meant = _kept(promise.goal_meant, [would(one.start_on, one.end_on) for one in periods])
    after = attainment.measure(promise.metric, would(start_on, end_on))
    return MeantFact(
        clause=promise.clause,
        side=goal.party if goal else FORMS[promise.metric].side or Side.SALES,
        metric=promise.metric,
        tier=promise.tier,
        start_on=start_on,
        end_on=end_on - timedelta(days=1),
        was=attainment.measure(promise.metric, was(start_on, end_on)).value,
        meant=after.value,
        of=after.of,
        target_was=promise.goal_was.target if promise.goal_was else None,
        target_meant=promise.goal_meant.target if promise.goal_meant else None,
        span_was=promise.span_was,
        span_meant=promise.span_meant,
        kept_was=sum(kept_was),
        kept_meant=sum(kept_meant),
        periods=max(len(kept_was), len(kept_meant)),
        per=goal.per if goal else None,
    )


def _kept(goal: Goal | None, sums: Iterable[Mapping[str, int]]) -> list[bool]:
    """Say for each period in which something was counted whether a goal was kept in it."""
    if goal is None:
        return []
    judged = [
        attainment.is_kept(goal.metric, goal.target, attainment.measure(goal.metric, one)) for one in sums
    ]
    return [was_kept for was_kept in judged if was_kept is not None]


# ---- which days, and what happened in them


def days_of(
    session: Session, agreed: Agreed, touched: Sequence[Touched], document: Agreement, now: datetime
) -> tuple[date, date]:
    """Give the whole quarter before, else the last weeks, less the days whose leads have not run out."""
    start_on, end_on = _looked_back_on(agreed, now)
    start_on = max(start_on, _first_on(session, agreed) or start_on)
    waits = [_wait(text, agreed, one) for one in touched for text in (agreed.document, document)]
    return start_on, min(end_on, _ran_out_on(agreed, max(waits, default=0), now))


def until_of(agreed: Agreed, now: datetime) -> date:
    """Give the day after the last that is looked back on, whether its leads have run out or not."""
    return _looked_back_on(agreed, now)[1]


def _looked_back_on(agreed: Agreed, now: datetime) -> tuple[date, date]:
    today = agreed.today(now)
    quarter = goals.previous(figures.period(agreed, Per.QUARTER, today))
    if agreed.calendar.local_date(agreed.history[0][0]) > quarter.start_on:
        return today - timedelta(weeks=WEEKS), today
    return quarter.start_on, quarter.end_on


def _first_on(session: Session, agreed: Agreed) -> date | None:
    """Find the first day of which anything is known."""
    rows = table_of(Handoff).c
    first: date | None = session.scalar(
        select(func.min(rows.day)).where(
            rows.workspace_id == agreed.workspace_id, rows.agreement_id == agreed.id
        )
    )
    return first


def _wait(document: Agreement, agreed: Agreed, promise: Touched) -> int:
    """Give the working seconds after which a lead has run through a promise's clocks, at the longest."""
    if promise.clock is None:
        return 0
    tiers = (promise.tier,) if promise.tier else tuple(Tier)
    kinds = {ClockKind.FIRST_TOUCH, ClockKind.OUTCOME} & {promise.clock}
    chain = (ClockKind.DECIDE, *kinds) if kinds else (promise.clock,)
    day = agreed.calendar.day_seconds
    spans = [[document.target(kind, tier) for kind in chain] for tier in tiers]
    return max(sum(span.seconds_in(day) for span in one if span) for one in spans)


def _ran_out_on(agreed: Agreed, wait: int, now: datetime) -> date:
    """Find the day before which all leads have run out by now."""
    today = agreed.today(now)
    if not wait:
        return today + timedelta(days=1)
    for back in range(LONGEST_WAIT):
        day = today - timedelta(days=back)
        start_at, _ = agreed.calendar.day_bounds(day)
        if (breaks_at := agreed.calendar.breaks_at(start_at, wait)) is not None and breaks_at <= now:
            return day
    return today - timedelta(days=LONGEST_WAIT)


def ledgers(session: Session, agreed: Agreed, start_on: date, end_on: date) -> Iterator[list[Act]]:
    """Read the acts of the handoffs that have clocks, some handoffs at a time."""
    rows = table_of(Handoff).c
    query = _handoffs(agreed, start_on, end_on).where(rows.is_imported.is_(False), rows.is_trial.is_(False))
    return (acts for _, acts in _read(session, agreed, session.scalars(query).all()))


def every_ledger(
    session: Session, agreed: Agreed, start_on: date, end_on: date
) -> Iterator[tuple[int, list[Act]]]:
    """Read the acts of all handoffs that count, each with its id, some handoffs at a time."""
    return _read(session, agreed, session.scalars(_handoffs(agreed, start_on, end_on)).all())


def _handoffs(agreed: Agreed, start_on: date, end_on: date) -> Select[Any]:
    rows = table_of(Handoff).c
    return (
        select(rows.id)
        .where(
            rows.workspace_id == agreed.workspace_id,
            rows.agreement_id == agreed.id,
            rows.day >= start_on,
            rows.day < end_on,
            rows.state != "voided",
        )
        .order_by(rows.id)
    )


def _read(session: Session, agreed: Agreed, ids: Sequence[int]) -> Iterator[tuple[int, list[Act]]]:
    for first in range(0, len(ids), HANDOFFS_AT_ONCE):
        yield from _acts(session, agreed, ids[first : first + HANDOFFS_AT_ONCE])


def _acts(session: Session, agreed: Agreed, handoffs: Sequence[int]) -> Iterator[tuple[int, list[Act]]]:
    rows = table_of(Event).c
    found = session.execute(
        select(
            rows.handoff_id,
            rows.seq,
            rows.kind,
            type_coerce(rows.happened_at, BigInteger),
            cast(rows.leads, String),
            rows.actor,
            cast(rows.data, String),
            rows.undoes,
        )
        .where(rows.workspace_id == agreed.workspace_id, rows.handoff_id.in_(handoffs))
        .order_by(rows.handoff_id, rows.seq)
    )
    for handoff_id, acts in groupby(found, key=itemgetter(0)):
        yield (
            handoff_id,
            [
                Act(seq, KINDS[kind], at // SECOND, _leads(leads), actor, _data(data), undoes)
                for _, seq, kind, at, leads, actor, data, undoes in acts
            ],
        )


# Most acts name one lead and say little beside, in the same words: what was read once is not read again.


@lru_cache(maxsize=4096)
def _leads(written: str) -> tuple[int, ...]:
    return tuple(json.loads(written))


@lru_cache(maxsize=4096)
def _data(written: str) -> Mapping[str, Any]:
    return MappingProxyType(json.loads(written))


def _by_part(again: Replayed) -> dict[tuple[str, str], list[tuple[date, str, int]]]:
    """Sort figures by what they are counted by."""
    found: dict[tuple[str, str], list[tuple[date, str, int]]] = {}
    for (by, value, measure, day), n in again.figures.items():
        if by in ("all", "tier"):
            found.setdefault((by, value), []).append((date.fromisoformat(day), measure, n))
    return found


def _periods(agreed: Agreed, per: Per, start_on: date, end_on: date) -> list[goals.Period]:
    """List the whole periods within these days."""
    found, day = [], start_on
    while day < end_on:
        period = figures.period(agreed, per, day)
        if period.start_on >= start_on and period.end_on <= end_on:
            found.append(period)
        day = period.end_on
    return found
