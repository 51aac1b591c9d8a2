"""What messages say of the agreement: its text, its versions, and how it is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.facts.review import MeantFact
from sla_rules.agreement import Agreement
from sla_rules.compare import Change
from sla_rules.doubts import Doubt
from sla_rules.kinds import ClockKind, Side, Tier
from sla_rules.promises import Goal
from sla_rules.strict_yaml import Plain


@dataclass(frozen=True, slots=True)
class TextFact:
    """Which text of an agreement is meant."""

    name: str
    version: int
    state: str
    """draft · proposed · signed · in_force · superseded · ended · declined · withdrawn"""


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
    review_on: date
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
