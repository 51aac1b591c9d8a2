"""Who cannot act for their side any more: their leads go on, and who can mend it is told once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.facts.people import DepartureFact
from bot.models import Handoff, Lead
from bot.services import away, notices, people, rights
from bot.services.agreements import Agreed
from sla_rules.kinds import LeadState, Side

WORKED = (LeadState.TAKEN, LeadState.TOUCHED)


def step(session: Session, agreed: Agreed, now: datetime) -> datetime | None:
    """Look at the people of an agreement; each change of them asks for the next look by itself."""
    if agreed.row.state == "ended":
        return None
    gone = people.gone(session, agreed.workspace_id)
    moved = {owner: _hand_on(session, agreed, owner, now) for owner in _owners_elsewhere(session, agreed)}
    for who in sorted({*moved, *(_named(agreed) & gone)}):
        _tell_of(session, agreed, who, moved.get(who, (None, 0)), now, has_left=who in gone)
    for who in sorted(who for who in agreed.people() if len(agreed.sides_of(who)) > 1):
        _tell(session, agreed, {"what": "in_both", "who": who}, _leads(agreed), now)
    _look_at_rota(session, agreed, now)
    return None


def has_left(session: Session, workspace_id: int, user: str, now: datetime) -> None:
    """Make the cards true on which somebody had a share whose account is closed."""
    for agreed in people.works_in(session, workspace_id, user):
        away.redraw_shares(session, agreed, now)


def fact(agreed: Agreed, about: Mapping[str, Any]) -> DepartureFact:
    """Say what is told, as the agreement stands."""
    side = Side(about["side"]) if about.get("side") else None
    return DepartureFact(
        what=about["what"],
        who=about["who"],
        side=side,
        moved=about.get("moved", 0),
        heir=about.get("heir"),
        name=agreed.document.name,
        clause=agreed.document.clause_of(f"parties.{side}" if side else "parties") or "",
        agreement_id=agreed.id,
        version=agreed.row.version,
    )


def tell_unreadable(session: Session, agreed: Agreed, group_id: str, reason: str, now: datetime) -> None:
    """Tell a side's lead that Slack does not show who is in the user group that stands for its members."""
    for side in Side:
        if agreed.document.party(side).group == group_id:
            about = {"what": f"group_{reason}", "who": group_id, "side": side}
            _tell(session, agreed, about, _first(session, agreed, _in_charge(agreed, side)), now)


# ---- leads of who does not work for Sales any more


def _owners_elsewhere(session: Session, agreed: Agreed) -> list[str]:
    """List who works leads of this agreement and may not any more."""
    owners = session.scalars(
        select(col(Lead.owner))
        .join(Handoff, col(Handoff.id) == col(Lead.handoff_id))
        .where(
            col(Lead.workspace_id) == agreed.workspace_id,
            col(Lead.agreement_id) == agreed.id,
            col(Lead.state).in_(WORKED),
            col(Lead.owner).is_not(None),
            col(Handoff.is_imported).is_(False),
        )
        .distinct()
    )
    return sorted(who for who in owners if who and rights.role_of(session, agreed, who) not in rights.SALES)


def _hand_on(session: Session, agreed: Agreed, owner: str, now: datetime) -> tuple[str | None, int]:
    """Give somebody's leads to the cover, else to the duty rep; gives to whom, and how many."""
    heir = people.stand_in(session, agreed, owner, now) or people.duty_rep(session, agreed, now)
    if rights.role_of(session, agreed, heir) not in rights.SALES:
        return None, 0  # Sales has nobody left
    return heir, away.hand_on(session, agreed, owner, heir, now, WORKED)


# ---- who is told


def _named(agreed: Agreed) -> set[str]:
    return {who for side in Side for who in agreed.document.party(side).people}


def _tell_of(
    session: Session,
    agreed: Agreed,
    who: str,
    moved: tuple[str | None, int],
    now: datetime,
    *,
    has_left: bool,
) -> None:
    """Tell of somebody who left the company, or only their side."""
    side = next((side for side in Side if who in agreed.document.party(side).people), Side.SALES)
    party = agreed.document.party(side)
    what = "left_lead" if who == party.lead else "left_manager" if who == party.manager else "left_member"
    what = what if has_left else "left_side"
    about = {"what": what, "who": who, "side": side, "heir": moved[0], "moved": moved[1]}
    if what in ("left_lead", "left_manager"):
        others = [one for one in (*_leads(agreed), *_in_charge(agreed, side)) if one != who]
        _tell(session, agreed, about, others, now)
    else:
        _tell(session, agreed, about, _first(session, agreed, _in_charge(agreed, side)), now)


def _in_charge(agreed: Agreed, side: Side) -> list[str]:
    return [agreed.document.party(side).lead, agreed.document.party(side).manager]


def _first(session: Session, agreed: Agreed, candidates: Iterable[str]) -> list[str]:
    """Name the first who is still there."""
    gone = people.gone(session, agreed.workspace_id)
    return [who for who in candidates if who not in gone][:1]


def _leads(agreed: Agreed) -> list[str]:
    return [agreed.document.party(side).lead for side in Side]


def _look_at_rota(session: Session, agreed: Agreed, now: datetime) -> None:
    """Tell, once for a stretch, that nobody of the rota is there."""
    rota = set(agreed.document.parties.sales.rota)
    absences = [row for row in people.away_rows(session, agreed.workspace_id, now) if row.user_id in rota]
    absent = {row.user_id for row in absences} | people.gone(session, agreed.workspace_id)
    if rota <= absent:
        last = max((row.id or 0 for row in absences), default=0)
        about = {"what": "rota", "who": people.duty_rep(session, agreed, now), "side": Side.SALES}
        to = _first(session, agreed, _in_charge(agreed, Side.SALES))
        _tell(session, agreed, about, to, now, mark=str(last))


def _tell(
    session: Session,
    agreed: Agreed,
    about: Mapping[str, Any],
    to: Iterable[str],
    now: datetime,
    *,
    mark: str = "",
) -> None:
    """Leave one message for each, once for ever; at night it waits for the opening."""
    gone = people.gone(session, agreed.workspace_id)
    for person in sorted(set(to) - gone):
        key = f"departure:{agreed.id}:{about['what']}:{mark or about['who']}:{person}"
        if not notices.exists(session, agreed.workspace_id, key):
            notices.tell(
                session,
                agreed,
                person,
                key=key,
                kind="departure",
                about=about,
                not_before=agreed.calendar.next_open(now),
                now=now,
            )
