"""The card on which the two leads sign the same text."""

from collections.abc import Iterator

from bot.facts import Message, SigningFact
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import label, say
from sla_rules.kinds import Side

SIGN = "agreement.sign"
"""Value: `<agreement_id>:<version>:<sha256>`, so that exactly this text is signed."""


def message(fact: SigningFact, locale: str) -> Message:
    head = say(locale, "signing.head", signing=fact)
    return blocks.message(head, [blocks.section(head), *_blocks(fact, locale)])


def _blocks(fact: SigningFact, locale: str) -> Iterator[Block]:
    if fact.goals or fact.clocks:
        yield blocks.section(say(locale, "signing.summary", signing=fact))
    yield from (_signature(fact, side, locale) for side in Side)


def _signature(fact: SigningFact, side: Side, locale: str) -> Block:
    if side in fact.signed:
        who, at = fact.signed[side]
        return blocks.section(say(locale, "signing.signed", side=side, who=who, at=at))
    value = f"{fact.agreement_id}:{fact.version}:{fact.sha256}"
    control = blocks.button(label(locale, f"button.sign_{side}"), SIGN, value)
    return blocks.section(say(locale, "signing.unsigned", side=side, lead=fact.leads[side]), control)
