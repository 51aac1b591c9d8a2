"""Whom we serve: what others send is dropped, and who takes Baton out is served no more."""

import logging
import time
from collections import OrderedDict
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
BELIEVED_SECONDS = 60.0
MOST_SERVED = 10_000
"""Workspaces of which it is believed at the same time."""
Who = tuple[str | None, str]
"""The organisation, where that has installed Baton, and the team."""


def uninstalled(context: Context, asked: Asked) -> None:
    """Stop at once, and forget the token; the rows follow after the time that is set."""
    with context.transaction() as session:
        installations.leave(session, asked.team_id, context.now())


def revoked(context: Context, asked: Asked) -> None:
    """Stop where the bot's own token was taken; Baton has none of anybody else."""
    tokens = asked.event.get("tokens")
    if isinstance(tokens, Mapping) and tokens.get("bot"):
        uninstalled(context, asked)


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
        until, known = self._served.get(who, (now, None))
        if _is_end(body):
            self._served.pop(who, None)
        elif known is not None and now < until:
            return known
        found = _served(self._context, body, *who)
        if found is not None and not _is_end(body):
            self._served[who] = (now + BELIEVED_SECONDS, found)
            while len(self._served) > MOST_SERVED:
                self._served.popitem(last=False)
        return found


def _served(
    context: Context, body: Mapping[str, Any], organisation: str | None, team_id: str
) -> AuthorizeResult | None:
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
    return _identity(organisation, team_id, "", "") if _is_end(body) else None


def _is_end(body: Mapping[str, Any]) -> bool:
    """Say whether this tells that Baton was taken out."""
    event = body.get("event")
    return isinstance(event, Mapping) and str(event.get("type")) in ITS_END


def _identity(organisation: str | None, team_id: str, bot_id: str, bot_user_id: str) -> AuthorizeResult:
    """Say to Bolt who we are there; it is given no token, for it makes no calls."""
    return AuthorizeResult(
        enterprise_id=organisation,
        team_id=team_id,
        bot_id=bot_id,
        bot_user_id=bot_user_id,
    )
