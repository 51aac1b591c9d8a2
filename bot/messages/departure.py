"""The DM to a lead or a manager: somebody cannot act for their side any more, and what is to be done."""

from bot.facts.people import DepartureFact
from bot.facts.said import Message
from bot.messages import blocks, clause
from bot.messages.words import say


def message(fact: DepartureFact, locale: str) -> Message:
    words = clause.button(fact.agreement_id, fact.version, fact.clause, locale)
    return blocks.message(
        say(locale, "departure.text", it=fact),
        [blocks.section(say(locale, "departure.head", it=fact)), blocks.actions([words])],
    )
