"""Imported leads as if each had been handed over by a card: what their clocks would have been."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import groupby

from sla_rules.handoff import Act
from sla_rules.kinds import ActKind, ClockKind, Outcome

ARRIVED, ENDED = "arrived", "ended"
TELLS: Mapping[ClockKind, AbstractSet[str]] = {
    ClockKind.HANDOVER: {ARRIVED},
    ClockKind.DECIDE: {ActKind.TAKEN},
    ClockKind.FIRST_TOUCH: {ActKind.TAKEN, ActKind.TOUCHED},
    ClockKind.OUTCOME: {ENDED},
}
"""What a file has to tell, or a clock would seem kept or broken of which nothing is known."""


def as_handed_over(acts: Sequence[Act]) -> list[list[Act]]:
    """Give the acts of each card that an imported handoff would have been, one for each instant.

    None where the handoff was not imported, or was voided.
    """
    first = next(act for act in acts if act.kind is ActKind.HANDED_OVER)
    if not first.data.get("imported") or any(act.kind is ActKind.VOIDED for act in acts):
        return []
    begun = [act for act in acts if act.kind is ActKind.HANDED_OVER]
    later = [act for act in acts if act.kind is not ActKind.HANDED_OVER]
    return [
        [handed, replace(handed, kind=ActKind.POSTED, data={}), *_of(later, handed.leads)]
        for act in begun
        for handed in _by_instant(act)
    ]


def seen(acts: Iterable[Act]) -> set[str]:
    """Say what a file tells of its leads."""
    found: set[str] = set()
    for act in acts:
        found.add(act.kind)
        # Who tells of wins alone tells of no end.
        if act.data.get("outcome") in (Outcome.LOST, Outcome.RECYCLED):
            found.add(ENDED)
        if act.kind is ActKind.HANDED_OVER and any(at is not None for at in act.data["arrived_at"]):
            found.add(ARRIVED)
    return found


def told(found: AbstractSet[str]) -> set[ClockKind]:
    """Say of which clocks a file tells how they ended."""
    return {kind for kind, needed in TELLS.items() if needed <= found}


def _by_instant(act: Act) -> Iterable[Act]:
    """Part the leads of a day by the instant at which each was handed over."""
    tiers = [tier for tier, count in act.data["tiers"] for _ in range(count)]
    leads = zip(act.data["handed_over_at"], act.leads, tiers, act.data["arrived_at"], strict=True)
    for at, some in groupby(sorted(leads, key=lambda lead: lead[:2]), key=lambda lead: lead[0]):
        _, numbers, tiers_now, arrived = zip(*some, strict=True)
        data = {key: act.data[key] for key in ("day", "source", "campaign")}
        data |= {"tiers": [[tier, 1] for tier in tiers_now], "arrived_at": list(arrived)}
        yield replace(act, at=at, leads=numbers, data=data)


def _of(acts: Iterable[Act], leads: Sequence[int]) -> list[Act]:
    """Keep of each act what it says of these leads."""
    named = [(act, tuple(n for n in act.leads if n in leads)) for act in acts]
    return [replace(act, leads=some) for act, some in named if some or not act.leads]
