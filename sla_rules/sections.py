"""Who the parties are and what they agreed on besides promises: the sections of the text, one class each."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from sla_rules.kinds import Per, RejectionKind, Side, Tier
from sla_rules.written import (
    Cap,
    CivilDays,
    Count,
    Dates,
    Day,
    Group,
    Key,
    Line,
    Months,
    Percent,
    Prose,
    Section,
    Tiers,
    TimeOfDay,
    User,
    Weekday,
    WeeklyAt,
    WorkingSpan,
    matched,
    none_as_nothing,
    read_user,
    read_weekday,
    written,
)


class Party(Section):
    """One side: its lead signs for it; members are named, or are a Slack user group."""

    lead: User
    manager: User
    members: tuple[User, ...] = ()
    group: Group | None = None

    @property
    def workers(self) -> frozenset[str]:
        """List whom the text names for doing this side's work."""
        return frozenset((self.lead, *self.members))

    @property
    def people(self) -> frozenset[str]:
        """List everybody whom the text names for this side."""
        return self.workers | {self.manager}


class SalesParty(Party):
    """Sales also has the duty reps, in their order."""

    rota: Annotated[tuple[User, ...], Field(min_length=1)]

    @property
    def workers(self) -> frozenset[str]:
        """List whom the text names for doing this side's work."""
        return super().workers.union(self.rota)


class Parties(Section):
    marketing: Party
    sales: SalesParty


class Definitions(Section):
    """What both sides mean; the ICP is a list of criteria, each with a name to appeal to."""

    model_config = ConfigDict(alias_generator=str.upper)

    mql: Prose
    sal: Prose
    sql: Prose
    icp: Annotated[dict[Key, Prose], Field(min_length=1)]

    def has(self, path: str) -> bool:
        """Say whether there is such a definition: `MQL`, `ICP` or one criterion as `ICP.size`."""
        name, dot, criterion = path.partition(".")
        if dot:
            return name == "ICP" and criterion in self.icp
        return name in {"MQL", "SAL", "SQL", "ICP"}

    def words(self, path: str) -> str:
        """Give the words of a definition; of the ICP as a whole, all its criteria."""
        name, _, criterion = path.partition(".")
        if name != "ICP":
            return str(getattr(self, name.lower()))
        return self.icp[criterion] if criterion else "; ".join(self.icp.values())


class TierDefinition(Section):
    """What a tier is called and what puts a lead there."""

    name: Line
    when: Prose


class Reason(Section):
    """Why a lead may be rejected; one of quality appeals to a definition."""

    label: Line
    kind: RejectionKind
    appeals_to: Line | None = None


class HandoffField(StrEnum):
    """What a handoff may be required to carry."""

    SOURCE = "source"
    CAMPAIGN = "campaign"
    ARRIVED = "arrived"
    LINK = "link"
    NOTE = "note"
    LEADS = "leads"


class Services(Section):
    """What each side delivers to the other, and what a handoff must carry."""

    marketing: Prose
    sales: Prose
    fields: Annotated[tuple[HandoffField, ...], Field(min_length=1)]


class Scope(Section):
    model_config = ConfigDict(populate_by_name=True)

    included: tuple[Prose, ...] = Field(default=(), alias="in")
    excluded: tuple[Prose, ...] = Field(default=(), alias="out")


class Volume(Section):
    """The most leads in a period; None is no cap."""

    day: Count | None = None
    week: Count | None = None
    month: Count | None = None


class Limits(Section):
    """How much Sales takes on: by volume, by days, and by rep and day for tiers that share a capacity."""

    volume: Volume = Volume()
    blackout: tuple[Dates, ...] = ()
    capacity: dict[Tiers, Cap] = Field(default_factory=dict)


class Work(Section):
    """Where a side's work begins and ends, and what it does between."""

    begins: Prose
    ends: Prose
    does: tuple[Prose, ...] = ()


class Responsibilities(Section):
    marketing: Work
    sales: Work


def read_doer(text: str) -> str:
    """Read `lead`, `manager` or a person's ID."""
    return text if text in {"lead", "manager"} else read_user(text)


class Duty(Section):
    """A recurring task, due on a day of the week or of the month (a quarter's last): `25th`, `last day`."""

    party: Side
    what: Line
    every: Per
    due: Line
    who: Annotated[str, written(read_doer)] = "lead"

    @field_validator("due")
    @classmethod
    def _on_a_day(cls, due: str, info: ValidationInfo) -> str:
        if info.data.get("every") is Per.WEEK:
            return read_weekday(due)
        if due != "last day":
            matched(r"([1-9]|[12]\d|3[01])(st|nd|rd|th)?", due, "due_expected")
        return due


class Pace(Section):
    """Marketing's own rung: when it is looked at in a period, and what follows below the share of plan."""

    at: Annotated[tuple[Percent, ...], Field(min_length=1)]
    below: Percent
    plan_within: WorkingSpan


class Snooze(Section):
    at_most: WorkingSpan
    times: Count


class Dispute(Section):
    within: WorkingSpan
    settled: WorkingSpan


class Consequences(Section):
    """The ladder from private to public."""

    dm: Literal["at breach"]
    thread_after: dict[Tier, WorkingSpan]
    manager_at: TimeOfDay
    agenda_after: Months
    pace: Pace
    snooze: Snooze
    dispute: Dispute


class Cadence(Section):
    """When the bot speaks by itself, and when both sides meet again."""

    daily: TimeOfDay
    digest: WeeklyAt
    week_starts: Weekday = "mon"
    review: Day
    observe_until: Annotated[Day | None, BeforeValidator(none_as_nothing)] = None


class Retention(Section):
    """How long names and notes are kept, and the ledger after the bot was removed; days of the calendar."""

    lead_details: CivilDays
    after_uninstall: CivilDays
