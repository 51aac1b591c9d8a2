"""Who is who: what Slack says of people, who may act, who is away and who has the duty."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Row, Select, bindparam, select, update
from sqlmodel import Session, col

from bot.database import upsert
from bot.errors import UserError
from bot.models import Agreement, Away, Person, table_of
from bot.services import agreements, notices
from bot.services.agreements import Agreed
from sla_rules import fold
from sla_rules.kinds import Side


def may_act(session: Session, agreed: Agreed, user_id: str, side: Side) -> None:
    """Refuse who may not act for a side: unknown, guest, bot, from elsewhere, left, or of the other side."""
    person = _person(session, agreed.workspace_id, user_id)
    if person is None or person.refreshed_at is None:
        agreements.require_side(agreed, user_id, side)
        raise UserError("unknown_person")
    _refuse_outsiders(person)
    agreements.require_side(agreed, user_id, side)


def may_read(session: Session, agreed: Agreed, user_id: str) -> None:
    """Refuse figures to guests and strangers, and to whom nobody knows yet; the parties may always read."""
    if agreed.document.side_of(user_id) is not None:
        return
    person = _person(session, agreed.workspace_id, user_id)
    if person is None or person.refreshed_at is None:
        raise UserError("unknown_person")
    _refuse_outsiders(person)


def refuse_known_outsider(session: Session, workspace_id: int, user_id: str) -> None:
    """Refuse a guest, a bot or somebody from elsewhere, as far as it is known."""
    person = _person(session, workspace_id, user_id)
    if person is not None:
        _refuse_outsiders(person)


def _person(session: Session, workspace_id: int, user_id: str) -> Row[Any] | None:
    return session.execute(_one(), {"workspace_id": workspace_id, "user_id": user_id}).first()


@cache
def _one() -> Select[Any]:
    people = table_of(Person)
    here = people.c.workspace_id == bindparam("workspace_id")
    return select(people).where(here, people.c.user_id == bindparam("user_id"))


def _refuse_outsiders(person: Row[Any]) -> None:
    for claim, code in (
        (person.is_bot, "bots_do_not_act"),
        (person.is_stranger, "strangers_do_not_act"),
        (person.is_guest, "guests_do_not_act"),
        (person.is_deleted, "left_the_company"),
    ):
        if claim:
            raise UserError(code)


def zone_of(session: Session, agreed: Agreed, user_id: str) -> ZoneInfo:
    """Give the zone in which a person's typed times are meant: the own, else the agreement's."""
    person = _person(session, agreed.workspace_id, user_id)
    try:
        return ZoneInfo(person.zone if person and person.refreshed_at else agreed.document.calendar.zone)
    except (ValueError, ZoneInfoNotFoundError):
        return ZoneInfo(agreed.document.calendar.zone)


def zone_known(session: Session, workspace_id: int, user_id: str) -> str:
    """Give the zone that Slack tells of somebody; empty while nobody asked."""
    person = _person(session, workspace_id, user_id)
    return person.zone if person and person.refreshed_at else ""


def check_members(session: Session, workspace_id: int, user_ids: Iterable[str]) -> None:
    """Refuse members of whom it is known already that they could not act."""
    for user_id in user_ids:
        person = _person(session, workspace_id, user_id)
        if person and (person.is_bot or person.is_guest or person.is_stranger or person.is_deleted):
            raise UserError("person_unfit", person=user_id)


def meet(session: Session, workspace_id: int, user_id: str) -> None:
    """Note somebody whom nobody knows yet, so that Slack is asked about them."""
    people = table_of(Person)
    statement = upsert(people, ("workspace_id", "user_id"), lambda _: {"user_id": people.c.user_id})
    session.execute(statement, [{"workspace_id": workspace_id, "user_id": user_id}])


def is_known(session: Session, workspace_id: int, user_id: str) -> bool:
    """Say whether somebody is kept track of: met here, or named in an agreement."""
    return _person(session, workspace_id, user_id) is not None or user_id in expected(session, workspace_id)


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
    if user["id"] in _unasked(session, workspace_id):
        # Their Home was drawn for somebody unknown.
        notices.bump(session, workspace_id, f"home:{user['id']}", now)
    names = [name for name in row if name not in ("workspace_id", "user_id")]
    session.execute(
        upsert(table_of(Person), ("workspace_id", "user_id"), lambda new: {n: new[n] for n in names}), [row]
    )


def expected(session: Session, workspace_id: int) -> set[str]:
    """List the people whom the workspace's agreements name."""
    return {
        who
        for agreed in agreements.all_of(session, workspace_id)
        for side in Side
        for who in agreed.document.party(side).people
    }


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
    """Say whether a hint for a reaction is still owed to this person today, and count it as given."""
    meet(session, workspace_id, user_id)
    people = table_of(Person)
    hinted = update(people).where(
        people.c.workspace_id == workspace_id,
        people.c.user_id == user_id,
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
    away |= _gone(session, agreed.workspace_id)
    everyone = reps(agreed)
    return [rep for rep in everyone if rep not in away] or everyone


def _gone(session: Session, workspace_id: int) -> set[str]:
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
    return list(dict.fromkeys([*sales.members, *sales.rota]))


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
    """Name who answers for an owner's clock now: the owner, the cover, or the duty rep."""
    if agreed.document.side_of(owner) is not Side.SALES:
        return owner
    absence = is_away(session, agreed.workspace_id, owner, now)
    if absence is not None:
        return absence.cover or duty_rep(session, agreed, now)
    return duty_rep(session, agreed, now) if owner in _gone(session, agreed.workspace_id) else owner


def workspaces_with_agreements(session: Session) -> list[int]:
    """List the workspaces that have anything to keep fresh."""
    return sorted(session.scalars(select(col(Agreement.workspace_id)).distinct()).all())
