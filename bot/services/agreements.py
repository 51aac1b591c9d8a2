"""Which agreement speaks, what it says, and who signs it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cache, lru_cache, partial
from secrets import randbits
from typing import Any

from sqlalchemy import Row, Select, String, Update, bindparam, cast, select, update
from sqlmodel import Session, col

from bot import models
from bot.errors import UserError
from bot.models import AgreementVersion, UserGroup, Workspace
from bot.services import workspaces
from bot.services.known import known
from sla_rules.agreement import Agreement
from sla_rules.fold import History
from sla_rules.kinds import Locale, Side
from sla_rules.terms import Terms
from sla_rules.working_time import WorkingTime

MARK_BITS = 62


@dataclass(frozen=True, slots=True)
class Standing:
    """The row of an agreement, to read; `change` writes."""

    id: int
    workspace_id: int
    name: str
    channel_id: str | None
    version: int
    state: str
    locale: str
    next_daily_at: datetime | None
    next_digest_at: datetime | None
    mark: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement as it speaks now: its row, its text, its calendar, the terms of every signed version."""

    row: Standing
    document: Agreement
    calendar: WorkingTime
    history: History
    """Empty while nothing is signed: then no clock runs."""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Who is in the user groups that stand for members, as Slack last told it."""

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def workspace_id(self) -> int:
        return self.row.workspace_id

    @property
    def mark(self) -> int:
        """Give what changes with everything that happens in it."""
        return self.row.mark

    @property
    def is_trial(self) -> bool:
        return not self.history

    def today(self, now: datetime) -> date:
        """Give the local day of an instant in the agreement's zone."""
        return self.calendar.local_date(now)

    def terms(self) -> Terms | None:
        """Give the terms in force."""
        return self.history[-1][1] if self.history else None

    def side_of(self, user_id: str) -> Side | None:
        """Say whose side a person is on, by the text and by its user groups."""
        return self.document.side_of(user_id, self.groups)

    def sides_of(self, user_id: str) -> list[Side]:
        """List the sides whose work a person does; to be on both is to be on none."""
        return [side for side in Side if user_id in self.document.members_of(side, self.groups)]

    def group_of(self, side: Side) -> tuple[str, ...]:
        """List the members of the user group that stands for a side, in Slack's order."""
        return self.groups.get(self.document.party(side).group or "", ())

    def people(self) -> set[str]:
        """List everybody whom the text names, and who is in its user groups."""
        named = {who for side in Side for who in self.document.party(side).people}
        return named.union(*self.groups.values())


def by_id(session: Session, workspace_id: int, agreement_id: int) -> Agreed:
    """Read one agreement of this workspace."""
    found = next((agreed for agreed in all_of(session, workspace_id) if agreed.id == agreement_id), None)
    if found is None:
        raise UserError("no_such_agreement")
    return found


def all_of(session: Session, workspace_id: int) -> list[Agreed]:
    """Read the agreements of a workspace, in the order in which they were made."""
    rows = session.execute(_rows(), {"workspace_id": workspace_id}).all()
    return [_agreed(session, row) for row in rows]


def living(session: Session, workspace_id: int) -> list[Agreed]:
    """Read the agreements of a workspace that have not ended; where all have, all."""
    found = all_of(session, workspace_id)
    return [agreed for agreed in found if agreed.row.state != "ended"] or found


def spoken_of(session: Session, workspace_id: int, channel_id: str | None) -> Agreed:
    """Find the agreement of this channel, else the only one that has not ended."""
    return _spoken(session, session.execute(_rows(), {"workspace_id": workspace_id}).all(), channel_id)


def spoken_in(session: Session, team_id: str, channel_id: str | None) -> Agreed:
    """Find the agreement of this channel of a team, else the only one that has not ended."""
    rows = session.execute(_rows_of_team(), {"team_id": team_id}).all()
    if not rows:
        workspaces.by_team(session, team_id)
    return _spoken(session, rows, channel_id)


def _spoken(session: Session, found: Sequence[Row[Any]], channel_id: str | None) -> Agreed:
    here = [row for row in found if channel_id and row.channel_id == channel_id]
    living = [row for row in found if row.state != "ended"]
    meant = here or living or found
    if len(meant) == 1:
        return _agreed(session, meant[0])
    if not found:
        raise UserError("no_agreement")
    raise UserError("which_agreement", channels=[row.channel_id for row in found if row.channel_id])


def change(session: Session, workspace_id: int, agreement_id: int, **values: object) -> None:
    """Write columns of an agreement's row, and give it another mark: what is known of it is read again."""
    # A number drawn, not counted: one that was rolled back must never come again.
    changed = {**values, "mark": randbits(MARK_BITS)}
    own = {"b_workspace": workspace_id, "b_id": agreement_id}
    session.connection().execute(_changing(tuple(changed)), {**own, **changed})


