"""What messages say of clocks: who is told of them, and why they stand as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sla_rules.kinds import ClockKind, Side, Tier


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
