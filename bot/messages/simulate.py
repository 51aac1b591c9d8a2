"""What the last quarter would have been under other terms: the point, then each promise, then the rest."""

from collections.abc import Iterator, Sequence

from bot.facts.review import MeantFact, SimulatedFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import label, say
from sla_rules.kinds import Side

PROPOSE = "simulate.propose"
"""Value: the agreement's id, the first of the text's hash, and the words."""
HASH = 16
ROWS = 20
WORDS_SHOWN = 200


def message(fact: SimulatedFact, locale: str) -> Message:
    """Show what was simulated; who may change the text can propose it."""
    head = say(locale, "simulate.head", simulated=fact, words=fact.words[:WORDS_SHOWN])
    return blocks.message(head, [blocks.section(head), *_blocks(fact, locale)])


def _blocks(fact: SimulatedFact, locale: str) -> Iterator[Block]:
    if fact.changes:
        yield blocks.section(say(locale, "simulate.changes", simulated=fact))
    for side in Side:
        promises = [one for one in fact.promises if one.side == side]
        if promises:
            yield blocks.section(_side(fact, side, promises, locale))
    if fact.impossible_in_all:
        yield blocks.section(say(locale, "simulate.impossible", simulated=fact))
    yield blocks.context(say(locale, "simulate.counted", simulated=fact))
    value = f"{fact.agreement_id}:{fact.text_hash[:HASH]}:{fact.words}"
    if fact.may_propose and fact.changes and len(value) <= blocks.VALUE:
        yield blocks.actions([_propose(value, locale)])


def _side(fact: SimulatedFact, side: Side, promises: Sequence[MeantFact], locale: str) -> str:
    return say(locale, "simulate.side", base=fact.base, side=side, promises=_in_order(promises))


def _propose(value: str, locale: str) -> Block:
    button = label(locale, "button.propose_terms")
    question = blocks.confirm(
        label(locale, "simulate.title"),
        label(locale, "simulate.question"),
        button,
        label(locale, "button.cancel"),
    )
    return blocks.button(button, PROPOSE, value, confirm=question)


def _in_order(promises: Sequence[MeantFact]) -> list[MeantFact]:
    """Put first what comes out otherwise."""
    return sorted(promises, key=lambda one: _outcome(one, is_meant=False) == _outcome(one, is_meant=True))


def _outcome(one: MeantFact, *, is_meant: bool) -> tuple[float | None, float | None, int]:
    if is_meant:
        return one.meant, one.target_meant, one.kept_meant
    return one.was, one.target_was, one.kept_was


def coming(locale: str, *, leads: int) -> Message:
    """Say that it takes a while, and where the answer comes."""
    said = say(locale, "simulate.coming", leads=leads)
    return blocks.message(said, [blocks.section(said)])
