"""What one signed version promises, in the form the rules reckon with."""

from collections.abc import Mapping
from dataclasses import dataclass

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
