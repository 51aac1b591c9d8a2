"""What messages say of handoffs and their leads, and of what both sides say to each other about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.facts.clocks import ClockFact
from sla_rules.kinds import ClockKind, RejectionKind, Side, Tier


@dataclass(frozen=True, slots=True)
class LeadFact:
    """One lead as the person who works it sees it."""

    handoff_id: int
    number: int
    n: int
    tier: Tier
    state: str
    name: str = ""
    company: str = ""
    email: str = ""
    link: str = ""
    score: str = ""
    due_at: datetime | None = None
    is_late: bool = False
    touched_at: datetime | None = None
    attempts: int = 0
    outcome: str | None = None
    agreement_id: int = 0


@dataclass(frozen=True, slots=True)
class CardFact:
    """A handoff as its card shows it."""

    handoff_id: int
    number: int
    count: int
    source: str
    campaign: str
    author: str
    state: str
    is_trial: bool
    handed_over_at: datetime
    tiers: Sequence[tuple[Tier, int]]
    taken: Sequence[tuple[str, int]]
    """(who, how many), the most first."""
    touched: int
    rejected: Sequence[tuple[str, RejectionKind, str, int]]
    """(reason, kind, clause, how many)"""
    outcomes: Mapping[str, int]
    undecided: int
    held: int
    release_at: datetime | None
    left_out: int
    share: int
    """What ✅ takes: undecided leads over reps present, rounded up."""
    duty: str | None
    standby: Sequence[str]
    clocks: Sequence[ClockFact]
    link: str = ""
    note: str = ""
    over: Sequence["LimitFact"] = ()
    """For what the held leads wait."""
    portion: int = 0
    """How many of them come next, at `release_at`; 0 where that is not certain."""
    appeals: Mapping[str, str] = field(default_factory=dict)
    """To which definition a reason of `rejected` appeals: ICP.role."""
    corrected: tuple[datetime, str] | None = None
    """(when, by whom), the last time."""


@dataclass(frozen=True, slots=True)
class LimitFact:
    """A limit for which leads wait: of a day, week or month, of a rep's capacity, or a blackout date."""

    kind: str
    """day · week · month · capacity · blackout"""
    most: int
    """Leads in it; of a capacity, for each rep a day."""
    clause: str


@dataclass(frozen=True, slots=True)
class HandoffFact:
    """A line of `/sla handoffs`."""

    number: int
    count: int
    source: str
    campaign: str
    state: str
    undecided: int
    waiting: int
    handed_over_at: datetime
    next_due_at: datetime | None
    is_trial: bool


@dataclass(frozen=True, slots=True)
class QuestionFact:
    """What Sales asked back about a handoff."""

    handoff_id: int
    number: int
    seq: int
    asked_by: str
    of: str
    numbers: Sequence[int]
    """The leads asked about; none named is the whole batch."""
    question: str
    due_at: datetime | None
    answered_by: str | None
    answer: str
    clause: str


@dataclass(frozen=True, slots=True)
class ExcuseFact:
    """A breach that one side asks the other to excuse."""

    handoff_id: int
    number: int
    seq: int
    asked_by: str
    side: Side
    """Who was late."""
    kind: ClockKind
    leads: int
    reason: str
    clause: str
    judged_by: str | None
    is_granted: bool


@dataclass(frozen=True, slots=True)
class RejectionFact:
    """Leads that Sales refused, as the marketer who handed them over is told."""

    handoff_id: int
    number: int
    seq: int
    by: str
    reason: str
    kind: RejectionKind
    clause: str
    appeals_to: str
    """The words of the definition that it appeals to."""
    count: int
    of: int
    note: str
    examples: Sequence[str]
    """Some of the leads: number, name and company where they are known."""
    dispute_until: datetime | None
    """None where it cannot be disputed, or is."""
    state: str
    """stands · disputed · upheld · given_back"""


@dataclass(frozen=True, slots=True)
class DisputeFact:
    """A rejection that Marketing disputes, as the lead of one side sees it."""

    handoff_id: int
    number: int
    seq: int
    side: Side
    disputed_by: str
    rejected_by: str
    reason: str
    clause: str
    leads: int
    note: str
    because: str
    until_at: datetime | None
    is_open: bool
    settled_by: str | None
    is_upheld: bool


@dataclass(frozen=True, slots=True)
class WorkFact:
    """The leads of one handoff that one rep works, as the DM lists them."""

    user_id: str
    handoff_id: int
    number: int
    source: str
    campaign: str
    leads: Sequence[LeadFact]
    link: str
    note: str
    due_at: datetime | None
    now: datetime
