"""Whom we serve: what others send is dropped, and who takes Baton out is served no more."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from slack_bolt import BoltContext, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy.exc import IntegrityError

from bot.context import Context
from bot.services import installations, workspaces
from bot.slack import request
from bot.slack.form import Unexpected
from bot.slack.request import Asked

log = logging.getLogger(__name__)

SERVED = "served"
OF_NOBODY = frozenset({"url_verification", "ssl_check"})
ITS_END = frozenset({"app_uninstalled", "tokens_revoked"})
"""Events that may be told of a whole organisation, and of a workspace that is not served any more."""


def uninstalled(context: Context, asked: Asked) -> None:
    """Stop at once, and forget the token; the rows follow after the time that is set."""
    with context.transaction() as session:
        installations.leave(session, asked.team_id, context.now())


def revoked(context: Context, asked: Asked) -> None:
    """Stop where the bot's own token was taken; Baton has none of anybody else."""
    tokens = asked.event.get("tokens")
    if isinstance(tokens, Mapping) and tokens.get("bot"):
        uninstalled(context, asked)


def admit(
    context: Context, body: Mapping[str, Any], bolt: BoltContext, go_on: Callable[[], BoltResponse]
) -> BoltResponse:
    """Let pass what comes from a workspace that is served; drop the rest, with a 200."""
    if str(body.get("type")) in OF_NOBODY or "ssl_check" in body:
        return go_on()
    try:
        found = _served(context, body)
    except Unexpected as error:
        log.warning("dropped: %s", error)
        return BoltResponse(status=200)
    if found is None:
        log.info("dropped: nobody is served there")
        return BoltResponse(status=200)
    bolt[SERVED] = found
    return go_on()


def _served(context: Context, body: Mapping[str, Any]) -> AuthorizeResult | None:
    team_id, organisation = request.team_of(body), request.organisation_of(body)
    with context.reading() as session:
        row = workspaces.served(session, team_id)
    if row is None and organisation is not None:
        # Another process may see the same team at the same moment.
        with suppress(IntegrityError), context.transaction() as session:
            installations.adopt(session, organisation, team_id, context.now())
        with context.reading() as session:
            row = workspaces.served(session, team_id)
    if row is not None:
        return _identity(organisation, team_id, row.bot_id, row.bot_user_id)
    event = body.get("event")
    is_its_end = isinstance(event, Mapping) and str(event.get("type")) in ITS_END
    return _identity(organisation, team_id, "", "") if is_its_end else None


def _identity(organisation: str | None, team_id: str, bot_id: str, bot_user_id: str) -> AuthorizeResult:
    """Say to Bolt who we are there; it is given no token, for it makes no calls."""
    return AuthorizeResult(
        enterprise_id=organisation,
        team_id=team_id,
        bot_id=bot_id,
        bot_user_id=bot_user_id,
    )
