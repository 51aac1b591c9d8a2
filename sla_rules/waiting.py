"""What leads wait on: their clocks, and what time alone does to them between the acts."""

from dataclasses import replace

from sla_rules.clock import Clock
from sla_rules.handoff import KEPT, LATE, OUTSIDE, PAUSED, POOL, POSTING, TOUCH, Handoff, Lead
from sla_rules.kinds import ClockKind, Side, Tier
from sla_rules.states import HELD, OPEN, TAKEN

HANDOVER, ANSWER, DECIDE, FIRST_TOUCH, OUTCOME = ClockKind
# An enum's member by name costs ten times a variable, and a fold asks for several for each lead.

# ---- what time alone does


def let_time_pass(handoff: Handoff, *, before: int) -> None:
    while (clock := _next_lapse(handoff, before)) is not None:
        _lapse(handoff, clock, clock.breaks_at or before)
    for n in handoff.disputed:
        lead = handoff.leads[n]
        if lead.is_disputed and lead.disputed_until is not None and lead.disputed_until < before:
            lead.is_disputed = False


def tell_time(handoff: Handoff, until: int) -> None:
    """Tell where the time of leads that still wait went so far."""
    for lead in handoff.leads.values():
        if lead.waits_since is not None:
            spend(handoff, lead, until)


def spend(handoff: Handoff, lead: Lead, at: int) -> None:
    """Tell where a lead's time went since it was told last, by the state that it was in."""
    since = lead.waits_since
    if since is None or at <= since or (worked := handoff.working_seconds(since, at)) is None:
        return
    lead.waits_since = at
    spent, phase, paused = lead.spent, _phase(handoff, lead), 0
    if lead.pauses and (terms := handoff.terms(at)) is not None:
        paused = worked - terms.calendar.elapsed(since, at, lead.pauses)
    spent[phase] = spent.get(phase, 0) + worked - paused
    spent[PAUSED] = spent.get(PAUSED, 0) + paused
    spent[OUTSIDE] = spent.get(OUTSIDE, 0) + at - since - worked


def _phase(handoff: Handoff, lead: Lead) -> str:
    if lead.state is TAKEN:
        return TOUCH
    return POSTING if lead.state is HELD or handoff.posted_at is None else POOL


def _lapse(handoff: Handoff, clock: Clock, at: int) -> None:
    """Give untouched leads back to the pool, once, when their first touch is broken."""
    for n in sorted(lapsing(handoff, clock)):
        lead = handoff.leads[n]
        leave(handoff, FIRST_TOUCH, n, at + 1, is_kept=False)
        leave(handoff, OUTCOME, n, at, is_kept=False)
        spend(handoff, lead, at)
        lead.state, lead.owner, lead.has_lapsed = OPEN, None, True
        lead.taken_at = lead.taken_by_act = None
        wait_in_pool(handoff, lead, at)
    handoff.pool = len(handoff.undecided())


def lapsing(handoff: Handoff, clock: Clock) -> list[int]:
    """List the leads that go back to the pool when this clock breaks."""
    if clock.kind is not FIRST_TOUCH:
        return []
    leads = (handoff.leads[n] for n in clock.waiting)
    # Who takes what is past its time already keeps it: it lapses at no time before the taking.
    return [
        lead.n
        for lead in leads
        if lead.state is TAKEN
        and not lead.has_lapsed
        and (clock.breaks_at is None or lead.taken_at is None or lead.taken_at <= clock.breaks_at)
    ]


def _next_lapse(handoff: Handoff, before: int) -> Clock | None:
    due = [
        (breaks_at, clock.key, clock)
        for clock in handoff.first_touches
        if clock.waiting
        if (breaks_at := clock.breaks_at) is not None and breaks_at < before
        if lapsing(handoff, clock)
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
    clock = handoff.by_key.get((kind, tier, owner, since))
    if clock is None:
        pauses: list[tuple[int, int | None]] = [(since, at)] if since < at else []
        pauses += _questions_on(handoff, kind, n)
        clock = _add(handoff, Clock(kind, tier, owner, since, target, terms, pauses))
    clock.waiting.add(n)
    handoff.waits[kind, n] = clock


def _questions_on(handoff: Handoff, kind: ClockKind, n: int) -> list[tuple[int, int | None]]:
    """Give a lead's pauses that wait for an answer: clocks of Sales that start meanwhile stand still too."""
    if not handoff.questions or n not in handoff.leads or kind.side is not Side.SALES:
        return []
    return [pause for pause in handoff.leads[n].pauses if pause[1] is None]


def _add(handoff: Handoff, clock: Clock) -> Clock:
    handoff.by_key[clock.kind, clock.tier, clock.owner, clock.started_at] = clock
    handoff.clocks.append(clock)
    if clock.kind is FIRST_TOUCH:
        handoff.first_touches.append(clock)
    return clock


def wait_in_pool(handoff: Handoff, lead: Lead, at: int) -> None:
    """Start the clock of a lead that nobody decided: the duty rep's move."""
    terms = handoff.terms(at)
    if terms is None or handoff.posted_at is None or at < handoff.told_at:
        return
    if lead.tier not in terms.from_arrival:
        start(handoff, DECIDE, lead.n, lead.tier, handoff.duty, at, at)
    else:
        since = at if lead.has_lapsed or lead.arrived_at is None else min(lead.arrived_at, at)
        start(handoff, FIRST_TOUCH, lead.n, lead.tier, handoff.duty, at, since)


def leave(handoff: Handoff, kind: ClockKind, n: int, at: int, *, is_kept: bool) -> None:
    """Take a lead off its clock: late counts as late; in time counts only where the promise was kept."""
    promise = kind, n
    clock = handoff.waits.pop(promise, None)
    if clock is None:
        return
    clock.waiting.discard(n)
    if clock.is_late(at):
        clock.late += 1
        handoff.fates.setdefault(promise, (LATE, clock.owner))
    elif is_kept:
        clock.kept += 1
        handoff.fates.setdefault(promise, (KEPT, clock.owner))


def pass_on(handoff: Handoff, kind: ClockKind, n: int, owner: str) -> bool:
    """Give a running clock's lead to another owner: same start, same pauses. False where none runs."""
    clock = handoff.waits.pop((kind, n), None)
    if clock is None:
        return False
    clock.waiting.discard(n)
    passed = handoff.by_key.get((kind, clock.tier, owner, clock.started_at))
    if passed is None:
        again = replace(clock, owner=owner, pauses=list(clock.pauses), waiting=set(), kept=0, late=0)
        passed = _add(handoff, again)
    elif not passed.waiting:
        passed.take_over(clock)
    passed.waiting.add(n)
    handoff.waits[kind, n] = passed
    return True