@cache
def _changing(names: tuple[str, ...]) -> Update:
    rows = models.table_of(models.Agreement)
    return (
        update(rows)
        .where(rows.c.workspace_id == bindparam("b_workspace"), rows.c.id == bindparam("b_id"))
        .values({name: bindparam(name, type_=rows.c[name].type) for name in names})
    )


def locale_of(session: Session, workspace_id: int, channel_id: str | None = None) -> str:
    """Say in which language to answer: of the channel's agreement, else of the workspace's first."""
    query = (
        select(col(models.Agreement.locale))
        .where(col(models.Agreement.workspace_id) == workspace_id)
        .order_by(col(models.Agreement.id))
    )
    in_channel = (
        session.scalar(query.where(col(models.Agreement.channel_id) == channel_id)) if channel_id else None
    )
    return in_channel or session.scalar(query.limit(1)) or Locale.EN


def versions(session: Session, agreement_id: int, workspace_id: int) -> Sequence[AgreementVersion]:
    """Read all versions, oldest first."""
    return session.scalars(
        select(AgreementVersion)
        .where(
            col(AgreementVersion.workspace_id) == workspace_id,
            col(AgreementVersion.agreement_id) == agreement_id,
        )
        .order_by(col(AgreementVersion.version))
    ).all()


def as_of(session: Session, agreed: Agreed, version: int) -> Agreed:
    """Give an agreement with the text of one of its versions; times are reckoned as now."""
    if version == agreed.row.version:
        return agreed
    text = session.get_one(AgreementVersion, (agreed.workspace_id, agreed.id, version)).text
    return replace(agreed, document=parsed(text))


def _agreed(session: Session, row: Row[Any]) -> Agreed:
    standing = Standing(**row._mapping)  # noqa: SLF001  (SQLAlchemy's public name for it)
    return known(session, standing.mark, "agreed", partial(_read, session, standing))


def _read(session: Session, standing: Standing) -> Agreed:
    own = {"workspace_id": standing.workspace_id, "agreement_id": standing.id}
    texts = session.execute(_texts(), own).all()
    spoken = next(text for text in texts if text.version == standing.version)
    history = tuple(
        (int(text.in_force_at.timestamp()), _terms(text.text, text.days_off, text.version))
        for text in texts
        if text.in_force_at is not None
    )
    document = parsed(spoken.text)
    groups = _groups(session, standing.workspace_id, groups_in(document))
    return Agreed(standing, document, _calendar(spoken.text, spoken.days_off), history, groups)


def groups_in(document: Agreement) -> list[str]:
    """List the user groups that a text names."""
    return [group for side in Side if (group := document.party(side).group)]


def _groups(session: Session, workspace_id: int, named: Sequence[str]) -> dict[str, tuple[str, ...]]:
    if not named:
        return {}
    rows = select(col(UserGroup.group_id), col(UserGroup.members)).where(
        col(UserGroup.workspace_id) == workspace_id, col(UserGroup.group_id).in_(named)
    )
    return {group_id: tuple(members) for group_id, members in session.execute(rows)}


@cache
def _rows() -> Select[Any]:
    rows = models.table_of(models.Agreement).c
    return (
        select(*(rows[field.name] for field in fields(Standing)))
        .where(rows.workspace_id == bindparam("workspace_id"))
        .order_by(rows.id)
    )


@cache
def _rows_of_team() -> Select[Any]:
    rows, teams = models.table_of(models.Agreement), models.table_of(Workspace)
    return (
        select(*(rows.c[field.name] for field in fields(Standing)))
        .join(teams, teams.c.id == rows.c.workspace_id)
        .where(teams.c.team_id == bindparam("team_id"), teams.c.state == "active")
        .order_by(rows.c.id)
    )


@cache
def _texts() -> Select[Any]:
    texts = models.table_of(AgreementVersion).c
    return (
        select(
            texts.version,
            texts.text,
            # Read as the text they are: the calendar that comes of it is made once.
            cast(texts.days_off, String).label("days_off"),
            texts.in_force_at,
        )
        .where(
            texts.workspace_id == bindparam("workspace_id"),
            texts.agreement_id == bindparam("agreement_id"),
        )
        .order_by(texts.version)
    )


@lru_cache(maxsize=1024)
def parsed(text: str) -> Agreement:
    """Read once a text that was checked when it was proposed."""
    return Agreement.signed(text)


@lru_cache(maxsize=1024)
def _calendar(text: str, days_off: str) -> WorkingTime:
    return parsed(text).calendar_with(_days(days_off))


@lru_cache(maxsize=1024)
def _terms(text: str, days_off: str, version: int) -> Terms:
    return parsed(text).terms(version, _days(days_off))


def _days(days_off: str) -> list[date]:
    return [date.fromisoformat(day) for day in json.loads(days_off)]
