"""The DM to one person about what is at risk or past its time, edited until it is settled."""

from collections.abc import Iterator, Mapping, Sequence

from bot.facts.clocks import ClockFact, NudgeFact
from bot.facts.said import Message
from bot.messages import ask, blocks, card, hand, outcome
from bot.messages.blocks import VALUE, Block
from bot.messages.words import label, say
from sla_rules.kinds import ClockKind, Side

TOUCHED_ALL, TOUCHED_AT = "nudge.touched_all", "nudge.touched_at"
"""Values: ids of clocks, joined by commas."""
MORE = "nudge.more"
WHY, SNOOZE, EXCUSE = "why", "snooze", "excuse"
TOUCHED, TAKE, OUTCOME, HAND, ASK = "touched", "take", "outcome", "hand", "ask"
"""What the overflow asks for: its values are `<word>:<clock_id>`."""
STEPS: Mapping[ClockKind, Mapping[str, str]] = {
    ClockKind.DECIDE: {TAKE: "take_some", ASK: "ask"},
    ClockKind.FIRST_TOUCH: {TOUCHED: "touched", HAND: "hand_on", ASK: "ask"},
    ClockKind.OUTCOME: {OUTCOME: "outcome", HAND: "hand_on", ASK: "ask"},
}
"""What each row of several offers; the words are those of buttons."""
ROWS = 15


def message(fact: NudgeFact, locale: str) -> Message:
    numbers = _numbers(fact.clocks)
    waiting = sum(clock.waiting for clock in fact.clocks)
    text = say(locale, "nudge.text", nudge=fact, leads=waiting, numbers=numbers, kinds=_kinds(fact.clocks))
    since = list(_since(fact, locale))
    if not fact.is_settled and fact.clocks:
        return blocks.message(text, [*_blocks(_in_order(fact.clocks), locale), *since])
    if fact.lapsed:
        since.append(blocks.actions([_more(fact.lapsed_clock, {}, is_late=True, locale=locale)]))
    return blocks.message(text, since or [blocks.section(say(locale, "nudge.settled"))])


def _since(fact: NudgeFact, locale: str) -> Iterator[Block]:
    """Say what became of clocks that no longer wait: leads back in the pool, a breach that was none."""
    if fact.lapsed:
        yield blocks.section(say(locale, "nudge.lapsed", lapsed=fact.lapsed))
    if fact.disproved:
        yield blocks.section(say(locale, "nudge.disproved", disproved=fact.disproved))


def _in_order(clocks: Sequence[ClockFact]) -> list[ClockFact]:
    return sorted(clocks, key=lambda clock: (clock.due_at is None, clock.due_at or 0, clock.number))


def _blocks(clocks: list[ClockFact], locale: str) -> Iterator[Block]:
    yield blocks.section(_head(clocks, locale))
    is_told = len({(clock.kind, clock.due_at, clock.is_breached) for clock in clocks}) == 1
    for clock in clocks[:ROWS]:
        row = say(locale, "nudge.row_told", clock=clock) if is_told else say(locale, "nudge.row", clock=clock)
        yield blocks.section(row, _own(clock, locale) if len(clocks) > 1 else None, limit=700)
    if len(clocks) > ROWS:
        yield blocks.context(say(locale, "nudge.more", more=len(clocks) - ROWS))
    if controls := _controls(clocks, locale):
        yield blocks.actions(controls)


def _head(clocks: list[ClockFact], locale: str) -> str:
    late = [clock for clock in clocks if clock.is_breached]
    soon = [clock for clock in clocks if not clock.is_breached]
    return say(
        locale,
        "nudge.head",
        late=_numbers(late),
        first_late=late[0].due_at if late else None,
        kinds=_kinds(late),
        soon_leads=sum(clock.waiting for clock in soon),
        soon_kinds=_kinds(soon),
        first_due=soon[0].due_at if soon else None,
        due_several=len({clock.due_at for clock in soon}) > 1,
    )


def _own(clock: ClockFact, locale: str) -> Block:
    return _more(clock.clock_id, STEPS.get(clock.kind, {}), is_late=clock.is_breached, locale=locale)


