"""`/sla help`, and the answer to a word that nobody knows."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Protocol

from bot.context import Context
from bot.facts.said import Message
from bot.messages import help as message
from bot.messages.words import label
from bot.services import agreements, next_step
from bot.slack import agreement
from bot.slack.request import Asked
from bot.slack.typed import Word

CUTOFF = 0.5


class Known(Protocol):
    """What help needs to know of a word."""

    @property
    def usage(self) -> str: ...


def command(known: Mapping[str, Known], context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Say what comes next and list the words, or explain the one that is named."""
    name = words[0].plain.removeprefix("/sla").strip() if words else ""
    if words and name not in known:
        return unknown(known, context, asked, words[0].text)
    with context.reading() as session:
        workspace_id = asked.workspace(session)
        locale = agreements.locale_of(session, workspace_id, asked.channel_id)
        if name:
            return message.one(name, label(locale, f"word.{name}"), locale)
        step = next_step.fact(session, workspace_id, asked.user_id, context.now())
    return message.message(_all(known, locale), locale, next_step=step)


def unknown(known: Mapping[str, Known], context: Context, asked: Asked, word: str) -> Message:
    """Say which word was probably meant, and list all."""
    with context.reading() as session:
        locale = agreements.locale_of(session, asked.workspace(session), asked.channel_id)
    return message.message(_all(known, locale), locale, unknown=word, nearest=_nearest(known, word))


def _nearest(known: Mapping[str, Known], word: str) -> str | None:
    """Guess what was meant: a word that stands after `agreement`, else one that is written alike."""
    meant = word.casefold()[:40]
    if meant in agreement.SUBWORDS:
        return f"agreement {meant}"
    return next(iter(get_close_matches(meant, known, n=1, cutoff=CUTOFF)), None)


def _all(known: Mapping[str, Known], locale: str) -> list[tuple[str, str, str]]:
    return [(name, *_shown(known, locale, name)) for name in known]


def _shown(known: Mapping[str, Known], locale: str, name: str) -> tuple[str, str]:
    return f"/sla {known[name].usage}", label(locale, f"word.{name}")
