"""Whom we serve: what others send is dropped, and who takes Baton out is served no more."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from slack_bolt import BoltContext, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy.exc import IntegrityError

from bot.answers import Refused
from bot.context import Context
from bot.gateway import Gateway
from bot.services import installations, workspaces
from bot.slack import request
from bot.slack.form import ID, Unexpected, checked
from bot.slack.listeners import UNSENT
from bot.slack.request import Asked

log = logging.getLogger(__name__)

SERVED = "served"
OF_NOBODY = frozenset({"url_verification", "ssl_check"})
ABOUT_US = request.OF_ORGANISATION | {"app_uninstalled", "tokens_revoked"}
"""Events that may be told of a whole organisation, and of a workspace that is not served."""
BELIEVED_SECONDS = 60.0
MOST_SERVED = 10_000
"""Workspaces of which it is believed at the same time."""
Who = tuple[str | None, str]
"""The organisation, where that has installed Baton, and the team."""


def uninstalled(context: Context, asked: Asked) -> None:
    """Stop at once, and forget the token; the rows follow after the time that is set."""
    if _holds(context):
        log.info("told late that it was taken out: its token holds")
        return
    now = context.now()
    happened_at = request.instant_of(asked.event) if "event_ts" in asked.event else now
    with context.transaction() as session:
        installations.leave(session, asked.team_id, happened_at, now)


def _holds(context: Context) -> bool:
    """Say whether a token from the settings is still good: it may be that of a later installation."""
    if not isinstance(context.gateways, Gateway):
        return False
    try:
        context.gateways.auth_test()
    except UNSENT as why:
        return not isinstance(why, Refused)
    return True


def revoked(context: Context, asked: Asked) -> None:
    """Stop where the bot's own token was taken; Baton has none of anybody else."""
    tokens = asked.event.get("tokens")
    if isinstance(tokens, Mapping) and tokens.get("bot"):
        uninstalled(context, asked)


def granted(context: Context, asked: Asked) -> None:
    """Serve the workspaces that an organisation adds to its installation."""
    with context.transaction() as session:
        for team_id in _teams(asked):
            installations.grant(session, asked.team_id, team_id, context.now())


def withdrawn(context: Context, asked: Asked) -> None:
    """Serve the workspaces no more that an organisation takes out of its installation."""
    with context.transaction() as session:
        installations.withdraw(session, asked.team_id, _teams(asked), context.now())


def _teams(asked: Asked) -> Sequence[str]:
    found = asked.event.get("team_ids")
    return [checked(one, ID) for one in found] if isinstance(found, list) else []


class Admission:
    """Lets pass what comes from a workspace that is served; drops the rest, with a 200.

    That a workspace is served is believed for a minute of the machine's, whatever time Baton lives in; every
    act reads it again, with what it acts on.
    """

    def __init__(self, context: Context, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._context = context
        self._elapsed = elapsed
        self._served: OrderedDict[Who, tuple[float, AuthorizeResult]] = OrderedDict()

    def __call__(
        self, body: Mapping[str, Any], context: BoltContext, next_: Callable[[], BoltResponse]
    ) -> BoltResponse:
        """Say who we are there, for Bolt to go on with."""
        if str(body.get("type")) in OF_NOBODY or "ssl_check" in body:
            return next_()
        try:
            found = self._identity(body)
        except Unexpected as error:
            log.warning("dropped: %s", error)
            return BoltResponse(status=200)
        if found is None:
            log.info("dropped: nobody is served there")
            return BoltResponse(status=200)
        context[SERVED] = found
        return next_()

    def _identity(self, body: Mapping[str, Any]) -> AuthorizeResult | None:
        who, now = (request.organisation_of(body), request.team_of(body)), self._elapsed()
        if request.told_in(body) in ABOUT_US:
            self._served.clear()
            return _identity(*who, "", "")
        until, known = self._served.get(who, (now, None))
        if known is not None and now < until:
            return known
        found = _served(self._context, *who, is_late="event" in body)
        if found is not None:
            self._served[who] = (now + BELIEVED_SECONDS, found)
            while len(self._served) > MOST_SERVED:
                self._served.popitem(last=False)
        return found


def _served(
    context: Context, organisation: str | None, team_id: str, *, is_late: bool
) -> AuthorizeResult | None:
    """Find who the bot is in a team; of an event, which may be `is_late`, Slack tells for hours."""
    with context.reading() as session:
        row = workspaces.served(session, team_id)
    if row is None and organisation is not None:
        # Another process may see the same team at the same moment.
        with suppress(IntegrityError), context.transaction() as session:
            installations.adopt(session, organisation, team_id, context.now(), is_late=is_late)
        with context.reading() as session:
            row = workspaces.served(session, team_id)
    return _identity(organisation, team_id, row.bot_id, row.bot_user_id) if row else None


def _identity(organisation: str | None, team_id: str, bot_id: str, bot_user_id: str) -> AuthorizeResult:
    """Say to Bolt who we are there; it is given no token, for it makes no calls."""
    return AuthorizeResult(
        enterprise_id=organisation,
        team_id=team_id,
        bot_id=bot_id,
        bot_user_id=bot_user_id,
    )
