"""A person's Home: my moves with their buttons, then goals, what is open, the agreements, settings."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.facts.clocks import ClockFact
from bot.facts.handoffs import LeadFact
from bot.facts.people import HomeFact, PartFact
from bot.facts.said import Message
from bot.messages import (
    agreement_edit,
    agreement_propose,
    ask,
    blocks,
    card,
    duty,
    handoffs,
    leads,
    leave,
    nudge,
    outcome,
    signing,
    told,
)
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import label, line, say
from sla_rules.kinds import ClockKind, Side

LOG, AWAY_END = "home.log", "home.away_end"
PLAN, GOALS, AGREEMENT = "home.plan", "home.goals", "home.agreement"
"""Values: the agreement's id."""
FROM = "home.from"
"""Value: with which lead the list begins."""
BACK = "home.back"
MINE = "home.mine"
"""Opens the leads alone; the modal carries with which lead its list begins."""
ROWS = 40
PARTS, SIGNED, DUTIES, MOVES = 4, 2, 5, 8
"""How many of each are shown: with them the rest leaves room for leads in Slack's hundred blocks."""
FRAME = 3
"""Blocks around the leads: the line above them, and below them the place among the pages, with buttons."""
LONGEST_SOURCE = 80
LONGEST = 1_500

STEPS: Mapping[ClockKind, tuple[str, str]] = {
    ClockKind.DECIDE: ("take_some", card.TAKE_OTHER),
    ClockKind.FIRST_TOUCH: ("touched", nudge.TOUCHED_ALL),
    ClockKind.OUTCOME: ("outcome", outcome.OPEN),
}
"""The button beside a move: its words, and what it does."""


def view(fact: HomeFact, locale: str) -> Block:
    if fact.is_guest:
        return blocks.home([blocks.section(say(locale, "home.guest"))])
    if fact.is_new:
        return blocks.home([blocks.section(say(locale, "home.new"))])
    if not fact.parts:
        return blocks.home([blocks.section(say(locale, "home.first"))])
    first, then = list(_mine(fact, locale)), list(_standing(fact, locale))
    room = blocks.VIEW_BLOCKS - len(first) - len(then)
    return blocks.home([*first, *_leads(fact, room, locale), *then])


def mine(fact: HomeFact, locale: str) -> Block:
    """Show in a modal what waits on a person of their leads, and nothing else of Home."""
    due = min((clock.due_at for clock in fact.moves if clock.due_at), default=None)
    said = say(locale, "home.head", home=fact, first_due=due, to_sign=0, duties=0)
    first = [blocks.section(said), *_moves(fact, locale)]
    shown = [*first, *_leads(fact, blocks.VIEW_BLOCKS - len(first), locale)]
    modal = told.modal(Message(said, shown), locale, label(locale, "told.my_leads"))
    return modal | {"private_metadata": json.dumps({MINE: fact.leads_from})}


# ---- what waits on the person


def _mine(fact: HomeFact, locale: str) -> Iterator[Block]:
    yield _head(fact, locale)
    if fact.away:
        back = blocks.button(label(locale, "button.away_end"), AWAY_END)
        yield blocks.section(say(locale, "home.away", home=fact), back)
    for part in fact.parts[:PARTS]:
        if part.is_in_both:
            yield blocks.section(say(locale, "home.in_both", part=part))
        yield from _questions(part, locale)
    yield from _to_sign(fact, locale)
    yield from _duties(fact, locale)
    yield from _moves(fact, locale)
    if controls := _own_controls(fact, locale):
        yield blocks.actions(controls)


def _head(fact: HomeFact, locale: str) -> Block:
    duties = [one for part in fact.parts for one in part.duties]
    due = [clock.due_at for clock in fact.moves if clock.due_at] + [one.due_at for one in duties]
    said = say(
        locale,
        "home.head",
        home=fact,
        first_due=min(due, default=None),
        to_sign=sum(part.to_sign is not None for part in fact.parts),
        duties=len(duties),
    )
    return blocks.section(said)


def _own_controls(fact: HomeFact, locale: str) -> list[Block]:
    """Offer a marketer to log; to plan as well, where it is clear in which agreement.

    The one main button is the signature, where one is waited for.
    """
    markets = [part for part in fact.parts if part.may_log]
    is_main = not any(part.to_sign for part in fact.parts)
    log = [blocks.button(label(locale, "button.log"), LOG, is_primary=is_main)] if markets else []
    return [*log, *([_plan(markets[0], locale)] if len(markets) == 1 else ())]


