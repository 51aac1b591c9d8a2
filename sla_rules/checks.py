"""What must hold between the clauses of an agreement; each check names the sections that it looks at."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sla_rules.days_off import Calendar, subdivisions_of
from sla_rules.kinds import ClockKind, RejectionKind, Side, Tier
from sla_rules.promises import FORMS, Clocks, Goal
from sla_rules.sections import (
    Cadence,
    Consequences,
    Definitions,
    Limits,
    Parties,
    Party,
    Reason,
    TierDefinition,
)
from sla_rules.strict_yaml import Path
from sla_rules.working_time import WorkingTime

LONGEST_IN_DAYS: Mapping[ClockKind, int] = {
    ClockKind.HANDOVER: 30,
    ClockKind.ANSWER: 30,
    ClockKind.DECIDE: 30,
    ClockKind.FIRST_TOUCH: 60,
    ClockKind.OUTCOME: 260,
}
"""Working days; a promise beyond is one that nobody can break."""

TierDefinitions = Mapping[Tier, TierDefinition]
Goals = tuple[Goal, ...]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A fault that no single value shows, and where to mend it."""

    code: str
    path: Path
    values: Mapping[str, object] = field(default_factory=dict)


def flaws_of(sections: Mapping[str, Any]) -> Iterator[Flaw]:
    """Run every check whose sections could be read."""
    for needed, check in CHECKS:
        if all(name in sections for name in needed):
            yield from check(*(sections[name] for name in needed))


def _sides_apart(parties: Parties) -> Iterator[Flaw]:
    marketing, sales = parties.marketing, parties.sales
    if marketing.lead == sales.lead:
        yield Flaw("one_lead_of_both", ("parties", "sales", "lead"), {"value": sales.lead})
    both = set(marketing.members) & {*sales.members, *sales.rota}
    for person in sorted(both):
        yield Flaw("member_of_both", ("parties", "sales", "members"), {"value": person})


def _parties_manned(parties: Parties) -> Iterator[Flaw]:
    for side in Side:
        party: Party = getattr(parties, side)
        path = ("parties", side.value)
        if bool(party.members) == bool(party.group):
            yield Flaw("members_or_group", path, {"party": side})
        if party.members and party.lead not in party.members:
            yield Flaw("lead_not_member", (*path, "lead"), {"value": party.lead, "party": side})
        for person in _twice(party.members):
            yield Flaw("person_twice", (*path, "members"), {"value": person})


def _rota_of_members(parties: Parties) -> Iterator[Flaw]:
    members = set(parties.sales.members)
    for place, person in enumerate(parties.sales.rota):
        if members and person not in members:
            yield Flaw("rota_not_member", ("parties", "sales", "rota", place), {"value": person})
    for person in _twice(parties.sales.rota):
        yield Flaw("person_twice", ("parties", "sales", "rota"), {"value": person})


def _twice(people: tuple[str, ...]) -> list[str]:
    return [person for person, count in Counter(people).items() if count > 1]


def _reasons_appeal(definitions: Definitions, reasons: Mapping[str, Reason]) -> Iterator[Flaw]:
    for key, reason in reasons.items():
        path = ("rejection_reasons", key, "appeals_to")
        if reason.kind is RejectionKind.QUALITY and reason.appeals_to is None:
            yield Flaw("quality_without_appeal", path, {"reason": key})
        elif reason.kind is RejectionKind.NEUTRAL and reason.appeals_to is not None:
            yield Flaw("neutral_with_appeal", path, {"reason": key})
        elif reason.appeals_to and not definitions.has(reason.appeals_to):
            yield Flaw("unknown_definition", path, {"value": reason.appeals_to, "reason": key})


def _goals_of_both(goals: Goals) -> Iterator[Flaw]:
    for side in Side:
        if not any(goal.party is side for goal in goals):
            yield Flaw("one_sided", ("goals",), {"party": side})


def _goals_of_their_party(goals: Goals) -> Iterator[Flaw]:
    for place, goal in enumerate(goals):
        side = FORMS[goal.metric].side
        if side and side is not goal.party:
            values = {"metric": goal.metric, "party": side}
            yield Flaw("goal_of_other_party", ("goals", place, "party"), values)


def _goals_once(goals: Goals) -> Iterator[Flaw]:
    seen = set()
    for place, goal in enumerate(goals):
        key = (goal.party, goal.metric, goal.tier, goal.per)
        if key in seen:
            yield Flaw("goal_twice", ("goals", place), {"metric": goal.metric})
        seen.add(key)


def _goals_of_tiers(goals: Goals, tiers: TierDefinitions) -> Iterator[Flaw]:
    for place, goal in enumerate(goals):
        if goal.tier and goal.tier not in tiers:
            yield _unknown_tier(goal.tier, tiers, "goals", place, "tier")


