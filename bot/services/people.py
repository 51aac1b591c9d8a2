"""Who is who: what Slack says of people, who may act, who is away and who has the duty."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Select, bindparam, select, update
from sqlmodel import Session, col

from bot.database import upsert
from bot.errors import UserError
from bot.models import Away, Person, table_of
from bot.services import agreements, looked, notices, rights
from bot.services.agreements import Agreed
from sla_rules import fold
from sla_rules.kinds import Side

CLAIMS = ("is_bot", "is_guest", "is_deleted", "is_stranger")
"""What decides on somebody's rights."""


def zone_of(session: Session, agreed: Agreed, user_id: str) -> ZoneInfo:
    """Give the zone in which a person's typed times are meant: the own, else the agreement's."""
    person = rights.person_of(session, agreed.workspace_id, user_id)
    try:
        return ZoneInfo(person.zone if person and person.refreshed_at else agreed.document.calendar.zone)
    except (ValueError, ZoneInfoNotFoundError):
        return ZoneInfo(agreed.document.calendar.zone)


def zone_known(session: Session, workspace_id: int, user_id: str) -> str:
    """Give the zone that Slack tells of somebody; empty while nobody asked."""
    person = rights.person_of(session, workspace_id, user_id)
    return person.zone if person and person.refreshed_at else ""


def check_members(session: Session, workspace_id: int, user_ids: Iterable[str]) -> None:
    """Refuse members of whom it is known already that they could not act."""
    for user_id in user_ids:
        if rights.is_outsider(session, workspace_id, user_id):
            raise UserError("person_unfit", person=user_id)


def meet(session: Session, workspace_id: int, user_id: str) -> None:
    """Note somebody whom nobody knows yet, so that Slack is asked about them."""
    people = table_of(Person)
    statement = upsert(people, ("workspace_id", "user_id"), lambda _: {"user_id": people.c.user_id})
    session.execute(statement, [{"workspace_id": workspace_id, "user_id": user_id}])


def is_known(session: Session, workspace_id: int, user_id: str) -> bool:
    """Say whether somebody is kept track of: met here, or named in an agreement."""
    return rights.person_of(session, workspace_id, user_id) is not None or user_id in expected(
        session, workspace_id
    )


def remember(
    session: Session, workspace_id: int, team_id: str, user: Mapping[str, Any], now: datetime
) -> None:
    """Keep what Slack says of a person."""
    profile = user.get("profile", {})
    row = {
        "workspace_id": workspace_id,
        "user_id": user["id"],
        "name": profile.get("display_name") or user.get("real_name") or user.get("name", ""),
        "zone": user.get("tz") or "UTC",
        "is_bot": bool(user.get("is_bot")),
        "is_guest": bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        "is_deleted": bool(user.get("deleted")),
        "is_stranger": bool(user.get("is_stranger")) or user.get("team_id", team_id) != team_id,
        "refreshed_at": now,
    }
    before = rights.person_of(session, workspace_id, user["id"])
    names = [name for name in row if name not in ("workspace_id", "user_id")]
    session.execute(
        upsert(table_of(Person), ("workspace_id", "user_id"), lambda new: {n: new[n] for n in names}), [row]
    )
    if (
        before is None
        or before.refreshed_at is None
        or any(row[name] != getattr(before, name) for name in CLAIMS)
    ):
        _changed(session, workspace_id, user["id"], now)


def _changed(session: Session, workspace_id: int, user_id: str, now: datetime) -> None:
    """Let each agreement look at who may do what in it, and draw their Home again."""
    notices.bump(session, workspace_id, looked.key_of(user_id), now)
    for agreed in agreements.all_of(session, workspace_id):
        agreements.change(session, agreed.workspace_id, agreed.id, look_at=now)


def expected(session: Session, workspace_id: int) -> set[str]:
    """List the people whom the workspace's agreements name, themselves or by a user group."""
    return {who for agreed in agreements.all_of(session, workspace_id) for who in agreed.people()}


def stale(session: Session, workspace_id: int, before: datetime) -> list[str]:
    """List the people named or met whom Slack was not asked about since an instant."""
    fresh = session.scalars(
        select(col(Person.user_id)).where(
            col(Person.workspace_id) == workspace_id, col(Person.refreshed_at) >= before
        )
    )
    return sorted((expected(session, workspace_id) | _unasked(session, workspace_id)) - set(fresh))


def _unasked(session: Session, workspace_id: int) -> set[str]:
    rows = select(col(Person.user_id)).where(
        col(Person.workspace_id) == workspace_id, col(Person.refreshed_at).is_(None)
    )
    return set(session.scalars(rows))


def hint_due(session: Session, workspace_id: int, user_id: str, today: date) -> bool:
    """Say whether a hint for a reaction is still owed to this person today, and count it as given.

    Whom Slack was not asked about yet may be a bot, and is told nothing.
    """
    meet(session, workspace_id, user_id)
    people = table_of(Person)
    hinted = update(people).where(
        people.c.workspace_id == workspace_id,
        people.c.user_id == user_id,
        people.c.refreshed_at.is_not(None),
        people.c.hinted_on.is_(None) | (people.c.hinted_on != today),
    )
    return session.connection().execute(hinted.values(hinted_on=today)).rowcount == 1


