"""What follows a broken promise, from private to public: which rung of the ladder is next, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sla_rules.kinds import Tier
from sla_rules.terms import Terms
from sla_rules.working_time import Instant

DAYS_SEARCHED = 366


class Rung(StrEnum):
    """How far a clock has climbed: what was told of it last."""

    NONE = ""
    WARNED = "warned"  # a DM before it breaks
    BREACHED = "breached"  # a DM when it broke
    THREAD = "thread"  # the handoff named in its card's thread
    MANAGER = "manager"  # the day's round-up to the manager of that side


@dataclass(frozen=True, slots=True)
class Seen:
    """A clock on which leads wait, as a look at it in open hours finds it; instants are aware datetimes."""

    rung: Rung
    tier: Tier | None
    breaks_at: datetime | None
    look_at: datetime
    """For when this look was set."""
    has_just_broken: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What a look comes to: where the clock stands, when the next look is, whether its rung is told now."""

    rung: Rung
    look_at: datetime | None
    is_told: bool = False


def climb(seen: Seen, terms: Terms, now: datetime) -> Step:
    """Take a clock to its next rung; each is told once, and none in the weeks of observing.

    A round-up that was missed by more than its own day waits for the next one.
    """
    if seen.breaks_at is None or seen.breaks_at > now:
        is_new = seen.rung is Rung.NONE
        rung = Rung.WARNED if is_new else seen.rung
        return Step(rung, seen.breaks_at, is_new and not is_observed(terms, now))
    rung = next_rung(seen.rung, terms, seen.tier)
    if rung is seen.rung or is_observed(terms, seen.breaks_at):
        return Step(rung if rung is Rung.BREACHED else seen.rung, None)
    day = terms.calendar.local_date
    was_missed = rung is Rung.MANAGER and day(seen.look_at) < day(now)
    if rung is not Rung.BREACHED and (seen.has_just_broken or was_missed):
        return Step(seen.rung, next_look(seen.rung, terms, seen.tier, now))
    return Step(rung, next_look(rung, terms, seen.tier, now), is_told=True)


def next_rung(rung: Rung, terms: Terms, tier: Tier | None) -> Rung:
    """Name the rung after this one, for a clock that is broken."""
    if rung in (Rung.NONE, Rung.WARNED):
        return Rung.BREACHED
    has_thread = thread_after(terms, tier) is not None
    return Rung.THREAD if rung is Rung.BREACHED and has_thread else Rung.MANAGER


def next_look(rung: Rung, terms: Terms, tier: Tier | None, since: datetime) -> datetime | None:
    """Say when a broken clock that came to this rung at an instant must be seen again; None is never."""
    after = thread_after(terms, tier)
    if rung is Rung.BREACHED and after is not None:
        return terms.calendar.breaks_at(since, after)
    return roundup_after(terms, since) if rung in (Rung.BREACHED, Rung.THREAD) else None


def thread_after(terms: Terms, tier: Tier | None) -> int | None:
    """Give the working seconds from the DM to the thread; a question has no tier and the longest of them."""
    return terms.thread_after.get(tier) if tier else max(terms.thread_after.values(), default=None)


def roundup_after(terms: Terms, since: datetime) -> datetime | None:
    """Find the next round-up after an instant: on a working day, or if it is shut by then, at the opening."""
    if terms.manager_at is None:
        return None
    calendar, zone = terms.calendar, ZoneInfo(terms.calendar.zone)
    for offset in range(DAYS_SEARCHED):
        day = calendar.local_date(since) + timedelta(days=offset)
        at = datetime.combine(day, terms.manager_at, zone).astimezone(since.tzinfo)
        if calendar.works_on(day) and (found := calendar.next_open(at)) > since:
            return found
    return None


def is_observed(terms: Terms, at: Instant) -> bool:
    """Say whether an instant lies in the weeks in which clocks run and nobody is told."""
    return terms.observe_until is not None and terms.calendar.local_date(at) <= terms.observe_until