def _goals_on_clocks(goals: Goals, clocks: Clocks) -> Iterator[Flaw]:
    promised = {kind: {tier for of, tier in clocks.spans() if of is kind} for kind in ClockKind}
    for place, goal in enumerate(goals):
        clock = FORMS[goal.metric].clock
        if clock and not (goal.tier in promised[clock] if goal.tier else promised[clock]):
            values = {"metric": goal.metric, "clock": clock, "tier": goal.tier or "-"}
            yield Flaw("goal_without_clock", ("goals", place), values)


def _clocks_of_tiers(clocks: Clocks, tiers: TierDefinitions) -> Iterator[Flaw]:
    for name in ("handover", "decide", "first_touch", "attempts", "outcome"):
        for tier in getattr(clocks, name):
            if tier not in tiers:
                yield _unknown_tier(tier, tiers, "clocks", name, tier.value)


def _thread_of_tiers(consequences: Consequences, tiers: TierDefinitions) -> Iterator[Flaw]:
    for tier in consequences.thread_after:
        if tier not in tiers:
            yield _unknown_tier(tier, tiers, "consequences", "thread_after", tier.value)


def _capacity_of_tiers(limits: Limits, tiers: TierDefinitions) -> Iterator[Flaw]:
    seen: set[str] = set()
    for group in limits.capacity:
        for tier in group.split(" and "):
            path = ("limits", "capacity", group)
            if tier in seen:
                yield Flaw("tier_capped_twice", path, {"value": tier})
            elif Tier(tier) not in tiers:
                yield _unknown_tier(Tier(tier), tiers, *path)
            seen.add(tier)


def _unknown_tier(tier: Tier, tiers: TierDefinitions, *path: str | int) -> Flaw:
    return Flaw("unknown_tier", path, {"value": tier, "choices": ", ".join(tiers)})


def _decided_by_touch(clocks: Clocks) -> Iterator[Flaw]:
    with_touch = {tier for tier, span in clocks.decide.items() if span is None}
    for tier in sorted(with_touch - clocks.from_arrival):
        yield Flaw("touch_not_from_arrival", ("clocks", "decide", tier.value), {"tier": tier})
    for tier in sorted(clocks.from_arrival - with_touch):
        yield Flaw("decide_not_with_touch", ("clocks", "first_touch", tier.value), {"tier": tier})


def _holidays_known(calendar: Calendar, cadence: Cadence) -> Iterator[Flaw]:
    """Look at the year of the review: some countries' holidays are suspended, or known for some years."""
    if calendar.holidays is None:
        return
    path = ("calendar", "holidays")
    country, subdivision = calendar.holidays.country, calendar.holidays.subdivision
    known = subdivisions_of(country)
    if known is None:
        yield Flaw("unknown_country", (*path, "country"), {"value": country})
    elif subdivision and subdivision not in known:
        values = {"value": subdivision, "country": country, "choices": ", ".join(known) or "-"}
        yield Flaw("unknown_subdivision", (*path, "subdivision"), values)
    elif not calendar.holidays.between(cadence.review.year, cadence.review.year):
        yield Flaw("no_holidays_known", path, {"value": country, "year": cadence.review.year})


def _clocks_can_break(clocks: Clocks, calendar: Calendar) -> Iterator[Flaw]:
    day = WorkingTime(calendar.zone, calendar.week).day_seconds
    for (kind, tier), span in clocks.spans().items():
        most = LONGEST_IN_DAYS[kind]
        if span.seconds_in(day) > most * day:
            path = ("clocks", kind.value) if kind is ClockKind.ANSWER else ("clocks", kind.value, tier.value)
            yield Flaw("clock_too_long", path, {"value": span, "most": most})


CHECKS: tuple[tuple[tuple[str, ...], Callable[..., Iterator[Flaw]]], ...] = (
    (("parties",), _sides_apart),
    (("parties",), _parties_manned),
    (("parties",), _rota_of_members),
    (("definitions", "rejection_reasons"), _reasons_appeal),
    (("goals",), _goals_of_both),
    (("goals",), _goals_of_their_party),
    (("goals",), _goals_once),
    (("goals", "tiers"), _goals_of_tiers),
    (("goals", "clocks"), _goals_on_clocks),
    (("clocks", "tiers"), _clocks_of_tiers),
    (("consequences", "tiers"), _thread_of_tiers),
    (("limits", "tiers"), _capacity_of_tiers),
    (("clocks",), _decided_by_touch),
    (("calendar", "cadence"), _holidays_known),
    (("clocks", "calendar"), _clocks_can_break),
)
