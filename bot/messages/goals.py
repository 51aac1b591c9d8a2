"""The answer to `/sla goals`: every goal and promise with its figure and clause."""

from collections.abc import Iterable, Iterator

from bot.facts.figures import PromiseFact, StatusFact
from bot.facts.said import Message
from bot.messages import blocks, clause
from bot.messages.blocks import Block
from bot.messages.words import say
from sla_rules.kinds import Side


def message(fact: StatusFact, locale: str) -> Message:
    made = [(side, *_kept_of(fact, side)) for side in (Side.SALES, Side.MARKETING)]
    head = say(locale, "goals.head", status=fact, made=[one for one in made if one[2]])
    return blocks.message(head, [blocks.section(head), *_blocks(fact, locale)])


def _kept_of(fact: StatusFact, side: Side) -> tuple[int, int]:
    """Count a goal with a pace as a promise too, as the digest and the exported figures do."""
    kept, made = kept_of(fact.promises, side)
    paced = [goal.is_on_plan for goal in fact.goals if goal.side == side and fact.state != "trial"]
    return kept + sum(paced), made + len(paced)


def kept_of(promises: Iterable[PromiseFact], side: Side) -> tuple[int, int]:
    """Count a side's promises kept and made; one with nothing counted is neither."""
    known = [promise.is_kept for promise in promises if promise.side == side and promise.is_kept is not None]
    return sum(known), len(known)


def _blocks(fact: StatusFact, locale: str) -> Iterator[Block]:
    if fact.goals:
        yield blocks.section(say(locale, "goals.goals", status=fact))
    for side in (Side.SALES, Side.MARKETING):
        promises = [promise for promise in fact.promises if promise.side == side]
        if promises:
            yield blocks.section(say(locale, "goals.side", side=side, promises=promises))
    if not fact.goals and not fact.promises:
        yield blocks.section(say(locale, "goals.none"))
    clauses = [*(goal.clause for goal in fact.goals), *(promise.clause for promise in fact.promises)]
    if clauses:
        section = clauses[0].partition(".")[0]
        yield blocks.actions([clause.button(fact.agreement_id, clause.NOW, section, locale)])
