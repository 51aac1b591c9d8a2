"""The modal that turns revenue into leads a month, and holds them against what Sales can work."""

from collections.abc import Mapping

from bot.facts.agreement import CalculationFact
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import label, say

OPEN = "agreement.edit_calculate"
SUBMIT = "calculator.submit"
FIGURES = ("revenue", "deal_size", "won_per_100", "accepted")
MOST_MONEY = 1_000_000_000_000


def modal(
    locale: str,
    metadata: Mapping[str, object],
    *,
    initial: Mapping[str, object] | None = None,
    result: CalculationFact | None = None,
) -> Block:
    """Ask for the figures; with a result it is shown, and submitting takes it over."""
    form = Form("calculator", locale, initial or {})
    shown = [blocks.section(say(locale, "calculator.result", result=result))] if result else []
    fields = [
        *(form.number(name, high=MOST_MONEY, is_decimal=True) for name in ("revenue", "deal_size")),
        *(form.number(name, high=100, is_decimal=True) for name in ("won_per_100", "accepted")),
    ]
    submit = label(locale, "calculator.take_over" if result else "calculator.submit")
    words = (form.label("title"), submit, label(locale, "agreement_edit.back"))
    return blocks.modal(SUBMIT, words, [*shown, *fields], metadata)
