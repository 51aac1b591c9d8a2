"""A handoff and what it consists of, as the fold makes it from its acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sla_rules.clock import Clock
from sla_rules.kinds import ActKind, ClockKind, LeadState, Outcome, RejectionKind, Tier
from sla_rules.terms import Terms

KEPT, LATE, EXCUSED = "kept", "late", "excused"
UNDECIDED = (LeadState.HELD, LeadState.OPEN)
ACCEPTED = (LeadState.TAKEN, LeadState.TOUCHED, LeadState.CLOSED)
SPENT = POSTING, POOL, TOUCH, PAUSED, OUTSIDE = ("posting", "pool", "touch", "paused", "outside")
"""Where a lead's time goes: until its card shows it, until it is taken, until it is touched; and beside."""

History = Sequence[tuple[int, Terms]]
"""(in force from, terms), oldest first; empty while nothing is signed."""
Key = tuple[str, str, str, str]
"""(by, value, measure, day) of a tally."""
ClockKey = tuple[ClockKind, Tier | None, str, int]
"""(kind, tier, owner, started at): what makes a clock this one and no other."""


@dataclass(slots=True)  # not frozen: that takes five times as long to make, and a quarter has 100,000s
class Act:
    """One act of the ledger, which nobody changes; `at` in epoch seconds."""

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
    spent: dict[str, int] = field(default_factory=dict)
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
    told_at: int = 0
    """Since when it is known how many leads there are, where that was corrected: no clock of Sales before."""
    corrected: tuple[int, str] | None = None
    """(when, by whom), the last time."""
    posted_at: int | None = None
    duty: str = ""
    is_trial: bool = False
    is_imported: bool = False
    is_voided: bool = False
    leads: dict[int, Lead] = field(default_factory=dict)
    pool: int = 0
    """How many leads were undecided when some last came to be so: shares are of these."""
    clocks: list[Clock] = field(default_factory=list)
    by_key: dict[ClockKey, Clock] = field(default_factory=dict)
    """The same clocks, to be found by what makes them one."""
    first_touches: list[Clock] = field(default_factory=list)
    """Those of them whose breach gives leads back."""
    waits: dict[tuple[ClockKind, int], Clock] = field(default_factory=dict)
    """On which clock of each kind a lead waits."""
    fates: dict[tuple[ClockKind, int], tuple[str, str]] = field(default_factory=dict)
    """(kept or late, by whom) for each promise and lead: the first one stands."""
    excused: set[tuple[ClockKind, int]] = field(default_factory=set)
    standby: list[str] = field(default_factory=list)
    questions: dict[int, int] = field(default_factory=dict)
    """When those were asked that wait for an answer, by the number of the act."""
    excuses: dict[int, tuple[ClockKind, tuple[int, ...]]] = field(default_factory=dict)
    """What was asked to be excused and waits for the other side's word, by the number of the act."""
    disputed: set[int] = field(default_factory=set)
    """Leads whose rejection was disputed, whatever came of it."""
    worked: dict[tuple[int, int], int] = field(default_factory=dict)
    """Working seconds between two instants, reckoned once for all leads to which the same happened."""
    impossible: list[Act] = field(default_factory=list)
    """Acts that found nothing to act on: none live, some when simulated under other terms."""
    until: int = 0

    def terms(self, at: int) -> Terms | None:
        """Give the version in force at an instant; a trial or imported handoff has none.

        An amendment speaks from the second after it came into force: acts of its own second may have been
        recorded before it, and what they started must not change.
        """
        if self.is_trial or self.is_imported:
            return None
        for since, terms in reversed(self.history):
            if since < at:
                return terms
        is_first = self.history and self.history[0][0] == at
        return self.history[0][1] if is_first else None

    def working_seconds(self, start: int, end: int) -> int | None:
        """Count the working seconds between two instants by the terms of the second; None without terms."""
        if (start, end) in self.worked:
            return self.worked[start, end]
        terms = self.terms(end)
        if terms is None:
            return None
        seconds = self.worked[start, end] = terms.calendar.elapsed(start, end)
        return seconds

    def undecided(self) -> list[Lead]:
        return [lead for lead in self.leads.values() if lead.state is LeadState.OPEN]

    def waiting(self) -> int:
        """Count the leads on which somebody still has a move."""
        if self.is_voided:
            return 0
        return sum(lead.state not in (LeadState.REJECTED, LeadState.CLOSED) for lead in self.leads.values())

    def clock_on(self, kind: ClockKind, n: int) -> Clock | None:
        """Find the clock of this kind that waits on this lead."""
        return self.waits.get((kind, n))
