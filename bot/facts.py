"""What services find out and messages say: plain values between the two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from sla_rules.agreement import Agreement
from sla_rules.compare import Change
from sla_rules.doubts import Doubt
from sla_rules.kinds import ActKind, ClockKind, Metric, Per, RejectionKind, Side, Tier
from sla_rules.promises import Goal
from sla_rules.strict_yaml import Plain


@dataclass(frozen=True, slots=True)
class Message:
    """A message as Slack takes it: the line that notifications and screen readers get, and its blocks."""

    text: str
    blocks: Sequence[Mapping[str, object]] = ()
    plain: str = ""
    """What stands in its place where Slack refuses the blocks; where this is empty, the text alone."""


@dataclass(frozen=True, slots=True)
class Files:
    """Files by their names, under one comment; unlike a message, Slack keeps no key to find them by."""

    comment: str
    contents: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class TextFact:
    """Which text of an agreement is meant."""

    name: str
    version: int
    state: str
    """draft · proposed · signed · in_force · superseded · ended · declined · withdrawn"""


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


@dataclass(frozen=True, slots=True)
class LimitFact:
    """A limit for which leads wait: of a day, week or month, of a rep's capacity, or a blackout date."""

    kind: str
    """day · week · month · capacity · blackout"""
    most: int
    """Leads in it; of a capacity, for each rep a day."""
    clause: str


DUTIES: Final = "duties"
"""Stands for a metric where the promise is to do one's duties."""


@dataclass(frozen=True, slots=True)
class DutyFact:
    """One turn of a duty; one that is not open yet has no id."""

    duty_id: int
    side: Side
    what: str
    every: Per
    due: str
    """As the text has it: 25th, last day, fri."""
    owner: str
    due_at: datetime
    clause: str
    version: int
    done_at: datetime | None = None
    done_by: str = ""
    is_late: bool = False
    is_today: bool = False
    may_undo: bool = False
    """It was done today, so who did it may take that back."""


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
    """The versions that the month rests on, where that is not the one in force alone."""

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


@dataclass(frozen=True, slots=True)
class MeantFact:
    """A promise over the last quarter: as it was, and as it would have been under other terms."""

    clause: str
    """Of the goal, or of the clock where no goal rests on it."""
    side: Side
    metric: Metric
    tier: Tier | None
    start_on: date
    end_on: date
    """The last day counted: what was handed over later had not run out yet."""
    was: float | None
    """None where nothing was counted."""
    meant: float | None
    of: int
    """What it would have been counted of."""
    target_was: float | None
    """None where it was no goal."""
    target_meant: float | None
    span_was: str = ""
    """The clock's target as written; empty where that does not change."""
    span_meant: str = ""
    kept_was: int = 0
    """Of the goal's own periods in these days, in how many it was reached."""
    kept_meant: int = 0
    periods: int = 0
    per: Per | None = None
    impossible: int = 0
    """Acts that could not have happened under the other terms."""


@dataclass(frozen=True, slots=True)
class ReviewedFact:
    """A promise since the last review: its figure, and in how many of its periods it was kept."""

    promise: PromiseFact
    kept: int
    made: int


@dataclass(frozen=True, slots=True)
class AgendaFact:
    """A goal that was missed so many of its periods running that the text puts it on the agenda."""

    clause: str
    side: Side
    metric: Metric
    tier: Tier | None
    per: Per
    missed: int


@dataclass(frozen=True, slots=True)
class DraftFact:
    """An amendment drafted from what was seen, with what it would have meant."""

    code: str
    """refusals · never_kept · always_kept · next_review"""
    clause: str
    path: tuple[str | int, ...]
    old: str
    new: str
    """The value as the text would write it."""
    source: str = ""
    reason: str = ""
    before: float | None = None
    after: float | None = None
    meant: MeantFact | None = None
    answer: str = ""
    """proposed · kept, or nothing yet"""
    by: str = ""


@dataclass(frozen=True, slots=True)
class ReviewFact:
    """The review pack."""

    agreement_id: int
    name: str
    review_on: date
    start_on: date
    end_on: date
    """The last day in it."""
    promises: Sequence[ReviewedFact]
    pipeline: float
    pipeline_before: float | None
    """Of as many days before; None where there were no leads."""
    drafts: Sequence[DraftFact]
    agenda: Sequence[AgendaFact]
    versions: Sequence[int]
    is_preview: bool
    now: datetime
    outlooks: Sequence["OutlookFact"] = ()
    """Where the goals will end in their running periods, as far as that can be foretold."""


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


@dataclass(frozen=True, slots=True)
class RepFact:
    """What one rep did since the last review: for the two leads only."""

    user_id: str
    taken: int
    in_time: int
    late: int
    median_s: int | None


@dataclass(frozen=True, slots=True)
class SignFact:
    """A figure that may be a sign of gaming; it accuses nobody."""

    code: str
    """taken_and_left, taken_at_the_end, touched_at_once, snoozed, handed_over_at_the_end, …before_days_off"""
    person: str = ""
    period: str = ""
    n: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class PeopleFact:
    """Figures of single people since the last review, for the two leads only."""

    name: str
    start_on: date
    end_on: date
    reps: Sequence[RepFact]
    signs: Sequence[SignFact]


