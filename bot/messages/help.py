"""The answer to `/sla help`, to help on one word, and to a word that Baton does not know."""

from collections.abc import Sequence

from bot.facts.people import NextFact
from bot.facts.said import Message
from bot.messages import blocks, setup
from bot.messages.words import say, sentence


def message(
    words: Sequence[tuple[str, str, str]],
    locale: str,
    *,
    unknown: str | None = None,
    nearest: str | None = None,
    next_step: NextFact | None = None,
) -> Message:
    """Say what comes next, then list the words, (word, usage, what it does) of each."""
    head = say(locale, "help.head", unknown=unknown, nearest=nearest)
    lines = blocks.section(say(locale, "help.words", words=words))
    if next_step is None:
        return blocks.message(head, [blocks.section(head), lines])
    now = say(locale, "help.now", next=next_step)
    tried = (
        [blocks.actions([setup.practice_button(locale, found)])] if (found := next_step.agreement_id) else []
    )
    return blocks.message(now, [blocks.section(now), *tried, blocks.section(head), lines])


def one(word: str, does: str, locale: str) -> Message:
    """Explain one word by examples."""
    head = say(locale, "help.one", does=does)
    return blocks.message(head, [blocks.section(head), blocks.section(sentence(locale, "examples", word))])
