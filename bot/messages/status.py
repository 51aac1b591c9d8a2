"""The answer to `/sla`: my moves, then the figures, then what is open."""

from bot.facts.figures import StatusFact
from bot.facts.said import Message
from bot.messages import blocks, home, why
from bot.messages.blocks import Block
from bot.messages.words import label, say

GOALS = "status.goals"
"""Value: the agreement's id."""


def message(fact: StatusFact, locale: str) -> Message:
    """Answer the person who asks."""
    said = "\n".join(filter(None, (_moves(fact, locale), _figures(fact, locale))))
    return blocks.message(said, [blocks.section(said), blocks.actions(_controls(fact, locale))])


def public(fact: StatusFact, locale: str) -> Message:
    """Show the figures without anybody's moves."""
    head = say(locale, "status.head", status=fact)
    return blocks.message(head, [blocks.section(head), blocks.section(_figures(fact, locale))])


def _moves(fact: StatusFact, locale: str) -> str:
    return say(locale, "status.moves", status=fact)


def _figures(fact: StatusFact, locale: str) -> str:
    return say(locale, "status.figures", status=fact)


def _controls(fact: StatusFact, locale: str) -> list[Block]:
    shown = [*fact.moves, *fact.at_risk]
    # Questions have no list of leads behind them.
    waits = any(clock.kind in home.STEPS for clock in fact.moves)
    mine = [blocks.button(label(locale, "button.my_leads"), home.MINE, fact.agreement_id)] if waits else []
    goals = blocks.button(label(locale, "button.goals"), GOALS, fact.agreement_id)
    reason = [blocks.button(label(locale, "button.why"), why.OPEN, clock.clock_id) for clock in shown[:1]]
    return [*mine, goals, *reason]
