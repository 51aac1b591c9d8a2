"""The modal that makes an agreement from the starter."""

from collections.abc import Mapping

from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import say

SUBMIT = "setup.submit"


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