def _controls(clocks: list[ClockFact], locale: str) -> list[Block]:
    touching = [clock for clock in clocks if clock.kind == ClockKind.FIRST_TOUCH]
    deciding = {clock.handoff_id for clock in clocks if clock.kind == ClockKind.DECIDE}
    ending = {clock.handoff_id for clock in clocks if clock.kind == ClockKind.OUTCOME}
    is_one = len(clocks) == 1
    return [
        *(_touching(touching, locale) if touching else ()),
        *(_deciding(min(deciding), not touching, locale) if len(deciding) == 1 else ()),
        *(_ending(min(ending), not (touching or deciding), locale) if len(ending) == 1 else ()),
        *_elsewhere(clocks, locale),
        *([_more(clocks[0].clock_id, {}, is_late=clocks[0].is_breached, locale=locale)] if is_one else ()),
    ]


def _elsewhere(clocks: list[ClockFact], locale: str) -> list[Block]:
    """Offer to hand leads on and to ask about them, where all are of one handoff."""
    if len(_numbers(clocks)) > 1:
        return []
    if clocks[0].side is Side.MARKETING:
        return _answering(clocks[0], locale)
    worked = any(clock.kind in (ClockKind.FIRST_TOUCH, ClockKind.OUTCOME) for clock in clocks)
    passing = (
        [blocks.button(label(locale, "button.hand_on"), hand.OPEN, clocks[0].handoff_id)] if worked else []
    )
    return [*passing, blocks.button(label(locale, "button.ask"), ask.OPEN, clocks[0].handoff_id)]


def _answering(clock: ClockFact, locale: str) -> list[Block]:
    if clock.kind is not ClockKind.ANSWER:
        return []
    value = f"{clock.handoff_id}:{ask.OLDEST}"
    return [blocks.button(label(locale, "button.answer"), ask.ANSWER, value, is_primary=True)]


def _more(clock_id: int, steps: Mapping[str, str], *, is_late: bool, locale: str) -> Block:
    """Offer these steps, why, and what a clock allows: a snooze before its time, to excuse it after."""
    words = {**steps, WHY: "why", **({EXCUSE: "excuse"} if is_late else {SNOOZE: "snooze"})}
    options = [
        blocks.option(label(locale, f"button.{word}"), f"{value}:{clock_id}") for value, word in words.items()
    ]
    return blocks.overflow(MORE, options)


def _touching(clocks: list[ClockFact], locale: str) -> list[Block]:
    ids = _joined(clocks)
    done = "button.touched_all" if sum(clock.waiting for clock in clocks) > 1 else "button.touched"
    return [
        blocks.button(label(locale, done), TOUCHED_ALL, ids, is_primary=True),
        blocks.button(label(locale, "button.touched_at"), TOUCHED_AT, ids),
    ]


def _deciding(handoff: int, is_first: bool, locale: str) -> list[Block]:  # noqa: FBT001  (one primary button at most)
    return [
        blocks.button(label(locale, "button.take_some"), card.TAKE_OTHER, handoff, is_primary=is_first),
        blocks.button(label(locale, "button.reject"), card.REJECT, handoff),
    ]


def _ending(handoff: int, is_first: bool, locale: str) -> list[Block]:  # noqa: FBT001  (one primary button at most)
    return [blocks.button(label(locale, "button.outcome"), outcome.OPEN, handoff, is_primary=is_first)]


def _joined(clocks: Sequence[ClockFact]) -> str:
    """Join as many ids as a button's value holds; the others stand in Home."""
    ids = ",".join(str(clock.clock_id) for clock in clocks)
    return ids if len(ids) <= VALUE else ids[:VALUE].rpartition(",")[0]


def _numbers(clocks: Sequence[ClockFact]) -> list[int]:
    return list(dict.fromkeys(clock.number for clock in clocks))


def _kinds(clocks: Sequence[ClockFact]) -> list[str]:
    return sorted({str(clock.kind) for clock in clocks})
