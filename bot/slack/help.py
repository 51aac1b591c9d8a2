"""`/sla help`, and the answer to a word that nobody knows."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Protocol

from bot.context import Context
from bot.facts.said import Message
from bot.messages import help as message
from bot.messages.words import label
from bot.services import agreements
from bot.slack.request import Asked
from bot.slack.typed import Word

CUTOFF = 0.5


class Known(Protocol):
    """What help needs to know of a word."""

    @property
    def usage(self) -> str: ...


def command(known: Mapping[str, Known], context: Context, asked: Asked, _words: Sequence[Word]) -> Message:
    """List the words."""
    return _listing(known, context, asked, unknown=None)


def unknown(known: Mapping[str, Known], context: Context, asked: Asked, word: str) -> Message:
    """Say which word was probably meant, and list all."""
    return _listing(known, context, asked, unknown=word)


def _listing(known: Mapping[str, Known], context: Context, asked: Asked, unknown: str | None) -> Message:
    with context.reading() as session:
        locale = agreements.locale_of(session, asked.workspace(session), asked.channel_id)
    words = [(name, f"/sla {word.usage}", label(locale, f"word.{name}")) for name, word in known.items()]
    near = get_close_matches((unknown or "").casefold()[:40], known, n=1, cutoff=CUTOFF)
    return message.message(words, locale, unknown=unknown, nearest=near[0] if near else None)
