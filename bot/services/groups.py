"""User groups of Slack that stand for the members of a party, as Slack last told them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from bot.models import AgreementVersion, UserGroup
from bot.services import agreements, away
from bot.services.agreements import Agreed

SPEAKING = ("proposed", "signed", "in_force")
"""The versions whose groups are kept fresh: a text may come into force at any moment."""


def stale(session: Session, workspace_id: int, before: datetime) -> list[str]:
    """List the user groups that texts name and Slack was not asked about since an instant."""
    fresh = session.scalars(
        select(col(UserGroup.group_id)).where(
            col(UserGroup.workspace_id) == workspace_id, col(UserGroup.refreshed_at) >= before
        )
    )
    return sorted(_named(session, workspace_id) - set(fresh))


def _named(session: Session, workspace_id: int) -> set[str]:
    texts = session.scalars(
        select(col(AgreementVersion.text)).where(
            col(AgreementVersion.workspace_id) == workspace_id, col(AgreementVersion.state).in_(SPEAKING)
        )
    )
    return {group for text in texts for group in agreements.groups_in(agreements.parsed(text))}


def remember(
    session: Session, workspace_id: int, group_id: str, members: Sequence[str], now: datetime
) -> None:
    """Keep who is in a user group; where that has changed, each agreement looks at its people."""
    row = session.get(UserGroup, (workspace_id, group_id), populate_existing=True)
    is_changed = row is None or row.members != list(members)
    row = row or UserGroup(workspace_id=workspace_id, group_id=group_id)
    row.members, row.refreshed_at = list(members), now
    session.add(row)
    session.flush()
    for agreed in naming(session, workspace_id, group_id) if is_changed else ():
        agreements.change(session, agreed.workspace_id, agreed.id, look_at=now)
        away.redraw_shares(session, agreed, now)


def leave_as_it_is(session: Session, workspace_id: int, group_id: str, now: datetime) -> None:
    """Ask again later about a group that Slack does not show; who was in it stays."""
    row = session.get(UserGroup, (workspace_id, group_id), populate_existing=True)
    remember(session, workspace_id, group_id, row.members if row else (), now)


def ask_again(session: Session, workspace_id: int, group_id: str) -> None:
    """Have Slack asked about a group of which it told that it has changed."""
    row = session.get(UserGroup, (workspace_id, group_id), populate_existing=True)
    if row is not None:
        row.refreshed_at = None
        session.add(row)


def naming(session: Session, workspace_id: int, group_id: str) -> list[Agreed]:
    """List the agreements in which a group stands for a side."""
    everything = agreements.all_of(session, workspace_id)
    return [agreed for agreed in everything if group_id in agreements.groups_in(agreed.document)]