@dataclass(frozen=True, slots=True)
class SeenFact:
    """What was seen of each goal in the observe weeks, and the target that follows."""

    agreement_id: int
    name: str
    start_on: date
    end_on: date
    targets: Sequence[tuple[PromiseFact, DraftFact | None]]
    """Each promise as it was seen; no draft where nothing was seen, or where the target fits already."""
    is_proposed: bool = False


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
    agreement_id: int = 0
    spent: Sequence[tuple[str, int]] = ()
    """Where the time of its leads went: (part, seconds), all parts together the whole."""
    excused: Sequence[tuple[ClockKind, int]] = ()
    """How many promises the other side excused."""
    reasons: Sequence["AppealFact"] = ()


@dataclass(frozen=True, slots=True)
class AppealFact:
    """Leads rejected for one reason, and the definition that it appeals to."""

    label: str
    n: int
    clause: str
    version: int
    appeals_to: str
    """ICP.role; empty for a neutral reason."""
    words: str


@dataclass(frozen=True, slots=True)
class PauseFact:
    """Why a clock stood still, or stands still."""

    kind: str
    """asked, snoozed, or posting: before the card could be seen."""
    by: str
    from_at: datetime
    until_at: datetime | None
    reason: str = ""


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
    rung: tuple[str, str] = ("", "")
    """(the last rung told, its clause)"""
    next_rung: tuple[str, str, datetime | None] = ("", "", None)
    """(rung, clause, when) of what follows if nobody acts."""
    observed_clause: str = ""
    """The clause by which nobody is told of it in these weeks."""
    pauses: Sequence[PauseFact] = ()


@dataclass(frozen=True, slots=True)
class AwayFact:
    """Who is away."""

    user_id: str
    until_at: datetime
    cover: str | None


@dataclass(frozen=True, slots=True)
class DepartureFact:
    """Somebody who cannot act for their side any more, and what is to be done about it."""

    what: str
    """left_member · left_lead · left_manager · left_side · in_both · rota · group_gone · group_closed"""
    who: str
    """The person, or the user group."""
    side: Side | None
    moved: int
    """Leads that went to the heir."""
    heir: str | None
    name: str
    clause: str
    """Where the text names the side's people."""
    agreement_id: int
    version: int


@dataclass(frozen=True, slots=True)
class SigningFact:
    """The card of one version: what both leads sign, and what became of it."""

    agreement_id: int
    name: str
    version: int
    sha256: str
    proposed_by: str
    leads: Mapping[Side, str | None]
    """Who signs for each side; None where nobody is left to."""
    signed: Mapping[Side, tuple[str, datetime]]
    state: str
    """Of the version: proposed, signed, in_force, superseded, ended, declined or withdrawn."""
    goals: Sequence[tuple[str, Goal]]
    """(clause, goal) of what each side promises; of a first version."""
    clocks: Sequence[tuple[str, ClockKind, Sequence[tuple[Tier, str]]]]
    """(clause, clock, its target as written by tier); of a first version."""
    changes: Sequence[Change] = ()
    """What an amendment changes."""
    based_on: int | None = None
    """The version that it amends; None for a first one."""
    is_ending: bool = False
    begins_at: datetime | None = None
    in_force_at: datetime | None = None
    closed_by: str | None = None
    closed_because: str = ""
    replaced_by: int | None = None
    """The newer proposal that took its place before it was signed."""
    meant: Sequence[MeantFact] = ()
    """What each promise that it touches was over the last quarter, and would have been."""


@dataclass(frozen=True, slots=True)
class ImpossibleFact:
    """An act that other terms leave nothing to act on."""

    number: int
    kind: ActKind
    leads: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SimulatedFact:
    """What the last quarter would have been under other terms, beside what it was."""

    agreement_id: int
    name: str
    base: str
    """What the terms start from: in_force · draft · proposed."""
    words: str
    """As they were typed, to be proposed exactly so."""
    text_hash: str
    changes: Sequence[Change]
    start_on: date
    end_on: date
    """The last day counted."""
    leads: int
    promises: Sequence[MeantFact]
    sides: Sequence[tuple[Side, int, int, int]]
    """(side, promises kept as it was, as it would have been, promises made), each in each of its periods."""
    impossible: Sequence[ImpossibleFact]
    """The first of them."""
    impossible_in_all: int
    left_out: Sequence[tuple[str, Sequence[int]]]
    """(running · imported · trial · voided, the numbers of such handoffs)"""
    is_as_it_was: bool
    """The terms are those in force, so it is what happened."""
    may_propose: bool


@dataclass(frozen=True, slots=True)
class VersionFact:
    """One version in the list of all: who wrote and signed it, and what became of it."""

    version: int
    state: str
    """draft · proposed · signed · in_force · superseded · ended · declined · withdrawn"""
    is_ending: bool
    sha256: str
    based_on: int | None
    proposed_by: str
    proposed_at: datetime
    signed: Mapping[Side, tuple[str, datetime]]
    begins_at: datetime | None
    in_force_at: datetime | None
    closed_by: str | None
    """Who declined or withdrew it; nobody, where a newer proposal took its place."""
    closed_because: str
    speaks: bool
    """It is the one that rules, or while nothing is signed the one proposed last."""


