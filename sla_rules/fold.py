"""The one transition there is: `fold` makes a handoff from its acts, `figures` says what it counts."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

from sla_rules.clock import Clock
from sla_rules.funnel import bucket_of
from sla_rules.kinds import ActKind, ClockKind, LeadState, Outcome, RejectionKind, Side, Tier
from sla_rules.terms import Terms

KEPT, LATE, EXCUSED = "kept", "late", "excused"
UNDECIDED = (LeadState.HELD, LeadState.OPEN)
ACCEPTED = (LeadState.TAKEN, LeadState.TOUCHED, LeadState.CLOSED)
POSTING, POOL, TOUCH, PAUSED, OUTSIDE = "posting", "pool", "touch", "paused", "outside"
"""Where a lead's time goes: until its card shows it, until it is taken, until it is touched; and beside."""

History = Sequence[tuple[int, Terms]]
"""(in force from, terms), oldest first; empty while nothing is signed."""
Key = tuple[str, str, str, str]
"""(by, value, measure, day) of a tally."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the ledger; `at` in epoch seconds."""

    seq: int
    kind: ActKind
    at: int
    leads: tuple[int, ...] = ()
    actor: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    undoes: int | None = None


@dataclass(slots=True)
class Lead:
    """One numbered lead and what became of it."""

    n: int
    tier: Tier
    arrived_at: int | None
    handed_over_at: int
    state: LeadState = LeadState.OPEN
    owner: str | None = None
    taken_at: int | None = None
    taken_by_act: int | None = None
    touched_at: int | None = None
    sql_at: int | None = None
    ended_at: int | None = None
    reason: str | None = None
    rejection: RejectionKind | None = None
    refused_by: list[str] = field(default_factory=list)
    """Who rejected it, also where a dispute gave it back since."""
    disputed_until: int | None = None
    """When silence upholds its rejection."""
    is_disputed: bool = False
    was_disputed: bool = False
    outcome: Outcome | None = None
    amount: int | None = None
    has_lapsed: bool = False
    attempts: int = 0
    """How often it was tried, the first touch among them."""
    snoozed: list[ClockKind] = field(default_factory=list)
    pauses: list[tuple[int, int | None]] = field(default_factory=list)
    waits_since: int | None = None
    """From when its time is not told yet; None once it is touched or rejected."""
    spent: Counter[str] = field(default_factory=Counter)
    """Seconds by where they went; together all that it has waited."""
    take_s: int | None = None
    touch_s: int | None = None
    conversion_s: int | None = None
    cycle_s: int | None = None


@dataclass(slots=True)
class Handoff:
    """A handoff as its acts and the time gone by left it."""

    history: History
    day: str = ""
    source: str = ""
    campaign: str = ""
    author: str = ""
    handed_over_at: int = 0
    posted_at: int | None = None
    duty: str = ""
    is_trial: bool = False
    is_imported: bool = False
    is_voided: bool = False
    leads: dict[int, Lead] = field(default_factory=dict)
    pool: int = 0
    """How many leads were undecided when some last came to be so: shares are of these."""
    clocks: list[Clock] = field(default_factory=list)
    fates: dict[tuple[ClockKind, int], tuple[str, str]] = field(default_factory=dict)
    """(kept or late, by whom) for each promise and lead: the first one stands."""
    excused: set[tuple[ClockKind, int]] = field(default_factory=set)
    standby: list[str] = field(default_factory=list)
    questions: dict[int, int] = field(default_factory=dict)
    """When those were asked that wait for an answer, by the number of the act."""
    excuses: dict[int, tuple[ClockKind, tuple[int, ...]]] = field(default_factory=dict)
    """What was asked to be excused and waits for the other side's word, by the number of the act."""
    impossible: list[Act] = field(default_factory=list)
    """Acts that found nothing to act on: none live, some when simulated under other terms."""
    until: int = 0

    def terms(self, at: int) -> Terms | None:
        """Give the version in force at an instant; a trial or imported handoff has none.

        An amendment speaks from the second after it came into force: acts of its own second may have been
        recorded before it, and what they started must not change.
        """
        if self.is_trial or self.is_imported or not self.history:
            return None
        (first_since, first), *amendments = self.history
        found = next((terms for since, terms in reversed(amendments) if since < at), None)
        return found or (first if first_since <= at else None)

    def undecided(self) -> list[Lead]:
        return [lead for lead in self.leads.values() if lead.state is LeadState.OPEN]

    def waiting(self) -> int:
        """Count the leads on which somebody still has a move."""
        if self.is_voided:
            return 0
        return sum(lead.state not in (LeadState.REJECTED, LeadState.CLOSED) for lead in self.leads.values())

    def clock_on(self, kind: ClockKind, n: int) -> Clock | None:
        """Find the clock of this kind that waits on this lead."""
        return next((clock for clock in self.clocks if clock.kind is kind and n in clock.waiting), None)


