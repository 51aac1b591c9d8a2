"""The modal that makes an agreement from the starter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.facts.said import Message
from bot.messages import blocks, done, told
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import label, say
from sla_rules.kinds import Locale

SUBMIT = "setup.submit"
PRACTICE = "setup.practice"
"""Value: the agreement's id."""


@dataclass(frozen=True, slots=True)
class Practice:
    """How a handoff for practice is called, and its leads."""

    source: str
    campaign: str
    leads: Sequence[str]


def modal(
    locale: str,
    *,
    initial: Mapping[str, object] | None = None,
    metadata: Mapping[str, object] | None = None,
    problem: str = "",
) -> Block:
    """Ask for people, hours and the target; the target may be reckoned from revenue instead."""
    form = Form("setup", locale, initial or {})
    fields = [
        blocks.section(say(locale, "setup.intro")),
        form.text("name", longest=80),
        form.choice(
            "locale",
            [blocks.option(label(locale, f"agreement_edit.option.locale.{one}"), one) for one in Locale],
        ),
        form.person("marketing_lead"),
        form.people("marketing_members"),
        form.person("sales_lead"),
        form.people("sales_members"),
        form.text("zone", longest=60),
        form.time("opens"),
        form.time("closes"),
        form.text("country", is_optional=True, longest=10),
        form.number("target", is_optional=True, low=1),
        blocks.context(say(locale, "setup.calculator")),
        form.number("revenue", is_optional=True, high=1_000_000_000, is_decimal=True),
        form.number("deal_size", is_optional=True, high=1_000_000_000, is_decimal=True),
        form.number("won_per_100", is_optional=True, high=100, is_decimal=True),
    ]
    return form.modal(fields, metadata, problem=problem)


def written(locale: str, *, name: str, channel: str, agreement_id: int) -> Block:
    """Say in the place of the form that the text stands in the channel, and offer a try."""
    said = done.message("setup_done", locale, name=name, channel=channel)
    tried = blocks.actions([practice_button(locale, agreement_id)])
    return told.modal(Message(said.text, [*said.blocks, tried]), locale)


def practice_button(locale: str, agreement_id: int) -> Block:
    return blocks.button(label(locale, "button.practice"), PRACTICE, agreement_id)


def practice(locale: str, count: int) -> Practice:
    """Invent what a handoff for practice is about."""
    names = [label(locale, "practice.lead", n=n) for n in range(1, count + 1)]
    return Practice(label(locale, "practice.source"), label(locale, "practice.campaign"), names)
