"""Take leads, stand by, and give back what was taken."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.models import Handoff
from bot.services import ledger, people, rights, work
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules import fold
from sla_rules.kinds import ActKind, LeadState, Tier

REACTION, FOUND = "reaction", "found"
"""✅ of which an event told, and ✅ found by looking."""
ON_CARD = (REACTION, FOUND)
BY_REACTION = (*ON_CARD, "standby")


def share(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    *,
    user: str,
    at: datetime,
    now: datetime,
    via: str = "button",
) -> list[int] | None:
    """Take one's share of what nobody decided; by reaction, with nothing left, stand by.

    Gives the numbers taken; None for a reaction older than one that is known, which changes nothing.
    """
    rights.require(session, agreed, user, Act.TAKE)
    state = ledger.read(session, agreed, handoff, now)
    if via in ON_CARD and _is_outdated(session, handoff, user, at):
        return None
    undecided = [lead.n for lead in _gladly(state.undecided(), user)]
    if not undecided and via in ON_CARD:
        ledger.record(session, agreed, handoff, [_act(ActKind.STOOD_BY, user, at, (), via)], now)
        return []
    count = people.share(session, agreed, state, now)
    return _take(session, agreed, handoff, undecided[:count], user=user, at=at, now=now, via=via)


def open_by_tier(
    session: Session, agreed: Agreed, handoff: Handoff, now: datetime
) -> tuple[list[tuple[Tier, int]], int]:
    """Count what nobody decided, by tier, and what one's share of it is."""
    state = ledger.read(session, agreed, handoff, now)
    counts = Counter(lead.tier for lead in state.undecided())
    return [(tier, counts[tier]) for tier in Tier if counts[tier]], people.share(session, agreed, state, now)


def some(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    *,
    user: str,
    now: datetime,
    count: int | None = None,
    tier: Tier | None = None,
    numbers: Sequence[int] = (),
) -> list[int]:
    """Take leads by number, or how many of which tier: the lowest undecided ones."""
    rights.require(session, agreed, user, Act.TAKE)
    undecided = _gladly(ledger.read(session, agreed, handoff, now).undecided(), user)
    chosen = [lead.n for lead in undecided if lead.tier is tier or tier is None]
    if numbers:
        missing = sorted(set(numbers) - {lead.n for lead in undecided})
        if missing:
            raise UserError("not_undecided", field="numbers", numbers=missing, handoff=handoff.number)
        chosen = sorted(set(numbers))
    elif count is not None:
        if not 1 <= count <= len(chosen):
            raise UserError(
                "not_so_many", field="count", count=count, left=len(chosen), handoff=handoff.number
            )
        chosen = chosen[:count]
    return _take(session, agreed, handoff, chosen, user=user, at=now, now=now, via="button")


def refused_before(
    session: Session, agreed: Agreed, handoff: Handoff, user: str, numbers: Sequence[int], now: datetime
) -> list[int]:
    """List which of these leads somebody has refused once, and which came back."""
    state = ledger.read(session, agreed, handoff, now)
    return [n for n in numbers if user in state.leads[n].refused_by]


def _gladly(leads: Sequence[fold.Lead], user: str) -> list[fold.Lead]:
    """Put last what somebody has refused once already."""
    return sorted(leads, key=lambda lead: user in lead.refused_by)


def undo(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    *,
    user: str,
    at: datetime,
    now: datetime,
    by_reaction: bool,
) -> list[int]:
    """Give back exactly what the reaction (or the last button) took, unless something was built on it."""
    rights.require(session, agreed, user, Act.TAKE)
    if by_reaction and _is_outdated(session, handoff, user, at):
        return []
    acts = _standing(session, handoff, user, by_reaction=by_reaction)
    if not acts:
        if by_reaction:
            return []
        took_by_reaction = _standing(session, handoff, user, by_reaction=True)
        code = "taken_by_reaction" if took_by_reaction else "nothing_to_take_back"
        raise UserError(code, handoff=handoff.number)
    state = ledger.read(session, agreed, handoff, now)
    returned = [lead.n for act in acts for lead in _taken_by(state, act)]
    if any(_is_built_upon(state.leads[n]) for act in acts for n in act.leads if act.kind is ActKind.TAKEN):
        raise UserError("built_upon", handoff=handoff.number)
    undoing = [
        ledger.NewAct(ActKind.UNDONE, user, at, act.leads, {"via": act.data.get("via")}, act.seq)
        for act in acts
    ]
    after = ledger.record(session, agreed, handoff, undoing, now)
    work.refresh(session, agreed, handoff, user, now)
    _let_standby_in(session, agreed, handoff, after, returned, leaving=user, at=at, now=now)
    return returned


def _take(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    numbers: Sequence[int],
    *,
    user: str,
    at: datetime,
    now: datetime,
    via: str,
) -> list[int]:
    if not numbers:
        raise UserError("nothing_left", handoff=handoff.number)
    ledger.record(session, agreed, handoff, [_act(ActKind.TAKEN, user, at, numbers, via)], now)
    work.refresh(session, agreed, handoff, user, now)
    return list(numbers)


def _act(kind: ActKind, user: str, at: datetime, numbers: Sequence[int], via: str) -> ledger.NewAct:
    return ledger.NewAct(kind, user, at, tuple(numbers), {"via": via})


def _let_standby_in(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    state: fold.Handoff,
    returned: Sequence[int],
    *,
    leaving: str,
    at: datetime,
    now: datetime,
) -> None:
    """Let the first who stood by hold what was given back, from the instant of leaving."""
    waiting = [who for who in state.standby if who != leaving]
    if waiting and returned:
        _take(session, agreed, handoff, returned, user=waiting[0], at=at, now=now, via="standby")


def _standing(session: Session, handoff: Handoff, user: str, *, by_reaction: bool) -> list[fold.Act]:
    """Find the acts of this person that still stand: all by reaction, or the last by button."""
    acts = ledger.acts_of(session, handoff)
    undone = {act.undoes for act in acts}
    mine = [
        act
        for act in acts
        if act.actor == user
        and act.seq not in undone
        and act.kind in (ActKind.TAKEN, ActKind.STOOD_BY)
        and (act.data.get("via") in BY_REACTION) is by_reaction
    ]
    return mine if by_reaction else mine[-1:]


def _is_outdated(session: Session, handoff: Handoff, user: str, at: datetime) -> bool:
    """For a person and a card the newest reaction event wins, whatever order they arrive in."""
    newest = max(
        (
            act.at
            for act in ledger.acts_of(session, handoff)
            if act.actor == user and act.data.get("via") in BY_REACTION
        ),
        default=None,
    )
    return newest is not None and newest > ledger.epoch(at)


def _taken_by(state: fold.Handoff, act: fold.Act) -> list[fold.Lead]:
    return [state.leads[n] for n in act.leads if state.leads[n].taken_by_act == act.seq]


def _is_built_upon(lead: fold.Lead) -> bool:
    return lead.touched_at is not None or lead.outcome is not None or lead.state is LeadState.REJECTED
