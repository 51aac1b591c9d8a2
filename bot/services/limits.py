"""What Sales agreed to take: leads over a limit are dripped, in their order, never dumped and never refused.

What Sales got on the days of a period is read from the tallies of delivered leads, less those still held,
with those released on another day moved there: the cost follows days, what waits and what was released.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select
from sqlmodel import Session, col

from bot.facts.handoffs import LimitFact
from bot.models import Event, Handoff, Lead, Tally, table_of
from bot.services import handoffs, ledger, notices, people, workspaces
from bot.services.agreements import Agreed
from sla_rules import caps
from sla_rules.caps import Limit, Passed
from sla_rules.kinds import ActKind, LeadState, Tier

BETWEEN = ","
NOTHING: Mapping[Tier, int] = {}
DAYS_SEARCHED = 400
"""What would wait longer is looked at again then."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The leads of one handoff that wait, of which day it is, and for which limits as its row keeps them."""

    handoff_id: int
    day: date
    over: str
    tiers: Counter[Tier]


@dataclass(frozen=True, slots=True)
class Held:
    """What of a batch is over: which leads, for which limits they wait, and when the next come."""

    numbers: Sequence[int] = ()
    over: str = ""
    """As a handoff's row keeps it."""
    release_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Portion:
    """How many leads of a handoff come next, and when; for which limits it waits."""

    at: datetime
    count: int
    over: tuple[str, ...]


def hold(
    session: Session,
    agreed: Agreed,
    tiers: Sequence[tuple[Tier, int]],
    now: datetime,
    *,
    less: Mapping[Tier, int] = NOTHING,
) -> Held:
    """Say what of a new batch must wait: the coldest, after all that waits already. A trial holds nothing.

    It may come in the place of as many leads of today as it is `less` of.
    """
    holds = caps.held_back(agreed.document)
    if agreed.is_trial or not any(tier in holds for tier, _ in tiers):
        return Held()
    today, wanted = agreed.today(now), Counter(dict(tiers))
    limits, queue = _limits(session, agreed, today, now), _queue(session, agreed)
    if not limits and not queue:
        return Held()
    passed = _passed(session, agreed, queue, today)
    passed.subtract({(today, tier): n for tier, n in less.items()})
    reserved, before = passed.copy(), dict[Tier, str]()
    for waiting in queue:
        caps.admit(waiting.tiers, limits, holds, reserved, today)
        before |= dict.fromkeys(waiting.tiers, waiting.over)
    # No lead overtakes one of its tier that waits for the opening, though there is room for both.
    may_pass = {tier: n for tier, n in wanted.items() if tier not in before}
    through = caps.admit(may_pass, limits, holds, reserved, today)
    rest = wanted - through
    if not rest:
        return Held()
    for tier, n in through.items():
        passed[today, tier] += n
    over = BETWEEN.join(caps.stopping(rest, limits, reserved)) or next(
        before[tier] for tier in rest if tier in before
    )
    portion = _portions(session, agreed, [*queue, Waiting(0, today, over, rest)], passed, now)[-1]
    return Held(last_of(tiers, rest), over, portion.at)


def due(session: Session, now: datetime) -> list[tuple[int, int, int]]:
    """List (workspace, agreement, handoff) with leads to be let through."""
    rows = session.execute(
        select(col(Handoff.workspace_id), col(Handoff.agreement_id), col(Handoff.id))
        .where(col(Handoff.release_at) <= now, workspaces.serves(col(Handoff.workspace_id)))
        .order_by(col(Handoff.release_at), col(Handoff.id))
    )
    return [(workspace_id, agreement_id, handoff_id or 0) for workspace_id, agreement_id, handoff_id in rows]


def release_one(session: Session, agreed: Agreed, handoff_id: int, now: datetime) -> None:
    """Let through of a handoff found due what there is room for, unless somebody else was quicker."""
    handoff = handoffs.by_id(session, agreed.workspace_id, handoff_id)
    if handoff.release_at is None or handoff.release_at > now:
        return
    if agreed.calendar.is_open(now):
        _release(session, agreed, handoff, now)
    if not handoff.held:
        handoff.release_at = None
        session.flush()
    replan(session, agreed, now, seen=handoff_id)


