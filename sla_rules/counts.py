"""What a handoff counts: the figures of which every tally is the sum."""

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter

from sla_rules.clock import Clock
from sla_rules.funnel import bucket_of
from sla_rules.handoff import ACCEPTED, EXCUSED, LATE, UNDECIDED, Handoff, Key, Lead
from sla_rules.kinds import ClockKind, Outcome, Tier
from sla_rules.waiting import lapsing


def figures(handoff: Handoff) -> Counter[Key]:
    """Count all that a handoff counts, by all, source, campaign, tier, rep; a tally is their sum."""
    counts: Counter[Key] = Counter()
    if handoff.is_voided:
        return counts
    for lead in handoff.leads.values():
        dims = _dims(handoff, lead.tier, lead.owner)
        for measure, n in _measures(lead):
            for by, value in dims:
                counts[by, value, measure, handoff.day] += n
    for (kind, n), (fate, owner) in fates(handoff).items():
        tier = handoff.leads[n].tier if n in handoff.leads else None
        for by, value in _dims(handoff, tier, owner):
            counts[by, value, f"{kind}.{fate}", handoff.day] += 1
    return counts


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


def _dims(handoff: Handoff, tier: Tier | None, rep: str | None) -> list[tuple[str, str]]:
    return dims(handoff.source, handoff.campaign, tier, rep)


def _measures(lead: Lead) -> list[tuple[str, int]]:
    found = [("delivered", 1)]
    if lead.state in UNDECIDED:
        found.append(("undecided", 1))
    if lead.state in ACCEPTED:
        found.append(("accepted", 1))
    if lead.rejection:
        found += [(f"rejected_{lead.rejection}", 1), (f"reason.{lead.reason}", 1)]
    if lead.sql_at is not None:
        found.append((Outcome.SQL.value, 1))
    if lead.outcome and lead.outcome is not Outcome.SQL:
        found.append((lead.outcome.value, 1))
    if lead.amount:
        found.append(("amount", lead.amount))
    found += [(f"{kind}.snoozed", 1) for kind in lead.snoozed]
    if lead.waits_since is None and lead.spent:
        found += [("where.n", 1), *((f"where.{part}", seconds) for part, seconds in lead.spent.items())]
    for name, seconds in _spans(lead):
        found += [(f"{name}.n", 1), (f"{name}.sum", seconds), (f"{name}.b{bucket_of(seconds)}", 1)]
    return found


SPAN = attrgetter("take_s", "touch_s", "conversion_s", "cycle_s")


def _spans(lead: Lead) -> list[tuple[str, int]]:
    names = ("take", "touch", "conversion", "cycle")
    return [(name, seconds) for name, seconds in zip(names, SPAN(lead), strict=True) if seconds is not None]
