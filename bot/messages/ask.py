"""A question about a handoff: the modal, the message in the card's thread, and the answer's modal."""

from collections.abc import Mapping

from bot.facts.handoffs import QuestionFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import label, say

OPEN = "ask.open"
"""Value: the handoff's id."""
ANSWER = "ask.answer"
"""Value: `<handoff_id>:<act>`."""
OLDEST = 0
"""In place of an act: the question that has waited longest."""
SUBMIT, ANSWERED = "ask.submit", "answer.submit"


def message(fact: QuestionFact, locale: str) -> Message:
    """Show the question in the thread of its card, and later its answer."""
    said = say(locale, "ask.question", question=fact)
    rows = [blocks.section(said)]
    if fact.answered_by is None:
        value = f"{fact.handoff_id}:{fact.seq}"
        rows.append(
            blocks.actions([blocks.button(label(locale, "button.answer"), ANSWER, value, is_primary=True)])
        )
    return blocks.message(say(locale, "ask.text", question=fact), rows)


def modal(locale: str, *, number: int, metadata: Mapping[str, object]) -> Block:
    """Ask what Sales wants to know, and about which leads."""
    form = Form("ask", locale)
    fields = [
        blocks.section(say(locale, "ask.open", number=number)),
        form.text("question", longest=500, has_lines=True),
        form.text("numbers", is_optional=True),
    ]
    return form.modal(fields, metadata)


def answer_modal(fact: QuestionFact, locale: str, metadata: Mapping[str, object]) -> Block:
    """Ask for the answer."""
    form = Form("answer", locale)
    fields = [
        blocks.section(say(locale, "ask.asked", question=fact)),
        form.text("answer", longest=500, has_lines=True),
    ]
    return form.modal(fields, metadata)