def fold(acts: Iterable[Act], history: History, until: int) -> Handoff:
    """Apply the acts in the order in which they happened; between them time does what time alone does."""
    acts = list(acts)
    undone = {act.undoes for act in acts if act.kind is ActKind.UNDONE}
    handoff = Handoff(history, until=until)
    for act in sorted(acts, key=_order):
        if act.seq in undone or act.kind is ActKind.UNDONE or handoff.is_voided:
            continue
        _let_time_pass(handoff, before=act.at)
        APPLY[act.kind](handoff, act)
    if handoff.is_voided:
        handoff.clocks.clear()
    else:
        _let_time_pass(handoff, before=until + 1)
        _tell_time(handoff, until)
    return handoff


def _order(act: Act) -> tuple[bool, int, int]:
    # A lead must exist before anything happens to it, though its win may be dated before its handover.
    return (act.kind is not ActKind.HANDED_OVER, act.at, act.seq)


# ---- what time alone does


def _let_time_pass(handoff: Handoff, *, before: int) -> None:
    _let_lapse(handoff, before=before)
    for lead in handoff.leads.values():
        if lead.is_disputed and lead.disputed_until is not None and lead.disputed_until < before:
            lead.is_disputed = False


def _tell_time(handoff: Handoff, until: int) -> None:
    """Tell where the time of leads that still wait went so far."""
    for lead in handoff.leads.values():
        _spend(handoff, lead, until)


def _spend(handoff: Handoff, lead: Lead, at: int) -> None:
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
            _leave(handoff, clock, n, at + 1, is_kept=False)
            _leave_all(handoff, lead, at, ClockKind.OUTCOME)
            _spend(handoff, lead, at)
            lead.state, lead.owner, lead.has_lapsed = LeadState.OPEN, None, True
            lead.taken_at = lead.taken_by_act = None
            _wait_in_pool(handoff, lead, at)
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


