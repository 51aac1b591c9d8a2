"""The DM to a lead: Slack refuses something of ours, and what is to be done."""

from bot.facts.people import TroubleFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.words import say


def message(fact: TroubleFact, locale: str) -> Message:
    return blocks.message(
        say(locale, "trouble.text", it=fact), [blocks.section(say(locale, "trouble.head", it=fact))]
    )
