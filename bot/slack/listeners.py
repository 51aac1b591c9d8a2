"""How each surface of Slack is read and acknowledged: after the commit, and always."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from slack_bolt import Ack
from sqlalchemy.exc import OperationalError

from bot.answers import Ambiguous, Limited, Refused, Unreached
from bot.context import Context
from bot.database import BUSY_TRIES, is_busy
from bot.facts import Message
from bot.slack import request, typed
from bot.slack.request import Asked, Unexpected
from bot.slack.typed import Word

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

Body = Mapping[str, Any]
Act = Callable[[Context, Asked], Any]
UNSENT = (Refused, Limited, Unreached, Ambiguous)
"""How Slack may fail us."""


class Spoken(Protocol):
    """A word that people type after `/sla`."""

    @property
    def command(self) -> Callable[[Context, Asked, Sequence[Word]], Message | None]: ...


def patient(listener: Callable[P, T]) -> Callable[P, T]:
    """Try a whole listener again while another writer holds the store: nothing of it has happened yet."""

    @wraps(listener)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(BUSY_TRIES - 1):
            try:
                return listener(*args, **kwargs)
            except OperationalError as error:
                if not is_busy(error):
                    raise
        return listener(*args, **kwargs)

    return tried


@patient
def answered(
    context: Context,
    words: Mapping[str, Spoken],
    unknown: Callable[[Context, Asked, str], Message],
    ack: Ack,
    body: Body,
) -> None:
    """Answer a command in its acknowledgement, for the eyes of the one who typed it."""
    asked = request.of_command(body)
    typed_words = typed.split(asked.value)
    name = typed_words[0].plain if typed_words else "status"
    word = words.get(name)
    said = (
        word.command(context, asked, typed_words[1:])
        if word
        else unknown(context, asked, typed_words[0].text)
    )
    if said is None:
        ack()
    else:
        ack(text=said.text, blocks=list(said.blocks), response_type="ephemeral")


@patient
def pressed(context: Context, act: Act, ack: Ack, body: Body) -> None:
    """Act on a button, a list or an overflow; what is to be said, is said privately after the commit."""
    asked = request.of_action(body)
    said = act(context, asked)
    if said is not None:
        tell(context, asked, said)
    ack()


@patient
def submitted(context: Context, act: Act, ack: Ack, body: Body) -> None:
    """Act on a submitted modal; without an answer it closes."""
    answer = act(context, request.of_view(body))
    ack(**(answer or {"response_action": "clear"}))


@patient
def ran(context: Context, act: Act, ack: Ack, body: Body) -> None:
    """Act on a global shortcut."""
    act(context, request.of_shortcut(body))
    ack()


@patient
def happened(context: Context, act: Act, ack: Ack, body: Body) -> None:
    """Act on an event."""
    act(context, request.of_event(body))
    ack()


def passed(ack: Ack) -> None:
    """Acknowledge what nobody acts on, so that nobody sees an error and Slack does not send it again."""
    ack()


def chosen(table: Mapping[str, Callable[[Context, Asked, int], Message | None]], context: Context, asked: Asked) -> Message | None:
    """Act on an entry of an overflow, `<word>:<id>`."""
    word, _, number = asked.value.partition(":")
    if word not in table:
        raise Unexpected("an overflow's entry")
    return table[word](context, asked, asked.id(number))


def tell(context: Context, asked: Asked, said: Message) -> None:
    """Show something to the one who acted, once; what gets lost is lost. Home shows by itself what was done."""
    if asked.channel_id is None:
        return
    try:
        context.gateway.ephemeral(asked.channel_id, asked.user_id, said)
    except UNSENT as why:
        log.info("a hint was lost: %s", why)