def replan(session: Session, agreed: Agreed, now: datetime, *, seen: int | None = None) -> None:
    """Say anew of all that waits when its next portion comes, and make their cards true.

    What is due already is about to be released, but for the one that was `seen` to just now.
    """
    queue = _queue(session, agreed)
    if not queue:
        return
    passed = _passed(session, agreed, queue, agreed.today(now))
    for waiting, portion in zip(queue, _portions(session, agreed, queue, passed, now), strict=True):
        handoff = handoffs.by_id(session, agreed.workspace_id, waiting.handoff_id)
        if handoff.id == seen or (handoff.release_at is not None and handoff.release_at > now):
            handoff.release_at = portion.at
            handoff.over = BETWEEN.join(portion.over) or handoff.over
    session.flush()
    notices.bump_all(session, agreed.workspace_id, [f"card:{one.handoff_id}" for one in queue], now)


def step(session: Session, agreed: Agreed, now: datetime) -> None:
    """Plan anew under the text that speaks now: another version may let through more, or less."""
    if agreed.history:
        replan(session, agreed, now)


def coming(session: Session, agreed: Agreed, handoff: Handoff, now: datetime) -> int:
    """Count the leads of a handoff that come at its `release_at`; 0 while that is being planned anew."""
    if not handoff.held or handoff.release_at is None:
        return 0
    queue = _queue(session, agreed)
    passed = _passed(session, agreed, queue, agreed.today(now))
    portions = zip(queue, _portions(session, agreed, queue, passed, now), strict=True)
    return sum(
        portion.count
        for waiting, portion in portions
        if waiting.handoff_id == handoff.id and portion.at == handoff.release_at
    )


def facts(agreed: Agreed, over: str) -> list[LimitFact]:
    """Say for which limits leads wait, by the text that speaks now; what is no longer in it is left out."""
    limits = agreed.document.limits
    found = []
    for path in filter(None, over.split(BETWEEN)):
        kind, name = path.split(".")[1], path.rpartition(".")[2]
        most = {"capacity": limits.capacity.get(name), "blackout": 0}.get(
            kind, getattr(limits.volume, name, None)
        )
        if most is not None:
            clause = agreed.document.clause_of(path) or ""
            found.append(LimitFact(kind if kind != "volume" else name, most, clause))
    return found


def _release(session: Session, agreed: Agreed, handoff: Handoff, now: datetime) -> None:
    through = _admitted(session, agreed, handoff, now)
    if not through:
        return
    state = ledger.read(session, agreed, handoff, now)
    numbers: list[int] = []
    for tier, n in through.items():
        numbers += [
            lead.n for lead in state.leads.values() if lead.state is LeadState.HELD and lead.tier is tier
        ][:n]
    data = {
        "duty": people.duty_rep(session, agreed, now),
        "tiers": {tier.value: n for tier, n in through.items()},
    }
    ledger.record(session, agreed, handoff, [ledger.NewAct(ActKind.RELEASED, None, now, numbers, data)], now)


def _admitted(session: Session, agreed: Agreed, handoff: Handoff, now: datetime) -> Counter[Tier]:
    """Say what of a handoff fits into today, after what waits before it."""
    today, holds = agreed.today(now), caps.held_back(agreed.document)
    queue = _queue(session, agreed)
    limits = _limits(session, agreed, today, now)
    passed = _passed(session, agreed, queue, today)
    for waiting in queue:
        through = caps.admit(waiting.tiers, limits, holds, passed, today)
        if waiting.handoff_id == handoff.id:
            return through
    return Counter()


def last_of(tiers: Sequence[tuple[Tier, int]], rest: Mapping[Tier, int]) -> list[int]:
    """List the numbers of the leads that wait: of each tier the last ones."""
    held, end = list[int](), 0
    for tier, count in tiers:
        end += count
        held += range(end - rest.get(tier, 0) + 1, end + 1)
    return held


# ---- what comes when


def _portions(
    session: Session, agreed: Agreed, queue: Sequence[Waiting], passed: Passed, now: datetime
) -> list[Portion]:
    """Say of each in the queue what comes next, as if nothing were added to it."""
    holds, today = caps.held_back(agreed.document), agreed.today(now)
    over = _stopped(queue, _limits(session, agreed, today, now), holds, passed.copy(), today)
    left = {place: waiting.tiers.copy() for place, waiting in enumerate(queue)}
    found: dict[int, tuple[datetime, int]] = {}
    at = now
    for at in _openings(agreed, now):
        day = agreed.today(at)
        limits = _limits(session, agreed, day, at)
        stuck: set[Tier] = set()
        for place, tiers in list(left.items()):
            if stuck.issuperset(tiers):
                continue
            if through := caps.admit(tiers, limits, holds, passed, day):
                found.setdefault(place, (at, through.total()))
                left[place] = tiers - through
            # What is left of a tier stops all of it that is behind.
            stuck |= left[place].keys()
            if not left[place]:
                del left[place]
            if len(stuck) == len(Tier):
                break
        if len(found) == len(queue):
            break
    return [Portion(*found.get(place, (at, 0)), over[place]) for place in range(len(queue))]


