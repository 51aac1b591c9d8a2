"""What single people are told: their duties, their absences, their Home."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.facts.figures import StatusFact
from bot.facts.handoffs import HandoffFact, LeadFact
from sla_rules.kinds import Per, Side


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
