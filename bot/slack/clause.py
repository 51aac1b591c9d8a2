"""The words of a clause: `/sla agreement 4.2`, and the buttons by which messages give them."""

from collections.abc import Sequence

from bot.context import Context
from bot.facts.said import Message
from bot.messages import agreement as message
from bot.messages import told
from bot.services import agreements, rights, texts
from bot.services.rights import Act
from bot.slack import listeners
from bot.slack.request import Asked
from bot.slack.typed import Word, joined


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Give the words of the clause whose number was typed, as they stand now."""
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        return message.clause(texts.clause(session, agreed, joined(words)), agreed.row.locale)


def press(context: Context, asked: Asked) -> Message | None:
    """Give the words of a clause as they stand in the version that the button names."""
    agreement_id, version, number = [*asked.value.split(":"), "", ""][:3]
    with context.reading() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id(agreement_id))
        rights.require(session, agreed, asked.user_id, Act.READ)
        fact = texts.clause(session, agreed, number, asked.id(version) or None)
    said = message.clause(fact, agreed.row.locale)
    if not _is_private(asked):
        return said
    listeners.show(context, asked, told.modal(said, agreed.row.locale))
    return None


def _is_private(asked: Asked) -> bool:
    """Say whether it was pressed in a DM, in Home or in a modal, where a hint is no place to read."""
    return asked.channel_id is None or asked.channel_id.startswith("D") or bool(asked.views)
