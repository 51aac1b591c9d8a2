"""What services find out and messages say: plain values between the two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sla_rules.kinds import ClockKind, Metric, RejectionKind, Side, Tier
from sla_rules.promises import Goal


@dataclass(frozen=True, slots=True)
class Message:
    """A message as Slack takes it: the line that notifications and screen readers get, and its blocks."""

    text: str
    blocks: Sequence[Mapping[str, object]] = ()
    plain: str = ""
    """What stands in its place where Slack refuses the blocks; where this is empty, the text alone."""


@dataclass(frozen=True, slots=True)
class ClockFact:
    """One clock with leads waiting on it."""

    clock_id: int
    handoff_id: int
    number: int
    kind: ClockKind
    tier: Tier | None
    owner: str
    side: Side
    waiting: int
    due_at: datetime | None
    is_breached: bool
    is_at_risk: bool
    clause: str
    source: str
    link: str = ""


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
    outcome: str | None = None


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
    cap_clause: str = ""


@dataclass(frozen=True, slots=True)
class PromiseFact:
    """One promise of a side in a period: a goal of the agreement with its figure."""

    side: Side
    metric: Metric
    tier: Tier | None
    target: float
    """As a share for rates (0.85), else a count or an amount."""
    at_most: bool
    value: float | None
    """None where nothing was counted: no leads."""
    n: int
    of: int
    is_kept: bool | None
    clause: str
    per: str
    median_s: int | None = None
    """Median working seconds, for promises that have a time."""


@dataclass(frozen=True, slots=True)
class GoalFact:
    """A count to be reached in a period, with its pace."""

    side: Side
    metric: Metric
    label: str
    """The period: 2026-06, 2026-W25, 2026-Q2."""
    target: float
    so_far: float
    expected: float
    planned: int
    days_left: int
    needed_a_day: float | None
    needed_after_plan: float | None
    is_on_plan: bool
    clause: str


@dataclass(frozen=True, slots=True)
class StatusFact:
    """What `/sla status` answers with."""

    agreement_id: int
    name: str
    state: str
    channel_id: str | None
    side: Side | None
    moves: Sequence[ClockFact]
    """What waits on the person who asks, the earliest first."""
    goals: Sequence[GoalFact]
    promises: tuple[PromiseFact, ...]
    open_handoffs: int
    open_by_side: Mapping[Side, int]
    at_risk: Sequence[ClockFact]
    period_label: str
    now: datetime

    @property
    def open(self) -> tuple[int, tuple[tuple[Side, int], ...], tuple[int, ...]]:
        """Give open handoffs, how many wait on each side, and the numbers of those at risk."""
        risky = dict.fromkeys(clock.number for clock in self.at_risk)
        return self.open_handoffs, tuple(self.open_by_side.items()), tuple(risky)


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
class DailyFact:
    """The day's progress."""

    agreement_id: int
    name: str
    day: date
    goals: Sequence[GoalFact]
    open_handoffs: int
    open_by_side: Mapping[Side, int]
    at_risk: Sequence[ClockFact]
    is_calm: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class WeekFact:
    """One past week in the digest's thread."""

    label: str
    delivered: int
    qualified: int
    accepted: int
    won: int
    planned: int
    marketing_kept: int
    marketing_made: int
    sales_kept: int
    sales_made: int


@dataclass(frozen=True, slots=True)
class ReasonFact:
    """Leads refused for one reason in a period."""

    reason: str
    label: str
    kind: RejectionKind
    clause: str
    n: int
    top_source: str
    top_source_n: int


@dataclass(frozen=True, slots=True)
class DigestFact:
    """The week's digest."""

    agreement_id: int
    name: str
    start_on: date
    end_on: date
    """The last day in it."""
    promises: Sequence[PromiseFact]
    fix_first: PromiseFact | None
    reasons: Sequence[ReasonFact]
    delivered: int
    qualified: int
    accepted: int
    sql: int
    won: int
    conversion_mean_days: float | None
    conversion_median_days: float | None
    cycle_mean_days: float | None
    needed_a_day: float | None
    days_left: int
    planned_next: Sequence[tuple[date, str, int]]
    """(day, source, how many) planned for the coming week."""
    away_next: Sequence[str]
    weeks: Sequence[WeekFact]
    """The last five weeks, oldest first, with this one last."""
    is_quiet: bool
    now: datetime
    unknown_posts: int = 0


@dataclass(frozen=True, slots=True)
class WhyFact:
    """Where a clock or a handoff stands and what that rests on."""

    number: int
    clocks: Sequence["WhyClockFact"]
    events: Sequence[tuple[datetime, str, str | None, int]]
    """(when, kind of act, who, how many leads)"""
    state: str
    is_trial: bool
    is_imported: bool


@dataclass(frozen=True, slots=True)
class WhyClockFact:
    """The arithmetic of one clock."""

    clock: ClockFact
    state: str
    version: int
    clause_text: str
    target: str
    started_at: datetime
    elapsed_s: int
    target_s: int
    paused_s: int
    kept: int
    late: int
    hours: str
    """The agreement's hours in words of the document: Mon 09:00-17:00 …"""
    zone: str


@dataclass(frozen=True, slots=True)
class AwayFact:
    """Who is away."""

    user_id: str
    until_at: datetime
    cover: str | None


@dataclass(frozen=True, slots=True)
class SigningFact:
    """The card on which both leads sign."""

    agreement_id: int
    name: str
    version: int
    sha256: str
    proposed_by: str
    leads: Mapping[Side, str]
    signed: Mapping[Side, tuple[str, datetime]]
    state: str
    goals: Sequence[tuple[str, Goal]]
    """(clause, goal) of what each side promises."""
    clocks: Sequence[tuple[str, ClockKind, Sequence[tuple[Tier, str]]]]
    """(clause, clock, its target as written by tier)."""


@dataclass(frozen=True, slots=True)
class HomeFact:
    """A person's Home."""

    user_id: str
    name: str
    is_guest: bool
    statuses: Sequence[StatusFact]
    """One for each agreement that the person is a party of."""
    leads: Sequence[LeadFact]
    handoffs: Sequence[HandoffFact]
    away: AwayFact | None
    now: datetime
    agreement_lines: Sequence[tuple[str, str, datetime | None]] = field(default_factory=tuple)
    """(name, version and state, in force since)"""
    is_new: bool = False
    """Slack was not asked yet who this is, so nothing is shown."""


@dataclass(frozen=True, slots=True)
class NudgeFact:
    """What waits on one person at this moment."""

    user_id: str
    clocks: Sequence[ClockFact]
    now: datetime
    is_settled: bool = False
    """Everything it was about is done: the message says so and asks for nothing."""
    lapsed: Sequence[tuple[int, int]] = ()
    """(handoff's number, how many): untouched leads that went back to the pool."""


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
