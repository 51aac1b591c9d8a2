"""What a review and a simulation say: what was seen, what it suggests, what would have been."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.facts.figures import OutlookFact, PromiseFact
from sla_rules.compare import Change
from sla_rules.kinds import ActKind, Metric, Per, Side, Tier


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
    """What the terms start from: in_force · draft · proposed; or imported, as they are for such leads."""
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
    untold: Sequence[Metric] = ()
    """Promises left out, as what was imported does not tell how they ended."""
