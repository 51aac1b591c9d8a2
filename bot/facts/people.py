"""What single people are told: their duties, their absences, their Home."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.facts.agreement import SigningFact
from bot.facts.clocks import ClockFact
from bot.facts.figures import StatusFact
from bot.facts.handoffs import HandoffFact, LeadFact, QuestionFact
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
class TroubleFact:
    """What Slack refuses us, for whoever can mend it."""

    what: str
    """closed · not_sent: a channel takes nothing from us, or one message is not taken."""
    name: str
    place: str
    code: str
    """Slack's own word for why."""


@dataclass(frozen=True, slots=True)
class PartFact:
    """One agreement in somebody's Home: how it stands, and what of it is theirs."""

    status: StatusFact
    version: int
    since_at: datetime | None
    """Since when its version is in force."""
    signed: Mapping[Side, str]
    """Who signed the version, or is to."""
    review_on: date
    is_in_both: bool = False
    """They are in the user groups of both sides, so nobody can say for whom they act."""
    is_manager: bool = False
    watches: Sequence[Side] = ()
    """The sides whose open moves this person answers for."""
    may_log: bool = False
    may_edit: bool = False
    has_draft: bool = False
    to_sign: tuple[Side, SigningFact] | None = None
    """The proposal that waits for this person's signature, and for which side they sign."""
    duties: Sequence[DutyFact] = ()
    """Theirs, not done yet."""
    questions: Sequence[QuestionFact] = ()
    """Those that wait for this person's answer."""
    handoffs: Sequence[HandoffFact] = ()
    """What is open; to a marketer, of what they handed over."""


@dataclass(frozen=True, slots=True)
class HomeFact:
    """A person's Home."""

    user_id: str
    name: str
    zone: str
    is_guest: bool
    parts: Sequence[PartFact]
    """One for each agreement that the person is a party of; to a colleague of neither side, all."""
    leads: Sequence[LeadFact]
    away: AwayFact | None
    now: datetime
    leads_from: int = 0
    """The lead, counted from nothing, with which the list begins."""
    is_new: bool = False
    """Slack was not asked yet who this is, so nothing is shown."""

    @property
    def moves(self) -> list[ClockFact]:
        """List what waits on the person, in all agreements."""
        return [clock for part in self.parts for clock in part.status.moves]


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


class Step(StrEnum):
    """What somebody could do now."""

    GUEST = "guest"
    NEW = "new"
    """Slack was not asked yet who this is."""
    SETUP = "setup"
    SIGN = "sign"
    MOVES = "moves"
    TRIAL = "trial"
    """It waits for the signatures of others."""
    LOG = "log"
    TAKE = "take"
    READ = "read"


@dataclass(frozen=True, slots=True)
class NextFact:
    """What comes next for somebody."""

    step: Step
    moves: Sequence[ClockFact] = ()
    duties: int = 0
    """Those that are open."""
    agreement_id: int | None = None
    """Of the agreement that is not signed yet, where practice is to be had."""
    name: str = ""