def _start(
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
    _wait(handoff, Clock(kind, tier, owner, since, target, terms, pauses), n)


def _wait(handoff: Handoff, clock: Clock, n: int) -> Clock:
    """Let a lead wait on this clock, or on the one that is the same and runs already."""
    found = next((other for other in handoff.clocks if other.key == clock.key), None)
    if found is None:
        handoff.clocks.append(clock)
    (found or clock).waiting.add(n)
    return found or clock


def _wait_in_pool(handoff: Handoff, lead: Lead, at: int) -> None:
    """Start the clock of a lead that nobody decided: the duty rep's move."""
    terms = handoff.terms(at)
    if terms is None or handoff.posted_at is None:
        return
    if lead.tier not in terms.from_arrival:
        _start(handoff, ClockKind.DECIDE, lead.n, lead.tier, handoff.duty, at, at)
    else:
        since = at if lead.has_lapsed or lead.arrived_at is None else min(lead.arrived_at, at)
        _start(handoff, ClockKind.FIRST_TOUCH, lead.n, lead.tier, handoff.duty, at, since)


def _leave(handoff: Handoff, clock: Clock, n: int, at: int, *, is_kept: bool) -> None:
    """Take a lead off its clock: late counts as late; in time counts only where the promise was kept."""
    clock.waiting.discard(n)
    is_late = clock.is_late(at)
    if not is_late and not is_kept:
        return
    clock.late += is_late
    clock.kept += not is_late
    handoff.fates.setdefault((clock.kind, n), (LATE if is_late else KEPT, clock.owner))


def _leave_all(
    handoff: Handoff, lead: Lead, at: int, *kinds: ClockKind, keeps: tuple[ClockKind, ...] = ()
) -> None:
    for kind in kinds:
        if (clock := handoff.clock_on(kind, lead.n)) is not None:
            _leave(handoff, clock, lead.n, at, is_kept=kind in keeps)


def _pass_on(handoff: Handoff, clock: Clock, lead: Lead, owner: str) -> None:
    """Give a running clock's lead to another owner: the same start, the same pauses."""
    clock.waiting.discard(lead.n)
    passed = replace(clock, owner=owner, pauses=list(clock.pauses), waiting=set(), kept=0, late=0)
    _wait(handoff, passed, lead.n)


# ---- the acts


def _named(handoff: Handoff, act: Act, *states: LeadState) -> list[Lead]:
    leads = [handoff.leads[n] for n in act.leads if n in handoff.leads and handoff.leads[n].state in states]
    if not leads:
        handoff.impossible.append(act)
    return leads


def _handed_over(handoff: Handoff, act: Act) -> None:
    data = act.data
    handoff.day, handoff.source, handoff.campaign = data["day"], data["source"], data.get("campaign", "")
    handoff.author, handoff.handed_over_at = act.actor or "", act.at
    handoff.is_trial, handoff.is_imported = data.get("trial", False), data.get("imported", False)
    held = set(data.get("held", ()))
    tiers = [Tier(tier) for tier, count in data["tiers"] for _ in range(count)]
    arrived = data.get("arrived_at")
    at = data.get("handed_over_at")
    for index, (n, tier) in enumerate(zip(act.leads, tiers, strict=True)):
        arrived_at = arrived[index] if isinstance(arrived, list) else arrived
        lead = Lead(n, tier, arrived_at, at[index] if at else act.at)
        lead.state = LeadState.HELD if n in held else LeadState.OPEN
        lead.waits_since = min(lead.arrived_at or act.at, act.at)
        handoff.leads[n] = lead
        _hold_to_handover(handoff, lead, act)
    handoff.pool = len(handoff.undecided())


def _hold_to_handover(handoff: Handoff, lead: Lead, act: Act) -> None:
    if lead.arrived_at is None or lead.arrived_at > act.at:
        return
    _start(handoff, ClockKind.HANDOVER, lead.n, lead.tier, act.actor or "", lead.arrived_at, lead.arrived_at)
    _leave_all(handoff, lead, act.at, ClockKind.HANDOVER, keeps=(ClockKind.HANDOVER,))


def _posted(handoff: Handoff, act: Act) -> None:
    if handoff.posted_at is not None:
        handoff.impossible.append(act)
        return
    for lead in handoff.leads.values():
        _spend(handoff, lead, act.at)
    handoff.posted_at, handoff.duty = act.at, act.data.get("duty") or ""
    for lead in handoff.undecided():
        _wait_in_pool(handoff, lead, act.at)


def _released(handoff: Handoff, act: Act) -> None:
    handoff.duty = act.data.get("duty") or handoff.duty
    for lead in _named(handoff, act, LeadState.HELD):
        _spend(handoff, lead, act.at)
        lead.state = LeadState.OPEN
        _wait_in_pool(handoff, lead, act.at)
    handoff.pool = len(handoff.undecided())


def _taken(handoff: Handoff, act: Act) -> None:
    for lead in _named(handoff, act, LeadState.OPEN):
        _take(handoff, lead, act)
    handoff.standby = [who for who in handoff.standby if who != act.actor]


def _take(handoff: Handoff, lead: Lead, act: Act) -> None:
    owner = act.data.get("owner") or act.actor or ""
    _spend(handoff, lead, act.at)
    lead.state, lead.owner, lead.taken_at, lead.taken_by_act = LeadState.TAKEN, owner or None, act.at, act.seq
    lead.take_s = _working_seconds(handoff, _visible_at(handoff, lead), act.at)
    _leave_all(handoff, lead, act.at, ClockKind.DECIDE, keeps=(ClockKind.DECIDE,))
    if (clock := handoff.clock_on(ClockKind.FIRST_TOUCH, lead.n)) is not None:
        _pass_on(handoff, clock, lead, owner)
    else:
        _start(handoff, ClockKind.FIRST_TOUCH, lead.n, lead.tier, owner, act.at, act.at)
    _start(handoff, ClockKind.OUTCOME, lead.n, lead.tier, owner, act.at, act.at)


def _stood_by(handoff: Handoff, act: Act) -> None:
    if act.actor:
        handoff.standby.append(act.actor)


def _rejected(handoff: Handoff, act: Act) -> None:
    for lead in _named(handoff, act, LeadState.OPEN, LeadState.TAKEN, LeadState.TOUCHED):
        _leave_all(
            handoff,
            lead,
            act.at,
            ClockKind.DECIDE,
            ClockKind.FIRST_TOUCH,
            ClockKind.OUTCOME,
            keeps=(ClockKind.DECIDE,),
        )
        _spend(handoff, lead, act.at)
        lead.waits_since = None
        lead.refused_by.append(act.actor or "")
        lead.state, lead.ended_at, lead.reason = LeadState.REJECTED, act.at, act.data["reason"]
        lead.rejection = RejectionKind(act.data["kind"])


def _touched(handoff: Handoff, act: Act) -> None:
    """Count an attempt; the first one is the first touch."""
    for lead in _named(handoff, act, LeadState.OPEN, LeadState.TAKEN, LeadState.TOUCHED):
        lead.attempts += 1
        if lead.state is LeadState.OPEN:
            _take(handoff, lead, act)
        if lead.state is LeadState.TAKEN:
            _touch(handoff, lead, act.at)


def _touch(handoff: Handoff, lead: Lead, at: int) -> None:
    _spend(handoff, lead, at)
    lead.waits_since = None
    clock = handoff.clock_on(ClockKind.FIRST_TOUCH, lead.n)
    lead.touch_s = clock.elapsed(at) if clock else _working_seconds(handoff, lead.taken_at, at)
    lead.state, lead.touched_at = LeadState.TOUCHED, at
    _leave_all(handoff, lead, at, ClockKind.FIRST_TOUCH, keeps=(ClockKind.FIRST_TOUCH,))


def _outcome(handoff: Handoff, act: Act) -> None:
    """Record what became of leads; it implies that they were taken and touched."""
    outcome = Outcome(act.data["outcome"])
    for lead in _named(handoff, act, LeadState.OPEN, *ACCEPTED):
        if lead.state is LeadState.OPEN:
            _take(handoff, lead, act)
        if lead.state is LeadState.TAKEN:
            _touch(handoff, lead, act.at)
        _leave_all(handoff, lead, act.at, ClockKind.OUTCOME, keeps=(ClockKind.OUTCOME,))
        _close(lead, outcome, act)


def _close(lead: Lead, outcome: Outcome, act: Act) -> None:
    if outcome is Outcome.SQL:
        lead.sql_at = act.at
        lead.outcome = lead.outcome or outcome
        return
    lead.outcome = outcome
    lead.state, lead.ended_at = LeadState.CLOSED, act.at
    lead.amount = lead.conversion_s = lead.cycle_s = None
    if outcome is Outcome.WON:
        lead.amount = act.data.get("amount")
        lead.conversion_s = act.at - lead.handed_over_at if act.at >= lead.handed_over_at else None
        lead.cycle_s = act.at - lead.sql_at if lead.sql_at is not None and act.at >= lead.sql_at else None


def _moved(handoff: Handoff, act: Act) -> None:
    """Give leads to another rep; only for a cover do the clocks of leads not yet touched start afresh."""
    owner, is_fresh = act.data["to"], act.data.get("fresh", True)
    for lead in _named(handoff, act, LeadState.OPEN, LeadState.TAKEN, LeadState.TOUCHED):
        if lead.state is LeadState.OPEN:
            for kind in (ClockKind.DECIDE, ClockKind.FIRST_TOUCH):
                if (clock := handoff.clock_on(kind, lead.n)) is not None:
                    _pass_on(handoff, clock, lead, owner)
            continue
        lead.owner = owner
        if lead.state is LeadState.TAKEN and is_fresh:
            _leave_all(handoff, lead, act.at, ClockKind.FIRST_TOUCH)
            _start(handoff, ClockKind.FIRST_TOUCH, lead.n, lead.tier, owner, act.at, act.at)
        elif (clock := handoff.clock_on(ClockKind.FIRST_TOUCH, lead.n)) is not None:
            _pass_on(handoff, clock, lead, owner)
        if (clock := handoff.clock_on(ClockKind.OUTCOME, lead.n)) is not None:
            _pass_on(handoff, clock, lead, owner)


def _asked(handoff: Handoff, act: Act) -> None:
    """Pause Sales' clocks on the leads asked about (all, when none is named) and start Marketing's answer."""
    handoff.questions[act.seq] = act.at
    named = set(act.leads) or set(handoff.leads)
    for clock in _sales_clocks(handoff):
        if clock.waiting & named:
            clock.pause(act.at)
    for n in named & handoff.leads.keys():
        handoff.leads[n].pauses.append((act.at, None))
    terms = handoff.terms(act.at)
    target = terms and terms.targets.get((ClockKind.ANSWER, Tier.A))
    if terms is not None and target:
        _wait(handoff, Clock(ClockKind.ANSWER, None, handoff.author, act.at, target, terms), -act.seq)


def _answered(handoff: Handoff, act: Act) -> None:
    """Let the clocks go on that this question paused; another question may still hold them."""
    question = act.data["question"]
    asked_at = handoff.questions.pop(question, None)
    if asked_at is None:
        handoff.impossible.append(act)
        return
    for clock in _sales_clocks(handoff):
        clock.resume(asked_at, act.at)
    for lead in handoff.leads.values():
        if (asked_at, None) in lead.pauses:
            lead.pauses[lead.pauses.index((asked_at, None))] = (asked_at, act.at)
    if (answer := handoff.clock_on(ClockKind.ANSWER, -question)) is not None:
        _leave(handoff, answer, -question, act.at, is_kept=True)


def _sales_clocks(handoff: Handoff) -> list[Clock]:
    return [clock for clock in handoff.clocks if clock.kind.side is Side.SALES]


def _snoozed(handoff: Handoff, act: Act) -> None:
    """Pause the clocks of one kind on these leads until an instant: by whose move it is, with a reason."""
    kind, until = ClockKind(act.data["clock"]), act.data["until"]
    named = [n for n in act.leads if handoff.clock_on(kind, n) is not None]
    if not named:
        handoff.impossible.append(act)
    for clock in handoff.clocks:
        if clock.kind is kind and not clock.waiting.isdisjoint(named):
            clock.snooze(act.at, until)
    for n in named:
        if n in handoff.leads:
            handoff.leads[n].pauses.append((act.at, until))
            handoff.leads[n].snoozed.append(kind)


def _excuse_asked(handoff: Handoff, act: Act) -> None:
    handoff.excuses[act.seq] = (ClockKind(act.data["clock"]), act.leads)


def _excused(handoff: Handoff, act: Act) -> None:
    handoff.excuses.pop(act.data.get("asked", 0), None)
    handoff.excused.update((ClockKind(act.data["clock"]), n) for n in act.leads)


def _excuse_refused(handoff: Handoff, act: Act) -> None:
    if handoff.excuses.pop(act.data["asked"], None) is None:
        handoff.impossible.append(act)


def _disputed(handoff: Handoff, act: Act) -> None:
    """Dispute rejections, each once; where the leads of both sides stay silent, they are upheld."""
    terms = handoff.terms(act.at)
    for lead in _named(handoff, act, LeadState.REJECTED):
        if lead.was_disputed:
            handoff.impossible.append(act)
            continue
        lead.is_disputed = lead.was_disputed = True
        lead.disputed_until = terms.calendar.breaks_at(act.at, terms.settle_within) if terms else None


def _settled(handoff: Handoff, act: Act) -> None:
    """Settle a dispute: what is not upheld goes back to the pool; silence upholds by itself."""
    for lead in _named(handoff, act, LeadState.REJECTED):
        lead.is_disputed = False
        if not act.data["upheld"]:
            lead.state, lead.ended_at, lead.reason, lead.rejection = LeadState.OPEN, None, None, None
            lead.waits_since = act.at
            _wait_in_pool(handoff, lead, act.at)
    handoff.pool = len(handoff.undecided())


def _corrected(handoff: Handoff, act: Act) -> None:
    handoff.source = act.data.get("source", handoff.source)
    handoff.campaign = act.data.get("campaign", handoff.campaign)


def _voided(handoff: Handoff, act: Act) -> None:  # noqa: ARG001  (every act is applied alike)
    handoff.is_voided = True


APPLY: Mapping[ActKind, Callable[[Handoff, Act], None]] = {
    ActKind.HANDED_OVER: _handed_over,
    ActKind.POSTED: _posted,
    ActKind.RELEASED: _released,
    ActKind.TAKEN: _taken,
    ActKind.STOOD_BY: _stood_by,
    ActKind.REJECTED: _rejected,
    ActKind.TOUCHED: _touched,
    ActKind.OUTCOME: _outcome,
    ActKind.MOVED: _moved,
    ActKind.ASKED: _asked,
    ActKind.ANSWERED: _answered,
    ActKind.SNOOZED: _snoozed,
    ActKind.EXCUSE_ASKED: _excuse_asked,
    ActKind.EXCUSED: _excused,
    ActKind.EXCUSE_REFUSED: _excuse_refused,
    ActKind.DISPUTED: _disputed,
    ActKind.SETTLED: _settled,
    ActKind.CORRECTED: _corrected,
    ActKind.VOIDED: _voided,
}


def _visible_at(handoff: Handoff, lead: Lead) -> int:
    return max(handoff.posted_at or 0, lead.handed_over_at)


def _working_seconds(handoff: Handoff, start: int | None, end: int) -> int | None:
    terms = handoff.terms(end)
    return None if terms is None or start is None else max(0, terms.calendar.elapsed(start, end))


# ---- what it counts


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