def opened_home(session: Session, workspace_id: int, user_id: str, now: datetime) -> None:
    """Remember who looks at Home, so that it is kept up to date for them today."""
    session.execute(
        upsert(
            table_of(Person), ("workspace_id", "user_id"), lambda new: {"home_opened_at": new.home_opened_at}
        ),
        [{"workspace_id": workspace_id, "user_id": user_id, "home_opened_at": now}],
    )


# ---- absence, shares, duty


def away_rows(session: Session, workspace_id: int, now: datetime) -> Sequence[Away]:
    """Read who is away at an instant."""
    return session.scalars(_away(), {"workspace_id": workspace_id, "now": now}).all()


@cache
def _away() -> Select[Away]:
    return select(Away).where(
        col(Away.workspace_id) == bindparam("workspace_id"),
        col(Away.from_at) <= bindparam("now"),
        col(Away.until_at) > bindparam("now"),
        col(Away.is_ended).is_(False),
    )


def is_away(session: Session, workspace_id: int, user_id: str, now: datetime) -> Away | None:
    """Find somebody's absence at an instant."""
    return next((row for row in away_rows(session, workspace_id, now) if row.user_id == user_id), None)


def present(session: Session, agreed: Agreed, now: datetime) -> list[str]:
    """List the reps who are there; where all are away, all of them: somebody must be asked."""
    away = {row.user_id for row in away_rows(session, agreed.workspace_id, now)}
    everyone = reps(agreed)
    left = gone(session, agreed.workspace_id)
    staying = [rep for rep in everyone if rep not in left]
    return [rep for rep in staying if rep not in away] or staying or everyone


def gone(session: Session, workspace_id: int) -> set[str]:
    """Name those whose account is closed."""
    return set(session.scalars(_closed(), {"workspace_id": workspace_id}))


@cache
def _closed() -> Select[str]:
    people = table_of(Person).c
    return select(people.user_id).where(
        people.workspace_id == bindparam("workspace_id"), people.is_deleted.is_(True)
    )


def reps(agreed: Agreed) -> list[str]:
    """List who works leads: the members of Sales and the duty reps, in the order of the text."""
    sales = agreed.document.parties.sales
    return list(dict.fromkeys([*sales.members, *agreed.group_of(Side.SALES), *sales.rota]))


def works_in(session: Session, workspace_id: int, user: str) -> list[Agreed]:
    """List the agreements in whose Sales somebody is: whoever is away is away from all of them."""
    everything = agreements.all_of(session, workspace_id)
    return [agreed for agreed in everything if agreed.side_of(user) is Side.SALES]


def share(session: Session, agreed: Agreed, state: fold.Handoff, now: datetime) -> int:
    """Work out what one ✅ takes: the pool over reps present, rounded up, of what is undecided.

    A share of what was there to take, not of what is left: then one ✅ of each rep leaves nothing behind.
    """
    there = present(session, agreed, now)
    return min(max(1, ceil(state.pool / len(there))), len(state.undecided()))


def duty_rep(session: Session, agreed: Agreed, now: datetime) -> str:
    """Name the rep of the day: the rota turns by working day and skips who is away."""
    there = present(session, agreed, now)
    rota = [rep for rep in agreed.document.parties.sales.rota if rep in there] or there
    return rota[agreed.today(now).toordinal() % len(rota)]


def answers_for(session: Session, agreed: Agreed, owner: str, now: datetime) -> str:
    """Name who answers for an owner's clock now: the owner, the cover or duty rep, Marketing's lead."""
    side = agreed.side_of(owner)
    if side is Side.MARKETING:
        return _still_there(session, agreed, owner)
    if side is Side.SALES:
        return stand_in(session, agreed, owner, now) or owner
    return duty_rep(session, agreed, now)


def _still_there(session: Session, agreed: Agreed, marketer: str) -> str:
    party, left = agreed.document.parties.marketing, gone(session, agreed.workspace_id)
    return next((who for who in (marketer, party.lead, party.manager) if who not in left), marketer)


def stand_in(session: Session, agreed: Agreed, rep: str, now: datetime) -> str | None:
    """Name who works for a rep that is not there; None for who is there.

    It is the cover, or who covers for an absent cover; where that leads to nobody, the duty rep.
    """
    left = gone(session, agreed.workspace_id)
    covers = {row.user_id: row.cover for row in away_rows(session, agreed.workspace_id, now)}
    if rep not in covers and rep not in left:
        return None
    cover = covers.pop(rep, None)
    while cover in covers:
        cover = covers.pop(cover)
    if cover and cover not in {rep, *left} and agreed.side_of(cover) is Side.SALES:
        return cover
    return duty_rep(session, agreed, now)
