"""The answers to `/sla plan`: what was announced, what is to come, and what came of earlier plans."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.facts.figures import PlannedFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.words import say

OVER = ("met", "missed")


@dataclass(frozen=True, slots=True)
class Planned:
    """What was just announced, and how many leads were announced so before."""

    on: date
    source: str
    count: int
    was: int = 0


def message(planned: Planned, plans: Sequence[PlannedFact], locale: str) -> Message:
    """Confirm a plan, and list all, with it."""
    head = say(locale, "plan.planned", planned=planned)
    return blocks.message(head, [blocks.section(head), *_rows(plans, locale)])


def listing(plans: Sequence[PlannedFact], locale: str) -> Message:
    """List what is to come, then what came of earlier plans."""
    ahead = [one for one in plans if one.state not in OVER]
    head = say(locale, "plan.head", plans=ahead) if ahead else say(locale, "plan.none")
    return blocks.message(head, [blocks.section(head), *_rows(plans, locale)])


def _rows(plans: Sequence[PlannedFact], locale: str) -> Iterator[blocks.Block]:
    ahead = [one for one in plans if one.state not in OVER]
    over = [one for one in reversed(plans) if one.state in OVER]
    if ahead:
        yield blocks.section(say(locale, "plan.rows", plans=ahead))
    if over:
        yield blocks.section(say(locale, "plan.over", plans=over))
        yield blocks.context(say(locale, "plan.counted"))
