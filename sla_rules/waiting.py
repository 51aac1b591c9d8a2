"""What leads wait on: their clocks, and what time alone does to them between the acts."""

from dataclasses import replace

from sla_rules.clock import Clock
from sla_rules.handoff import KEPT, LATE, OUTSIDE, PAUSED, POOL, POSTING, TOUCH, Handoff, Lead
from sla_rules.kinds import ClockKind, LeadState, Tier

# ---- what time alone does


def let_time_pass(handoff: Handoff, *, before: int) -> None:
    _let_lapse(handoff, before=before)
    for lead in handoff.leads.values():
        if lead.is_disputed and lead.disputed_until is not None and lead.disputed_until < before:
            lead.is_disputed = False


def tell_time(handoff: Handoff, until: int) -> None:
    """Tell where the time of leads that still wait went so far."""
    for lead in handoff.leads.values():
        spend(handoff, lead, until)


def spend(handoff: Handoff, lead: Lead, at: int) -> None:
    """Tell where a lead's time went since it was told last, by the state that it was in."""
    terms = handoff.terms(at)
    if lead.waits_since is None or terms is None or at <= lead.waits_since:
        return
    since, lead.waits_since = lead.waits_since, at
    worked = terms.calendar.elapsed(since, at)
    awake = terms.calendar.elapsed(since, at, lead.pauses) if lead.pauses else worked
    lead.spent[_phase(handoff, lead)] += awake
    lead.spent[PAUSED] += worked - awake
    lead.spent[OUTSIDE] += at - since - worked


def _phase(handoff: Handoff, lead: Lead) -> str:
    if lead.state is LeadState.TAKEN:
        return TOUCH
    return POSTING if lead.state is LeadState.HELD or handoff.posted_at is None else POOL


def _let_lapse(handoff: Handoff, *, before: int) -> None:
    """Give untouched leads back to the pool, once, when their first touch is broken."""
    while (clock := _next_lapse(handoff, before)) is not None:
        at = clock.breaks_at or before
        for n in sorted(lapsing(handoff, clock)):
            lead = handoff.leads[n]
            leave(handoff, clock, n, at + 1, is_kept=False)
            leave_all(handoff, lead, at, ClockKind.OUTCOME)
            spend(handoff, lead, at)
            lead.state, lead.owner, lead.has_lapsed = LeadState.OPEN, None, True
            lead.taken_at = lead.taken_by_act = None
            wait_in_pool(handoff, lead, at)
        handoff.pool = len(handoff.undecided())


def lapsing(handoff: Handoff, clock: Clock) -> list[int]:
    """List the leads that go back to the pool when this clock breaks."""
    if clock.kind is not ClockKind.FIRST_TOUCH:
        return []
    leads = (handoff.leads[n] for n in clock.waiting)
    return [lead.n for lead in leads if lead.state is LeadState.TAKEN and not lead.has_lapsed]


def _next_lapse(handoff: Handoff, before: int) -> Clock | None:
    due = [
        (breaks_at, clock.key, clock)
        for clock in handoff.clocks
        if clock.waiting and lapsing(handoff, clock)
        if (breaks_at := clock.breaks_at) is not None and breaks_at < before
    ]
    return min(due)[2] if due else None


# ---- clocks


def start(
    handoff: Handoff, kind: ClockKind, n: int, tier: Tier | None, owner: str, at: int, since: int
) -> None:
    """Let a lead wait on its clock under the terms in force at `at`; without a promise there is none.

    What passed from `since` until `at`, before the card could be seen, counts against nobody in Sales.
    """
    terms = handoff.terms(at)
    target = terms and terms.targets.get((kind, tier or Tier.A))
    if terms is None or not target:
        return
    pauses: list[tuple[int, int | None]] = [(since, at)] if since < at else []
    wait(handoff, Clock(kind, tier, owner, since, target, terms, pauses), n)


def wait(handoff: Handoff, clock: Clock, n: int) -> Clock:
    """Let a lead wait on this clock, or on the one that is the same and runs already."""
    found = next((other for other in handoff.clocks if other.key == clock.key), None)
    if found is None:
        handoff.clocks.append(clock)
    (found or clock).waiting.add(n)
    return found or clock


def wait_in_pool(handoff: Handoff, lead: Lead, at: int) -> None:
    """Start the clock of a lead that nobody decided: the duty rep's move."""
    terms = handoff.terms(at)
    if terms is None or handoff.posted_at is None:
        return
    if lead.tier not in terms.from_arrival:
        start(handoff, ClockKind.DECIDE, lead.n, lead.tier, handoff.duty, at, at)
    else:
        since = at if lead.has_lapsed or lead.arrived_at is None else min(lead.arrived_at, at)
        start(handoff, ClockKind.FIRST_TOUCH, lead.n, lead.tier, handoff.duty, at, since)


def leave(handoff: Handoff, clock: Clock, n: int, at: int, *, is_kept: bool) -> None:
    """Take a lead off its clock: late counts as late; in time counts only where the promise was kept."""
    clock.waiting.discard(n)
    is_late = clock.is_late(at)
    if not is_late and not is_kept:
        return
    clock.late += is_late
    clock.kept += not is_late
    handoff.fates.setdefault((clock.kind, n), (LATE if is_late else KEPT, clock.owner))


def leave_all(
    handoff: Handoff, lead: Lead, at: int, *kinds: ClockKind, keeps: tuple[ClockKind, ...] = ()
) -> None:
    for kind in kinds:
        if (clock := handoff.clock_on(kind, lead.n)) is not None:
            leave(handoff, clock, lead.n, at, is_kept=kind in keeps)


def pass_on(handoff: Handoff, clock: Clock, lead: Lead, owner: str) -> None:
    """Give a running clock's lead to another owner: the same start, the same pauses."""
    clock.waiting.discard(lead.n)
    passed = replace(clock, owner=owner, pauses=list(clock.pauses), waiting=set(), kept=0, late=0)
    wait(handoff, passed, lead.n)