def _plan(part: PartFact, locale: str) -> Block:
    return blocks.button(label(locale, "button.plan"), PLAN, part.status.agreement_id)


def _questions(part: PartFact, locale: str) -> Iterator[Block]:
    for question in part.questions:
        value = f"{question.handoff_id}:{question.seq}"
        answer = blocks.button(label(locale, "button.answer"), ask.ANSWER, value)
        said = say(locale, "home.question", question=question, now=part.status.now)
        yield blocks.section(said, answer, limit=LONGEST)


def _to_sign(fact: HomeFact, locale: str) -> Iterator[Block]:
    """Show a text as its card does, since nobody signs what was not seen."""
    for side, waiting in [part.to_sign for part in fact.parts if part.to_sign][:SIGNED]:
        yield blocks.section(say(locale, "signing.head", signing=waiting), limit=LONGEST)
        if not waiting.is_ending:
            said = "signing.summary" if waiting.based_on is None else "signing.changes"
            yield blocks.section(say(locale, said, signing=waiting), limit=LONGEST)
        sign, decline = signing.sign_button(waiting, side, locale), signing.decline_button(waiting, locale)
        yield blocks.actions([sign, decline])


def _duties(fact: HomeFact, locale: str) -> Iterator[Block]:
    mine = [one for part in fact.parts for one in part.duties]
    for one in sorted(mine, key=lambda one: one.due_at)[:DUTIES]:
        done = blocks.button(label(locale, "button.duty_done"), duty.DONE, one.duty_id)
        yield blocks.section(say(locale, "home.duty", duty=one), done, limit=700)
    if len(mine) > DUTIES:
        yield blocks.context(say(locale, "duty.more", more=len(mine) - DUTIES))


def _moves(fact: HomeFact, locale: str) -> Iterator[Block]:
    """List the moves that have no lead of one's own below: to decide, or to touch what nobody took."""
    moves = list(_unlisted(fact))
    for clock in moves[:MOVES]:
        yield blocks.section(line(locale, "lines.clock", clock), _step(clock, locale), limit=700)
    if len(moves) > MOVES:
        yield blocks.context(say(locale, "home.more_moves", more=len(moves) - MOVES))


def _unlisted(fact: HomeFact) -> Iterator[ClockFact]:
    mine = Counter((lead.handoff_id, lead.tier) for lead in fact.leads)
    for clock in fact.moves:
        is_listed = clock.tier is not None and clock.waiting <= mine[clock.handoff_id, clock.tier]
        if clock.kind is not ClockKind.ANSWER and (clock.kind is ClockKind.DECIDE or not is_listed):
            yield clock


def _step(clock: ClockFact, locale: str) -> Block | None:
    if clock.kind not in STEPS:
        return None
    words, action = STEPS[clock.kind]
    value = clock.clock_id if action == nudge.TOUCHED_ALL else clock.handoff_id
    return blocks.button(label(locale, f"button.{words}"), action, value)


# ---- the leads of a rep


def _leads(fact: HomeFact, room: int, locale: str) -> Iterator[Block]:
    """List as many leads as there is room for, by handoff, and turn pages."""
    listed = leads.in_order(fact.leads)
    begin = fact.leads_from if fact.leads_from < len(listed) else 0
    shown = _that_fit(listed[begin : begin + ROWS], room - FRAME)
    names = _names(fact)
    totals = Counter(lead.number for lead in listed)
    if shown:
        yield blocks.divider()
    for number in dict.fromkeys(lead.number for lead in shown):
        rows = [lead for lead in shown if lead.number == number]
        yield _handoff(rows, totals[number], names.get(rows[0].agreement_id, ""), locale)
        yield from (leads.row(lead, locale) for lead in rows)
    yield from _pages(begin, len(shown), len(listed), locale)


def _that_fit(listed: Sequence[LeadFact], room: int) -> list[LeadFact]:
    """Keep the first leads for which, with a heading for each handoff, there is room."""
    numbers: set[int] = set()
    kept: list[LeadFact] = []
    for lead in listed:
        numbers.add(lead.number)
        if len(kept) + 1 + len(numbers) > room:
            break
        kept.append(lead)
    return kept