@dataclass(frozen=True, slots=True)
class HistoryFact:
    """Every version of an agreement, the newest first."""

    agreement_id: int
    name: str
    versions: Sequence[VersionFact]


@dataclass(frozen=True, slots=True)
class DiffFact:
    """What one version says otherwise than another."""

    agreement_id: int
    name: str
    old: int
    new: int
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class ClauseFact:
    """One clause as it is written."""

    number: str
    section: str
    """The section's key in the text, as `rejection_reasons`."""
    item: str
    """The clause's key in its section, or its place in a list."""
    value: Plain
    rests_on: str = ""
    """The clause of the definition that a reason appeals to."""


@dataclass(frozen=True, slots=True)
class SectionFact:
    """A section of one version, or of it the one clause that was asked for."""

    agreement_id: int
    name: str
    version: int
    number: str
    key: str
    clauses: Sequence[ClauseFact]


@dataclass(frozen=True, slots=True)
class AgreementFact:
    """One version of an agreement, whole."""

    agreement_id: int
    name: str
    version: int
    state: str
    """Of the version."""
    sha256: str
    signed: Mapping[Side, tuple[str, datetime]]
    in_force_at: datetime | None
    review: str
    """The day of the next review, as written."""
    sections: Sequence[SectionFact]
    waiting: VersionFact | None = None
    """The proposal that waits for signatures, or to begin."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What people are called, where no mention can stand."""


@dataclass(frozen=True, slots=True)
class EditFact:
    """The draft of an agreement, or what it would begin from, beside the text that speaks."""

    agreement_id: int
    version: int
    """The one that speaks."""
    document: Agreement
    data: Mapping[str, Plain]
    """What the draft says, as it is written."""
    before: Mapping[str, Plain]
    text_hash: str
    author: str
    """Who wrote on the draft last; empty while there is none."""
    written_at: datetime | None
    proposal: int | None
    """The version that waits for signatures, or to begin."""
    doubts: Sequence[Doubt] = ()
    """What looks unreal in it."""

    @property
    def is_draft(self) -> bool:
        return bool(self.author)


@dataclass(frozen=True, slots=True)
class CalculationFact:
    """What a month's revenue needs, beside what Sales can work."""

    deals: int
    leads: int
    qualified: int
    capacity: int | None
    """Leads a month; None where no tier is capped."""
    reps: int
    a_day: int
    """Leads a rep a day, over all that is capped."""
    working_days: int
    uncapped: Sequence[str]
    """Tiers that are not capped where others are."""
    target: str
    """The goal's target as written; empty where there is no such goal."""


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
class LeaveFact:
    """A rep whose status on Slack says leave."""

    user_id: str
    untouched: int
    until_at: datetime | None
    is_away: bool


@dataclass(frozen=True, slots=True)
class BackFact:
    """A rep whose absence is over."""

    user_id: str
    heir: str | None
    """Who got them, if that was one person."""
    moved: int
    """Untouched leads that went to somebody else."""
    mine: int
    first_due_at: datetime | None


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
class NudgeFact:
    """What waits on one person at this moment."""

    user_id: str
    clocks: Sequence[ClockFact]
    now: datetime
    is_settled: bool = False
    """Everything it was about is done: the message says so and asks for nothing."""
    lapsed: Sequence[tuple[int, int]] = ()
    """(handoff's number, how many): untouched leads that went back to the pool."""
    lapsed_clock: int = 0
    """The clock that the first of them waited on: why it lapsed can be asked, and to excuse it."""
    disproved: Sequence[int] = ()
    """Numbers of handoffs told as late, which a later report shows to have been in time."""


@dataclass(frozen=True, slots=True)
class OverdueFact:
    """One clock past its time with leads waiting on it, as others than its owner see it."""

    clock_id: int
    number: int
    source: str
    kind: ClockKind
    side: Side
    tier: Tier | None
    owner: str
    cover: str
    """Who answers for the owner now; empty where that is the owner."""
    waiting: int
    late_s: int
    """Working seconds since it was due."""
    clause: str


@dataclass(frozen=True, slots=True)
class ThreadFact:
    """What the thread of a handoff's card says of it when it is open past its time."""

    handoff_id: int
    number: int
    source: str
    clocks: Sequence[tuple[int, ClockKind, int]]
    """(clock's id, kind, how many wait) while some do; none: it is in hand."""
    to_take: int
    """How many of the leads nobody decided."""
    is_disproved: bool = False


@dataclass(frozen=True, slots=True)
class RoundupFact:
    """What a manager is told once a day: all that came to this rung since the last time."""

    user_id: str
    day: date
    clocks: Sequence[OverdueFact]
    settled: int
    """How many of those told are settled since, and were late."""
    disproved: Sequence[int]
    clause: str


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
