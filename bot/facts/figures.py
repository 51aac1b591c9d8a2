"""What messages say of goals and promises: how they stand, how a week went, what is likely."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from bot.facts.clocks import ClockFact
from sla_rules.kinds import Metric, RejectionKind, Side, Tier

DUTIES: Final = "duties"
"""Stands for a metric where the promise is to do one's duties."""
WON: Final = "won"
"""Stands for a metric where leads won are counted."""
Numbers = tuple[tuple[Side, tuple[int, ...]], ...]
"""Handoffs by whose move it is."""
MovedMetric = Metric | Literal["duties", "won"]
MOVED_SHOWN: Final = 3
"""How many figures that moved a digest tells; of the others it says how many they are."""


@dataclass(frozen=True, slots=True)
class PromiseFact:
    """One promise of a side in a period: a goal of the agreement with its figure, or its duties."""

    side: Side
    metric: Metric | Literal["duties"]
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
    so_far_in: str = ""
    """The running period (2026-06) whose count so far is held against what was planned of it by then."""


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
    versions: Sequence[int] = ()
    """The versions that the period rests on, where that is not the one in force alone."""
    until_on: date | None = None
    """The past day up to which it is told; None where that is today or the period's end."""
    is_over: bool = False
    """The period is, so that the target alone counts."""


@dataclass(frozen=True, slots=True)
class PlannedFact:
    """Leads announced from a source for a day, and what came of it."""

    on: date
    source: str
    count: int
    came: int
    """Handed over from this source since that day, before its next plan and within a week."""
    state: Literal["ahead", "due", "late", "met", "missed"]
    """Due on its day; late after it, while it may still be met."""


@dataclass(frozen=True, slots=True)
class PaceFact:
    """A goal of Marketing that was behind when a share of its period was gone."""

    notice_id: int
    agreement_id: int
    goal: GoalFact
    share_gone: float
    """The share of the period's working time at which it was looked at."""
    below: float
    """The part of plan below which a catch-up plan is due."""
    plan_within: str
    looked_at: datetime
    due_at: datetime
    clause: str
    """Of what is asked, not of the goal."""
    version: int
    is_over: bool
    settled_by: str
    """leads · plan, or nothing while a catch-up plan is due"""
    now: datetime

    @property
    def is_settled(self) -> bool:
        return self.is_over or bool(self.settled_by)


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
    versions: Sequence[int] = ()
    """The versions that the period rests on, where that is not the one in force alone."""
    until_on: date | None = None
    """The last day that is counted, where the period still runs."""
    from_on: date | None = None
    """The first day in force, where the period began before it."""
    duties_due: Sequence[datetime] = ()
    """When the duties are due, or were, that this person has yet to do."""
    awaits_signature: bool = False

    @property
    def first_due(self) -> datetime | None:
        """Give the earliest instant at which something waits on this person."""
        return min((*(one.due_at for one in self.moves if one.due_at), *self.duties_due), default=None)

    @property
    def open(self) -> tuple[int, tuple[tuple[Side, int], ...], Numbers, Numbers]:
        """Give open handoffs, how many wait on each side, which are past their time and which at risk."""
        late, soon = (self._of_sides(is_breached=is_breached) for is_breached in (True, False))
        return self.open_handoffs, tuple(self.open_by_side.items()), late, soon

    def _of_sides(self, *, is_breached: bool) -> Numbers:
        """List the handoffs that are past their time, or at risk of it, by whose move it is."""
        clocks = [clock for clock in self.at_risk if clock.is_breached is is_breached]
        found = (
            (side, tuple(dict.fromkeys(clock.number for clock in clocks if clock.side is side)))
            for side in (Side.SALES, Side.MARKETING)
        )
        return tuple((side, numbers) for side, numbers in found if numbers)


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
    target: float | None = None
    """The part of the agreed number of leads that falls on the week; None where none was agreed yet."""
    is_partial: bool = False
    """It is not over, or the agreement came into force within it."""


@dataclass(frozen=True, slots=True)
class SpanFact:
    """An average time of leads in calendar days, and how it moves; None where no lead has come so far."""

    mean_days: float | None = None
    median_days: float | None = None
    before_days: float | None = None
    """The mean of the four weeks before."""
    earlier_days: float | None = None
    """The mean of the four weeks before those."""


@dataclass(frozen=True, slots=True)
class MovedFact:
    """A figure of a week that is no longer what a digest told."""

    start_on: date
    end_on: date
    """The last day in it."""
    what: MovedMetric
    tier: Tier | None
    target: float | None
    """None where it is no promise."""
    at_most: bool
    was: float | None
    """None where there were no leads."""
    value: float | None
    was_kept: bool | None
    is_kept: bool | None
    cause: str = ""
    """dispute · excused · voided · corrected · undone · outcome, or nothing where it moved by itself"""
    numbers: Sequence[int] = ()
    """Of the handoffs on which that happened."""


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
    missed: Sequence[date] = ()
    """The first days of the weeks before this one of which no digest came."""
    spent: Sequence[tuple[str, int]] = ()
    """Where the time of a lead went on average, from its arrival to its first touch: (part, seconds)."""
    versions: Sequence[int] = ()
    """The versions that the week rests on, where that is not the one in force alone."""
    refused: int = 0
    """Leads below the agreed criteria: they count in none of Sales' promises."""
    unhandled: int = 0
    """Undecided past their time: they count for Marketing as if taken."""
    excused: int = 0
    """Promises excused by the other side: they count neither as kept nor as broken."""
    snoozed: int = 0
    """How often a lead's clock was snoozed."""
    review_on: date | None = None
    """The date of the review that has passed without a new one agreed."""
    conversion: SpanFact = SpanFact()
    """From handed over to won."""
    cycle: SpanFact = SpanFact()
    """From SQL to won."""
    acceptance_rate: float | None = None
    sql_rate: float | None = None
    won_per_100: float | None = None
    undecided: int = 0
    neutral: int = 0
    """Refused for a reason that counts against nobody; with the undecided in no rate of acceptance."""
    is_young: bool = False
    """Most of its leads have no outcome yet, so what became of them says little."""
    from_on: date | None = None
    """The first day in force, where the week began before it."""
    until_on: date | None = None
    """The last day counted, where the week is not over."""
    moved: Sequence[MovedFact] = ()
    """What earlier digests told and is no longer so, the most important first."""
    week_after: Literal["to_come", "running", "over"] = "to_come"
    needed_after_plan: float | None = None
    planned_ahead: int = 0
    """Leads planned for later in the period of the goal that a need is told of."""
    needed_in: str = ""
    """That period: 2026-06."""


@dataclass(frozen=True, slots=True)
class OutlookFact:
    """Where a goal will end in its running period."""

    side: Side
    metric: Metric
    tier: Tier | None
    label: str
    """The period: 2026-06, 2026-W25, 2026-Q2."""
    target: float
    at_most: bool
    so_far: float | None
    low: float | None
    """With `high` the range that holds the figure in 80 of 100 cases; None where too little is known."""
    high: float | None
    chance: float | None
    """Of meeting the target."""
    weeks: int
    """Decided weeks that it rests on."""
    clause: str


@dataclass(frozen=True, slots=True)
class ForecastFact:
    """What `/sla forecast` answers with."""

    agreement_id: int
    name: str
    goals: Sequence[OutlookFact]
    left_out: Sequence[Metric]
    """What is promised and cannot be foretold: it takes too long to be decided."""
    least_weeks: int
    most_weeks: int
    now: datetime