def _names(fact: HomeFact) -> Mapping[int, str]:
    """Name the agreements to whoever sells in several."""
    sells = [part.status for part in fact.parts if part.status.side is Side.SALES]
    return {status.agreement_id: status.name for status in sells} if len(sells) > 1 else {}


def _handoff(rows: Sequence[LeadFact], total: int, agreement: str, locale: str) -> Block:
    said = say(locale, "home.handoff", number=rows[0].number, total=total, agreement=agreement)
    if not any(map(leads.waits_for_touch, rows)):
        return blocks.section(said)
    return blocks.section(
        said, blocks.button(label(locale, "button.touched_all"), leads.TOUCHED_ALL, rows[0].handoff_id)
    )


def _pages(begin: int, shown: int, total: int, locale: str) -> Iterator[Block]:
    end = begin + shown
    if shown == total:
        return
    yield blocks.context(say(locale, "home.page", first=begin + 1, last=end, total=total))
    more = blocks.button(label(locale, "button.show_more"), FROM, end)
    back = blocks.button(label(locale, "button.show_first"), BACK, 0)
    yield blocks.actions([*([more] if end < total else ()), *([back] if begin else ())])


# ---- how things stand


def _standing(fact: HomeFact, locale: str) -> Iterator[Block]:
    for part in fact.parts[:PARTS]:
        yield blocks.divider()
        yield from _part(part, fact, locale)
    if len(fact.parts) > PARTS:
        yield blocks.context(say(locale, "home.more_parts", more=len(fact.parts) - PARTS))
    yield blocks.divider()
    yield from _settings(fact, locale)


def _part(part: PartFact, fact: HomeFact, locale: str) -> Iterator[Block]:
    yield blocks.header(part.status.name)
    yield blocks.section(say(locale, "status.figures", status=part.status))
    if watched := _watched(part, fact.user_id):
        yield blocks.section(say(locale, "home.watched", clocks=watched, is_manager=part.is_manager))
    if part.handoffs:
        is_own = part.status.side is Side.MARKETING and not part.watches
        yield blocks.section(say(locale, "home.handoffs", is_own=is_own))
        total = len(part.handoffs) if is_own else part.status.open_handoffs
        yield from handoffs.rows(part.handoffs, total, locale)
    yield blocks.section(say(locale, "home.agreement", part=part))
    yield blocks.actions(_controls(part, fact, locale))


def _watched(part: PartFact, user: str) -> list[ClockFact]:
    """List what others have at risk on a lead's side; to a manager what is past its time, as the round-up."""
    others = [clock for clock in part.status.at_risk if clock.owner != user]
    theirs = [clock for clock in others if clock.side in part.watches]
    return [clock for clock in theirs if clock.is_breached] if part.is_manager else theirs


def _controls(part: PartFact, fact: HomeFact, locale: str) -> list[Block]:
    value = part.status.agreement_id
    is_one_of_several = sum(one.may_log for one in fact.parts) > 1
    offered = [
        (part.status.state != "trial", "goals", GOALS),
        (part.may_log and is_one_of_several, "plan", PLAN),
        (True, "agreement", AGREEMENT),
        (part.may_edit, "edit", agreement_edit.EDIT),
        (part.has_draft, "propose", agreement_propose.OPEN),
    ]
    return [
        blocks.button(label(locale, f"button.{words}"), action, value)
        for is_offered, words, action in offered
        if is_offered
    ]


def _settings(fact: HomeFact, locale: str) -> Iterator[Block]:
    is_chief = any(part.watches for part in fact.parts)
    sells = any(part.status.side is Side.SALES for part in fact.parts)
    away = blocks.button(label(locale, "button.away"), leave.OPEN) if sells and not fact.away else None
    yield blocks.section(say(locale, "home.settings", home=fact, is_chief=is_chief), away)
    yield blocks.context(say(locale, "home.updated", now=fact.now))


# ---- a form


def plan(locale: str, *, today: date, name: str, metadata: Mapping[str, object]) -> Block:
    """Ask for a planned handoff; it is submitted as the form of the pace is."""
    form = Form("pace", locale, {"on": today.isoformat()})
    fields = [form.number("count", low=1), form.text("source", longest=LONGEST_SOURCE), form.day("on")]
    return form.modal([blocks.context(say(locale, "home.plan", called=name)), *fields], metadata)
