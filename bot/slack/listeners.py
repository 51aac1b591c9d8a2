"""How each surface of Slack is read and acknowledged: after the commit, and always."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from slack_bolt import Ack
from sqlalchemy.exc import OperationalError

from bot.answers import Ambiguous, Limited, Refused, Unreached
from bot.context import Context
from bot.database import BUSY_TRIES, is_busy
from bot.errors import UserError
from bot.facts.said import Message
from bot.slack import request, typed, which
from bot.slack.form import Unexpected
from bot.slack.request import Asked
from bot.slack.typed import Word

log = logging.getLogger(__name__)

Body = Mapping[str, Any]
Act = Callable[[Context, Asked], Any]
Listener = Callable[[Ack, Body], None]
UNSENT = (Refused, Limited, Unreached, Ambiguous)
"""How Slack may fail us."""


class Spoken(Protocol):
    """A word that people type after `/sla`."""

    @property
    def command(self) -> Callable[[Context, Asked, Sequence[Word]], Message | None]: ...


def patient(listener: Listener) -> Listener:
    """Try a whole listener again while another writer holds the store: nothing of it has happened yet."""

    def tried(ack: Ack, body: Body) -> None:
        for _ in range(BUSY_TRIES - 1):
            try:
                return listener(ack, body)
            except OperationalError as error:
                if not is_busy(error):
                    raise
        return listener(ack, body)

    return tried


def answered(
    context: Context,
    words: Mapping[str, Spoken],
    unknown: Callable[[Context, Asked, str], Message],
    ack: Ack,
    body: Body,
) -> None:
    """Answer a command in its acknowledgement, for the eyes of the one who typed it."""
    asked = request.of_command(body)
    said = answer(words, unknown, _bound(context, asked), asked)
    if said is None:
        ack()
    else:
        ack(text=said.text, blocks=[dict(block) for block in said.blocks], response_type="ephemeral")


def answer(
    words: Mapping[str, Spoken],
    unknown: Callable[[Context, Asked, str], Message],
    context: Context,
    asked: Asked,
) -> Message | None:
    """Answer what was typed; where several agreements could be meant, ask which."""
    typed_words = typed.split(asked.value)
    name = typed_words[0].plain if typed_words else "status"
    word = words.get(name)
    if word is None:
        return unknown(context, asked, typed_words[0].text)
    try:
        return word.command(context, asked, typed_words[1:])
    except UserError as refusal:
        if refusal.code != which.CODE:
            raise
        found = which.ask(context, asked, refusal)
    return found if isinstance(found, Message) else word.command(context, found, typed_words[1:])


def picked(
    words: Mapping[str, Spoken],
    unknown: Callable[[Context, Asked, str], Message],
    context: Context,
    asked: Asked,
) -> Message | None:
    """Answer what had been typed, for the agreement that was pressed."""
    return answer(words, unknown, context, which.chosen(asked))


def pressed(context: Context, act: Act, ack: Ack, body: Body) -> None:
    """Act on a button, a list or an overflow; what is to be said, is said privately after the commit."""
    asked = request.of_action(body)
    context = _bound(context, asked)
    said = act(context, asked)
    if said is not None:
        tell(context, asked, said)
    ack()


def submitted(context: Context, act: Act, ack: Ack, body: Body) -> None:
    """Act on a submitted modal; without an answer all modals close, with an empty one this alone."""
    asked = request.of_view(body)
    answer = act(_bound(context, asked), asked)
    ack(**({"response_action": "clear"} if answer is None else answer))


def ran(context: Context, act: Act, ack: Ack, body: Body) -> None:
    """Act on a global shortcut."""
    asked = request.of_shortcut(body)
    act(_bound(context, asked), asked)
    ack()


def happened(context: Context, act: Act, ack: Ack, body: Body) -> None:
    """Act on an event."""
    asked = request.of_event(body)
    act(_bound(context, asked), asked)
    ack()


def passed(ack: Ack) -> None:
    """Acknowledge what nobody acts on, so that nobody sees an error and Slack does not send it again."""
    ack()


def chosen(
    table: Mapping[str, Callable[[Context, Asked, int], Message | None]], context: Context, asked: Asked
) -> Message | None:
    """Act on an entry of an overflow, `<word>:<id>`."""
    word, _, number = asked.value.partition(":")
    if word not in table:
        raise Unexpected("an overflow's entry")
    return table[word](context, asked, asked.id(number))


def _bound(context: Context, asked: Asked) -> Context:
    """Bind to the workspace that was asked; who is of another is refused before anything is read there."""
    if asked.is_stranger:
        raise UserError("strangers_do_not_act")
    return context.at(asked.team_id)


def show(context: Context, asked: Asked, view: Mapping[str, Any]) -> None:
    """Open a modal, above the one in which somebody acted."""
    opened = context.gateway.push_view if asked.views else context.gateway.open_view
    opened(asked.trigger_id, view)


def tell(context: Context, asked: Asked, said: Message) -> None:
    """Show something to the one who acted, once; what gets lost is lost. Home shows what was done itself."""
    if asked.channel_id is None:
        return
    try:
        context.gateway.ephemeral(asked.channel_id, asked.user_id, said)
    except UNSENT as why:
        log.info("a hint was lost: %s", why)
