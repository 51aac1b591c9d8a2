"""The one transition there is: `fold` makes a handoff from its acts, `figures` says what it counts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from sla_rules.clock import Clock
from sla_rules.counts import breach_figures, breaks_into_more, counting, dims, fates, figures
from sla_rules.handoff import (
    ACCEPTED,
    EXCUSED,
    KEPT,
    LATE,
    SPENT,
    UNDECIDED,
    Act,
    Handoff,
    History,
    Key,
    Lead,
)
from sla_rules.kinds import ActKind, ClockKind, Outcome, RejectionKind, Side, Tier
from sla_rules.states import CLOSED, HELD, LEADS, OPEN, REJECTED, TAKEN, TOUCHED
from sla_rules.waiting import (
    ANSWER,
    DECIDE,
    FIRST_TOUCH,
    HANDOVER,
    OUTCOME,
    leave,
    let_time_pass,
    pass_on,
    spend,
    start,
    tell_time,
    wait_in_pool,
)

__all__ = [
    "ACCEPTED",
    "EXCUSED",
    "KEPT",
    "LATE",
    "SPENT",
    "Act",
    "Handoff",
    "History",
    "Key",
    "Lead",
    "breach_figures",
    "breaks_into_more",
    "counting",
    "dims",
    "fates",
    "figures",
    "fold",
]

HANDED_OVER, CORRECTED, UNDONE = ActKind.HANDED_OVER, ActKind.CORRECTED, ActKind.UNDONE
SQL, WON = Outcome.SQL, Outcome.WON


def fold(acts: Iterable[Act], history: History, until: int) -> Handoff:
    """Apply the acts in the order in which they happened; between them time does what time alone does."""
    acts = list(acts)
    undone = {act.undoes for act in acts if act.kind is UNDONE}
    handoff = Handoff(history, until=until)
    for act in _in_order([act for act in acts if act.seq not in undone]):
        if act.kind is UNDONE or handoff.is_voided:
            continue
        let_time_pass(handoff, before=act.at)
        APPLY[act.kind](handoff, act)
    if handoff.is_voided:
        handoff.clocks.clear()
    else:
        let_time_pass(handoff, before=until + 1)
        tell_time(handoff, until)
    return handoff


def _in_order(acts: Iterable[Act]) -> list[Act]:
    happened = sorted(acts, key=attrgetter("at", "seq"))
    # A lead must exist before anything happens to it, though its win may be dated before its handover.
    first = [act for act in happened if act.kind is HANDED_OVER]
    corrections = [act for act in happened if act.kind is CORRECTED]
    if first and corrections:
        first[0] = _as_corrected(first[0], corrections)
    return [*first, *(act for act in happened if act.kind is not HANDED_OVER)]


def _as_corrected(first: Act, corrections: Sequence[Act]) -> Act:
    """Give the handing over with the numbers and the arrival that were said of it last."""
    said, leads = dict(first.data), first.leads
    for act in corrections:
        said |= {name: act.data[name] for name in ("tiers", "arrived_at") if name in act.data}
        if "tiers" in act.data:
            leads, said["told_at"] = act.leads, act.at
    return replace(first, leads=leads, data=said)


# ---- the acts


def _named(handoff: Handoff, act: Act) -> list[Lead]:
    """Find the leads that an act names, in the states in which it finds any."""
    found, states = handoff.leads, LEADS[act.kind]
    leads = [lead for n in act.leads if (lead := found.get(n)) is not None and lead.state in states]
    if not leads:
        handoff.impossible.append(act)
    return leads


def _handed_over(handoff: Handoff, act: Act) -> None:
    data = act.data
    handoff.day, handoff.source, handoff.campaign = data["day"], data["source"], data.get("campaign", "")
    handoff.author, handoff.handed_over_at = act.actor or "", act.at
    handoff.told_at = data.get("told_at", handoff.told_at)
    handoff.is_trial, handoff.is_imported = data.get("trial", False), data.get("imported", False)
    held = set(data.get("held", ()))
    tiers = [tier for name, count in data["tiers"] for tier in [Tier(name)] * count]
    arrived = data.get("arrived_at")
    at = data.get("handed_over_at")
    for index, (n, tier) in enumerate(zip(act.leads, tiers, strict=True)):
        arrived_at = arrived[index] if isinstance(arrived, list) else arrived
        lead = Lead(n, tier, arrived_at, at[index] if at else act.at)
        lead.state = HELD if n in held else OPEN
        lead.waits_since = min(lead.arrived_at or act.at, act.at)
        handoff.leads[n] = lead
        _hold_to_handover(handoff, lead, act)
    handoff.pool = len(handoff.undecided())


def _hold_to_handover(handoff: Handoff, lead: Lead, act: Act) -> None:
    if lead.arrived_at is None or lead.arrived_at > act.at:
        return
    start(handoff, HANDOVER, lead.n, lead.tier, act.actor or "", lead.arrived_at, lead.arrived_at)
    leave(handoff, HANDOVER, lead.n, act.at, is_kept=True)


def _posted(handoff: Handoff, act: Act) -> None:
    if handoff.posted_at is not None:
        handoff.impossible.append(act)
        return
    for lead in handoff.leads.values():
        spend(handoff, lead, act.at)
    handoff.posted_at, handoff.duty = act.at, act.data.get("duty") or ""
    for lead in handoff.undecided():
        wait_in_pool(handoff, lead, act.at)


def _released(handoff: Handoff, act: Act) -> None:
    handoff.duty = act.data.get("duty") or handoff.duty
    for lead in _named(handoff, act):
        spend(handoff, lead, act.at)
        lead.state = OPEN
        wait_in_pool(handoff, lead, act.at)
    handoff.pool = len(handoff.undecided())


def _taken(handoff: Handoff, act: Act) -> None:
    for lead in _named(handoff, act):
        _take(handoff, lead, act)
    handoff.standby = [who for who in handoff.standby if who != act.actor]


def _take(handoff: Handoff, lead: Lead, act: Act) -> None:
    owner = act.data.get("owner") or act.actor or ""
    spend(handoff, lead, act.at)
    lead.state, lead.owner, lead.taken_at, lead.taken_by_act = TAKEN, owner or None, act.at, act.seq
    lead.take_s = _working_seconds(handoff, _visible_at(handoff, lead), act.at)
    leave(handoff, DECIDE, lead.n, act.at, is_kept=True)
    if not pass_on(handoff, FIRST_TOUCH, lead.n, owner):
        start(handoff, FIRST_TOUCH, lead.n, lead.tier, owner, act.at, act.at)
    start(handoff, OUTCOME, lead.n, lead.tier, owner, act.at, act.at)


def _stood_by(handoff: Handoff, act: Act) -> None:
    if act.actor:
        handoff.standby.append(act.actor)


def _rejected(handoff: Handoff, act: Act) -> None:
    for lead in _named(handoff, act):
        leave(handoff, DECIDE, lead.n, act.at, is_kept=True)
        leave(handoff, FIRST_TOUCH, lead.n, act.at, is_kept=False)
        leave(handoff, OUTCOME, lead.n, act.at, is_kept=False)
        spend(handoff, lead, act.at)
        lead.waits_since = None
        lead.refused_by.append(act.actor or "")
        lead.state, lead.ended_at, lead.reason = REJECTED, act.at, act.data["reason"]
        lead.rejection = RejectionKind(act.data["kind"])


def _touched(handoff: Handoff, act: Act) -> None:
    """Count an attempt; the first one is the first touch."""
    for lead in _named(handoff, act):
        lead.attempts += 1
        if lead.state is OPEN:
            _take(handoff, lead, act)
        if lead.state is TAKEN:
            _touch(handoff, lead, act.at)


def _touch(handoff: Handoff, lead: Lead, at: int) -> None:
    spend(handoff, lead, at)
    lead.waits_since = None
    clock = handoff.clock_on(FIRST_TOUCH, lead.n)
    lead.touch_s = clock.elapsed(at) if clock else _working_seconds(handoff, lead.taken_at, at)
    lead.state, lead.touched_at = TOUCHED, at
    leave(handoff, FIRST_TOUCH, lead.n, at, is_kept=True)


def _outcome(handoff: Handoff, act: Act) -> None:
    """Record what became of leads; it implies that they were taken and touched."""
    outcome = Outcome(act.data["outcome"])
    for lead in _named(handoff, act):
        if lead.state is OPEN:
            _take(handoff, lead, act)
        if lead.state is TAKEN:
            _touch(handoff, lead, act.at)
        leave(handoff, OUTCOME, lead.n, act.at, is_kept=True)
        _close(lead, outcome, act)


def _close(lead: Lead, outcome: Outcome, act: Act) -> None:
    if outcome is SQL:
        lead.sql_at = act.at
        lead.outcome = lead.outcome or outcome
        return
    lead.outcome = outcome
    lead.state, lead.ended_at = CLOSED, act.at
    lead.amount = lead.conversion_s = lead.cycle_s = None
    if outcome is WON:
        lead.amount = act.data.get("amount")
        lead.conversion_s = act.at - lead.handed_over_at if act.at >= lead.handed_over_at else None
        lead.cycle_s = act.at - lead.sql_at if lead.sql_at is not None and act.at >= lead.sql_at else None


def _moved(handoff: Handoff, act: Act) -> None:
    """Give leads to another rep; only for a cover do the clocks of leads not yet touched start afresh."""
    owner, is_fresh = act.data["to"], act.data.get("fresh", True)
    for lead in _named(handoff, act):
        if lead.state is OPEN:
            for kind in (DECIDE, FIRST_TOUCH):
                pass_on(handoff, kind, lead.n, owner)
            continue
        lead.owner = owner
        if lead.state is TAKEN and is_fresh:
            leave(handoff, FIRST_TOUCH, lead.n, act.at, is_kept=False)
            start(handoff, FIRST_TOUCH, lead.n, lead.tier, owner, act.at, act.at)
        else:
            pass_on(handoff, FIRST_TOUCH, lead.n, owner)
        pass_on(handoff, OUTCOME, lead.n, owner)


def _asked(handoff: Handoff, act: Act) -> None:
    """Pause Sales' clocks on the leads asked about (all, when none is named) and start Marketing's answer.

    A clock is one for its whole group: with it pause the leads that were not asked about.
    """
    handoff.questions[act.seq] = act.at
    named = set(act.leads) or set(handoff.leads)
    paused = set(named)
    for clock in _sales_clocks(handoff):
        if clock.waiting & named:
            clock.pause(act.at)
            paused |= clock.waiting if clock.kind is not OUTCOME else set()
    for n in paused & handoff.leads.keys():
        handoff.leads[n].pauses.append((act.at, None))
    start(handoff, ANSWER, -act.seq, None, handoff.author, act.at, act.at)


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
    leave(handoff, ANSWER, -question, act.at, is_kept=True)


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
    for lead in _named(handoff, act):
        if lead.was_disputed:
            handoff.impossible.append(act)
            continue
        lead.is_disputed = lead.was_disputed = True
        handoff.disputed.add(lead.n)
        lead.disputed_until = terms.calendar.breaks_at(act.at, terms.settle_within) if terms else None


def _settled(handoff: Handoff, act: Act) -> None:
    """Settle a dispute: what is not upheld goes back to the pool; silence upholds by itself."""
    for lead in _named(handoff, act):
        lead.is_disputed = False
        if not act.data["upheld"]:
            lead.state, lead.ended_at, lead.reason, lead.rejection = OPEN, None, None, None
            lead.waits_since = act.at
            wait_in_pool(handoff, lead, act.at)
    handoff.pool = len(handoff.undecided())


def _corrected(handoff: Handoff, act: Act) -> None:
    handoff.source = act.data.get("source", handoff.source)
    handoff.campaign = act.data.get("campaign", handoff.campaign)
    handoff.corrected = (act.at, act.actor or "")
    if "tiers" in act.data:
        _wait_anew(handoff, act)


def _wait_anew(handoff: Handoff, act: Act) -> None:
    """Let what nobody decided wait from here on: its number was told otherwise before."""
    held = set(act.data.get("held", ()))
    for lead in handoff.leads.values():
        if lead.state not in UNDECIDED:
            continue
        spend(handoff, lead, act.at)
        for kind in (DECIDE, FIRST_TOUCH):
            leave(handoff, kind, lead.n, act.at, is_kept=False)
        lead.state = HELD if lead.n in held else OPEN
        if lead.state is OPEN:
            wait_in_pool(handoff, lead, act.at)
    handoff.pool = len(handoff.undecided())


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
    seconds = None if start is None else handoff.working_seconds(start, end)
    return None if seconds is None else max(0, seconds)