def _stopped(
    queue: Sequence[Waiting], limits: Sequence[Limit], holds: frozenset[Tier], passed: Passed, today: date
) -> list[tuple[str, ...]]:
    """Say of each in the queue which limits hold it back today; none while it waits for the opening alone."""
    found = []
    for waiting in queue:
        through = caps.admit(waiting.tiers, limits, holds, passed, today)
        found.append(caps.stopping(waiting.tiers - through, limits, passed))
    return found


def _openings(agreed: Agreed, now: datetime) -> Iterator[datetime]:
    today = agreed.today(now)
    for days in range(DAYS_SEARCHED):
        opening = agreed.calendar.opening(today + timedelta(days=days))
        if opening is not None and opening > now:
            yield opening


def _limits(session: Session, agreed: Agreed, day: date, at: datetime) -> list[Limit]:
    return caps.limits_on(agreed.document, day, len(people.present(session, agreed, at)))


# ---- what is stored


def _queue(session: Session, agreed: Agreed) -> list[Waiting]:
    """List what waits, first logged first."""
    found = {
        handoff_id: Waiting(handoff_id, day, over, Counter())
        for handoff_id, day, over in session.execute(_waiting(), _own(agreed))
    }
    if found:
        asked = {"workspace_id": agreed.workspace_id, "handoffs": list(found)}
        for handoff_id, tier, n in session.execute(_held(), asked):
            found[handoff_id].tiers[Tier(tier)] = n
    return list(found.values())


def _passed(session: Session, agreed: Agreed, queue: Sequence[Waiting], today: date) -> Passed:
    """Count what Sales got on each day that counts against a limit of today."""
    start_on = caps.counted_from(agreed.document, today)
    passed: Passed = Counter()
    days = {**_own(agreed), "start_on": start_on, "end_on": today + timedelta(days=1), "tiers": list(Tier)}
    for day, tier, n in session.execute(_delivered(), days):
        passed[day, Tier(tier)] += n
    for waiting in queue:
        for tier, n in waiting.tiers.items():
            passed[waiting.day, tier] -= n
    start_at, _ = agreed.calendar.day_bounds(start_on)
    for at, data, day in session.execute(_released(), {**_own(agreed), "start_at": start_at}):
        for name, n in data.get("tiers", {}).items():
            passed[agreed.today(at), Tier(name)] += n
            passed[day, Tier(name)] -= n
    return passed


def _own(agreed: Agreed) -> dict[str, int]:
    return {"workspace_id": agreed.workspace_id, "agreement_id": agreed.id}


@cache
def _waiting() -> Select[Any]:
    batches = table_of(Handoff).c
    return (
        select(batches.id, batches.day, batches.over)
        .where(
            batches.workspace_id == bindparam("workspace_id"),
            batches.agreement_id == bindparam("agreement_id"),
            batches.held > literal_column("0"),  # as the partial index has it
            batches.release_at.is_not(None),
            batches.state != "voided",
        )
        .order_by(batches.id)
    )


@cache
def _held() -> Select[Any]:
    leads = table_of(Lead).c
    return (
        select(leads.handoff_id, leads.tier, func.count())
        .where(
            leads.workspace_id == bindparam("workspace_id"),
            leads.handoff_id.in_(bindparam("handoffs", expanding=True)),
            leads.state == LeadState.HELD,
        )
        .group_by(leads.handoff_id, leads.tier)
    )


@cache
def _delivered() -> Select[Any]:
    tallies = table_of(Tally).c
    return select(tallies.day, tallies.value, tallies.n).where(
        tallies.workspace_id == bindparam("workspace_id"),
        tallies.agreement_id == bindparam("agreement_id"),
        tallies.by == "tier",
        tallies.value.in_(bindparam("tiers", expanding=True)),
        tallies.measure == "delivered",
        tallies.day >= bindparam("start_on"),
        tallies.day < bindparam("end_on"),
    )


@cache
def _released() -> Select[Any]:
    events, batches = table_of(Event).c, table_of(Handoff).c
    return (
        select(events.happened_at, events.data, batches.day)
        .join(table_of(Handoff), batches.id == events.handoff_id)
        .where(
            events.workspace_id == bindparam("workspace_id"),
            events.agreement_id == bindparam("agreement_id"),
            events.happened_at >= bindparam("start_at"),
            events.kind == literal_column("'released'"),  # as the partial index has it
            batches.state != "voided",
        )
    )
