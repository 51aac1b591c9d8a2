"""The card of a handoff in its channel: always true, edited in place, without names of leads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.facts.clocks import ClockFact
from bot.facts.handoffs import CardFact
from bot.facts.said import Message
from bot.messages import ask, blocks
from bot.messages.blocks import Block
from bot.messages.words import label, say
from sla_rules.kinds import ClockKind, Tier

TAKE, TAKE_OTHER, REJECT, MORE = "card.take", "card.take_other", "card.reject", "card.more"
UNDO, WHY, CORRECT, VOID = "undo", "why", "correct", "void"
"""What the overflow asks for: its values are `<word>:<handoff_id>`."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Leads of one tier that wait for the same thing, whoever has them; `due_at` is the earliest."""

    kind: ClockKind
    tier: Tier | None
    n: int
    due_at: datetime | None
    due_several: bool
    is_breached: bool
    clause: str


def message(fact: CardFact, locale: str) -> Message:
    return blocks.message(say(locale, "card.text", card=fact), _blocks(fact, locale))


def _blocks(fact: CardFact, locale: str) -> Iterator[Block]:
    said = say(locale, "card.head", card=fact, clocks=_gathered(fact.clocks))
    if fact.state == "voided":
        yield blocks.section(said)
    elif fact.undecided:
        yield blocks.section(said)
        yield blocks.context(say(locale, "card.foot"))
        yield blocks.actions([*_deciding(fact, locale), _more(fact, locale)])
    else:
        yield blocks.section(said, _more(fact, locale))
        if fact.state == "closed":
            yield blocks.context(say(locale, "card.closed"))


def _gathered(clocks: Iterable[ClockFact]) -> list[Waiting]:
    """Count the leads of all owners together: what waits, of which tier, and when the first is due."""

    def alike(clock: ClockFact) -> tuple[str, str, bool, bool]:
        return (clock.kind, clock.tier or "", not clock.is_breached, clock.due_at is None)

    return [_waiting(list(group)) for _, group in groupby(sorted(clocks, key=alike), alike)]


def _waiting(clocks: list[ClockFact]) -> Waiting:
    due = {clock.due_at for clock in clocks if clock.due_at}
    first = clocks[0]
    return Waiting(
        kind=first.kind,
        tier=first.tier,
        n=sum(clock.waiting for clock in clocks),
        due_at=min(due, default=None),
        due_several=len(due) > 1,
        is_breached=first.is_breached,
        clause=first.clause,
    )


def _deciding(fact: CardFact, locale: str) -> list[Block]:
    handoff = fact.handoff_id
    share = min(fact.share, fact.undecided) or fact.undecided
    takes = label(locale, "button.take_all" if share == fact.undecided else "button.take", n=share)
    return [
        blocks.button(takes, TAKE, handoff, is_primary=True),
        blocks.button(label(locale, "button.take_other"), TAKE_OTHER, handoff),
        blocks.button(label(locale, "button.reject"), REJECT, handoff),
        blocks.button(label(locale, "button.ask"), ask.OPEN, handoff),
    ]


def _more(fact: CardFact, locale: str) -> Block:
    words = {UNDO: "take_back", WHY: "why", CORRECT: "correct", VOID: "void"}
    options = [
        blocks.option(label(locale, f"button.{word}"), f"{value}:{fact.handoff_id}")
        for value, word in words.items()
    ]
    return blocks.overflow(MORE, options)
