"""The modal that hands leads over, and the two questions that may follow it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import say

SUBMIT, AGAIN, KNOWN = "log.submit", "log.again", "log.known"
LEAVE_OUT, SEND_ANYWAY = "leave_out", "send_anyway"
"""The answers about known leads, in the field `known`."""


def modal(
    locale: str,
    *,
    agreements: Sequence[tuple[int, str]] = (),
    initial: Mapping[str, object] | None = None,
    metadata: Mapping[str, object] | None = None,
    problem: str = "",
) -> Block:
    """Ask for a handoff; (id, name) of the agreements are asked about where there are several."""
    form = Form("log", locale, initial or {})
    several = [form.choice("agreement", [blocks.option(name, key) for key, name in agreements[:100]])]
    above = several if len(agreements) > 1 else []
    return form.modal([*above, *fields(form, form.file("file", "csv"))], metadata, problem=problem)


def fields(form: Form, *file: Block, is_counted: bool = True) -> list[Block]:
    """Ask what a handoff is said to be; how many leads it has, where they are counted."""
    counts = (form.number(f"tier_{tier}", is_optional=True, high=10_000) for tier in "abc")
    return [
        form.text("source", longest=80),
        form.text("campaign", is_optional=True, longest=120),
        *(counts if is_counted else ()),
        form.moment("arrived_at", is_optional=True),
        *file,
        form.text("link", is_optional=True, longest=500),
        form.text("note", is_optional=True, longest=800, has_lines=True),
    ]


def again_modal(
    locale: str, *, number: int, count: int, logged_at: datetime, metadata: Mapping[str, object] | None = None
) -> Block:
    """Ask whether the same list is meant to be logged once more."""
    said = say(locale, "log.again", number=number, count=count, logged_at=logged_at)
    return blocks.modal(AGAIN, Form("log_again", locale).titles(), [blocks.section(said)], metadata)


def known_modal(
    locale: str, *, known: int, count: int, metadata: Mapping[str, object] | None = None
) -> Block:
    """Ask what to do with the leads that are known already: field `known`, leave_out or send_anyway."""
    form = Form("log_known", locale, {"known": LEAVE_OUT})
    options = [
        blocks.option(form.label("leave_out", n=known), LEAVE_OUT),
        blocks.option(form.label("send_anyway", n=count), SEND_ANYWAY),
    ]
    said = blocks.section(say(locale, "log.known", known=known, count=count))
    asked = form.choice("known", options, kind="radio_buttons")
    return blocks.modal(KNOWN, form.titles(), [said, asked], metadata)
