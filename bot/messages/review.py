"""The review: its reminder, the pack with drafted amendments, and what goes to the two leads alone."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.facts.figures import OutlookFact
from bot.facts.review import DraftFact, PeopleFact, ReviewFact, SeenFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import label, say
from sla_rules.kinds import Metric, Side

PROPOSE, KEEP = "review.propose", "review.keep"
"""Values: the agreement's id, the date of the review, the draft's place."""
PROPOSE_SEEN = "review.propose_seen"
"""Values: the agreement's id, the last day of the observe weeks."""
SIDES = (Side.SALES, Side.MARKETING)
NEXT_REVIEW = "next_review"
AMENDMENTS = 3
LEAD_COUNTS = (Metric.QUALIFIED_LEADS, Metric.LEADS_DELIVERED)
LIKELY = 0.5


def message(fact: ReviewFact, locale: str) -> Message:
    """Show the pack; as it would be now, it has no buttons."""
    sides = [
        (side, sum(one.kept for one in promises), sum(one.made for one in promises))
        for side in SIDES
        if (promises := [one for one in fact.promises if one.promise.side == side])
    ]
    text = say(locale, "review.text", review=fact, sides=sides)
    head = blocks.section(say(locale, "review.head", review=fact, sides=sides))
    return blocks.message(text, [head, *_blocks(fact, locale)])


def _blocks(fact: ReviewFact, locale: str) -> Iterator[Block]:
    for side in SIDES:
        promises = [one for one in fact.promises if one.promise.side == side]
        if promises:
            yield blocks.section(say(locale, "review.side", side=side, promises=promises))
    if fact.outlooks:
        yield blocks.section(_outlook(fact.outlooks, locale))
    if fact.agenda:
        yield blocks.section(say(locale, "review.agenda", agenda=fact.agenda))
    if not any(draft.code != NEXT_REVIEW for draft in fact.drafts):
        yield blocks.section(say(locale, "review.no_drafts"))
    for number, draft in enumerate(fact.drafts):
        if not fact.is_preview:
            yield blocks.divider()
        next_on = date.fromisoformat(draft.new) if draft.code == NEXT_REVIEW else None
        yield blocks.section(say(locale, "review.draft", draft=draft, number=number + 1, next_on=next_on))
        if not draft.answer and not fact.is_preview:
            yield blocks.actions(_answers(fact, number, draft, locale))


def _outlook(outlooks: Sequence[OutlookFact], locale: str) -> str:
    """Say how likely the target of leads is, else the least likely one, and how many are."""
    of_leads = [one for one in outlooks if one.metric in LEAD_COUNTS and not one.tier]
    goal = next(iter(of_leads), None) or min(outlooks, key=lambda one: one.chance or 0)
    met = sum((one.chance or 0) >= LIKELY for one in outlooks)
    return say(locale, "review.outlook", goal=goal, met=met, told=len(outlooks))


def _answers(fact: ReviewFact, number: int, draft: DraftFact, locale: str) -> list[Block]:
    value = f"{fact.agreement_id}:{fact.review_on}:{number}"
    propose = blocks.button(label(locale, "button.propose_draft"), PROPOSE, value)
    keep = blocks.button(label(locale, "button.keep_draft"), KEEP, value)
    return [propose] if draft.code == NEXT_REVIEW else [propose, keep]


def reminder(name: str, review_on: date, locale: str) -> Message:
    """Tell a lead that the review is a week away."""
    said = say(locale, "review.reminder", agreement=name, review_on=review_on)
    return blocks.message(said, [blocks.section(said)])


def people(fact: PeopleFact, locale: str) -> Message:
    """Show one of the two leads what single people did, and what looks odd."""
    head = say(locale, "review.people_head", people=fact)
    reps = say(locale, "review.people", people=fact)
    signs = [blocks.section(say(locale, "review.signs", people=fact))] if fact.signs else []
    return blocks.message(head, [blocks.section(head), blocks.section(reps), *signs])


def seen(fact: SeenFact, locale: str) -> Message:
    """Show one of the two leads what was seen in the observe weeks, beside each target."""
    head = say(locale, "review.seen_head", seen=fact)
    rows = blocks.section(say(locale, "review.seen", seen=fact))
    if fact.is_proposed or not any(draft for _, draft in fact.targets):
        return blocks.message(head, [blocks.section(head), rows])
    value = f"{fact.agreement_id}:{fact.end_on}"
    button = blocks.button(label(locale, "button.propose_seen"), PROPOSE_SEEN, value, is_primary=True)
    return blocks.message(head, [blocks.section(head), rows, blocks.actions([button])])
