"""What the last quarter would have been under other terms, and which acts these make impossible."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.facts.review import ImpossibleFact, MeantFact, SimulatedFact
from bot.models import Handoff
from bot.services import ledger, own, pasts, replay, rights, versions
from bot.services.agreements import Agreed
from bot.services.rights import Act
from bot.services.what_if import PROPOSED, WhatIf
from sla_rules import attainment
from sla_rules.agreement import Agreement
from sla_rules.attainment import Figure
from sla_rules.compare import changes
from sla_rules.counts import Counts, Measures
from sla_rules.kinds import Side, Tier
from sla_rules.replay import Added, added
from sla_rules.touched import Touched, touched_by

SHOWN = 5
"""Of the acts that could not have happened."""
AT_ONCE = 10_000
"""More leads than these take longer than the acknowledgement can wait."""
MOST = 1_000_000
"""They take some twenty seconds, for which nothing else is delivered."""

Days = tuple[date, date]
ByTier = Mapping[Tier | None, Mapping[date, Measures]]
"""What was counted, by tier (None is all) and day."""


def leads_in(session: Session, agreed: Agreed, terms: WhatIf, now: datetime) -> int:
    """Count the leads to be folded: what it costs."""
    start_on, end_on = pasts.days_of(session, agreed, terms, now)
    return replay.delivered(session, agreed, start_on, end_on) if start_on < end_on else 0


def fact(session: Session, agreed: Agreed, terms: WhatIf, user: str, now: datetime) -> SimulatedFact:
    """Fold the last quarter once more and hold it beside what it was. Raises UserError where none was."""
    days = start_on, end_on = pasts.days_of(session, agreed, terms, now)
    if start_on >= end_on:
        raise UserError("nothing_to_simulate")
    past = pasts.past(session, agreed, terms, days, now)
    again = added(past.ledgers, past.history, ledger.epoch(now), past.lived, with_times=False)
    if not past.ids:
        raise UserError("nothing_to_simulate")
    counted = by_tier(again.counts)
    every = promises_of(agreed.document, terms.document)
    untold = [one.metric for one in every if one.clock is not None and one.clock not in past.told()]
    promises = [
        replay.compared(agreed, promise, days, past.was(promise, would), would)
        for promise in every
        for would in [partial(sums, counted.get(promise.tier, {}))]
        if promise.metric not in untold
    ]
    return SimulatedFact(
        agreement_id=agreed.id,
        name=agreed.document.name,
        base=terms.base,
        words=terms.words,
        text_hash=versions.hash_of(terms.text),
        changes=changes(agreed.document, terms.document),
        start_on=start_on,
        end_on=end_on - timedelta(days=1),
        leads=sum(day["delivered"] for day in counted.get(None, {}).values()),
        promises=sorted(promises, key=lambda one: (one.side, one.tier or "Z")),
        sides=_sides(promises),
        impossible=_impossible(session, agreed, again, past.ids),
        impossible_in_all=len(again.impossible),
        left_out=past.left_out,
        untold=tuple(dict.fromkeys(untold)),
        is_as_it_was=past.history is agreed.history,
        may_propose=terms.base != PROPOSED and rights.may(session, agreed, user, Act.AMEND),
    )


def promises_of(old: Agreement, new: Agreement) -> list[Touched]:
    """List every promise of both texts, those that differ first."""
    found = {(one.metric, one.tier): one for one in touched_by(old, new)}
    before, after = ({(goal.metric, goal.tier): goal for goal in text.goals} for text in (old, new))
    for metric, tier in (*after, *before):
        if (metric, tier) not in found:
            was, would = before.get((metric, tier)), after.get((metric, tier))
            place = f"goals.{new.goals.index(would)}" if would else ""
            found[metric, tier] = Touched(metric, tier, new.clause_of(place) or "", was, would)
    return list(found.values())


def by_tier(counts: Counts) -> ByTier:
    """Gather what was counted by tier and day."""
    found: dict[Tier | None, dict[date, Measures]] = {}
    for (day, _, _, tier, _), measures in counts.items():
        on = date.fromisoformat(day)
        for into in {None, tier}:
            part = found.setdefault(into, {}).setdefault(on, Measures())
            for measure, n in measures.items():
                part[measure] += n
    return found


def sums(counted: Mapping[date, Measures], start_on: date, end_on: date) -> Measures:
    """Add up what was counted in these days."""
    found = Measures()
    for on, measures in counted.items():
        if start_on <= on < end_on:
            for measure, n in measures.items():
                found[measure] += n
    return found


def _sides(promises: Sequence[MeantFact]) -> list[tuple[Side, int, int, int]]:
    """Count the promises kept by each side: in each whole period, or in all where none is whole."""
    found = []
    for side in Side:
        judged = [_kept(one) for one in promises if one.side == side]
        was, would, of = (sum(one[n] for one in judged) for n in range(3))
        found.append((side, was, would, of))
    return found


def _kept(one: MeantFact) -> tuple[int, int, int]:
    if one.periods:
        return one.kept_was, one.kept_meant, one.periods
    if one.metric in attainment.COUNTS:
        return 0, 0, 0  # a count is of a whole period, or of none
    was, would = _is_kept(one, one.target_was, one.was), _is_kept(one, one.target_meant, one.meant)
    return bool(was), bool(would), was is not None or would is not None


def _is_kept(one: MeantFact, target: float | None, value: float | None) -> bool | None:
    return None if target is None else attainment.is_kept(one.metric, target, Figure(value, 0, 0))


def _impossible(session: Session, agreed: Agreed, again: Added, ids: Sequence[int]) -> list[ImpossibleFact]:
    shown = [(ids[place], act) for place, act in again.impossible[:SHOWN]]
    query = select(col(Handoff.id), col(Handoff.number)).where(
        own.among(Handoff, agreed.workspace_id, [one for one, _ in shown])
    )
    numbers = {row.id: row.number for row in session.execute(query)}
    return [
        ImpossibleFact(numbers[one], act.kind, len(act.leads), datetime.fromtimestamp(act.at, UTC))
        for one, act in shown
    ]
