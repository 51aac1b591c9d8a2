"""What can be kept or broken: goals over a period, and clocks by tier."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator

from sla_rules.durations import Duration
from sla_rules.faults import flaw
from sla_rules.kinds import ClockKind, Metric, Per, Side, Tier
from sla_rules.written import (
    Percent,
    Section,
    WorkingSpan,
    matched,
    read_amount,
    read_count,
    read_duration,
    read_percent,
    written,
)


class Unit(StrEnum):
    """What a metric is counted in."""

    LEADS = "leads"
    SHARE = "share"
    NUMBER = "number"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class MetricForm:
    """How a metric is promised: in what, by whom (None: by either), resting on which clock."""

    unit: Unit
    side: Side | None = None
    clock: ClockKind | None = None


def _in_time(clock: ClockKind) -> MetricForm:
    return MetricForm(Unit.SHARE, clock.side, clock)


FORMS: Mapping[Metric, MetricForm] = {
    Metric.LEADS_DELIVERED: MetricForm(Unit.LEADS, Side.MARKETING),
    Metric.QUALIFIED_LEADS: MetricForm(Unit.LEADS, Side.MARKETING),
    Metric.QUALITY_REFUSALS: MetricForm(Unit.SHARE, Side.MARKETING),
    Metric.HANDED_OVER_IN_TIME: _in_time(ClockKind.HANDOVER),
    Metric.ANSWERED_IN_TIME: _in_time(ClockKind.ANSWER),
    Metric.DECIDED_IN_TIME: _in_time(ClockKind.DECIDE),
    Metric.TOUCHED_IN_TIME: _in_time(ClockKind.FIRST_TOUCH),
    Metric.OUTCOME_IN_TIME: _in_time(ClockKind.OUTCOME),
    Metric.ACCEPTANCE_RATE: MetricForm(Unit.SHARE),
    Metric.SQL_RATE: MetricForm(Unit.SHARE),
    Metric.WON_PER_100: MetricForm(Unit.NUMBER),
    Metric.PIPELINE: MetricForm(Unit.AMOUNT),
}
READERS = {
    Unit.LEADS: read_count,
    Unit.SHARE: read_percent,
    Unit.NUMBER: read_amount,
    Unit.AMOUNT: read_amount,
}
UPPER_BOUNDS = frozenset({Metric.QUALITY_REFUSALS})
"""Metrics that are promised as "at most"."""


class Goal(Section):
    """A figure that one side promises for each period, of one tier or of all."""

    party: Side
    """Who promises."""
    metric: Metric
    """What is promised, see below."""
    target: float
    """A number or a percentage, as the metric is counted; kept as a share of 1 where it is one."""
    per: Per
    """The period in which it is counted."""
    tier: Tier | None = None
    """Of this tier's leads alone."""

    @field_validator("target", mode="before")
    @classmethod
    def _in_its_unit(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, list | dict):
            raise flaw("text_expected")
        metric = info.data.get("metric")
        # Without a metric the unit is unknown, and the missing metric is fault enough.
        return READERS[FORMS[metric].unit](value) if metric else 0

    @property
    def unit(self) -> Unit:
        return FORMS[self.metric].unit

    @property
    def is_at_most(self) -> bool:
        return self.metric in UPPER_BOUNDS


@dataclass(frozen=True, slots=True)
class Touch:
    """The time for a first touch, from the lead's arrival or from its taking."""

    span: Duration
    is_from_arrival: bool


def read_touch(text: str) -> Touch:
    """Read `1h from arrival`, or `1 working day` with or without `after taking`."""
    span = text.removesuffix(" from arrival")
    return Touch(read_duration(span.removesuffix(" after taking")), span != text)


def read_decide(text: str) -> Duration | None:
    """Read a span, or `with first touch` as None."""
    return None if text == "with first touch" else read_duration(text)


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often a lead is tried before it may be given up."""

    times: int
    within: Duration


def read_attempts(text: str) -> Attempts:
    """Read `6 in 10 working days`."""
    match = matched(r"(\S+) in (.+)", text, "attempts_expected")
    return Attempts(read_count(match[1]), read_duration(match[2]))


class Clocks(Section):
    """Spans of working time by tier; a tier that is not named has no such promise."""

    warn_at: Percent
    """Whoever is due is warned when so much of the time is gone."""
    handover: dict[Tier, WorkingSpan] = Field(default_factory=dict)
    """Marketing: from a lead's arrival to its handoff."""
    answer: WorkingSpan | None = None
    """Marketing: from a question of Sales to the answer."""
    decide: dict[Tier, Annotated[Duration | None, written(read_decide)]] = Field(default_factory=dict)
    """Sales: from the card to taking or rejecting."""
    first_touch: dict[Tier, Annotated[Touch, written(read_touch)]] = Field(default_factory=dict)
    """Sales: from taking to the first contact, or from the lead's arrival."""
    attempts: dict[Tier, Annotated[Attempts, written(read_attempts)]] = Field(default_factory=dict)
    """Sales: how often a lead is tried before it may be given up."""
    outcome: dict[Tier, WorkingSpan] = Field(default_factory=dict)
    """Sales: from taking to what became of the lead."""

    @property
    def from_arrival(self) -> frozenset[Tier]:
        """Tiers that are decided by being touched, on one clock from arrival."""
        return frozenset(tier for tier, touch in self.first_touch.items() if touch.is_from_arrival)

    def span(self, kind: ClockKind, tier: Tier) -> Duration | None:
        """Give what is promised; None where nothing is, or where deciding is part of the first touch."""
        if kind is ClockKind.ANSWER:
            return self.answer
        if kind is ClockKind.FIRST_TOUCH:
            return self.first_touch[tier].span if tier in self.first_touch else None
        spans: Mapping[ClockKind, Mapping[Tier, Duration | None]] = {
            ClockKind.HANDOVER: self.handover,
            ClockKind.DECIDE: self.decide,
            ClockKind.OUTCOME: self.outcome,
        }
        return spans[kind].get(tier)

    def spans(self) -> dict[tuple[ClockKind, Tier], Duration]:
        """List every promise."""
        every = {(kind, tier): self.span(kind, tier) for kind in ClockKind for tier in Tier}
        return {key: span for key, span in every.items() if span is not None}
