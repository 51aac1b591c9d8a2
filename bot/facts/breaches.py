"""What messages say of broken promises: what is open past its time, and what a period counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.facts.clocks import OverdueFact
from sla_rules.kinds import ClockKind, Side, Tier


@dataclass(frozen=True, slots=True)
class BrokenFact:
    """How often one promise was broken in a period."""

    side: Side
    kind: ClockKind | Literal["duties"]
    tier: Tier | None
    late: int
    of: int
    """Kept and late together; what is excused is in neither."""
    excused: int
    clause: str


@dataclass(frozen=True, slots=True)
class BreachesFact:
    """What `/sla breaches` answers with."""

    agreement_id: int
    name: str
    overdue: Sequence[OverdueFact]
    """Open past their time, the longest first and not all; none for who sees numbers alone."""
    count: int
    by_side: Mapping[Side, int]
    """How many promises of each side are open past their time."""
    broken: Sequence[BrokenFact]
    period_label: str
    until_on: date | None
    """The last day that is counted, where the period still runs."""
    sees_handoffs: bool
    now: datetime
