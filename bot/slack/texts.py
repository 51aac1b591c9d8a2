"""`/sla agreement`, its history, and what differs between two versions; a section opens as a modal."""

from collections.abc import Sequence

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import agreement as message
from bot.services import agreements, rights, texts, versions
from bot.services.rights import Act
from bot.slack import listeners
from bot.slack.request import Asked
from bot.slack.typed import Word, joined, whole

USAGE = "/sla agreement diff 2 3"


def show(context: Context, asked: Asked, _words: Sequence[Word]) -> Message:
    """Give an overview of the text that speaks here."""
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        return message.show(texts.fact(session, agreed), agreed.row.locale)


def history(context: Context, asked: Asked, _words: Sequence[Word]) -> Message:
    """List all versions."""
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        return message.history(texts.history(session, agreed, asked.user_id), agreed.row.locale)


def diff(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Compare two versions; one alone with the one that it amends, none the newest with its own."""
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        if len(words) > 2:  # noqa: PLR2004  (a pair)
            raise UserError("word_unclear", text=joined(words), usage=USAGE)
        numbers = [whole(word.text, "version_unclear") for word in words] or [agreed.row.version]
        if len(numbers) == 1:
            based_on = versions.named(session, agreed, numbers[0]).based_on
            numbers = [based_on or max(1, numbers[0] - 1), *numbers]
        fact = texts.diff(session, agreed, numbers[0], numbers[1], asked.user_id)
        return message.diff(fact, agreed.row.locale)


def press_history(context: Context, asked: Asked) -> Message:
    """List all versions of the agreement whose message was used."""
    with context.reading() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id())
        rights.require(session, agreed, asked.user_id, Act.READ)
        return message.history(texts.history(session, agreed, asked.user_id), agreed.row.locale)


def press_diff(context: Context, asked: Asked) -> Message:
    """Tell what a version changed."""
    agreement_id, old, new = [*asked.value.split(":"), "", ""][:3]
    with context.reading() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id(agreement_id))
        rights.require(session, agreed, asked.user_id, Act.READ)
        fact = texts.diff(session, agreed, asked.id(old), asked.id(new), asked.user_id)
        return message.diff(fact, agreed.row.locale)


def press_section(context: Context, asked: Asked) -> None:
    """Open the section that was chosen, whole."""
    agreement_id, version, number = [*asked.value.split(":"), "", ""][:3]
    with context.reading() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id(agreement_id))
        rights.require(session, agreed, asked.user_id, Act.READ)
        fact = texts.section(session, agreed, number, asked.id(version))
    listeners.show(context, asked, message.section(fact, agreed.row.locale))
