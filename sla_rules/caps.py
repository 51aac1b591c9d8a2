"""How many leads Sales agreed to take: what each limit leaves room for, and what may pass of a batch."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sla_rules.agreement import Agreement
from sla_rules.goals import ONE_DAY, period_of
from sla_rules.hours import WEEKDAYS
from sla_rules.kinds import Per, Tier

EVERY = frozenset(Tier)
Passed = Counter[tuple[date, Tier]]
"""How many leads of a tier Sales got on a day."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many leads of these tiers from `start_on` until before `end_on`."""

    path: str
    """Where the text says so: `limits.volume.month`."""
    tiers: frozenset[Tier]
    """Whose leads are counted; of them those wait that may be made to."""
    most: int
    start_on: date
    end_on: date

    def room(self, passed: Passed) -> int:
        """Count the leads that still fit."""
        if self.end_on - self.start_on == ONE_DAY:
            got = sum(passed[self.start_on, tier] for tier in self.tiers)
        else:
            got = sum(
                n
                for (day, tier), n in passed.items()
                if tier in self.tiers and self.start_on <= day < self.end_on
            )
        return max(0, self.most - got)


def held_back(document: Agreement) -> frozenset[Tier]:
    """Name the tiers whose leads wait for room: all but those of which the text says `no cap`."""
    capacity = document.limits.capacity
    free = {tier for group, leads in capacity.items() if leads is None for tier in _tiers(group)}
    return EVERY - free


def limits_on(document: Agreement, day: date, reps: int) -> list[Limit]:
    """List the limits that hold on a day with so many reps there, those first for which one waits longest."""
    limits, tomorrow = document.limits, day + ONE_DAY
    found = [
        Limit(f"limits.volume.{name}", EVERY, most, start_on, end_on)
        for name, most, start_on, end_on in _volumes(document, day)
    ]
    if document.is_blackout(day):
        found.append(Limit("limits.blackout", held_back(document), 0, day, tomorrow))
    found += [
        Limit(f"limits.capacity.{group}", _tiers(group), leads * reps, day, tomorrow)
        for group, leads in limits.capacity.items()
        if leads is not None
    ]
    return found


def counted_from(document: Agreement, day: date) -> date:
    """Give the first day whose leads count against a limit of this day."""
    return min((start_on for _, _, start_on, _ in _volumes(document, day)), default=day)


def admit(
    waiting: Mapping[Tier, int],
    limits: Sequence[Limit],
    holds: frozenset[Tier],
    passed: Passed,
    day: date,
) -> Counter[Tier]:
    """Let through of a batch what fits, the warmest first, and count it in `passed`."""
    through: Counter[Tier] = Counter()
    for tier in Tier:
        wanted = waiting.get(tier, 0)
        rooms = [limit.room(passed) for limit in limits if tier in limit.tiers and tier in holds]
        if n := min([wanted, *rooms]):
            through[tier] = n
            passed[day, tier] += n
    return through


def stopping(waiting: Mapping[Tier, int], limits: Sequence[Limit], passed: Passed) -> tuple[str, ...]:
    """Name the limits that leave no room for some that wait; for each tier the one that takes longest."""
    full = [limit for limit in limits if not limit.room(passed)]
    first = (
        next((limit.path for limit in full if tier in limit.tiers), None)
        for tier in Tier
        if waiting.get(tier)
    )
    return tuple(dict.fromkeys(path for path in first if path))


def _volumes(document: Agreement, day: date) -> list[tuple[str, int, date, date]]:
    """List the caps on volume as (name, most, first day, day after the last), the longest first."""
    volume, starts = document.limits.volume, WEEKDAYS.index(document.cadence.week_starts)
    month, week = period_of(day, Per.MONTH), period_of(day, Per.WEEK, starts)
    found = (
        ("month", volume.month, month.start_on, month.end_on),
        ("week", volume.week, week.start_on, week.end_on),
        ("day", volume.day, day, day + ONE_DAY),
    )
    return [(name, most, start_on, end_on) for name, most, start_on, end_on in found if most is not None]


def _tiers(group: str) -> frozenset[Tier]:
    return frozenset(Tier(name) for name in group.split(" and "))
