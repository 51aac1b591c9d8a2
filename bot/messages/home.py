"""A person's Home: my moves with their buttons, then goals, what is open, and the agreement in force."""

from collections.abc import Iterator, Sequence

from bot.facts.handoffs import LeadFact
from bot.facts.people import HomeFact
from bot.messages import blocks, handoffs, leads
from bot.messages.blocks import Block
from bot.messages.words import label, say
from sla_rules.kinds import ClockKind, Side

LOG, AWAY_END = "home.log", "home.away_end"
ROWS = 50


def view(fact: HomeFact, locale: str) -> Block:
    if fact.is_guest:
        return blocks.home([blocks.section(say(locale, "home.guest"))])
    if fact.is_new:
        return blocks.home([blocks.section(say(locale, "home.new"))])
    return blocks.home(_blocks(fact, locale))


def _blocks(fact: HomeFact, locale: str) -> Iterator[Block]:
    yield _head(fact, locale)
    if fact.away:
        back = blocks.button(label(locale, "button.away_end"), AWAY_END)
        yield blocks.section(say(locale, "home.away", home=fact), back)
    if any(status.side is Side.MARKETING for status in fact.statuses):
        yield blocks.actions([blocks.button(label(locale, "button.log"), LOG, is_primary=True)])
    yield from _moves(fact, locale)
    yield from _leads(fact, locale)
    yield from _agreements(fact, locale)


def _head(fact: HomeFact, locale: str) -> Block:
    moves = [clock for status in fact.statuses for clock in status.moves]
    due = min((clock.due_at for clock in moves if clock.due_at), default=None)
    waiting = sum(clock.waiting for clock in moves)
    return blocks.section(say(locale, "home.head", home=fact, moves=waiting, first_due=due))


def _moves(fact: HomeFact, locale: str) -> Iterator[Block]:
    """List the moves that have no lead of one's own below: to decide, to answer, to hand over."""
    listed = {ClockKind.FIRST_TOUCH, ClockKind.OUTCOME} if fact.leads else set()
    moves = [clock for status in fact.statuses for clock in status.moves if clock.kind not in listed]
    if moves:
        yield blocks.section(say(locale, "home.moves", moves=moves))


def _leads(fact: HomeFact, locale: str) -> Iterator[Block]:
    """List leads by handoff; whoever works in several agreements sees which each is of."""
    shown = leads.in_order(fact.leads)[:ROWS]
    names = {status.agreement_id: status.name for status in fact.statuses if status.side is Side.SALES}
    for number in dict.fromkeys(lead.number for lead in shown):
        rows = [lead for lead in shown if lead.number == number]
        yield _handoff(number, rows, names.get(rows[0].agreement_id, "") if len(names) > 1 else "", locale)
        yield from (leads.row(lead, locale) for lead in rows)
    if len(fact.leads) > len(shown):
        yield blocks.context(say(locale, "home.more", more=len(fact.leads) - len(shown)))


def _handoff(number: int, rows: Sequence[LeadFact], agreement: str, locale: str) -> Block:
    all_of_them = blocks.button(label(locale, "button.touched_all"), leads.TOUCHED_ALL, rows[0].handoff_id)
    control = all_of_them if any(map(leads.waits_for_touch, rows)) else None
    return blocks.section(
        say(locale, "home.handoff", number=number, leads=rows, agreement=agreement), control
    )


def _agreements(fact: HomeFact, locale: str) -> Iterator[Block]:
    for status in fact.statuses[:5]:
        yield blocks.divider()
        yield blocks.section(say(locale, "home.agreement", status=status))
    if fact.handoffs:
        yield blocks.divider()
        yield from handoffs.rows(fact.handoffs, locale)
    yield blocks.context(say(locale, "home.agreements", lines=fact.agreement_lines, now=fact.now))
