"""The answer to `/sla`: my moves, then the figures, then what is open."""

from bot.facts.figures import StatusFact
from bot.facts.said import Message
from bot.messages import blocks, why
from bot.messages.blocks import Block
from bot.messages.words import label, say

SHARE, GOALS = "status.share", "status.goals"
"""Values: the agreement's id."""


def message(fact: StatusFact, locale: str, *, may_share: bool) -> Message:
    """Answer the person who asks."""
    said = "\n".join(filter(None, (_moves(fact, locale), _figures(fact, locale))))
    controls = blocks.actions(_controls(fact, locale, may_share=may_share))
    return blocks.message(said, [blocks.section(said), controls])


def shared(fact: StatusFact, locale: str, *, by: str) -> Message:
    """Show the figures to the channel, without anybody's moves."""
    head = say(locale, "status.shared", status=fact, by=by)
    return blocks.message(head, [blocks.section(head), blocks.section(_figures(fact, locale))])


def _moves(fact: StatusFact, locale: str) -> str:
    kinds = sorted({str(clock.kind) for clock in fact.moves})
    due = [clock.due_at for clock in fact.moves if clock.due_at]
    return say(locale, "status.moves", status=fact, kinds=kinds, first_due=min(due, default=None))


def _figures(fact: StatusFact, locale: str) -> str:
    return say(locale, "status.figures", status=fact)


def _controls(fact: StatusFact, locale: str, *, may_share: bool) -> list[Block]:
    shown = [*fact.moves, *fact.at_risk]
    share = blocks.button(label(locale, "button.share"), SHARE, fact.agreement_id)
    goals = blocks.button(label(locale, "button.goals"), GOALS, fact.agreement_id)
    reason = [blocks.button(label(locale, "button.why"), why.OPEN, clock.clock_id) for clock in shown[:1]]
    return [*([share] if may_share else ()), goals, *reason]
