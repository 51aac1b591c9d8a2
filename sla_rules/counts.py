"""What a handoff counts: the figures of which every tally is the sum."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from operator import attrgetter

from sla_rules.clock import Clock
from sla_rules.funnel import SPANS, bucket_of
from sla_rules.handoff import ACCEPTED, EXCUSED, LATE, SPENT, UNDECIDED, Handoff, Key, Lead
from sla_rules.kinds import ClockKind, Outcome, Tier
from sla_rules.waiting import lapsing


class Measures(defaultdict[str, int]):
    """How many of each measure; none of what was never counted."""

    def __init__(self) -> None:
        super().__init__(int)


Part = tuple[str, str, str, Tier | None, str | None]
"""(day, source, campaign, tier, rep): what leads that count alike have in common."""


class Counts(defaultdict[Part, Measures]):
    """What was counted of each part."""

    def __init__(self) -> None:
        super().__init__(Measures)


def figures(handoff: Handoff) -> Counter[Key]:
    """Count all that a handoff counts, by all, source, campaign, tier, rep; a tally is their sum."""
    counts = Counts()
    count(handoff, counts)
    return by_dims(counts)


def count(handoff: Handoff, counts: Counts, *, with_times: bool = True) -> None:
    """Add what a handoff counts, its leads of one tier and one rep together; no promise asks for times.

    What was voided counts nowhere, nor what was handed over for trial.
    """
    if handoff.is_voided or handoff.is_trial:
        return
    day, source, campaign = handoff.day, handoff.source, handoff.campaign
    for lead in handoff.leads.values():
        part = counts[day, source, campaign, lead.tier, lead.owner]
        _count(part, lead)
        if with_times:
            _count_times(part, lead)
    for (tier, owner, kind, fate), n in _together(handoff).items():
        counts[day, source, campaign, tier, owner][f"{kind}.{fate}"] += n


def _together(handoff: Handoff) -> Counter[tuple[Tier | None, str, ClockKind, str]]:
    """Count fates by tier, owner and kind: there are far fewer of these than leads."""
    leads = handoff.leads
    return Counter(
        (leads[n].tier if n in leads else None, owner, kind, fate)
        for (kind, n), (fate, owner) in fates(handoff).items()
    )


def by_dims(counts: Counts) -> Counter[Key]:
    """Spread what was counted of tiers and reps over all that it is counted by."""
    found: Counter[Key] = Counter()
    for (day, source, campaign, tier, rep), measures in counts.items():
        for by, value in dims(source, campaign, tier, rep):
            for measure, n in measures.items():
                key = by, value, measure, day
                found[key] = found.get(key, 0) + n
    return found


def fates(handoff: Handoff) -> dict[tuple[ClockKind, int], tuple[str, str]]:
    """Say for each promise and lead whether it was kept, late (overdue included) or excused, and by whom."""
    found = dict(handoff.fates)
    for clock in handoff.clocks:
        if clock.waiting and clock.is_broken(handoff.until):
            for n in clock.waiting:
                found.setdefault((clock.kind, n), (LATE, clock.owner))
    for key in handoff.excused & found.keys():
        found[key] = (EXCUSED, found[key][1])
    return found


def counting(handoff: Handoff, clock: Clock) -> int:
    """Count the waiting leads that would be counted late if the clock broke now."""
    known = handoff.fates.keys() | handoff.excused
    return sum((clock.kind, n) not in known for n in clock.waiting)


def breaks_into_more(handoff: Handoff, clock: Clock) -> bool:
    """Say whether its breach does more than count leads late: gives some back, or counts some as excused."""
    return bool(lapsing(handoff, clock)) or any((clock.kind, n) in handoff.excused for n in clock.waiting)


def breach_figures(handoff_dims: Sequence[tuple[str, str]], kind: str, day: str, n: int) -> Counter[Key]:
    """Count what a clock's breach alone changes: the same keys that `figures` gives for overdue leads."""
    return Counter({(by, value, f"{kind}.{LATE}", day): n for by, value in handoff_dims})


def dims(source: str, campaign: str, tier: str | None, rep: str | None) -> list[tuple[str, str]]:
    """List what a lead is counted by."""
    found = [("all", ""), ("source", source)]
    found += [("campaign", campaign)] if campaign else []
    found += [("tier", tier)] if tier else []
    found += [("rep", rep)] if rep else []
    return found


def _count(counts: Measures, lead: Lead) -> None:
    counts["delivered"] += 1
    if lead.state in UNDECIDED:
        counts["undecided"] += 1
    if lead.state in ACCEPTED:
        counts["accepted"] += 1
    if lead.rejection:
        counts[f"rejected_{lead.rejection}"] += 1
        counts[f"reason.{lead.reason}"] += 1
    if lead.sql_at is not None:
        counts["sql"] += 1
    if lead.outcome and lead.outcome is not SQL:
        counts[f"{lead.outcome}"] += 1
    if lead.amount:
        counts["amount"] += lead.amount
    for kind in lead.snoozed:
        counts[f"{kind}.snoozed"] += 1


def _count_times(counts: Measures, lead: Lead) -> None:
    if lead.waits_since is None and lead.spent:
        counts["where.n"] += 1
        for part, seconds in lead.spent.items():
            counts[WHERE[part]] += seconds
    for (n, total, bucket), seconds in zip(TOLD, SPAN(lead), strict=True):
        if seconds is not None:
            counts[n] += 1
            counts[total] += seconds
            counts[f"{bucket}{bucket_of(seconds)}"] += 1


SQL = Outcome.SQL
SPAN = attrgetter(*(f"{name}_s" for name in SPANS))
TOLD = [(f"{name}.n", f"{name}.sum", f"{name}.b") for name in SPANS]
WHERE = {part: f"where.{part}" for part in SPENT}
