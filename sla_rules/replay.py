"""All acts once more through the one transition, under the terms that held or under others."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sla_rules.fold import Act, History, Key, figures, fold


@dataclass(slots=True)
class Replayed:
    """What handoffs add up to, and how many acts found nothing to act on."""

    figures: Counter[Key] = field(default_factory=Counter)
    impossible: int = 0


def replayed(ledgers: Iterable[Sequence[Act]], history: History, until: int) -> Replayed:
    """Fold the acts of each handoff; under the terms in force this gives exactly what happened."""
    found = Replayed()
    for acts in ledgers:
        handoff = fold(acts, history, until)
        found.figures.update(figures(handoff))
        found.impossible += len(handoff.impossible)
    return found
