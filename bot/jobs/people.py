"""Keep what Slack says of the people in the agreements, and of their user groups, fresh."""

import logging
from datetime import timedelta

from bot.answers import Ambiguous, Limited, Refused, Unreached, Unreadable
from bot.context import Context
from bot.services import departures, groups, people, workspaces

log = logging.getLogger(__name__)

FRESH_FOR, GROUPS_FRESH_FOR = timedelta(days=1), timedelta(hours=1)
NOBODY = {"user_not_found", "user_not_visible"}
"""Refusals that say something of the person; a revoked token says nothing of anybody."""
NO_GROUP = {"no_such_subteam", "subteam_not_found"}
GONE, CLOSED = "gone", "closed"
"""Why Slack does not show a user group: there is none, or the app may not look."""


def run(context: Context) -> int:
    """Ask Slack about groups and people whom nobody asked about for a while, or never."""
    with context.reading() as session:
        served = [(one.id or 0, one.team_id) for one in workspaces.active(session)]
    return sum(_ask_all(context.at(workspace_id), workspace_id, team_id) for workspace_id, team_id in served)


def _ask_all(context: Context, workspace_id: int, team_id: str) -> int:
    """Ask about the groups and people of one workspace; what Slack cannot tell now is asked the next time."""
    asked = 0
    try:
        for group_id in _stale_groups(context, workspace_id):
            _ask_group(context, workspace_id, group_id)
            asked += 1
        # After the groups: who is new in one is asked about in the same run.
        for user_id in _stale_people(context, workspace_id):
            _ask(context, workspace_id, team_id, user_id)
            asked += 1
    except (Refused, Limited, Unreached, Ambiguous) as why:
        log.info("people are asked about again in a minute: %s", why)
    return asked


def _stale_groups(context: Context, workspace_id: int) -> list[str]:
    with context.reading() as session:
        return groups.stale(session, workspace_id, context.now() - GROUPS_FRESH_FOR)


def _stale_people(context: Context, workspace_id: int) -> list[str]:
    with context.reading() as session:
        return people.stale(session, workspace_id, context.now() - FRESH_FOR)


def _ask_group(context: Context, workspace_id: int, group_id: str) -> None:
    try:
        members = context.gateway.group_members(group_id)
    except Unreadable:
        _leave(context, workspace_id, group_id, CLOSED)
    except Refused as why:
        if why.code not in NO_GROUP:
            raise
        _leave(context, workspace_id, group_id, GONE)
    else:
        with context.transaction() as session:
            groups.remember(session, workspace_id, group_id, members, context.now())


def _leave(context: Context, workspace_id: int, group_id: str, reason: str) -> None:
    """Keep who was in a group that Slack does not show now, and tell the side's lead."""
    now = context.now()
    with context.transaction() as session:
        groups.leave_as_it_is(session, workspace_id, group_id, now)
        for agreed in groups.naming(session, workspace_id, group_id):
            departures.tell_unreadable(session, agreed, group_id, reason, now)


def _ask(context: Context, workspace_id: int, team_id: str, user_id: str) -> None:
    try:
        user = context.gateway.user(user_id)
    except Refused as why:
        if why.code not in NOBODY:
            raise
        # Nobody Slack knows may act; whether that has changed is asked again tomorrow.
        user = {"id": user_id, "deleted": True}
    with context.transaction() as session:
        people.remember(session, workspace_id, team_id, user, context.now())
        if user.get("deleted"):
            departures.has_left(session, workspace_id, user_id, context.now())
