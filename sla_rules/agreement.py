"""The signed text as data: parse it with all faults at once, number its clauses, read what it promises."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, PrivateAttr, ValidationError, ValidationInfo, field_validator

from sla_rules.checks import Flaw, flaws_of
from sla_rules.clauses import Clause, clauses_of, number_of
from sla_rules.days_off import Calendar
from sla_rules.durations import Duration
from sla_rules.faults import FAULTS_SHOWN, AgreementFaults
from sla_rules.kinds import ClockKind, Locale, Side, Tier
from sla_rules.promises import Clocks, Goal
from sla_rules.refusals import fault_of, flaws_in
from sla_rules.sections import (
    Cadence,
    Consequences,
    Definitions,
    Duty,
    Limits,
    Parties,
    Party,
    Reason,
    Responsibilities,
    Retention,
    Scope,
    Services,
    TierDefinition,
)
from sla_rules.strict_yaml import Plain, load, plain
from sla_rules.terms import Terms
from sla_rules.working_time import WorkingTime
from sla_rules.written import Key, Line, Section

OTHER = "other"
"""The reason that says nothing by itself and always needs a note."""


class Agreement(Section):
    """One version of the text; make it with `parse`, which alone checks what holds between its clauses."""

    name: Line
    """What messages call the agreement."""
    locale: Locale = Locale.EN
    """The language in which Baton speaks of it."""
    parties: Parties
    definitions: Definitions
    tiers: Annotated[dict[Tier, TierDefinition], Field(min_length=1)]
    rejection_reasons: Annotated[dict[Key, Reason], Field(min_length=1)]
    services: Services
    scope: Scope = Scope()
    limits: Limits = Limits()
    responsibilities: Responsibilities | None = None
    duties: tuple[Duty, ...] = ()
    goals: tuple[Goal, ...]
    clocks: Clocks
    calendar: Calendar
    consequences: Consequences
    cadence: Cadence
    retention: Retention
    _written: Plain = PrivateAttr(default_factory=dict)
    _numbers: dict[str, str] = PrivateAttr(default_factory=dict)
    """Clause numbers by path, reckoned once: every message names some."""

    @field_validator("*")
    @classmethod
    def _note(cls, value: Any, info: ValidationInfo) -> Any:
        """Keep what could be read, so that the checks between sections run even if another has faults."""
        if info.context is not None:
            info.context[info.field_name] = value
        return value

    @classmethod
    def signed(cls, text: str) -> Self:
        """Read a text that `parse` took before, without the checks that cost time and memory."""
        data = plain(text)
        return cls.model_validate(data)._numbered(data)  # noqa: SLF001  (of the class itself)

    @classmethod
    def parse(cls, text: str | bytes) -> Self:
        """Read a text; raises `AgreementFaults` with every fault in it, and nothing else."""
        document = load(text)
        if document.data is None:
            raise AgreementFaults(document.faults)
        readable: dict[str, Any] = {}
        flaws: list[Flaw] = []
        try:
            agreement = cls.model_validate(document.data, context=readable)
        except ValidationError as error:
            flaws += flaws_in(error, cls, FAULTS_SHOWN)
        flaws += flaws_of(readable)
        if faults := [*document.faults, *(fault_of(flaw, cls, document) for flaw in flaws)]:
            raise AgreementFaults(faults)
        return agreement._numbered(document.data)  # noqa: SLF001  (of the class itself)

    # ---- clauses

    def _numbered(self, written: Plain) -> Self:
        self._written = written
        self._numbers = {clause.path: clause.number for clause in self.clauses()}
        return self

    def clauses(self) -> tuple[Clause, ...]:
        """List every numbered item that was written."""
        return tuple(clauses_of(type(self), self._written))

    def clause_of(self, path: str) -> str | None:
        """Give the number of the clause in which a path lies, such as `clocks.first_touch` or `goals.0`."""
        known = self._numbers.get(path)
        return known or number_of(type(self), self._written, tuple(path.split(".")))

    # ---- people

    def party(self, side: Side) -> Party:
        return self.parties.sales if side is Side.SALES else self.parties.marketing

    def side_of(self, user_id: str, groups: Mapping[str, Collection[str]] | None = None) -> Side | None:
        """Say whose side a person is on; who manages both and works for neither is on none."""
        workers = [side for side in Side if user_id in self.members_of(side, groups)]
        managed = [side for side in Side if user_id == self.party(side).manager]
        found = workers or managed
        return found[0] if len(found) == 1 else None

    def members_of(self, side: Side, groups: Mapping[str, Collection[str]] | None = None) -> frozenset[str]:
        """List who does a side's work: its members or group, its lead, its duty reps."""
        party = self.party(side)
        return party.workers.union((groups or {}).get(party.group or "", ()))

    def is_lead(self, user_id: str, side: Side) -> bool:
        return self.party(side).lead == user_id

    # ---- promises

    def goals_of(self, side: Side) -> tuple[Goal, ...]:
        return tuple(goal for goal in self.goals if goal.party is side)

    def target(self, kind: ClockKind, tier: Tier) -> Duration | None:
        """Give what a clock promises; None where nothing is, or where deciding is part of the first touch."""
        return self.clocks.span(kind, tier)

    def target_text(self, kind: ClockKind, tier: Tier) -> str | None:
        """Write a clock's target as the text does: `4h`."""
        target = self.target(kind, tier)
        return None if target is None else str(target)

    def needs_note(self, reason: str) -> bool:
        return reason == OTHER

    def capacity_group(self, tier: Tier) -> tuple[tuple[Tier, ...], int | None]:
        """Give the tiers that share a capacity, and the leads of them a rep takes a day; None is no cap."""
        for group, leads in self.limits.capacity.items():
            tiers = tuple(Tier(name) for name in group.split(" and "))
            if tier in tiers:
                return tiers, leads
        return (tier,), None

    def capacity(self, tier: Tier) -> int | None:
        """Give the leads a rep takes a day, shared with the other tiers of its group; None is no cap."""
        return self.capacity_group(tier)[1]

    def is_blackout(self, day: date) -> bool:
        return any(day in span for span in self.limits.blackout)

    # ---- time

    def expand_days_off(self, around: date) -> tuple[date, ...]:
        """List the days off to store with the version: whole years, three back to five ahead."""
        return self.calendar.expand(around)

    def calendar_with(self, days_off: Iterable[date]) -> WorkingTime:
        """Make the calendar to reckon with from the days off that were stored."""
        return self.calendar.working_time(days_off)

    def terms(self, version: int, days_off: Iterable[date]) -> Terms:
        """Give what this version promises in working seconds."""
        calendar = self.calendar_with(days_off)
        day = calendar.day_seconds
        dispute = self.consequences.dispute
        return Terms(
            version=version,
            calendar=calendar,
            targets={key: span.seconds_in(day) for key, span in self.clocks.spans().items()},
            from_arrival=self.clocks.from_arrival,
            warn_share=self.clocks.warn_at,
            reasons={key: reason.kind for key, reason in self.rejection_reasons.items()},
            dispute_within=dispute.within.seconds_in(day),
            settle_within=dispute.settled.seconds_in(day),
            snooze_at_most=self.consequences.snooze.at_most.seconds_in(day),
            snooze_times=self.consequences.snooze.times,
            thread_after={
                tier: span.seconds_in(day) for tier, span in self.consequences.thread_after.items()
            },
            manager_at=self.consequences.manager_at,
            observe_until=self.cadence.observe_until,
        )
