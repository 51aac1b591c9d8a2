"""Home: drawn when it is opened, its buttons that no other word has, and its leads alone in a modal."""

import logging
from collections.abc import Mapping
from typing import Any

from bot.context import Context
from bot.messages import agreement as agreement_message
from bot.messages import goals as goals_message
from bot.messages import home as message
from bot.messages import told
from bot.services import agreements, home, rights, status, texts, welcome
from bot.services.rights import Act
from bot.slack import listeners
from bot.slack.request import Asked

log = logging.getLogger(__name__)


def opened(context: Context, asked: Asked) -> None:
    """Ask for the Home of whoever opened it; who is the first to look at anything is welcomed."""
    with context.transaction() as session:
        welcome.first_looked(session, asked.workspace(session), asked.user_id, context.now())
    if asked.event.get("tab", "home") == "home":
        _draw(context, asked, leads_from=0)


def turn(context: Context, asked: Asked) -> None:
    """Turn to the page of leads that begins with the one named."""
    if message.MINE in asked.metadata:
        _draw_mine_anew(context, asked, asked.id())
    else:
        _draw(context, asked, leads_from=asked.id())


def _draw(context: Context, asked: Asked, *, leads_from: int) -> None:
    with context.transaction() as session:
        home.open_for(session, asked.workspace(session), asked.user_id, context.now(), leads_from)


def mine(context: Context, asked: Asked) -> None:
    """Open what waits on somebody of their leads."""
    context.gateway.open_view(asked.trigger_id, _mine(context, asked, 0))


def kept_true(act: listeners.Act) -> listeners.Act:
    """Draw the modal of somebody's leads anew, where they acted in it."""

    def acted(context: Context, asked: Asked) -> Any:
        said = act(context, asked)
        if message.MINE in asked.metadata:
            _draw_mine_anew(context, asked, asked.carried_id(message.MINE))
        return said

    return acted


def _draw_mine_anew(context: Context, asked: Asked, leads_from: int) -> None:
    """Draw it; what was done is done, also if Slack does not show it."""
    try:
        context.gateway.update_view(asked.views[0], _mine(context, asked, leads_from))
    except listeners.UNSENT as why:
        log.info("a modal was not drawn anew: %s", why)


def _mine(context: Context, asked: Asked, leads_from: int) -> Mapping[str, Any]:
    with context.reading() as session:
        workspace_id = asked.workspace(session)
        fact = home.fact(session, workspace_id, asked.user_id, context.now(), leads_from)
        return message.mine(fact, home.locale_of(session, workspace_id, fact))


def plan(context: Context, asked: Asked) -> None:
    """Open the form for a planned handoff."""
    with context.reading() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id())
        rights.require(session, agreed, asked.user_id, Act.PLAN)
    today = agreed.today(context.now())
    metadata = {"agreement": agreed.id}
    view = message.plan(agreed.row.locale, today=today, name=agreed.document.name, metadata=metadata)
    context.gateway.open_view(asked.trigger_id, view)


def goals(context: Context, asked: Asked) -> None:
    """Open every goal and promise with its figure."""
    with context.reading() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id())
        rights.require(session, agreed, asked.user_id, Act.READ)
        fact = status.fact(session, agreed, asked.user_id, context.now())
    said = goals_message.message(fact, agreed.row.locale)
    context.gateway.open_view(asked.trigger_id, told.modal(said, agreed.row.locale))


def agreement(context: Context, asked: Asked) -> None:
    """Open the contents of the agreement."""
    with context.reading() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id())
        rights.require(session, agreed, asked.user_id, Act.READ)
        view = agreement_message.contents(texts.fact(session, agreed), agreed.row.locale)
    context.gateway.open_view(asked.trigger_id, view)
