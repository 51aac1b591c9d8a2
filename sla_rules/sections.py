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
    """Signs for the side, and answers for it."""
    manager: User
    """Gets one round-up a day of what is past its time."""
    members: tuple[User, ...] = ()
    """Who does the work; the lead is one of them."""
    group: Group | None = None
    """A Slack user group in place of members: who is in it, is a member."""

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
    """Members in turn: whoever is on duty owns what nobody has taken."""

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
    """What Marketing may hand over."""
    sal: Prose
    """What Sales takes to work on."""
    sql: Prose
    """What a lead has become after the talk."""
    icp: Annotated[dict[Key, Prose], Field(min_length=1)]
    """The criteria of the ideal customer, each by a name that rejections appeal to."""

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
    """How the tier is called."""
    when: Prose
    """What puts a lead there."""


class Reason(Section):
    """Why a lead may be rejected; one of quality appeals to a definition."""

    label: Line
    """How the reason reads in a menu."""
    kind: RejectionKind
    """Quality counts against Marketing, neutral against nobody."""
    appeals_to: Line | None = None
    """The definition that a lead of poor quality fails: `MQL`, `SAL`, `SQL`, `ICP` or `ICP.role`."""


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
    """What Sales gets."""
    sales: Prose
    """What Marketing gets."""
    fields: Annotated[tuple[HandoffField, ...], Field(min_length=1)]
    """Without these a handoff is not taken in."""


class Scope(Section):
    model_config = ConfigDict(populate_by_name=True)

    included: tuple[Prose, ...] = Field(default=(), alias="in")
    """What this is about."""
    excluded: tuple[Prose, ...] = Field(default=(), alias="out")
    """What it is not about."""


class Volume(Section):
    """The most leads in a period; None is no cap."""

    day: Count | None = None
    """The most leads a day."""
    week: Count | None = None
    """The most leads a week."""
    month: Count | None = None
    """The most leads a month."""


class Limits(Section):
    """How much Sales takes on: by volume, by days, and by rep and day for tiers that share a capacity."""

    volume: Volume = Volume()
    blackout: tuple[Dates, ...] = ()
    """Days on which no leads are let through."""
    capacity: dict[Tiers, Cap] = Field(default_factory=dict)
    """Leads a rep a day; tiers that share it stand together."""


class Work(Section):
    """Where a side's work begins and ends, and what it does between."""

    begins: Prose
    """From when on it is this side's."""
    ends: Prose
    """Until when."""
    does: tuple[Prose, ...] = ()
    """What it does between."""


class Responsibilities(Section):
    marketing: Work
    sales: Work


def read_doer(text: str) -> str:
    """Read `lead`, `manager` or a person's ID."""
    return text if text in {"lead", "manager"} else read_user(text)


class Duty(Section):
    """A recurring task, due on a day of the week or of the month (a quarter's last): `25th`, `last day`."""

    party: Side
    """Whose duty it is."""
    what: Line
    """What is to be done."""
    every: Per
    """How often."""
    due: Line
    """A day of the week, of the month or of a quarter's last month: `fri`, `25th`, `last day`."""
    who: Annotated[str, written(read_doer)] = "lead"
    """`lead`, `manager` or a member's ID."""

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
    """Looked at when so much of a period is gone."""
    below: Percent
    """Behind is less than this share of plan."""
    plan_within: WorkingSpan
    """For the catch-up plan, from the message on."""


class Snooze(Section):
    at_most: WorkingSpan
    """The longest that a clock may stand still."""
    times: Count
    """How often one clock may be snoozed."""


class Dispute(Section):
    within: WorkingSpan
    """After a rejection."""
    settled: WorkingSpan
    """After the dispute; silence upholds the rejection."""


class Consequences(Section):
    """The ladder from private to public."""

    dm: Literal["at breach"]
    """Whose move it is, is told in private."""
    thread_after: dict[Tier, WorkingSpan]
    """Still open so long after the breach, it stands in the card's thread."""
    manager_at: TimeOfDay
    """When the day's round-up goes to the managers."""
    agenda_after: Months
    """A goal missed so long in a row is on the next review's agenda."""
    pace: Pace
    snooze: Snooze
    dispute: Dispute


class Cadence(Section):
    """When the bot speaks by itself, and when both sides meet again."""

    daily: TimeOfDay
    """When the day's progress is posted."""
    digest: WeeklyAt
    """When the week's digest is posted."""
    week_starts: Weekday = "mon"
    """The first day of a week."""
    review: Day
    """When both sides meet on the text; a review is posted then."""
    observe_until: Annotated[Day | None, BeforeValidator(none_as_nothing)] = None
    """Until then clocks run and nobody is told off."""


class Retention(Section):
    """How long names and notes are kept, and the ledger after the bot was removed; days of the calendar."""

    lead_details: CivilDays
    """Names, addresses and notes of leads."""
    after_uninstall: CivilDays
    """Everything, once Baton was taken out."""
