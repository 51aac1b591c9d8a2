"""The answer to `/sla forecast`: where each goal will end, how likely its target is, and how one knows."""

from collections.abc import Iterator, Sequence

from bot.facts.figures import ForecastFact, OutlookFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import say
from sla_rules.kinds import Side


def message(fact: ForecastFact, locale: str) -> Message:
    told = [one for one in fact.goals if one.chance is not None]
    head = say(locale, "forecast.head", forecast=fact, told=told)
    return blocks.message(head, [blocks.section(head), *_blocks(fact, told, locale)])


def _blocks(fact: ForecastFact, told: Sequence[OutlookFact], locale: str) -> Iterator[Block]:
    for side in (Side.MARKETING, Side.SALES):
        goals = [one for one in fact.goals if one.side == side]
        if goals:
            young = [one for one in goals if one.chance is None and one.weeks < fact.least_weeks]
            known = [one for one in goals if one not in young]
            said = say(locale, "forecast.side", side=side, known=known, young=young, forecast=fact)
            yield blocks.section(said)
    if not fact.goals:
        yield blocks.section(say(locale, "forecast.none"))
    if fact.left_out:
        yield blocks.context(say(locale, "forecast.left_out", metrics=fact.left_out))
    if told:
        yield blocks.context(say(locale, "forecast.method", forecast=fact))
