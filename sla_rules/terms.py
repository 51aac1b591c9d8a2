"""What one signed version promises, in the form the rules reckon with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from sla_rules.kinds import ClockKind, RejectionKind, Tier
from sla_rules.working_time import WorkingTime


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one version; targets in working seconds."""

    version: int
    calendar: WorkingTime
    targets: Mapping[tuple[ClockKind, Tier], int]
    """No entry means that no such clock is promised."""
    from_arrival: frozenset[Tier]
    """Tiers whose decide and first touch are one clock, from arrival to first touch."""
    warn_share: float
    reasons: Mapping[str, RejectionKind]
    dispute_within: int
    settle_within: int
    snooze_at_most: int
    snooze_times: int
    thread_after: Mapping[Tier, int] = field(default_factory=dict)
    """Working seconds from the DM at a breach to the thread; no entry means no thread."""
    manager_at: time | None = None
    """Local time of the manager's round-up; None is none."""
    observe_until: date | None = None
    """The last local day on which clocks run and nobody is told."""
