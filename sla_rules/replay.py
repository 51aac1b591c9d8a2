"""All acts once more through the one transition, under the terms that held or under others."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sla_rules.counts import Counts, by_dims, count
from sla_rules.fold import Act, History, Key, fold


@dataclass(slots=True)
class Replayed:
    """What handoffs add up to, and how many acts found nothing to act on."""

    figures: Counter[Key] = field(default_factory=Counter)
    impossible: int = 0


@dataclass(slots=True)
class Added:
    """The same, not spread yet over all that is counted by, and with the acts themselves."""

    counts: Counts = field(default_factory=Counts)
    impossible: list[tuple[int, Act]] = field(default_factory=list)
    """Each with the place of its handoff among all."""


def added(
    ledgers: Iterable[Sequence[Act]],
    history: History,
    until: int,
    lived: History | None = None,
    *,
    with_times: bool = True,
) -> Added:
    """Fold the acts of each handoff, and keep nothing of it but what it counts.

    With the history that was lived, an act that found nothing then either is not told.
    """
    found = Added()
    for place, acts in enumerate(ledgers):
        handoff = fold(acts, history, until)
        count(handoff, found.counts, with_times=with_times)
        if handoff.impossible:
            known = {act.seq for act in fold(acts, lived, until).impossible} if lived is not None else ()
            found.impossible += [(place, act) for act in handoff.impossible if act.seq not in known]
    return found


def replayed(ledgers: Iterable[Sequence[Act]], history: History, until: int) -> Replayed:
    """Fold the acts of each handoff; under the terms in force this gives exactly what happened."""
    found = added(ledgers, history, until)
    return Replayed(by_dims(found.counts), len(found.impossible))
