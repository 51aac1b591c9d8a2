"""Every figure of every part of the leads equals one worked out from what product section 5 says of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session

from bot.database import reading, transaction
from bot.models import Handoff
from bot.services import agreements, figures, ledger, periods
from bot.services.agreements import Agreed
from sla_rules import fold
from sla_rules.kinds import ActKind, ClockKind, Metric, Per, RejectionKind, Side
from sla_rules.promises import FORMS
from tests.services.walk import MARKETER, REPS, STEPS, Step, Walk, settled, walk_in
from tests.twin import ours

DAY = 86_400
CLOCKS = {
    "handed_over_in_time": ClockKind.HANDOVER,
    "answered_in_time": ClockKind.ANSWER,
    "decided_in_time": ClockKind.DECIDE,
    "touched_in_time": ClockKind.FIRST_TOUCH,
    "outcome_in_time": ClockKind.OUTCOME,
}


# ---- the same figures, worked out lead by lead


@dataclass(frozen=True)
class Counted:
    """The leads of a part, and what became of the promises made for them: (kind, kept, late or excused)."""

    leads: list[fold.Lead]
    promises: list[tuple[ClockKind, str]]

    def in_state(self, *states: str) -> int:
        return sum(lead.state in states for lead in self.leads)

    def refused(self, kind: RejectionKind) -> int:
        return sum(lead.rejection is kind for lead in self.leads)

    def with_outcome(self, outcome: str) -> int:
        return sum(lead.outcome == outcome for lead in self.leads)

    def fate(self, kind: ClockKind, fate: str) -> int:
        return self.promises.count((kind, fate))

    def seconds(self, name: str) -> list[int]:
        return sorted(s for lead in self.leads if (s := getattr(lead, name)) is not None)


def worked_out(counted: Counted) -> Mapping[str, Any]:
    """Work out each column from the leads themselves."""
    delivered = len(counted.leads)
    accepted = counted.in_state("taken", "touched", "closed")
    quality, neutral = counted.refused(RejectionKind.QUALITY), counted.refused(RejectionKind.NEUTRAL)
    sql = sum(lead.sql_at is not None for lead in counted.leads)
    won = counted.with_outcome("won")
    found: dict[str, Any] = {
        "leads_delivered": delivered,
        "undecided": counted.in_state("open", "held"),
        "accepted": accepted,
        "rejected": quality + neutral,
        "rejected_quality": quality,
        "rejected_neutral": neutral,
        "qualified_leads": delivered - quality - neutral,
        "quality_refusals": share(quality, accepted + quality),
        "acceptance_rate": share(accepted, accepted + quality),
        "sql": sql,
        "won": won,
        "lost": counted.with_outcome("lost"),
        "recycled": counted.with_outcome("recycled"),
        "sql_rate": share(sql, delivered),
        "won_per_100": None if not delivered else round(100 * won / delivered, 2),
        "pipeline": round(sum(lead.amount or 0 for lead in counted.leads) / 100),
        "excused": sum(fate == "excused" for _, fate in counted.promises),
    }
    for name, kind in CLOCKS.items():
        kept, late = counted.fate(kind, "kept"), counted.fate(kind, "late")
        found[name] = share(kept, kept + late)
    return {**found, **times_worked_out(counted)}


def times_worked_out(counted: Counted) -> Mapping[str, Any]:
    take, touch, won, cycle = (
        counted.seconds(name) for name in ("take_s", "touch_s", "conversion_s", "cycle_s")
    )
    return {
        "time_to_take_median_s": percentile(take, 0.5, 1, 0),
        "time_to_take_p90_s": percentile(take, 0.9, 1, 0),
        "time_to_touch_median_s": percentile(touch, 0.5, 1, 0),
        "time_to_touch_p90_s": percentile(touch, 0.9, 1, 0),
        "conversion_time_mean_days": round(sum(won) / len(won) / DAY, 2) if won else None,
        "conversion_time_median_days": percentile(won, 0.5, DAY, 2),
        "conversion_time_p90_days": percentile(won, 0.9, DAY, 2),
        "sales_cycle_mean_days": round(sum(cycle) / len(cycle) / DAY, 2) if cycle else None,
        "sales_cycle_median_days": percentile(cycle, 0.5, DAY, 2),
        "sales_cycle_p90_days": percentile(cycle, 0.9, DAY, 2),
    }


def share(part: int, whole: int) -> float | None:
    return None if whole == 0 else round(part / whole, 4)


def percentile(ordered: Sequence[int], at: float, unit: int, digits: int) -> float | None:
    if not ordered:
        return None
    rank = at * (len(ordered) - 1)
    below, above = ordered[floor(rank)], ordered[min(floor(rank) + 1, len(ordered) - 1)]
    return round((below + (rank - floor(rank)) * (above - below)) / unit, digits or None)


def promises_of(handoff: fold.Handoff) -> Iterator[tuple[ClockKind, int, str, str]]:
    """Say of each promise to a lead what became of it and whose it was: (kind, lead, fate, whose)."""
    ended = {key: (fate, whose) for key, (fate, whose) in handoff.fates.items()}
    overdue = {
        (clock.kind, n): ("late", clock.owner)
        for clock in handoff.clocks
        for n in clock.waiting
        if clock.is_broken(handoff.until)
    }
    for (kind, n), (fate, whose) in {**overdue, **ended}.items():
        yield kind, n, "excused" if (kind, n) in handoff.excused else fate, whose


BY: Mapping[str | None, Callable[[fold.Handoff, fold.Lead | None, str | None], str | None]] = {
    None: lambda _handoff, _lead, _whose: "",
    "source": lambda handoff, _lead, _whose: handoff.source,
    "campaign": lambda handoff, _lead, _whose: handoff.campaign or None,
    "tier": lambda _handoff, lead, _whose: lead.tier if lead else None,
    "rep": lambda _handoff, _lead, whose: whose or None,
}
"""What a lead, or a promise to one and whose it was, is counted by; None where it is counted by nothing."""


def counted_by(by: str | None, handoffs: Iterable[fold.Handoff]) -> Mapping[str, Counted]:
    found: dict[str, Counted] = {}

    def part(value: str | None) -> Counted:
        return found.setdefault(value or "", Counted([], [])) if value is not None else Counted([], [])

    for handoff in handoffs:
        for lead in handoff.leads.values():
            part(BY[by](handoff, lead, lead.owner)).leads.append(lead)
        for kind, n, fate, whose in promises_of(handoff):
            one = part(BY[by](handoff, handoff.leads.get(n), whose))
            one.promises.append((kind, fate))
    return {value: one for value, one in found.items() if one.leads or one.promises}


# ---- held against what is shown


def folded(session: Session, agreed: Agreed) -> list[tuple[date, fold.Handoff]]:
    handoffs = session.scalars(select(Handoff).where(ours(Handoff))).all()
    states = [
        (row.day, ledger.read(session, agreed, row, ledger.settled_until(session, row))) for row in handoffs
    ]
    return [(day, state) for day, state in states if not (state.is_voided or state.is_trial)]


def hold_equal(walk: Walk, per: Per) -> None:
    with reading(walk.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
        states = folded(session, agreed)
        for by in BY:
            wanted = {
                (figures.period(agreed, per, day).label, value): worked_out(one)
                for day in {day for day, _ in states}
                for value, one in counted_by(
                    by, [state for on, state in states if _same(agreed, per, on, day)]
                ).items()
            }
            rows = periods.table(session, agreed, per=per, by=by, now=walk.now)
            shown = {(row["period"], row[by] if by else ""): row for row in rows if _tells(row)}
            assert shown.keys() == wanted.keys(), by
            for key, columns in wanted.items():
                assert {name: shown[key][name] for name in columns} == columns, (by, key)
        _hold_parties(session, agreed, per, walk)


def _same(agreed: Agreed, per: Per, one: date, other: date) -> bool:
    return one in figures.period(agreed, per, other)


def _tells(row: Mapping[str, Any]) -> bool:
    return bool(row["leads_delivered"] or row["excused"] or any(row[name] is not None for name in CLOCKS))


def _hold_parties(session: Session, agreed: Agreed, per: Per, walk: Walk) -> None:
    """A party answers for its own figures; both together kept and made all promises."""
    whole = periods.table(session, agreed, per=per, now=walk.now)
    parties = periods.table(session, agreed, per=per, by="party", now=walk.now)
    assert [row["party"] for row in parties] == [*Side] * len(whole)
    for index, row in enumerate(whole):
        sides = dict(zip(Side, parties[2 * index : 2 * index + 2], strict=True))
        for name in ("promises_kept", "promises_made"):
            assert row[name] == sum(one[name] for one in sides.values())
        for metric in Metric:
            for side, one in sides.items():
                assert one[metric] == (row[metric] if FORMS[metric].side in (None, side) else None)


def test_a_voided_handoff_is_in_no_percentile(signed: Path) -> None:
    with walk_in(signed) as walk:
        walk.do(Step("log", 3 * DAY, choice=1))
        walk.do(Step("log", 60, choice=3))
        walk.do(Step("taken", 3600, handoff=0, leads=(3, 4)))
        walk.do(Step("taken", 3600, handoff=1, leads=(3, 4)))
        walk.do(Step("voided", 60, handoff=1))
        hold_equal(walk, Per.WEEK)


def test_percentiles_of_five_thousand_leads_are_within_one_per_cent(signed: Path) -> None:
    with walk_in(signed) as walk:
        walk.now += timedelta(days=3)
        numbers = [range(first, first + 5) for first in range(1, 5_001, 5)]
        with transaction(walk.engine) as session:
            agreed = agreements.by_id(session, 1, 1)
            handoff = walk.new_handoff(session, agreed)
            data = {"day": handoff.day.isoformat(), "source": "webinar", "tiers": [["C", 5_000]]}
            leads = tuple(range(1, 5_001))
            acts = [
                ledger.NewAct(ActKind.HANDED_OVER, MARKETER, walk.now, leads, data),
                ledger.NewAct(ActKind.POSTED, None, walk.now, (), {"duty": REPS[0]}),
            ]
            for n, some in enumerate(numbers):
                walk.now += timedelta(seconds=5 + n % 17)
                acts.append(ledger.NewAct(ActKind.TAKEN, REPS[n % 3], walk.now, tuple(some)))
            ledger.record(session, agreed, handoff, acts, walk.now)
        with reading(walk.engine) as session:
            agreed = agreements.by_id(session, 1, 1)
            ((_, state),) = folded(session, agreed)
            (row,) = periods.table(session, agreed, per=Per.WEEK, now=walk.now)
            wanted = worked_out(counted_by(None, [state])[""])
            reps = periods.table(session, agreed, per=Per.WEEK, by="rep", now=walk.now)
            by_rep = counted_by("rep", [state])

    for name in ("time_to_take_median_s", "time_to_take_p90_s"):
        assert row[name] == pytest.approx(wanted[name], rel=0.01)
        for one in reps:
            assert one[name] == pytest.approx(worked_out(by_rep[one["rep"]])[name], rel=0.01)


@settings(**settled(25))
@given(steps=st.lists(STEPS, min_size=5, max_size=25), per=st.sampled_from(Per))
def test_every_figure_by_everything_equals_one_worked_out_lead_by_lead(
    signed: Path, steps: list[Step], per: Per
) -> None:
    with walk_in(signed) as walk:
        for step in steps:
            walk.do(step)
        hold_equal(walk, per)


@pytest.mark.slow
@settings(**settled(1000))
@given(steps=st.lists(STEPS, min_size=10, max_size=40), per=st.sampled_from(Per))
def test_every_figure_equals_one_worked_out_on_long_walks(signed: Path, steps: list[Step], per: Per) -> None:
    with walk_in(signed) as walk:
        for step in steps:
            walk.do(step)
        hold_equal(walk, per)
