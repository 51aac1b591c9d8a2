"""Home: drawn when it is opened, and its buttons that no other word has."""

from bot.context import Context
from bot.messages import agreement as agreement_message
from bot.messages import goals as goals_message
from bot.messages import home as message
from bot.messages import told
from bot.services import agreements, home, rights, status, texts, welcome
from bot.services.rights import Act
from bot.slack.request import Asked


def opened(context: Context, asked: Asked) -> None:
    """Ask for the Home of whoever opened it; who is the first to look at anything is welcomed."""
    with context.transaction() as session:
        welcome.first_looked(session, asked.workspace(session), asked.user_id, context.now())
    if asked.event.get("tab", "home") == "home":
        _draw(context, asked, leads_from=0)


def turn(context: Context, asked: Asked) -> None:
    """Turn to the page of leads that begins with the one named."""
    _draw(context, asked, leads_from=asked.id())


def _draw(context: Context, asked: Asked, *, leads_from: int) -> None:
    with context.transaction() as session:
        home.open_for(session, asked.workspace(session), asked.user_id, context.now(), leads_from)


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
